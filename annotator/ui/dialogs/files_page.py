"""The page that shows which files were made and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QListWidget, QPushButton, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import ElidedLabel, in_a_row, plain_label, set_state
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item

FileRow = tuple[str, str, str]
"""What a file is called, what is in it, and a remark."""


class FolderButton(QPushButton):
    """Opens a folder in the file manager."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Show the &folder"))
        self.setAutoDefault(False)
        self.clicked.connect(self._open)
        self._folder = ""

    def set_folder(self, folder: str) -> None:
        """Open this folder when it is pressed; empty for none."""
        self._folder = folder
        self.setEnabled(bool(folder))

    @Slot()
    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))


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
        self.show_folder = FolderButton()
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
        self.folder.set_full_text(str(folder))
        self.show_folder.set_folder(str(folder))
        self.list.clear()
        for name, detail, remark in files:
            self.list.addItem(row_item(name, detail, remark))


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
