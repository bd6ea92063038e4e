"""Which spans of one layer another one has as well, counted as nervaluate counts.

Source: the SemEval 2013 task 9.1 schemas as nervaluate (MIT) defines them. One layer is the reference, the other is
held against it, span by span in the order of the text; each takes the first span of the reference that fits and was not
taken:

- strict: the same edges and the same label;
- exact: the same edges, whatever the label;
- partial: the same edges count one, an overlap one half, whatever the label;
- type: an overlap with the same label, of several the one whose edges are nearest.

An overlap is at least one per cent of the reference's span. A span of several pieces counts with its hull.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.analysis.agreement.units import Unit, UnitIndex

SCHEMAS = ("strict", "exact", "partial", "type")
_LEAST = 1.0
"""Per cent of the reference's span that an overlap needs."""

Candidate = tuple[Unit, list[tuple[int, Unit]]]
"""A span that is held against the reference, and the spans there, by place, that it overlaps."""


def candidates(reference: Sequence[Unit], held: Sequence[Unit]) -> list[Candidate]:
    """Return the spans of `held` that overlap any of `reference`, both being in the order of the text."""
    index = UnitIndex(reference)
    found: list[Candidate] = []
    for unit in held:
        start, end = unit.start, unit.end
        overlapped = []
        for place in index.overlapping(start, end):
            there = reference[place]
            shared = (end if end < there.end else there.end) - (start if start > there.start else there.start)
            if shared / (there.end - there.start) * 100.0 >= _LEAST:
                overlapped.append((place, there))
        if overlapped:
            found.append((unit, overlapped))
    return found


def with_label(found: Iterable[Candidate], label: int) -> list[Candidate]:
    """Return what `candidates` would for the spans with one label on both sides."""
    chosen = []
    for unit, overlapped in found:
        if unit.label == label:
            same = [pair for pair in overlapped if pair[1].label == label]
            if same:
                chosen.append((unit, same))
    return chosen


def span_credit(found: Sequence[Candidate]) -> tuple[float, float, float, float]:
    """Return how many of the spans that are held are right by each of `SCHEMAS`."""
    strict, _ = _same_edges(found, labels=True)
    exact, overlapping = _same_edges(found, labels=False)
    return strict, exact, exact + overlapping / 2, _same_label(found)


def _same_edges(found: Iterable[Candidate], *, labels: bool) -> tuple[int, int]:
    """Return how many spans have the edges, and if asked the label, of one in the reference; how many others overlap.

    One that has them not takes the first that it overlaps, so that no later one can have it.
    """
    taken: set[int] = set()
    right = overlapping = 0
    for unit, overlapped in found:
        same = first = -1
        for place, there in overlapped:
            if place in taken:
                continue
            if there.start == unit.start and there.end == unit.end and (not labels or there.label == unit.label):
                same = place
                break
            if first < 0:
                first = place
        if same >= 0:
            taken.add(same)
            right += 1
        elif first >= 0:
            taken.add(first)
            overlapping += 1
    return right, overlapping


def _same_label(found: Iterable[Candidate]) -> int:
    """Return how many spans overlap one with their label; of several each takes the one whose edges are nearest."""
    taken: set[int] = set()
    right = 0
    for unit, overlapped in found:
        nearest, first, distance = -1, -1, 0
        for place, there in overlapped:
            if place in taken:
                continue
            if there.label == unit.label:
                apart = abs(there.start - unit.start) + abs(there.end - unit.end)
                if nearest < 0 or apart < distance:
                    nearest, distance = place, apart
            elif first < 0:
                first = place
        if nearest >= 0:
            right += 1
        if nearest >= 0 or first >= 0:
            taken.add(nearest if nearest >= 0 else first)
    return right
