"""How a step that takes another one back gives a row the heads again that it had.

A row may have had several heads, on which people had not agreed: then each comes back, so that the conflict is open
again. Everything here is a function of a row's changes before the step that is taken back, and of those that are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotator.core.canonical import canonical_json
from annotator.core.ids import new_id
from annotator.core.journal import JournalChange, JournalStep, state_of

_Data = Mapping[str, Any] | None


def content_of(changes: Sequence[JournalChange]) -> _Data:
    """Return what a row with these changes is; None where it is deleted, or nothing made it yet."""
    return state_of(changes).data if changes else None


def shown_change(changes: Sequence[JournalChange]) -> JournalChange:
    """Return of changes of a row the one that leads to what is shown."""
    if len(changes) == 1:
        return changes[0]
    revision = state_of(changes).revision
    return next(change for change in changes if change.revision == revision)


def contents_of(changes: Sequence[JournalChange]) -> tuple[str, ...]:
    """Return as canonical text what the heads of a row have, in order, and once where they agree.

    A row that nothing made yet is like a deleted one.
    """
    found = sorted(canonical_json(head.after) for head in _heads(changes)) or [canonical_json(None)]
    return tuple(found if len(set(found)) > 1 else found[:1])


def restored(
    step: JournalStep, before: Sequence[JournalChange], now: Sequence[JournalChange], shown: _Data
) -> list[JournalChange]:
    """Return the changes of a step that lead a row from the heads that it has `now` to those that it had `before`.

    Heads that it had and still has stay as they are, except the one that was shown: it is made anew, from all heads
    that the row gained since, so that it is shown again (see `state_of`). Each other one is made anew from the head
    that is shown now. `shown` is what the row is in the project; None where it is hidden or gone. The last of the
    changes is the one that is shown afterwards.
    """
    former = {head.revision: head for head in _heads(before)}
    present = state_of(now)
    wanted = former.pop(state_of(before).revision) if before else None
    if len(contents_of(before)) == 1:
        former.clear()
    gained = [head for head in present.heads if head not in former] or list(present.heads)
    anew = [head for revision, head in former.items() if revision not in present.heads]
    start = present.revision if present.revision in gained else gained[0]
    there = shown if shown is not None else present.data
    ids = sorted(new_id() for _ in range(len(anew) + len(gained)))
    found = [_change(step, ids.pop(0), now[0], start, there, head) for head in anew]
    last = _change(step, ids.pop(), now[0], start, there, wanted)
    joined = [head for head in gained if head != start]
    return [
        *found,
        *(replace(last, id=one, previous_revision=head) for one, head in zip(ids, joined, strict=True)),
        last,
    ]


def _heads(changes: Sequence[JournalChange]) -> list[JournalChange]:
    """Return for each head one change that leads to it."""
    heads = state_of(changes).heads if changes else ()
    return list({change.revision: change for change in changes if change.revision in heads}.values())


def _change(
    step: JournalStep, identity: str, model: JournalChange, previous: str, there: _Data, head: JournalChange | None
) -> JournalChange:
    """Return the change to what a head had; a deletion that comes back after one says again what it deleted."""
    after = None if head is None else head.after
    deleted = there if there is not None or after is not None or head is None else head.before
    return JournalChange(
        id=identity,
        step=step.id,
        replica=step.replica,
        counter=step.counter,
        layer=model.layer if head is None else head.layer,
        table=model.table,
        row=model.row,
        revision=identity,
        previous_revision=previous,
        before=deleted,
        after=after,
    )
