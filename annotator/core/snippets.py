"""A stretch of a text around a place, on one line, as lists of hits show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.boundaries import cluster

Range = tuple[int, int]

BEFORE = 36
AFTER = 110
LONGEST = 200
"""Code points of a place that are shown at most."""

_ELLIPSIS = "…"
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line; `marks` are the places in it, half-open, in code points of the line."""

    text: str
    marks: tuple[Range, ...]


def snippet(text: str, start: int, end: int, places: Sequence[Range] = ()) -> Snippet:
    """Return the line around `[start, end)`; `places`, or that range where none are given, are its marks.

    White space is tidied; neither a word nor a character with its marks is cut, unless it has no end in reach.
    """
    end = min(end, start + LONGEST)
    low, high = _opening(text, start), _closing(text, end)
    line, where = _tidied(text[low:high])
    head = _ELLIPSIS if text[max(0, low - BEFORE) : low].strip() else ""
    tail = _ELLIPSIS if text[high : high + BEFORE].strip() else ""
    marks = []
    for first, last in places or [(start, end)]:
        first, last = max(first, low), min(last, high)
        if first < last and where[first - low] < where[last - low]:
            marks.append((len(head) + where[first - low], len(head) + where[last - low]))
    return Snippet(head + line.rstrip() + tail, tuple(marks))


def _opening(text: str, start: int) -> int:
    low = start - BEFORE
    if low <= 0:
        return 0
    for place in range(low, start):
        if text[place].isspace():
            return place + 1
    return cluster(text, low)[0]


def _closing(text: str, end: int) -> int:
    high = end + AFTER
    if high >= len(text):
        return len(text)
    for place in range(high, end - 1, -1):
        if text[place].isspace():
            return place
    return cluster(text, high)[0] if cluster(text, high)[0] > end else end


def _tidied(text: str) -> tuple[str, list[int]]:
    """Return the text with single spaces and without controls, and for each old position (and the end) the new one."""
    parts: list[str] = []
    where: list[int] = []
    done = length = 0
    for match in _SPACE.finditer(text):
        parts.append(text[done : match.start()])
        where += range(length, length + match.start() - done)
        length += match.start() - done
        space = " " if length else ""
        where += [length] * len(match.group())
        parts.append(space)
        length += len(space)
        done = match.end()
    parts.append(text[done:])
    where += range(length, length + len(text) - done + 1)
    return "".join(parts), where
