"""Where the spans of a report lie in a paragraph: stretches over which the same spans lie, and lanes of underlines.

Positions are code points of the document's canonical text, half-open.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from annotator.core.report import ReportBlock, ReportDocument, ReportSpan
from annotator.core.spans import IntervalIndex

MOST_LANES = 6
"""How many underlines stand below each other; what lies deeper shares the last one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span in a block, with the lane of its underline, 0 next to the text."""

    span: ReportSpan
    lane: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch `[start, end)` over which the same spans lie, outermost first; `begins` are those that begin with it.

    At most `MOST_LANES` of them, the innermost.
    """

    start: int
    end: int
    marks: tuple[Mark, ...] = ()
    begins: tuple[ReportSpan, ...] = ()


def marked_blocks(document: ReportDocument) -> Iterator[tuple[ReportBlock, list[Segment]]]:
    """Yield every block of a document with its segments."""
    spans = {str(span.number): span for span in document.spans}
    index = IntervalIndex((low, -high, n, str(n)) for n, span in _numbered(spans) for low, high in span.fragments)
    for block in document.blocks:
        yield block, segments(block, {e[3]: spans[e[3]] for e in index.overlapping(block.start, block.end)}.values())


def _numbered(spans: Mapping[str, ReportSpan]) -> Iterator[tuple[int, ReportSpan]]:
    return ((span.number, span) for span in spans.values())


_Piece = tuple[int, int, int]
"""A fragment within a block: minus its length, its span's number, its end. In this order the innermost is last."""


def segments(block: ReportBlock, spans: Iterable[ReportSpan]) -> list[Segment]:
    """Cut a block where spans begin and end; together the segments cover all of it."""
    known = {span.number: span for span in spans}
    starting: dict[int, list[_Piece]] = {}
    ending: dict[int, list[_Piece]] = {}
    for span in known.values():
        for low, high in span.fragments:
            low, high = max(low, block.start), min(high, block.end)
            if low < high:
                piece = (low - high, span.number, high)
                starting.setdefault(low, []).append(piece)
                ending.setdefault(high, []).append(piece)
    lanes = _lanes(starting)
    edges = sorted({block.start, block.end, *starting, *ending})
    found: list[Segment] = []
    active: list[_Piece] = []
    for start, end in pairwise(edges):
        for piece in ending.get(start, ()):
            del active[bisect_left(active, piece)]
        for piece in starting.get(start, ()):
            insort(active, piece)
        marks = tuple(Mark(known[number], lanes[number]) for _, number, _ in active[-MOST_LANES:])
        begins = sorted(number for _, number, _ in starting.get(start, ()) if known[number].start == start)
        found.append(Segment(start, end, marks, tuple(known[number] for number in begins)))
    return found


def _lanes(starting: Mapping[int, Iterable[_Piece]]) -> dict[int, int]:
    """Return a lane by the number of each span: short ones lie next to the text, long ones below them."""
    hulls: dict[int, tuple[int, int]] = {}
    for low, pieces in starting.items():
        for _, number, high in pieces:
            before = hulls.get(number, (low, high))
            hulls[number] = min(low, before[0]), max(high, before[1])
    lanes: dict[int, int] = {}
    taken: list[list[tuple[int, int]]] = [[] for _ in range(MOST_LANES - 1)]
    for number, hull in sorted(hulls.items(), key=lambda item: (item[1][1] - item[1][0], -item[0])):
        lane = next((lane for lane, others in enumerate(taken) if _is_free(others, hull)), len(taken))
        lanes[number] = lane
        if lane < len(taken):
            insort(taken[lane], hull)
    return lanes


def _is_free(others: list[tuple[int, int]], hull: tuple[int, int]) -> bool:
    """Say whether a hull touches none of the ordered, disjoint others."""
    place = bisect_left(others, hull)
    return (place == 0 or others[place - 1][1] <= hull[0]) and (place == len(others) or hull[1] <= others[place][0])
