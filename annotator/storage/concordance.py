"""All annotations of documents in sight as rows of a table: a page by key, numbers, and groups.

A page costs what is on it: documents are walked in the order of an index, and where a filter lets few through, those
few are taken by the index that knows them and sorted. Nothing is skipped by counting rows (OFFSET).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from annotator.core.corpus_query import CorpusOrder, site_of
from annotator.core.corpus_row import CorpusRow, Key
from annotator.storage.concordance_filters import (
    Condition,
    Narrowing,
    annotation_conditions,
    document_conditions,
    sources,
)
from annotator.storage.sql import Statements

FEW = 5_000
"""So many annotations are rather sorted than looked for among all."""

_BY_DOCUMENT = ('d."created"', 'd."id"', 'f."start"', 'a."id"')
_ORDERS: dict[str, tuple[str, ...]] = {
    "document": _BY_DOCUMENT,
    "date": ('d."date"', *_BY_DOCUMENT),
    "format": _BY_DOCUMENT,
    "label": _BY_DOCUMENT,
    "annotator": _BY_DOCUMENT,
    "tagged": ('a."created"', 'a."id"'),
}
_INDEXED = {"date": 3, "tagged": 2}
"""How many columns of an order the index of its first table holds, where not two."""

SEGMENTS = {"label": 'a."label"', "annotator": 'a."layer"', "format": 'd."format"'}
"""Orders that go through one value of a column after the other, and the column."""

_DOCUMENT = '"document" AS d'
_FRAGMENT = 'CROSS JOIN "fragment" AS f ON f."annotation" = a."id" AND f."position" = 0'
_WALK = f'{_DOCUMENT} CROSS JOIN "annotation" AS a ON a."document" = d."id"'
_BY_TIME = f'"annotation" AS a CROSS JOIN {_DOCUMENT} ON d."id" = a."document"'
_COLUMNS = (
    'a."id", a."document", d."title", d."date", d."format", d."file", d."language", a."layer", a."label", '
    'a."annotator", a."created", a."origin", f."start", f."end", d."text", d."created"'
)
_key_of = {
    "document": itemgetter(15, 1, 12, 0),
    "date": itemgetter(3, 15, 1, 12, 0),
    "tagged": itemgetter(10, 0),
}


class SpanPlace(NamedTuple):
    """Where an annotation's hull stands; `text` is the hash of its document's text."""

    document: str
    text: str
    layer: str
    label: str
    id: str
    start: int
    end: int


class DocumentFacts(NamedTuple):
    """What a document says of itself."""

    id: str
    title: str
    date: str
    format: str
    language: str
    url: str

    @property
    def site(self) -> str:
        """Return the site that its address names."""
        return site_of(self.url)


class Concordance:
    """Reads only; who may see which layers is for the caller to say."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    # -- pages

    def source(self, narrowing: Narrowing) -> Condition | None:
        """Return a query for the ids of few annotations that hold all that are meant, or None where there is none."""
        best: tuple[int, Condition] | None = None
        for sql, values in sources(narrowing):
            row = self._sql.first(f"SELECT COUNT(*) FROM ({sql} LIMIT {FEW + 1})", values)
            count = row[0] if row else 0
            if count <= FEW and (best is None or count < best[0]):
                best = (count, (sql, values))
        return best[1] if best is not None else None

    def page(
        self,
        narrowing: Narrowing,
        order: CorpusOrder,
        segments: Sequence[str],
        after: Key | None,
        limit: int,
        source: Condition | None = None,
    ) -> list[CorpusRow]:
        """Return the rows after a key, or the first ones.

        Args:
            narrowing: which annotations.
            order: their order.
            segments: the values of the column in `SEGMENTS` in their order, for an order that has segments.
            after: the key of the last row that is known.
            limit: how many rows at most.
            source: what `source` returned for the same narrowing.
        """
        if not narrowing.layers:
            return []
        if order.sort not in SEGMENTS:
            return self._part(narrowing, order, (), None, after, limit, source)
        places = range(len(segments))
        rows: list[CorpusRow] = []
        for place in reversed(places) if order.descending else places:
            inner = None
            if after is not None:
                if (place > after[0]) if order.descending else (place < after[0]):
                    continue
                inner = after[1:] if place == after[0] else None
            rows += self._part(narrowing, order, (place,), segments[place], inner, limit - len(rows), source)
            if len(rows) >= limit:
                break
        return rows

    def _part(
        self,
        narrowing: Narrowing,
        order: CorpusOrder,
        head: Key,
        segment: str | None,
        after: Key | None,
        limit: int,
        source: Condition | None,
    ) -> list[CorpusRow]:
        """Return rows of one segment, or of an order without segments; `head` begins their keys."""
        tables, clauses, values = self._from(narrowing, order, source)
        if segment is not None:
            clauses.append(f"{SEGMENTS[order.sort]} = ?")
            values.append(segment)
        columns = _ORDERS[order.sort]
        if after is not None:
            sign, first = ("<", "<=") if order.descending else (">", ">=")
            indexed = _INDEXED.get(order.sort, 2)
            clauses.append(f"({', '.join(columns[:indexed])}) {first} ({', '.join('?' * indexed)})")
            clauses.append(f"({', '.join(columns)}) {sign} ({', '.join('?' * len(columns))})")
            values += [*after[:indexed], *after]
        way = " DESC" if order.descending else ""
        sql = (
            f"SELECT {_COLUMNS} FROM {tables} {_FRAGMENT} WHERE {' AND '.join(clauses)} "
            f"ORDER BY {', '.join(column + way for column in columns)} LIMIT {int(limit)}"
        )
        key = _key_of["document" if order.sort in SEGMENTS else order.sort]
        found = self._sql.rows(sql, values)
        if head:
            return self._whole([(*row, head + key(row)) for row in found])
        return self._whole([(*row, key(row)) for row in found])

    def _from(
        self, narrowing: Narrowing, order: CorpusOrder, source: Condition | None
    ) -> tuple[str, list[str], list[Any]]:
        """Return tables, conditions and all values so far, in the order of the SQL."""
        by_layer = source is not None or order.sort != "tagged"
        found = [
            *annotation_conditions(narrowing, by_layer=by_layer),
            *document_conditions(narrowing.filter),
        ]
        clauses, values = _joined(found)
        if source is not None:
            chosen = f'{_chosen(source)} CROSS JOIN {_DOCUMENT} ON d."id" = a."document"'
            return chosen, clauses, [*source[1], *values]
        return (_WALK if by_layer else _BY_TIME), clauses, values

    def _whole(self, found: list[tuple[Any, ...]]) -> list[CorpusRow]:
        """Return rows with their hulls, those of several fragments with these."""
        sql = 'SELECT "annotation", "start", "end" FROM "fragment" WHERE "position" > 0 AND "annotation" IN'
        rows = [CorpusRow(*values) for values in found]
        further: dict[str, list[tuple[int, int]]] = {}
        for annotation, start, end in self._sql.where_in(sql, [row.id for row in rows], 'ORDER BY "position"'):
            further.setdefault(annotation, []).append((start, end))
        for row in rows if further else ():
            if row.id in further:
                row.fragments = ((row.start, row.end), *further[row.id])
                row.end = row.fragments[-1][1]
        return rows

    def rows(
        self, narrowing: Narrowing, order: CorpusOrder, segments: Sequence[str], ids: Sequence[str]
    ) -> list[CorpusRow]:
        """Return the rows of those of the annotations that are meant, in order."""
        source = ('SELECT "value" AS "id" FROM json_each(?)', [json.dumps(list(ids))])
        return self.page(narrowing, order, segments, None, len(ids) or 1, source)

    # -- numbers

    def count(self, narrowing: Narrowing, source: Condition | None = None) -> int:
        """Return how many annotations are meant."""
        if not narrowing.layers:
            return 0
        tables, clauses, values = self._from(narrowing, CorpusOrder(), source)
        row = self._sql.first(f"SELECT COUNT(*) FROM {tables} WHERE {' AND '.join(clauses)}", values)
        return row[0] if row else 0

    def groups(
        self, narrowing: Narrowing, source: Condition | None = None
    ) -> Iterator[tuple[DocumentFacts, str, str, int]]:
        """Yield (document, layer, label, number) of all that are meant."""
        clauses, values = _joined(document_conditions(narrowing.filter))
        columns = 'd."id", d."title", d."date", d."format", d."language", d."url"'
        sql = f"SELECT {columns} FROM {_DOCUMENT} WHERE {' AND '.join(clauses)}"
        facts = {row[0]: DocumentFacts._make(row) for row in self._sql.rows(sql, values)}
        if not narrowing.layers or not facts:
            return
        clauses, values = _joined(annotation_conditions(narrowing, by_layer=False))
        tables = '"annotation" AS a'
        if source is not None:
            tables, values = _chosen(source), [*source[1], *values]
        sql = (
            f'SELECT a."document", a."layer", a."label", COUNT(*) FROM {tables} WHERE {" AND ".join(clauses or ["1"])} '
            'GROUP BY a."document", a."layer", a."label"'
        )
        for document, layer, label, number in self._sql.stream(sql, values):
            if document in facts:
                yield facts[document], layer, label, number

    def value_groups(
        self,
        narrowing: Narrowing,
        attributes: Sequence[str],
        limits: Mapping[str, tuple[str, ...]],
        source: Condition | None = None,
    ) -> list[tuple[Any, ...]]:
        """Return (value as JSON or None, once for each of the attributes, label, number) of all that are meant.

        A value is the span's own, else what its document passes on; `limits` are as those of a Narrowing.
        """
        if not narrowing.layers:
            return []
        tables, clauses, values = self._from(narrowing, CorpusOrder(), source)
        joins, columns, joined = [], [], []
        for number, attribute in enumerate(attributes):
            labels = limits.get(attribute)
            limit = "" if labels is None else f' AND a."label" IN ({", ".join("?" * len(labels))})'
            joins.append(
                f'LEFT JOIN "attribute_value" AS o{number} ON o{number}."annotation" = a."id" '
                f'AND o{number}."attribute" = ? LEFT JOIN "document_value" AS p{number} '
                f'ON p{number}."document" = d."id" AND p{number}."attribute" = ?{limit}'
            )
            joined += [attribute, attribute, *(labels or ())]
            columns.append(f'COALESCE(o{number}."value", p{number}."value")')
        before = list(source[1]) if source is not None else []
        sql = (
            f'SELECT {", ".join(columns)}, a."label", COUNT(*) FROM {tables} {" ".join(joins)} '
            f'WHERE {" AND ".join(clauses)} GROUP BY {", ".join(columns)}, a."label"'
        )
        return self._sql.rows(sql, [*before, *joined, *values[len(before) :]])

    # -- places

    def places(
        self, narrowing: Narrowing, source: Condition | None = None, documents: Sequence[str] | None = None
    ) -> Iterator[SpanPlace]:
        """Yield where all that are meant stand, a document after the other, in some documents or in all."""
        if not narrowing.layers:
            return
        tables, clauses, values = self._from(narrowing, CorpusOrder(), source)
        if documents is not None:
            clauses.append('d."id" IN (SELECT "value" FROM json_each(?))')
            values.append(json.dumps(list(documents)))
        fragments = 'CROSS JOIN "fragment" AS f ON f."annotation" = a."id"'
        sql = (
            f'SELECT d."id", d."text", a."layer", a."label", a."id", f."start", f."end" '
            f"FROM {tables} {fragments} WHERE {' AND '.join(clauses)} "
            'ORDER BY d."created", d."id", a."id", f."position"'
        )
        held: SpanPlace | None = None
        for place in map(SpanPlace._make, self._sql.stream(sql, values)):
            if held is not None and held.id == place.id:
                held = held._replace(end=place.end)
                continue
            if held is not None:
                yield held
            held = place
        if held is not None:
            yield held

    # -- what there is to choose from

    def values_of(self, column: str) -> list[str]:
        """Return the different values of a column of documents in sight, sorted as the database sorts."""
        return [row[0] for row in self._sql.rows(f'SELECT DISTINCT "{column}" FROM "document" ORDER BY "{column}"')]

    def values_in_use(self, attribute: str, limit: int) -> list[str]:
        """Return values of an attribute, as JSON: all of them, or where there are many those that are used most.

        Each value is one step in the index, however often it is used.
        """
        found: set[str] = set()
        for table in ("attribute_value", "document_value"):
            following = f'SELECT MIN("value") FROM "{table}" WHERE "attribute" = ?'
            sql = (
                f'WITH RECURSIVE "known" ("value") AS ({following} UNION ALL SELECT ({following} AND "value" > '
                '"known"."value") FROM "known" WHERE "known"."value" IS NOT NULL) '
                f'SELECT "value" FROM "known" WHERE "value" IS NOT NULL LIMIT {int(limit) + 1}'
            )
            found.update(row[0] for row in self._sql.rows(sql, (attribute, attribute)))
        if len(found) <= limit:
            return sorted(found)
        sql = (
            'SELECT "value", COUNT(*) FROM (SELECT "value" FROM "attribute_value" WHERE "attribute" = ? UNION ALL '
            'SELECT "value" FROM "document_value" WHERE "attribute" = ?) AS "used" '
            f'GROUP BY "value" ORDER BY COUNT(*) DESC, "value" LIMIT {int(limit)}'
        )
        return [row[0] for row in self._sql.rows(sql, (attribute, attribute))]

    def statuses_of(self, documents: Sequence[str]) -> dict[tuple[str, str], str]:
        """Return the statuses of documents by document and layer; those without one are not there."""
        sql = 'SELECT "document", "layer", "status" FROM "status" WHERE "document" IN'
        return {(row[0], row[1]): row[2] for row in self._sql.where_in(sql, documents)}

    def notes_of(self, annotations: Sequence[str]) -> dict[str, str]:
        """Return the notes on annotations by their ids; those without one are not there."""
        return dict(self._sql.where_in('SELECT "target", "body" FROM "note" WHERE "target" IN', annotations))  # type: ignore[arg-type]


def _chosen(source: Condition) -> str:
    """Return the annotations that a query for ids yields."""
    return f'({source[0]}) AS "chosen" CROSS JOIN "annotation" AS a ON a."id" = "chosen"."id"'


def _joined(found: Iterable[Condition]) -> tuple[list[str], list[Any]]:
    """Return the clauses of conditions and all their values."""
    kept = list(found)
    return [clause for clause, _ in kept], [value for _, own in kept for value in own]
