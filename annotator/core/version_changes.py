"""What changed between two versions of a text, paragraph by paragraph and word by word, for people to look at.

Positions are code points, half-open; those of `gone` are of the old text, those of `come` of the new one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from annotator.core.alignment import Alignment, Words
from annotator.core.records import Fragment

_BLOCK = re.compile(r"\S(?:[^\n]|\n(?!\s*\n))*")
_LINE = re.compile(r"\S[^\n]*")

_LONG_BLOCK = 1_500
"""Code points from which on lines without a blank one between them are paragraphs of their own."""

_LIKE = 0.3
"""Share of the words of two paragraphs that belong together from which on the one became the other."""


class ChangeKind(Enum):
    """What became of a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph of the old text, of the new one, or of both; `gone` and `come` are the words that differ."""

    kind: ChangeKind
    old: Fragment | None
    new: Fragment | None
    gone: tuple[Fragment, ...] = ()
    come: tuple[Fragment, ...] = ()


def paragraph_changes(alignment: Alignment) -> list[ParagraphChange]:
    """Return the paragraphs of both texts in the order of the new one, those that went where they stood."""
    old, new = _Paragraphs(alignment.old), _Paragraphs(alignment.new)
    partners = _partners(alignment, old, new)
    came_from = {there: here for here, there in partners.items()}
    found: list[ParagraphChange] = []
    reached = 0
    for there in range(len(new)):
        here = came_from.get(there)
        if here is None:
            found.append(ParagraphChange(ChangeKind.ADDED, None, new.places[there], (), (new.places[there],)))
            continue
        change = _pair(alignment, old, here, new, there)
        if change.kind is not ChangeKind.MOVED and here >= reached:
            gone = [place for place in range(reached, here) if place not in partners]
            found += [_removed(old, place) for place in gone]
            reached = here + 1
        found.append(change)
    return found + [_removed(old, place) for place in range(reached, len(old)) if place not in partners]


def word_changes(old: str, new: str) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    """Return which stretches of an old wording are gone from the new one, and which have come."""
    alignment = Alignment(Words(old), Words(new))
    return (
        _stretches(alignment.old, range(len(alignment.old)), lambda word: alignment.to_new[word] < 0),
        _stretches(alignment.new, range(len(alignment.new)), lambda word: alignment.to_old[word] < 0),
    )


class _Paragraphs:
    """Where the paragraphs of a text lie, and which of its words each of them has."""

    def __init__(self, words: Words) -> None:
        self.places = [place for place in _places(words.text) if place[0] < place[1]]
        self.words = [range(*words.within(start, end)) for start, end in self.places]
        self._starts = [start for start, _ in self.places]
        self._word_starts = words.starts

    def __len__(self) -> int:
        return len(self.places)

    def of(self, word: int) -> int:
        """Return the paragraph that a word is in."""
        return bisect_right(self._starts, self._word_starts[word]) - 1


def _places(text: str) -> Iterator[Fragment]:
    for block in _BLOCK.finditer(text):
        lines = _LINE.finditer(text, *block.span()) if len(block[0]) > _LONG_BLOCK else [block]
        for line in lines:
            yield line.start(), line.start() + len(line[0].rstrip())


def _partners(alignment: Alignment, old: _Paragraphs, new: _Paragraphs) -> dict[int, int]:
    """Return which paragraph became which, each at most once."""
    shared: Counter[tuple[int, int]] = Counter()
    for here, words in enumerate(old.words):
        shared.update((here, new.of(there)) for word in words if (there := alignment.to_new[word]) >= 0)
    ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for (here, there), count in ranked:
        total = len(old.words[here]) + len(new.words[there])
        if here not in partners and there not in taken and 2 * count >= _LIKE * total:
            partners[here] = there
            taken.add(there)
    return partners


def _pair(alignment: Alignment, old: _Paragraphs, here: int, new: _Paragraphs, there: int) -> ParagraphChange:
    old_words, new_words = old.words[here], new.words[there]
    gone = _stretches(alignment.old, old_words, lambda word: alignment.to_new[word] not in new_words)
    come = _stretches(alignment.new, new_words, lambda word: alignment.to_old[word] not in old_words)
    kind = ChangeKind.CHANGED if gone or come else ChangeKind.SAME
    runs = [alignment.run_at(word) for word in old_words]
    moved = sum(run is not None and not run.in_order for run in runs)
    if 2 * moved > len(runs):
        kind = ChangeKind.MOVED
    return ParagraphChange(kind, old.places[here], new.places[there], gone, come)


def _removed(old: _Paragraphs, place: int) -> ParagraphChange:
    return ParagraphChange(ChangeKind.REMOVED, old.places[place], None, (old.places[place],), ())


def _stretches(words: Words, places: Sequence[int], differs: Callable[[int], bool]) -> tuple[Fragment, ...]:
    """Return where the words that differ stand, neighbours together."""
    found: list[tuple[int, int]] = []
    last = -2
    for word in places:
        if differs(word):
            start = found.pop()[0] if last == word - 1 else words.starts[word]
            found.append((start, words.ends[word]))
            last = word
    return tuple(found)
