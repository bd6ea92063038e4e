"""What other programs count in a text: told by the quotes that their files have.

Positions are half-open. What comes out is in code points.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate

Fragments = list[list[int]]

BREAKS = "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What ends a line or a column in some program."""

_FLAT = {ord(character): " " for character in BREAKS + "\xa0"}


def flat(text: str) -> str:
    """Return a text of the same length with plain spaces for what ends lines, and for fixed spaces."""
    return text.translate(_FLAT)


def says(pieces: Sequence[Sequence[int]], text: str, quote: str) -> bool:
    """Say whether fragments cover what a line repeats: parted by spaces, or as before brat 1.3 by nothing."""
    parts = [text[start:end] for start, end in pieces]
    return quote in (" ".join(parts), "".join(parts))


def counted_otherwise(text: str, spans: Sequence[tuple[Fragments, str]]) -> Callable[[Fragments], Fragments] | None:
    """Return what makes code points of the places that a file has, None where they fit in no other unit.

    `spans` have places and what they repeat. A unit is taken only where all of them stand at their places in it.
    """
    for sizes in _units(text):
        places = array("q", accumulate(sizes, initial=0))

        def convert(pieces: Fragments, places: array[int] = places) -> Fragments:
            return [[_point(place, places) for place in piece] for piece in pieces]

        if all(says(convert(pieces), flat(text), flat(quote)) for pieces, quote in spans):
            return convert
    return None


def _point(place: int, places: array[int]) -> int:
    """Return the first code point that is at a place, -1 where the place is inside of one."""
    found = bisect_left(places, place)
    return found if found < len(places) and places[found] == place else -1


def _units(text: str) -> list[list[int]]:
    """Return how much each character counts: CRLF as one, UTF-16 units, both, bytes of UTF-8."""
    found = []
    if "\r\n" in text:
        ends = [text.startswith("\r\n", place) for place in range(len(text))]
        found.append([0 if is_end else 1 for is_end in ends])
        found.append([0 if is_end else 1 + (c > "\uffff") for is_end, c in zip(ends, text, strict=True)])
    if not text.isascii():
        found.append([1 + (character > "\uffff") for character in text])
        found.append([len(character.encode()) for character in text])
    return found
