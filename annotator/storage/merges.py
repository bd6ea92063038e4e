"""What merges did here, so that one undo takes a merge back: the tables `merged_step` and `merged_row`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from annotator.core.canonical import canonical_json
from annotator.core.changes import ChangeSet, RowChange
from annotator.core.journal import JournalChange, JournalStep, state_of
from annotator.core.records import Record
from annotator.core.rowdata import from_data, record_class, to_data

if TYPE_CHECKING:
    from annotator.storage.repository import Repository

Key = tuple[str, str]
"""Table and id of a row."""


class Merges:
    """What merges did here, so that they can be taken back."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sql = repository.statements
        self._shown: set[str] = set()

    def note(self, merge: JournalStep, steps: Iterable[str], before: Mapping[Key, Record | None]) -> None:
        """Remember the steps that came in with a merge, and how rows were before; those that these made need not be."""
        self._sql.insert("merged_step", ("step", "merge"), [(step, merge.id) for step in steps])
        rows = [
            (merge.id, row, table, None if record is None else canonical_json(to_data(record)))
            for (table, row), record in before.items()
        ]
        self._sql.insert("merged_row", ("merge", "row", "table", "before"), rows)

    def note_shown(self, step: JournalStep, changes: Iterable[RowChange]) -> None:
        """Remember the rows that were hidden until a step brought back what they name."""
        rows = [(step.id, change.row, change.table, None) for change in changes]
        if rows:
            self._shown.add(step.id)
        self._sql.insert("merged_row", ("merge", "row", "table", "before"), rows)

    def is_merge(self, step: str) -> bool:
        """Say whether a step that was made here did more than its own changes say."""
        sql = 'SELECT 1 FROM "{}" WHERE "merge" = ? LIMIT 1'
        return any(self._sql.first(sql.format(table), (step,)) for table in ("merged_step", "merged_row"))

    def has_shown(self, step: str) -> bool:
        """Say whether a step that this object saw being made had hidden rows shown: `change_set` has these as well."""
        return step in self._shown

    def came_in(self, steps: Iterable[str]) -> set[str]:
        """Return those of the steps that came in with a merge."""
        return {row[0] for row in self._sql.where_in('SELECT "step" FROM "merged_step" WHERE "step" IN', steps)}

    def merges_of(self, steps: Iterable[str]) -> set[str]:
        """Return the merges with which any of the steps came in."""
        sql = 'SELECT DISTINCT "merge" FROM "merged_step" WHERE "step" IN'
        return {row[0] for row in self._sql.where_in(sql, steps)}

    def is_behind(self, step: JournalStep) -> bool:
        """Say whether a step is a merge, or takes one back, or puts it back: it may touch versions out of sight."""
        if self.is_merge(step.id):
            return True
        origin: JournalStep | None = step
        while origin is not None and origin.reverts is not None:
            if self.is_merge(origin.reverts):
                return True
            origin = self._repository.journal.step(origin.reverts)
        return False

    def change_set(self, merge: JournalStep) -> ChangeSet:
        """Return what a merge did: how each of its rows was before, and how it is now."""
        sql = 'SELECT "table", "row", "before" FROM "merged_row" WHERE "merge" = ?'
        noted = self._sql.rows(sql, (merge.id,))
        own = {
            (c.table, c.row): c.before for c in self._repository.journal.changes_of(merge.id) if c.before is not None
        }
        before: dict[Key, Record | None] = {key: from_data(key[0], data) for key, data in own.items()}
        before |= {(t, row): None if text is None else from_data(t, json.loads(text)) for t, row, text in noted}
        keys = dict.fromkeys((*self._keys(merge), *((table, row) for table, row, _ in noted)))
        by_table: dict[str, list[str]] = defaultdict(list)
        for table, row in keys:
            by_table[table].append(row)
        now = {
            (table, record.id): record
            for table, ids in by_table.items()
            for record in self._repository.rows.where_in(record_class(table), "id", ids)
        }
        pairs = ((before.get(key), now.get(key)) for key in keys)
        return ChangeSet(merge.title, tuple(RowChange(old, new) for old, new in pairs if old != new))

    def _keys(self, merge: JournalStep) -> list[Key]:
        sql = (
            'SELECT DISTINCT "table", "row" FROM "change" WHERE "step" = ? '
            'OR "step" IN (SELECT "step" FROM "merged_step" WHERE "merge" = ?)'
        )
        return [(row[0], row[1]) for row in self._sql.rows(sql, (merge.id, merge.id))]

    def later_revision(self, merge: JournalStep) -> JournalStep | None:
        """Return a later step that left one of a merge's rows otherwise, or None where the merge can be taken back."""
        own = {merge.id, *(row[0] for row in self._sql.rows(_MERGED_BY, (merge.id,)))}
        later = {row[0] for row in self._sql.rows(_MERGED_LATER, (merge.counter,))}
        rows: dict[str, list[JournalChange]] = defaultdict(list)
        noted = self._sql.rows('SELECT "row" FROM "merged_row" WHERE "merge" = ?', (merge.id,))
        came = {row for _, row in self._keys(merge)}
        for change in self._repository.journal.changes_of_rows(sorted(came | {row[0] for row in noted})):
            rows[change.row].append(change)
        for row, changes in rows.items():
            if row not in came and state_of(changes).data is None:
                continue  # it was hidden or shown by the merge, and is gone: nothing is lost with it
            then = [c for c in changes if c.step in own or (c.counter < merge.counter and c.step not in later)]
            if len(then) < len(changes) and state_of(then).data != state_of(changes).data:
                last = max((c for c in changes if c not in then), key=lambda c: (c.counter, c.replica, c.id))
                return self._repository.journal.step(last.step)
        return None


_MERGED_BY = 'SELECT "step" FROM "merged_step" WHERE "merge" = ?'
_MERGED_LATER = (
    'SELECT "merged_step"."step" FROM "merged_step" JOIN "step" ON "step"."id" = "merged_step"."merge" '
    'WHERE "step"."counter" > ?'
)
