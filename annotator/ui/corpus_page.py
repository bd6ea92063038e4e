"""The corpus page: all annotations of the project as a table, what narrows it, and figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from annotator.core.corpus_query import CorpusFilter, CorpusOrder
from annotator.ui.gestures.corpus_changing import CorpusChanging
from annotator.ui.gestures.corpus_exporting import CorpusExporting
from annotator.ui.gestures.corpus_narrowing import CorpusNarrowing
from annotator.ui.models.corpus_loader import CorpusLoader, Figures
from annotator.ui.models.corpus_touch import touched_by
from annotator.ui.panels.corpus_figures_panel import CorpusFiguresPanel
from annotator.ui.panels.corpus_table import CorpusTable
from annotator.ui.panels.widgets import plain_label, strip
from annotator.ui.project_page import PageTools, ProjectPage
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.core.corpus_row import CorpusRow
    from annotator.session.corpus import CorpusChoices, CorpusView
    from annotator.session.corpus_figures import Bars, Matrix
    from annotator.session.session import Session

FIRST_ROWS = 200
SORTED_ROWS = 10_000
"""So many rows are loaded to be sorted by their texts, which no index knows."""
SELECTED_ROWS = 5_000
"""So many rows are loaded to be selected together."""
_SETTLING_MS = 400
_MOST_TOUCHED = 400
"""So many rows are taken over one by one; where more changed, the table is read anew."""
_COLUMNS = "corpus columns"
_FIGURES_SHARE = 0.27
_FIGURES_WIDTHS = (270, 400)
"""Pixels of the figures at least and at most, as long as nobody moves their edge."""


class CorpusPage(ProjectPage):
    """The table reads beside the window; what is done with its rows is in `changing` and `exporting`."""

    def __init__(self, tools: PageTools, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tools, theme, parent)
        self.session: Session | None = None
        self.order = CorpusOrder()
        self.view: CorpusView | None = None
        self.choices: CorpusChoices | None = None
        self.count: int | None = None
        self._touched: set[str] = set()
        self._is_stale = False
        self._has_new_names = False
        self._sizes_are_chosen = False
        self._selects_all = False
        self._text_order: tuple[str, bool] | None = None
        self._selected_before: tuple[list[str], str, int] | None = None
        self.loader = CorpusLoader(tools.tasks, self)
        self.table = CorpusTable(theme, self)
        self.figures = CorpusFiguresPanel(theme, self)
        self.narrowing = CorpusNarrowing(self)
        self.changing = CorpusChanging(self)
        self.exporting = CorpusExporting(self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self._count_again)
        self._build()
        self._connect()
        self.set_theme(theme)

    # -- building

    def _build(self) -> None:
        self.count_label = plain_label("", self, muted=True, scale="small")
        self.columns_button = self._menu_button(self.tr("Columns"))
        self.export_button = self._menu_button(self.tr("Export"))
        self.figures_button = QToolButton(self)
        self.figures_button.setText(self.tr("Figures"))
        self.figures_button.setCheckable(True)
        self.figures_button.setChecked(True)
        self.nothing = plain_label("", self, muted=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self.figures)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.splitterMoved.connect(self._keep_sizes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.splitter, 1)

    def _menu_button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(f"{text} ▾")
        button.setAccessibleName(text)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _bar(self) -> QWidget:
        bar = strip("top", self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(6)
        for widget in self.narrowing.bar():
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.count_label, self.columns_button, self.export_button, self.figures_button):
            row.addWidget(widget)
        return bar

    def _left(self) -> QWidget:
        left = QWidget(self)
        left.setMinimumWidth(420)
        column = QVBoxLayout(left)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(8)
        column.addWidget(self.narrowing.chips)
        column.addWidget(self.table, 1)
        column.addWidget(self.nothing, 1)
        return left

    def _connect(self) -> None:
        loader, table = self.loader, self.table
        loader.opened.connect(self._take_view)
        loader.grown.connect(self._take_more)
        loader.counted.connect(self._take_count)
        loader.detailed.connect(self._take_details)
        loader.figured.connect(self._take_figures)
        loader.failed.connect(self._take_failure)
        table.entries.more_wanted.connect(self._ask_for_more)
        table.entries.details_wanted.connect(self._ask_for_details)
        table.order_wanted.connect(self.sort)
        table.all_wanted.connect(self.select_all)
        table.selected.connect(self._show_count)
        table.text_order_wanted.connect(self.sort_by_text)
        table.open_wanted.connect(self._open_row)
        table.columns_changed.connect(self._keep_columns)
        table.menu_wanted.connect(self._show_menu)
        table.digit_pressed.connect(self.changing.press_digit)
        table.delete_pressed.connect(self.changing.delete)
        table.note_pressed.connect(self.changing.write_note)
        self.narrowing.changed.connect(self._start_again)
        self.figures_button.toggled.connect(self._show_figures_panel)
        self.figures.figures_wanted.connect(self._change_figures)
        self.figures.chosen.connect(self.narrowing.narrow)
        self.columns_button.pressed.connect(self._fill_columns)
        self.export_button.setMenu(self.exporting.menu(self.export_button))

    # -- the project

    @property
    def writable(self) -> bool:
        """Say whether the project can be changed."""
        return self.session is not None and not self.session.read_only_reason

    @property
    def is_busy(self) -> bool:
        """Say whether something is still to come."""
        return self.loader.is_busy or self._settling.isActive() or self.narrowing.is_typing

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self.loader.stop()
        self._settling.stop()
        self.session, self.view, self.count = session, None, None
        self.order, self._touched = CorpusOrder(), set()
        self.narrowing.set_session(session)
        self.table.entries.set_rows((), complete=True, descending=False)
        self.figures.show_nothing("")
        self._is_stale = self._has_new_names = session is not None
        if session is not None and self.isVisible():
            self.enter()

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed; called while the page is not on screen as well."""
        if self.session is None:
            return
        touched = touched_by(changes, self.filter)
        self._has_new_names |= touched.names
        self._is_stale |= touched.everything
        self._touched |= touched.annotations
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        """Bring the table up to date."""
        if self.session is None:
            return
        if self._has_new_names:
            self._read_choices()
        if self._is_stale or self.view is None or len(self._touched) > _MOST_TOUCHED or self.loader.is_opening:
            self.reload()
        elif self._touched:
            touched, self._touched = sorted(self._touched), set()
            self._keep_selection()
            self.table.entries.touch(touched, self.view.rows(touched))
            self._restore_selection()
            self._settling.start()
            self._show_count()

    def _read_choices(self) -> None:
        assert self.session is not None
        self._has_new_names = False
        self.choices = choices = self.session.corpus.choices()
        self.table.entries.set_choices(choices)
        self.narrowing.set_choices(choices)
        people = self.session.role == "lead" and bool(self.session.options.get("person_figures"))
        self.figures.set_choices(choices, people=people)
        self.table.restore_columns(self.tools.settings.window.get(_COLUMNS, ""))

    def reload(self) -> None:
        """Read the table anew; what is selected stays, and the place."""
        if self.session is None:
            return
        self._is_stale, self._touched = False, set()
        self._keep_selection()
        rows = max(FIRST_ROWS, len(self.table.entries.rows))
        self.loader.open(self.session.corpus, self.filter, self.order, rows)

    def _keep_selection(self) -> None:
        current = self.table.current_row()
        ids = [row.id for row in self.table.selected_rows()]
        self._selected_before = ids, current.id if current else "", self.table.verticalScrollBar().value()

    def _restore_selection(self) -> None:
        if self._selected_before is not None:
            ids, current, scrolled = self._selected_before
            self.table.select_ids(ids, current)
            self.table.verticalScrollBar().setValue(scrolled)
            self._selected_before = None

    # -- what comes

    @Slot(object, object, bool)
    def _take_view(self, view: CorpusView, rows: list[CorpusRow], complete: bool) -> None:
        self.view, self.count = view, None
        self.table.entries.set_rows(rows, complete=complete, descending=view.order.descending)
        self.table.set_order(view.order)
        self._sort_by_text()
        self._restore_selection()
        if self._selects_all:
            self._selects_all = False
            self.table.select_loaded()
        if not self.table.currentIndex().isValid() and rows:
            self.table.setCurrentIndex(self.table.entries.index(0, 0))
            self.table.clearSelection()
        self._count_again()
        self._show_count()

    @Slot()
    def _count_again(self) -> None:
        if self.view is not None:
            self.loader.count(self.view)
            self._ask_for_figures()

    @Slot()
    def _ask_for_more(self) -> None:
        rows = self.table.entries.rows
        if self.view is not None and rows:
            self.loader.more(self.view, rows[-1])

    @Slot(object, bool)
    def _take_more(self, rows: list[CorpusRow], complete: bool) -> None:
        known = {row.id for row in self.table.entries.rows}
        self.table.entries.add_rows([row for row in rows if row.id not in known], complete=complete)
        self._show_count()

    @Slot(int)
    def _take_count(self, count: int) -> None:
        self.count = count
        self._show_count()

    @Slot()
    def _ask_for_details(self) -> None:
        if self.session is None:
            return
        first, last = self.table.rows_in_sight()
        rows = self.table.entries.without_details(first - 10, last + 30)
        if rows:
            self.loader.details(self.session.corpus, rows)

    @Slot(object)
    def _take_details(self, details: Any) -> None:
        self.table.entries.set_details(details)

    @Slot()
    def _ask_for_figures(self) -> None:
        wanted = self.figures.wanted()
        if self.view is not None and wanted is not None and self.figures_button.isChecked():
            self.loader.figures(self.view, wanted)

    @Slot()
    def _change_figures(self) -> None:
        self.figures.show_nothing(self.tr("Counting …"))
        self._ask_for_figures()

    @Slot(object, object)
    def _take_figures(self, wanted: Figures, found: Bars | Matrix) -> None:
        self.figures.show_figures(wanted, found)

    @Slot(object)
    def _take_failure(self, error: BaseException) -> None:
        self.tools.messages.show_error(error)

    @Slot()
    def _show_count(self) -> None:
        entries = self.table.entries
        loaded = len(entries.rows)
        shown = loaded if entries.complete else self.count
        if entries.sorted_as_loaded and not entries.complete:
            words = self.tr("the first {loaded} rows, sorted").format(loaded=grouped(loaded))
        elif shown is None:
            words = self.tr("{loaded} and more …").format(loaded=grouped(loaded))
        else:
            words = self.tr("1 span") if shown == 1 else self.tr("{count} spans").format(count=grouped(shown))
        chosen = self.table.selected_count()
        if chosen > 1:
            words = self.tr("{chosen} of {words} selected").format(chosen=grouped(chosen), words=words)
        self.count_label.setText(words if self.view is not None else "")
        is_empty = self.view is not None and not loaded and entries.complete
        self.table.setVisible(not is_empty)
        self.nothing.setVisible(is_empty)
        self.nothing.setText(self._nothing_words())
        self.exporting.set_possible(table=not is_empty)

    def _nothing_words(self) -> str:
        if self.filter:
            return self.tr("No span is like this. Take a filter away.")
        return self.tr("Nothing is tagged yet. Every span that is tagged shows here, with the text around it.")

    # -- narrowing

    @property
    def filter(self) -> CorpusFilter:
        """Return what narrows the table."""
        return self.narrowing.filter

    def set_filter(self, wanted: CorpusFilter) -> None:
        """Show what another filter lets through, from its beginning."""
        self.narrowing.set_filter(wanted)

    @Slot()
    def _start_again(self) -> None:
        self.table.entries.set_rows((), complete=True, descending=self.order.descending)
        self._is_stale = True
        if self.isVisible():
            self._catch_up()

    # -- the table

    @Slot(object)
    def sort(self, order: CorpusOrder) -> None:
        """Show the table in another order, from its beginning."""
        self.order = order
        self.table.set_order(order)
        self._start_again()

    @Slot(str, bool)
    def sort_by_text(self, column: str, descending: bool) -> None:
        """Sort by the words in a column, as many rows as are loaded for it."""
        if self.session is None:
            return
        self._text_order = (column, descending)
        if self.table.entries.complete or len(self.table.entries.rows) >= SORTED_ROWS:
            self._sort_by_text()
        else:
            self._keep_selection()
            self.loader.open(self.session.corpus, self.filter, self.order, SORTED_ROWS)

    def _sort_by_text(self) -> None:
        if self._text_order is not None:
            column, descending = self._text_order
            self._text_order = None
            self.table.sort_by_text(column, descending=descending)
            self._show_count()

    @Slot()
    def select_all(self) -> None:
        """Select every row of the filter, after loading those that are not there yet."""
        entries = self.table.entries
        if self.session is None or entries.complete or len(entries.rows) >= SELECTED_ROWS:
            self.table.select_loaded()
            return
        self._selects_all = True
        self._keep_selection()
        self.loader.open(self.session.corpus, self.filter, self.order, SELECTED_ROWS)

    @Slot(object)
    def _open_row(self, row: CorpusRow) -> None:
        self.span_wanted.emit(row.document, row.id)

    @Slot()
    def _keep_columns(self) -> None:
        self.tools.settings.window[_COLUMNS] = self.table.columns_state()

    @Slot()
    def _fill_columns(self) -> None:
        before = self.columns_button.menu()
        self.columns_button.setMenu(self.table.columns_menu(self.columns_button))
        if before is not None:
            before.deleteLater()

    @Slot(QPoint)
    def _show_menu(self, point: QPoint) -> None:
        if self.table.selected_rows():
            self.changing.menu(self.table).popup(self.table.viewport().mapToGlobal(point))

    @Slot(bool)
    def _show_figures_panel(self, shown: bool) -> None:
        self.figures.setVisible(shown)
        if shown:
            self._ask_for_figures()

    # -- a page of the window

    @Slot()
    def _keep_sizes(self) -> None:
        self._sizes_are_chosen = True

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.table.set_theme(theme)
        self.figures.set_theme(theme)

    def enter(self) -> None:
        """Bring up to date what was left stale, and take the focus."""
        self._catch_up()
        self.take_focus()

    def take_focus(self) -> None:
        """Take the focus back."""
        face = self.narrowing.words if self.nothing.isVisible() else self.table
        face.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_place(self, changes: ChangeSet) -> bool:
        """Stay here when a step is taken back: the rows change under one's eyes."""
        touched = touched_by(changes, self.filter)
        ids = [row.id for row in self.table.entries.rows if row.id in touched.annotations]
        if ids:
            self.table.select_ids(ids, ids[0])
        return bool(touched.annotations) or touched.everything

    def key_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the keys of the table."""
        labels = self.choices.labels if self.choices is not None else ()
        digits = sorted((label.digit, label.name) for label in labels if label.digit is not None and not label.retired)
        relabelling = [(str(digit), self.tr("Relabel as {label}").format(label=name)) for digit, name in digits]
        table = [
            (self.tr("Enter"), self.tr("Open in its document")),
            (self.tr("Shift, Ctrl"), self.tr("Select several rows")),
            *relabelling,
            ("N", self.tr("Write a note on what is selected")),
            (self.tr("Delete"), self.tr("Delete what is selected")),
        ]
        return [(self.tr("All annotations"), table)]

    def panes(self) -> list[tuple[QWidget, QWidget]]:
        """Return each pane with what takes its focus, in the order of F6."""
        panes: list[tuple[QWidget, QWidget]] = [(self.narrowing.words, self.narrowing.words)]
        if self.table.isVisible():
            panes.append((self.table, self.table))
        if self.figures.isVisible():
            panes.append((self.figures, self.figures.chart))
        return panes

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._sizes_are_chosen:
            least, most = _FIGURES_WIDTHS
            width = min(most, max(least, round(self.width() * _FIGURES_SHARE)))
            self.splitter.setSizes([self.width() - width, width])
