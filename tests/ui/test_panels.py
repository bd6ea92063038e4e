"""The panels: what they show of the project, and what they ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.records import Annotation, AttributeDefinition, Document
from annotator.session.session import Session
from annotator.session.verb import Outcome
from annotator.ui.main_window import MainWindow
from annotator.ui.models.command_model import Command, matches
from annotator.ui.models.document_list_model import PAGE, DocumentListModel, DocumentRole
from annotator.ui.panels.attribute_editors import (
    AttributeEditor,
    ChoiceEditor,
    ChoicesEditor,
    EntityEditor,
    FlagEditor,
    LineEditor,
    TextEditor,
    make_editor,
)
from annotator.ui.panels.find_bar import find_all
from annotator.ui.panels.row_delegate import title_lines
from annotator.ui.panels.widgets import ElidingLineEdit
from annotator.ui.theme import load_theme
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""What the platform without a screen says of pop-ups and message boxes."""

PLEDGE = range_of("We will provide air defence", TEXT)


@pytest.fixture
def span(window: MainWindow, stored: Document) -> Annotation:
    """A pledge with two attributes, selected."""
    session = window.projects.session
    assert session is not None
    label = session.queries.codebook().label_by_key("pledge")
    values = {"speaker": "the ministers", "strength": "firm"}
    annotation = session.annotations.tag(stored.id, label.id, [PLEDGE], values)
    window.page.reading.select_span(annotation.id)
    return annotation


def values_of(window: MainWindow, annotation: Annotation) -> dict[str, Any]:
    session = window.projects.session
    assert session is not None
    return session.queries.values([annotation.id]).get(annotation.id, {})


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def test_the_inspector_shows_label_quote_values_author_and_counts(window: MainWindow, span: Annotation) -> None:
    shown = texts(window.page.inspector)
    for expected in ("Pledge", "“We will provide air defence”", "Speaker", "Strength"):
        assert expected in shown
    assert any(text.startswith("Analyst A · ") for text in shown)
    editors = window.page.inspector.attributes.editors
    assert set(editors) == {"speaker", "strength"}


def test_a_span_of_gold_says_so(window: MainWindow, span: Annotation) -> None:
    session = window.projects.session
    assert session is not None
    layer = next(one for one in session.queries.layers() if one.id == span.layer)
    change = ChangeSet("Make it gold", (RowChange(layer, replace(layer, kind="gold", annotator=None)),))
    session.perform(lambda: Outcome(change, None, undoable=False))
    window.desk.apply(change)
    assert any(text.startswith("Gold · Analyst A · ") for text in texts(window.page.inspector))


def test_no_attribute_name_is_cut(window: MainWindow, span: Annotation) -> None:
    window.resize(900, 560)
    form = window.page.inspector.attributes
    keys = [action.data() for action in form.add_button.menu().actions()]
    for key in keys:
        form.add_attribute(key)
    names = [label for label in form.findChildren(QLabel) if label.text()]
    assert len(names) == len(keys) + 2
    QTest.qWait(50)
    for label in names:
        longest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split())
        assert label.width() >= longest, label.text()
        assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_every_attribute_of_the_label_can_be_added(window: MainWindow, span: Annotation) -> None:
    form, codebook = window.page.inspector.attributes, window.page.document.codebook
    assert codebook is not None
    offered = {action.data() for action in form.add_button.menu().actions()}
    assert offered | set(form.editors) == {a.key for a in codebook.attributes_for("pledge")}
    assert "intensity" not in offered


def test_choosing_a_value_stores_it_and_clearing_removes_it(window: MainWindow, span: Annotation) -> None:
    editor = window.page.inspector.attributes.editors["strength"]
    assert isinstance(editor, ChoiceEditor)
    place = editor.box.findData("intent")
    editor.box.setCurrentIndex(place)
    editor.box.activated.emit(place)
    assert values_of(window, span)["strength"] == "intent"
    editor.box.setCurrentIndex(0)
    editor.box.activated.emit(0)
    assert "strength" not in values_of(window, span)
    assert "strength" in window.page.inspector.attributes.editors


def test_typing_an_entity_stores_it_when_it_is_left(window: MainWindow, span: Annotation) -> None:
    window.page.inspector.attributes.add_attribute("target")
    editor = window.page.inspector.attributes.editors["target"]
    assert isinstance(editor, EntityEditor)
    assert editor.box.findText("the ministers") >= 0
    line = editor.box.lineEdit()
    assert line is not None
    QTest.keyClicks(line, "The port 2")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert values_of(window, span)["target"] == "The port 2"


def test_a_value_that_does_not_fit_is_refused_in_a_sentence(window: MainWindow, span: Annotation) -> None:
    window.tagging.set_attribute(span.id, "specificity", "7")
    assert "specificity" in window.messages.text
    assert "specificity" not in values_of(window, span)


def test_a_refused_value_gives_way_to_the_stored_one(window: MainWindow, span: Annotation) -> None:
    editor = window.page.inspector.attributes.editors["strength"]
    assert isinstance(editor, ChoiceEditor)
    stored = editor.box.currentText()
    editor.box.addItem("Unheard of", "unheard_of")
    editor.box.setCurrentText("Unheard of")
    editor.box.activated.emit(editor.box.currentIndex())
    assert window.messages.text
    assert values_of(window, span)["strength"] == "firm"
    assert editor.box.currentText() == stored


def test_a_long_value_ends_in_an_ellipsis_and_is_whole_in_the_tool_tip(window: MainWindow, span: Annotation) -> None:
    name = "the permanent representatives of every coastal state of the region"
    window.tagging.set_attribute(span.id, "speaker", name)
    editor = window.page.inspector.attributes.editors["speaker"]
    assert isinstance(editor, EntityEditor)
    line = editor.box.lineEdit()
    assert isinstance(line, ElidingLineEdit)
    assert line.shown_text().endswith("…") and name.startswith(line.shown_text()[:-1])
    assert line.toolTip() == name
    seen = line.grab().toImage()
    line.setFocus()
    assert line.shown_text() == name
    window.page.reading.setFocus()
    assert line.grab().toImage() == seen


def test_tab_goes_from_value_to_value_and_on_to_the_note(window: MainWindow, span: Annotation) -> None:
    form = window.page.inspector.attributes
    form.add_attribute("target")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert form.editors["strength"].isAncestorOf(window.focusWidget())
    for _ in range(len(form.editors)):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        if form.add_button.hasFocus():
            break
    assert form.add_button.hasFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.page.inspector.relate_button.hasFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.page.inspector.note.hasFocus()


def test_a_change_from_elsewhere_shows_in_the_inspector(window: MainWindow, span: Annotation) -> None:
    session = window.projects.session
    assert session is not None
    session.annotations.set_attribute(span.id, "certainty", "low")
    session.annotations.set_note(span.id, "from elsewhere")
    editor = window.page.inspector.attributes.editors["certainty"]
    assert isinstance(editor, ChoiceEditor)
    assert editor.box.currentText() == "Low"
    assert window.page.inspector.note.toPlainText() == "from elsewhere"


def test_everything_that_takes_the_focus_has_an_accessible_name(window: MainWindow, span: Annotation) -> None:
    window.toggle_history()
    window.toggle_history()
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None:
            text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
            owner = widget.parentWidget()
            assert widget.accessibleName() or text or (owner is not None and owner.accessibleName()), widget


# -- editors


def definition(kind: str, *choices: str) -> AttributeDefinition:
    return AttributeDefinition("id", "key", "Name", kind, 0, tuple((c, c.title()) for c in choices))


@pytest.mark.parametrize(
    ("attribute", "kind", "stored"),
    [
        (definition("choice", "high", "low"), ChoiceEditor, "high"),
        (definition("choices", "high", "low"), ChoicesEditor, ["high", "low"]),
        (definition("number", "0", "1"), ChoiceEditor, 1),
        (definition("entity"), EntityEditor, "NATO"),
        (definition("boolean"), FlagEditor, True),
        (definition("boolean"), FlagEditor, False),
        (definition("number"), LineEditor, 2.5),
        (definition("date"), LineEditor, "2024-05-31"),
        (definition("text"), TextEditor, "some words"),
        (definition("texts"), TextEditor, ["one", "two"]),
    ],
)
def test_every_type_has_an_editor_that_shows_and_asks_for_nothing_by_itself(
    qtbot: QtBot, attribute: AttributeDefinition, kind: type[AttributeEditor], stored: object
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    editor = make_editor(attribute, parent, lambda: [("NATO", ()), ("Ukraine", ("Kyiv",))])
    asked: list[object] = []
    editor.edited.connect(asked.append)
    assert type(editor) is kind
    editor.set_stored(stored)
    editor.set_stored(None)
    assert asked == []


def test_a_flag_has_three_states(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    editor = make_editor(definition("boolean"), parent, list)
    assert isinstance(editor, FlagEditor)
    asked: list[object] = []
    editor.edited.connect(asked.append)
    editor.set_stored(None)
    for _ in range(3):
        editor.check.click()
    assert asked == [True, False, None]


def test_several_choices_are_ticked_in_a_menu(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    editor = make_editor(definition("choices", "a", "b"), parent, list)
    assert isinstance(editor, ChoicesEditor)
    asked: list[object] = []
    editor.edited.connect(asked.append)
    editor.set_stored(["a"])
    assert editor.button.text() == "A"
    for action in editor.button.menu().actions():
        action.trigger()
    assert asked == [None, ["b"]]


# -- documents


def detail(model: DocumentListModel, row: int = 0) -> str:
    return model.data(model.index(row), DocumentRole.DETAIL)


def test_a_row_follows_status_and_counts(window: MainWindow, span: Annotation, stored: Document) -> None:
    model = window.page.documents
    assert detail(model) == "In progress · 1 span"
    window.actions_table["done"].trigger()
    assert detail(model) == "Done · 1 span"
    assert "1 of 1 done" in texts(window.page.document_panel)
    window.actions_table["done"].trigger()
    assert detail(model) == "In progress · 1 span"


def test_the_menu_of_a_document_sets_its_status(window: MainWindow, stored: Document) -> None:
    panel, model = window.page.document_panel, window.page.documents
    menu = panel.context_menu(model.index(0))
    next(action for action in menu.actions() if action.text() == "Returned").trigger()
    assert model.status(stored.id) == "returned"
    menu.deleteLater()


def test_removing_asks_and_undo_brings_the_document_back(window: MainWindow, span: Annotation) -> None:
    from annotator.ui.messages import Confirmation

    window.actions_table["remove"].trigger()
    box = window.findChild(Confirmation)
    assert box is not None and "1 span" in box.informativeText()
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.remove_button.click()
    assert window.page.documents.rowCount() == 0
    assert window.page.document.document is None
    window.travelling.undo()
    assert window.page.documents.rowCount() == 1
    assert window.page.document.document is not None


def test_documents_come_by_pages_and_new_ones_wait_for_theirs(session: Session, qtbot: QtBot) -> None:
    with session.group("Many"):
        made = [add_document(session, f"Text number {n}.", f"Document {n}") for n in range(PAGE + 5)]
    model = DocumentListModel()
    model.set_session(session)
    assert model.rowCount() == PAGE
    assert model.canFetchMore(QModelIndex())
    session.events.subscribe(model.apply)
    late = add_document(session, "A late text.", "Late")
    assert model.rowCount() == PAGE
    model.fetchMore(QModelIndex())
    assert model.rowCount() == PAGE + 6
    assert not model.canFetchMore(QModelIndex())
    assert model.neighbour(made[0].id, 1) == made[1].id
    session.documents.remove(made[3].id)
    assert not model.index_of(made[3].id).isValid()
    session.history.undo()
    assert model.index_of(made[3].id).row() == 3
    assert model.index_of(late.id).isValid()


def test_a_change_of_very_many_documents_reads_the_list_again(session: Session) -> None:
    model = DocumentListModel()
    model.set_session(session)
    session.events.subscribe(model.apply)
    with session.group("Many"):
        for number in range(PAGE + 5):
            add_document(session, f"Text number {number}.", f"Document {number}")
    assert model.rowCount() == PAGE


def test_a_long_title_takes_two_lines_and_an_ellipsis(qtbot: QtBot) -> None:
    font = load_theme("light").font()
    lines = title_lines("word 😀 " * 60, font, 200)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert title_lines("short", font, 200) == ["short"]


# -- finding


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("Straße und STRASSE", "und", [(7, 10)]),
        ("one\u00a0two one\n two", "ONE two", [(0, 7), (8, 16)]),
        ("а Б а", "б", [(2, 3)]),
        ("😀 a.b a+b", "a.b", [(2, 5)]),
        ("anything", "   ", []),
    ],
)
def test_finding_counts_code_points(text: str, words: str, places: list[tuple[int, int]]) -> None:
    assert find_all(text, words) == places


def test_commands_match_by_every_word() -> None:
    commands = [
        Command("action", "1", "Export…"),
        Command("document", "2", "The export of grain"),
        Command("label", "3", "Tag as Pledge"),
    ]
    assert [c.id for c in matches(commands, "export")] == ["2", "1"]
    assert [c.id for c in matches(commands, "grain export")] == ["2"]
    assert [c.id for c in matches(commands, "")] == ["2", "3", "1"]


def test_the_search_field_opens_documents_and_runs_actions(qtbot: QtBot, window: MainWindow, stored: Document) -> None:
    session = window.projects.session
    assert session is not None
    other = add_document(session, "Another text.", "Harbour treaty")
    field = window.top_bar.search
    window.actions_table["everything"].trigger()
    assert field.hasFocus()
    qtbot.waitUntil(lambda: not window.tasks.running)
    QTest.keyClicks(field, "harb")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.page.document.document is not None
    assert window.page.document.document.id == other.id
    assert window.page.reading.hasFocus() and field.text() == ""
    window.actions_table["everything"].trigger()
    QTest.keyClicks(field, "history")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.page.history_is_shown


def test_quiet_buttons_say_what_they_do(window: MainWindow, span: Annotation) -> None:
    for button in window.findChildren(QToolButton):
        if button.isVisible():
            assert button.accessibleName() or len(button.text()) > 1, button.text()


def test_names_that_look_like_markup_stay_text(window: MainWindow, stored: Document, span: Annotation) -> None:
    window.documents.describe(stored.id, {"title": "<img src='file:///x'>"})
    for label in window.findChildren(QLabel):
        if label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
    index = window.page.documents.index(0)
    assert "<" not in index.data(Qt.ItemDataRole.ToolTipRole)
