"""Where the entries of the codebook are used: numbers by id, and the annotations of a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from annotator.storage.sql import Statements

_OF_LABEL = '"layer" IN (SELECT "id" FROM "layer") AND "label" = ?'
"""So that the index over layer and label answers."""

_IN_SIGHT = 'NOT EXISTS (SELECT 1 FROM "document" AS "newer" WHERE "newer"."supersedes" = "annotation"."document")'

_LABEL_USES = (
    'SELECT "label", COUNT(*) FROM "annotation" GROUP BY "label"',
    'SELECT "target", COUNT(*) FROM "note" WHERE "kind" = \'label\' GROUP BY "target"',
    'SELECT "precedent", COUNT(*) FROM "decision" WHERE "precedent" IS NOT NULL GROUP BY "precedent"',
)
_OTHER_USES = (
    'SELECT "attribute", COUNT(*) FROM "attribute_value" GROUP BY "attribute"',
    'SELECT "attribute", COUNT(*) FROM "document_value" GROUP BY "attribute"',
    'SELECT "type", COUNT(*) FROM "relation" GROUP BY "type"',
)


def _within(layers: Sequence[str] | None) -> tuple[str, list[str]]:
    """Return the condition that an annotation is in one of the layers, with its values."""
    if layers is None:
        return "", []
    return f' AND "layer" IN ({", ".join("?" * len(layers))})', list(layers)


class Uses:
    """What in a project builds on the codebook, in every layer; the versions of texts that were replaced count too."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def counts(self) -> Counter[str]:
        """Return how often each label, attribute and relation type is used, by id; those without a use are not there.

        A note on a label is a use of it, and so is a decision that is its precedent.
        """
        counts: Counter[str] = Counter()
        for sql in (*_LABEL_USES, *_OTHER_USES):
            counts.update(dict(self._sql.rows(sql)))  # type: ignore[arg-type]
        return counts

    def spans(self, layers: Sequence[str] | None = None) -> Counter[str]:
        """Return the number of annotations in sight by label id, in these layers or in all."""
        within, values = _within(layers)
        sql = f'SELECT "label", COUNT(*) FROM "annotation" WHERE 1 = 1{within} GROUP BY "label"'
        counts = Counter(dict(self._sql.rows(sql if values else _LABEL_USES[0], values)))  # type: ignore[arg-type]
        older = '"document" IN (SELECT "supersedes" FROM "document")'
        hidden = f'SELECT "label", COUNT(*) FROM "annotation" WHERE {older}{within} GROUP BY "label"'
        counts.subtract(dict(self._sql.rows(hidden, values)))  # type: ignore[arg-type]
        return Counter({label: count for label, count in counts.items() if count})

    def annotations(
        self,
        label: str,
        versions: Sequence[str] | None = None,
        limit: int | None = None,
        layers: Sequence[str] | None = None,
    ) -> list[str]:
        """Return the ids of a label's annotations in sight as they were made, under some codebook versions or any.

        `layers` are those that count, None for all.
        """
        where, values = _within(layers)
        values = [label, *values]
        if versions is not None:
            where += f' AND "codebook" IN ({", ".join("?" * len(versions))})'
            values += versions
        bound = "" if limit is None else f" LIMIT {int(limit)}"
        sql = f'SELECT "id" FROM "annotation" WHERE {_OF_LABEL}{where} AND {_IN_SIGHT} ORDER BY "created", "id"{bound}'
        return [row[0] for row in self._sql.rows(sql, values)]

    def waiting(self, label: str) -> list[str]:
        """Return the ids of a label's annotations of older versions that wait for a place in a version in sight."""
        in_sight = _IN_SIGHT.replace('"annotation"."document"', '"unplaced"."document"')
        sql = (
            'SELECT DISTINCT "annotation"."id" FROM "unplaced" JOIN "annotation" '
            f'ON "annotation"."id" = "unplaced"."annotation" WHERE "annotation"."label" = ? AND {in_sight} '
            'ORDER BY "annotation"."id"'
        )
        return [row[0] for row in self._sql.rows(sql, (label,))]

    def annotation_count(self, label: str, versions: Sequence[str], layers: Sequence[str] | None = None) -> int:
        """Return the number of a label's annotations in sight, in these layers or in all, under codebook versions."""
        marks = ", ".join("?" * len(versions))
        within, values = _within(layers)
        where = f'{_OF_LABEL}{within} AND "codebook" IN ({marks}) AND {_IN_SIGHT}'
        row = self._sql.first(f'SELECT COUNT(*) FROM "annotation" WHERE {where}', [label, *values, *versions])
        return row[0] if row else 0

    def values(self, attribute: str) -> Counter[str]:
        """Return how often each value of an attribute is stored, on spans and on documents, as JSON."""
        counts: Counter[str] = Counter()
        for table in ("attribute_value", "document_value"):
            sql = f'SELECT "value", COUNT(*) FROM "{table}" WHERE "attribute" = ? GROUP BY "value"'
            counts.update(dict(self._sql.rows(sql, (attribute,))))  # type: ignore[arg-type]
        return counts
