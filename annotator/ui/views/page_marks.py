"""The spans on one page as boxes: the innermost tints, each has an underline in a lane of its own.

Boxes are in PDF points, positions are code points of the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from annotator.core.pages import Box
from annotator.core.spans import Entry, SpanSet, lanes
from annotator.ui.views.page_words import PageWords


@dataclass(slots=True)
class PageMarks:
    """What is drawn over a page: (label, box) of tints, and (label, lane, box) of underlines; `lanes` by span."""

    tints: list[tuple[str, Box]] = field(default_factory=list)
    underlines: list[tuple[str, int, Box]] = field(default_factory=list)
    lanes: dict[str, int] = field(default_factory=dict)


def marks_on(words: PageWords, spans: SpanSet) -> PageMarks:
    """Return the marks of the spans that touch a page."""
    marks = PageMarks()
    if words.extent is None:
        return marks
    entries = spans.overlapping(*words.extent)
    labels = {entry[3]: mark.label for entry in entries if (mark := spans.get(entry[3]))}
    for entry, lane in zip(entries, lanes(entries), strict=True):
        marks.lanes[entry[3]] = max(lane, marks.lanes.get(entry[3], 0))
        marks.underlines += [(labels[entry[3]], lane, box) for box in words.boxes(entry[0], -entry[1])]
    for start, end, span in innermost(entries):
        marks.tints += [(labels[span], box) for box in words.boxes(start, end)]
    return marks


def innermost(entries: Sequence[Entry]) -> list[tuple[int, int, str]]:
    """Return the stretches of the text with the span that lies innermost on each, for entries in order."""
    edges = sorted({edge for entry in entries for edge in (entry[0], -entry[1])})
    found: list[tuple[int, int, str]] = []
    active: list[Entry] = []
    waiting = 0
    for low, high in pairwise(edges):
        while waiting < len(entries) and entries[waiting][0] <= low:
            active.append(entries[waiting])
            waiting += 1
        active = [entry for entry in active if -entry[1] > low]
        if not active:
            continue
        span = max(active, key=lambda entry: (entry[0] + entry[1], entry[2], entry[3]))[3]
        if found and found[-1][1] == low and found[-1][2] == span:
            found[-1] = (found[-1][0], high, span)
        else:
            found.append((low, high, span))
    return found
