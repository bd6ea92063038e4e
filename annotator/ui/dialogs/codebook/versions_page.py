"""The page of versions: when the codebook was changed, and what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.core.codebook_comparison import compare
from annotator.ui.dialogs.codebook.words import change_lines
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.words import local_time

Version = tuple[Codebook, str]
"""A codebook and when it was saved."""


class VersionsPage(QWidget):
    """The newest version stands first."""

    def __init__(self, versions: Sequence[Version], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions = tuple(versions)
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setAccessibleName(self.tr("Versions"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("What changed in this version"))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self.text)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([280, 640])
        splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.addWidget(splitter)
        for place, (codebook, time) in enumerate(self._versions):
            remark = self.tr("in use") if place == 0 else ""
            title = self.tr("Version {number}").format(number=codebook.version)
            self.list.addItem(row_item(title, local_time(time), remark))
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)

    @Slot(int)
    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._versions):
            self.text.setPlainText("")
        elif row + 1 == len(self._versions):
            self.text.setPlainText(self.tr("The codebook that the project began with."))
        else:
            lines = change_lines(compare(self._versions[row + 1][0], self._versions[row][0]))
            self.text.setPlainText("\n".join(lines) or self.tr("Nothing changed."))
