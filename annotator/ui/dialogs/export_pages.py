"""The page of the export dialog that shows what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from annotator.session.dataset_exports import ExportResult
from annotator.ui.dialogs.export_choices import sides_words
from annotator.ui.dialogs.files_page import FolderButton, size_of
from annotator.ui.dialogs.loss_list import LossList
from annotator.ui.dialogs.parts import ElidedLabel, Figures, fixed_font, in_a_row, plain_button, plain_label, set_state
from annotator.ui.panels.widgets import heading

FILES_SHOWN = 6
"""Files that are named; a format of many files has its folder."""


class ResultPage(QWidget):
    """Figures, the mark of verification, the files and their hash, and what was lost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = plain_label("", wrap=True)
        self.figures = Figures([self.tr("documents"), self.tr("spans"), self.tr("relations")])
        self.sides = plain_label("", wrap=True)
        self.files = QGridLayout()
        self.files.setColumnStretch(0, 1)
        self.hash_heading = heading(self.tr("SHA-256 of the data"))
        self.hash = plain_label("", wrap=True, selectable=True)
        self.hash.setFont(fixed_font())
        self.losses_heading = heading(self.tr("Not held by the format"))
        self.losses = LossList()
        self.show_folder = FolderButton()
        self.compare = plain_button(self.tr("&Compare with an earlier release…"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.verdict, self.figures, self.sides, heading(self.tr("Files"))):
            layout.addWidget(widget)
        layout.addLayout(self.files)
        layout.addSpacing(6)
        for widget in (self.hash_heading, self.hash, self.losses_heading):
            layout.addWidget(widget)
        layout.addWidget(self.losses, 1)
        layout.addWidget(in_a_row(self.show_folder, self.compare), 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(0)

    def show_result(self, result: ExportResult, *, can_compare: bool = False) -> None:
        """Show what was exported; `can_compare` says that there are other releases."""
        if result.verified:
            self.verdict.setText(self.tr("✓ Read back and verified: every offset gives its quote."))
        else:
            self.verdict.setText(self.tr("This format cannot be read back, so it was not verified."))
        set_state(self.verdict, "success" if result.verified else "warning")
        self.figures.set_numbers(result.documents, result.spans, result.relations)
        self.sides.setText(sides_words(result) if result.sides else "")
        self.sides.setVisible(bool(result.sides))
        self._list_files(result.files)
        self.hash.setText(result.sha256)
        self.losses.show_losses(result.losses)
        self.compare.setVisible(can_compare)
        self.show_folder.set_folder(str(result.files[0].parent) if result.files else "")

    def _list_files(self, files: Iterable[Path]) -> None:
        listed = list(files)
        for row, file in enumerate(listed[:FILES_SHOWN]):
            self.files.addWidget(ElidedLabel(str(file)), row, 0)
            self.files.addWidget(plain_label(size_of(file), muted=True), row, 1)
        if len(listed) > FILES_SHOWN:
            words = self.tr("and {count} more").format(count=len(listed) - FILES_SHOWN)
            self.files.addWidget(plain_label(words, muted=True), FILES_SHOWN, 0)
