"""The consistency check in the window: shown beside the text, mended as one step, brought up to date after changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from annotator.analysis.consistency.facts import Finding
from annotator.analysis.consistency.rules import RULES
from annotator.core.changes import ChangeSet, made
from annotator.core.records import Annotator, Document
from annotator.session.people import Person
from annotator.session.progress import Cancel, Cancelled, Progress
from annotator.session.session import Session
from annotator.session.verb import Outcome
from annotator.settings import Settings
from annotator.ui.gestures import checking
from annotator.ui.main_window import MainWindow
from annotator.ui.models.grouped_model import GroupedRole
from annotator.ui.panels.consistency_panel import ConsistencyPanel
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of

OTHER_TEXT = TEXT + " Other."
ANALYST = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def tag(session: Session, document: str, key: str, words: str, **attributes: object) -> str:
    text = session.queries.content(document).text
    label = session.queries.codebook().label_by_key(key).id
    return session.annotations.tag(document, label, [range_of(words, text)], attributes).id


@pytest.fixture
def other(stored: Document, project_path: Path, person: Person) -> Document:
    """A second document; three spans of the two do not fit."""
    with Session(project_path, person) as session:
        document = add_document(session, OTHER_TEXT, "Other statement")
        tag(session, stored.id, "pledge", "We will provide air defenc", speaker="A")
        tag(session, stored.id, "criticism", " The alliance condemns", speaker="A")
        tag(session, document.id, "criticism", "The alliance condemns")
    return document


@pytest.fixture
def window(other: Document, project_path: Path, new_window: Callable[..., MainWindow]) -> MainWindow:
    return new_window(project_path)


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot) -> ConsistencyPanel:
    """The panel, open, with what was found."""
    window.actions_table["consistency"].trigger()
    settle(qtbot, window)
    return window.parts.checking.panel


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing runs, nor is about to."""
    timer = window.parts.checking._again
    qtbot.waitUntil(lambda: not window.tasks.running and not timer.isActive(), timeout=20_000)


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


def shown(panel: ConsistencyPanel) -> list[str]:
    return [finding.rule for finding in panel.model.shown]


def choose(panel: ConsistencyPanel, rule: str) -> Finding:
    """Make the first finding of a rule current."""
    finding = next(one for one in panel.model.shown if one.rule == rule)
    panel.list.setCurrentIndex(panel.model.place_of(finding))
    return finding


def test_findings_stand_under_their_rules(window: MainWindow, panel: ConsistencyPanel) -> None:
    rows = [panel.model.index(row) for row in range(panel.model.rowCount())]
    heads = [(row.data(), row.data(GroupedRole.COUNT)) for row in rows if row.data(GroupedRole.COUNT)]
    assert heads == [("No speaker", 1), ("Edge inside a word", 1), ("White space at an edge", 1)]
    assert panel.state.text() == "3 findings in 2 documents"
    assert panel.list.hasFocus()
    assert panel.current() is panel.model.shown[0]
    assert panel.message.text() == "This Criticism has no speaker."


def test_enter_and_a_click_jump_and_the_list_stays(
    window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot, other: Document
) -> None:
    finding = choose(panel, "no_speaker")
    place = panel.list.visualRect(panel.list.currentIndex()).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    selected = window.page.document.selected_span
    assert selected is not None
    assert (selected.id, window.page.document.document) == (finding.annotation, other)
    assert panel.list.hasFocus()
    choose(panel, "inside_word")
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    selected = window.page.document.selected_span
    assert selected is not None and selected.document != other.id
    assert window.page.reading.hasFocus()
    assert window.parts.checking.is_shown


def test_f8_goes_from_finding_to_finding(window: MainWindow, panel: ConsistencyPanel) -> None:
    window.actions_table["next_finding"].trigger()
    second = panel.model.shown[1]
    selected = window.page.document.selected_span
    assert selected is not None and selected.id == second.annotation
    window.actions_table["previous_finding"].trigger()
    selected = window.page.document.selected_span
    assert selected is not None and selected.id == panel.model.shown[0].annotation


def test_space_mends_one_and_undo_brings_it_back(
    window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot, stored: Document
) -> None:
    before = session_of(window).reading.dump()
    finding = choose(panel, "inside_word")
    assert panel.fix_button.text() == "Grow to whole words"
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    settle(qtbot, window)
    content = session_of(window).queries.content(stored.id)
    mended = next(one for one in content.annotations if one.id == finding.annotation)
    assert content.quote(mended) == "We will provide air defence"
    assert shown(panel) == ["no_speaker", "edge_spaces"]
    assert panel.current() is not None
    window.actions_table["undo"].trigger()
    settle(qtbot, window)
    assert session_of(window).reading.dump() == before
    assert "inside_word" in shown(panel)


def test_the_button_says_whether_it_mends_all_that_is_shown(panel: ConsistencyPanel) -> None:
    panel.show_findings([finding for finding in panel.model.shown if finding.fix], 1, complete=True)
    assert panel.fix_all_button.text() == "Mend the 2 shown"


def test_all_that_is_shown_is_mended_in_one_step(window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot) -> None:
    before = session_of(window).reading.dump()
    assert panel.fix_all_button.text() == "Mend 2 of the 3 shown"
    panel.fix_all_button.setFocus()
    panel.fix_all_button.click()
    settle(qtbot, window)
    assert panel.list.hasFocus()
    assert shown(panel) == ["no_speaker"]
    assert window.messages.text == "2 mended in one step."
    session_of(window).history.undo()
    assert session_of(window).reading.dump() == before


def test_the_other_place_of_a_sentence_is_shown(
    window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot, stored: Document, other: Document
) -> None:
    session = session_of(window)
    first = tag(session, stored.id, "pledge", "We will never recognise", speaker="A")
    second = tag(session, other.id, "criticism", "We will never recognise", speaker="A")
    settle(qtbot, window)
    finding = choose(panel, "same_sentence")
    assert panel.other_button.isVisible()
    panel.other_button.click()
    settle(qtbot, window)
    selected = window.page.document.selected_span
    assert selected is not None and selected.id == (second if finding.annotation == first else first)
    choose(panel, "no_speaker")
    assert not panel.other_button.isVisible()


def test_filters_narrow_what_is_shown_and_mended(
    window: MainWindow, panel: ConsistencyPanel, stored: Document, other: Document, qtbot: QtBot
) -> None:
    panel.rule.setCurrentIndex(panel.rule.findData("edge_spaces"))
    panel._filter()
    assert shown(panel) == ["edge_spaces"]
    assert panel.state.text() == "1 of 3 findings"
    assert not panel.fix_all_button.isVisible()
    panel.rule.setCurrentIndex(0)
    panel.label.setCurrentIndex(panel.label.findText("Criticism"))
    panel._filter()
    assert shown(panel) == ["no_speaker", "edge_spaces"]
    panel.label.setCurrentIndex(0)
    panel.scope.setCurrentIndex(1)
    window.desk.open_document(other.id)
    panel._filter()
    assert shown(panel) == ["no_speaker"]
    window.desk.open_document(stored.id)
    assert shown(panel) == ["inside_word", "edge_spaces"]


def test_a_change_is_followed_in_the_documents_that_it_touches(
    window: MainWindow, panel: ConsistencyPanel, other: Document, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []
    again = checking._check_again

    def spy(session: Session, check: object, documents: set[str], *rest: object) -> object:
        asked.append(documents)
        return again(session, check, documents, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "_check_again", spy)
    finding = choose(panel, "no_speaker")
    session_of(window).annotations.set_attribute(finding.annotation or "", "speaker", "The alliance")
    settle(qtbot, window)
    assert shown(panel) == ["inside_word", "edge_spaces"]
    session_of(window).annotations.delete([finding.annotation or ""])
    settle(qtbot, window)
    assert asked == [{other.id}, {other.id}]


def test_changes_while_the_panel_is_out_of_sight_are_seen_when_it_comes_back(
    window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot
) -> None:
    window.actions_table["search"].trigger()
    finding = choose(panel, "no_speaker")
    session_of(window).annotations.set_attribute(finding.annotation or "", "speaker", "The alliance")
    settle(qtbot, window)
    assert "no_speaker" in shown(panel)
    window.actions_table["consistency"].trigger()
    settle(qtbot, window)
    assert "no_speaker" not in shown(panel)


def test_rules_are_switched_off_for_the_project(window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot) -> None:
    (action,) = [one for one in panel.rules_menu.actions() if one.data() == "no_speaker"]
    assert action.isChecked() and action.isEnabled()
    action.trigger()
    qtbot.waitUntil(lambda: session_of(window).options.get("lint_off") == ("no_speaker",))
    settle(qtbot, window)
    assert shown(panel) == ["inside_word", "edge_spaces"]
    assert not action.isChecked()
    session_of(window).history.undo()
    settle(qtbot, window)
    assert action.isChecked()
    assert "no_speaker" in shown(panel)


def test_analysts_see_their_own_and_choose_no_rules(
    other: Document, project_path: Path, person: Person, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    with Session(project_path, person) as session:
        changes = ChangeSet("An analyst joins", made(Annotator(ANALYST.id, ANALYST.name, role="analyst")))
        session.perform(lambda: Outcome(changes, None))
    chosen = Settings(annotator_id=ANALYST.id, annotator_name=ANALYST.name, theme="light")
    window = new_window(project_path, chosen)
    window.actions_table["consistency"].trigger()
    settle(qtbot, window)
    panel = window.parts.checking.panel
    assert panel.words.text() == "Nothing found in 2 documents."
    assert not any(action.isEnabled() for action in panel.rules_menu.actions() if action.data())
    assert sum(1 for action in panel.rules_menu.actions() if action.isChecked()) == len(RULES)


def test_it_can_be_stopped_and_begun_again(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    check = checking._check_all

    def held(_session: Session, _progress: Progress, cancel: Cancel) -> object:
        cancel.event.wait(20)
        raise Cancelled

    monkeypatch.setattr(checking, "_check_all", held)
    window.actions_table["consistency"].trigger()
    panel = window.parts.checking.panel
    assert panel.state.text() == "Checking…"
    assert panel.stop_button.isVisible()
    panel.show_work(3, 10)
    assert panel.state.text() == "Checking 3 of 10 documents"
    panel.stop_button.click()
    settle(qtbot, window)
    assert panel.words.text() == "The check was stopped."
    assert not panel.stop_button.isVisible()
    monkeypatch.setattr(checking, "_check_all", check)
    panel.again_action.trigger()
    qtbot.waitUntil(lambda: len(panel.model.shown) == 3, timeout=20_000)
    assert not panel.words.isVisible()


def test_closing_gives_the_documents_back_and_forgets(
    window: MainWindow, panel: ConsistencyPanel, qtbot: QtBot
) -> None:
    panel.close_button.click()
    assert not window.parts.checking.is_shown
    assert window.page.left.currentWidget() is window.page.document_panel
    assert shown(panel) == []
    window.actions_table["consistency"].trigger()
    settle(qtbot, window)
    assert len(shown(panel)) == 3
    window.projects.close_project()
    assert shown(panel) == []


def test_a_read_only_project_is_checked_and_not_mended(
    other: Document, project_path: Path, person: Person, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    with Session(project_path, person):
        window = new_window(project_path)
        window.actions_table["consistency"].trigger()
        settle(qtbot, window)
        panel = window.parts.checking.panel
        choose(panel, "inside_word")
        assert len(shown(panel)) == 3
        assert panel.fix_button.isVisible() and not panel.fix_button.isEnabled()
        assert not any(action.isEnabled() for action in panel.rules_menu.actions() if action.data())


def test_f6_takes_the_list_along(window: MainWindow, panel: ConsistencyPanel) -> None:
    panes = window.parts.panes.panes()
    assert panes[0] == (window.page.left, panel.list)


def test_the_theme_is_followed(window: MainWindow, panel: ConsistencyPanel) -> None:
    window.actions_table["theme"].trigger()
    assert panel.delegate._theme.dark == window.theme.dark


def test_rows_hold_long_words_and_signs(panel: ConsistencyPanel) -> None:
    long = Finding(
        *("inside_word", "document", "layer", None, "An edge of the span cuts the word “{word}”.", {"word": "<b>"}),
        title="<i>" + "Title " * 60,
        before="😀" * 60,
        quote="Ж" * 240,
        after="…" * 60,
    )
    findings: Sequence[Finding] = [long]
    panel.show_findings(findings, 1, complete=False)
    assert panel.state.text() == "The first 1 finding"
    layout = panel.delegate.layout(long, 200)
    assert layout.lineCount() == 2
    assert panel.message.text() == "An edge of the span cuts the word “<b>”."
    panel.grab()
