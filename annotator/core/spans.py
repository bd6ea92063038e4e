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
    """The spans of one text. Indexed on first use, so that handing over many costs little."""

    def __init__(self, marks: Iterable[SpanMark] = ()) -> None:
        self._marks = {mark.id: mark for mark in marks}
        self._fragments: IntervalIndex | None = None
        self._gapped: IntervalIndex | None = None
        self._hulls: IntervalIndex | None = None

    def __len__(self) -> int:
        return len(self._marks)

    def __iter__(self) -> Iterator[SpanMark]:
        return iter(self._marks.values())

    def __contains__(self, span: object) -> bool:
        return span in self._marks

    def get(self, span: str | None) -> SpanMark | None:
        """Return the span with this id, or None."""
        return None if span is None else self._marks.get(span)

    def put(self, mark: SpanMark) -> None:
        """Add a span, or replace the one with its id."""
        self.discard(mark.id)
        self._marks[mark.id] = mark
        for index, entries in self._entries(mark):
            for entry in entries:
                index.add(entry)

    def discard(self, span: str) -> SpanMark | None:
        """Remove a span if it is there and return it."""
        mark = self._marks.pop(span, None)
        if mark is not None:
            for index, entries in self._entries(mark):
                for entry in entries:
                    index.remove(entry)
        return mark

    def overlapping(self, start: int, end: int) -> list[Entry]:
        """Return the fragments that share a character with `[start, end)`, outer before inner."""
        if self._fragments is None:
            self._fragments = IntervalIndex(chain.from_iterable(map(_fragment_entries, self._marks.values())))
        return self._fragments.overlapping(start, end)

    def gapped_over(self, start: int, end: int) -> list[SpanMark]:
        """Return the spans of several fragments whose hull shares a character with `[start, end)`."""
        if self._gapped is None:
            self._gapped = IntervalIndex(_hull_entry(m) for m in self._marks.values() if len(m.fragments) > 1)
        return [self._marks[entry[3]] for entry in self._gapped.overlapping(start, end)]

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
        mark = self.get(span)
        entry = self._hull_index().after(_hull_entry(mark) if mark else (position,))
        return entry[3] if entry else None

    def previous_span(self, span: str | None, position: int) -> str | None:
        """Return the span before `span` in the text, or without one the last that starts before `position`."""
        mark = self.get(span)
        entry = self._hull_index().before(_hull_entry(mark) if mark else (position,))
        return entry[3] if entry else None

    def _hull_index(self) -> IntervalIndex:
        if self._hulls is None:
            self._hulls = IntervalIndex(map(_hull_entry, self._marks.values()))
        return self._hulls

    def _entries(self, mark: SpanMark) -> Iterator[tuple[IntervalIndex, list[Entry]]]:
        if self._fragments is not None:
            yield self._fragments, _fragment_entries(mark)
        if self._hulls is not None:
            yield self._hulls, [_hull_entry(mark)]
        if self._gapped is not None and len(mark.fragments) > 1:
            yield self._gapped, [_hull_entry(mark)]


def _fragment_entries(mark: SpanMark) -> list[Entry]:
    return [(start, -end, mark.created_order, mark.id) for start, end in mark.fragments]


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
