"""What was read, in the margin: a check mark beside each paragraph that was marked, a line where text was on screen.

Both stand at the outer edge of the side where the text begins. Ranges are ordered, disjoint `[start, end)` pairs in
code points; only those in sight are looked at. Coordinates are as in the painter: pixels from the top left of the text
column in sight.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from annotator.core.coverage import touches
from annotator.core.palette import tint
from annotator.core.spans import Fragment
from annotator.ui.theme import Theme
from annotator.ui.views.reading_layout import LaidBlock
from annotator.ui.views.reading_page import Page

_SIGN = 15.0
"""Pixels from the edge of the view to the middle of the check mark; stripes and initials stand at the text."""
_NARROW, _LOWER = 72.0, 14.0
"""In a margin narrower than this, the check mark stands so much lower, between the initials of two lines."""
_CHECK = ((-3.6, 0.2), (-1.0, 2.8), (4.0, -3.2))
_CHECK_WIDTH = 1.6
_STEM_GAP = 8.0
_EDGE = 3.0
_SEEN_WIDTH = 2
_SEEN_SHARE = 0.47
"""How much of its colour the line keeps on the background."""


class ReadingCoverage:
    """Draws `read`, what was marked as read, and `seen`, what was on screen."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.read: Sequence[Fragment] = ()
        self.seen: Sequence[Fragment] = ()

    def is_read(self, position: int) -> bool:
        """Say whether the paragraph at a position was marked as read."""
        return touches(self.read, position, position + 1) or touches(self.read, max(0, position - 1), position)

    def paint(self, painter: QPainter, page: Page, clip: QRectF, left: float, right: float) -> None:
        """Draw what is in `clip`; `left` and `right` are the edges of the view."""
        if not (self.read or self.seen):
            return
        faint = QColor(tint(self.theme.hex("text_faint"), self.theme.hex("reading"), _SEEN_SHARE))
        edge = right - _EDGE - _SEEN_WIDTH if page.from_right else left + _EDGE
        for dressed, y in page.in_sight():
            laid = dressed.laid
            if y + laid.height < clip.top() or y > clip.bottom():
                continue
            self._paint_seen(painter, laid, y, edge, faint)
            if touches(self.read, laid.start, laid.end):
                lower = _LOWER if -left < _NARROW else 0.0
                self._paint_read(painter, laid, y, right - _SIGN if page.from_right else left + _SIGN, lower)

    def _paint_seen(self, painter: QPainter, laid: LaidBlock, y: float, x: float, colour: QColor) -> None:
        for start, end in within(self.seen, laid.start, max(laid.end, laid.start + 1)):
            first = laid.lines[laid.line_of(laid.positions.to_units(start))]
            last = laid.lines[laid.line_of(laid.positions.to_units(max(start, end - 1)))]
            top = round(y + first.top)
            painter.fillRect(round(x), top, _SEEN_WIDTH, round(y + last.below) - top, colour)

    def _paint_read(self, painter: QPainter, laid: LaidBlock, y: float, x: float, lower: float) -> None:
        """Draw a check mark `lower` than the middle of the first line, and a hairline down to the last one."""
        first, last = laid.lines[0], laid.lines[-1]
        middle = y + (first.top + first.bottom) / 2 + lower
        draw_check(painter, QPointF(x, middle), self.theme.color("text_muted"))
        if len(laid.lines) > 1:
            top, foot = round(middle + _STEM_GAP), round(y + last.bottom) - 2
            painter.fillRect(round(x) - 1, top, 1, foot - top, self.theme.color("border_strong"))


def draw_check(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    """Draw a check mark around a point."""
    pen = QPen(colour, _CHECK_WIDTH)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([middle + QPointF(across, down) for across, down in _CHECK]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def within(ranges: Sequence[Fragment], start: int, end: int) -> Iterator[Fragment]:
    """Yield what ordered, disjoint ranges have in common with `[start, end)`."""
    place = bisect_left(ranges, start, key=_end)
    while place < len(ranges) and ranges[place][0] < end:
        low, high = max(ranges[place][0], start), min(ranges[place][1], end)
        if low < high:
            yield low, high
        place += 1


def _end(part: Fragment) -> int:
    return part[1]


def sight_range(page: Page) -> Fragment | None:
    """Return the text of which every line is more than half in sight, its newline included; None where there is none.

    Its cost is that of what is in sight.
    """
    start = end = None
    for dressed, y in page.in_sight():
        laid = dressed.laid
        for line in laid.lines:
            if not 0 <= y + (line.top + line.bottom) / 2 <= page.sight:
                continue
            start = laid.positions.to_position(line.start) if start is None else start
            is_last = line is laid.lines[-1]
            end = laid.end + 1 if is_last else laid.positions.to_position(line.end)
    return None if start is None or end is None else (start, min(end, len(page.text)))
