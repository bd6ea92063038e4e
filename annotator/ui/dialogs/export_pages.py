"""The page of the export dialog that shows what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from annotator.session.datasets import ExportResult
from annotator.ui.dialogs.files_page import FolderButton, size_of
from annotator.ui.dialogs.parts import ElidedLabel, Figures, fixed_font, plain_label, set_state
from annotator.ui.panels.widgets import heading


class ResultPage(QWidget):
    """Figures, the mark of verification, the files and their hash."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = plain_label("", wrap=True)
        self.figures = Figures([self.tr("documents"), self.tr("spans"), self.tr("relations")])
        self.files = QGridLayout()
        self.files.setColumnStretch(0, 1)
        self.hash = plain_label("", wrap=True, selectable=True)
        self.hash.setFont(fixed_font())
        self.losses = plain_label("", wrap=True, muted=True)
        self.show_folder = FolderButton()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.verdict)
        layout.addSpacing(8)
        layout.addWidget(self.figures)
        layout.addSpacing(12)
        layout.addWidget(heading(self.tr("Files")))
        layout.addLayout(self.files)
        layout.addSpacing(12)
        layout.addWidget(heading(self.tr("SHA-256 of the data file")))
        layout.addWidget(self.hash)
        layout.addWidget(self.losses)
        layout.addSpacing(12)
        layout.addWidget(self.show_folder, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def show_result(self, result: ExportResult) -> None:
        """Show what was exported."""
        if result.verified:
            self.verdict.setText(self.tr("✓ Read back and verified: every offset gives its quote."))
        else:
            self.verdict.setText(self.tr("This format cannot be read back, so it was not verified."))
        set_state(self.verdict, "success" if result.verified else "warning")
        self.figures.set_numbers(result.documents, result.spans, result.relations)
        self._list_files(result.files)
        self.hash.setText(result.sha256)
        losses = [f"·  {loss.kind}: {loss.count}" for loss in result.losses]
        self.losses.setText("\n".join([self.tr("Not held by the format:"), *losses]) if losses else "")
        self.losses.setVisible(bool(losses))
        self.show_folder.set_folder(str(result.files[0].parent) if result.files else "")

    def _list_files(self, files: Iterable[Path]) -> None:
        for row, file in enumerate(files):
            self.files.addWidget(ElidedLabel(str(file)), row, 0)
            self.files.addWidget(plain_label(size_of(file), muted=True), row, 1)
