"""How the table of all annotations gets its rows: opened, gone on with, brought up to date, put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from annotator.core.corpus_query import CorpusOrder
from annotator.ui.models.corpus_loader import CorpusLoader
from annotator.ui.models.corpus_touch import Touched

if TYPE_CHECKING:
    from annotator.core.corpus_row import CorpusRow
    from annotator.session.corpus import CorpusView
    from annotator.ui.corpus_page import CorpusPage

FIRST_ROWS = 200
SORTED_ROWS = 10_000
"""So many rows are loaded to be sorted by their texts, which no index knows."""
SELECTED_ROWS = 5_000
"""So many rows are loaded to be selected together."""
_SETTLING_MS = 400
_MOST_TOUCHED = 400
"""So many rows are taken over one by one; where more changed, the table is read anew."""


class CorpusReading(QObject):
    """Rows come from beside the window; what is selected stays so, and the place.

    `changed` says that there are other rows, or that their number is known; `counting` that the rows are counted
    again, a moment after a change.
    """

    changed = Signal()
    counting = Signal()

    def __init__(self, page: CorpusPage) -> None:
        super().__init__(page)
        self._page = page
        self._table = page.table
        self.order = CorpusOrder()
        self.view: CorpusView | None = None
        self.count: int | None = None
        self._touched: set[str] = set()
        self._is_stale = False
        self._selects_all = False
        self._text_order: tuple[str, bool] | None = None
        self._selected_before: tuple[list[str], str, int] | None = None
        self.loader = loader = CorpusLoader(page.tools.tasks, self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self._count_again)
        loader.opened.connect(self._take_view)
        loader.grown.connect(self._take_more)
        loader.counted.connect(self._take_count)
        loader.detailed.connect(self._take_details)
        table = self._table
        table.entries.more_wanted.connect(self._ask_for_more)
        table.entries.details_wanted.connect(self._ask_for_details)
        table.order_wanted.connect(self.sort)
        table.all_wanted.connect(self.select_all)
        table.text_order_wanted.connect(self.sort_by_text)

    @property
    def is_busy(self) -> bool:
        """Say whether something is still to come."""
        return self.loader.is_busy or self._settling.isActive()

    def forget(self) -> None:
        """Begin with another project, or none."""
        self.loader.stop()
        self._settling.stop()
        self.view, self.count = None, None
        self.order, self._touched = CorpusOrder(), set()
        self._table.entries.set_rows((), complete=True, descending=False)
        self._is_stale = True

    def touch(self, touched: Touched) -> None:
        """Note what changed, to be taken over by `catch_up`."""
        self._is_stale |= touched.everything
        self._touched |= touched.annotations

    def catch_up(self) -> None:
        """Bring the table up to date."""
        if self._is_stale or self.view is None or len(self._touched) > _MOST_TOUCHED or self.loader.is_opening:
            self.reload()
        elif self._touched:
            touched, self._touched = sorted(self._touched), set()
            self._keep_selection()
            self._table.entries.touch(touched, self.view.rows(touched))
            self._restore_selection()
            self._settling.start()
            self.changed.emit()

    def reload(self) -> None:
        """Read the table anew; what is selected stays, and the place."""
        self._is_stale, self._touched = False, set()
        self._open(max(FIRST_ROWS, len(self._table.entries.rows)))

    def start_again(self) -> None:
        """Let the table be read from its beginning by `catch_up`."""
        self._table.entries.set_rows((), complete=True, descending=self.order.descending)
        self._is_stale = True

    def _open(self, rows: int) -> None:
        session = self._page.session
        if session is not None:
            self._keep_selection()
            self.loader.open(session.corpus, self._page.filter, self.order, rows)

    # -- the selection

    def _keep_selection(self) -> None:
        current = self._table.current_row()
        ids = [row.id for row in self._table.selected_rows()]
        self._selected_before = ids, current.id if current else "", self._table.verticalScrollBar().value()

    def _restore_selection(self) -> None:
        if self._selected_before is not None:
            ids, current, scrolled = self._selected_before
            self._table.select_ids(ids, current)
            self._table.verticalScrollBar().setValue(scrolled)
            self._selected_before = None

    @Slot()
    def select_all(self) -> None:
        """Select every row of the filter, after loading those that are not there yet."""
        entries = self._table.entries
        if entries.complete or len(entries.rows) >= SELECTED_ROWS:
            self._table.select_loaded()
            return
        self._selects_all = True
        self._open(SELECTED_ROWS)

    # -- the order

    @Slot(object)
    def sort(self, order: CorpusOrder) -> None:
        """Show the table in another order, from its beginning."""
        self.order = order
        self._table.set_order(order)
        self._page.start_again()

    @Slot(str, bool)
    def sort_by_text(self, column: str, descending: bool) -> None:
        """Sort by the words in a column, as many rows as are loaded for it."""
        self._text_order = (column, descending)
        if self._table.entries.complete or len(self._table.entries.rows) >= SORTED_ROWS:
            self._sort_by_text()
        else:
            self._open(SORTED_ROWS)

    def _sort_by_text(self) -> None:
        if self._text_order is not None:
            column, descending = self._text_order
            self._text_order = None
            self._table.sort_by_text(column, descending=descending)
            self.changed.emit()

    # -- what comes

    @Slot(object, object, bool)
    def _take_view(self, view: CorpusView, rows: list[CorpusRow], complete: bool) -> None:
        self.view, self.count = view, None
        self._table.entries.set_rows(rows, complete=complete, descending=view.order.descending)
        self._table.set_order(view.order)
        self._sort_by_text()
        self._restore_selection()
        if self._selects_all:
            self._selects_all = False
            self._table.select_loaded()
        if not self._table.currentIndex().isValid() and rows:
            self._table.setCurrentIndex(self._table.entries.index(0, 0))
            self._table.clearSelection()
        self._count_again()
        self.changed.emit()

    @Slot()
    def _count_again(self) -> None:
        if self.view is not None:
            self.loader.count(self.view)
            self.counting.emit()

    @Slot()
    def _ask_for_more(self) -> None:
        rows = self._table.entries.rows
        if self.view is not None and rows:
            self.loader.more(self.view, rows[-1])

    @Slot(object, bool)
    def _take_more(self, rows: list[CorpusRow], complete: bool) -> None:
        known = {row.id for row in self._table.entries.rows}
        self._table.entries.add_rows([row for row in rows if row.id not in known], complete=complete)
        self.changed.emit()

    @Slot(int)
    def _take_count(self, count: int) -> None:
        self.count = count
        self.changed.emit()

    @Slot()
    def _ask_for_details(self) -> None:
        if self._page.session is None:
            return
        first, last = self._table.rows_in_sight()
        rows = self._table.entries.without_details(first - 10, last + 30)
        if rows:
            self.loader.details(self._page.session.corpus, rows)

    @Slot(object)
    def _take_details(self, details: Any) -> None:
        self._table.entries.set_details(details)
