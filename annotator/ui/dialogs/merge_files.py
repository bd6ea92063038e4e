"""Merge files that came back: what each brings and what it does to each document, then the merge as one step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.session.merging import FileMerge, MergeReport
from annotator.ui.dialogs.parts import SMALL_GAP, Figures, plain_label, set_state
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.models.merge_model import DECIDED, DOCUMENT, MergeModel
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped

SIZE = (860, 640)
QWIDGETSIZE_MAX = 16_777_215
"""Qt's own limit, which PySide does not name."""
_FILES_SHOWN = 3
"""Files that are seen without scrolling."""


class MergeDialog(WorkDialog):
    """Waits for `show_preview`, then for the person.

    `merge_requested` (a list of paths) asks for the merge, and `show_result` shows what it did. With `updates`, a
    package comes into one's own.
    """

    merge_requested = Signal(list)
    conflicts_wanted = Signal()
    open_wanted = Signal(str)

    def __init__(self, files: Sequence[Path], parent: QWidget | None = None, *, updates: bool = False) -> None:
        super().__init__(self.tr("Progress of the merge"), parent)
        self._files = list(files)
        self._updates = updates
        self._mergeable: list[Path] = []
        self.is_reading = True
        self._build()
        self._add_buttons()
        self._show_title()
        self.keep_fitting(*SIZE)
        self.show_started(self.tr("Reading and checking…"))

    def _build(self) -> None:
        self.figures = Figures(
            (
                *(self.tr("new spans"), self.tr("changed"), self.tr("gone"), self.tr("decided by the lead")),
                *(self.tr("other changes"), self.tr("conflicts")),
            )
        )
        self.verdict = plain_label("", wrap=True)
        self.files = QListWidget()
        self.files.setItemDelegate(TwoLineDelegate(self.files, wrap=True))
        self.files.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.files.setAccessibleName(self.tr("Files"))
        self.model = MergeModel(self)
        self.documents = _table(self.model)
        self.documents.setAccessibleName(self.tr("Documents"))
        column = QVBoxLayout(self.first_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.verdict)
        column.addWidget(self.figures)
        column.addSpacing(SMALL_GAP)
        column.addWidget(heading(self.tr("Files")))
        column.addWidget(self.files, 1)
        column.addSpacing(SMALL_GAP)
        self.documents_heading = heading(self.tr("Documents"))
        column.addWidget(self.documents_heading)
        column.addWidget(self.documents, 2)

    def _add_buttons(self) -> None:
        self.open_button = self.add_side_button(self.tr("&Open it as a project of its own"))
        self.open_button.setVisible(self._updates)
        self.open_button.clicked.connect(self._open)
        self.conflicts_button = self.add_side_button(self.tr("Resolve &conflicts…"))
        self.conflicts_button.clicked.connect(self._go_to_conflicts)
        self.conflicts_button.hide()
        self.add_work_buttons(self.tr("Update") if self._updates else self.tr("Merge"))
        self.main_button.setEnabled(False)

    def _show_title(self) -> None:
        if self._updates:
            self.set_title(
                self.tr("Take in a later package"),
                self.tr(
                    "It brings what is new to the project that is open; what you tagged stays. Undo takes it back."
                ),
            )
        else:
            self.set_title(
                self.tr("Merge"),
                self.tr("What came back is joined with what is here, all of it as one step that undo takes back."),
            )

    # -- what is shown

    @Slot(object)
    def show_preview(self, report: MergeReport) -> None:
        """Show what merging would do."""
        self.is_reading = False
        self._mergeable = [file.file for file in report.files if not file.refused and file.new]
        self._show_report(report)
        refused = sum(1 for file in report.files if file.refused)
        words, state = "", ""
        if not self._mergeable and not refused:
            words, state = self.tr("Everything in it is here already; there is nothing to do."), "success"
            if report.taken_back:
                words = self.tr("It was merged before and undone: redo brings it back (Ctrl+Shift+Z, or the history).")
        elif refused:
            words = self.tr("{count} of {all} files cannot be merged; see below why.")
            words, state = words.format(count=refused, all=len(report.files)), "warning"
        self._say(words, state)
        self.show_first()
        self.main_button.setEnabled(bool(self._mergeable))
        self.close_button.setText(self.tr("Cancel") if self._mergeable else self.tr("Close"))
        (self.main_button if self._mergeable else self.close_button).setFocus()

    @Slot(object)
    def show_result(self, report: MergeReport) -> None:
        """Show what the merge did."""
        self._show_report(report)
        done = self.tr("✓ Taken in.") if self._updates else self.tr("✓ Merged.")
        self._say(self.tr("{done} Ctrl+Z takes all of it back.").format(done=done), "success")
        if report.conflicts:
            count = self.tr("1 conflict waits") if report.conflicts == 1 else self.tr("{count} conflicts wait")
            words = self.tr("{done} {conflicts} for somebody to decide.")
            self._say(words.format(done=done, conflicts=count.format(count=grouped(report.conflicts))), "warning")
        self.conflicts_button.setVisible(bool(report.conflicts))
        self.open_button.hide()
        self.show_end(self.first_page)
        if report.conflicts:
            self.conflicts_button.setFocus()

    def _show_report(self, report: MergeReport) -> None:
        self.pages.setCurrentWidget(self.first_page)
        new, changed, gone = report.rows.get("annotation", (0, 0, 0))
        decided = sum(report.rows.get("gold", ()))
        others = sum(sum(counts) for table, counts in report.rows.items() if table not in ("annotation", "gold"))
        self.figures.set_numbers(new, changed, gone, decided, others, report.conflicts)
        self.files.clear()
        for file in sorted(report.files, key=_refused_first):
            self.files.addItem(row_item(file.file.name, self._words_on(file), file.sender, faint=bool(file.refused)))
        self.model.set_rows(report.documents)
        self.documents.setColumnHidden(DECIDED, not any(one.decided for one in report.documents))
        for widget in (self.documents, self.documents_heading):
            widget.setVisible(bool(report.documents))
        self._fit_files(alone=not report.documents)

    def _fit_files(self, *, alone: bool) -> None:
        """Give the list of files the height of its first rows; without documents, all that there is."""
        rows = range(min(self.files.count(), _FILES_SHOWN))
        height = sum(self.files.sizeHintForRow(row) for row in rows) + 2 * self.files.frameWidth() + 4
        self.files.setMinimumHeight(0 if alone else height)
        self.files.setMaximumHeight(QWIDGETSIZE_MAX if alone else height)

    def _words_on(self, file: FileMerge) -> str:
        if file.refused:
            return self.tr("Cannot be merged: {reason}").format(reason=file.refused)
        words = self.tr("{changes} changes: {new} new, {known} known already").format(
            changes=grouped(file.changes), new=grouped(file.new), known=grouped(file.known)
        )
        if file.facts is None:
            return self.tr("A copy of the project: everything in it comes in. {words}.").format(words=words)
        left_out = sum(file.left_out.values())
        if not left_out:
            return f"{words}."
        tables = ", ".join(f"{self._table_name(table)} {grouped(count)}" for table, count in file.left_out.items())
        return self.tr("{words}, {count} left out as not the sender's to change ({tables}).").format(
            words=words, count=grouped(left_out), tables=tables
        )

    def _table_name(self, table: str) -> str:
        return table.replace("_", " ")

    def _say(self, words: str, state: str) -> None:
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))
        set_state(self.verdict, state)

    def cancelled_words(self) -> str:
        return self.tr("Cancelled: nothing was merged.")

    @Slot()
    def _go_to_conflicts(self) -> None:
        self.done(0)
        self.conflicts_wanted.emit()

    @Slot()
    def _open(self) -> None:
        self.done(0)
        self.open_wanted.emit(str(self._files[0]))

    def begin(self) -> None:
        self.show_started(self.tr("Merging…"))
        self.merge_requested.emit(self._mergeable)


def _table(model: MergeModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(28)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(DOCUMENT, QHeaderView.ResizeMode.Stretch)
    return table


def _refused_first(file: FileMerge) -> bool:
    return not file.refused
