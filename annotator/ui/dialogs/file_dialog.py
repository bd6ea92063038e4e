"""Asking for files and folders without opening any of them."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QWidget


class _Icons(QFileIconProvider):
    """Goes by names alone.

    Qt's own one reads the beginning of files that it does not know. When a file is closed, POSIX drops every lock that
    this process has on it, those of SQLite on the open project too; the next program that closes the project would
    then remove the write-ahead log that is in use.
    """

    def icon(self, what: QAbstractFileIconProvider.IconType | QFileInfo, /) -> QIcon:  # type: ignore[override]
        if isinstance(what, QFileInfo):
            kinds = QAbstractFileIconProvider.IconType
            return super().icon(kinds.Folder if what.isDir() else kinds.File)
        return super().icon(what)

    def type(self, info: QFileInfo, /) -> str:
        return "" if info.isDir() else info.suffix()


class FileDialog(QFileDialog):
    """Qt's dialog, or that of the system."""

    def __init__(self, parent: QWidget | None, caption: str, folder: str = "") -> None:
        super().__init__(parent, caption, folder)
        self._icons = _Icons()
        self.setIconProvider(self._icons)
