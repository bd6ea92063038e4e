"""Places of spans in brat's files, where they are cut at line breaks. Positions are code points, half-open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.formats.datasets.units import BREAKS, Fragments, flat

_PIECE = re.compile(f"[^{BREAKS}]+")
_REACH = 200
"""Code points by which a span may lie beside the text that it repeats (see `drift`)."""


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
