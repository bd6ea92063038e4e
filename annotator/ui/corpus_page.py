"""The corpus page: all annotations of the project as a table, what narrows it, and figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from annotator.core.corpus_query import CorpusFilter
from annotator.ui.gestures.corpus_changing import CorpusChanging
from annotator.ui.gestures.corpus_exporting import CorpusExporting
from annotator.ui.gestures.corpus_narrowing import CorpusNarrowing
from annotator.ui.gestures.corpus_reading import CorpusReading
from annotator.ui.models.corpus_loader import Figures
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
    from annotator.session.corpus import CorpusChoices
    from annotator.session.corpus_figures import Bars, Matrix
    from annotator.session.session import Session

_COLUMNS = "corpus columns"
_FIGURES_SHARE = 0.27
_FIGURES_WIDTHS = (270, 400)
"""Pixels of the figures at least and at most, as long as nobody moves their edge."""


class CorpusPage(ProjectPage):
    """Where the rows come from is in `reading`; what is done with them is in `changing` and `exporting`."""

    def __init__(self, tools: PageTools, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tools, theme, parent)
        self.session: Session | None = None
        self.choices: CorpusChoices | None = None
        self._has_new_names = False
        self._sizes_are_chosen = False
        self.table = CorpusTable(theme, self)
        self.figures = CorpusFiguresPanel(theme, self)
        self.narrowing = CorpusNarrowing(self)
        self.reading = CorpusReading(self)
        self.changing = CorpusChanging(self)
        self.exporting = CorpusExporting(self)
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
        reading, table = self.reading, self.table
        reading.changed.connect(self._show_count)
        reading.counting.connect(self._ask_for_figures)
        reading.loader.figured.connect(self._take_figures)
        reading.loader.failed.connect(self._take_failure)
        table.selected.connect(self._show_count)
        table.open_wanted.connect(self._open_row)
        table.columns_changed.connect(self._keep_columns)
        table.menu_wanted.connect(self._show_menu)
        table.digit_pressed.connect(self.changing.press_digit)
        table.delete_pressed.connect(self.changing.delete)
        table.note_pressed.connect(self.changing.write_note)
        self.narrowing.changed.connect(self.start_again)
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
        return self.reading.is_busy or self.narrowing.is_typing

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self.session = session
        self.reading.forget()
        self.narrowing.set_session(session)
        self.figures.show_nothing("")
        self._has_new_names = session is not None
        if session is not None and self.isVisible():
            self.enter()

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed; called while the page is not on screen as well."""
        if self.session is None:
            return
        touched = touched_by(changes, self.filter)
        self._has_new_names |= touched.names
        self.reading.touch(touched)
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        """Bring the table up to date."""
        if self.session is None:
            return
        if self._has_new_names:
            self._read_choices()
        self.reading.catch_up()

    def _read_choices(self) -> None:
        assert self.session is not None
        self._has_new_names = False
        self.choices = choices = self.session.corpus.choices()
        self.table.entries.set_choices(choices)
        self.narrowing.set_choices(choices)
        people = self.session.role == "lead" and bool(self.session.options.get("person_figures"))
        self.figures.set_choices(choices, people=people)
        self.table.restore_columns(self.tools.settings.window.get(_COLUMNS, ""))

    # -- figures and numbers

    @Slot()
    def _ask_for_figures(self) -> None:
        wanted = self.figures.wanted()
        if self.reading.view is not None and wanted is not None and self.figures_button.isChecked():
            self.reading.loader.figures(self.reading.view, wanted)

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
        shown = loaded if entries.complete else self.reading.count
        if entries.sorted_as_loaded and not entries.complete:
            words = self.tr("the first {loaded} rows, sorted").format(loaded=grouped(loaded))
        elif shown is None:
            words = self.tr("{loaded} and more …").format(loaded=grouped(loaded))
        else:
            words = self.tr("1 span") if shown == 1 else self.tr("{count} spans").format(count=grouped(shown))
        chosen = self.table.selected_count()
        if chosen > 1:
            words = self.tr("{chosen} of {words} selected").format(chosen=grouped(chosen), words=words)
        self.count_label.setText(words if self.reading.view is not None else "")
        is_empty = self.reading.view is not None and not loaded and entries.complete
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
    def start_again(self) -> None:
        """Show the table from its beginning."""
        self.reading.start_again()
        if self.isVisible():
            self._catch_up()

    # -- the table

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
