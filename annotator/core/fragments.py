"""Fragments of a span put together and taken apart: ordered, disjoint `[start, end)` pairs in code points."""

from __future__ import annotations

from collections.abc import Iterable

Fragment = tuple[int, int]


def with_fragment(fragments: Iterable[Fragment], added: Fragment) -> tuple[Fragment, ...]:
    """Return the fragments with a stretch added; those that it touches or overlaps become one."""
    result: list[Fragment] = []
    for start, end in sorted([*fragments, added]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def without_fragment(fragments: Iterable[Fragment], removed: Fragment) -> tuple[Fragment, ...]:
    """Return the fragments without a stretch; nothing may be left."""
    first, last = removed
    pieces = [piece for start, end in fragments for piece in ((start, min(end, first)), (max(start, last), end))]
    return tuple((start, end) for start, end in pieces if start < end)


def split_at(fragments: Iterable[Fragment], at: int) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    """Return the fragments before and after a position; one that it is inside of is cut there."""
    pieces = tuple(fragments)
    before = tuple((start, min(end, at)) for start, end in pieces if start < at)
    after = tuple((max(start, at), end) for start, end in pieces if at < end)
    return before, after


def bridged(text: str, fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments put together; those with no letter or digit between them become one."""
    result: list[Fragment] = []
    for start, end in sorted(fragments):
        if result and not any(character.isalnum() for character in text[result[-1][1] : start]):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)
