"""What the dialogs of hand-off files share: the page that shows which files were made and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListWidget, QVBoxLayout, QWidget

from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import ElidedLabel, in_a_row, plain_button, plain_label, set_state
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item

FileRow = tuple[str, str, str]
"""What a file is called, what is in it, and a remark."""


class FilesPage(QWidget):
    """Says what was made, lists the files, and opens their folder in the file manager."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = plain_label("", wrap=True)
        self.advice = plain_label("", wrap=True, muted=True)
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setAccessibleName(self.tr("Files"))
        self.folder = ElidedLabel()
        self.folder.setProperty("muted", True)
        self.show_folder = plain_button(self.tr("Show the &folder"))
        self.show_folder.clicked.connect(self._open_folder)
        self._place = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.verdict)
        layout.addWidget(self.list, 1)
        layout.addWidget(in_a_row(self.folder, self.show_folder))
        layout.addWidget(self.advice)

    def show_files(self, verdict: str, advice: str, folder: Path, files: Iterable[FileRow]) -> None:
        """Show files that lie in a folder."""
        self.verdict.setText(verdict)
        set_state(self.verdict, "success")
        self.advice.setText(advice)
        self._place = str(folder)
        self.folder.set_full_text(self._place)
        self.list.clear()
        for name, detail, remark in files:
            self.list.addItem(row_item(name, detail, remark))

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._place))


class FolderLine(QWidget):
    """The folder that files go to, with a button to choose another one."""

    changed = Signal()

    def __init__(self, folder: Path, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self.line = QLineEdit(str(folder))
        self.line.textChanged.connect(self._tell)
        self.browse = plain_button(self.tr("&Browse…"))
        self.browse.clicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(in_a_row(self.line, self.browse))

    def folder(self) -> Path:
        """Return the folder that is named now."""
        return Path(self.line.text().strip()).expanduser()

    def problem(self) -> str:
        """Say why nothing can be written there; empty where it can."""
        folder = self.folder()
        if self.line.text().strip() and folder.is_dir():
            return ""
        set_state(self.line, "error")
        self.line.setFocus()
        if not self.line.text().strip():
            return self.tr("Name the folder to write to.")
        return self.tr("There is no folder “{folder}”. Choose another.").format(folder=folder)

    @Slot()
    def _tell(self) -> None:
        set_state(self.line, "")
        self.changed.emit()

    @Slot()
    def _choose(self) -> None:
        dialog = FileDialog(self, self._caption, self.line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(self.line.setText)
        dialog.open()


def file_rows(files: Sequence[Path], details: Sequence[str]) -> list[FileRow]:
    """Return rows of files with what is in each and its size."""
    return [(file.name, detail, size_of(file)) for file, detail in zip(files, details, strict=True)]


def size_of(file: Path) -> str:
    """Return a file's size in words, or nothing where it cannot be known."""
    try:
        size = file.stat().st_size
    except OSError:
        return ""
    if size < 10_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} kB" if size < 10_000_000 else f"{size / 1_000_000:.1f} MB"
