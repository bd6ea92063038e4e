"""Rows of a search: a document's title with its number of hits, and snippets in which the hit is bold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.core.records import Label
from annotator.core.text import Utf16Positions
from annotator.ui.models.search_model import SearchRole
from annotator.ui.panels.grouped_rows import paint_ground, paint_heading
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.session.search import SearchHit

LINES = 3
"""Lines of a snippet that are shown."""

_PAD_X = 10
_PAD_Y = 4
_INDENT = 14
_DOT = 8
_ELLIPSIS = "…"
_MOST_HEIGHTS = 10_000
_LONG_WORD = 12
"""Code points of a word beyond which it may be cut."""

Index = QModelIndex | QPersistentModelIndex


class HitDelegate(QStyledItemDelegate):
    """Paints the rows of a SearchModel as plain text; a dot stands for each label that a hit touches."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._labels: Mapping[str, Label] = {}
        self._heights: dict[tuple[str, int], int] = {}

    def set_theme(self, theme: Theme) -> None:
        """Change colours and type."""
        self._theme = theme
        self._heights.clear()

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Know the colours of labels by their ids."""
        self._labels = labels

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
        mark = QTextLayout.FormatRange()
        mark.start = units.to_units(start)
        mark.length = units.to_units(end) - mark.start
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold)
        form.setForeground(self._theme.color("text"))
        form.setBackground(self._theme.color("selection"))
        mark.format = form
        return mark

    def _width(self) -> int:
        """Return the pixels of a line: the same with and without a scroll bar, so that a row keeps its height."""
        return self._view.width() - self._view.verticalScrollBar().sizeHint().width() - 2 * _PAD_X - _INDENT

    def _paint_hit(self, painter: QPainter, rect: QRect, hit: SearchHit) -> None:
        metrics = QFontMetrics(self._theme.font())
        painter.setPen(Qt.PenStyle.NoPen)
        top = rect.top() + metrics.height() / 2
        for label in (self._labels[key] for key in hit.labels[:LINES] if key in self._labels):
            painter.setBrush(self._theme.label_color(label.light, label.dark))
            painter.drawEllipse(QPointF(rect.left() + _DOT / 2, top), _DOT / 2, _DOT / 2)
            top += metrics.height()
        painter.setPen(self._theme.color("text_muted"))
        self.layout(hit, self._width()).draw(painter, QPointF(rect.left() + _INDENT, rect.top()))

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hit, width = index.data(SearchRole.HIT), self._width()
        if index.data(SearchRole.COUNT):
            return QSize(width, QFontMetrics(self._theme.font(bold=True)).height() + 3 * _PAD_Y)
        height = self._heights.get((hit.snippet, width))
        if height is None:
            if len(self._heights) > _MOST_HEIGHTS:
                self._heights.clear()
            height = round(self.layout(hit, width).boundingRect().height()) + 2 * _PAD_Y
            self._heights[hit.snippet, width] = height
        return QSize(width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        hit, count = index.data(SearchRole.HIT), index.data(SearchRole.COUNT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected) and not count
        has_focus = self._view.hasFocus()
        paint_ground(painter, QRectF(rect), self._theme, state, selected=selected, has_focus=has_focus)
        inner = rect.adjusted(_PAD_X, _PAD_Y, -_PAD_X, -_PAD_Y)
        if count:
            paint_heading(painter, inner, self._theme, hit.title, count)
        else:
            self._paint_hit(painter, inner, hit)
        painter.restore()
