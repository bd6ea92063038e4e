"""A change as data: rows before and after.

Every verb of the program makes one ChangeSet, and everything that follows from a change (storing, journal, undo,
redo, redrawing) reads it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator.core.errors import BugError
from annotator.core.records import RECORDS, Record

_ORDER = {record.table: place for place, record in enumerate(RECORDS)}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; None before means it is made, None after means it is deleted."""

    before: Record | None
    after: Record | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise BugError("a row change without a row")
        if self.before is not None and self.after is not None and type(self.before) is not type(self.after):
            raise BugError("a row cannot change its table")

    @property
    def record(self) -> Record:
        """Return the row as it is after the change, or as it was if it is gone."""
        row = self.after if self.after is not None else self.before
        assert row is not None
        return row

    @property
    def table(self) -> str:
        """Return the row's table."""
        row = self.after or self.before
        assert row is not None
        return row.table

    @property
    def row(self) -> str:
        """Return the row's id."""
        row = self.after or self.before
        assert row is not None
        return row.id

    @property
    def layer(self) -> str | None:
        """Return the layer that the row belongs to, or None; blind packages filter by it."""
        return self.record.id if self.table == "layer" else getattr(self.record, "layer", None)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one step does, under the title that the history shows."""

    title: str
    changes: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, table: str) -> Iterator[RowChange]:
        """Yield the changes of one table, in order."""
        return (change for change in self.changes if change.table == table)

    def touches(self, *tables: str) -> bool:
        """Say whether any row of these tables changed."""
        return any(change.table in tables for change in self.changes)

    def documents(self) -> set[str]:
        """Return the ids of the documents that the changed rows belong to."""
        ids = set()
        for change in self.changes:
            document = change.row if change.table == "document" else getattr(change.record, "document", None)
            if document is not None:
                ids.add(document)
        return ids


def inverse(changes: ChangeSet, title: str) -> ChangeSet:
    """Return the ChangeSet that takes `changes` back."""
    return ChangeSet(title, tuple(RowChange(c.after, c.before) for c in reversed(changes.changes)))


def compose(title: str, parts: Iterable[ChangeSet]) -> ChangeSet:
    """Return one ChangeSet with the effect of the parts in order; rows that end as they began drop out."""
    first: dict[tuple[str, str], Record | None] = {}
    last: dict[tuple[str, str], Record | None] = {}
    for part in parts:
        for change in part.changes:
            key = (change.table, change.row)
            first.setdefault(key, change.before)
            last[key] = change.after
    return ChangeSet(title, tuple(RowChange(first[k], last[k]) for k in first if first[k] != last[k]))


def in_safe_order(changes: Iterable[RowChange]) -> list[RowChange]:
    """Return the changes with deletions first, children before parents, then the rest, parents before children."""
    gone, kept = [], []
    for change in changes:
        (gone if change.after is None else kept).append(change)
    gone.sort(key=lambda c: -_ORDER[c.table])
    kept.sort(key=lambda c: _ORDER[c.table])
    return gone + kept


def made(*records: Record) -> tuple[RowChange, ...]:
    """Return the changes that make these rows."""
    return tuple(RowChange(None, record) for record in records)


def deleted(*records: Record) -> tuple[RowChange, ...]:
    """Return the changes that delete these rows."""
    return tuple(RowChange(record, None) for record in records)
