"""Issue packages: choose for whom and where to; one file each is made, and the folder is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from annotator.session.packages import Issued, Recipient
from annotator.ui.dialogs.check_sign import CheckDelegate
from annotator.ui.dialogs.controls import CheckBox
from annotator.ui.dialogs.export_pages import ProgressPage
from annotator.ui.dialogs.package_pages import FilesPage, FolderLine, file_rows
from annotator.ui.dialogs.parts import SMALL_GAP, Dialog, Fields, plain_label
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped, span_count

SIZE = (640, 560)


@dataclass(frozen=True, slots=True)
class IssueOptions:
    """For whom packages are to be made (ids), where to, and whether decisions on returned documents go along."""

    annotators: tuple[str, ...]
    folder: Path
    with_digest: bool


class IssuePackagesDialog(Dialog):
    """Stays open while packages are made and shows the files in the end.

    Whoever listens to `issue_requested` (an IssueOptions) makes them and calls `show_progress`, then `show_result`,
    `show_error` or `show_cancelled`. `cancel_requested` asks for its end.
    """

    issue_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, recipients: Sequence[Recipient], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Issue packages"),
            self.tr("One file for each person, with their documents and the codebook, and nothing of what others did."),
        )
        self._options_page = QWidget()
        self.progress_page = ProgressPage()
        self.progress_page.bar.setAccessibleName(self.tr("Progress of the packages"))
        self.files_page = FilesPage()
        self.pages = QStackedWidget()
        for page in (self._options_page, self.progress_page, self.files_page):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages, 1)
        self.close_button = self.add_button(self.tr("Cancel"))
        self.issue_button = self.add_main_button(self.tr("Make the packages"))
        self._build(recipients, folder)
        self.keep_fitting(*SIZE)
        self._show_count()
        self.list.setFocus()

    def _build(self, recipients: Sequence[Recipient], folder: Path) -> None:
        self.list = QListWidget()
        self.list.setItemDelegate(CheckDelegate(self.list))
        self.list.setAccessibleName(self.tr("People with assigned documents"))
        for one in recipients:
            self.list.addItem(_recipient_item(one, self._words(one)))
        self.list.itemChanged.connect(self._show_count)
        self.nothing = plain_label(
            self.tr("Nobody has documents in this round. Share some out first (Project, People and work…)."),
            wrap=True,
            muted=True,
        )
        self.nothing.setVisible(not recipients)
        self.list.setVisible(bool(recipients))
        self.digest = CheckBox(self.tr("With the &decisions on documents that were returned"))
        self.digest.setChecked(any(one.returned for one in recipients))
        self.digest.setEnabled(any(one.returned for one in recipients))
        self.folder_line = FolderLine(folder, self.tr("Where the packages go"))
        fields = Fields()
        fields.add_row(self.tr("F&older"), self.folder_line, self.folder_line.line)
        column = QVBoxLayout(self._options_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(heading(self.tr("For whom")))
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.digest)
        column.addSpacing(SMALL_GAP)
        column.addLayout(fields)

    def _words(self, one: Recipient) -> str:
        documents = self.tr("1 document") if one.documents == 1 else self.tr("{count} documents")
        words = f"{one.name} · {documents.format(count=grouped(one.documents))}"
        if one.returned:
            words += " · " + self.tr("{count} returned").format(count=grouped(one.returned))
        return words

    def _chosen(self) -> tuple[str, ...]:
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() == Qt.CheckState.Checked)

    @Slot()
    def _show_count(self) -> None:
        count = len(self._chosen())
        self.show_problem("")
        self.issue_button.setEnabled(bool(count))
        words = self.tr("Make 1 package") if count == 1 else self.tr("Make {count} packages")
        self.issue_button.setText(words.format(count=grouped(count)) if count else self.tr("Make packages"))

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far the packages are; `total` is 0 where that is not known."""
        self.show_problem("")
        self.pages.setCurrentWidget(self.progress_page)
        self.progress_page.show_progress(done, total, text)
        self.issue_button.hide()

    def show_result(self, issued: Sequence[Issued], problem: str = "") -> None:
        """Show which packages were made; `problem` says which were not."""
        details = [self._what_is_in(one) for one in issued]
        count = len(issued)
        words = self.tr("✓ 1 package made and verified.") if count == 1 else self.tr("✓ {count} packages made.")
        self.files_page.show_files(
            words.format(count=grouped(count)),
            self.tr("Send each person their file. They open it, and their button Hand in makes the file for you."),
            issued[0].file.parent if issued else self.folder_line.folder(),
            file_rows([one.file for one in issued], details),
        )
        self.pages.setCurrentWidget(self.files_page)
        self._end(problem)

    def _what_is_in(self, one: Issued) -> str:
        documents = self.tr("1 document") if one.documents == 1 else self.tr("{count} documents")
        return f"{one.name} · {documents.format(count=grouped(one.documents))} · {span_count(one.annotations)}"

    def _end(self, problem: str) -> None:
        self.issue_button.hide()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setEnabled(True)
        self.close_button.setDefault(True)
        self.close_button.setFocus()
        self.show_problem(problem)

    def show_error(self, message: str) -> None:
        """Go back and say why there is no package."""
        self.pages.setCurrentWidget(self._options_page)
        self.issue_button.show()
        self.issue_button.setDefault(True)
        self.close_button.setText(self.tr("Cancel"))
        self.close_button.setEnabled(True)
        self.show_problem(message)

    def show_cancelled(self) -> None:
        """Go back after the person cancelled."""
        self.show_error(self.tr("Cancelled. Packages that were made before stay in the folder."))

    def accept(self) -> None:
        if self.pages.currentWidget() is not self._options_page or not self._chosen():
            return
        problem = self.folder_line.problem()
        if problem:
            self.show_problem(problem)
            return
        options = IssueOptions(self._chosen(), self.folder_line.folder(), self.digest.isChecked())
        self.progress_page.show_started()
        self.show_progress(0, 0, "")
        self.issue_requested.emit(options)

    def reject(self) -> None:
        if self.pages.currentWidget() is not self.progress_page:
            super().reject()
        elif self.close_button.isEnabled():
            self.close_button.setEnabled(False)
            self.progress_page.show_cancelling()
            self.cancel_requested.emit()


def _recipient_item(one: Recipient, words: str) -> QListWidgetItem:
    item = QListWidgetItem(words)
    item.setData(Qt.ItemDataRole.UserRole, one.id)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked)
    return item
