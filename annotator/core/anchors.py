"""Where a span of one text lies in another version of it.

What stands in a stretch that both versions have, with enough of the same text around it, lands there for sure and has
the same words. Everything else gets candidates for a person to choose from: what came in the place of the old words,
and where they, or nearly they, stand besides. Positions are code points, half-open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.core.alignment import Alignment, Words, common, likeness
from annotator.core.records import Fragment

CONTEXT = 60
"""Code points before and after a quote that an anchor keeps."""

MOST_CANDIDATES = 9

LEAST_LIKENESS = 0.5
"""What is less like the old words is no candidate."""

_EVIDENCE = 12
"""Words of the span and of the text on both sides of it that have to be the same for it to be sure."""

_AROUND = 12
"""Words on each side that are looked at."""

_DRIFT = 8
"""Words that may have come in or gone between a span and a word beside it that still speaks for its place."""

_RARE = 6
"""Words of a span, the rarest of the new text, whose places are looked at for candidates."""

_PLACES = 24
"""Places of each such word that are looked at, those nearest to where the span is expected."""

_WINDOWS = 12
"""Stretches of the new text that are compared with a span."""

_COMPARED_WORDS = 400
_COMPARED_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quote with what stands before and after it, and where it stood."""

    quote: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span may lie; `score` says how like the old words it is, 0 to 1."""

    fragments: tuple[Fragment, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Placed:
    """What was found for a span. `fragments` are those of the best place, none where the span is lost.

    A sure one has the same words as before, white space aside. Of one that is not sure, `candidates` are the best
    places, the best first.
    """

    fragments: tuple[Fragment, ...]
    sure: bool
    score: float
    candidates: tuple[Place, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether nothing like the span is in the new text."""
        return not self.fragments


LOST = Placed((), False, 0.0)


def anchor_of(text: str, fragments: Sequence[Fragment]) -> Anchor:
    """Return the anchor of a span's hull."""
    start, end = fragments[0][0], fragments[-1][1]
    return Anchor(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start)


class Placing:
    """Places spans of an old text in a new one; the two are laid side by side once."""

    def __init__(self, old: str, new: str) -> None:
        self.alignment = Alignment(Words(old), Words(new))
        self._old, self._new = self.alignment.old, self.alignment.new
        self._mapped = [0]
        """How many of the first i old words have a new one."""
        self._last: list[int] = []
        """For each old word, the last one up to it that has a new one in its order, or -1."""
        self._note_mapped()
        self._places: dict[str, list[int]] | None = None

    def _note_mapped(self) -> None:
        last = -1
        count = 0
        for run in self.alignment.runs:
            self._mapped += [count] * (run.old - len(self._last))
            self._last += [last] * (run.old - len(self._last))
            self._mapped += range(count + 1, count + 1 + run.length)
            count += run.length
            if run.in_order:
                self._last += range(run.old, run.old + run.length)
                last = run.old + run.length - 1
            else:
                self._last += [last] * run.length
        rest = len(self._old) - len(self._last)
        self._mapped += [count] * rest
        self._last += [last] * rest

    def place(self, fragments: Sequence[Fragment]) -> Placed:
        """Return where a span of the old text lies in the new one; its fragments are ordered and apart."""
        found = [self._place_one(start, end) for start, end in fragments]
        if len(found) == 1:
            return found[0]
        together = tuple(piece for one in found for piece in one.fragments)
        apart = all(before[1] <= after[0] for before, after in pairwise(together))
        score = sum(one.score for one in found) / len(found)
        if apart and all(one.sure for one in found):
            return Placed(together, True, 1.0)
        whole = [Place(together, score)] if apart and together else []
        hulls = self._place_one(fragments[0][0], fragments[-1][1])
        more = hulls.candidates or ((Place(hulls.fragments, hulls.score),) if hulls.sure else ())
        candidates = tuple({place.fragments: place for place in (*whole, *more)}.values())[:MOST_CANDIDATES]
        return Placed(candidates[0].fragments, False, candidates[0].score, candidates) if candidates else LOST

    def position(self, old: int) -> int:
        """Return about where a position of the old text lies in the new one."""
        word = self._old.within(old, old + 1)[0]
        known = self._last[min(word, len(self._last) - 1)] if old > 0 and self._last else -1
        return self._new.starts[self.alignment.to_new[known]] if known >= 0 else 0

    def _place_one(self, start: int, end: int) -> Placed:
        first, after = self._old.within(start, end)
        if first == after:
            return LOST
        firm = self._firm(start, end, first, after)
        if firm is not None and self._evidence(first, after) >= self._needed(first, after):
            return Placed((firm,), True, 1.0)
        candidates = self._candidates(first, after, firm)
        return Placed(candidates[0].fragments, False, candidates[0].score, candidates) if candidates else LOST

    # -- what is sure

    def _firm(self, start: int, end: int, first: int, after: int) -> Fragment | None:
        """Return where a span lies whose words all stand in one firm run."""
        run = self.alignment.run_at(first)
        if run is None or not run.firm or after > run.old + run.length:
            return None
        low, high = first + run.new - run.old, after - 1 + run.new - run.old
        old, new = self._old, self._new
        new_start, new_end = self._start(start, first, low), self._end(end, after - 1, high)
        quote, found = old.text[start:end], new.text[new_start:new_end]
        return (new_start, new_end) if quote == found or quote.split() == found.split() else None

    def _start(self, start: int, word: int, there: int) -> int:
        """Return where a span begins whose first word stands at `there`, with white space before it if it is the same.

        A span that begins inside a word does so in the new text too.
        """
        at, begin = self._new.starts[there], self._old.starts[word]
        moved = at + start - begin
        blank = self._old.text[start:begin]
        return moved if moved >= 0 and self._new.text[moved:at] == blank else at

    def _end(self, end: int, word: int, there: int) -> int:
        """Return where a span ends whose last word stands at `there`, as `_start` does."""
        at, stop = self._new.ends[there], self._old.ends[word]
        moved = at + end - stop
        return moved if self._new.text[at:moved] == self._old.text[stop:end] else at

    def _evidence(self, first: int, after: int) -> int:
        """Return how many words speak for the place of a span: its own, and those around it that are still there."""
        to_new = self.alignment.to_new
        low, high = to_new[first], to_new[after - 1]
        found = after - first
        for distance in range(1, _AROUND + 1):
            if first - distance >= 0:
                there = to_new[first - distance]
                found += low - distance - _DRIFT <= there < low and there >= 0
            if after - 1 + distance < len(self._old):
                found += high < to_new[after - 1 + distance] <= high + distance + _DRIFT
        return found

    def _needed(self, first: int, after: int) -> int:
        """Return how many words have to speak for a place: fewer only where neither text has so many."""
        to_new = self.alignment.to_new
        low, high = to_new[first], to_new[after - 1]
        before = min(_AROUND, max(first, low))
        behind = min(_AROUND, max(len(self._old) - after, len(self._new) - high - 1))
        return min(_EVIDENCE, after - first + before + behind)

    # -- what is not

    def _candidates(self, first: int, after: int, firm: Fragment | None) -> tuple[Place, ...]:
        found: dict[Fragment, float] = {}
        if firm is not None:
            found[firm] = 1.0
        for low, high in (*self._in_its_place(first, after), *self._windows(first, after)):
            fragment = (self._new.starts[low], self._new.ends[high - 1])
            if fragment not in found:
                found[fragment] = self._score(first, after, low, high)
        expected = self._new.starts[min(self._expected(first), len(self._new) - 1)] if len(self._new) else 0
        ranked = sorted(found.items(), key=lambda item: (-item[1], abs(item[0][0] - expected), item[0]))
        return tuple(_apart(ranked))

    def _in_its_place(self, first: int, after: int) -> Iterator[tuple[int, int]]:
        """Yield the new words between the neighbours of a span, or between those of its own that are left."""
        to_new = self.alignment.to_new
        left = to_new[first - 1] + 1 if first else 0
        right = to_new[after] if after < len(self._old) else len(self._new)
        kept = [to_new[i] for i in _ends_of_mapped(to_new, first, after)]
        low = left if (not first or to_new[first - 1] >= 0) else kept[0] if kept else -1
        high = right if right >= 0 else kept[-1] + 1 if kept else -1
        if 0 <= low < high and high - low <= 3 * (after - first) + 2 * _AROUND:
            yield low, high

    def _windows(self, first: int, after: int) -> Iterator[tuple[int, int]]:
        """Yield stretches of the new text that share rare words with a span in the same distance from each other."""
        if after - first > _COMPARED_WORDS:
            return
        words = self._old.words[first:after]
        places = self._places_by_word()
        offsets = {word: offset for offset, word in reversed(list(enumerate(words)))}
        known = sorted((len(places[word]), offset, word) for word, offset in offsets.items() if word in places)
        expected = self._expected(first)
        votes: Counter[int] = Counter()
        for _, offset, word in known[:_RARE]:
            for place in _nearest(places[word], expected + offset, _PLACES):
                votes[(place - offset) // 4] += 1
        near = sorted(votes.items(), key=lambda item: (-item[1], abs(4 * item[0] - expected)))
        for begin, _ in near[:_WINDOWS]:
            yield from self._tight(words, 4 * begin)

    def _tight(self, words: Sequence[str], begin: int) -> Iterator[tuple[int, int]]:
        low, high = max(0, begin - 4), min(len(self._new), begin + len(words) + len(words) // 4 + 8)
        shared = [there for _, there in common(words, self._new.words[low:high])]
        dense = [there for there in shared if any(abs(there - other) <= 6 for other in shared if other != there)]
        if dense or (len(words) == 1 and shared):
            ends = dense or shared[:1]
            yield low + ends[0], low + ends[-1] + 1

    def _score(self, first: int, after: int, low: int, high: int) -> float:
        size = after - first + high - low
        if size > 2 * _COMPARED_WORDS:
            return 2 * (self._mapped[after] - self._mapped[first]) / size
        words = likeness(self._old.words[first:after], self._new.words[low:high])
        quote = self._old.text[self._old.starts[first] : self._old.ends[after - 1]]
        there = self._new.text[self._new.starts[low] : self._new.ends[high - 1]]
        if len(quote) + len(there) > 2 * _COMPARED_CHARACTERS:
            return words
        return (words + likeness(quote, there)) / 2

    def _expected(self, first: int) -> int:
        """Return about which new word a span should begin with."""
        known = self._last[first] if self._last else -1
        return self.alignment.to_new[known] + first - known if known >= 0 else 0

    def _places_by_word(self) -> dict[str, list[int]]:
        if self._places is None:
            self._places = {}
            for place, word in enumerate(self._new.words):
                self._places.setdefault(word, []).append(place)
        return self._places


def _ends_of_mapped(to_new: Sequence[int], first: int, after: int) -> list[int]:
    """Return the first and the last of some old words that have a new one."""
    low = next((i for i in range(first, after) if to_new[i] >= 0), -1)
    high = next((i for i in range(after - 1, first - 1, -1) if to_new[i] >= 0), -1)
    return [low, high] if low >= 0 else []


def _nearest(places: Sequence[int], wanted: int, most: int) -> Sequence[int]:
    middle = bisect_left(places, wanted)
    return places[max(0, middle - most // 2) : middle + most // 2]


def _apart(ranked: Sequence[tuple[Fragment, float]]) -> Iterator[Place]:
    """Yield the best places that are like enough, leaving out those that largely lie over a better one."""
    taken: list[Fragment] = []
    for (start, end), score in ranked:
        if score < LEAST_LIKENESS or len(taken) == MOST_CANDIDATES:
            return
        shared = max((min(end, high) - max(start, low) for low, high in taken), default=0)
        if 2 * shared < end - start:
            taken.append((start, end))
            yield Place(((start, end),), round(score, 3))
