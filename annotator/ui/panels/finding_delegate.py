"""Rows of the consistency check: a rule with its number of findings, and spans in their text, each in its document."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.analysis.consistency.facts import Finding
from annotator.core.records import Label
from annotator.core.text import Utf16Positions
from annotator.ui.dialogs.text_direction import is_right_to_left
from annotator.ui.models.finding_model import FindingRole, snippet
from annotator.ui.panels.grouped_rows import paint_ground, paint_heading
from annotator.ui.theme import Theme

LINES = 2
"""Lines of the text that are shown; rows of findings are equally high."""

_PAD_X, _PAD_Y, _GAP = 10, 5, 2
_DOT, _INDENT = 8, 14
_HEAD = 10
"""Pixels above the name of a rule."""

Index = QModelIndex | QPersistentModelIndex


class FindingDelegate(QStyledItemDelegate):
    """Paints the rows of a FindingModel as plain text."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._labels: Mapping[str, Label] = {}

    def set_theme(self, theme: Theme) -> None:
        """Change colours and type."""
        self._theme = theme

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Know the colours of labels by their ids."""
        self._labels = labels

    def layout(self, finding: Finding, width: int) -> QTextLayout:
        """Return the words of a finding in their text, in at most `LINES` lines of `width` pixels."""
        text, (start, end) = snippet(finding)
        units = Utf16Positions(text)
        layout = QTextLayout(text, self._theme.font())
        option = QTextOption(Qt.AlignmentFlag.AlignRight if is_right_to_left(text) else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._mark(units.to_units(start), units.to_units(end))])
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

    def _mark(self, start: int, end: int) -> QTextLayout.FormatRange:
        mark = QTextLayout.FormatRange()
        mark.start, mark.length = start, end - start  # type: ignore[attr-defined]
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.DemiBold)
        look.setForeground(self._theme.color("text"))
        mark.format = look  # type: ignore[attr-defined]
        return mark

    def _paint_finding(self, painter: QPainter, rect: QRect, finding: Finding) -> None:
        line = QFontMetrics(self._theme.font()).height()
        label = self._labels.get(finding.label)
        if label is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.label_color(label.light, label.dark))
            painter.drawEllipse(QPointF(rect.left() + _DOT / 2, rect.top() + line / 2), _DOT / 2, _DOT / 2)
        words = QRect(rect.left() + _INDENT, rect.top(), rect.width() - _INDENT, LINES * line)
        painter.setPen(self._theme.color("text_muted"))
        painter.save()
        painter.setClipRect(words)
        self.layout(finding, words.width()).draw(painter, QPointF(words.topLeft()))
        painter.restore()
        small = QFontMetrics(self._theme.font("small"))
        below = QRect(words.left(), words.bottom() + 1 + _GAP, words.width(), small.height())
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text_muted"))
        title = small.elidedText(" ".join(finding.title.split()), Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(self._theme.font()).height()
        if index.data(FindingRole.COUNT):
            return QSize(100, QFontMetrics(self._theme.font(bold=True)).height() + 2 * _PAD_Y + _HEAD)
        return QSize(100, LINES * line + _GAP + QFontMetrics(self._theme.font("small")).height() + 2 * _PAD_Y)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        finding, count = index.data(FindingRole.FINDING), index.data(FindingRole.COUNT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = rect.adjusted(_PAD_X, _PAD_Y, -_PAD_X, -_PAD_Y)
        if finding is None:
            paint_heading(painter, inner.adjusted(0, _HEAD, 0, 0), self._theme, index.data(), count)
        else:
            selected = bool(state & QStyle.StateFlag.State_Selected)
            has_focus = self._view.hasFocus()
            paint_ground(painter, QRectF(rect), self._theme, state, selected=selected, has_focus=has_focus)
            self._paint_finding(painter, inner, finding)
        painter.restore()
