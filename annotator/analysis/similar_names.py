"""Names that may mean the same: those that share words or letters, the most alike first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.fuzz import ratio, token_set_ratio

from annotator.core.inheritance import folded_name


def likeness(names: Iterable[str], others: Iterable[str]) -> float:
    """Return how alike the two most similar names of two things are, 0 to 100; capitals do not count."""
    ours, theirs = [folded_name(name) for name in names], [folded_name(other) for other in others]
    pairs = ((one, other) for one in ours for other in theirs)
    return max((ratio(one, other) + token_set_ratio(one, other) for one, other in pairs), default=0.0) / 2


def most_alike_first(names: Sequence[str], others: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of things in `others`, each with its names, the most alike first and else in their order."""
    return sorted(range(len(others)), key=lambda place: -likeness(names, others[place]))
