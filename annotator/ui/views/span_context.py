"""A span in its sentence, to look at: a few lines with the span on its label's tint."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.core.text import Utf16Positions

LINES = 3


class SpanContext(QWidget):
    """Shows `LINES` lines at most, and begins later where the span would not be among them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._text = ""
        self._span = (0, 0)
        self._tint = QColor()

    def show_span(self, before: str, quote: str, after: str, tint: QColor) -> None:
        """Show a span between what stands before and after it in its sentence."""
        self._text = "".join(" " if c.isspace() else c for c in before + quote + after)
        self._span = (len(before), len(before) + len(quote))
        self._tint = tint
        self.setAccessibleName(self._text)
        self.update()

    def _layout(self) -> QTextLayout:
        units = Utf16Positions(self._text)
        start, end = (units.to_units(position) for position in self._span)
        look = QTextCharFormat()
        look.setBackground(self._tint)
        mark = QTextLayout.FormatRange()
        mark.start, mark.length, mark.format = start, end - start, look  # type: ignore[attr-defined]
        layout = QTextLayout(self._text, self.font())
        layout.setTextOption(QTextOption())
        layout.setFormats([mark])
        layout.beginLayout()
        line, top = layout.createLine(), 0.0
        while line.isValid():
            line.setLineWidth(self.width())
            line.setPosition(QPointF(0, top))
            top += line.height()
            line = layout.createLine()
        layout.endLayout()
        return layout

    # -- Qt

    def sizeHint(self) -> QSize:
        return QSize(200, LINES * self.fontMetrics().lineSpacing() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        layout = self._layout()
        start = Utf16Positions(self._text).to_units(self._span[0])
        first = layout.lineForTextPosition(start).lineNumber()
        first = max(0, min(first - 1, layout.lineCount() - LINES))
        painter = QPainter(self)
        painter.setClipRect(self.rect())
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        layout.draw(painter, QPointF(0, -layout.lineAt(first).y()))
        painter.end()
