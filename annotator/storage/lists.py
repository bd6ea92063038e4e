"""Lists and counts over a whole project, each answered by an index or a page of keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from annotator.storage.sql import Statements

Counts = dict[str, Counter[str]]

_IN_SIGHT = 'NOT EXISTS (SELECT 1 FROM "document" AS "newer" WHERE "newer"."supersedes" = {id})'
_DOCUMENT_IN_SIGHT = _IN_SIGHT.format(id='"document"."id"')


class Lists:
    """Ids and numbers; records come from `Rows`. A document that another one supersedes is not among them."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def document_count(self) -> int:
        """Return how many documents there are."""
        row = self._sql.first(f'SELECT COUNT(*) FROM "document" WHERE {_DOCUMENT_IN_SIGHT}')
        return row[0] if row else 0

    def document_ids(self, after: tuple[str, str] | None = None, limit: int | None = None) -> list[str]:
        """Return document ids in the order of (created, id), the page after a key where one is given."""
        where = "" if after is None else ' AND ("created", "id") > (?, ?)'
        bound = "" if limit is None else f" LIMIT {int(limit)}"
        sql = f'SELECT "id" FROM "document" WHERE {_DOCUMENT_IN_SIGHT}{where} ORDER BY "created", "id"{bound}'
        return [row[0] for row in self._sql.rows(sql, after or ())]

    def in_sight(self, documents: Iterable[str]) -> set[str]:
        """Return those of the documents that exist and that no other one supersedes."""
        sql = f'SELECT "id" FROM "document" WHERE {_DOCUMENT_IN_SIGHT} AND "id" IN'
        return {row[0] for row in self._sql.where_in(sql, documents)}

    def replaced(self, documents: Iterable[str]) -> list[tuple[str, str]]:
        """Return (id, title) of those of the documents that another one supersedes."""
        sql = (
            'SELECT "older"."id", "older"."title" FROM "document" AS "newer" '
            'JOIN "document" AS "older" ON "older"."id" = "newer"."supersedes" WHERE "newer"."supersedes" IN'
        )
        return [(row[0], row[1]) for row in self._sql.where_in(sql, documents)]

    def versions(self) -> list[tuple[str, str]]:
        """Return (id, id of the document whose place it took) of the documents that took another one's place."""
        return [
            (row[0], row[1])
            for row in self._sql.rows('SELECT "id", "supersedes" FROM "document" WHERE "supersedes" IS NOT NULL')
        ]

    def lengths_of(self, documents: Iterable[str]) -> dict[str, int]:
        """Return the code points of each of the documents that exist, by id."""
        sql = 'SELECT "id", "characters" FROM "document" WHERE "id" IN'
        return {row[0]: row[1] for row in self._sql.where_in(sql, documents)}

    def documents_of(self, annotations: Iterable[str]) -> set[str]:
        """Return the ids of the documents that annotations are in."""
        return {row[0] for row in self._sql.where_in('SELECT "document" FROM "annotation" WHERE "id" IN', annotations)}

    def document_by_annotation(self, annotations: Iterable[str]) -> dict[str, str]:
        """Return the id of the document that each of these annotations is in."""
        return dict(self._sql.where_in('SELECT "id", "document" FROM "annotation" WHERE "id" IN', annotations))  # type: ignore[arg-type]

    def documents_called(self, name: str) -> list[str]:
        """Return the ids of documents with this title or file name; failing that, with this beginning of the id."""
        sql = (
            f'SELECT "id" FROM "document" WHERE {_DOCUMENT_IN_SIGHT} AND ("title" = ? OR "file" = ?) '
            'ORDER BY "created", "id"'
        )
        found = [row[0] for row in self._sql.rows(sql, (name, name))]
        if found or len(name) < 6:
            return found
        sql = 'SELECT "id" FROM "document" WHERE SUBSTR("id", 1, ?) = ? ORDER BY "created", "id"'
        return [row[0] for row in self._sql.rows(sql, (len(name), name))]

    def label_counts(self, documents: Iterable[str], layers: Collection[str] | None = None) -> Counts:
        """Return the number of annotations by document and label id, in these layers or in all."""
        counts: Counts = {}
        for document, layer, label, count in self.layer_label_counts(documents):
            if layers is None or layer in layers:
                counts.setdefault(document, Counter())[label] += count
        return counts

    def layer_label_counts(self, documents: Iterable[str]) -> list[tuple[str, str, str, int]]:
        """Return (document, layer, label, number of annotations) wherever there are any."""
        sql = 'SELECT "document", "layer", "label", COUNT(*) FROM "annotation" WHERE "document" IN'
        rows = self._sql.where_in(sql, documents, 'GROUP BY "document", "layer", "label"')
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def status_counts(self, layer: str) -> dict[str, int]:
        """Return the number of documents by status in a layer; documents without a status are not counted."""
        in_sight = _IN_SIGHT.format(id='"status"."document"')
        sql = f'SELECT "status", COUNT(*) FROM "status" WHERE "layer" = ? AND {in_sight} GROUP BY "status"'
        return {row[0]: row[1] for row in self._sql.rows(sql, (layer,))}

    def annotation_counts(self) -> dict[str, int]:
        """Return the number of annotations by layer id."""
        sql = 'SELECT "layer", COUNT(*) FROM "annotation" {where} GROUP BY "layer"'
        out_of_sight = 'WHERE "document" IN (SELECT "supersedes" FROM "document")'
        counts = Counter(dict(self._sql.rows(sql.format(where=""))))  # type: ignore[arg-type]
        counts.subtract(dict(self._sql.rows(sql.format(where=out_of_sight))))  # type: ignore[arg-type]
        return {layer: count for layer, count in counts.items() if count}

    def annotation_counts_in(
        self, documents: Iterable[str], layers: Sequence[str], labels: Collection[str] | None = None
    ) -> dict[str, int]:
        """Return the number of annotations in these layers by document, of these labels (ids) or of all."""
        counts: Counter[str] = Counter()
        wanted = set(layers)
        by = '"document", "layer"' if labels is None else '"document", "layer", "label"'
        sql = f'SELECT COUNT(*), {by} FROM "annotation" WHERE "document" IN'
        for count, document, layer, *label in self._sql.where_in(sql, documents, f"GROUP BY {by}"):
            if layer in wanted and (labels is None or label[0] in labels):
                counts[document] += count
        return dict(counts)

    def layers_in(self, documents: Iterable[str]) -> dict[str, set[str]]:
        """Return the layers that have annotations in documents, by document."""
        found: dict[str, set[str]] = {}
        sql = 'SELECT DISTINCT "document", "layer" FROM "annotation" WHERE "document" IN'
        for document, layer in self._sql.where_in(sql, documents):
            found.setdefault(document, set()).add(layer)
        return found

    def statuses_in(self, layers: Sequence[str]) -> dict[str, set[str]]:
        """Return the statuses that documents have in these layers by document; those without one are not there."""
        found: dict[str, set[str]] = {}
        for document, status in self._sql.where_in(
            'SELECT "document", "status" FROM "status" WHERE "layer" IN', layers
        ):
            found.setdefault(document, set()).add(status)
        return found

    def note_counts(self) -> dict[str, int]:
        """Return the number of notes by what they are on (`Note.kind`)."""
        return {row[0]: row[1] for row in self._sql.rows('SELECT "kind", COUNT(*) FROM "note" GROUP BY "kind"')}

    def has_defaults(self) -> bool:
        """Say whether any attribute has a default."""
        return self._sql.first('SELECT 1 FROM "attribute_definition" WHERE "default" <> ?', ("null",)) is not None

    def attribute_values(self, document: str) -> list[tuple[str, str, str]]:
        """Return (annotation id, attribute id, value as JSON) of every value in a document."""
        sql = (
            'SELECT "attribute_value"."annotation", "attribute_value"."attribute", "attribute_value"."value" '
            'FROM "annotation" JOIN "attribute_value" ON "attribute_value"."annotation" = "annotation"."id" '
            'WHERE "annotation"."document" = ?'
        )
        return [(row[0], row[1], row[2]) for row in self._sql.rows(sql, (document,))]
