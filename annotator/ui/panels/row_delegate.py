"""Rows of two parts, as the lists of documents and of steps show them: a title of up to two lines, a line of detail."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.ui.models.document_list_model import DocumentRole
from annotator.ui.models.history_model import CAN_REVERT_ROLE, TIME_ROLE, UNDONE_ROLE
from annotator.ui.theme import Theme

TITLE_LINES = 2
_PAD_X = 10
_PAD_Y = 6
_GAP = 3
_DOT = 8
_RADIUS = 6
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class RowLook:
    """What a row shows and how; `dot` is the colour before the detail."""

    title: str
    detail: str
    bold: bool = False
    filled: bool = False
    struck: bool = False
    faint: bool = False
    dot: QColor | None = None


def title_lines(text: str, font: QFont, width: int) -> list[str]:
    """Return the text broken into at most `TITLE_LINES` lines of `width` pixels, the last one elided if need be."""
    shown = " ".join(text[:_LONGEST].split()) or " "
    layout = QTextLayout(shown, font)
    layout.setTextOption(QTextOption())
    lines: list[str] = []
    layout.beginLayout()
    while len(lines) < TITLE_LINES:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1, width))
        start = line.textStart()
        encoded = shown.encode("utf-16-le")
        end = None if len(lines) == TITLE_LINES - 1 else 2 * (start + line.textLength())
        lines.append(encoded[2 * start : end].decode("utf-16-le", "replace").strip())
    layout.endLayout()
    lines[-1] = QFontMetrics(font).elidedText(lines[-1], Qt.TextElideMode.ElideRight, max(1, width))
    return lines


class RowDelegate(QStyledItemDelegate):
    """Paints rows from their look, which subclasses make from an index."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.theme = theme

    def look(self, index: QModelIndex | QPersistentModelIndex) -> RowLook:
        """Return what the row at a place looks like."""
        raise NotImplementedError

    def _title(self, look: RowLook) -> tuple[list[str], QFont]:
        """Return the lines of the title: the same with and without a scroll bar, so that a row keeps its height."""
        font = self.theme.font(bold=look.bold)
        font.setStrikeOut(look.struck)
        width = self._view.width() - self._view.verticalScrollBar().sizeHint().width() - 2 * _PAD_X
        return title_lines(look.title, font, width), font

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        width = self._view.viewport().width()
        look = self.look(index)
        lines, font = self._title(look)
        detail = QFontMetrics(self.theme.font("small")).height()
        return QSize(width, 2 * _PAD_Y + len(lines) * QFontMetrics(font).height() + _GAP + detail + 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = self.look(index)
        state, rect = state_and_rect(option)
        rect = rect.adjusted(0, 1, 0, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, QRectF(rect), state, look)
        lines, font = self._title(look)
        metrics = QFontMetrics(font)
        left, top = rect.left() + _PAD_X, rect.top() + _PAD_Y - 2
        painter.setFont(font)
        painter.setPen(self.theme.color("text_faint" if look.faint else "text"))
        for line in lines:
            box = QRect(left, top, rect.width() - 2 * _PAD_X, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
            top += metrics.height()
        self._paint_detail(painter, look, QRect(left, top + _GAP, rect.width() - 2 * _PAD_X, 0))
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, look: RowLook) -> None:
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus) and self._view.hasFocus()
        if look.filled or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("selected_row" if look.filled else "hover"))
            painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.color("focus"), 1))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _paint_detail(self, painter: QPainter, look: RowLook, place: QRect) -> None:
        font = self.theme.font("small")
        metrics = QFontMetrics(font)
        place.setHeight(metrics.height())
        if look.dot is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.dot)
            centre = QPointF(place.left() + _DOT / 2 + 0.5, place.top() + metrics.height() / 2 + 0.5)
            painter.drawEllipse(centre, _DOT / 2, _DOT / 2)
            place.setLeft(place.left() + _DOT + 6)
        painter.setFont(font)
        painter.setPen(self.theme.color("text_faint" if look.faint else "text_muted"))
        text = metrics.elidedText(look.detail, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


class DocumentDelegate(RowDelegate):
    """A document: its title bold where it is open, a dot of its status, and what was tagged."""

    def look(self, index: QModelIndex | QPersistentModelIndex) -> RowLook:
        is_open = bool(index.data(DocumentRole.IS_OPEN))
        return RowLook(
            title=index.data(Qt.ItemDataRole.DisplayRole),
            detail=index.data(DocumentRole.DETAIL),
            bold=is_open,
            filled=is_open,
            dot=self.theme.color(f"status_{index.data(DocumentRole.STATUS)}"),
        )


class StepDelegate(RowDelegate):
    """A step of the history: struck through where it was taken back, faint where it cannot be."""

    def look(self, index: QModelIndex | QPersistentModelIndex) -> RowLook:
        undone = bool(index.data(UNDONE_ROLE))
        return RowLook(
            title=index.data(Qt.ItemDataRole.DisplayRole),
            detail=index.data(TIME_ROLE),
            struck=undone,
            faint=undone or not index.data(CAN_REVERT_ROLE),
        )


def state_and_rect(option: QStyleOptionViewItem) -> tuple[QStyle.StateFlag, QRect]:
    """Return a row's state and place."""
    return option.state, option.rect  # type: ignore[attr-defined]
