"""Sentences and paragraphs of a text, and which of them have the label of a span.

Positions are code points, half-open. A unit begins and ends with something that is not blank.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

Unit = tuple[int, int]


def units_of(text: str, sentences: Sequence[Sequence[int]] | None) -> list[Unit]:
    """Return the sentences of a text, with the lines of what is in none.

    Without any sentences these are its paragraphs, which are its lines.
    """
    found: list[Unit] = []
    place = 0
    for start, end in sentences or ():
        found += _lines(text, place, start)
        found += _trimmed(text, start, end)
        place = end
    return [*found, *_lines(text, place, len(text))]


def _lines(text: str, start: int, end: int) -> Iterator[Unit]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield from _trimmed(text, start, stop)
        start = stop + 1


def _trimmed(text: str, start: int, end: int) -> Iterator[Unit]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    if piece := piece.strip():
        yield start, start + len(piece)


def units_with(span: Mapping[str, Any], units: Sequence[Unit], rule: str) -> list[int]:
    """Return the places of the units that have the label of a span.

    By the rule “any” these are all that share a character with one of its fragments, by “half” those that hold at least
    half of what units hold of it, by “start” the first of all.
    """
    shared = [(place, length) for place in _near(span, units) if (length := _shared(span["fragments"], units[place]))]
    if rule == "start":
        return [place for place, _ in shared[:1]]
    if rule == "half":
        total = sum(length for _, length in shared)
        return [place for place, length in shared if 2 * length >= total]
    return [place for place, _ in shared]


def _near(span: Mapping[str, Any], units: Sequence[Unit]) -> range:
    first = bisect_right(units, span["fragments"][0][0], key=itemgetter(1))
    return range(first, bisect_left(units, span["fragments"][-1][1], key=itemgetter(0)))


def _shared(fragments: Sequence[Sequence[int]], unit: Unit) -> int:
    return sum(max(0, min(end, unit[1]) - max(start, unit[0])) for start, end in fragments)
