"""Two texts laid side by side: which words of the one are which words of the other.

Stretches that hold four words found once in each text are matched first, wherever they stand, and grow in both
directions; so paragraphs may have moved. What lies between those that kept their order is compared word by word.
Every step takes time in proportion to the texts, however much they repeat themselves.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

_ONE_BY_ONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts that are written without spaces: each of their letters counts as a word."""

_WORD = re.compile(rf"[{_ONE_BY_ONE}]|[^\W{_ONE_BY_ONE}]{{1,64}}|[^\w\s]")

_SHINGLE = 4
"""Words that have to stand once in each text to hold the two together."""

_MOVED_LEAST = 8
"""Words in a row that count as moved; fewer of them out of their order are chance."""

_COMPARED_CELLS = 40_000_000
"""Words of one side times words of the other that are compared at most between two stretches."""


class Words:
    """A text's words and signs in order; word i stands at `[starts[i], ends[i])` in code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [match.span() for match in _WORD.finditer(text)]
        self.starts = [start for start, _ in found]
        self.ends = [end for _, end in found]
        self.words = [text[start:end] for start, end in found]

    def __len__(self) -> int:
        return len(self.words)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the words that share a character with `[start, end)`."""
        return bisect_right(self.ends, start), max(bisect_right(self.ends, start), bisect_right(self.starts, end - 1))


@dataclass(frozen=True, slots=True)
class Run:
    """`length` words in a row that both texts have, from `old` and from `new` on.

    `firm` says that something in it stands once in each text; `in_order` that it did not move past other ones.
    """

    old: int
    new: int
    length: int
    firm: bool = True
    in_order: bool = True


class Alignment:
    """The words of two texts that belong together, none of them twice."""

    def __init__(self, old: Words, new: Words) -> None:
        self.old, self.new = old, new
        self._a, self._b = _numbered(old.words, new.words)
        self.to_new = array("i", [-1]) * len(old)
        """For each old word the new one, or -1."""
        self.to_old = array("i", [-1]) * len(new)
        self.runs = self._firm_runs()
        self.runs = sorted((*self.runs, *self._loose_runs()), key=lambda run: run.old)
        self._starts = [run.old for run in self.runs]

    def run_at(self, word: int) -> Run | None:
        """Return the run that holds an old word, or None where nothing in the new text belongs to it."""
        place = bisect_right(self._starts, word) - 1
        if place < 0:
            return None
        run = self.runs[place]
        return run if word < run.old + run.length else None

    def similarity(self) -> float:
        """Return how alike the texts are, 0 to 1: twice the words that belong together by the words of both."""
        total = len(self.old) + len(self.new)
        return 2 * sum(run.length for run in self.runs) / total if total else 1.0

    def _firm_runs(self) -> list[Run]:
        self._match_shingles()
        self._match_ends()
        for run in list(self._matched()):
            self._grow(run)
        runs = list(self._matched())
        in_order = _heaviest_chain(runs)
        kept = []
        for place, run in enumerate(runs):
            if place in in_order:
                kept.append(run)
            elif run.length >= _MOVED_LEAST:
                kept.append(Run(run.old, run.new, run.length, in_order=False))
            else:
                self._forget(run)
        return kept

    def _match_ends(self) -> None:
        """Match what the texts begin and end with alike, however much of it stands in them several times."""
        head = _equal_at_the_start(self._a, self._b)
        tail = _equal_at_the_end(self._a, self._b, head)
        shift = len(self._b) - len(self._a)
        for i in range(head):
            if not self._match_at_an_end(i, i):
                break
        for i in range(len(self._a) - 1, len(self._a) - tail - 1, -1):
            if not self._match_at_an_end(i, i + shift):
                break

    def _match_at_an_end(self, i: int, j: int) -> bool:
        if self._are_free(i, j):
            self._match(i, j)
        return self.to_new[i] == j

    def _match_shingles(self) -> None:
        once, steps = _shingles_once(self._b), range(_SHINGLE)
        to_new, to_old = self.to_new, self.to_old
        for shingle, i in _shingles_once(self._a).items():
            j = once.get(shingle, -1)
            if i < 0 or j < 0:
                continue
            for step in steps:
                if to_new[i + step] < 0 and to_old[j + step] < 0:
                    to_new[i + step], to_old[j + step] = j + step, i + step

    def _matched(self) -> Iterator[Run]:
        """Yield the runs of the words that have a partner so far."""
        begin = 0
        to_new = self.to_new
        for i in range(1, len(to_new) + 1):
            if i == len(to_new) or to_new[i] != to_new[i - 1] + 1 or to_new[i] == 0:
                if to_new[begin] >= 0:
                    yield Run(begin, to_new[begin], i - begin)
                begin = i

    def _grow(self, run: Run) -> None:
        """Match the equal words on both sides of a run, as far as they have no partner."""
        a, b = self._a, self._b
        i, j = run.old - 1, run.new - 1
        while i >= 0 and j >= 0 and a[i] == b[j] and self._are_free(i, j):
            self._match(i, j)
            i, j = i - 1, j - 1
        i, j = run.old + run.length, run.new + run.length
        while i < len(a) and j < len(b) and a[i] == b[j] and self._are_free(i, j):
            self._match(i, j)
            i, j = i + 1, j + 1

    def _are_free(self, i: int, j: int) -> bool:
        return self.to_new[i] < 0 and self.to_old[j] < 0

    def _match(self, i: int, j: int) -> None:
        self.to_new[i], self.to_old[j] = j, i

    def _forget(self, run: Run) -> None:
        for step in range(run.length):
            self.to_new[run.old + step] = self.to_old[run.new + step] = -1

    def _loose_runs(self) -> Iterator[Run]:
        """Yield what is equal between two runs that kept their order."""
        at_old = at_new = 0
        ends = (Run(len(self._a), len(self._b), 0),)
        for run in (*(run for run in self.runs if run.in_order), *ends):
            free_old = [i for i in range(at_old, run.old) if self.to_new[i] < 0]
            free_new = [j for j in range(at_new, run.new) if self.to_old[j] < 0]
            if free_old and free_new and len(free_old) * len(free_new) <= _COMPARED_CELLS:
                pairs = common([self._a[i] for i in free_old], [self._b[j] for j in free_new])
                yield from self._joined([(free_old[i], free_new[j]) for i, j in pairs])
            at_old, at_new = run.old + run.length, run.new + run.length

    def _joined(self, pairs: list[tuple[int, int]]) -> Iterator[Run]:
        begin = 0
        for place, (i, j) in enumerate(pairs):
            self._match(i, j)
            following = pairs[place + 1] if place + 1 < len(pairs) else None
            if following != (i + 1, j + 1):
                first, other = pairs[begin]
                yield Run(first, other, place + 1 - begin, firm=False)
                begin = place + 1


def common(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence, as pairs in order.

    The rows of the table are bits of one number each (Hyyrö 2004), so a row takes a few operations.
    """
    rows = list(_rows(one, other))
    pairs: list[tuple[int, int]] = []
    row, column = len(other), len(one)
    while row and column:
        bit = 1 << (column - 1)
        if rows[row - 1] & bit:
            column -= 1
        elif row > 1 and not rows[row - 2] & bit:
            row -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((column, row))
    pairs.reverse()
    return pairs


def likeness(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return how alike two sequences are, 0 to 1: twice their longest common subsequence by the length of both."""
    if not one or not other:
        return float(not one and not other)
    [last] = deque(_rows(one, other), maxlen=1)
    return 2 * (len(one) - last.bit_count()) / (len(one) + len(other))


def _rows(one: Sequence[Hashable], other: Sequence[Hashable]) -> Iterator[int]:
    """Yield a number for each element of `other`: a bit of it is 0 where the subsequence grows by one of `one`."""
    places: dict[Hashable, int] = {}
    for place, element in enumerate(one):
        places[element] = places.get(element, 0) | (1 << place)
    full = (1 << len(one)) - 1
    row = full
    for element in other:
        taken = row & places.get(element, 0)
        row = ((row + taken) | (row - taken)) & full
        yield row


def _numbered(one: Iterable[str], other: Iterable[str]) -> tuple[list[int], list[int]]:
    numbers: dict[str, int] = {}
    return (
        [numbers.setdefault(word, len(numbers)) for word in one],
        [numbers.setdefault(word, len(numbers)) for word in other],
    )


def _equal_at_the_start(a: Sequence[int], b: Sequence[int]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _equal_at_the_end(a: Sequence[int], b: Sequence[int], head: int) -> int:
    most = min(len(a), len(b)) - head
    return next((i for i in range(most) if a[-1 - i] != b[-1 - i]), most)


def _shingles_once(words: Sequence[int]) -> dict[tuple[int, ...], int]:
    """Return where each stretch of four words stands, -1 where it stands several times."""
    found: dict[tuple[int, ...], int] = {}
    for place, shingle in enumerate(zip(*(words[shift:] for shift in range(_SHINGLE)), strict=False)):
        found[shingle] = -1 if shingle in found else place
    return found


def _heaviest_chain(runs: Sequence[Run]) -> set[int]:
    """Return the places of the runs, given in the order of the old text, that keep their order in the new one.

    Of all such choices it is one with the most words.
    """
    ranks = {new: rank for rank, new in enumerate(sorted(run.new for run in runs), 1)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(runs) + 1)
    before = [-1] * len(runs)
    for place, run in enumerate(runs):
        rank = ranks[run.new]
        weight, before[place] = max(_best_below(best, rank - 1))
        total = (weight + run.length, place)
        while rank < len(best):
            best[rank] = max(best[rank], total)
            rank += rank & -rank
    place = max(_best_below(best, len(runs)))[1]
    chain: set[int] = set()
    while place >= 0:
        chain.add(place)
        place = before[place]
    return chain


def _best_below(best: Sequence[tuple[int, int]], rank: int) -> list[tuple[int, int]]:
    found = [best[0]]
    while rank > 0:
        found.append(best[rank])
        rank -= rank & -rank
    return found
