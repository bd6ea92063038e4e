"""Relations drawn beside the text: brackets in the margin where lines end, and for the selected span to its words.

Coordinates are those of the page in sight: pixels from the left of the text column and from the top of what is in
sight. A bracket runs in a lane of the margin; to the words it goes below their line, where neither glyphs nor
underlines are. Only links with an end in sight are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from annotator.core.links import Leaving, LinkMark, LinkSet
from annotator.core.spans import SpanMark
from annotator.ui.text_positions import display_text
from annotator.ui.theme import Theme
from annotator.ui.views.reading_layout import LaidBlock
from annotator.ui.views.reading_link_shapes import DOT, Point, arrow_head, is_near, plain_lines, rounded
from annotator.ui.views.reading_page import Page
from annotator.ui.words import grouped, quoted, tr

_FIRST_LANE = 9.0
_LANE = 6.0
_MOST_LANES = 16
_TICK = 3.0
"""Pixels between the column and where a faint bracket ends."""
_BELOW = 2.5
"""Pixels from the top of the next line at which a bracket runs below its own."""
_GAP = 3.5
_APART = 2.0
"""Pixels between two brackets in one lane."""
_CHIP_LEFT = 5.0
_CHIP_RIGHT = 3.0
_LEAST_CHIP = 18.0
_TIP_QUOTE = 60


@dataclass(slots=True)
class _End:
    """An end in sight: the line's middle and the run below it, and where the words end on that line."""

    middle: float
    run: float
    words: float


@dataclass(slots=True)
class Connector:
    """A bracket: `points` from source to target. `edge` is -1 or 1 where it leaves above or below what is in sight.

    `links` are what it stands for; several, or only the nearest of `count`, where they leave together.
    """

    links: tuple[LinkMark, ...]
    count: int
    strong: bool
    source: _End | None
    target: _End | None
    edge: int = 0
    lane: int = 0
    preview: bool = False
    points: list[Point] = field(default_factory=list)

    @property
    def has_arrow(self) -> bool:
        """Say whether its last point is an end in sight, or the edge through which it leaves."""
        return self.target is not None or self.edge != 0

    @property
    def on_one_line(self) -> bool:
        """Say whether it is drawn from words to words below one line, without a way through the margin."""
        source, target = self.source, self.target
        return self.strong and source is not None and target is not None and source.run == target.run

    def extent(self, sight: float) -> tuple[float, float]:
        """Return the top and bottom of the part in the margin."""
        source, target = self.source, self.target
        one = None if source is None else source.run if self.strong else source.middle
        other = None if target is None else target.run if self.strong else target.middle
        border = 0.0 if self.edge < 0 else sight
        first, last = border if one is None else one, border if other is None else other
        return (first, last) if first < last else (last, first)


class ReadingLinks:
    """Holds the links of a text, and draws those that have an end in sight. `room` is the margin in pixels."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.links = LinkSet()
        self.names: Mapping[str, str] = {}
        self.shown = True
        self.room = 56.0
        self.preview: LinkMark | None = None
        self._hovered: str | None = None

    def set_links(self, marks: Iterable[LinkMark]) -> None:
        """Replace all links."""
        self.links = LinkSet(marks)
        self.preview = self._hovered = None

    # -- where they run

    def connectors(self, page: Page, span: str | None) -> list[Connector]:
        """Return the brackets in sight; those of `span` are strong and come last."""
        if not (self.shown and len(self.links)) and self.preview is None:
            return []
        places = _Places(page)
        found = self._found(page, places, span) if self.shown else []
        if self.preview is not None:
            found += _preview(self.preview, places)
        self._give_lanes(found, page.sight)
        for connector in found:
            self._place(connector, page)
        found.sort(key=lambda connector: (connector.strong, connector.preview))
        return found

    def _found(self, page: Page, places: _Places, span: str | None) -> list[Connector]:
        near = self.links.within(*places.range)
        found: list[Connector] = []
        for mark in near.whole:
            strong = span in (mark.source, mark.target) or mark.id == self._hovered
            source = places.end(mark.source, mark.source_start, words=strong)
            target = places.end(mark.target, mark.target_start, words=strong)
            if source is not None and target is not None:
                found.append(Connector((mark,), 1, strong, source, target))
        for item in near.leaving:
            strong = _belongs(item, span) or item.links[0].id == self._hovered
            end = places.end(item.span, item.start, words=strong)
            if end is not None and _is_in_text(item, page):
                found.append(_leaving(item, end, strong=strong))
        return found

    def _give_lanes(self, connectors: list[Connector], sight: float) -> None:
        """Let short brackets run near the text and long ones further out, none over another while there is room."""
        last = max(0, min(_MOST_LANES, int((self.room - _FIRST_LANE - _LANE / 2) / _LANE)))
        taken: list[list[tuple[float, float]]] = [[] for _ in range(last + 1)]
        extents = [(*connector.extent(sight), place) for place, connector in enumerate(connectors)]
        for top, bottom, place in sorted(extents, key=_length):
            lane = 0
            while lane < last and _meets(top, bottom, taken[lane]):
                lane += 1
            connectors[place].lane = lane
            taken[lane].append((top - _APART, bottom + _APART))

    def _place(self, connector: Connector, page: Page) -> None:
        outward = -1.0 if page.from_right else 1.0
        column = 0.0 if page.from_right else page.width
        lane = column + outward * (_FIRST_LANE + _LANE * connector.lane)
        if connector.on_one_line:
            ends = (connector.source, connector.target)
            connector.points = [(end.words + outward * _GAP, end.run) for end in ends if end is not None]
            return
        points: list[Point] = []
        for end in (connector.source, connector.target):
            if end is None:
                piece = [(lane, 2.0 if connector.edge < 0 else page.sight - 2.0)]
            elif connector.strong:
                piece = [(end.words + outward * _GAP, end.run), (lane, end.run)]
            else:
                piece = [(column + outward * _TICK, end.middle), (lane, end.middle)]
            points += piece if not points else piece[::-1]
        connector.points = points

    def at(self, page: Page, span: str | None, point: QPointF) -> Connector | None:
        """Return the bracket at a point, the strong ones first, wherever one that is hovered runs meanwhile."""
        hovered, self._hovered = self._hovered, None
        found = reversed(self.connectors(page, span))
        self._hovered = hovered
        x, y = point.x(), point.y()
        return next((connector for connector in found if is_near(x, y, connector.points)), None)

    def hover(self, page: Page, span: str | None, point: QPointF | None) -> bool:
        """Make the bracket at a point strong, if the point is in the margin; say whether another one is."""
        before = self._hovered
        inside = point is None or 0 <= point.x() <= page.width
        connector = None if inside or point is None else self.at(page, span, point)
        self._hovered = connector.links[0].id if connector is not None else None
        return self._hovered != before

    def tip_at(self, page: Page, span: str | None, point: QPointF) -> str:
        """Return what the bracket at a point stands for, or nothing."""
        connector = self.at(page, span, point)
        if connector is None:
            return ""
        lines = [line for link in connector.links if (line := self._line(page, link))]
        if connector.count > len(connector.links):
            lines.append(tr("and {count} more").format(count=grouped(connector.count - len(connector.links))))
        return "\n".join(lines)

    def _line(self, page: Page, link: LinkMark) -> str:
        ends = [page.spans.get(span) for span in (link.source, link.target)]
        quotes = [quoted(page.text[mark.start : mark.end], _TIP_QUOTE) for mark in ends if mark is not None]
        name = self.names.get(link.type, "")
        return f"{name}: {quotes[0]} → {quotes[1]}" if len(quotes) == 2 else name

    # -- drawing

    def paint(self, painter: QPainter, page: Page, clip: QRectF, span: str | None) -> None:
        """Draw the brackets in sight."""
        connectors = self.connectors(page, span)
        if not connectors:
            return
        weak: list[QLineF] = []
        for connector in connectors:
            if not connector.strong:
                weak += plain_lines(connector.points, arrow=connector.has_arrow)
        if weak:
            painter.setPen(self.theme.color("border_strong"))
            painter.drawLines(weak)
        strong = [connector for connector in connectors if connector.strong]
        if strong:
            self._paint_strong(painter, page, strong, span)

    def _paint_strong(self, painter: QPainter, page: Page, connectors: list[Connector], span: str | None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        taken: list[QRectF] = []
        for connector in connectors:
            self._draw(painter, connector, self.theme.color("accent"))
        for connector in connectors:
            if not connector.preview:
                self._chip(painter, page, connector, span, taken)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw(self, painter: QPainter, connector: Connector, colour: QColor) -> None:
        pen = QPen(colour, 1.5)
        if connector.preview:
            pen.setDashPattern([2.0, 2.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(rounded(connector.points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if connector.has_arrow:
            painter.drawPath(arrow_head(*connector.points[-2:]))
        if connector.source is not None:
            painter.drawEllipse(QPointF(*connector.points[0]), DOT, DOT)

    def _chip(self, painter: QPainter, page: Page, connector: Connector, span: str | None, taken: list[QRectF]) -> None:
        """Write the name of the relation in the margin, at the line of the other end or where the bracket leaves."""
        room = self.room - _CHIP_LEFT - _CHIP_RIGHT
        if room < _LEAST_CHIP:
            return
        font = self.theme.font("small")
        font.setPixelSize(10)
        metrics = QFontMetricsF(font)
        words = metrics.elidedText(display_text(self.words(connector)), Qt.TextElideMode.ElideRight, room)
        size = metrics.size(0, words)
        beside_lane = _FIRST_LANE + _LANE * connector.lane + _CHIP_LEFT
        out = min(beside_lane, self.room - _CHIP_RIGHT - size.width())
        x = -out - size.width() if page.from_right else page.width + out
        rect = QRectF(x, self._chip_top(page, connector, span, size.height()), size.width(), size.height())
        step = -1.0 if connector.edge > 0 else 1.0
        while any(rect.intersects(other) for other in taken):
            rect.translate(0, step * (rect.height() + 1))
        taken.append(rect)
        painter.fillRect(rect.adjusted(-1, 0, 1, 0), self.theme.color("reading"))
        painter.setFont(font)
        painter.setPen(self.theme.color("accent"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    def _chip_top(self, page: Page, connector: Connector, span: str | None, height: float) -> float:
        other = connector.target if connector.links[0].source == span else connector.source
        if other is not None:
            return other.run - height - 1.0
        return 6.0 if connector.edge < 0 else page.sight - height - 6.0

    def words(self, connector: Connector) -> str:
        """Return the names of what a bracket stands for."""
        names = list(dict.fromkeys(self.names.get(link.type, "") for link in connector.links))
        if connector.count > 1:
            return f"{connector.count} × {', '.join(names)}" if len(names) == 1 else ", ".join(names)
        return names[0]


class _Places:
    """Where spans end on the lines in sight."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._shown = list(page.in_sight())
        self._blocks = {dressed.laid.index: (dressed.laid, y) for dressed, y in self._shown}

    @property
    def range(self) -> tuple[int, int]:
        """The code points in sight, half-open."""
        if not self._shown:
            return 0, 0
        (first, top), (last, y) = self._shown[0], self._shown[-1]
        start, end = first.laid, last.laid
        low = start.positions.to_position(start.lines[start.line_at(-top)].start)
        high = end.positions.to_position(end.lines[end.line_at(self._page.sight - y)].end)
        return low, max(high, end.start + 1)

    def end(self, span: str, start: int, *, words: bool = True) -> _End | None:
        """Return the end on the line where a span starts, or None where that is out of sight or the span is not shown.

        Where its words end is looked for if `words` says so.
        """
        found = self._blocks.get(self._page.blocks.at(start))
        mark = self._page.spans.get(span) if found is not None else None
        if found is None or mark is None:
            return None
        laid, top = found
        unit = laid.positions.to_units(start)
        number = laid.line_of(unit)
        line = laid.lines[number]
        edge = self._words_end(laid, number, unit, mark) if words else 0.0
        return _End(top + (line.top + line.bottom) / 2, top + line.below - _BELOW, edge)

    def _words_end(self, laid: LaidBlock, number: int, unit: int, mark: SpanMark) -> float:
        last = laid.positions.to_units(min(mark.fragments[0][1], laid.end))
        edges = [edge for stretch in laid.stretches(number, unit, last) for edge in stretch]
        if not edges:
            return 0.0 if self._page.from_right else self._page.width
        return min(edges) if self._page.from_right else max(edges)


def _length(extent: tuple[float, float, int]) -> tuple[float, float]:
    top, bottom, _ = extent
    return bottom - top, top


def _meets(top: float, bottom: float, taken: list[tuple[float, float]]) -> bool:
    return any(low <= bottom and top <= high for low, high in taken)


def _is_in_text(item: Leaving, page: Page) -> bool:
    """Say whether any of the other ends is shown in the text."""
    others = (mark.target if item.outgoing else mark.source for mark in item.links)
    return item.count > len(item.links) or not page.spans.prepared or any(other in page.spans for other in others)


def _belongs(item: Leaving, span: str | None) -> bool:
    return span is not None and (item.span == span or any(span in (m.source, m.target) for m in item.links))


def _leaving(item: Leaving, end: _End, *, strong: bool) -> Connector:
    source, target = (end, None) if item.outgoing else (None, end)
    return Connector(item.links, item.count, strong, source, target, -1 if item.before else 1)


def _preview(mark: LinkMark, places: _Places) -> list[Connector]:
    """Return the bracket of a relation that does not exist yet."""
    source, target = places.end(mark.source, mark.source_start), places.end(mark.target, mark.target_start)
    if source is None and target is None:
        return []
    forward = mark.source_start < mark.target_start
    edge = 0 if source is not None and target is not None else (1 if forward == (target is None) else -1)
    return [Connector((mark,), 1, True, source, target, edge, preview=True)]
