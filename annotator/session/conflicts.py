"""Rows that two people left differently without knowing of each other, and what decides between their sides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.journal import JournalChange, JournalStep, state_of
from annotator.core.records import (
    Annotation,
    AttributeDefinition,
    Decision,
    Document,
    Entity,
    Record,
    Relation,
    Unplaced,
)
from annotator.core.references import parents
from annotator.core.rowdata import from_data, record_class, to_data
from annotator.session.annotations import delete_annotations
from annotator.session.open_rows import OpenRows
from annotator.storage.repository import Repository


@dataclass(frozen=True, slots=True)
class Side:
    """One state of a row in conflict: `record` is None where it was deleted."""

    revision: str
    record: Record | None
    annotator: str
    time: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that two people left differently without knowing of each other.

    The first of `sides` is the one that is shown. `waits_for` is the id of a deleted row that this one names, and
    without which it cannot be shown; then there is one side.
    """

    table: str
    row: str
    document: str | None
    sides: tuple[Side, ...]
    waits_for: str | None = None


def open_conflicts(repository: Repository) -> list[Conflict]:
    """Return every conflict, in no order."""
    rows = OpenRows(repository)
    return [
        _conflict(repository, rows.changes[one.row], rows.document_of(one.row), one.waits_for) for one in rows.all()
    ]


def refuse_open_conflicts(repository: Repository, document: Document) -> None:
    """Raise RefusedError where a document has conflicts: a newer version of it would take over one side of each."""
    if any(conflict.document == document.id for conflict in open_conflicts(repository)):
        raise RefusedError(
            "“{title}” has conflicts between copies that nobody has decided yet. Resolve them first, then make the new "
            "version.",
            title=document.title,
        )


def resolution(repository: Repository, row: str, revision: str) -> ChangeSet:
    """Return the changes that decide a conflict for one of its sides.

    Raises NotFoundError, or RefusedError where that side cannot be shown.
    """
    unsettled = {one.row: one for one in repository.unsettled.all()}
    changes = list(repository.journal.changes_of_rows([row]))
    chosen = next((change for change in changes if change.revision == revision), None)
    if chosen is None or row not in unsettled or revision not in state_of(changes).heads:
        raise NotFoundError("That conflict is no longer there.")
    if unsettled[row].is_hidden:
        raise RefusedError("What it belongs to was deleted. Bring that back first.")
    before = repository.rows.get(record_class(chosen.table), row)
    after = None if chosen.after is None else from_data(chosen.table, chosen.after)
    if after is None and isinstance(before, Annotation):
        return ChangeSet("Resolve a conflict", tuple(_without(repository, before)))
    if after is None and chosen.table == Entity.table and repository.entities.is_needed(row, set()):
        raise RefusedError("A value or another name still names this. Take the other side, or change those first.")
    if after is not None and _names_missing(repository, after):
        raise RefusedError("What this names was deleted. Take the other side, or make the change anew.")
    if chosen.table == Decision.table:
        return ChangeSet("Resolve a conflict", tuple(_decided(repository, before, after, changes)))
    return ChangeSet("Resolve a conflict", (RowChange(before, after),))


def bringing_back(repository: Repository, row: str) -> ChangeSet:
    """Return the changes that bring back the rows without which a hidden one cannot be shown. Raises NotFoundError."""
    hidden = {one.row: one.waits_for for one in repository.unsettled.all() if one.waits_for is not None}
    if row not in hidden:
        raise NotFoundError("That conflict is no longer there.")
    missing: dict[str, Record] = {}
    waiting = [hidden[row]]
    while waiting:
        record = _last_living(repository, waiting.pop())
        missing[record.id] = record
        named = {identity: table for table, identity in parents(record.table, to_data(record), ())}
        gone = {i for i, table in named.items() if not repository.rows.revisions(table, [i])}
        waiting += gone - missing.keys()
    return ChangeSet("Bring back what was deleted", made(*missing.values()))


def _conflict(
    repository: Repository, changes: Sequence[JournalChange], document: str | None, waits_for: str | None
) -> Conflict:
    state = state_of(changes)
    heads = {change.revision: change for change in changes if change.revision in state.heads}
    makers = {revision: _maker(repository, change, changes) for revision, change in heads.items()}
    ordered = sorted(heads, key=lambda revision: (revision != state.revision, *_place(makers[revision]), revision))
    sides = tuple(_side(heads[revision], makers[revision]) for revision in ordered)
    return Conflict(changes[0].table, changes[0].row, document, sides, waits_for)


def _decided(
    repository: Repository, before: Record | None, after: Record | None, changes: Sequence[JournalChange]
) -> Iterator[RowChange]:
    """Yield what makes a decision the one in force, and gold what came of it.

    What came of the other sides goes, unless another decision has it too. Where something that came of this side was
    deleted meanwhile, the decision goes as well, so that its case is open again.
    """
    sides = [one for one in (before, *(_state(change) for change in changes)) if isinstance(one, Decision)]
    wanted = set(after.result) if isinstance(after, Decision) else set()
    there = {one.id: one for table in (Annotation, Relation) for one in repository.rows.where_in(table, "id", wanted)}
    if wanted - there.keys():
        wanted, after = set(), None
    elsewhere = repository.rows.where_in(Decision, "document", {one.document for one in sides})
    row = sides[0].id if sides else ""
    kept = wanted.union(*(one.result for one in elsewhere if one.id != row))
    left = {identity for one in sides for identity in one.result} - kept
    gone = delete_annotations(repository, repository.rows.where_in(Annotation, "id", left))
    dropped = {one.before.id for one in gone if one.before is not None}
    yield from gone
    yield from deleted(*repository.rows.where_in(Relation, "id", left - dropped))
    yield RowChange(before, after)


def _state(change: JournalChange) -> Record | None:
    return None if change.after is None else from_data(change.table, change.after)


def _without(repository: Repository, annotation: Annotation) -> list[RowChange]:
    """Return the changes that delete an annotation, what hangs on it, and what says that it waits for a place."""
    waiting = repository.rows.where(Unplaced, "annotation", annotation.id)
    return [*deleted(*waiting), *delete_annotations(repository, [annotation])]


def _names_missing(repository: Repository, record: Record) -> bool:
    entities = {one.id for one in repository.rows.all(AttributeDefinition) if one.type == "entity"}
    named = parents(record.table, to_data(record), entities)
    return any(not repository.rows.revisions(table, [identity]) for table, identity in named if identity != record.id)


def _last_living(repository: Repository, row: str) -> Record:
    changes = sorted(repository.journal.changes_of_rows([row]), key=lambda c: (c.counter, c.replica, c.id))
    for change in reversed(changes):
        data = change.after if change.after is not None else change.before
        if data is not None:
            return from_data(change.table, data)
    raise RefusedError("What it belongs to waits for its place in the text. Place that first.")


def _place(step: JournalStep | None) -> tuple[int, str]:
    return (0, "") if step is None else (step.counter, step.replica)


def _side(change: JournalChange, step: JournalStep | None) -> Side:
    record = None if change.after is None else from_data(change.table, change.after)
    return Side(change.revision, record, step.annotator if step else "", step.time if step else "")


def _maker(repository: Repository, change: JournalChange, changes: Sequence[JournalChange]) -> JournalStep | None:
    """Return the step that left a row as a change does: an undo or a redo only brings back what another one made."""
    level, seen, found = [change], {change.revision}, None
    while level:
        earlier: set[str | None] = set()
        for one in level:
            step = repository.journal.step_of(one)
            if step is None or one.after != change.after:
                earlier |= _parents({one.revision}, changes)
                continue
            found = step
            if step.reverts is None:
                return step
            earlier |= _restored_from(one, step.reverts, changes)
        level = [one for one in changes if one.revision in earlier - seen]
        level = [one for one in level if one.after == change.after] or level
        level.sort(key=lambda one: (-one.counter, one.id))
        seen |= earlier
    return found


def _restored_from(change: JournalChange, reverts: str, changes: Sequence[JournalChange]) -> set[str | None]:
    """Return the revisions before the step that a change takes back; of a merge, beyond what it parted."""
    earlier = {one.previous_revision for one in changes if one.step == reverts}
    if earlier:
        return earlier
    is_parted = any(one.step == change.step and one.revision != change.revision for one in changes)
    parents = _parents({change.revision}, changes)
    return _parents(parents, changes) if is_parted else parents


def _parents(revisions: Collection[str | None], changes: Sequence[JournalChange]) -> set[str | None]:
    return {one.previous_revision for one in changes if one.revision in revisions}
