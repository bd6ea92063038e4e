"""What lists with headings paint alike: a heading with its number, the ground of a row, dots and marked words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.core.records import Label
from annotator.ui.models.grouped_model import GroupedRole
from annotator.ui.panels.row_delegate import state_and_rect
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

PAD_X = 10
INDENT = 14
"""Pixels before the words of a row, where the dots are."""
_DOT = 8
_RADIUS = 6

Index = QModelIndex | QPersistentModelIndex


class GroupedDelegate(QStyledItemDelegate):
    """Paints the rows of a GroupedModel as plain text; a dot stands for each label.

    `pad` is the pixels above and below a row, `head` those that are left free above a heading besides.
    """

    pad = 5
    head = 0

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

    def _paint_row(self, painter: QPainter, rect: QRect, row: Any) -> None:
        raise NotImplementedError

    def _paint_dots(self, painter: QPainter, rect: QRect, labels: Iterable[str]) -> None:
        """Paint the dots of labels that are known, each before a line."""
        line = QFontMetrics(self._theme.font()).height()
        painter.setPen(Qt.PenStyle.NoPen)
        top = rect.top() + line / 2
        for label in (self._labels[key] for key in labels if key in self._labels):
            painter.setBrush(self._theme.label_color(label.light, label.dark))
            painter.drawEllipse(QPointF(rect.left() + _DOT / 2, top), _DOT / 2, _DOT / 2)
            top += line

    # -- Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state, rect = state_and_rect(option)
        count = index.data(GroupedRole.COUNT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            selected = bool(state & QStyle.StateFlag.State_Selected) and not count
            paint_ground(painter, QRectF(rect), self._theme, state, selected=selected, has_focus=self._view.hasFocus())
        inner = rect.adjusted(PAD_X, self.pad, -PAD_X, -self.pad)
        if count:
            paint_heading(painter, inner.adjusted(0, self.head, 0, 0), self._theme, index.data(), count)
        else:
            self._paint_row(painter, inner, index.data(GroupedRole.ROW))
        painter.restore()


def marked(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return the look of the words from `start` to `end`, in UTF-16 units."""
    mark = QTextLayout.FormatRange()
    mark.start, mark.length = start, end - start  # type: ignore[attr-defined]
    mark.format = look  # type: ignore[attr-defined]
    return mark


def paint_heading(painter: QPainter, rect: QRect, theme: Theme, title: str, count: int) -> None:
    """Paint a title in bold at the left, cut where it is long, and how many rows it heads at the right."""
    painter.setFont(theme.font("small"))
    number = grouped(count)
    room = painter.fontMetrics().horizontalAdvance(number) + 8
    painter.setPen(theme.color("text_muted"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
    painter.setFont(theme.font(bold=True))
    painter.setPen(theme.color("text"))
    place = rect.adjusted(0, 0, -room, 0)
    line = " ".join(title.split())
    shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, max(1, place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def paint_ground(
    painter: QPainter, rect: QRectF, theme: Theme, state: QStyle.StateFlag, *, selected: bool, has_focus: bool
) -> None:
    """Paint what lies under a row that is selected or under the pointer, and a ring where the focus is."""
    if selected or (state & QStyle.StateFlag.State_MouseOver):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("selected_row" if selected else "hover"))
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    if state & QStyle.StateFlag.State_HasFocus and has_focus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("focus"), 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
