"""The journal's two tables: steps and their changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from annotator.core.canonical import canonical_json
from annotator.core.errors import BugError
from annotator.core.journal import JournalChange, JournalStep, chain_hash
from annotator.storage.sql import Statements, names, portions

STEP_COLUMNS = tuple(field.name for field in fields(JournalStep))
CHANGE_COLUMNS = tuple(field.name for field in fields(JournalChange))
"""The last two are `before` and `after`, as JSON."""


class Journal:
    """Appends to and reads the list of every change."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._open: set[str] = set()

    def next_counter(self) -> int:
        """Return the counter that follows every one seen so far (a Lamport clock)."""
        row = self._sql.first('SELECT MAX("counter") FROM "step"')
        return (row[0] if row and row[0] else 0) + 1

    def open_step(self, step: JournalStep) -> None:
        """Append a step whose chain hash is still empty; `close_step` seals it."""
        self._open.add(step.id)
        self._sql.insert("step", STEP_COLUMNS, [[*(getattr(step, name) for name in STEP_COLUMNS)]])

    def append(self, changes: Sequence[JournalChange]) -> None:
        """Append changes of an open step."""
        self._sql.insert("change", CHANGE_COLUMNS, [_change_row(change) for change in changes])

    def close_step(self, step: JournalStep, changes: Iterable[JournalChange] | None = None) -> None:
        """Seal a step with the hash over its replica's journal so far; reads the changes back unless given.

        A step that began while an earlier one was open is sealed with that one, so the chain follows the counter.
        """
        self._open.discard(step.id)
        before = self._step_before(step)
        if before is not None and not before.chain:
            return
        chain = self._seal(before.chain if before else "", step, changes)
        for later in self._steps('WHERE "replica" = ? AND "counter" > ? ORDER BY "counter"', _place(step)):
            if later.id in self._open:
                return
            chain = self._seal(chain, later)

    def _seal(self, before: str, step: JournalStep, changes: Iterable[JournalChange] | None = None) -> str:
        sealed = chain_hash(before, step, self.changes_of(step.id) if changes is None else changes)
        self._sql.run('UPDATE "step" SET "chain" = ? WHERE "id" = ?', (sealed, step.id))
        return sealed

    def drop_step(self, step: JournalStep) -> None:
        """Take back an open step that turned out to have no changes."""
        self._sql.run('DELETE FROM "step" WHERE "id" = ?', (step.id,))

    def close_interrupted(self) -> list[JournalStep]:
        """Seal the steps that were never finished, and return them; only the holder of the lock may."""
        found = self._steps('WHERE "chain" = \'\' ORDER BY "counter", "replica"', ())
        for first in {step.replica: step for step in reversed(found)}.values():
            self.close_step(first)
        return found

    def _step_before(self, step: JournalStep) -> JournalStep | None:
        clause = 'WHERE "replica" = ? AND "counter" < ? ORDER BY "counter" DESC LIMIT 1'
        return next(iter(self._steps(clause, _place(step))), None)

    def step(self, step: str) -> JournalStep | None:
        """Return a step by id, or None."""
        found = self._steps('WHERE "id" = ?', (step,))
        return found[0] if found else None

    def step_of(self, change: JournalChange) -> JournalStep | None:
        """Return the step in which a change was made; of what a newer version took over, one of its maker then."""
        step = self.step(change.step)
        if step is None or (change.replica, change.counter) == _place(step):
            return step
        clause = 'WHERE "replica" = ? AND "counter" <= ? ORDER BY "counter" DESC LIMIT 1'
        return next(iter(self._steps(clause, (change.replica, change.counter))), step)

    def annotators_of(self, steps: Iterable[str]) -> dict[str, str]:
        """Return who made each of the steps that the journal has."""
        return dict(self._sql.where_in('SELECT "id", "annotator" FROM "step" WHERE "id" IN', steps))  # type: ignore[arg-type]

    def steps(self, *, annotator: str | None = None, limit: int | None = None) -> list[JournalStep]:
        """Return the newest steps, of one annotator or of all, oldest first."""
        where, values = ("", []) if annotator is None else ('WHERE "annotator" = ? ', [annotator])
        order = 'ORDER BY "counter" DESC, "replica" DESC'
        if limit is not None:
            order += f" LIMIT {int(limit)}"
        return self._steps(f"{where}{order}", values)[::-1]

    def steps_beyond(self, layers: Sequence[str], steps: Iterable[str]) -> set[str]:
        """Return the ids of those of the steps that changed anything in other layers than these."""
        found: set[str] = set()
        other = f'"change"."layer" IS NOT NULL AND "change"."layer" NOT IN ({", ".join("?" * len(layers))})'
        changed = f'EXISTS (SELECT 1 FROM "change" WHERE "change"."step" = "step"."id" AND {other})'
        for portion in portions(steps):
            sql = f'SELECT "id" FROM "step" WHERE {changed} AND "id" IN ({", ".join("?" * len(portion))})'
            found.update(row[0] for row in self._sql.rows(sql, [*layers, *portion]))
        return found

    def steps_after(self, step: JournalStep) -> list[JournalStep]:
        """Return the steps, of everybody, whose counter is greater than a step's, oldest first."""
        return self._steps('WHERE "counter" > ? ORDER BY "counter", "replica"', (step.counter,))

    def position(self) -> dict[str, int]:
        """Return the last counter of each replica: together they name the steps that the journal has."""
        return dict(self._sql.rows('SELECT "replica", MAX("counter") FROM "step" GROUP BY "replica"'))  # type: ignore[arg-type]

    def count_steps(self) -> int:
        """Return how many steps the journal has."""
        row = self._sql.first('SELECT COUNT(*) FROM "step"')
        return row[0] if row else 0

    def first_step(self) -> JournalStep | None:
        """Return the step with which the project began, or None where there is none."""
        return next(iter(self._steps('ORDER BY "counter", "replica" LIMIT 1', ())), None)

    def count_own_steps(self) -> int:
        """Return how many steps were made in this file, or in one that it is a copy of, as far as it knows."""
        row = self._sql.first('SELECT COUNT(*) FROM "step" WHERE "replica" IN (SELECT "id" FROM "replica")')
        return row[0] if row else 0

    def _steps(self, clause: str, values: Sequence[Any]) -> list[JournalStep]:
        rows = self._sql.rows(f'SELECT {names(STEP_COLUMNS)} FROM "step" {clause}', values)
        return [journal_step(row) for row in rows]

    def changes_of(self, step: str) -> list[JournalChange]:
        """Return the changes of a step, in no particular order."""
        return list(self._changes('WHERE "step" = ?', (step,)))

    def changes(self) -> Iterator[JournalChange]:
        """Yield every change in the order of (counter, replica, id)."""
        return self._changes('ORDER BY "counter", "replica", "id"', ())

    def changes_of_rows(self, rows: Iterable[str]) -> Iterator[JournalChange]:
        """Yield every change of these rows, in no order."""
        for row in self._sql.where_in(f'SELECT {names(CHANGE_COLUMNS)} FROM "change" WHERE "row" IN', rows):
            yield journal_change(row, _parse(row[-2]), _parse(row[-1]))

    def deletions(self, tables: Iterable[str]) -> Iterator[JournalChange]:
        """Yield the changes that deleted rows of these tables; it looks at the whole journal."""
        wanted = sorted(tables)
        marks = ", ".join("?" * len(wanted))
        return self._changes(f'WHERE "after" IS NULL AND "table" IN ({marks})', wanted)

    def changes_until(self, position: Mapping[str, int], table: str, layers: Sequence[str]) -> Iterator[JournalChange]:
        """Yield the changes to rows of a table in these layers, of the steps that a `position` names, in no order."""
        marks = ", ".join("?" * len(layers))
        columns = names(CHANGE_COLUMNS, "change")
        sql = (
            f'SELECT {columns}, "step"."replica", "step"."counter" FROM "change" '
            f'JOIN "step" ON "step"."id" = "change"."step" WHERE "change"."table" = ? AND "change"."layer" IN ({marks})'
        )
        for *row, replica, counter in self._sql.stream(sql, (table, *layers)):
            if counter <= position.get(replica, 0):
                yield journal_change(row, _parse(row[-2]), _parse(row[-1]))

    def layers_of_rows(self, rows: Iterable[str]) -> set[tuple[str, str]]:
        """Return (row, layer) for those of the rows that are or were in a layer."""
        sql = 'SELECT DISTINCT "row", "layer" FROM "change" WHERE "layer" IS NOT NULL AND "row" IN'
        return {(row[0], row[1]) for row in self._sql.where_in(sql, rows)}

    def _changes(self, clause: str, values: Sequence[Any]) -> Iterator[JournalChange]:
        for row in self._sql.stream(f'SELECT {names(CHANGE_COLUMNS)} FROM "change" {clause}', values):
            yield journal_change(row, _parse(row[-2]), _parse(row[-1]))

    def change_to(self, row: str, revision: str) -> JournalChange:
        """Return the change that led a row to a revision. Raises BugError where there is none."""
        for change in self._changes('WHERE "row" = ? AND "revision" = ?', (row, revision)):
            return change
        raise BugError(f"the revision {revision} of row {row} has no change")

    def heads(self, rows: Iterable[str]) -> dict[str, str]:
        """Return the last revision of each row that the journal knows, deleted ones included."""
        heads: dict[str, tuple[int, str, str]] = {}
        for row, counter, replica, revision in self._sql.where_in(
            'SELECT "row", "counter", "replica", "revision" FROM "change" WHERE "row" IN', rows
        ):
            heads[row] = max(heads.get(row, (0, "", "")), (counter, replica, revision))
        return {row: head[2] for row, head in heads.items()}


def _place(step: JournalStep) -> tuple[str, int]:
    return step.replica, step.counter


def journal_step(row: Sequence[Any]) -> JournalStep:
    """Return the step that a row of `STEP_COLUMNS` holds."""
    fields_of = dict(zip(STEP_COLUMNS, row, strict=True))
    return JournalStep(**{**fields_of, "undoable": bool(fields_of["undoable"])})


def journal_change(
    row: Sequence[Any], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> JournalChange:
    """Return the change that a row of `CHANGE_COLUMNS` holds, given its data."""
    return JournalChange(*row[:-2], before, after)  # pyright: ignore[reportCallIssue]


def _change_row(change: JournalChange) -> list[Any]:
    row = [getattr(change, name) for name in CHANGE_COLUMNS]
    row[9], row[10] = _text(change.before), _text(change.after)
    return row


def _text(data: Mapping[str, Any] | None) -> str | None:
    return None if data is None else canonical_json(data)


def _parse(text: str | None) -> Mapping[str, Any] | None:
    return None if text is None else json.loads(text)
