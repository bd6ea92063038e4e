"""The shapes of relations beside the text: lines that run upright or level, arrow heads and dots.

Points are (x, y) in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath

Point = tuple[float, float]

DOT = 1.7
"""Radius of the dot at a strong line's source."""
_CORNER = 3.5
_ARROW = 4.5
_BARB = 3.0
_REACH = 4.0


def plain_lines(points: Sequence[Point], *, arrow: bool) -> list[QLineF]:
    """Return a weak connection as straight lines, which are many times cheaper to draw than paths."""
    lines = [QLineF(x, y, to_x, to_y) for (x, y), (to_x, to_y) in pairwise(points)]
    if arrow:
        (before_x, before_y), (x, y) = points[-2:]
        if before_y == y:
            back = x + (_BARB if before_x > x else -_BARB)
            lines += (QLineF(x, y, back, y - _BARB), QLineF(x, y, back, y + _BARB))
        else:
            back = y + (_BARB if before_y > y else -_BARB)
            lines += (QLineF(x, y, x - _BARB, back), QLineF(x, y, x + _BARB, back))
    return lines


def rounded(points: Sequence[Point]) -> QPainterPath:
    """Return the line through the points with its corners rounded."""
    corners = [QPointF(*point) for point in points]
    path = QPainterPath(corners[0])
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        path.lineTo(_towards(corner, before))
        path.quadTo(corner, _towards(corner, after))
    path.lineTo(corners[-1])
    return path


def arrow_head(before: Point, tip: Point) -> QPainterPath:
    """Return an arrow head at the end of a stretch."""
    end = QPointF(*tip)
    way = end - QPointF(*before)
    length = max(abs(way.x()), abs(way.y()))
    along = way / length if length else QPointF(-1, 0)
    across = QPointF(-along.y(), along.x())
    path = QPainterPath(end)
    path.lineTo(end - along * _ARROW + across * (_ARROW * 0.55))
    path.lineTo(end - along * _ARROW - across * (_ARROW * 0.55))
    path.closeSubpath()
    return path


def is_near(x: float, y: float, points: Sequence[Point]) -> bool:
    """Say whether a place is at the line through the points."""
    return any(
        min(a, c) - _REACH <= x <= max(a, c) + _REACH and min(b, d) - _REACH <= y <= max(b, d) + _REACH
        for (a, b), (c, d) in pairwise(points)
    )


def _towards(start: QPointF, end: QPointF) -> QPointF:
    """Return the place from which a corner is rounded."""
    way = end - start
    length = max(abs(way.x()), abs(way.y()))
    return start if not length else start + way * (min(_CORNER, length / 2) / length)
