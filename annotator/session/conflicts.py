"""Rows that two people left differently without knowing of each other, and what decides between their sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.journal import JournalChange, state_of
from annotator.core.records import Annotation, AttributeDefinition, Decision, Document, Record, Relation, Unplaced
from annotator.core.references import parents
from annotator.core.rowdata import from_data, record_class, to_data
from annotator.session.annotations import delete_annotations
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
    open_rows = [one for one in repository.unsettled.all() if one.contested or one.is_hidden]
    changes = _by_row(repository.journal.changes_of_rows(one.row for one in open_rows))
    return [_conflict(repository, changes[one.row], one.waits_for) for one in open_rows if one.row in changes]


def resolution(repository: Repository, row: str, revision: str) -> ChangeSet:
    """Return the changes that decide a conflict for one of its sides.

    Raises NotFoundError, or RefusedError where that side cannot be shown.
    """
    unsettled = {one.row: one for one in repository.unsettled.all()}
    changes = list(repository.journal.changes_of_rows([row]))
    chosen = next((change for change in changes if change.revision == revision), None)
    if chosen is None or row not in unsettled:
        raise NotFoundError("That conflict is no longer there.")
    if unsettled[row].is_hidden:
        raise RefusedError("What it belongs to was deleted. Bring that back first.")
    before = repository.rows.get(record_class(chosen.table), row)
    after = None if chosen.after is None else from_data(chosen.table, chosen.after)
    if after is None and isinstance(before, Annotation):
        return ChangeSet("Resolve a conflict", tuple(_without(repository, before)))
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


def _by_row(changes: Iterable[JournalChange]) -> dict[str, list[JournalChange]]:
    found: dict[str, list[JournalChange]] = defaultdict(list)
    for change in changes:
        found[change.row].append(change)
    return found


def _conflict(repository: Repository, changes: Sequence[JournalChange], waits_for: str | None) -> Conflict:
    state = state_of(changes)
    heads = {change.revision: change for change in changes if change.revision in state.heads}
    ordered = sorted(heads.values(), key=lambda change: (change.revision != state.revision, change.counter))
    sides = tuple(_side(repository, change) for change in ordered)
    shown = next((side.record for side in sides if side.record is not None), None)
    return Conflict(changes[0].table, changes[0].row, _document_of(repository, shown), sides, waits_for)


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
    data = next(data for change in reversed(changes) if (data := change.after or change.before) is not None)
    return from_data(changes[0].table, data)


def _side(repository: Repository, change: JournalChange) -> Side:
    step = repository.journal.step(change.step)
    record = None if change.after is None else from_data(change.table, change.after)
    return Side(change.revision, record, step.annotator if step else "", step.time if step else "")


def _document_of(repository: Repository, record: Record | None) -> str | None:
    if isinstance(record, Document):
        return record.id
    owner = getattr(record, "annotation", None)
    if owner is not None and not hasattr(record, "document"):
        annotation = repository.rows.get(Annotation, owner)
        return annotation.document if annotation is not None else None
    return getattr(record, "document", None)
