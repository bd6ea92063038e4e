"""Edits of a text, and where its positions come to lie after them.

Positions are code points of the text before the edits, half-open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from annotator.core.errors import BugError
from annotator.core.records import Fragment


@dataclass(frozen=True, slots=True)
class TextEdit:
    """`text` comes in the place of `[start, end)`; an empty stretch is an insertion, an empty text a deletion."""

    start: int
    end: int
    text: str


class Side(Enum):
    """On which side of new text a position comes to lie that is inside what it replaces, or where it is inserted."""

    BEFORE = 0
    AFTER = 1


def check_edits(edits: Iterable[TextEdit], length: int) -> None:
    """Raise BugError unless the edits are in order, apart, and inside a text of `length` code points.

    Two of them may touch, but not begin or end at the same place: only then every position has one place.
    """
    previous = TextEdit(-1, -1, "")
    for edit in edits:
        if not (0 <= edit.start <= edit.end <= length):
            raise BugError(f"the edit {edit.start}–{edit.end} lies outside a text of {length} code points")
        if edit.start < previous.end or edit.start == previous.start or edit.end == previous.end:
            raise BugError(f"the edit {edit.start}–{edit.end} is out of order or over another")
        previous = edit


def apply_edits(text: str, edits: Sequence[TextEdit]) -> str:
    """Return the text with the edits made. Raises BugError as `check_edits` does."""
    check_edits(edits, len(text))
    parts = []
    place = 0
    for edit in edits:
        parts += (text[place : edit.start], edit.text)
        place = edit.end
    return "".join([*parts, text[place:]])


class Moves:
    """Where positions come to lie after ordered, disjoint edits; a look-up takes the logarithm of their number."""

    def __init__(self, edits: Sequence[TextEdit]) -> None:
        self._edits = edits
        self._ends = [edit.end for edit in edits]
        grown = (len(edit.text) - (edit.end - edit.start) for edit in edits)
        self._shifts = list(accumulate(grown, initial=0))

    def moved(self, position: int, side: Side) -> int:
        """Return where a position of the text before the edits comes to lie.

        The start of what is replaced lies before the new text and its end after it; what is inside, and a place where
        text is inserted, goes to the side that is asked for.
        """
        index = bisect_left(self._ends, position)
        shift = self._shifts[index]
        if index == len(self._edits) or position < self._edits[index].start:
            return position + shift
        edit = self._edits[index]
        start, end = edit.start + shift, edit.start + shift + len(edit.text)
        if edit.start == edit.end:
            return start if side is Side.BEFORE else end
        if position == edit.start:
            return start
        if position == edit.end:
            return end
        return start if side is Side.BEFORE else end

    def moved_fragments(self, fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
        """Return where stretches come to lie; those of which nothing is left are missing."""
        moved = ((self.moved(start, Side.AFTER), self.moved(end, Side.BEFORE)) for start, end in fragments)
        return tuple((start, end) for start, end in moved if start < end)

    def edits_in(self, start: int, end: int) -> Sequence[TextEdit]:
        """Return the edits that touch `[start, end]`, its two ends included."""
        low = bisect_left(self._ends, start)
        high = low
        while high < len(self._edits) and self._edits[high].start <= end:
            high += 1
        return self._edits[low:high]


def moved(position: int, edits: Sequence[TextEdit], side: Side) -> int:
    """Return where one position comes to lie after the edits; for many of them use `Moves`."""
    return Moves(edits).moved(position, side)
