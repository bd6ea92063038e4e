"""Ranges of a text in whole paragraphs. A paragraph is a line; ranges are half-open, in code points."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from annotator.core.boundaries import trim

Range = tuple[int, int]

_BLANK_REACH = 100


def whole_paragraphs(text: str, start: int, end: int) -> Range:
    """Return the range grown to whole lines, without blank ones at its ends; empty where all of it is blank."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", max(start, end - 1))
    return _without_blank_lines(text, low, len(text) if high < 0 else high)


def _without_blank_lines(text: str, low: int, high: int) -> Range:
    """Return whole lines without the blank ones before and after, their own indents and trailing spaces kept."""
    first, last = trim(text, low, high)
    if first == last:
        return low, low
    start = text.rfind("\n", low, first) + 1
    end = text.find("\n", last, high)
    return max(low, start), high if end < 0 else end


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Return the union of ranges, ordered and disjoint; those that touch become one."""
    found: list[Range] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def joined(text: str, ranges: Iterable[Range]) -> list[Range]:
    """Return the union of ranges; those that only white space parts become one."""
    found: list[Range] = []
    for start, end in merged(ranges):
        if found and _is_blank(text, found[-1][1], start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _is_blank(text: str, start: int, end: int) -> bool:
    return trim(text, start, end) == (start, start)


def without(text: str, whole: Range, gone: Range) -> list[Range]:
    """Return what is left of a range when another is taken from it, without blank lines at the ends."""
    start, end = whole
    pieces = ((start, min(end, gone[0])), (max(start, gone[1]), end))
    left = [_trimmed_lines(text, low, high) for low, high in pieces if low < high]
    return [(low, high) for low, high in left if low < high]


def _trimmed_lines(text: str, low: int, high: int) -> Range:
    """Return `[low, high)`, which begins and ends at ends of lines, without blank lines there."""
    while low < high and text[low] == "\n":
        low += 1
    return _without_blank_lines(text, low, high)


def share_of_paragraphs(text: str, starts: Sequence[int], ends: Sequence[int], known: Iterable[Range]) -> float:
    """Return the share (0 to 1) of a text in paragraphs that the ordered ranges touch.

    `starts` and `ends` are those of the paragraphs, in order. Blank space between two such paragraphs counts too.
    """
    total, covered = 0, 0
    for start, end in known:
        if end <= covered:
            continue
        first = max(covered, starts[bisect_right(starts, max(start, covered)) - 1])
        last = ends[bisect_right(starts, end - 1) - 1]
        blank_before = first - covered if first - covered <= _BLANK_REACH and text[covered:first].isspace() else 0
        total += last - first + blank_before
        covered = max(covered, last)
    letters = len(text.strip())
    return min(1.0, total / letters) if letters else 0.0


def covers(ranges: Sequence[Range], start: int, end: int) -> bool:
    """Say whether one of the ordered, disjoint ranges holds `[start, end)`."""
    place = bisect_right(ranges, start, key=_start) - 1
    return place >= 0 and end <= ranges[place][1]


def touches(ranges: Sequence[Range], start: int, end: int) -> bool:
    """Say whether any of the ordered, disjoint ranges has text in common with `[start, end)`."""
    place = bisect_left(ranges, end, key=_start) - 1
    return place >= 0 and start < ranges[place][1]


def _start(part: Range) -> int:
    return part[0]
