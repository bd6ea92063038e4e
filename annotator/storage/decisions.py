"""Lists over all decisions, each answered by one statement."""

from __future__ import annotations

from annotator.storage.sql import Statements


class DecisionLists:
    """Ids and texts; records come from `Rows`."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def layers(self) -> set[str]:
        """Return the ids of the gold layers in which something was decided on documents in sight."""
        sql = (
            'SELECT DISTINCT "layer" FROM "decision" WHERE NOT EXISTS '
            '(SELECT 1 FROM "document" AS "newer" WHERE "newer"."supersedes" = "decision"."document")'
        )
        return {row[0] for row in self._sql.rows(sql)}

    def documents_with_work(self) -> set[str]:
        """Return the ids of the documents in which anything is tagged, has a status or was decided."""
        tables = ("annotation", "status", "decision")
        sql = " UNION ".join(f'SELECT DISTINCT "document" FROM "{table}"' for table in tables)
        return {row[0] for row in self._sql.rows(sql)}

    def recent_reasons(self, limit: int) -> list[str]:
        """Return the reasons given last, each once, the newest first."""
        sql = (
            'SELECT "reason", MAX("created") AS "last" FROM "decision" WHERE "reason" <> ? GROUP BY "reason" '
            f'ORDER BY "last" DESC, "reason" LIMIT {int(limit)}'
        )
        return [row[0] for row in self._sql.rows(sql, ("",))]

    def precedents(self) -> list[str]:
        """Return the ids of the decisions that are kept under a label."""
        return [row[0] for row in self._sql.rows('SELECT "id" FROM "decision" WHERE "precedent" IS NOT NULL')]
