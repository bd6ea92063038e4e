"""The line of the import dialog that says how far reading or storing is, and stops it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from annotator.ui.dialogs.parts import GAP, ElidedLabel, plain_button
from annotator.ui.dialogs.time_left import TimeLeft, time_left_text
from annotator.ui.words import grouped


class ProgressLine(QWidget):
    """Hidden as long as nothing runs."""

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(180)
        self.bar.setAccessibleName(self.tr("Progress of the import"))
        self.text = ElidedLabel()
        self.text.setProperty("muted", True)
        self.stop = plain_button(self.tr("Stop"))
        self.stop.clicked.connect(self.stop_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.bar)
        row.addWidget(self.text, 1)
        row.addWidget(self.stop)
        self._time = TimeLeft()
        self.hide()

    def begin(self) -> None:
        """Begin anew; one that is shown goes on."""
        if self.isHidden():
            self._time = TimeLeft()
            self.stop.setEnabled(True)
            self.bar.setRange(0, 0)
            self.text.set_full_text(self.tr("Looking for files…"))
            self.show()

    def show_reading(self, done: int, total: int, names: Sequence[str]) -> None:
        """Say how many files of how many are read, what is left, and which one is at hand."""
        if total and self.stop.isEnabled():
            self._show(self.tr("Reading {done} of {total}"), done, total, names[-1] if names else "")

    def show_storing(self, done: int, total: int, title: str) -> None:
        """Say how many documents of how many are stored."""
        if total and self.stop.isEnabled():
            self._show(self.tr("Importing {done} of {total}"), done, total, title)

    def show_stopping(self) -> None:
        """Say that it is about to stop."""
        self.stop.setEnabled(False)
        self.text.set_full_text(self.tr("Stopping…"))

    def _show(self, template: str, done: int, total: int, what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        seconds = self._time.seconds(done, total)
        left = time_left_text(seconds) if seconds is not None else ""
        counted = template.format(done=grouped(done), total=grouped(total))
        self.text.set_full_text(" · ".join(part for part in (counted, left, what) if part))
