"""What lists with headings paint alike: a heading with its number, and the ground of a row."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle

from annotator.ui.theme import Theme
from annotator.ui.words import grouped

_RADIUS = 6


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
