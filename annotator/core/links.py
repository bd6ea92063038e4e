"""Links between spans of a text: an index that finds those with an end in sight.

All positions are code points of the canonical text, half-open.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotator.core.spans import Entry, IntervalIndex


@dataclass(frozen=True, slots=True)
class LinkMark:
    """A relation as a view draws it: the id of its type, and its two spans with where they start."""

    id: str
    type: str
    source: str
    target: str
    source_start: int
    target_start: int


@dataclass(slots=True)
class Leaving:
    """The links of one span in sight whose other ends all lie before what is in sight, or all after it.

    `links` are the nearest of them, `count` says how many there are.
    """

    span: str
    start: int
    before: bool
    outgoing: bool
    links: tuple[LinkMark, ...]
    count: int


@dataclass(slots=True)
class LinksInSight:
    """The links with both ends in a stretch of the text, and those that leave it."""

    whole: list[LinkMark] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)


_Fan = list[tuple[int, str]]
"""(where the other end starts, id of the link), in order."""


class LinkSet:
    """The links of one text.

    Asking costs as much as there are spans with links in the stretch and links within it, however many lead out of it.
    Handing over many costs nothing: until `prepare` or a change, the first question is answered from an index of the
    links near its place, found by one pass over all.
    """

    NAMED = 8
    """How many links of a `Leaving` are told."""
    _NEAR = 20_000

    def __init__(self, marks: Iterable[LinkMark] = ()) -> None:
        self._waiting: Sequence[LinkMark] | None = marks if isinstance(marks, list | tuple) else list(marks)
        self._near: LinkSet | None = None
        self._near_range = (0, 0)
        self._marks: dict[str, LinkMark] = {}
        self._fans: dict[tuple[str, bool], _Fan] = {}
        self._starts: dict[str, int] = {}
        self._spans = IntervalIndex()

    @property
    def prepared(self) -> bool:
        """Say whether all links are indexed."""
        return self._waiting is None

    def prepare(self) -> None:
        """Index all links, if that has not been done."""
        if self._waiting is None:
            return
        marks, self._waiting, self._near = self._waiting, None, None
        self._marks = {mark.id: mark for mark in marks}
        for mark in self._marks.values():
            self._fans.setdefault((mark.source, True), []).append((mark.target_start, mark.id))
            self._fans.setdefault((mark.target, False), []).append((mark.source_start, mark.id))
            self._starts[mark.source] = mark.source_start
            self._starts[mark.target] = mark.target_start
        for fan in self._fans.values():
            fan.sort()
        self._spans = IntervalIndex(_entry(span, start) for span, start in self._starts.items())

    def __len__(self) -> int:
        return len(self._marks if self._waiting is None else self._waiting)

    def change(self, removed: Iterable[str], put: Iterable[LinkMark]) -> None:
        """Take links away by id, and add or replace others. A span that has moved brings all its links."""
        self.prepare()
        put = list(put)
        for link in (*removed, *(mark.id for mark in put)):
            self._discard(link)
        for mark in put:
            self._put(mark)

    def _put(self, mark: LinkMark) -> None:
        self._marks[mark.id] = mark
        for span, outgoing, start, other in _ends(mark):
            insort(self._fans.setdefault((span, outgoing), []), (other, mark.id))
            if span not in self._starts:
                self._starts[span] = start
                self._spans.add(_entry(span, start))

    def _discard(self, link: str) -> None:
        mark = self._marks.pop(link, None)
        if mark is None:
            return
        for span, outgoing, _, other in _ends(mark):
            fan = self._fans[span, outgoing]
            del fan[bisect_left(fan, (other, link))]
            if not fan:
                del self._fans[span, outgoing]
                if (span, not outgoing) not in self._fans:
                    self._spans.remove(_entry(span, self._starts.pop(span)))

    def get(self, link: str) -> LinkMark | None:
        """Return a link by id."""
        self.prepare()
        return self._marks.get(link)

    def of(self, span: str, most: int) -> list[LinkMark]:
        """Return links of a span, at most so many that lead away and so many that lead to it, by their other ends."""
        self.prepare()
        fans = (self._fans.get((span, outgoing), ())[:most] for outgoing in (True, False))
        return [self._marks[link] for fan in fans for _, link in fan]

    def within(self, low: int, high: int) -> LinksInSight:
        """Return the links of the spans that start in `[low, high)`."""
        around = self._around(low, high)
        found = LinksInSight()
        for start, _, _, span in around._spans.overlapping(low, high):
            for outgoing in (True, False):
                around._spread(span, start, outgoing, low, high, found)
        return found

    def _spread(self, span: str, start: int, outgoing: bool, low: int, high: int, found: LinksInSight) -> None:
        fan = self._fans.get((span, outgoing))
        if fan is None:
            return
        first, last = bisect_left(fan, (low,)), bisect_left(fan, (high,))
        marks = self._marks
        if outgoing and first < last:
            found.whole += [marks[link] for _, link in fan[first:last]]
        if first:
            links = tuple([marks[link] for _, link in reversed(fan[max(0, first - self.NAMED) : first])])
            found.leaving.append(Leaving(span, start, True, outgoing, links, first))
        if last < len(fan):
            links = tuple([marks[link] for _, link in fan[last : last + self.NAMED]])
            found.leaving.append(Leaving(span, start, False, outgoing, links, len(fan) - last))

    def _around(self, low: int, high: int) -> LinkSet:
        """Return a prepared set that holds every link with an end in `[low, high)`."""
        if self._waiting is None:
            return self
        if self._near is None:
            first, last = low - self._NEAR, high + self._NEAR
            near = [m for m in self._waiting if first <= m.source_start < last or first <= m.target_start < last]
            self._near, self._near_range = LinkSet(near), (first, last)
            self._near.prepare()
        if self._near_range[0] <= low and high <= self._near_range[1]:
            return self._near
        self.prepare()
        return self


def _entry(span: str, start: int) -> Entry:
    return (start, -start - 1, 0, span)


def _ends(mark: LinkMark) -> tuple[tuple[str, bool, int, int], ...]:
    """Return for both ends: span, whether the link leads away from it, its start and that of the other."""
    return (
        (mark.source, True, mark.source_start, mark.target_start),
        (mark.target, False, mark.target_start, mark.source_start),
    )
