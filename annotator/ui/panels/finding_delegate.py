"""Rows of the consistency check: a rule with its number of findings, and spans in their text, each in its document."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyleOptionViewItem

from annotator.analysis.consistency.facts import Finding
from annotator.core.text import Utf16Positions
from annotator.ui.dialogs.text_direction import is_right_to_left
from annotator.ui.models.finding_model import snippet
from annotator.ui.models.grouped_model import GroupedRole
from annotator.ui.panels.grouped_rows import INDENT, GroupedDelegate, Index, marked

LINES = 2
"""Lines of the text that are shown; rows of findings are equally high."""

_GAP = 2


class FindingDelegate(GroupedDelegate):
    """Paints the rows of a FindingModel as plain text."""

    head = 10

    def layout(self, finding: Finding, width: int) -> QTextLayout:
        """Return the words of a finding in their text, in at most `LINES` lines of `width` pixels."""
        text, (start, end) = snippet(finding)
        units = Utf16Positions(text)
        layout = QTextLayout(text, self._theme.font())
        option = QTextOption(Qt.AlignmentFlag.AlignRight if is_right_to_left(text) else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.DemiBold)
        look.setForeground(self._theme.color("text"))
        layout.setFormats([marked(units.to_units(start), units.to_units(end), look)])
        layout.beginLayout()
        top = 0.0
        for _ in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def _paint_row(self, painter: QPainter, rect: QRect, row: Finding) -> None:
        self._paint_dots(painter, rect, [row.label])
        line = QFontMetrics(self._theme.font()).height()
        words = QRect(rect.left() + INDENT, rect.top(), rect.width() - INDENT, LINES * line)
        painter.setPen(self._theme.color("text_muted"))
        painter.save()
        painter.setClipRect(words)
        self.layout(row, words.width()).draw(painter, QPointF(words.topLeft()))
        painter.restore()
        small = QFontMetrics(self._theme.font("small"))
        below = QRect(words.left(), words.bottom() + 1 + _GAP, words.width(), small.height())
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text_muted"))
        title = small.elidedText(" ".join(row.title.split()), Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(self._theme.font()).height()
        if index.data(GroupedRole.COUNT):
            return QSize(100, QFontMetrics(self._theme.font(bold=True)).height() + 2 * self.pad + self.head)
        return QSize(100, LINES * line + _GAP + QFontMetrics(self._theme.font("small")).height() + 2 * self.pad)
