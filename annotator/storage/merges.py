"""What merges did here, so that one undo takes a merge back: the tables `merged_step` and `merged_row`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from annotator.core.canonical import canonical_json
from annotator.core.changes import ChangeSet, RowChange
from annotator.core.journal import JournalChange, JournalStep
from annotator.core.records import Record
from annotator.core.restoring import content_of, shown_change
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
        self._beside: set[str] = set()

    def note(
        self,
        merge: JournalStep,
        steps: Iterable[str],
        before: Mapping[Key, Record | None],
        hidden: Collection[Key] = (),
    ) -> None:
        """Remember the steps that came in with a merge, and how rows were before; those that these made need not be.

        Those that were `hidden` were in the journal only.
        """
        self._sql.insert("merged_step", ("step", "merge"), [(step, merge.id) for step in steps])
        self._note_rows(merge, before, hidden)

    def note_besides(
        self, step: JournalStep, before: Mapping[Key, Record | None], hidden: Collection[Key] = ()
    ) -> None:
        """Remember how rows were before a step that did something else to them than its own changes say."""
        if before:
            self._beside.add(step.id)
        self._note_rows(step, before, hidden)

    def _note_rows(self, step: JournalStep, before: Mapping[Key, Record | None], hidden: Collection[Key]) -> None:
        rows = [
            (step.id, row, table, _HIDDEN if (table, row) in hidden else _text(record))
            for (table, row), record in before.items()
        ]
        self._sql.insert("merged_row", ("merge", "row", "table", "before"), rows)

    def noted(self, step: str) -> set[str]:
        """Return the rows of which is noted how they were before a step."""
        return {row[0] for row in self._sql.rows('SELECT "row" FROM "merged_row" WHERE "merge" = ?', (step,))}

    def hidden_before(self, step: str) -> set[str]:
        """Return those of the noted rows that were in the journal only before a step."""
        sql = 'SELECT "row" FROM "merged_row" WHERE "merge" = ? AND "before" = ?'
        return {row[0] for row in self._sql.rows(sql, (step, _HIDDEN))}

    def is_merge(self, step: str) -> bool:
        """Say whether a step that was made here did more than its own changes say."""
        sql = 'SELECT 1 FROM "{}" WHERE "merge" = ? LIMIT 1'
        return any(self._sql.first(sql.format(table), (step,)) for table in ("merged_step", "merged_row"))

    def did_more(self, step: str) -> bool:
        """Say whether a step that this object saw being made showed or hid rows: `change_set` has these as well."""
        return step in self._beside

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
        """Return what a merge did: how each of its rows was before, and how it is now.

        A row that stays as it is, and on which copies do not agree since, is among them.
        """
        before = self._before(merge)
        keys = dict.fromkeys((*self._keys(merge), *before))
        by_table: dict[str, list[str]] = defaultdict(list)
        for table, row in keys:
            by_table[table].append(row)
        now = {
            (table, record.id): record
            for table, ids in by_table.items()
            for record in self._repository.rows.where_in(record_class(table), "id", ids)
        }
        altered = {past.key for past in self._repository.reverting.pasts(merge) if past.is_altered}
        pairs = ((key, before.get(key), now.get(key)) for key in keys)
        found = (RowChange(a, b) for key, a, b in pairs if a != b or (a is not None and key in altered))
        return ChangeSet(merge.title, tuple(found))

    def _before(self, merge: JournalStep) -> dict[Key, Record | None]:
        """Return how rows were, as far as the merge's own changes or what was noted say so."""
        own = (change for change in shown_changes(self._repository.journal.changes_of(merge.id)) if change.before)
        before: dict[Key, Record | None] = {(one.table, one.row): from_data(one.table, one.before or {}) for one in own}
        for table, row, text in self._sql.rows(_NOTED, (merge.id,)):
            data = None if text is None else json.loads(text)
            before[table, row] = None if data is None else from_data(table, data)
        return before

    def _keys(self, merge: JournalStep) -> list[Key]:
        sql = (
            'SELECT DISTINCT "table", "row" FROM "change" WHERE "step" = ? '
            'OR "step" IN (SELECT "step" FROM "merged_step" WHERE "merge" = ?)'
        )
        return [(row[0], row[1]) for row in self._sql.rows(sql, (merge.id, merge.id))]

    def later_revision(self, merge: JournalStep) -> JournalStep | None:
        """Return a later step that left one of a merge's rows otherwise, or None where the merge can be taken back."""
        came = {row for _, row in self._keys(merge)}
        for past in self._repository.reverting.pasts_of(merge, came | self.noted(merge.id)):
            if past.key[1] not in came and content_of(past.now) is None:
                continue  # it was hidden or shown by the merge, and is gone: nothing is lost with it
            if past.is_altered_since:
                return self._repository.journal.step(past.last_since)
        return None


def shown_changes(changes: Iterable[JournalChange]) -> list[JournalChange]:
    """Return for each row that a step changed the one of its changes that is shown."""
    by_row: dict[Key, list[JournalChange]] = defaultdict(list)
    for change in changes:
        by_row[change.table, change.row].append(change)
    return [shown_change(of_row) for of_row in by_row.values()]


def _text(record: Record | None) -> str | None:
    return None if record is None else canonical_json(to_data(record))


_HIDDEN = "null"
"""What is noted of a row that was in the journal only; of one that was not there at all, nothing is."""

_NOTED = 'SELECT "table", "row", "before" FROM "merged_row" WHERE "merge" = ?'
