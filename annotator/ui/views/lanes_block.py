"""Lanes: under each line, a row of bars for each layer that has something there, in the order of the layers.

Coordinates are logical pixels of the block, positions code points of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from annotator.core.spans import Entry, SpanSet
from annotator.ui.views.reading_layout import LANE_GAP, MAX_LANES, LaidBlock, LaidLine
from annotator.ui.views.reading_page import DressedBlock, Piece, Stretch, lanes_in

ROW_STEP = 9.0
BAR = 5
_BAR_GAP = 2.0
_LETTER_ROOM = 14
"""Pixels between two bars of a row from which on the second one has a letter of its own."""
_MOST_EVEN_ROWS = 4
"""Lines of a block are as far apart as the one with the most rows asks for, up to so many rows."""


def _first(_span: str) -> int:
    return 0


@dataclass(slots=True)
class LaneOrder:
    """Which layers there are: `letters` in the order of their rows, and the place of a span's layer among them.

    The last row is that of the layer that comes of the others; it has room wherever another one has a bar, so that
    nothing moves when it gets one.
    """

    letters: Sequence[str] = ()
    place_of: Callable[[str], int] = _first


@dataclass(slots=True)
class Letter:
    """The letter before a bar: which one, on which line, at the bar's edge `x`; `middle` is that of the row."""

    place: int
    line: int
    x: int
    middle: float


@dataclass(slots=True)
class Gap:
    """A line between two fragments of a span, `[left, right)` at a height."""

    label: str
    line: int
    left: int
    right: int
    y: float


@dataclass(slots=True)
class _Row:
    """A stretch with the place of its layer and its row among those of the layer."""

    stretch: Stretch
    place: int
    depth: int


@dataclass(slots=True)
class _Depths:
    """For each line, how many rows each layer takes up there."""

    lines: list[dict[int, int]] = field(default_factory=list)

    def offset(self, line: int, place: int) -> int:
        """Return the rows above those of a layer on a line."""
        return sum(rows for other, rows in self.lines[line].items() if other < place)


class LanedBlock(DressedBlock):
    """A laid out block with its bars as `pieces`; it has neither tints nor stripes."""

    def __init__(self, order: LaneOrder, laid: LaidBlock) -> None:
        super().__init__(laid)
        self._order = order
        self.letters: list[Letter] = []
        self.gaps: list[Gap] = []

    def dress(self, spans: SpanSet) -> None:
        """Give every fragment its row, make room for the rows and find where the bars lie."""
        laid = self.laid
        self.entries = spans.overlapping(laid.start, max(laid.end, laid.start + 1))
        rows = self._rows(spans)
        depths = _Depths([{} for _ in laid.lines])
        for row in rows:
            for number in range(row.stretch.first, row.stretch.last + 1):
                known = depths.lines[number].get(row.place, 0)
                depths.lines[number][row.place] = max(known, row.depth + 1)
        self.starting = [[] for _ in laid.lines]
        laid.arrange(self._counts(depths), ROW_STEP)
        self.pieces, self.letters, self.gaps = [], [], []
        for row in rows:
            self._place_bars(row, depths)
        self._place_letters(depths, rows)
        self._place_gaps(rows, depths)
        self.dressed = True

    def _rows(self, spans: SpanSet) -> list[_Row]:
        by_place: dict[int, list[Entry]] = {}
        for entry in self.entries:
            by_place.setdefault(self._order.place_of(entry[3]), []).append(entry)
        found = []
        for place, entries in sorted(by_place.items()):
            depths = lanes_in(entries)
            for entry in entries:
                mark = spans.get(entry[3])
                if mark is not None:
                    found.append(_Row(self._stretch(entry, mark), place, depths[mark.id]))
        return found

    def _counts(self, depths: _Depths) -> list[int]:
        """Return how many rows each line has room for."""
        last = len(self._order.letters) - 1
        wanted = [sum(line.values()) + (1 if line and last not in line else 0) for line in depths.lines]
        even = min(max(wanted, default=0), _MOST_EVEN_ROWS)
        return [max(rows, even) for rows in wanted]

    def _place_bars(self, row: _Row, depths: _Depths) -> None:
        laid, stretch = self.laid, row.stretch
        mark, length = stretch.mark, stretch.end - stretch.start
        for number in range(stretch.first, stretch.last + 1):
            top = round(row_top(laid.lines[number], depths.offset(number, row.place) + row.depth))
            for left, right in laid.stretches(number, stretch.low, stretch.high):
                x = round(left)
                width = max(2, round(right) - x - 1)
                piece = Piece(mark.id, mark.label, number, x, width, top, BAR, top, length, row.place)
                self.pieces.append(piece)

    def _place_letters(self, depths: _Depths, rows: list[_Row]) -> None:
        """Name the first bar of each row of a line, and each later one that has room for a letter before it."""
        begins = {(row.stretch.mark.id, row.stretch.first) for row in rows if row.stretch.start >= self.laid.start}
        leftward = self.laid.right_to_left
        by_row: dict[tuple[int, int], list[Piece]] = {}
        for piece in self.pieces:
            by_row.setdefault((piece.line, piece.top), []).append(piece)
        for pieces in by_row.values():
            pieces.sort(key=lambda piece: -piece.left - piece.width if leftward else piece.left)
            before: int | None = None
            for piece in pieces:
                near, far = (piece.left, piece.left + piece.width)[:: -1 if leftward else 1]
                room = before is None or abs(near - before) >= _LETTER_ROOM
                if before is None or (room and (piece.span, piece.line) in begins):
                    self.letters.append(Letter(piece.order, piece.line, near, piece.top + BAR / 2))
                before = far

    def _place_gaps(self, rows: list[_Row], depths: _Depths) -> None:
        for row in rows:
            mark, laid = row.stretch.mark, self.laid
            if len(mark.fragments) < 2:
                continue
            place = mark.fragments.index((row.stretch.start, row.stretch.end))
            if place + 1 == len(mark.fragments):
                continue
            low, high = (laid.positions.to_units(at) for at in (row.stretch.end, mark.fragments[place + 1][0]))
            for number in range(laid.line_of(low), laid.line_of(high) + 1):
                y = row_top(laid.lines[number], depths.offset(number, row.place) + row.depth) + BAR / 2
                for left, right in laid.stretches(number, low, high):
                    self.gaps.append(Gap(mark.label, number, round(left), round(right), y))


def row_top(line: LaidLine, row: int) -> float:
    """Return the upper edge of the bars in a row under a line."""
    return line.bottom + LANE_GAP + _BAR_GAP + ROW_STEP * min(row, MAX_LANES - 1)
