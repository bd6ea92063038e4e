"""Rows of a search: a document's title with its number of hits, and snippets in which the hit is bold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from annotator.core.text import Utf16Positions
from annotator.ui.models.grouped_model import GroupedRole
from annotator.ui.panels.grouped_rows import INDENT, PAD_X, GroupedDelegate, Index, marked
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.session.search import SearchHit

LINES = 3
"""Lines of a snippet that are shown."""

_ELLIPSIS = "…"
_MOST_HEIGHTS = 10_000
_LONG_WORD = 12
"""Code points of a word beyond which it may be cut."""


class HitDelegate(GroupedDelegate):
    """Paints the rows of a SearchModel; a dot stands for each label that a hit touches."""

    pad = 4

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(theme, view)
        self._heights: dict[tuple[str, int], int] = {}

    def set_theme(self, theme: Theme) -> None:
        """Change colours and type."""
        super().set_theme(theme)
        self._heights.clear()

    def layout(self, hit: SearchHit, width: int) -> QTextLayout:
        """Return a snippet laid out in lines of `width` pixels, at most `LINES`, its marks bold."""
        layout, overflow = self._laid_out(hit.snippet, hit, width)
        while overflow is not None:
            words = hit.snippet[:overflow].rstrip()
            layout, overflow = self._laid_out(words + _ELLIPSIS, hit, width)
            if overflow is not None:
                overflow = max(words.rfind(" "), len(words) - _LONG_WORD) if len(words) > _LONG_WORD else None
        return layout

    def _laid_out(self, text: str, hit: SearchHit, width: int) -> tuple[QTextLayout, int | None]:
        """Return the layout, and the code point at which the text would go on beyond the last line, if it does."""
        units = Utf16Positions(text)
        layout = QTextLayout(text, self._theme.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._mark(units, start, end) for start, end in hit.marks if start < len(text)])
        layout.beginLayout()
        top, overflow = 0.0, None
        for number in range(LINES + 1):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height()
            if number == LINES:
                overflow = units.to_code_points(line.textStart())
        layout.endLayout()
        return layout, overflow

    def _mark(self, units: Utf16Positions, start: int, end: int) -> QTextLayout.FormatRange:
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.Bold)
        look.setForeground(self._theme.color("text"))
        look.setBackground(self._theme.color("selection"))
        return marked(units.to_units(start), units.to_units(end), look)

    def _width(self) -> int:
        """Return the pixels of a line: the same with and without a scroll bar, so that a row keeps its height."""
        return self._view.width() - self._view.verticalScrollBar().sizeHint().width() - 2 * PAD_X - INDENT

    def _paint_row(self, painter: QPainter, rect: QRect, row: SearchHit) -> None:
        self._paint_dots(painter, rect, row.labels[:LINES])
        painter.setPen(self._theme.color("text_muted"))
        self.layout(row, self._width()).draw(painter, QPointF(rect.left() + INDENT, rect.top()))

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hit, width = index.data(GroupedRole.ROW), self._width()
        if index.data(GroupedRole.COUNT):
            return QSize(width, QFontMetrics(self._theme.font(bold=True)).height() + 3 * self.pad)
        height = self._heights.get((hit.snippet, width))
        if height is None:
            if len(self._heights) > _MOST_HEIGHTS:
                self._heights.clear()
            height = round(self.layout(hit, width).boundingRect().height()) + 2 * self.pad
            self._heights[hit.snippet, width] = height
        return QSize(width, height)
