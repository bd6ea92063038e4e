"""A grid of values that is filled by keys: digits choose, Space ticks, letters type, Delete clears."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from annotator.core.records import AttributeDefinition
from annotator.ui.models.attribute_grid import AttributeGridModel
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.theme import Theme
from annotator.ui.views.attribute_cells import CellDelegate
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.views.span_header import SpanHeader

Index = QModelIndex | QPersistentModelIndex

ROW = 30
_QUOTE_SHARE, _QUOTE_WIDTHS = 0.36, (240, 460)
"""What the words of the spans get of the width, and least and most of that in pixels."""
_NAME_EDGE = 26
"""Pixels at both ends of a header together that its name does not get."""
_LEAST = {"boolean": 76, "number": 90, "date": 110}
_USUAL_WIDTH, _WIDEST = 130, 190


class AttributeTable(QTableView):
    """Shows an `AttributeGridModel`; a value goes to every selected cell of the current column.

    `wanted` carries the ids of spans, an attribute's key and the value that somebody wants, None to clear it.
    `span_wanted` carries the id of a span that should be shown in the text.
    """

    wanted = Signal(object, str, object)
    span_wanted = Signal(str)
    current_changed = Signal()

    def __init__(
        self, grid: AttributeGridModel, entities: Entities, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.grid = grid
        self._theme = theme
        self._writable = True
        self.setModel(grid)
        self._cells = CellDelegate(grid, entities, theme, self)
        self._cells.typed.connect(self.want)
        self.setItemDelegate(self._cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self._set_up_headers()
        grid.modelReset.connect(self.fit_columns)
        self.set_writable(True)
        self.fit_columns()

    def _set_up_headers(self) -> None:
        spans, names = SpanHeader(self._theme, self), self.horizontalHeader()
        self.setVerticalHeader(spans)
        spans.setDefaultSectionSize(ROW)
        spans.sectionDoubleClicked.connect(self._show_span)
        names.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        names.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def set_writable(self, writable: bool) -> None:
        """Say whether values can be changed."""
        triggers = QAbstractItemView.EditTrigger
        typing = triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        self._writable = writable
        self.setEditTriggers(typing if writable else triggers.NoEditTriggers)

    @Slot()
    def fit_columns(self) -> None:
        """Make every column as wide as its name, or wider where its values need it."""
        font = QFont(self._theme.font())
        font.setWeight(QFont.Weight.DemiBold)
        metrics, values = QFontMetrics(font), QFontMetrics(self._theme.font())
        for column, attribute in enumerate(self.grid.columns):
            name = str(self.grid.headerData(column, Qt.Orientation.Horizontal))
            longest = max((values.horizontalAdvance(choice) for _, choice in attribute.choices), default=0)
            content = max(_LEAST.get(attribute.type, _USUAL_WIDTH), min(longest + _NAME_EDGE, _WIDEST))
            self.setColumnWidth(column, max(metrics.horizontalAdvance(name) + _NAME_EDGE, content))

    @property
    def attribute(self) -> AttributeDefinition | None:
        """Return the attribute of the current column."""
        index = self.currentIndex()
        return self.grid.columns[index.column()] if index.isValid() else None

    def go_to(self, row: int, column: int) -> None:
        """Make the cell of a row current that has a value or can have one, in this column or the next that fits."""
        columns = [*range(column, len(self.grid.columns)), *range(column)]
        fitting = next((c for c in columns if row < self.grid.rowCount() and self.grid.applies(row, c)), None)
        if fitting is not None:
            self.setCurrentIndex(self.grid.index(row, fitting))
            self.scrollTo(self.currentIndex())

    def chosen_rows(self) -> list[int]:
        """Return the rows that a value would go to: the selected ones of the current column, else the current one."""
        current = self.currentIndex()
        if not current.isValid():
            return []
        column = current.column()
        rows = {
            row
            for part in self.selectionModel().selection().toList()
            if part.left() <= column <= part.right()
            for row in range(part.top(), part.bottom() + 1)
        }
        rows = rows if current.row() in rows else {current.row()}
        return [row for row in sorted(rows) if self.grid.applies(row, column)]

    def choose(self, value: Any) -> None:
        """Want a value for every chosen cell. Of several choices, one that the current cell has is taken away."""
        attribute, rows = self.attribute, self.chosen_rows()
        if attribute is None or not rows or not self._writable:
            return
        if attribute.type == "choices" and isinstance(value, str):
            had = list(self.grid.value(self.currentIndex().row(), self.currentIndex().column()) or ())
            value = [part for part in had if part != value] if value in had else [*had, value]
        self.want(value or None if attribute.type == "choices" else value)

    @Slot(object)
    def want(self, value: Any) -> None:
        """Want a value for every chosen cell, as it is or as it was typed."""
        attribute, rows = self.attribute, self.chosen_rows()
        if attribute is not None and rows and self._writable:
            self.wanted.emit([self.grid.span_at(row).id for row in rows], attribute.key, value)

    @Slot(int)
    def _show_span(self, row: int) -> None:
        self.span_wanted.emit(self.grid.span_at(row).id)

    def _tick(self) -> None:
        index = self.currentIndex()
        self.choose(not self.grid.value(index.row(), index.column()))

    def _select_column(self) -> None:
        column, last = self.currentIndex().column(), self.grid.rowCount() - 1
        cells = QItemSelection(self.grid.index(0, column), self.grid.index(last, column))
        self.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _take_key(self, event: QKeyEvent, attribute: AttributeDefinition) -> bool:
        """Do what a key asks for; say whether it asked for anything here."""
        command, digit = single_key(event) or (None, 0)
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_column()
        elif command is KeyCommand.ENTER:
            self.span_wanted.emit(self.grid.span_at(self.currentIndex().row()).id)
        elif command is KeyCommand.DELETE:
            self.want(None)
        elif event.key() == Qt.Key.Key_Space:
            if attribute.type == "boolean":
                self._tick()
        elif command is KeyCommand.DIGIT and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return self._choose_by(digit)
        else:
            return False
        return True

    def _choose_by(self, digit: int) -> bool:
        choices = self.grid.choices(self.currentIndex().column())
        found = next((choice for choice in choices if choice[0] == digit), None)
        if found is not None:
            self.choose(found[2])
        return bool(choices)

    # -- Qt

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)  # type: ignore[arg-type]
        self.verticalHeader().viewport().update()
        self.current_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        least, most = _QUOTE_WIDTHS
        self.verticalHeader().setFixedWidth(min(max(least, round(_QUOTE_SHARE * self.width())), most))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        attribute = self.attribute
        is_typing = self.state() == QAbstractItemView.State.EditingState
        if is_typing or (attribute is not None and self._take_key(event, attribute)):
            event.accept()
        else:
            super().keyPressEvent(event)
