"""The hands on the annotate page: what they do is asserted on what is committed in the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from annotator.core.records import Annotation, Document
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.label_popup import LabelPopup
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of
from tests.ui.reading_support import SHIFT, before, click, drag, press

PLEDGE = range_of("We will provide air defence", TEXT)
CONDITION = range_of("if the council agrees", TEXT)
Read = Callable[[], list[Annotation]]


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


def label_key(window: MainWindow, annotation: Annotation) -> str:
    labels = {label.id: label.key for label in session_of(window).queries.codebook().labels}
    return labels[annotation.label]


def tag(window: MainWindow, place: tuple[int, int], key: Qt.Key = Qt.Key.Key_1) -> Annotation:
    """Select text and press a digit, as a person does."""
    window.page.reading.select(*place)
    press(window.page.reading, key)
    span = window.page.document.selected_span
    assert span is not None
    return span


def test_selecting_with_the_mouse_and_pressing_a_digit_tags(window: MainWindow, committed: Read) -> None:
    reading = window.page.reading
    drag(reading, before(reading, PLEDGE[0]), before(reading, PLEDGE[1]))
    press(reading, Qt.Key.Key_1)
    (annotation,) = committed()
    assert annotation.fragments == (PLEDGE,)
    assert label_key(window, annotation) == "pledge"
    assert reading.selected_span() == annotation.id
    assert reading.selection() is None


def test_tagging_by_keyboard_alone(window: MainWindow, committed: Read) -> None:
    reading = window.page.reading
    reading.set_caret(CONDITION[0])
    for _ in range(len("if the council agrees")):
        QTest.keyClick(reading, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(reading, Qt.Key.Key_2)
    (annotation,) = committed()
    assert annotation.fragments == (CONDITION,)
    assert label_key(window, annotation) == "condition"


def test_a_selection_loses_the_spaces_at_its_ends(window: MainWindow, committed: Read) -> None:
    tag(window, (PLEDGE[0], PLEDGE[1] + 1))
    assert committed()[0].fragments == (PLEDGE,)


def test_a_digit_without_a_selection_tags_the_clause(window: MainWindow, committed: Read) -> None:
    window.page.reading.set_caret(CONDITION[0] + 5)
    press(window.page.reading, Qt.Key.Key_2)
    (annotation,) = committed()
    assert TEXT[annotation.start : annotation.end].strip(".") == "if the council agrees"


def test_a_digit_relabels_the_selected_span(window: MainWindow, committed: Read) -> None:
    span = tag(window, PLEDGE)
    press(window.page.reading, Qt.Key.Key_4)
    (annotation,) = committed()
    assert (annotation.id, label_key(window, annotation)) == (span.id, "signal_to_russia")
    current = [chip.label.key for chip in window.page.label_bar.chips if chip.is_current]
    assert current == ["signal_to_russia"]


def test_shift_and_a_digit_add_a_second_label(window: MainWindow, committed: Read) -> None:
    tag(window, PLEDGE)
    press(window.page.reading, Qt.Key.Key_4, SHIFT)
    assert [label_key(window, a) for a in committed()] == ["pledge", "signal_to_russia"]
    assert {a.fragments for a in committed()} == {(PLEDGE,)}


def test_the_same_label_on_the_same_words_selects_what_is_there(window: MainWindow, committed: Read) -> None:
    span = tag(window, PLEDGE)
    tag(window, CONDITION, Qt.Key.Key_2)
    again = tag(window, PLEDGE)
    assert again.id == span.id
    assert len(committed()) == 2
    assert "already" in window.messages.text


def test_a_digit_without_a_label_says_so_and_changes_nothing(window: MainWindow, committed: Read) -> None:
    window.page.reading.select(*PLEDGE)
    press(window.page.reading, Qt.Key.Key_9)
    assert committed() == []
    assert "9" in window.messages.text


def test_a_chip_tags_the_selection_and_relabels_the_span(window: MainWindow, committed: Read) -> None:
    chips = {chip.label.key: chip for chip in window.page.label_bar.chips}
    window.page.reading.select(*PLEDGE)
    QTest.mouseClick(chips["criticism"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(chips["pledge"], Qt.MouseButton.LeftButton)
    (annotation,) = committed()
    assert label_key(window, annotation) == "pledge"


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_deleting_a_span_without_relations_asks_nothing(window: MainWindow, committed: Read, key: Qt.Key) -> None:
    span = tag(window, PLEDGE)
    press(window.page.reading, key)
    assert committed() == []
    window.actions_table["undo"].trigger()
    assert [a.id for a in committed()] == [span.id]
    assert window.page.reading.selected_span() == span.id


def test_undo_opens_the_document_of_what_it_takes_back(window: MainWindow, committed: Read, stored: Document) -> None:
    other = add_document(session_of(window), "Another text of one line.", "Another")
    tag(window, PLEDGE)
    window.desk.open_document(other.id)
    window.actions_table["undo"].trigger()
    assert committed() == []
    assert window.page.document.document is not None
    assert window.page.document.document.id == stored.id


def test_undo_with_nothing_left_says_so(window: MainWindow) -> None:
    for _ in range(3):
        window.travelling.undo()
    assert "nothing to undo" in window.messages.text


def test_a_note_is_written_when_it_is_left(window: MainWindow, stored: Document) -> None:
    span = tag(window, PLEDGE)
    press(window.page.reading, Qt.Key.Key_Return)
    note = window.page.inspector.note
    assert note.hasFocus()
    QTest.keyClicks(note, "No date 1")
    QTest.keyClick(note, Qt.Key.Key_Escape)
    assert window.page.reading.hasFocus()
    assert session_of(window).queries.content(stored.id).notes[span.id] == "No date 1"


def test_control_enter_writes_a_note_of_two_lines(window: MainWindow, stored: Document) -> None:
    span = tag(window, PLEDGE)
    window.tagging.edit_span()
    note = window.page.inspector.note
    QTest.keyClicks(note, "one")
    QTest.keyClick(note, Qt.Key.Key_Return)
    QTest.keyClicks(note, "two")
    QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert session_of(window).queries.content(stored.id).notes[span.id] == "one\ntwo"


def test_a_note_typed_is_kept_when_another_span_is_clicked(window: MainWindow, stored: Document) -> None:
    first = tag(window, PLEDGE)
    tag(window, CONDITION, Qt.Key.Key_2)
    click(window.page.reading, PLEDGE[0] + 4)
    assert window.page.document.selected_span == first
    window.tagging.edit_span()
    QTest.keyClicks(window.page.inspector.note, "kept")
    click(window.page.reading, CONDITION[0] + 4)
    assert session_of(window).queries.content(stored.id).notes == {first.id: "kept"}
    assert window.page.inspector.note.toPlainText() == ""


def test_dragging_an_end_resizes(window: MainWindow, committed: Read) -> None:
    span = tag(window, PLEDGE)
    reading = window.page.reading
    shorter = TEXT.index(" air defence")
    drag(reading, before(reading, PLEDGE[1]), before(reading, shorter))
    (annotation,) = committed()
    assert (annotation.id, annotation.fragments) == (span.id, ((PLEDGE[0], shorter),))
    assert reading.selected_span() == span.id


def test_plus_adds_a_fragment_and_minus_takes_it_away(window: MainWindow, committed: Read) -> None:
    tag(window, PLEDGE)
    window.page.reading.select(*CONDITION)
    press(window.page.reading, Qt.Key.Key_Plus)
    assert committed()[0].fragments == (PLEDGE, CONDITION)
    window.page.reading.select(*CONDITION)
    press(window.page.reading, Qt.Key.Key_Minus)
    assert committed()[0].fragments == (PLEDGE,)


def test_taking_everything_away_is_refused(window: MainWindow, committed: Read) -> None:
    tag(window, PLEDGE)
    window.page.reading.select(*PLEDGE)
    press(window.page.reading, Qt.Key.Key_Minus)
    assert committed()[0].fragments == (PLEDGE,)
    assert window.messages.text


def test_enter_on_text_opens_the_labels(window: MainWindow, committed: Read) -> None:
    window.page.reading.select(*PLEDGE)
    press(window.page.reading, Qt.Key.Key_Return)
    opened = window.findChild(LabelPopup)
    assert opened is not None
    assert opened.isVisible()
    QTest.keyClick(opened.choices.filter, Qt.Key.Key_3)
    assert label_key(window, committed()[0]) == "criticism"


def test_white_space_alone_is_not_tagged(window: MainWindow, committed: Read) -> None:
    space = TEXT.index(" ")
    window.page.reading.select(space, space + 1)
    press(window.page.reading, Qt.Key.Key_1)
    assert committed() == []
    assert "white space" in window.messages.text


def test_minus_leaves_no_space_at_the_end_of_what_remains(window: MainWindow, committed: Read) -> None:
    tag(window, PLEDGE)
    last_word = TEXT.index("defence", PLEDGE[0])
    window.page.reading.select(last_word, PLEDGE[1])
    press(window.page.reading, Qt.Key.Key_Minus)
    assert committed()[0].fragments == ((PLEDGE[0], last_word - 1),)


def test_finding_selects_the_next_place(window: MainWindow) -> None:
    window.actions_table["find"].trigger()
    bar = window.page.find_bar
    QTest.keyClicks(bar.field, "THE  ")
    first = window.page.reading.selection()
    assert first is not None and TEXT[slice(*first)].casefold() == "the"
    assert bar.count.text().startswith("1 of ")
    window.actions_table["find_next"].trigger()
    second = window.page.reading.selection()
    assert second is not None and second > first
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert window.page.reading.selection() == first
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden() and window.page.reading.hasFocus()


def test_copying_with_the_citation(window: MainWindow) -> None:
    tag(window, PLEDGE)
    window.actions_table["copy_citation"].trigger()
    expected = f"“We will provide air defence” (Summit statement, characters {PLEDGE[0]}–{PLEDGE[1]})"
    assert QGuiApplication.clipboard().text() == expected


def test_a_change_from_elsewhere_shows(window: MainWindow, stored: Document) -> None:
    session = session_of(window)
    label = session.queries.codebook().label_by_key("criticism")
    annotation = session.annotations.tag(stored.id, label.id, [PLEDGE])
    click(window.page.reading, PLEDGE[0] + 3)
    assert window.page.document.selected_span == annotation


def test_the_history_panel_takes_an_older_step_back(window: MainWindow, committed: Read) -> None:
    window.toggle_history()
    first = tag(window, PLEDGE)
    second = tag(window, CONDITION, Qt.Key.Key_2)
    panel, model = window.page.history_panel, window.page.history
    titles = [model.data(model.index(row)) for row in range(2)]
    assert titles[0].startswith("Tag “if the council") and titles[1].startswith("Tag “We will")
    panel.list.setCurrentIndex(model.index(1))
    QTest.mouseClick(panel.revert_button, Qt.MouseButton.LeftButton)
    assert [a.id for a in committed()] == [second.id]
    assert first.id not in {a.id for a in committed()}
    assert panel.list.hasFocus()


def test_an_attribute_being_typed_stays_with_its_span_when_a_jump_selects_another(
    window: MainWindow, stored: Document
) -> None:
    other = tag(window, CONDITION, Qt.Key.Key_2)
    first = tag(window, PLEDGE)
    form = window.page.inspector.attributes
    form.add_attribute("timeframe")
    field = form.editors["timeframe"].focusProxy()
    assert field is not None
    QTest.keyClicks(field, "by May")
    window.desk.jump(other.id)
    assert session_of(window).queries.content(stored.id).values == {first.id: {"timeframe": "by May"}}


def test_the_inspector_names_a_person_who_has_just_joined(
    stored: Document, project_path: Path, new_window: Callable[..., MainWindow]
) -> None:
    newcomer = Settings(annotator_id="22222222-2222-4222-8222-222222222222", annotator_name="Analyst B")
    window = new_window(project_path, newcomer)
    tag(window, PLEDGE)
    shown = [label.text() for label in window.page.inspector.findChildren(QLabel)]
    assert any(text.startswith("Analyst B · ") for text in shown)


def test_a_note_being_typed_stays_with_its_span_when_a_jump_selects_another(
    window: MainWindow, stored: Document
) -> None:
    other = tag(window, CONDITION, Qt.Key.Key_2)
    first = tag(window, PLEDGE)
    window.tagging.edit_span()
    QTest.keyClicks(window.page.inspector.note, "mine")
    window.desk.jump(other.id)
    assert session_of(window).queries.content(stored.id).notes == {first.id: "mine"}
