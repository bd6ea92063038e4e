"""Chips in lines, of which a few are in sight at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from annotator.ui.panels.widgets import FlowLayout

_MOST_LINES = 3
_LINES_WITH_MORE = 2.5
"""Where there are more lines than fit, half a one says that there is something below."""
_LEAST_WIDTH = 120


class ChipScroll(QScrollArea):
    """As high as its chips need, yet never so high that many labels leave no room for the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.holder = QWidget(self)
        self.flow = FlowLayout(self.holder)
        self.flow.setContentsMargins(0, 0, 0, 0)
        self.setWidgetResizable(True)
        self.setWidget(self.holder)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def line_width(self) -> int:
        """Return the width in pixels that all chips take in one line."""
        sizes = [self._chip_size(place).width() for place in range(self.flow.count())]
        return sum(sizes) + self.flow.spacing() * max(0, len(sizes) - 1)

    def _chip_size(self, place: int) -> QSize:
        item = self.flow.itemAt(place)
        return item.sizeHint() if item is not None else QSize()

    def _height_of(self, lines: float) -> int:
        return round(lines * self._chip_size(0).height() + (int(lines + 0.5) - 1) * self.flow.spacing())

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        needed = self.flow.heightForWidth(width)
        return needed if needed <= self._height_of(_MOST_LINES) else self._height_of(_LINES_WITH_MORE)

    def sizeHint(self) -> QSize:
        return QSize(self.line_width(), self._height_of(1))

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, self._height_of(1))
