"""The selected span's relations on the pages: a dashed box around each other end, and brackets at the paper's edge.

The edge of the paper is free of words. Points are logical pixels of the viewport; pages are white in every theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from annotator.core.links import LinkMark
from annotator.core.spans import SpanMark
from annotator.ui.theme import load_theme
from annotator.ui.views.page_surface import PageSurface
from annotator.ui.views.reading_link_shapes import DOT, Point, arrow_head, rounded

_FIRST_LANE = 8.0
_LANE = 5.0
_LANES = 4
_TICK = 6.0
_MARGIN = 2.0


class PageLinks:
    """Draws what belongs to the selected span and has an end in sight."""

    def __init__(self) -> None:
        self._accent = load_theme("light").color("accent")

    def paint(self, painter: QPainter, surface: PageSurface, span: SpanMark, links: Iterable[LinkMark]) -> None:
        """Draw the relations of a span."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, link in enumerate(links):
            points = _path(surface, link, place % _LANES)
            if points:
                self._bracket(painter, points, self._accent)
            other = surface.spans.get(link.target if link.source == span.id else link.source)
            if other is not None:
                self.outline(painter, surface, other)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def outline(self, painter: QPainter, surface: PageSurface, span: SpanMark) -> None:
        """Draw a dashed box around each line of a span."""
        pen = QPen(self._accent, 1.2)
        pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rect in _boxes(surface, span):
            painter.drawRoundedRect(rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN), 3, 3)

    def _bracket(self, painter: QPainter, points: list[Point], colour: QColor) -> None:
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(rounded(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPath(arrow_head(*points[-2:]))
        painter.drawEllipse(QPointF(*points[0]), DOT, DOT)


def _boxes(surface: PageSurface, span: SpanMark) -> Iterator[QRectF]:
    for sheet in surface.sheets_in_sight():
        for start, end in span.fragments:
            for box in sheet.words.boxes(start, end):
                yield surface.stack.to_view(sheet.page, box)


def _path(surface: PageSurface, link: LinkMark, lane: int) -> list[Point]:
    """Return the way from source to target along the right edge of the paper; nothing where no end is in sight."""
    ends = [_end(surface, start, lane) for start in (link.source_start, link.target_start)]
    source, target = ends
    if source is None and target is None:
        return []
    down = link.source_start < link.target_start
    if source is None and target is not None:
        source = [(target[-1][0], 2.0 if down else surface.stack.sight.height() - 2.0)]
    elif target is None and source is not None:
        target = [(source[-1][0], surface.stack.sight.height() - 2.0 if down else 2.0)]
    return [*(source or []), *(target or [])[::-1]]


def _end(surface: PageSurface, start: int, lane: int) -> list[Point] | None:
    """Return where a bracket begins beside a line, and its corner; None where the line is out of sight."""
    for sheet in surface.sheets_in_sight():
        boxes = sheet.words.boxes(start, start + 1)
        if boxes:
            y = surface.stack.to_view(sheet.page, boxes[0]).center().y()
            edge = surface.stack.rect(sheet.page).right() - _FIRST_LANE - _LANE * (_LANES - 1 - lane)
            if 0 <= y <= surface.stack.sight.height():
                return [(edge - _TICK, y), (edge, y)]
    return None
