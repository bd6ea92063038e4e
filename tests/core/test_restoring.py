"""Heads that come back: as many as there were, with what they had, and the same one shown."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from annotator.core.ids import new_id
from annotator.core.journal import JournalChange, state_of
from annotator.core.restoring import content_of, contents_of, restored, shown_change
from tests.core.journals import step_of

_Data = Mapping[str, Any] | None


def change(counter: int, previous: str | None, value: int | None, revision: str | None = None) -> JournalChange:
    identity = new_id()
    after = None if value is None else {"value": value}
    before = None if previous is None else {"value": 0}
    return JournalChange(
        *(identity, f"step {counter}", "here", counter, None, "entity", "a", revision or identity, previous),
        before,
        after,
    )


def heads(changes: list[JournalChange]) -> list[_Data]:
    """Return what the heads have, the one that is shown first."""
    state = state_of(changes)
    found = {one.revision: one.after for one in changes if one.revision in state.heads}
    return [found.pop(state.revision), *sorted(found.values(), key=str)]


@pytest.fixture
def contested() -> list[JournalChange]:
    first = change(1, None, 0)
    return [first, change(2, first.revision, 7), change(3, first.revision, 8), change(3, first.revision, None)]


def joined(changes: list[JournalChange], counter: int, value: int | None) -> list[JournalChange]:
    first, *rest = state_of(changes).heads
    one = change(counter, first, value)
    return [one, *(change(counter, head, value, one.revision) for head in rest)]


@pytest.mark.parametrize("value", [7, 8, None, 9])
def test_each_head_comes_back_and_the_same_one_is_shown(contested: list[JournalChange], value: int | None) -> None:
    expected, counters = heads(contested), count(4)
    changes, before = [*contested], [*contested]
    for _ in range(3):
        after = [*changes, *joined(changes, next(counters), value)]
        counter = next(counters)
        changes = [*after, *restored(step_of("here", counter), before, after, content_of(after))]
        assert heads(changes) == expected
        assert all(one.before is not None or one.after is not None for one in changes)
        settled = restored(step_of("here", next(counters)), after, changes, content_of(changes))
        assert len(state_of([*changes, *settled]).heads) == 1
        assert content_of([*changes, *settled]) == content_of(after)


def test_heads_that_stayed_are_left_alone(contested: list[JournalChange]) -> None:
    now = [*contested, change(9, contested[0].revision, 5)]
    new = restored(step_of("here", 10), contested, now, content_of(now))
    state = state_of([*now, *new])
    assert heads([*now, *new]) == heads(contested)
    assert {contested[1].revision, contested[3].revision} < set(state.heads)
    assert [one.revision for one in new] == [state.revision] * 2
    assert shown_change(new).after == {"value": 8}


def test_of_a_row_that_was_not_there_a_deletion_is_left(contested: list[JournalChange]) -> None:
    new = restored(step_of("here", 10), [], contested, content_of(contested))
    assert contents_of([*contested, *new]) == contents_of([])
    assert content_of([*contested, *new]) is content_of([]) is None


def test_heads_that_agree_come_back_as_one() -> None:
    first = change(1, None, 0)
    before = [first, change(2, first.revision, 7), change(3, first.revision, 7)]
    now = [*before, *joined(before, 4, 9)]
    (only,) = restored(step_of("here", 5), before, now, content_of(now))
    assert only.after == {"value": 7}
