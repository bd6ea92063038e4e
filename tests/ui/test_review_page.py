"""The review page, driven by keys on a real project with three layers: what is committed, and where one is then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.records import Decision, Document
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.main_window import MainWindow
from annotator.ui.models.review_facts import DecideFacts
from annotator.ui.models.review_list import CaseFilter
from annotator.ui.review_page import ReviewPage
from annotator.ui.views import letter_keys, reading_keys
from tests.ui.reading_support import CTRL, SHIFT, middle_of, press
from tests.ui.review_support import (
    ANALYSTS,
    EDGES,
    LABEL,
    LEAD,
    ONE_SIDED,
    SAME,
    TAGS,
    TEXT,
    add_reviewed,
    gold_of,
    make_project,
)

Key = Qt.Key

TAGS_ELSEWHERE = tuple(tuple((key, words.replace("port", "harbour")) for key, words in own) for own in TAGS)


@pytest.fixture(autouse=True)
def on_x11(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_keys.sys, "platform", "linux")
    monkeypatch.setattr(letter_keys.sys, "platform", "linux")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty project of the lead."""
    made = tmp_path / "review.annodb"
    make_project(made)
    return made


@pytest.fixture
def document(path: Path) -> Document:
    """A document with three layers."""
    return add_reviewed(path)


class Review:
    """A window on a project, with its review page on screen."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot
        window.parts.project_pages.show("review")
        self.settle()

    @property
    def page(self) -> ReviewPage:
        page = self.window.parts.project_pages.page("review")
        assert isinstance(page, ReviewPage)
        return page

    @property
    def session(self) -> Session:
        session = self.window.projects.session
        assert session is not None
        return session

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.window.tasks.running, timeout=20_000)

    def show(self, words: str) -> None:
        """Show the case with these words."""
        queue = self.page.desk.queue
        assert queue is not None
        self.page.show_case(next(one for one in queue.cases if one.quote.startswith(words)))
        self.page.take_focus()

    def quote(self) -> str:
        current = self.page.current
        return current.quote if current is not None else ""

    def facts(self) -> DecideFacts:
        return self.page.desk.facts_of(self.page.content, self.page.document.annotation)

    def decisions(self) -> list[Decision]:
        queue = self.page.desk.queue
        assert queue is not None
        return [one.decision for one in queue.cases if one.decision is not None]

    def press(self, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier, text: str = "", scan_code: int = 0) -> None:
        press(focus(), key, modifiers, text, scan_code)


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture
def review(document: Document, path: Path, new_window: Callable[..., MainWindow], qtbot: QtBot) -> Review:
    settings = Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")
    return Review(new_window(path, settings), qtbot)


def test_the_page_shows_what_there_is_to_decide(review: Review) -> None:
    page = review.page
    assert page.desk.cases.rowCount() == 4
    assert focus() is page.lanes
    assert review.quote().startswith(EDGES)
    rows = [(row.shown[0], row.key) for row in page.decide_panel.layer_rows]
    assert rows == [("Analyst A", "1"), ("Analyst B", "2"), ("Analyst C", "3")]
    assert page.text.where.accessibleName().endswith("paragraph 2")


@pytest.mark.parametrize(
    ("words", "key", "gold"),
    [
        (EDGES, Key.Key_1, [("pledge", f"{EDGES} if the council agrees")]),
        (EDGES, Key.Key_2, [("pledge", EDGES)]),
        (EDGES, Key.Key_U, [("pledge", f"{EDGES} if the council agrees")]),
        (EDGES, Key.Key_I, [("pledge", EDGES)]),
        (EDGES, Key.Key_K, [("pledge", f"{EDGES} if the council agrees"), ("pledge", EDGES)]),
        (EDGES, Key.Key_0, []),
        (LABEL, Key.Key_3, [("signal_to_russia", LABEL)]),
        (LABEL, Key.Key_U, None),
        (ONE_SIDED, Key.Key_1, [("pledge", ONE_SIDED)]),
        (ONE_SIDED, Key.Key_2, []),
        (SAME, Key.Key_1, [("criticism", SAME)]),
        (SAME, Key.Key_4, None),
    ],
)
def test_one_key_decides_and_goes_on(
    review: Review, document: Document, words: str, key: Qt.Key, gold: list[tuple[str, str]] | None
) -> None:
    review.show(words)
    review.press(key)
    if gold is None:
        assert not review.decisions()
        assert review.quote().startswith(words)
        return
    assert gold_of(review.session, document.id) == gold
    assert len(review.decisions()) == 1
    assert not review.quote().startswith(words)
    assert review.page.current is not None and review.page.current.is_open
    assert focus() is review.page.lanes


@pytest.mark.parametrize(
    ("key", "text", "scan_code", "choice"),
    [
        (Key(0x0433), "г", 30, "union"),
        (Key(0x0448), "ш", 31, "intersection"),
        (Key(0x043B), "л", 45, "both"),
        (Key.Key_Agrave, "à", 19, "neither"),
        (Key.Key_Ampersand, "&", 10, "layer"),
        (Key.Key_0, "0", 90, "neither"),
    ],
)
def test_keys_act_by_their_place_under_ua_and_fr(
    review: Review, key: Qt.Key, text: str, scan_code: int, choice: str
) -> None:
    review.show(EDGES)
    keypad = Qt.KeyboardModifier.KeypadModifier if scan_code == 90 else Qt.KeyboardModifier.NoModifier
    review.press(key, keypad, text, scan_code)
    assert [one.choice for one in review.decisions()] == [choice]


def test_next_and_previous_do_not_decide(review: Review) -> None:
    seen = [review.quote()]
    for key in (Key.Key_N, Key.Key_Tab, Key.Key_N, Key.Key_N):
        review.press(key)
        seen.append(review.quote())
    assert len(set(seen)) == 4
    review.press(Key.Key_P)
    assert review.quote() == seen[2]
    assert not review.decisions()


def test_the_list_has_the_same_keys_and_its_arrows(review: Review, document: Document) -> None:
    review.page.queue_panel.list.setFocus()
    first = review.quote()
    QTest.keyClick(focus(), Key.Key_Down)
    assert review.quote() != first
    assert focus() is review.page.queue_panel.list
    QTest.keyClick(focus(), Key.Key_Up)
    assert review.quote() == first
    QTest.keyClick(focus(), Key.Key_2)
    assert gold_of(review.session, document.id) == [("pledge", EDGES)]


def test_undo_takes_back_and_shows_the_case_again(review: Review, document: Document) -> None:
    review.show(LABEL)
    review.press(Key.Key_2)
    assert not review.quote().startswith(LABEL)
    assert review.page.desk.cases.rowCount() == 3
    review.window.actions_table["undo"].trigger()
    assert review.page.desk.cases.rowCount() == 4
    assert review.page.desk.index.isValid()
    assert review.window.parts.project_pages.current == "review"
    assert review.quote().startswith(LABEL)
    assert not review.decisions()
    assert gold_of(review.session, document.id) == []
    review.window.actions_table["redo"].trigger()
    assert gold_of(review.session, document.id) == [("signal_to_russia", LABEL)]
    assert review.window.parts.project_pages.current == "review"


def test_the_reason_is_for_the_case_just_decided(review: Review) -> None:
    review.show(LABEL)
    review.press(Key.Key_2)
    QTest.keyClick(focus(), Key.Key_R, CTRL)
    field = review.page.decide_panel.reason
    assert focus() is field.line
    QTest.keyClicks(field.line, "1 2 u 0 answers the attack")
    QTest.keyClick(field.line, Key.Key_Return)
    assert focus() is review.page.lanes
    assert [(one.choice, one.reason) for one in review.decisions()] == [("layer", "1 2 u 0 answers the attack")]
    review.press(Key.Key_1)
    QTest.keyClick(focus(), Key.Key_R, CTRL)
    QTest.keyClick(focus(), Key.Key_Down)
    assert focus() is field.recent
    QTest.keyClick(focus(), Key.Key_Return)
    assert [one.reason for one in review.decisions()] == ["1 2 u 0 answers the attack"] * 2


def test_escape_leaves_the_reason_as_it_was(review: Review) -> None:
    review.press(Key.Key_1)
    QTest.keyClick(focus(), Key.Key_R, CTRL)
    QTest.keyClicks(focus(), "half a thought")
    QTest.keyClick(focus(), Key.Key_Escape)
    assert focus() is review.page.lanes
    assert [one.reason for one in review.decisions()] == [""]


def test_a_decision_is_kept_as_a_precedent_and_shows_with_the_definition(review: Review) -> None:
    review.show(LABEL)
    review.press(Key.Key_2)
    boxes = review.page.decide_panel.reason.precedent_boxes()
    signal = next(box for box in boxes if "Signal" in box.text())
    signal.click()
    kept = [one.precedent for one in review.decisions()]
    assert kept == [signal.objectName()]
    signal.click()
    assert [one.precedent for one in review.decisions()] == [None]


def test_editing_sets_label_and_edges(review: Review, document: Document) -> None:
    review.show(EDGES)
    review.press(Key.Key_Return)
    assert review.page.deciding.is_editing
    review.press(Key.Key_2)
    review.press(Key.Key_BracketRight, SHIFT)
    review.press(Key.Key_BracketLeft, SHIFT)
    assert not review.decisions()
    review.press(Key.Key_Return)
    assert not review.page.deciding.is_editing
    assert gold_of(review.session, document.id) == [("condition", "will provide air defence if the council")]
    assert [one.choice for one in review.decisions()] == ["edit"]


def test_editing_takes_selected_text_and_escape_gives_it_up(review: Review, document: Document) -> None:
    review.show(ONE_SIDED)
    review.press(Key.Key_Return)
    review.press(Key.Key_Escape)
    assert not review.page.deciding.is_editing
    assert focus() is review.page.lanes
    review.press(Key.Key_Return)
    start = TEXT.index("never")
    review.page.lanes.select(start, start + len("never recognise"))
    review.press(Key.Key_Return)
    assert gold_of(review.session, document.id) == [("pledge", "never recognise")]


def test_a_click_on_a_span_shows_its_case(review: Review) -> None:
    lanes = review.page.lanes
    point = middle_of(lanes, TEXT.index(ONE_SIDED) + 3)
    QTest.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point, 900)
    assert review.quote().startswith(ONE_SIDED)


def test_kinds_narrow_the_list(review: Review) -> None:
    kinds = review.page.queue_panel.kinds
    kinds.setFocus()
    shown = []
    for _ in range(kinds.count() - 1):
        QTest.keyClick(kinds, Key.Key_Down)
        shown.append(review.page.desk.cases.rowCount())
    assert sorted(shown) == [0, 0, 0, 1, 1, 1, 1]
    QTest.keyClick(kinds, Key.Key_1)
    assert not review.decisions()


def test_filters_narrow_the_list(review: Review) -> None:
    page = review.page
    filters = page.queue_panel.filters
    page.queue_panel.filter_button.click()
    filters.label.setCurrentIndex(filters.label.findText("Criticism"))
    assert [one.quote for one in page.desk.cases.cases] == [SAME]
    assert review.quote() == SAME
    review.press(Key.Key_1)
    assert page.text.empty_words == "No case is left here."
    page.text.empty_button.click()
    assert page.desk.cases.rowCount() == 3
    filters.state.setCurrentIndex(filters.state.findText("Decided"))
    assert [one.state for one in page.desk.cases.cases] == ["decided"]


def test_what_is_decided_already_is_passed_over(review: Review) -> None:
    review.page.queue_panel.choose(CaseFilter(state="", order="document"))
    review.show(SAME)
    review.press(Key.Key_1)
    review.show(EDGES)
    review.press(Key.Key_1)
    assert review.quote().startswith(LABEL)
    assert [one.state for one in review.page.desk.cases.cases] == ["decided", "decided", "open", "open"]


def test_everything_decided_is_said_and_the_document_approved(review: Review, document: Document) -> None:
    for _ in range(4):
        review.press(Key.Key_1)
    page = review.page
    assert page.text.empty_words.startswith("Everything is decided: 4 cases, 1 of them agreed by all.")
    assert focus() is page.queue_panel.list
    page.text.empty_button.click()
    review.settle()
    queue = page.desk.queue
    assert queue is not None
    assert queue.documents[document.id].status == "approved"


def test_what_all_agree_on_is_accepted_as_one_step(review: Review, document: Document) -> None:
    review.window.actions_table["review_accept"].trigger()
    review.settle()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.accept_button.text() == "Accept 1 case"  # type: ignore[attr-defined]
    dialog.accept_button.click()  # type: ignore[attr-defined]
    review.settle()
    assert gold_of(review.session, document.id) == [("criticism", SAME)]
    assert review.window.messages.text == "1 case accepted."
    current = review.page.current
    assert current is not None and current.is_open
    review.window.actions_table["undo"].trigger()
    assert gold_of(review.session, document.id) == []


def test_a_case_is_reopened(review: Review, document: Document) -> None:
    review.show(LABEL)
    review.press(Key.Key_2)
    review.show(LABEL)
    review.page.text.buttons["reopen"].click()
    assert not review.decisions()
    assert gold_of(review.session, document.id) == []
    assert review.quote().startswith(LABEL)


def test_a_document_is_returned_with_a_note(review: Review, document: Document) -> None:
    review.page.text.buttons["return"].click()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.note.setPlainText("Cut at the condition.")  # type: ignore[attr-defined]
    dialog.accept()  # type: ignore[attr-defined]
    with_note = review.session.queries.digest(ANALYSTS[0].id)
    assert [(one.title, one.note) for one in with_note] == [("Statement", "Cut at the condition.")]


def test_a_changed_annotation_reopens_its_case(review: Review, path: Path, document: Document) -> None:
    review.show(LABEL)
    review.press(Key.Key_2)
    queue = review.page.desk.queue
    assert queue is not None
    case = next(one.case for one in queue.cases if one.quote.startswith(LABEL))
    theirs = case.of(case.layers[0])[0]
    review.session.annotations.resize(theirs.id, ((theirs.start, theirs.end - 3),))
    one = review.page.desk.queue.find(document.id, case.id) if review.page.desk.queue else None
    assert one is not None and one.state == "reopened"
    review.show(LABEL)
    assert "Something changed" in review.facts().state


def test_the_next_case_may_be_in_another_document(
    path: Path, document: Document, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    other = add_reviewed(path, TEXT.replace("port", "harbour"), tuple(tags[2:3] for tags in TAGS), "Another")
    settings = Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")
    review = Review(new_window(path, settings), qtbot)
    review.page.queue_panel.choose(CaseFilter(kind="label", order="document"))
    assert review.page.document.document == document
    review.press(Key.Key_1)
    assert review.page.document.document == other
    assert review.quote().startswith(LABEL)


def test_panes_and_escape(review: Review) -> None:
    page = review.page
    review.window.actions_table["next_pane"].trigger()
    assert focus() is review.window.top_bar.search
    QTest.keyClick(focus(), Key.Key_Escape)
    assert focus() is page.lanes
    review.window.actions_table["previous_pane"].trigger()
    assert focus() is page.queue_panel.list
    QTest.keyClick(focus(), Key.Key_Escape)
    assert focus() is page.lanes


def test_what_is_for_the_annotate_page_waits_for_it(review: Review) -> None:
    review.window.parts.project_pages.show("annotate")
    assert review.window.actions_table["find"].isEnabled()
    review.window.parts.project_pages.show("review")
    assert not review.window.actions_table["find"].isEnabled()
    assert review.window.actions_table["review_approve"].isEnabled()


def test_the_keys_are_listed(review: Review) -> None:
    groups = dict(review.page.key_groups())
    assert ("U", "Union of the edges") in groups["Decide"]
    assert QKeySequence("Ctrl+R") in review.window.actions_table["review_reason"].shortcuts()


def test_an_analyst_looks_but_does_not_decide(
    path: Path, document: Document, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    with Session(path, LEAD) as session:
        session.rounds.release(session.queries.rounds()[0].id)
        for person in ANALYSTS:
            session.annotators.set_role(person.id, "analyst")
    person = ANALYSTS[1]
    settings = Settings(annotator_id=person.id, annotator_name=person.name, theme="light")
    review = Review(new_window(path, settings), qtbot)
    names = [row.shown[0] for row in review.page.decide_panel.layer_rows]
    assert names == ["Layer A", "You", "Layer C"]
    review.press(Key.Key_1)
    assert not review.decisions()
    assert review.window.messages.text.startswith("Only leads decide")


def test_who_becomes_an_analyst_decides_no_more(review: Review) -> None:
    assert review.page.text.buttons["approve"].isVisible()
    review.session.annotators.set_role(LEAD.id, "analyst")
    assert not review.page.text.buttons["approve"].isVisible()
    review.press(Key.Key_1)
    assert not review.decisions()


def test_without_a_second_layer_documents_are_approved_as_they_are(
    path: Path, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    document = add_reviewed(path, tags=TAGS[:1])
    settings = Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")
    review = Review(new_window(path, settings), qtbot)
    assert review.page.text.empty_words.startswith("No document has a second layer yet")
    review.page.text.empty_button.click()
    review.settle()
    assert len(gold_of(review.session, document.id)) == 4
    review.window.actions_table["undo"].trigger()
    assert gold_of(review.session, document.id) == []
    assert review.window.parts.project_pages.current == "review"


def test_comparing_can_be_stopped_and_taken_up_again(
    path: Path, document: Document, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    settings = Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")
    window = new_window(path, settings)
    window.parts.project_pages.show("review")
    page = window.parts.project_pages.page("review")
    assert isinstance(page, ReviewPage)
    assert page.text.empty_words == "Comparing the layers…"
    window.tasks.stop_all()
    window.tasks.running[0].cancelled.emit()
    assert page.text.empty_words == "The layers are not compared yet."
    page.text.empty_button.click()
    qtbot.waitUntil(lambda: page.current is not None, timeout=20_000)


def test_an_empty_project_says_how_something_gets_here(
    path: Path, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    settings = Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")
    review = Review(new_window(path, settings), qtbot)
    assert review.page.text.empty_words.startswith("Nothing to review yet.")
    review.press(Key.Key_1)
    assert not review.window.messages.text


def test_a_layer_says_what_it_has(review: Review) -> None:
    review.show(EDGES)
    assert [row.detail for row in review.facts().layers] == [
        "Pledge over all of it",
        f"Pledge \u2068“{EDGES}”\u2069",
        f"Pledge \u2068“{EDGES}”\u2069",
    ]
    review.show(ONE_SIDED)
    assert [row.detail for row in review.facts().layers][1:] == ["Nothing here", "Nothing here"]


def test_agreement_on_the_labels_is_shown(review: Review) -> None:
    review.settle()
    review.show(SAME)
    words = review.facts().agreement
    assert words == (("Criticism", "Where: F1 1.00 exact, 1.00 partial   Which: α\u00a01.00"),)


def test_what_was_decided_alike_leads_there(
    path: Path, document: Document, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    add_reviewed(path, TEXT.replace("port", "harbour"), TAGS_ELSEWHERE, "Another")
    settings = Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")
    review = Review(new_window(path, settings), qtbot)
    review.show(SAME)
    review.press(Key.Key_1)
    review.show(SAME.replace("port", "harbour"))
    review.page.desk.look_up()
    (alike,) = review.facts().alike
    assert alike.words.endswith("→ Analyst A")
    review.page.go_to(alike.document, alike.case)
    assert review.page.document.document == document
    assert review.quote() == SAME
