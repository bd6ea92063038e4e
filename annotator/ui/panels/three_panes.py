"""Three panes side by side: the two outer ones give way where the window is narrow."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget


@dataclass(frozen=True, slots=True)
class PaneWidths:
    """Widths of three panes in logical pixels, at first and at least.

    `shares` is what the outer ones get of a narrow window, at most their first widths.
    """

    first: tuple[int, int, int]
    least: tuple[int, int, int]
    shares: tuple[float, float]


class ThreePanes(QSplitter):
    """Follows the window until somebody sets the widths."""

    def __init__(self, widths: PaneWidths, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._widths = widths
        self._is_set = False

    def set_panes(self, left: QWidget, middle: QWidget, right: QWidget) -> None:
        """Show these panes."""
        for widget, least in zip((left, middle, right), self._widths.least, strict=True):
            widget.setMinimumWidth(least)
            self.addWidget(widget)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(1, 1)
        self.setSizes(list(self._widths.first))
        self.splitterMoved.connect(self.keep_widths)

    @Slot()
    def keep_widths(self) -> None:
        """Leave the widths as somebody has set them, instead of following the window."""
        self._is_set = True

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_set:
            widths = zip(self._widths.least[::2], self._widths.first[::2], self._widths.shares, strict=True)
            left, right = (max(least, min(first, round(share * self.width()))) for least, first, share in widths)
            self.setSizes([left, self.width() - left - right, right])
