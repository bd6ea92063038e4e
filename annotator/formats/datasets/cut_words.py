"""Words of a text, cut where spans begin and end inside of them, so that no span has to move.

Positions are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.formats.datasets.tokens import Token


def cut(words: Sequence[Token], edges: Iterable[int]) -> list[Token]:
    """Return the words in order, those with an edge inside of them in pieces."""
    places = sorted(set(edges))
    found: list[Token] = []
    number = 0
    for start, end in words:
        while number < len(places) and places[number] <= start:
            number += 1
        while number < len(places) and places[number] < end:
            found.append((start, places[number]))
            start = places[number]
            number += 1
        found.append((start, end))
    return found
