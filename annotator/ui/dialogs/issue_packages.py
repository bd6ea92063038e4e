"""Issue packages: choose for whom and where to; one file each is made, and the folder is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.session.packages import Issued, Recipient
from annotator.ui.dialogs.check_sign import CheckDelegate
from annotator.ui.dialogs.controls import CheckBox
from annotator.ui.dialogs.files_page import FilesPage, file_rows
from annotator.ui.dialogs.parts import SMALL_GAP, Fields, plain_label
from annotator.ui.dialogs.target_lines import FolderLine
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped, span_count

SIZE = (640, 560)


@dataclass(frozen=True, slots=True)
class IssueOptions:
    """For whom packages are to be made (ids), where to, and whether decisions on returned documents go along."""

    annotators: tuple[str, ...]
    folder: Path
    with_digest: bool


class IssuePackagesDialog(WorkDialog):
    """`issue_requested` (an IssueOptions) asks for the packages; `show_result` shows the files in the end."""

    issue_requested = Signal(object)

    def __init__(self, recipients: Sequence[Recipient], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Progress of the packages"), parent)
        self.set_title(
            self.tr("Issue packages"),
            self.tr("One file for each person, with their documents and the codebook, and nothing of what others did."),
        )
        self.files_page = FilesPage()
        self.pages.addWidget(self.files_page)
        self.add_work_buttons(self.tr("Make the packages"))
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
        column = QVBoxLayout(self.first_page)
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
        self.main_button.setEnabled(bool(count))
        words = self.tr("Make 1 package") if count == 1 else self.tr("Make {count} packages")
        self.main_button.setText(words.format(count=grouped(count)) if count else self.tr("Make packages"))

    def show_result(self, issued: Sequence[Issued], problem: str = "") -> None:
        """Show which packages were made; `problem` says which were not."""
        details = [self._what_is_in(one) for one in issued]
        count = len(issued)
        words = self.tr("✓ 1 package made and verified.") if count == 1 else self.tr("✓ {count} packages made.")
        self.files_page.show_files(
            words.format(count=grouped(count)),
            self.tr("Send each person their file. They open it, and their button Hand in makes the file for you."),
            issued[0].file.parent if issued else self.folder_line.path(),
            file_rows([one.file for one in issued], details),
        )
        self.show_end(self.files_page)
        self.show_problem(problem)

    def _what_is_in(self, one: Issued) -> str:
        documents = self.tr("1 document") if one.documents == 1 else self.tr("{count} documents")
        return f"{one.name} · {documents.format(count=grouped(one.documents))} · {span_count(one.annotations)}"

    def cancelled_words(self) -> str:
        return self.tr("Cancelled. Packages that were made before stay in the folder.")

    def problem_now(self) -> str:
        return self.folder_line.problem()

    def begin(self) -> None:
        self.show_started()
        self.issue_requested.emit(IssueOptions(self._chosen(), self.folder_line.path(), self.digest.isChecked()))


def _recipient_item(one: Recipient, words: str) -> QListWidgetItem:
    item = QListWidgetItem(words)
    item.setData(Qt.ItemDataRole.UserRole, one.id)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked)
    return item
