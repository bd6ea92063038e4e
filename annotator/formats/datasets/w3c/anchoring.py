"""Finding a quote in a text that may have other white space than where it was quoted.

A quote is taken where it stands with most of what stood around it there; of places that are as good, the one that is
nearest to the place that was said. Positions are code points, half-open.

Source: the order of steps of https://web.hypothes.is/blog/fuzzy-anchoring/, without the inexact search.
"""

from __future__ import annotations

import re

from annotator.formats.datasets.w3c.annotations import Place

_MOST = 1_000
"""Occurrences of a quote that are looked at."""


def found_at(place: Place, text: str) -> tuple[int, int] | None:
    """Return where the quote of a place stands in a text, None where it does not."""
    words = (place.exact or "").split()
    if not words:
        return None
    best: tuple[tuple[int, int], tuple[int, int]] | None = None
    for count, match in enumerate(re.finditer(r"\s+".join(map(re.escape, words)), text)):
        if count >= _MOST:
            break
        start, end = match.span()
        around = _alike(place.prefix[::-1], text[max(0, start - 200) : start][::-1])
        around += _alike(place.suffix, text[end : end + 200])
        score = around, -abs(start - place.start) if place.start is not None else 0
        if best is None or score > best[0]:
            best = score, (start, end)
    return None if best is None else best[1]


def _alike(wanted: str, found: str) -> int:
    """Return how many characters two texts have alike from their beginning, white space aside."""
    first, second = "".join(wanted.split()), "".join(found.split())
    pairs = zip(first, second, strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second)))
