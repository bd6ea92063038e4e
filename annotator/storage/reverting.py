"""Rows on which copies did not agree before a step or after it, and what a step that takes it back makes of them.

All other rows have one head before and after each step: for them an undo is a change like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.core.changes import RowChange
from annotator.core.journal import JournalChange, JournalStep, state_of
from annotator.core.records import Record
from annotator.core.restoring import content_of, contents_of, restored
from annotator.core.rowdata import from_data, record_class, to_data

if TYPE_CHECKING:
    from annotator.storage.repository import Repository

Key = tuple[str, str]
"""Table and id of a row."""


@dataclass(frozen=True, slots=True)
class RowPast:
    """A row's changes that were here just before a step, those that were just after it, and all that are here now.

    `was_hidden` says that the row was in the journal only before the step.
    """

    key: Key
    before: Sequence[JournalChange]
    after: Sequence[JournalChange]
    now: Sequence[JournalChange]
    was_hidden: bool

    @property
    def is_altered(self) -> bool:
        """Say whether the row's heads have something else now than before the step, or another one is shown."""
        return _differ(self.before, self.now)

    @property
    def is_altered_since(self) -> bool:
        """Say whether the row's heads have something else now than just after the step, or another one is shown."""
        return _differ(self.after, self.now)

    @property
    def last_since(self) -> str:
        """Return the id of the last step that changed the row after the step."""
        known = {change.id for change in self.after}
        since = [change for change in self.now if change.id not in known]
        return max(since, key=lambda change: (change.counter, change.replica, change.id)).step


@dataclass(frozen=True, slots=True)
class RestoredRow:
    """A row that gets its former heads again by these changes, or by none is hidden or shown again.

    `revision` is the one that counts afterwards. `shown` is what the row was in the project; where that is nothing,
    `was_hidden` says that it was in the journal only.
    """

    key: Key
    changes: Sequence[JournalChange]
    revision: str
    shown: Record | None
    was_hidden: bool

    def is_otherwise(self, now: Record | None) -> bool:
        """Say whether the journal does not tell what the step did to the row in the project, which is `now` this."""
        if not self.changes:
            return self.shown != now
        last = self.changes[-1]
        said = (None if data is None else from_data(self.key[0], data) for data in (last.before, last.after))
        return (self.shown, now) != tuple(said)


@dataclass(slots=True)
class Restoration:
    """What a step that takes another one back does to rows whose heads have to come back, by the id of the row."""

    rows: dict[str, RestoredRow] = field(default_factory=dict)

    @property
    def changes(self) -> list[JournalChange]:
        """Return the changes for the journal."""
        return [change for row in self.rows.values() for change in row.changes]

    @property
    def revisions(self) -> dict[str, str]:
        """Return the revision at which each row stands afterwards."""
        return {identity: row.revision for identity, row in self.rows.items()}


class Reverting:
    """Looks at the steps that are taken back."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sql = repository.statements

    def restoration(self, step: JournalStep, changes: Sequence[RowChange]) -> Restoration:
        """Return what a step with these changes restores, beside the plain changes of all other rows."""
        reverted = self._repository.journal.step(step.reverts) if step.reverts else None
        if reverted is None:
            return Restoration()
        wanted = {change.row: change for change in changes}
        pasts = {past.key[1]: past for past in self.pasts(reverted)}
        shown = self._shown(past.key for identity, past in pasts.items() if identity not in wanted)
        found = Restoration()
        for identity, past in pasts.items():
            change = wanted.get(identity)
            if change is None and (identity in shown or not past.is_altered):
                continue  # the verb leaves it as it is
            if change is None or _is_restored(past, change):
                found.rows[identity] = _restored_row(step, past, change)
        return found

    def pasts(self, step: JournalStep) -> list[RowPast]:
        """Return the rows of a step on which copies did not agree, or that were hidden, before it or after it."""
        own = {step.id, *(row[0] for row in self._sql.rows(_MERGED_BY, (step.id,)))}
        unsettled = {one.row for one in self._repository.unsettled.all()} if self._repository.unsettled.any() else set()
        hidden = self._hidden_before(step)
        noted = self._repository.merges.noted(step.id)
        several = {row[0] for row in self._sql.rows(_SEVERAL, (step.id, step.id))}
        return self._pasts(step, own, several | hidden | unsettled, hidden, {*hidden, *noted})

    def pasts_of(self, step: JournalStep, rows: Iterable[str]) -> list[RowPast]:
        """Return the past of these rows, whatever the step did to them."""
        own = {step.id, *(row[0] for row in self._sql.rows(_MERGED_BY, (step.id,)))}
        wanted = set(rows)
        return self._pasts(step, own, wanted, set(), wanted)

    def _pasts(
        self, step: JournalStep, own: set[str], rows: set[str], hidden: set[str], touched: set[str]
    ) -> list[RowPast]:
        """Return the past of those of the rows that are `touched`, or that the steps `own` changed."""
        if not rows:
            return []
        later = {identity for row in self._sql.rows(_MERGED_LATER, (step.counter,)) for identity in row}
        by_row: dict[Key, list[JournalChange]] = defaultdict(list)
        for change in self._repository.journal.changes_of_rows(sorted(rows)):
            by_row[change.table, change.row].append(change)
        found = []
        for key, now in by_row.items():
            if key[1] in touched or any(change.step in own for change in now):
                after = [c for c in now if c.step in own or (c.counter < step.counter and c.step not in later)]
                before = [c for c in after if c.step not in own]
                found.append(RowPast(key, before, after, now, key[1] in hidden))
        return found

    def _hidden_before(self, step: JournalStep) -> set[str]:
        """Return the rows that were in the journal only before a step, and are shown since, or were made anew."""
        return self._repository.merges.hidden_before(step.id) | {
            row[0] for row in self._sql.rows(_MADE_OVER_HIDDEN, (step.id,))
        }

    def _shown(self, keys: Iterable[Key]) -> set[str]:
        by_table: dict[str, list[str]] = defaultdict(list)
        for table, row in keys:
            by_table[table].append(row)
        return {row for table, ids in by_table.items() for row in self._repository.rows.revisions(table, ids)}

    def left(self, restoration: Restoration) -> Iterator[tuple[RestoredRow, Record | None]]:
        """Yield each restored row with what it is in the project now."""
        by_table: dict[str, list[str]] = defaultdict(list)
        for row in restoration.rows.values():
            by_table[row.key[0]].append(row.key[1])
        stored = {
            record.id: record
            for table, ids in by_table.items()
            for record in self._repository.rows.where_in(record_class(table), "id", ids)
        }
        return ((row, stored.get(identity)) for identity, row in restoration.rows.items())


def _differ(one: Sequence[JournalChange], other: Sequence[JournalChange]) -> bool:
    return contents_of(one) != contents_of(other) or content_of(one) != content_of(other)


def _is_restored(past: RowPast, change: RowChange) -> bool:
    """Say whether the row shall be again as it was in the project before the step, be that hidden."""
    data = content_of(past.before)
    if change.after is None and data is not None:
        return past.was_hidden
    return change.after == (None if data is None else from_data(past.key[0], data))


def _restored_row(step: JournalStep, past: RowPast, change: RowChange | None) -> RestoredRow:
    shown = None if change is None else change.before
    was_hidden = shown is None and content_of(past.now) is not None
    if not past.is_altered:
        return RestoredRow(past.key, (), state_of(past.now).revision, shown, was_hidden)
    changes = restored(step, past.before, past.now, None if shown is None else to_data(shown))
    return RestoredRow(past.key, changes, changes[-1].revision, shown, was_hidden)


_MERGED_BY = 'SELECT "step" FROM "merged_step" WHERE "merge" = ?'
_MERGED_LATER = (
    'SELECT "merged_step"."step", "merged_step"."merge" FROM "merged_step" '
    'JOIN "step" ON "step"."id" = "merged_step"."merge" WHERE "step"."counter" > ?'
)
_SEVERAL = (
    'SELECT DISTINCT "row" FROM "change" WHERE "step" = ? '
    'OR "step" IN (SELECT "step" FROM "merged_step" WHERE "merge" = ?) GROUP BY "step", "row" HAVING COUNT(*) > 1'
)
_MADE_OVER_HIDDEN = (
    'SELECT "change"."row" FROM "change" JOIN "change" AS "earlier" ON "earlier"."row" = "change"."row" '
    'AND "earlier"."revision" = "change"."previous_revision" '
    'WHERE "change"."step" = ? AND "change"."before" IS NULL AND "change"."previous_revision" IS NOT NULL '
    'AND "earlier"."after" IS NOT NULL'
)
