"""The journal: an append-only list of every change, and what follows from a set of changes.

Two copies of a project are merged by the union of their changes by id. Everything here is a function of that set
alone, so the order and the number of times in which changes arrive cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.core.canonical import canonical_json, sha256_hex


@dataclass(frozen=True, slots=True)
class JournalChange:
    """One row's passage from one revision to the next.

    `revision` names the state that the change leads to and is the change's own id, with two exceptions. Two changes
    that resolve a conflict lead from the two heads to one revision. And what a newer version of a document takes over
    has a revision that follows from the older one's (core.versions.revision_in); `replica` and `counter` may then be
    those of the change that was taken over, and not of the step. `before` and `after` are plain row data or None.
    """

    id: str
    step: str
    replica: str
    counter: int
    layer: str | None
    table: str
    row: str
    revision: str
    previous_revision: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class JournalStep:
    """What one person did at once. `counter` orders it, with `replica` as the tie-breaker; `time` is for display.

    `reverts` names the step that this one takes back. `chain` is the hash of the replica's journal up to here.
    """

    id: str
    replica: str
    counter: int
    title: str
    annotator: str
    time: str
    reverts: str | None
    undoable: bool
    chain: str


@dataclass(frozen=True, slots=True)
class RowState:
    """A row as the journal has it: the winning revision, its data (None when deleted), and every head.

    `in_conflict` says that two heads, neither made knowing the other, have left the row otherwise than each other.
    """

    revision: str
    data: Mapping[str, Any] | None
    heads: tuple[str, ...]
    in_conflict: bool


def union(*journals: Iterable[JournalChange]) -> dict[str, JournalChange]:
    """Return all changes by id."""
    return {change.id: change for journal in journals for change in journal}


def replay(changes: Iterable[JournalChange]) -> dict[tuple[str, str], RowState]:
    """Return the state of every row that the changes speak of (see `state_of`)."""
    rows: dict[tuple[str, str], list[JournalChange]] = defaultdict(list)
    for change in changes:
        rows[change.table, change.row].append(change)
    return {key: state_of(row_changes) for key, row_changes in rows.items()}


def state_of(changes: Sequence[JournalChange]) -> RowState:
    """Return the state of the row that all of these changes are of.

    A head is a revision that no change leads on from. Of several heads the one with the greatest
    (counter, replica, change id) is shown until someone resolves the conflict; but one that keeps the row goes before
    one that deletes it.
    """
    if len(changes) == 1:
        only = changes[0]
        return RowState(only.revision, only.after, (only.revision,), False)
    superseded = {change.previous_revision for change in changes}
    heads = [change for change in changes if change.revision not in superseded] or list(changes)
    winner = max(heads, key=lambda c: (c.after is not None, c.counter, c.replica, c.id))
    contested = any(head.after != winner.after for head in heads)
    return RowState(winner.revision, winner.after, tuple(sorted({head.revision for head in heads})), contested)


def chain_hash(previous: str, step: JournalStep, changes: Iterable[JournalChange]) -> str:
    """Return the hash of a replica's journal after `step`, given its hash before (empty at the beginning)."""
    content = [
        previous,
        [step.id, step.replica, step.counter, step.title, step.annotator, step.time, step.reverts, step.undoable],
        [
            [c.id, c.layer, c.table, c.row, c.revision, c.previous_revision, c.before, c.after, *_own_place(c, step)]
            for c in sorted(changes, key=lambda c: c.id)
        ],
    ]
    return sha256_hex(canonical_json(content).encode())


def _own_place(change: JournalChange, step: JournalStep) -> tuple[object, ...]:
    """Return the replica and the counter of a change where they are not those of its step."""
    place = change.replica, change.counter
    return () if place == (step.replica, step.counter) else place
