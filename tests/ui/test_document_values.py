"""What a document passes on to its spans, in the dialog of its properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from annotator.core.ids import new_id
from annotator.core.records import AttributeDefinition, Document
from annotator.session.session import Session
from annotator.ui.dialogs.document import DocumentDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.attribute_editors import ChoiceEditor, EntityEditor

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def dialog_of(window: MainWindow) -> DocumentDialog:
    window.documents.show_properties()
    dialog = window.findChild(DocumentDialog)
    assert dialog is not None
    return dialog


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


def choose(dialog: DocumentDialog, key: str, value: str | None) -> None:
    editor = dialog.values.editors[key]
    assert isinstance(editor, ChoiceEditor)
    place = editor.box.findData(value)
    editor.box.setCurrentIndex(place)
    editor.box.activated.emit(place)


def test_values_and_title_are_saved_as_one_step(window: MainWindow, stored: Document) -> None:
    session = session_of(window)
    before = session.reading.dump()
    dialog = dialog_of(window)
    assert list(dialog.values.editors) == ["speaker", "attribution"]
    dialog.title.setText("Another title")
    choose(dialog, "attribution", "direct_quote")
    editor = dialog.values.editors["speaker"]
    assert isinstance(editor, EntityEditor)
    line = editor.box.lineEdit()
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, "Mission")
    dialog.accept()
    assert session.queries.document_values(stored.id) == {"speaker": "Mission", "attribution": "direct_quote"}
    assert session.queries.document(stored.id).title == "Another title"
    assert "Describe" in session.history.entries(1)[0].title
    session.history.undo()
    assert session.reading.dump() == before


def test_stored_values_are_shown_and_can_be_cleared(window: MainWindow, stored: Document) -> None:
    session = session_of(window)
    session.documents.set_value(stored.id, "attribution", "narrator")
    dialog = dialog_of(window)
    editor = dialog.values.editors["attribution"]
    assert isinstance(editor, ChoiceEditor)
    assert editor.box.currentText() == "Narrator"
    choose(dialog, "attribution", None)
    assert editor.box.currentText() == "Not set"
    dialog.accept()
    assert session.queries.document_values(stored.id) == {}


def test_a_value_that_does_not_fit_stays_in_the_dialog(window: MainWindow, stored: Document) -> None:
    amount = AttributeDefinition(new_id(), "amount", "Amount", "number", 0, inherits="document")
    dialog = DocumentDialog(stored, window, attributes=[amount])
    heard: list[object] = []
    dialog.described.connect(lambda *given: heard.append(given))
    dialog.open()
    field = dialog.values.editors["amount"].field
    field.setFocus()
    QTest.keyClicks(field, "many")
    dialog.accept()
    assert dialog.isVisible() and "Amount".casefold() in dialog.problem.text().casefold()
    field.setFocus()
    QTest.keyClicks(field, "\b\b\b\b12")
    dialog.accept()
    assert heard == [(stored.id, {}, {"amount": 12})]


def test_who_can_only_read_sees_the_values(window: MainWindow, stored: Document) -> None:
    attribute = session_of(window).queries.codebook().attribute_by_key("attribution")
    document = replace(stored, title="T")
    dialog = DocumentDialog(
        document, window, editable=False, attributes=[attribute], values={"attribution": "narrator"}
    )
    dialog.open()
    assert not dialog.values.editors["attribution"].field.isEnabled()
    dialog.reject()
