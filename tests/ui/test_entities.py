"""The list of entities, and names and aliases in editors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.records import Annotation, AttributeDefinition, Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.ui.dialogs.entities import EntitiesDialog
from annotator.ui.dialogs.merge_entities import MergeEntitiesDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.attribute_editors import EntityEditor, make_editor
from tests.ui.typing_support import type_text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session(window: MainWindow) -> Session:
    """Україна with two aliases and two uses, Київська Русь with one use, NATO and أوكرانيا without."""
    session = window.projects.session
    assert session is not None
    document = session.queries.documents()[0].document
    session.entities.create("Україна", ["Київ", "the Ukrainian leader"])
    for name in ("NATO", "أوكرانيا"):
        session.entities.create(name)
    label = session.queries.codebook().label_by_key("pledge").id
    session.annotations.tag(document.id, label, [(0, 6)], {"speaker": "Україна", "target": "київ"})
    session.annotations.tag(document.id, label, [(7, 16)], {"speaker": "Kyivan Rus"})
    return session


@pytest.fixture
def dialog(window: MainWindow, session: Session) -> EntitiesDialog:
    window.actions_table["entities"].trigger()
    assert window.entities.dialog is not None
    return window.entities.dialog


def listed(session: Session) -> dict[str, tuple[tuple[str, ...], int]]:
    return {row.entity.name: (row.other_names, row.uses) for row in session.queries.entities()}


def shown(dialog: EntitiesDialog) -> list[str]:
    names = {row.entity.id: row.entity.name for row in dialog._rows.values()}
    return [names[key] for key in dialog.choices.visible_keys()]


def find(dialog: EntitiesDialog, words: str) -> None:
    dialog.choices.setFocus()
    dialog.choices.filter.selectAll()
    type_text(dialog.choices.filter, words)


def type_name(line: QLineEdit, name: str) -> None:
    line.selectAll()
    type_text(line, name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_the_list_shows_uses_and_aliases_and_is_searched_by_both(dialog: EntitiesDialog) -> None:
    assert shown(dialog) == ["Kyivan Rus", "NATO", "Україна", "أوكرانيا"]
    find(dialog, "LEADER")
    assert shown(dialog) == ["Україна"]
    assert dialog.uses.text() == "used 2 times"
    assert [dialog.aliases.item(i).text() for i in range(dialog.aliases.count())] == ["the Ukrainian leader", "Київ"]
    find(dialog, "أوك")
    assert dialog.name.text() == "أوكرانيا" and dialog.uses.text() == "not used"
    find(dialog, "nothing like it")
    assert shown(dialog) == [] and not dialog.name.isEnabled() and not dialog.merge_button.isEnabled()


def test_renaming_in_place_by_keys_and_undoing_it(dialog: EntitiesDialog, session: Session) -> None:
    find(dialog, "київ")
    QTest.keyClick(dialog.choices.filter, Qt.Key.Key_Return)
    assert dialog.name.hasFocus() and dialog.name.selectedText() == "Україна"
    type_name(dialog.name, "Ukraine")
    assert "Ukraine" in listed(session) and dialog.choices.filter.hasFocus()
    assert dialog.isVisible() and dialog.name.text() == "Ukraine"
    QTest.keyClick(dialog.choices.filter, Qt.Key.Key_Z, CONTROL)
    assert "Україна" in listed(session) and shown(dialog) == ["Україна"]
    assert dialog.problem.text().startswith("Undo: Rename")
    QTest.keyClick(dialog.choices.filter, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert "Ukraine" in listed(session) and dialog.choices.filter.text() == "київ"
    QTest.keyClick(dialog.choices.filter, Qt.Key.Key_X)
    QTest.keyClick(dialog.choices.filter, Qt.Key.Key_Z, CONTROL)
    assert dialog.choices.filter.text() == "київ" and "Ukraine" in listed(session)


def test_esc_leaves_a_name_as_it_was(dialog: EntitiesDialog, session: Session) -> None:
    before = listed(session)
    dialog.edit_name()
    type_text(dialog.name, "Another")
    QTest.keyClick(dialog.name, Qt.Key.Key_Escape)
    assert dialog.isVisible() and dialog.name.text() == "Kyivan Rus"
    QTest.keyClick(dialog.name, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and listed(session) == before


def test_a_name_that_is_taken_is_refused_with_what_to_do(dialog: EntitiesDialog, session: Session) -> None:
    before = listed(session)
    dialog.edit_name()
    type_name(dialog.name, "україна")
    assert "Merge the two" in dialog.problem.text() and listed(session) == before
    dialog.name.setText("Kyivan Rus")
    type_name(dialog.new_alias, "київ")
    assert "“Україна” already" in dialog.problem.text() and listed(session) == before
    assert dialog.new_alias.text() == "київ"


def test_aliases_are_added_and_removed(dialog: EntitiesDialog, session: Session) -> None:
    find(dialog, "nato")
    type_name(dialog.new_alias, "the alliance")
    assert listed(session)["NATO"] == (("the alliance",), 0) and dialog.new_alias.text() == ""
    dialog.aliases.setCurrentRow(0)
    assert dialog.remove_alias_button.isEnabled()
    QTest.keyClick(dialog.aliases, Qt.Key.Key_Delete)
    assert listed(session)["NATO"] == ((), 0)


def test_merging_lets_one_choose_which_name_stays(
    dialog: EntitiesDialog, session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    dialog.merge_button.click()
    box = dialog.findChild(MergeEntitiesDialog)
    assert box is not None and box.windowTitle() == "Merge “Kyivan Rus”"
    type_text(box.choices.filter, "укр")
    assert box.consequence.text() == "“Kyivan Rus” becomes another name of “Україна”. Values that change: 1."
    type_text(box.choices.filter, " ")
    box.this_stays.click()
    assert box.consequence.text() == "“Україна” becomes another name of “Kyivan Rus”. Values that change: 2."
    box.other_stays.click()
    QTest.keyClick(box.choices.filter, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Kyivan Rus" not in listed(session))
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert listed(session)["Україна"] == (("Kyivan Rus", "the Ukrainian leader", "Київ"), 3)
    assert dialog.current is not None and dialog.current.entity.name == "Україна"
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_Z, CONTROL)
    assert listed(session)["Kyivan Rus"] == ((), 1)


def test_the_name_that_is_used_more_stays_unless_one_chooses(dialog: EntitiesDialog) -> None:
    find(dialog, "rus")
    dialog.merge()
    box = dialog.findChild(MergeEntitiesDialog)
    assert box is not None
    type_text(box.choices.filter, "nato")
    assert box.this_stays.isChecked()
    box.choices.filter.clear()
    type_text(box.choices.filter, "укр")
    assert box.other_stays.isChecked()
    box.this_stays.click()
    box.choices.filter.clear()
    assert box.this_stays.isChecked()
    type_text(box.choices.filter, "no such name")
    assert not box.merge_button.isEnabled() and box.consequence.text() == "No entity is called so."


def test_what_nothing_names_is_deleted(dialog: EntitiesDialog, session: Session) -> None:
    assert not dialog.delete_button.isEnabled()
    find(dialog, "nato")
    dialog.choices.filter.clear()
    dialog.choices.set_current_key(
        next(row.entity.id for row in session.queries.entities() if row.entity.name == "NATO")
    )
    assert dialog.delete_button.isEnabled()
    QTest.keyClick(dialog.choices.list, Qt.Key.Key_Delete)
    assert "NATO" not in listed(session)
    assert dialog.current is not None and dialog.current.entity.name == "Україна"
    dialog.choices.set_current_key(next(row.entity.id for row in session.queries.entities() if row.uses == 1))
    QTest.keyClick(dialog.choices.list, Qt.Key.Key_Delete)
    assert "Merge it into another" in dialog.problem.text() and "Kyivan Rus" in listed(session)


def test_a_new_entity_is_made_of_what_was_typed(dialog: EntitiesDialog, session: Session) -> None:
    dialog.new_button.click()
    assert "Type the name" in dialog.problem.text()
    find(dialog, "The council")
    dialog.new_button.click()
    assert listed(session)["The council"] == ((), 0)
    assert dialog.name.text() == "The council" and dialog.name.hasFocus()


def test_a_project_that_is_read_only_is_only_shown(
    window: MainWindow, session: Session, new_window: Callable[..., MainWindow], project_path: Path
) -> None:
    second = new_window(project_path)
    second.entities.show()
    dialog = second.entities.dialog
    assert dialog is not None and len(shown(dialog)) == 4
    for widget in (dialog.name, dialog.new_alias, dialog.merge_button, dialog.delete_button, dialog.new_button):
        assert not widget.isEnabled()


# -- editors


def entity_editor(qtbot: QtBot) -> tuple[EntityEditor, list[object]]:
    parent = QWidget()
    qtbot.addWidget(parent)
    choices = [("NATO", ()), ("Україна", ("Київ", "the Ukrainian leader"))]
    editor = make_editor(AttributeDefinition("id", "key", "Name", "entity", 0), parent, lambda: choices)
    assert isinstance(editor, EntityEditor)
    editor.set_stored(None)
    asked: list[object] = []
    editor.edited.connect(asked.append)
    editor._parent_of_test = parent  # type: ignore[attr-defined]
    return editor, asked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("київ", "Україна"), ("The Ukrainian  leader", "Україна"), ("Україна — Київ", "Україна"), ("nato", "NATO")],
)
def test_an_alias_completes_and_sets_the_entity(qtbot: QtBot, typed: str, meant: str) -> None:
    editor, asked = entity_editor(qtbot)
    line = editor.box.lineEdit()
    assert line is not None
    type_text(line, typed)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked == [meant] and line.text() == meant
    assert editor.box.findText("Україна — Київ") >= 0


def test_an_alias_of_what_is_stored_asks_for_nothing(qtbot: QtBot) -> None:
    editor, asked = entity_editor(qtbot)
    editor.set_stored("Україна")
    line = editor.box.lineEdit()
    assert line is not None
    line.selectAll()
    type_text(line, "київ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked == [] and line.text() == "Україна"


def test_the_inspector_completes_by_names_that_are_new(
    window: MainWindow, session: Session, stored: Document, person: Person
) -> None:
    span: Annotation = session.queries.content(stored.id).annotations[0]
    row = next(row for row in session.queries.entities() if row.entity.name == "NATO")
    session.entities.add_alias(row.entity.id, "the alliance")
    window.page.reading.select_span(span.id)
    editor = window.page.inspector.attributes.editors["speaker"]
    assert isinstance(editor, EntityEditor)
    assert editor.box.findText("NATO — the alliance") >= 0
