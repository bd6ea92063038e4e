"""Who gets which document: evenly, and some documents twice, so that agreement can be measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import count, islice
from random import Random

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Allotment:
    """A document for a person; `second` says that it is somebody's second look at a document."""

    document: str
    annotator: str
    second: bool = False


def doubled(documents: int, overlap: float) -> int:
    """Return how many of so many documents two people get; halves are rounded up."""
    return min(documents, int(documents * overlap + 0.5))


def allotted(lengths: Mapping[str, int], people: Sequence[str], overlap: float, seed: int) -> list[Allotment]:
    """Return who gets which document, sorted by document; the same for the same arguments in whatever order.

    Each document goes to one person, and the share `overlap` (0 to 1) of them to a second one. The numbers of
    documents differ by at most one, and within that the code points are balanced. The pairs of people who share
    documents rotate, so that each pair occurs before one occurs twice.

    Args:
        lengths: the code points of each document, by id.
        people: ids of annotators; at least one, and two where anything overlaps.
        overlap: the share of documents that two people get.
        seed: another one gives another allotment.
    """
    chance = Random(seed)  # noqa: S311 - it shares out documents, and keeps no secret
    documents, order = sorted(lengths), sorted(set(people))
    chance.shuffle(documents)
    chance.shuffle(order)
    twice = documents[: doubled(len(documents), overlap)]
    once = documents[len(twice) :]
    for group in (twice, once):
        group.sort(key=lambda document: -lengths[document])
    numbers, loads = Counter[int](), Counter[int]()
    allotments: list[Allotment] = []
    for document, pair in _with_pairs(twice, lengths, len(order)):
        for place, person in enumerate(pair):
            numbers[person] += 1
            loads[person] += lengths[document]
            allotments.append(Allotment(document, order[person], bool(place)))
    waiting = [(numbers[person], loads[person], person) for person in range(len(order))]
    heapify(waiting)
    for document in once:
        number, load, person = waiting[0]
        heapreplace(waiting, (number + 1, load + lengths[document], person))
        allotments.append(Allotment(document, order[person]))
    return sorted(allotments, key=lambda one: (one.document, one.second))


def _with_pairs(documents: Sequence[str], lengths: Mapping[str, int], people: int) -> Iterator[tuple[str, Pair]]:
    """Yield a pair for each document, the longest first, each to the pair with the least to read so far."""
    left = Counter(islice(rotating_pairs(people), len(documents)))
    loads = Counter[int]()
    for document in documents:
        pair = min(left, key=lambda pair: (max(loads[pair[0]], loads[pair[1]]), loads[pair[0]] + loads[pair[1]], pair))
        left[pair] -= 1
        if not left[pair]:
            del left[pair]
        for person in pair:
            loads[person] += lengths[document]
        yield document, pair


def rotating_pairs(people: int) -> Iterator[Pair]:
    """Yield pairs without end, such that at each moment nobody is in two pairs more than another one.

    Every pair comes once before one comes again. With one person there is none.
    """
    if people < 2:
        return
    every = list(_tournament(people) if people % 2 == 0 else _cycles(people))
    for place in count():
        yield every[place % len(every)]


def _tournament(people: int) -> Iterator[Pair]:
    """Yield the pairs of an even number in rounds, each of which has everybody once.

    Source: the circle method of round-robin tournaments (E. Lucas, Récréations mathématiques II, 1883).
    """
    last = people - 1
    for turn in range(last):
        yield turn, last
        for step in range(1, people // 2):
            yield (turn + step) % last, (turn - step) % last


def _cycles(people: int) -> Iterator[Pair]:
    """Yield the pairs of an odd number along cycles through everybody, every other edge first.

    Source: Walecki's decomposition of a complete graph into Hamiltonian cycles (in Lucas, as above).
    """
    ring = people - 1
    for turn in range(ring // 2):
        zigzag = [turn]
        for step in range(1, ring // 2 + 1):
            zigzag += [(turn + step) % ring, (turn - step) % ring]
        cycle = [ring, *zigzag[:ring]]
        edges = [(cycle[place], cycle[(place + 1) % people]) for place in range(people)]
        yield from edges[::2]
        yield from edges[1::2]
