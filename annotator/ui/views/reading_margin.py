"""Paints the margin where lines begin: a stripe for each span along its lines, and the initials of those that start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QStaticText

from annotator.ui.theme import Theme
from annotator.ui.views.reading_page import DressedBlock

_STRIPE_WIDTH = 2
_STRIPE_GAP = 6
_STRIPE_STEP = 4
_MOST_STRIPES = 4
_INITIAL_GAP = 18
_INITIAL_STEP = 12
_MOST_INITIALS = 4


class MarginLook(Protocol):
    """How a label is drawn in the margin."""

    colour: QColor
    initial: QStaticText


class MarginPainter:
    """Draws in block coordinates; at the left, and at the right of lines that are written from there."""

    def __init__(self, theme: Theme, font: QFont, look: Callable[[str], MarginLook]) -> None:
        self.theme = theme
        self._font = font
        self._look = look

    def paint(self, painter: QPainter, dressed: DressedBlock, first: int, last: int, selected: str | None) -> None:
        """Paint the lines from `first` to `last` of a block; the stripe of the selected span is wider."""
        for stripe in dressed.stripes:
            if stripe.lane >= _MOST_STRIPES or stripe.last < first or last < stripe.first:
                continue
            top, bottom = dressed.laid.lines[stripe.first].top, dressed.laid.lines[stripe.last].bottom
            width = _STRIPE_WIDTH + (1 if stripe.span == selected else 0)
            offset = _STRIPE_GAP + _STRIPE_STEP * stripe.lane
            left = round(dressed.laid.width) + offset if dressed.laid.right_to_left else -offset - width
            painter.fillRect(left, round(top) + 1, width, round(bottom - top) - 2, self._look(stripe.label).colour)
        painter.setFont(self._font)
        for number in range(first, last + 1):
            if dressed.starting[number]:
                self._initials(painter, dressed, number)

    def _initials(self, painter: QPainter, dressed: DressedBlock, number: int) -> None:
        """Draw the initials of the spans that start on a line, outwards from its stripes."""
        laid, labels = dressed.laid, dressed.starting[number]
        middle = (laid.lines[number].top + laid.lines[number].bottom) / 2
        gap = _initial_gap(dressed, number)
        x, step = (laid.width + gap, _INITIAL_STEP) if laid.right_to_left else (-gap, -_INITIAL_STEP)
        for label in labels[:_MOST_INITIALS]:
            look = self._look(label)
            size = look.initial.size()
            left = x if laid.right_to_left else x - size.width()
            painter.setPen(look.colour)
            painter.drawStaticText(QPointF(left, middle - size.height() / 2), look.initial)
            x += step
        if len(labels) > _MOST_INITIALS:
            painter.setPen(self.theme.color("text_muted"))
            painter.drawText(QPointF(x if laid.right_to_left else x - 6, middle + 3), "+")


def _initial_gap(dressed: DressedBlock, number: int) -> float:
    taken = max((stripe.lane + 1 for stripe in dressed.stripes if stripe.first <= number <= stripe.last), default=0)
    return max(_INITIAL_GAP, _STRIPE_GAP + _STRIPE_STEP * min(taken, _MOST_STRIPES) + 3)
