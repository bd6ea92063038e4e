"""What agreement is measured on: the spans of layers in documents, as plain numbers.

A layer *counts* in a document where its annotator finished it or tagged something in it. A layer that counts and has no
span there says that there is nothing; a layer that does not count says nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from annotator.core.records import Annotation, Relation

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LayeredDocument:
    """A document with the annotations and relations of each layer that counts in it, by layer id.

    `characters` counts code points. `month` is the month that it belongs to over time, or empty.
    """

    id: str
    characters: int
    annotations: Mapping[str, Sequence[Annotation]]
    relations: Mapping[str, Sequence[Relation]] = field(default_factory=dict)
    month: str = ""


class Unit(NamedTuple):
    """A span: its hull, half-open in code points, the place of its label in the list of labels, and what it covers."""

    start: int
    end: int
    label: int
    id: str
    fragments: tuple[Interval, ...]
    size: int


def units_of(annotations: Iterable[Annotation], labels: Mapping[str, int]) -> list[Unit]:
    """Return the annotations with one of the labels as units, in the order of the text."""
    return sorted(
        Unit(a.start, a.end, labels[a.label], a.id, a.fragments, sum(end - start for start, end in a.fragments))
        for a in annotations
        if a.label in labels
    )


class UnitIndex:
    """Units in the order of the text, to find those over a stretch of it."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self._starts = [unit.start for unit in units]
        self._ends = list(accumulate((unit.end for unit in units), max))

    def overlapping(self, start: int, end: int) -> list[int]:
        """Return the places of the units whose hull shares a character with `[start, end)`, in order."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        units = self.units
        return [place for place in range(first, last) if units[place].end > start]


def covered(units: Iterable[Unit]) -> list[Interval]:
    """Return what units cover, ordered. Those that overlap become one stretch, those that only touch stay two."""
    found: list[Interval] = []
    last = -1
    for start, end in sorted([fragment for unit in units for fragment in unit.fragments]):
        if start < last:
            found[-1] = (found[-1][0], last := max(end, last))
        else:
            found.append((start, end))
            last = end
    return found


def shared_length(one: Sequence[Interval], other: Sequence[Interval]) -> int:
    """Return how many code points two ordered lists of disjoint intervals share."""
    shared = here = there = 0
    while here < len(one) and there < len(other):
        (start, end), (other_start, other_end) = one[here], other[there]
        common = (end if end < other_end else other_end) - (start if start > other_start else other_start)
        if common > 0:
            shared += common
        if end <= other_end:
            here += 1
        else:
            there += 1
    return shared
