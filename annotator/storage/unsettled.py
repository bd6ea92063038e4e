"""Rows on which copies of the project do not agree yet: several heads, or a parent that somebody else deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.storage.sql import Statements


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    """A row with several heads, which are `contested` where they left it differently, or one that is hidden because it
    `waits_for` a row that it names and that was deleted.
    """

    row: str
    table: str
    contested: bool
    waits_for: str | None

    @property
    def is_hidden(self) -> bool:
        """Say whether the row is in the journal only."""
        return self.waits_for is not None


class Unsettled:
    """The table `unsettled`, which follows from the journal."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._is_empty = False
        self._has_written = False

    def any(self) -> bool:
        """Say whether there is any, for the one who writes: none stays none until this object puts one in."""
        if self._is_empty:
            return False
        found = self._sql.first('SELECT 1 FROM "unsettled" LIMIT 1') is not None
        self._is_empty = not found and not self._has_written
        return found

    def all(self) -> list[UnsettledRow]:
        """Return all of them, by table and id."""
        rows = self._sql.rows(
            'SELECT "row", "table", "contested", "waits_for" FROM "unsettled" ORDER BY "table", "row"'
        )
        return [UnsettledRow(row, table, bool(contested), waits_for) for row, table, contested, waits_for in rows]

    def waits_for_any(self, rows: Iterable[str]) -> bool:
        """Say whether a row is hidden until one of these is there."""
        return any(True for _ in self._sql.where_in('SELECT 1 FROM "unsettled" WHERE "waits_for" IN', rows))

    def among(self, rows: Iterable[str]) -> set[str]:
        """Return those of the rows that are unsettled."""
        if not self.any():
            return set()
        return {found[0] for found in self._sql.where_in('SELECT "row" FROM "unsettled" WHERE "row" IN', rows)}

    def replace(self, rows: Iterable[str], by: Iterable[UnsettledRow]) -> None:
        """Take rows out, and put these in."""
        if self.any():
            self._sql.run_many('DELETE FROM "unsettled" WHERE "row" = ?', [(row,) for row in rows])
        values = [(one.row, one.table, int(one.contested), one.waits_for) for one in by]
        if values:
            self._is_empty, self._has_written = False, True
        self._sql.insert("unsettled", ("row", "table", "contested", "waits_for"), values)
