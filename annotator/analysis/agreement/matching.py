"""Which units of different layers are the same unit.

The rule: two spans of different layers can match where they share at least half of the characters of the shorter one.
Of all that can, those match first that have the most in common (shared characters by characters of either); between
equals, those with the same label, then the earlier ones. Each span matches at most one of every other layer. The label
decides between equals only, so that matching does not make labels agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from annotator.analysis.agreement.units import Unit, UnitIndex, shared_length

Edge = tuple[float, bool, int, int, int, int, int]
"""(minus what is in common, whether the labels differ, start, layer, place, other layer, other place): best first."""

Group = tuple[Unit | None, ...]
"""What is the same unit in several layers: one unit or None for each."""

Pair = tuple[Unit, Unit]


def possible_matches(layers: Sequence[Sequence[Unit]]) -> list[Edge]:
    """Return which units of which two layers can match, the best first."""
    found: list[Edge] = []
    for one, other in combinations(range(len(layers)), 2):
        units = layers[other]
        index = UnitIndex(units)
        for place, unit in enumerate(layers[one]):
            size, label, start = unit.size, unit.label, unit.start
            for there in index.overlapping(start, unit.end):
                match = units[there]
                shared = _shared(unit, match)
                if shared + shared >= (size if size < match.size else match.size):
                    common = shared / (size + match.size - shared)
                    found.append((-common, label != match.label, start, one, place, other, there))
    found.sort()
    return found


def _shared(one: Unit, other: Unit) -> int:
    if one.size == one.end - one.start and other.size == other.end - other.start:
        return (one.end if one.end < other.end else other.end) - (one.start if one.start > other.start else other.start)
    return shared_length(one.fragments, other.fragments)


def matched_units(layers: Sequence[Sequence[Unit]], edges: Sequence[Edge]) -> list[Group]:
    """Return every unit once, each with those of the other layers that match it.

    `edges` are those of `possible_matches`. A group takes at most one unit of a layer; a match that would bring two
    together is left out.
    """
    group_of: list[list[dict[int, int] | None]] = [[None] * len(units) for units in layers]
    for _, _, _, one, place, other, there in edges:
        here, joined = group_of[one][place], group_of[other][there]
        if here is None and joined is None:
            group_of[one][place] = group_of[other][there] = {one: place, other: there}
            continue
        here, joined = here or {one: place}, joined or {other: there}
        if here is joined or not here.keys().isdisjoint(joined):
            continue
        here.update(joined)
        for layer, at in here.items():
            group_of[layer][at] = here
    found: list[Group] = []
    for layer, units in enumerate(layers):
        for place in range(len(units)):
            group = group_of[layer][place] or {layer: place}
            if layer == min(group):
                found.append(tuple([layers[i][group[i]] if i in group else None for i in range(len(layers))]))
    return found


def matched_pairs(layers: Sequence[Sequence[Unit]], edges: Sequence[Edge], one: int, other: int) -> list[Pair]:
    """Return the units of two layers, one before the other, that match when these two are compared alone."""
    taken: set[int] = set()
    also: set[int] = set()
    found = []
    for edge in edges:
        if edge[3] == one and edge[5] == other and edge[4] not in taken and edge[6] not in also:
            taken.add(edge[4])
            also.add(edge[6])
            found.append((layers[one][edge[4]], layers[other][edge[6]]))
    return found
