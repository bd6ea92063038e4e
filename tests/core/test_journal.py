"""Merging is the union of changes by id, so neither order nor repetition may matter."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.ids import new_id
from annotator.core.journal import JournalChange, chain_hash, replay, union
from tests.core.journals import grow, step_of


@given(st.randoms(use_true_random=False), st.integers(1, 25))
@settings(max_examples=300, deadline=None)
def test_union_of_three_replicas_is_the_same_in_any_order_and_repetition(rng: random.Random, size: int) -> None:
    journals = grow(rng, replicas=3, size=size)
    expected = replay(union(*journals).values())
    shuffled = [change for journal in journals for change in journal]
    for _ in range(4):
        again = shuffled + rng.sample(shuffled, len(shuffled) // 2)
        rng.shuffle(again)
        assert replay(union(again).values()) == expected
    one, two, three = journals
    left = union(union(one, two).values(), three)
    right = union(one, union(two, three).values())
    assert replay(left.values()) == replay(right.values()) == expected
    assert replay(union(*journals, *journals).values()) == expected


def _change(row: str, revision: str, previous: str | None, counter: int, replica: str, value: int) -> JournalChange:
    return JournalChange(revision, "s", replica, counter, None, "entity", row, revision, previous, None, {"v": value})


def test_a_row_that_two_replicas_changed_has_two_heads_and_the_later_one_shows() -> None:
    base = _change("row", "r1", None, 1, "a", 0)
    one, two = _change("row", "r2", "r1", 2, "a", 1), _change("row", "r3", "r1", 2, "b", 2)
    state = replay([two, base, one])["entity", "row"]
    assert state.in_conflict
    assert state.heads == ("r2", "r3")
    assert state.data == {"v": 2}


def test_a_resolution_leads_from_both_heads_to_one_revision() -> None:
    base = _change("row", "r1", None, 1, "a", 0)
    one, two = _change("row", "r2", "r1", 2, "a", 1), _change("row", "r3", "r1", 2, "b", 2)
    resolved = [
        replace(_change("row", "r4", "r2", 3, "a", 9), id="c1"),
        replace(_change("row", "r4", "r3", 3, "a", 9), id="c2"),
    ]
    state = replay([*resolved, two, one, base])["entity", "row"]
    assert not state.in_conflict
    assert (state.revision, state.data) == ("r4", {"v": 9})


def test_a_deleted_row_stays_known() -> None:
    base = _change("row", "r1", None, 1, "a", 0)
    gone = replace(_change("row", "r2", "r1", 2, "a", 0), after=None)
    state = replay([base, gone])["entity", "row"]
    assert state.data is None
    assert not state.in_conflict


def test_the_chain_hash_covers_every_change_in_any_order() -> None:
    step = step_of(new_id(), 1)
    changes = [_change("row", "r1", None, 1, "a", 0), _change("other", "r2", None, 1, "a", 1)]
    sealed = chain_hash("", step, changes)
    assert chain_hash("", step, changes[::-1]) == sealed
    assert chain_hash("", step, [changes[0], replace(changes[1], after={"v": 2})]) != sealed
    assert chain_hash("x", step, changes) != sealed
