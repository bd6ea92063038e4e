"""The pages of the export dialog after its start: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from annotator.session.datasets import ExportResult
from annotator.ui.dialogs.parts import ElidedLabel, Figures, fixed_font, plain_label, set_state
from annotator.ui.panels.widgets import heading


class ProgressPage(QWidget):
    """One bar and what is at hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        self.what = ElidedLabel()
        self.what.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(60, 0, 60, 0)
        layout.addStretch(1)
        self.caption = plain_label("", scale="large")
        layout.addWidget(self.caption)
        layout.addWidget(self.bar)
        layout.addWidget(self.what)
        layout.addStretch(1)

    def show_started(self) -> None:
        """Begin anew."""
        self.caption.setText(self.tr("Writing and verifying…"))
        self.show_progress(0, 0, "")

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show `done` of `total`; a total of 0 is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        counted = f"{done} / {total}" if total else ""
        self.what.set_full_text(" · ".join(part for part in (counted, text) if part))

    def show_cancelling(self) -> None:
        """Say that the export is about to stop."""
        self.caption.setText(self.tr("Stopping…"))


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
        self.show_folder = QPushButton(self.tr("Show &folder"))
        self.show_folder.setAutoDefault(False)
        self.show_folder.clicked.connect(self._show_folder)
        self._folder = ""
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
        self._folder = str(result.files[0].parent) if result.files else ""
        self.show_folder.setEnabled(bool(self._folder))

    def _list_files(self, files: Iterable[Path]) -> None:
        for row, file in enumerate(files):
            self.files.addWidget(ElidedLabel(str(file)), row, 0)
            self.files.addWidget(plain_label(_size(file), muted=True), row, 1)

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))


def _size(file: Path) -> str:
    try:
        size = file.stat().st_size
    except OSError:
        return ""
    if size < 10_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} kB" if size < 10_000_000 else f"{size / 1_000_000:.1f} MB"
