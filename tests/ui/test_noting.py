"""Notes in the window: on the span, the document and the label, and the list that leads to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.core.records import Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.ui.dialogs.document import DocumentDialog
from annotator.ui.dialogs.note import NoteDialog
from annotator.ui.dialogs.notes import NotesDialog
from annotator.ui.main_window import MainWindow
from tests.support import add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Olena K.")
UKRAINIAN = "Спільна заява\n\nМи надамо системи протиповітряної оборони."


@pytest.fixture
def noted(project_path: Path, person: Person, new_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with notes of two people on spans, a document and a label."""
    with Session(project_path, OTHER) as session:
        document = add_document(session, UKRAINIAN, "Спільна заява")
        label = session.queries.codebook().labels[0].id
        session.annotations.tag(document.id, label, [(15, 30)], {}, "Чи це **обіцянка**, @Analyst A?")
        session.notes.write("document", document.id, "whole text")
    with Session(project_path, person) as session:
        summit = add_document(session)
        session.annotations.tag(summit.id, label, [(18, 45)], {}, "about the summit")
        session.notes.write("label", label, "too wide")
    return new_window(project_path)


def session_of(window: MainWindow) -> Session:
    assert window.projects.session is not None
    return window.projects.session


def list_of(window: MainWindow, qtbot: QtBot) -> NotesDialog:
    window.actions_table["notes"].trigger()
    dialog = window.parts.noting.list_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog._is_read)
    return dialog


def note_dialog(window: MainWindow) -> NoteDialog:
    dialog = window.parts.noting.note_dialog
    assert dialog is not None
    return dialog


def titles(dialog: NotesDialog) -> list[str]:
    return sorted(str(dialog.model.index(row).data()) for row in range(dialog.model.rowCount()))


ALL = ["about the summit", "too wide", "whole text", "Чи це обіцянка, @Analyst A?"]


def test_the_inspector_shows_and_writes_the_note(window: MainWindow, stored: Document) -> None:
    reading, field = window.page.reading, window.page.inspector.note_field
    reading.select(18, 45)
    QTest.keyClick(reading, Qt.Key.Key_1)
    QTest.keyClick(reading, Qt.Key.Key_Return)
    assert field.edit.hasFocus()
    QTest.keyClicks(field.edit, "a *firm* one")
    QTest.keyClick(field.edit, Qt.Key.Key_Escape)
    assert reading.hasFocus()
    span = window.page.document.selected_span
    assert span is not None
    assert [note.body for note in session_of(window).queries.notes_on(span.id)] == ["a *firm* one"]
    assert field.view.isVisible()
    assert field.view.toPlainText() == "a firm one"
    assert window.page._describe_span(span.id).splitlines()[-1] == "a firm one"
    window.travelling.undo()
    assert field.view.isHidden()
    assert field.edit.toPlainText() == ""


def test_f6_comes_to_the_note_that_is_shown(noted: MainWindow) -> None:
    span = noted.page.document.annotations()[0]
    noted.desk.jump(span.id)
    noted.parts.panes.next_pane()
    assert noted.page.inspector.note_field.view.hasFocus()


def test_a_note_on_the_document(noted: MainWindow, qtbot: QtBot) -> None:
    noted.desk.open_document(session_of(noted).queries.document_named("Спільна заява").id)
    noted.actions_table["note_document"].trigger()
    dialog = note_dialog(noted)
    assert [view.toPlainText() for view in dialog.others] == ["whole text"]
    qtbot.waitUntil(dialog.field.edit.hasFocus)
    QTest.keyClicks(dialog.field.edit, "mine")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    document = noted.page.document.document
    assert document is not None
    notes = {note.annotator: note.body for note in session_of(noted).queries.notes_on(document.id)}
    assert notes == {OTHER.id: "whole text", session_of(noted).person.id: "mine"}


def test_the_properties_lead_to_the_notes_of_the_document(noted: MainWindow) -> None:
    noted.documents.show_properties()
    (properties,) = [dialog for dialog in noted.findChildren(DocumentDialog) if dialog.isVisible()]
    properties.note_button.click()
    assert noted.parts.noting.note_dialog is not None
    note_dialog(noted).reject()
    properties.reject()


def test_a_note_on_a_label_from_its_chip_and_from_the_span(noted: MainWindow) -> None:
    chip = noted.page.label_bar.chips[0]
    action = next(action for action in chip.actions() if action.text().startswith("Note"))
    action.trigger()
    assert note_dialog(noted).field.view.toPlainText() == "too wide"
    note_dialog(noted).reject()
    noted.desk.jump(noted.page.document.annotations()[0].id)
    noted.actions_table["note_label"].trigger()
    dialog = note_dialog(noted)
    QTest.keyClick(dialog.field.view, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.field.edit, "?")
    dialog.reject()
    assert [note.body for note in session_of(noted).queries.notes_on(chip.label.id)] == ["too wide?"]


def test_the_list_is_narrowed(noted: MainWindow, qtbot: QtBot) -> None:
    dialog = list_of(noted, qtbot)
    assert titles(dialog) == ALL
    dialog.filter.setText("протиповітряної")
    assert titles(dialog) == []
    dialog.filter.setText("МИ надамо")
    assert titles(dialog) == [ALL[3]]
    dialog.filter.setText("спільна")
    assert titles(dialog) == ["whole text", ALL[3]]
    dialog.filter.clear()
    dialog.kind.setCurrentIndex(dialog.kind.findData("annotation"))
    assert titles(dialog) == ["about the summit", ALL[3]]
    dialog.author.setCurrentIndex(dialog.author.findData(OTHER.id))
    assert titles(dialog) == [ALL[3]]
    dialog.kind.setCurrentIndex(0)
    dialog.author.setCurrentIndex(0)
    dialog.mine.click()
    assert titles(dialog) == [ALL[3]]
    assert dialog.count.text() == "1 of 4 notes"
    dialog.reject()


def choose(dialog: NotesDialog, words: str) -> None:
    dialog.filter.setText(words)
    QTest.keyClick(dialog.filter, Qt.Key.Key_Return)


def test_enter_goes_to_the_place_and_the_list_stays(noted: MainWindow, qtbot: QtBot) -> None:
    dialog = list_of(noted, qtbot)
    choose(dialog, "обіцянка")
    document, span = noted.page.document.document, noted.page.document.selected_span
    assert document is not None
    assert document.title == "Спільна заява"
    assert span is not None
    assert span.start == 15
    choose(dialog, "summit")
    document = noted.page.document.document
    assert document is not None
    assert document.title == "Summit statement"
    choose(dialog, "whole")
    document = noted.page.document.document
    assert document is not None
    assert document.title == "Спільна заява"
    choose(dialog, "too wide")
    assert note_dialog(noted).field.view.toPlainText() == "too wide"
    note_dialog(noted).reject()
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert noted.parts.noting.list_dialog is None


def test_the_list_follows_what_happens(noted: MainWindow, qtbot: QtBot) -> None:
    dialog = list_of(noted, qtbot)
    session = session_of(noted)
    document = noted.page.document.document
    assert document is not None
    session.notes.write("document", document.id, "another")
    qtbot.waitUntil(lambda: len(titles(dialog)) == 5)
    noted.travelling.undo()
    qtbot.waitUntil(lambda: titles(dialog) == ALL)
    dialog.filter.setText("whole")
    assert not dialog.delete_button.isEnabled()
    dialog.filter.setText("about")
    dialog.delete_button.click()
    qtbot.waitUntil(lambda: titles(dialog) == [])
    dialog.filter.clear()
    assert "about the summit" not in titles(dialog)
    noted.travelling.undo()
    qtbot.waitUntil(lambda: titles(dialog) == ALL)
    with qtbot.waitSignal(dialog.destroyed):
        noted.projects.close_project()
    assert noted.parts.noting.list_dialog is None


def test_the_list_of_a_project_without_notes_says_how_to_write_one(window: MainWindow, qtbot: QtBot) -> None:
    dialog = list_of(window, qtbot)
    assert dialog.nothing.isVisible()
    assert "Ctrl+Shift+M" in dialog.nothing.text()
    assert not dialog.open_button.isEnabled()
    dialog.reject()


def test_what_was_written_is_handed_over_however_the_dialog_closes(qtbot: QtBot) -> None:
    dialog = NoteDialog("Note", "“Title”", body="old")
    qtbot.addWidget(dialog)
    written: list[str] = []
    dialog.written.connect(written.append)
    dialog.field.edit.setPlainText("new")
    dialog.reject()
    assert written == ["new"]
