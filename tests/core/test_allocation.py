"""Sharing documents out: complete, even, deterministic, and with every pair of people."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.allocation import allotted, doubled, rotating_pairs

LENGTHS = st.dictionaries(st.uuids().map(str), st.integers(1, 200_000), max_size=60)


def names(count: int) -> list[str]:
    return [f"person {number:02}" for number in range(count)]


@given(LENGTHS, st.integers(1, 9), st.floats(0, 1), st.integers(0, 2**31))
def test_everything_is_covered_evenly(lengths: dict[str, int], count: int, overlap: float, seed: int) -> None:
    people, overlap = names(count), overlap if count > 1 else 0.0
    result = allotted(lengths, people, overlap, seed)
    holders = defaultdict(list)
    for one in result:
        holders[one.document].append(one.annotator)
    assert set(holders) == set(lengths)
    assert all(len(set(two)) == len(two) <= 2 for two in holders.values())
    assert sum(len(two) == 2 for two in holders.values()) == doubled(len(lengths), overlap)
    assert sum(one.second for one in result) == doubled(len(lengths), overlap)
    numbers = Counter(one.annotator for one in result)
    assert max(numbers[person] for person in people) - min(numbers[person] for person in people) <= 1


@given(LENGTHS, st.integers(1, 9), st.integers(0, 2**31))
def test_code_points_differ_by_at_most_one_document(lengths: dict[str, int], count: int, seed: int) -> None:
    loads = Counter(dict.fromkeys(names(count), 0))
    for one in allotted(lengths, names(count), 0.0, seed):
        loads[one.annotator] += lengths[one.document]
    assert max(loads.values()) - min(loads.values()) <= max(lengths.values(), default=0)


@given(LENGTHS, st.integers(2, 6), st.randoms())
def test_the_order_of_arguments_makes_no_difference(lengths: dict[str, int], count: int, chance: object) -> None:
    people, documents = names(count), list(lengths)
    expected = allotted(lengths, people, 0.5, 7)
    chance.shuffle(people)  # type: ignore[attr-defined]
    chance.shuffle(documents)  # type: ignore[attr-defined]
    assert allotted({document: lengths[document] for document in documents}, people, 0.5, 7) == expected


@pytest.mark.parametrize("count", range(2, 16))
def test_pairs_rotate(count: int) -> None:
    every = count * (count - 1) // 2
    pairs = list(islice(rotating_pairs(count), 2 * every))
    wanted = {frozenset(pair) for pair in combinations(range(count), 2)}
    assert {frozenset(pair) for pair in pairs[:every]} == wanted
    assert {frozenset(pair) for pair in pairs[every:]} == wanted
    numbers = Counter[int]()
    for pair in pairs:
        numbers.update(pair)
        assert max(numbers[one] for one in range(count)) - min(numbers[one] for one in range(count)) <= 1


def test_every_pair_shares_documents() -> None:
    shared = Counter[frozenset[str]]()
    holders = defaultdict(set)
    for one in allotted({str(number): 100 + number for number in range(50)}, names(5), 0.4, 1):
        holders[one.document].add(one.annotator)
    shared.update(frozenset(two) for two in holders.values() if len(two) == 2)
    assert len(shared) == 10 and set(shared.values()) == {2}


def test_another_seed_shares_out_otherwise() -> None:
    lengths = {str(number): 100 for number in range(30)}
    assert allotted(lengths, names(3), 0.2, 1) != allotted(lengths, names(3), 0.2, 2)


def test_halves_are_rounded_up() -> None:
    assert [doubled(count, 0.5) for count in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert doubled(10, 1.0) == 10
