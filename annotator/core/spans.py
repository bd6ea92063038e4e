"""Spans in a text: an index that finds those in sight, lanes that keep their underlines apart, and checks.

All positions are code points of the canonical text, half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain
from operator import itemgetter

from annotator.core.errors import UserError

Fragment = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SpanMark:
    """A span as a view draws it: ordered fragments that stand apart, and the id of its label.

    `created_order` decides between spans of the same extent: the greater lies further in.
    """

    id: str
    fragments: tuple[Fragment, ...]
    label: str
    created_order: int = 0

    @property
    def start(self) -> int:
        """First code point of the hull."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Code point after the hull's last."""
        return self.fragments[-1][1]


def check_fragments(fragments: Sequence[Fragment], length: int) -> None:
    """Check that fragments are a span of a text of `length` code points.

    Raises:
        UserError: there is none, or one is empty, outside the text, out of order or over another.
    """
    if not fragments:
        raise UserError("A span needs at least one stretch of text; select some text first.")
    previous = 0
    for start, end in fragments:
        if start >= end:
            raise UserError("The stretch {start}–{end} is empty; select at least one character.", start=start, end=end)
        if start < 0 or end > length:
            raise UserError(
                "The stretch {start}–{end} lies outside the text of {length} characters; choose one within it.",
                start=start,
                end=end,
                length=length,
            )
        if start < previous:
            raise UserError(
                "The stretch {start}–{end} overlaps or precedes the one before it; give them in order and apart.",
                start=start,
                end=end,
            )
        previous = end


Entry = tuple[int, int, int, str]
"""(start, -end, created order, id): sorts outer before inner, older before newer."""

_entry_end = itemgetter(1)


class IntervalIndex:
    """Intervals in order of their start, in small chunks with the greatest end of each, under a tree of those.

    Finding k intervals among n takes O(log n + k) chunks of bounded size, however long some of the intervals are.
    Adding and removing touch one chunk.
    """

    _CHUNK = 64

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        ordered = sorted(entries)
        size = self._CHUNK
        self._chunks = [ordered[i : i + size] for i in range(0, len(ordered), size)]
        self._count = len(ordered)
        self._rebuild()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        return chain.from_iterable(self._chunks)

    def overlapping(self, start: int, end: int) -> list[Entry]:
        """Return the entries that share a character with `[start, end)`, in order."""
        found: list[Entry] = []
        last = bisect_left(self._firsts, (end,))
        for place in self._chunks_ending_after(start, last):
            found += [entry for entry in self._chunks[place] if entry[0] < end and -entry[1] > start]
        return found

    def add(self, entry: Entry) -> None:
        """Add one entry."""
        self._count += 1
        if not self._chunks:
            self._chunks.append([entry])
            self._rebuild()
            return
        place = max(0, bisect_right(self._firsts, entry) - 1)
        chunk = self._chunks[place]
        insort(chunk, entry)
        if len(chunk) > 2 * self._CHUNK:
            self._chunks[place : place + 1] = [chunk[: self._CHUNK], chunk[self._CHUNK :]]
            self._rebuild()
        else:
            self._refresh(place)

    def remove(self, entry: Entry) -> None:
        """Remove one entry. Raises KeyError if it is not there."""
        place = bisect_right(self._firsts, entry) - 1
        chunk = self._chunks[place] if place >= 0 else []
        at = bisect_left(chunk, entry)
        if at == len(chunk) or chunk[at] != entry:
            raise KeyError(entry)
        del chunk[at]
        self._count -= 1
        if chunk:
            self._refresh(place)
        else:
            del self._chunks[place]
            self._rebuild()

    def after(self, entry: Entry | tuple[int]) -> Entry | None:
        """Return the first entry greater than `entry`."""
        place = max(0, bisect_right(self._firsts, entry) - 1)
        for chunk in self._chunks[place : place + 2]:
            at = bisect_right(chunk, entry)
            if at < len(chunk):
                return chunk[at]
        return None

    def before(self, entry: Entry | tuple[int]) -> Entry | None:
        """Return the last entry smaller than `entry`."""
        place = bisect_left(self._firsts, entry) - 1
        if place < 0:
            return None
        chunk = self._chunks[place]
        return chunk[bisect_left(chunk, entry) - 1]

    def _rebuild(self) -> None:
        self._firsts: list[Entry] = [chunk[0] for chunk in self._chunks]
        width = 1
        while width < len(self._chunks):
            width *= 2
        leaves = [-min(map(_entry_end, chunk)) for chunk in self._chunks]
        tree = [0] * width + leaves + [0] * (width - len(leaves))
        for node in range(width - 1, 0, -1):
            tree[node] = max(tree[2 * node], tree[2 * node + 1])
        self._tree = tree
        self._width = width

    def _refresh(self, place: int) -> None:
        chunk = self._chunks[place]
        self._firsts[place] = chunk[0]
        node = self._width + place
        self._tree[node] = -min(map(_entry_end, chunk))
        while node > 1:
            node //= 2
            self._tree[node] = max(self._tree[2 * node], self._tree[2 * node + 1])

    def _chunks_ending_after(self, start: int, last: int) -> list[int]:
        """Return the chunks before `last` of which some entry ends after `start`, in order."""
        found: list[int] = []
        waiting = [(1, 0, self._width)]
        while waiting:
            node, low, width = waiting.pop()
            if low >= last or self._tree[node] <= start:
                continue
            if width == 1:
                found.append(low)
                continue
            half = width // 2
            waiting.append((2 * node + 1, low + half, half))
            waiting.append((2 * node, low, half))
        return found


class SpanSet:
    """The spans of one text.

    Handing over many costs nothing: until `prepare` or a change, queries are answered from an index of the spans
    near the first place that was asked for, found by one pass over all.
    """

    _NEAR = 20_000

    def __init__(self, marks: Iterable[SpanMark] = ()) -> None:
        self._waiting: Sequence[SpanMark] | None = marks if isinstance(marks, list | tuple) else list(marks)
        self._near: SpanSet | None = None
        self._near_range = (0, 0)
        self._marks: dict[str, SpanMark] = {}
        self._fragments, self._gapped = IntervalIndex(), IntervalIndex()
        self._hulls = self._fragments

    @property
    def prepared(self) -> bool:
        """Say whether all spans are indexed."""
        return self._waiting is None

    def prepare(self) -> None:
        """Index all spans, if that has not been done."""
        if self._waiting is None:
            return
        marks = self._waiting
        self._waiting = self._near = None
        self._marks = {mark.id: mark for mark in marks}
        marks = self._marks.values()
        self._fragments = IntervalIndex((a, -b, m.created_order, m.id) for m in marks for a, b in m.fragments)
        gapped = [mark for mark in marks if len(mark.fragments) > 1]
        self._gapped = IntervalIndex(map(_hull_entry, gapped))
        self._hulls = IntervalIndex(map(_hull_entry, marks)) if gapped else self._fragments

    def _around(self, start: int, end: int) -> SpanSet:
        """Return a prepared set that holds every span over `[start, end)`: this one or that of the near ones."""
        if self._waiting is None:
            return self
        if self._near is None:
            low, high = start - self._NEAR, end + self._NEAR
            near = [mark for mark in self._waiting if (f := mark.fragments)[0][0] < high and f[-1][1] > low]
            self._near, self._near_range = SpanSet(near), (low, high)
            self._near.prepare()
        if self._near_range[0] <= start and end <= self._near_range[1]:
            return self._near
        self.prepare()
        return self

    def __len__(self) -> int:
        self.prepare()
        return len(self._marks)

    def __iter__(self) -> Iterator[SpanMark]:
        self.prepare()
        return iter(self._marks.values())

    def __contains__(self, span: object) -> bool:
        self.prepare()
        return span in self._marks

    def get(self, span: str | None) -> SpanMark | None:
        """Return the span with this id, or None."""
        if span is None:
            return None
        near = self._near._marks.get(span) if self._near is not None else None
        if near is not None:
            return near
        self.prepare()
        return self._marks.get(span)

    def put(self, mark: SpanMark) -> None:
        """Add a span, or replace the one with its id."""
        self.discard(mark.id)
        if len(mark.fragments) > 1 and self._hulls is self._fragments:
            self._hulls = IntervalIndex(self._fragments)
        self._marks[mark.id] = mark
        for index, entries in self._entries(mark):
            for entry in entries:
                index.add(entry)

    def discard(self, span: str) -> SpanMark | None:
        """Remove a span if it is there and return it."""
        self.prepare()
        mark = self._marks.pop(span, None)
        if mark is not None:
            for index, entries in self._entries(mark):
                for entry in entries:
                    index.remove(entry)
        return mark

    def _entries(self, mark: SpanMark) -> Iterator[tuple[IntervalIndex, list[Entry]]]:
        yield self._fragments, [(start, -end, mark.created_order, mark.id) for start, end in mark.fragments]
        if self._hulls is not self._fragments:
            yield self._hulls, [_hull_entry(mark)]
        if len(mark.fragments) > 1:
            yield self._gapped, [_hull_entry(mark)]

    def overlapping(self, start: int, end: int) -> list[Entry]:
        """Return the fragments that share a character with `[start, end)`, outer before inner."""
        return self._around(start, end)._fragments.overlapping(start, end)

    def gapped_over(self, start: int, end: int) -> list[SpanMark]:
        """Return the spans of several fragments whose hull shares a character with `[start, end)`."""
        around = self._around(start, end)
        return [around._marks[entry[3]] for entry in around._gapped.overlapping(start, end)]

    def outward_at(self, position: int) -> list[str]:
        """Return the spans over the character at `position`, the innermost first: the order of repeated clicks."""
        entries = self.overlapping(position, position + 1)
        entries.sort(key=lambda entry: (entry[0] + entry[1], entry[2], entry[3]), reverse=True)
        return [entry[3] for entry in entries]

    def innermost_at(self, position: int) -> str | None:
        """Return the shortest span over the character at `position`, of equal ones the newest."""
        outward = self.outward_at(position)
        return outward[0] if outward else None

    def next_span(self, span: str | None, position: int) -> str | None:
        """Return the span after `span` in the text, or without one the first that starts at or after `position`."""
        self.prepare()
        mark = self.get(span)
        entry = self._hulls.after(_hull_entry(mark) if mark else (position,))
        return entry[3] if entry else None

    def previous_span(self, span: str | None, position: int) -> str | None:
        """Return the span before `span` in the text, or without one the last that starts before `position`."""
        self.prepare()
        mark = self.get(span)
        entry = self._hulls.before(_hull_entry(mark) if mark else (position,))
        return entry[3] if entry else None


def _hull_entry(mark: SpanMark) -> Entry:
    return (mark.fragments[0][0], -mark.fragments[-1][1], mark.created_order, mark.id)


def lanes(entries: Sequence[Entry]) -> list[int]:
    """Return for each entry, given in order, the lane of its underline: the lowest that is free where it starts.

    Entries that overlap never share a lane; an outer one lies nearer to the text than those in it.
    """
    free: list[int] = []
    taken: list[tuple[int, int]] = []
    count = 0
    result = []
    for start, negative_end, _, _ in entries:
        while taken and taken[0][0] <= start:
            heappush(free, heappop(taken)[1])
        if free:
            lane = heappop(free)
        else:
            lane, count = count, count + 1
        heappush(taken, (-negative_end, lane))
        result.append(lane)
    return result
