"""The box with a tick, as lists paint it: the same as a check box elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen

SIZE = 15
"""Width and height of the box in logical pixels."""


def paint_check(painter: QPainter, palette: QPalette, place: QRectF, *, checked: bool, enabled: bool = True) -> None:
    """Paint the box into a place of `SIZE` by `SIZE` pixels; one that cannot be changed is faint and empty."""
    edge, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    edge.setAlphaF(0.55 if enabled else 0.2)
    accent = palette.color(QPalette.ColorRole.Accent)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(accent if checked else edge, 1))
    painter.setBrush(accent if checked else ground)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if checked:
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(ground, 1.8, Qt.PenStyle.SolidLine, cap, join))
        centre = place.center()
        painter.drawPolyline([centre + QPointF(-3.2, 0.2), centre + QPointF(-0.8, 2.6), centre + QPointF(3.4, -2.4)])
    painter.restore()
