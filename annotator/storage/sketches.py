"""Which texts share values of their sketches; an index that can be computed anew and is in no journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from annotator.storage.sql import Statements


class Sketches:
    """The sketches of texts by their hash (see analysis.duplicates)."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def put(self, text: str, values: Sequence[int]) -> None:
        """Store the sketch of a text unless it is there or empty; `text` is the hash of a stored blob."""
        if values and self._sql.first('SELECT 1 FROM "sketch" WHERE "text" = ?', (text,)) is None:
            self._sql.insert("sketch", ("value", "text"), [(value, text) for value in values])

    def missing(self) -> list[str]:
        """Return the hashes of the texts of documents that have no sketch yet."""
        sql = (
            'SELECT DISTINCT "text" FROM "document" WHERE NOT EXISTS '
            '(SELECT 1 FROM "sketch" WHERE "sketch"."text" = "document"."text")'
        )
        return [row[0] for row in self._sql.rows(sql)]

    def sharing(self, values: Sequence[int], least: int) -> list[str]:
        """Return the hashes of the texts of documents that share at least so many values, the most alike first."""
        shared: Counter[str] = Counter()
        marks = ", ".join("?" * len(values))
        sql = f'SELECT "text", COUNT(*) FROM "sketch" WHERE "value" IN ({marks}) GROUP BY "text"'
        for text, count in self._sql.rows(sql, list(values)):
            if count >= least:
                shared[text] = count
        return [text for text, _ in shared.most_common()]
