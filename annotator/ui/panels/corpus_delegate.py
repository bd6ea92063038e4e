"""Cells of the table of all annotations: contexts that meet at the span, which is bold in its label's colour."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.core.palette import contrast_ratio
from annotator.core.records import Label
from annotator.ui.models.corpus_model import CorpusRole, row_is_right_to_left
from annotator.ui.theme import Theme

ROW_HEIGHT = 28
_PAD = 8
_DOT = 8
_LEAST_CONTRAST = 4.5
"""Of text on its ground (WCAG 2.2, 1.4.3)."""
_MUTED = ("title", "annotator", "tagged", "date", "format", "file", "language", "origin", "status")

Index = QModelIndex | QPersistentModelIndex


class CorpusDelegate(QStyledItemDelegate):
    """Paints plain text; what does not fit gives way where it is furthest from the span."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Change colours and type."""
        self._theme = theme

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, rect = index.data(CorpusRole.COLUMN), QRect(option.rect)  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.fillRect(rect, self._theme.color("selection" if selected else "surface"))
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        room = rect.adjusted(_PAD, 0, -_PAD, 0)
        label = index.data(CorpusRole.LABEL)
        color = self._theme.color("text_muted" if column in _MUTED and not selected else "text")
        if label is not None and column in ("span", "label"):
            color = self._theme.label_color(label.light, label.dark)
            if selected and contrast_ratio(color.name(), self._theme.hex("selection")) < _LEAST_CONTRAST:
                color = self._theme.color("text")
        if column == "label" and label is not None:
            room = self._paint_dot(painter, room, label)
            color = self._theme.color("text")
        self._paint_text(painter, room, index, column, color)
        painter.restore()

    def _paint_dot(self, painter: QPainter, room: QRect, label: Label) -> QRect:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.label_color(label.light, label.dark))
        painter.drawEllipse(QPointF(room.left() + _DOT / 2, room.center().y() + 0.5), _DOT / 2, _DOT / 2)
        return room.adjusted(_DOT + 6, 0, 0, 0)

    def _paint_text(self, painter: QPainter, room: QRect, index: Index, column: str, color: object) -> None:
        row = index.data(CorpusRole.ROW)
        is_right_to_left = column in ("left", "span", "right") and row_is_right_to_left(row)
        side, gives_way = Qt.AlignmentFlag.AlignLeft, Qt.TextElideMode.ElideRight
        if column == "left":
            side, gives_way = Qt.AlignmentFlag.AlignRight, Qt.TextElideMode.ElideLeft
        elif column == "span" and is_right_to_left:
            side = Qt.AlignmentFlag.AlignRight
        if is_right_to_left and column in ("left", "right"):
            # Here the text comes before the span at the right and after it at the left.
            gives_way = Qt.TextElideMode.ElideRight if column == "left" else Qt.TextElideMode.ElideLeft
        font = self._theme.font(bold=column == "span")
        text = str(index.data() or "")
        painter.setFont(font)
        painter.setPen(color)  # type: ignore[arg-type]
        way = Qt.LayoutDirection.RightToLeft if is_right_to_left else Qt.LayoutDirection.LeftToRight
        painter.setLayoutDirection(way)
        shown = QFontMetrics(font).elidedText(text, gives_way, max(0, room.width()))
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(room, int(flags) | int(Qt.TextFlag.TextSingleLine), shown)
