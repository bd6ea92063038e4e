"""The table of all annotations: columns to choose, headers that sort, keys that change what is selected."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from annotator.core.corpus_query import CorpusOrder
from annotator.ui.models.corpus_model import SHOWN_AT_FIRST, SORTED_AS_LOADED, SORTS, CorpusModel
from annotator.ui.panels.corpus_delegate import ROW_HEIGHT, CorpusDelegate
from annotator.ui.theme import Theme
from annotator.ui.views.letter_keys import letter_keys
from annotator.ui.views.reading_keys import KeyCommand, single_key

if TYPE_CHECKING:
    from annotator.core.corpus_row import CorpusRow

WIDTHS = {"label": 128, "annotator": 100, "tagged": 128, "note": 180}
_WIDTH = 110
_STRETCHED = {"left": 0.31, "span": 0.38, "right": 0.31}
"""Columns that share what is left, and their shares."""
_LEAST_TEXT = 112
_TITLE = (100, 0.15, 190)
"""Pixels of a title at least, its share of the table, and its pixels at most."""
_LEAST = 40
_DETAILS_DELAY_MS = 30


class CorpusTable(QTableView):
    """`order_wanted` carries a CorpusOrder, `text_order_wanted` a column of the text and whether it goes backwards.

    `open_wanted` carries the row to see in its document. `digit_pressed`, `delete_pressed`, `note_pressed` and
    `menu_wanted` are for what is selected; `columns_changed` tells that columns or widths were changed by hand,
    `all_wanted` asks to select every row, `selected` tells that others are selected.
    """

    order_wanted = Signal(object)
    open_wanted = Signal(object)
    digit_pressed = Signal(int)
    delete_pressed = Signal()
    note_pressed = Signal()
    menu_wanted = Signal(QPoint)
    columns_changed = Signal()
    all_wanted = Signal()
    selected = Signal()
    text_order_wanted = Signal(str, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = CorpusModel(self)
        self._delegate = CorpusDelegate(theme, self)
        self._widths: dict[str, int] = {}
        self._order = CorpusOrder()
        self._is_fitting = False
        self.setModel(self.entries)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(self.tr("All annotations"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort_by)
        header.sectionResized.connect(self._note_width)
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(self.selected)
        self._details_timer = QTimer(self)
        self._details_timer.setSingleShot(True)
        self._details_timer.setInterval(_DETAILS_DELAY_MS)
        self._details_timer.timeout.connect(self._ask_for_details)
        self.verticalScrollBar().valueChanged.connect(self._details_timer.start)
        for signal in (self.entries.modelReset, self.entries.rowsInserted, self.entries.dataChanged):
            signal.connect(self._details_timer.start)
        self._show_order()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and type."""
        self._delegate.set_theme(theme)
        self.viewport().update()

    # -- columns

    def columns_state(self) -> str:
        """Return which columns are shown and how wide, as text to remember."""
        return json.dumps({"columns": list(self.entries.columns), "widths": self._widths})

    def restore_columns(self, state: str) -> None:
        """Show columns as they were remembered; what is not understood is as at first."""
        try:
            data = json.loads(state) if state else {}
        except ValueError:
            data = {}
        data = data if isinstance(data, dict) else {}
        known = self.entries.known_columns()
        wanted, widths = data.get("columns"), data.get("widths")
        if isinstance(widths, dict):
            self._widths = {str(k): v for k, v in widths.items() if isinstance(v, int) and v >= _LEAST}
        names = [name for name in wanted if name in known] if isinstance(wanted, list) else []
        self.set_columns(names or SHOWN_AT_FIRST)

    def set_columns(self, names: Sequence[str]) -> None:
        """Show these columns in the order in which they are known."""
        order = {name: place for place, name in enumerate(self.entries.known_columns())}
        self.entries.set_columns(sorted(names, key=lambda name: order.get(name, 0)))
        self._fit()
        self._show_order()

    def _fit(self) -> None:
        """Give each column its width; the text shares what is left."""
        self._is_fitting = True
        columns = self.entries.columns
        least, part, most = _TITLE
        usual = {**WIDTHS, "title": int(min(most, max(least, part * self.viewport().width())))}
        widths = {name: self._widths.get(name, usual.get(name, _WIDTH)) for name in columns}
        free = [name for name in _STRETCHED if name in widths and name not in self._widths]
        room = self.viewport().width() - sum(width for name, width in widths.items() if name not in free)
        whole = sum(_STRETCHED[name] for name in free)
        for name in free:
            widths[name] = max(_LEAST_TEXT, int(room * _STRETCHED[name] / whole))
        for place, name in enumerate(columns):
            self.setColumnWidth(place, widths[name])
        self._is_fitting = False

    @Slot(int, int, int)
    def _note_width(self, section: int, _before: int, width: int) -> None:
        if self._is_fitting or not 0 <= section < len(self.entries.columns) or not width:
            return
        self._widths[self.entries.columns[section]] = width
        self.columns_changed.emit()

    def columns_menu(self, parent: QWidget) -> QMenu:
        """Return a menu that says which columns are shown."""
        from annotator.ui.panels.sight_button import SightMenu

        menu = SightMenu(parent)
        for name in self.entries.known_columns():
            action = menu.addAction(self.entries.column_title(name).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name in self.entries.columns)
            action.setData(name)
        menu.triggered.connect(self._toggle_column)
        return menu

    @Slot(QAction)
    def _toggle_column(self, action: QAction) -> None:
        name, names = action.data(), list(self.entries.columns)
        if name in names and len(names) > 1:
            names.remove(name)
        elif name not in names:
            names.append(name)
        self.set_columns(names)
        action.setChecked(name in self.entries.columns)
        self.columns_changed.emit()

    # -- order

    def set_order(self, order: CorpusOrder) -> None:
        """Show in the headers how the table is sorted."""
        self._order = order
        self._show_order()

    def _show_order(self) -> None:
        names = [name for name, sort in SORTS.items() if sort == self._order.sort]
        section = self.entries.columns.index(names[0]) if names[0] in self.entries.columns else -1
        way = Qt.SortOrder.DescendingOrder if self._order.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, way)

    @Slot(int)
    def _sort_by(self, section: int) -> None:
        name = self.entries.columns[section]
        header = self.horizontalHeader()
        backwards = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        if name in SORTED_AS_LOADED:
            self.text_order_wanted.emit(name, backwards)
        elif name in SORTS:
            again = self._order.sort == SORTS[name] and not self.entries.sorted_as_loaded
            self.order_wanted.emit(CorpusOrder(SORTS[name], again and not self._order.descending))
        else:
            self._show_order()

    def sort_by_text(self, column: str, *, descending: bool) -> None:
        """Sort the rows that are loaded by one of `SORTED_AS_LOADED`."""
        self.entries.sort_loaded(column, descending=descending)
        way = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        if column in self.entries.columns:
            self.horizontalHeader().setSortIndicator(self.entries.columns.index(column), way)

    # -- what is selected

    def selected_rows(self) -> list[CorpusRow]:
        """Return the rows that are selected, from the top."""
        places = {place for one in self._ranges() for place in range(one.top(), one.bottom() + 1)}
        return [self.entries.rows[place] for place in sorted(places)]

    def selected_count(self) -> int:
        """Return how many rows are selected."""
        return sum(one.height() for one in self._ranges())

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    def current_row(self) -> CorpusRow | None:
        """Return the row with the focus."""
        return self.entries.row(self.currentIndex())

    def select_ids(self, ids: Mapping[str, object] | Sequence[str], current: str = "") -> None:
        """Select the rows of these annotations, as far as they are loaded."""
        wanted, selection = set(ids), QItemSelection()
        places = [place for place, row in enumerate(self.entries.rows) if row.id in wanted]
        for _, run in groupby(enumerate(places), lambda numbered: numbered[1] - numbered[0]):
            held = [place for _, place in run]
            selection.select(self.entries.index(held[0], 0), self.entries.index(held[-1], 0))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(selection, flags)
        place = self.entries.place_of(current)
        if place >= 0:
            self.selectionModel().setCurrentIndex(
                self.entries.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def select_loaded(self) -> None:
        """Select the rows that are loaded, as one range: Qt's own way looks at each cell."""
        if self.entries.rows:
            last = self.entries.index(len(self.entries.rows) - 1, len(self.entries.columns) - 1)
            everything = QItemSelection(self.entries.index(0, 0), last)
            self.selectionModel().select(everything, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        row = self.entries.row(index)
        if row is not None:
            self.open_wanted.emit(row)

    @Slot()
    def _ask_for_details(self) -> None:
        if self.entries.needs_details and self.entries.rows:
            self.entries.details_wanted.emit()

    def rows_in_sight(self) -> tuple[int, int]:
        """Return the first row on screen and the last one."""
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        return max(first, 0), last if last >= 0 else len(self.entries.rows) - 1

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._details_timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
            return
        command, digit = single_key(event) or (None, 0)
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self.entries.rows) - 1}
        if plain and command is KeyCommand.DIGIT and digit:
            self.digit_pressed.emit(digit)
        elif plain and command is KeyCommand.DELETE:
            self.delete_pressed.emit()
        elif plain and command is KeyCommand.ENTER:
            self._open(self.currentIndex())
        elif plain and "n" in letter_keys(event):
            self.note_pressed.emit()
        elif plain and event.key() in ends:
            self._go_to(ends[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int) -> None:
        if 0 <= place < len(self.entries.rows):
            self.setCurrentIndex(self.entries.index(place, 0))
            self.scrollTo(self.entries.index(place, 0))
