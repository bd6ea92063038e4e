"""Places of spans in brat's files: cut at line breaks there, and in whatever unit another program counted.

All places are half-open. What comes out is in code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate

Fragments = list[list[int]]

_BREAKS = "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_PIECE = re.compile(f"[^{_BREAKS}]+")
_FLAT = {ord(character): " " for character in _BREAKS + "\xa0"}
_REACH = 200
"""Code points by which a span may lie beside the text that it repeats (see `drift`)."""


def flat(text: str) -> str:
    """Return a text of the same length with plain spaces for what brat's lines cannot hold."""
    return text.translate(_FLAT)


def pieces_of(fragments: Sequence[Sequence[int]], text: str) -> Fragments:
    """Return fragments without the line breaks and tab stops in them; none where there is nothing else."""
    return [
        [start + found.start(), start + found.end()]
        for start, end in fragments
        for found in _PIECE.finditer(text[start:end])
    ]


def joined(pieces: Sequence[Sequence[int]], text: str) -> Fragments:
    """Return fragments with those in one that only a line break with spaces, or a tab stop, keeps apart."""
    found: Fragments = []
    for start, end in pieces:
        if found and start > found[-1][1]:
            gap = text[found[-1][1] : start]
            if gap.isspace() and _PIECE.fullmatch(gap) is None:
                found[-1][1] = end
                continue
        found.append([start, end])
    return found


def says(pieces: Sequence[Sequence[int]], text: str, quote: str) -> bool:
    """Say whether fragments cover what a line repeats: parted by spaces, or as before brat 1.3 by nothing."""
    parts = [text[start:end] for start, end in pieces]
    return quote in (" ".join(parts), "".join(parts))


def counted_otherwise(text: str, spans: Sequence[tuple[Fragments, str]]) -> Callable[[Fragments], Fragments] | None:
    """Return what makes code points of the places that a file has, None where they fit in no other unit.

    `spans` have places and what they repeat. A unit is taken only where all of them stand at their places in it.
    """
    for sizes in _units(text):
        places = list(accumulate(sizes, initial=0))
        points = {place: number for number, place in reversed(list(enumerate(places)))}

        def convert(pieces: Fragments, points: dict[int, int] = points) -> Fragments:
            return [[points.get(start, -1), points.get(end, -1)] for start, end in pieces]

        if all(says(convert(pieces), flat(text), flat(quote)) for pieces, quote in spans):
            return convert
    return None


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


def near_quote(start: int, quote: str, text: str) -> str:
    """Return a quote with the white space that it has in the text, where it stands within reach; else as it is."""
    plain, wanted = flat(text), flat(quote)
    low, high = max(0, start - _REACH), start + _REACH + len(quote)
    best, place = -1, plain.find(wanted, low, high)
    while place >= 0:
        if best < 0 or abs(place - start) < abs(best - start):
            best = place
        place = plain.find(wanted, place + 1, high)
    return quote if best < 0 else text[best : best + len(quote)]
