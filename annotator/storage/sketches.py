"""Which texts share values of their sketches; an index that can be computed anew and is in no journal."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.storage.sql import Statements


class Sketches:
    """The sketches of texts by their hash (see analysis.duplicates)."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def put(self, text: str, values: Sequence[int]) -> None:
        """Store the sketch of a text unless it is there; `text` is the hash of a stored blob."""
        if self._sql.first('SELECT 1 FROM "sketched" WHERE "text" = ?', (text,)) is not None:
            return
        last = self._sql.first('SELECT MAX("id") FROM "sketched"')
        number = 1 + (last[0] if last and last[0] else 0)
        self._sql.insert("sketched", ("id", "text"), [(number, text)])
        self._sql.insert("sketch", ("value", "sketched"), [(value, number) for value in values])

    def missing(self) -> list[str]:
        """Return the hashes of the texts of documents that have no sketch yet."""
        sql = (
            'SELECT DISTINCT "text" FROM "document" WHERE NOT EXISTS '
            '(SELECT 1 FROM "sketched" WHERE "sketched"."text" = "document"."text")'
        )
        return [row[0] for row in self._sql.rows(sql)]

    def sharing(self, values: Sequence[int], least: int) -> list[str]:
        """Return the hashes of the texts that share at least so many values, the most alike first.

        No document in sight needs to have such a text.
        """
        marks = ", ".join("?" * len(values))
        sql = (
            'SELECT "sketched"."text" FROM "sketch" JOIN "sketched" ON "sketched"."id" = "sketch"."sketched" '
            f'WHERE "sketch"."value" IN ({marks}) GROUP BY "sketched"."text" HAVING COUNT(*) >= ? '
            'ORDER BY COUNT(*) DESC, "sketched"."text"'
        )
        return [row[0] for row in self._sql.rows(sql, [*values, least])]
