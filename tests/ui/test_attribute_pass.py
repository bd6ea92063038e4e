"""The attribute pass: digits, many cells at once, typing, and what is shown of the document."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton

from annotator.core.codebook_edits import with_entry, without_entry
from annotator.core.ids import new_id
from annotator.core.records import Annotation, AttributeDefinition, Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.ui.dialogs.attribute_pass import AttributePassDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.models.attribute_choices import choices_of
from annotator.ui.models.attribute_grid import Arrangement
from tests.support import TEXT
from tests.ui.conftest import range_of
from tests.ui.typing_support import type_text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SPANS = (
    ("We will provide air defence", "pledge"),
    ("if the council agrees", "condition"),
    ("The alliance condemns the attack", "criticism"),
    ("will be answered", "signal_to_russia"),
    ("We will never recognise the annexation", "pledge"),
)


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


@pytest.fixture
def spans(window: MainWindow, stored: Document) -> list[Annotation]:
    """Spans of every label, in the order of the text."""
    session = session_of(window)
    codebook = session.queries.codebook()
    return [
        session.annotations.tag(stored.id, codebook.label_by_key(label).id, [range_of(words, TEXT)])
        for words, label in SPANS
    ]


@pytest.fixture
def grid(window: MainWindow, spans: list[Annotation]) -> AttributePassDialog:
    window.actions_table["attribute_pass"].trigger()
    assert window.attribute_pass.dialog is not None
    return window.attribute_pass.dialog


def column(grid: AttributePassDialog, key: str) -> int:
    return [attribute.key for attribute in grid.grid.columns].index(key)


def at(grid: AttributePassDialog, row: int, key: str) -> str:
    """Go to a cell and return what it shows."""
    index = grid.grid.index(row, column(grid, key))
    grid.table.setCurrentIndex(index)
    return str(index.data())


def press(
    grid: AttributePassDialog, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(grid.table, key, modifiers)


def stored_values(window: MainWindow, spans: list[Annotation], key: str) -> list[Any]:
    values = session_of(window).queries.values([span.id for span in spans])
    return [values.get(span.id, {}).get(key) for span in spans]


def choose_label(grid: AttributePassDialog, name: str) -> None:
    place = next(i for i in range(grid.label_choice.count()) if grid.label_choice.itemText(i).startswith(name))
    grid.label_choice.setCurrentIndex(place)
    grid.label_choice.activated.emit(place)


def test_rows_are_spans_in_order_and_columns_what_applies(grid: AttributePassDialog, window: MainWindow) -> None:
    model = grid.grid
    quotes = [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())]
    assert quotes == [words for words, _ in SPANS]
    codebook = session_of(window).queries.codebook()
    expected = {a.key for _, label in SPANS for a in codebook.attributes_for(label)}
    assert [a.key for a in model.columns] == [a.key for a in codebook.attributes if a.key in expected]
    cell = model.index(1, column(grid, "strength"))
    assert not cell.flags() & Qt.ItemFlag.ItemIsEnabled
    choose_label(grid, "Condition (1)")
    assert {a.key for a in model.columns} == {a.key for a in codebook.attributes_for("condition")}
    assert model.rowCount() == 1 and grid.count.text() == "1 of 5 spans"


def test_no_attribute_name_is_cut(grid: AttributePassDialog) -> None:
    header = grid.table.horizontalHeader()
    for place, attribute in enumerate(grid.grid.columns):
        assert header.sectionSize(place) >= header.sectionSizeFromContents(place).width(), attribute.name


def test_a_digit_chooses_and_the_arrows_move(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    choose_label(grid, "Pledge")
    at(grid, 0, "strength")
    names = [b.text() for b in grid.findChildren(QToolButton) if b.isVisible()]
    assert names[:2] == ["1  Firm", "2  Announced"]
    press(grid, Qt.Key.Key_2)
    press(grid, Qt.Key.Key_Down)
    press(grid, Qt.Key.Key_1)
    assert stored_values(window, spans, "strength") == ["announced", None, None, None, "firm"]
    assert at(grid, 0, "strength") == "Announced"
    press(grid, Qt.Key.Key_Delete)
    assert stored_values(window, spans, "strength") == [None, None, None, None, "firm"]


def test_small_numbers_are_their_own_digits(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    attribute = grid.grid.columns[column(grid, "specificity")]
    assert [(digit, value) for digit, _, value in choices_of(attribute)] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    at(grid, 0, "specificity")
    press(grid, Qt.Key.Key_0)
    assert stored_values(window, spans, "specificity")[0] == 0


def test_space_ticks_yes_and_no(grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]) -> None:
    at(grid, 2, "hedged")
    for expected in (True, False, True):
        press(grid, Qt.Key.Key_Space)
        assert stored_values(window, spans, "hedged")[2] is expected
    press(grid, Qt.Key.Key_2)
    assert stored_values(window, spans, "hedged")[2] is False
    assert at(grid, 2, "hedged") == "No"


def test_a_digit_sets_all_selected_cells_as_one_step(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    session = session_of(window)
    at(grid, 0, "certainty")
    for _ in range(3):
        press(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    grid.table.selectionModel().select(
        grid.grid.index(4, column(grid, "certainty")), QItemSelectionModel.SelectionFlag.Select
    )
    before = session.reading.journal.count_steps()
    press(grid, Qt.Key.Key_1)
    value = choices_of(grid.grid.columns[column(grid, "certainty")])[0][2]
    assert stored_values(window, spans, "certainty") == [value] * 5
    assert session.reading.journal.count_steps() == before + 1
    QTest.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stored_values(window, spans, "certainty") == [None] * 5
    assert at(grid, 0, "certainty") == ""
    QTest.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert at(grid, 3, "certainty") != ""


def test_cells_that_cannot_have_the_attribute_are_left_out(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    at(grid, 0, "strength")
    press(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(grid, Qt.Key.Key_1)
    assert stored_values(window, spans, "strength") == ["firm", None, None, None, "firm"]
    assert not grid.problem.isVisible()
    at(grid, 0, "strength")
    press(grid, Qt.Key.Key_Down)
    assert grid.table.currentIndex().row() == 4


def test_a_selection_over_several_columns_counts_in_the_current_one(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    at(grid, 1, "hedged")
    cells = QItemSelection(grid.grid.index(0, 0), grid.grid.index(2, len(grid.grid.columns) - 1))
    grid.table.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.Select)
    grid.table.selectionModel().select(grid.grid.index(4, 0), QItemSelectionModel.SelectionFlag.Select)
    press(grid, Qt.Key.Key_1)
    values = session_of(window).queries.values([span.id for span in spans])
    assert values == {span.id: {"hedged": True} for span in spans[:3]}


def type_into(grid: AttributePassDialog, text: str) -> QLineEdit:
    """Type into the current cell and return its line."""
    type_text(grid.table, text[0])
    editor = next(line for line in grid.table.findChildren(QLineEdit) if line.isVisible())
    type_text(editor, text[1:])
    return editor


def test_letters_type_and_an_alias_means_its_entity(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation], qtbot: Any
) -> None:
    session = session_of(window)
    session.entities.create("Україна", ["Київ"])
    at(grid, 0, "target")
    press(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    editor = type_into(grid, "київ")
    assert editor.completer().completionModel().index(0, 0).data() == "Україна — Київ"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stored_values(window, spans, "target")[0] is not None)
    assert stored_values(window, spans, "target") == ["Україна", "Україна", None, None, None]
    assert grid.isVisible() and session.queries.entity_names() == ["Україна"]
    at(grid, 2, "target")
    press(grid, Qt.Key.Key_1)
    assert stored_values(window, spans, "target")[2] == "Україна"


def test_typing_is_left_with_esc_and_refused_in_a_sentence(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation], qtbot: Any
) -> None:
    at(grid, 0, "strength")
    QTest.keyClick(type_into(grid, "fir"), Qt.Key.Key_Escape)
    assert grid.isVisible() and stored_values(window, spans, "strength")[0] is None
    QTest.keyClick(type_into(grid, "huge"), Qt.Key.Key_Return)
    qtbot.waitUntil(grid.problem.isVisible)
    assert "huge" in grid.problem.text() and stored_values(window, spans, "strength")[0] is None
    QTest.keyClick(type_into(grid, "firm"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stored_values(window, spans, "strength")[0] == "firm")
    assert not grid.problem.isVisible()


def test_several_choices_come_and_go_by_digits(window: MainWindow, spans: list[Annotation]) -> None:
    session = session_of(window)
    means = AttributeDefinition(new_id(), "means", "Means", "choices", 90, (("aid", "Aid"), ("arms", "Arms")))
    session.codebooks.save(with_entry(session.queries.codebook(), means))
    window.actions_table["attribute_pass"].trigger()
    grid = window.attribute_pass.dialog
    assert grid is not None
    at(grid, 0, "means")
    for digit, expected in ((Qt.Key.Key_2, ["arms"]), (Qt.Key.Key_1, ["arms", "aid"]), (Qt.Key.Key_2, ["aid"])):
        press(grid, digit)
        assert stored_values(window, spans, "means")[0] == expected
    press(grid, Qt.Key.Key_1)
    assert stored_values(window, spans, "means")[0] is None


def test_a_click_on_a_choice_chooses_it(grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]) -> None:
    at(grid, 4, "strength")
    button = next(b for b in grid.findChildren(QToolButton) if b.isVisible() and b.text() == "3  Conditional")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert stored_values(window, spans, "strength")[4] == "conditional"
    assert grid.table.hasFocus()


def test_only_spans_that_lack_a_value(grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]) -> None:
    session = session_of(window)
    codebook = session.queries.codebook()
    choose_label(grid, "Condition")
    with session.group("Everything"):
        for attribute in codebook.attributes_for("condition"):
            given: dict[str, Any] = {"boolean": True, "date": "2024-05-31", "number": 1}
            value = attribute.choices[0][0] if attribute.choices else given.get(attribute.type, "words")
            session.annotations.set_attribute(spans[1].id, attribute.key, value)
    choose_label(grid, "All labels")
    assert grid.grid.rowCount() == 5
    grid.missing.click()
    assert [grid.grid.span_at(row).id for row in range(4)] == [s.id for s in spans if s is not spans[1]]
    choose_label(grid, "Condition")
    assert not grid.table.isVisible() and grid.count.text() == "0 of 5 spans"


def test_what_is_inherited_shows_and_gives_way(grid: AttributePassDialog, window: MainWindow, stored: Document) -> None:
    session_of(window).documents.set_value(stored.id, "speaker", "NATO")
    assert at(grid, 0, "speaker") == "NATO"
    index = grid.grid.index(0, column(grid, "speaker"))
    assert index.data(Qt.ItemDataRole.FontRole).italic() and index.data(Qt.ItemDataRole.EditRole) == ""
    assert "from the document" in index.data(Qt.ItemDataRole.ToolTipRole)
    session_of(window).annotations.set_attribute(grid.grid.span_at(0).id, "speaker", "Ukraine")
    assert at(grid, 0, "speaker") == "Ukraine" and not index.data(Qt.ItemDataRole.FontRole).italic()


def test_enter_shows_the_span_and_the_grid_comes_back_to_it(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    choose_label(grid, "Pledge")
    at(grid, 1, "timeframe")
    press(grid, Qt.Key.Key_Return)
    assert window.page.document.selected_span == spans[4]
    assert window.focusWidget() is window.page.reading
    window.actions_table["attribute_pass"].trigger()
    again = window.attribute_pass.dialog
    assert again is not None
    assert again.grid.arrangement == Arrangement(label=spans[0].label)
    assert again.grid.span_at(again.table.currentIndex().row()) == spans[4]
    assert again.table.attribute is not None and again.table.attribute.key == "timeframe"


def test_other_peoples_spans_are_not_in_the_grid(window: MainWindow, stored: Document, spans: list[Annotation]) -> None:
    session = session_of(window)
    session.person = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
    window.actions_table["attribute_pass"].trigger()
    dialog = window.attribute_pass.dialog
    assert dialog is not None and not dialog.table.isVisible()
    mine = session.annotations.tag(stored.id, spans[0].label, [(0, 6)])
    assert [dialog.grid.span_at(row) for row in range(dialog.grid.rowCount())] == [mine]
    assert dialog.table.isVisible()


def test_undone_and_relabelled_spans_leave_the_grid(
    grid: AttributePassDialog, window: MainWindow, spans: list[Annotation]
) -> None:
    session_of(window).history.undo()
    assert grid.grid.rowCount() == 4
    session_of(window).annotations.relabel(spans[0].id, spans[2].label)
    assert grid.grid.label_at(0).id == spans[2].label


def test_the_place_is_kept_when_rows_or_columns_change(
    window: MainWindow, grid: AttributePassDialog, spans: list[Annotation]
) -> None:
    session = session_of(window)
    at(grid, 4, "certainty")
    choose_label(grid, "Pledge")
    assert grid.table.currentIndex().row() == 1
    assert grid.table.attribute is not None and grid.table.attribute.key == "certainty"
    codebook = session.queries.codebook()
    session.codebooks.save(without_entry(codebook, codebook.attribute_by_key("action").id))
    assert "action" not in [attribute.key for attribute in grid.grid.columns]
    assert grid.table.currentIndex().row() == 1 and grid.table.attribute.key == "certainty"
    press(grid, Qt.Key.Key_1)
    assert stored_values(window, spans, "certainty")[4] == "high"
    QTest.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "action" in [attribute.key for attribute in grid.grid.columns]


def test_the_sentence_of_a_span_is_told_on_hover(grid: AttributePassDialog) -> None:
    expected = "«We will provide air defence» if the council agrees."
    assert expected in grid.grid.headerData(0, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert expected in grid.grid.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
