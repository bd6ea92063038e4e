"""Hand in: what is unfinished and what does not fit is shown with its place; one button makes the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.session.packages import HandedIn, HandInReport
from annotator.ui.dialogs.files_page import FilesPage, file_rows
from annotator.ui.dialogs.parts import SMALL_GAP, Fields, Figures, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.target_lines import FolderLine
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.words import grouped, one_line, span_count, status_name

SIZE = (680, 600)
_QUOTE = 90
MOST_FINDINGS = 300
"""Findings that are listed at most."""

Place = tuple[str, int]
"""A document's id and a code point in it."""


class HandInDialog(WorkDialog):
    """Waits for `show_report`, then for the person.

    `hand_in_requested` (a folder) asks for the file, and `show_result` shows it in the end. `place_wanted` carries the
    id of a document and a code point in it, and closes the dialog.
    """

    hand_in_requested = Signal(object)
    place_wanted = Signal(str, int)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Progress of the hand-in"), parent)
        self.set_title(
            self.tr("Hand in"),
            self.tr("The file that is made holds what you tagged, and no texts. Send it to the lead of the project."),
        )
        self.files_page = FilesPage()
        self.pages.addWidget(self.files_page)
        self.is_reading = True
        self._build(folder)
        self.show_button = self.add_side_button(self.tr("&Go to the place"))
        self.show_button.clicked.connect(self._go)
        self.add_work_buttons(self.tr("Hand in"))
        self.keep_fitting(*SIZE)
        self.show_started(self.tr("Looking through your documents…"))

    def _build(self, folder: Path) -> None:
        self.figures = Figures([self.tr("documents"), self.tr("not finished"), self.tr("to look at")])
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list, bold=False, wrap=True))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("What to look at before handing in"))
        self.list.itemActivated.connect(self._go)
        self.list.currentItemChanged.connect(self._show_current)
        self.pages.currentChanged.connect(self._show_current)
        self.nothing = plain_label(self.tr("✓ Every document is done, and nothing looks wrong."), state="success")
        self.folder_line = FolderLine(folder, self.tr("Where the file goes"))
        fields = Fields()
        fields.add_row(self.tr("F&older"), self.folder_line, self.folder_line.line)
        column = QVBoxLayout(self.first_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.figures)
        column.addSpacing(SMALL_GAP)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        column.addSpacing(SMALL_GAP)
        column.addLayout(fields)

    @Slot(object)
    def show_report(self, report: HandInReport) -> None:
        """Show what to know before handing in."""
        self.is_reading = False
        self.figures.set_numbers(report.documents, len(report.unfinished), len(report.findings))
        self.list.clear()
        for document in report.unfinished:
            detail = self.tr("This document is not finished.")
            self.list.addItem(row_item(document.title, detail, status_name(document.status), key=(document.id, 0)))
        for finding in report.findings[:MOST_FINDINGS]:
            title = f"“{one_line(finding.quote, _QUOTE)}”" if finding.quote else finding.title
            self.list.addItem(
                row_item(title, finding.message, one_line(finding.title, 30), key=(finding.document, finding.start))
            )
        more = len(report.findings) - MOST_FINDINGS
        if more > 0:
            words = self.tr("{count} more").format(count=grouped(more))
            self.list.addItem(row_item(words, self.tr("The consistency check shows all of them."), faint=True))
        found = bool(self.list.count())
        self.list.setVisible(found)
        self.nothing.setVisible(not found)
        self.main_button.setText(self.tr("Hand in all the same") if found else self.tr("Hand in"))
        self.show_first()
        if found:
            self.list.setCurrentRow(0)
            self.list.setFocus()
        else:
            self.main_button.setFocus()
        self._show_current()

    @Slot(object)
    def show_result(self, handed: HandedIn) -> None:
        """Show the file that was made."""
        detail = self.tr("{spans} · {changes} changes").format(
            spans=span_count(handed.annotations), changes=grouped(handed.changes)
        )
        self.files_page.show_files(
            self.tr("✓ Made and verified: every text is the one that the lead sent."),
            self.tr("Send this file to the lead. You can go on working and hand in again; nothing is counted twice."),
            handed.file.parent,
            file_rows([handed.file], [detail]),
        )
        self.show_end(self.files_page)

    @Slot()
    def _show_current(self) -> None:
        on_report = self.pages.currentWidget() is self.first_page
        self.show_button.setVisible(on_report and self.list.currentItem() is not None)

    @Slot()
    def _go(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        place: Place | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        if place is not None:
            self.place_wanted.emit(*place)
            self.done(0)

    def problem_now(self) -> str:
        return self.folder_line.problem()

    def begin(self) -> None:
        self.show_started()
        self.hand_in_requested.emit(self.folder_line.path())
