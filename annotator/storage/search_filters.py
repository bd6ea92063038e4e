"""What narrows a search, as conditions of SQL: each a clause with its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.core.canonical import canonical_json
from annotator.core.search_query import SearchQuery

Condition = tuple[str, list[Any]]

_IN_SIGHT = 'NOT EXISTS (SELECT 1 FROM "document" AS "newer" WHERE "newer"."supersedes" = "document"."id")'
_NAMES_ENTITY = (
    '(EXISTS (SELECT 1 FROM "attribute_value" WHERE "attribute_value"."annotation" = "annotation"."id" '
    'AND "attribute_value"."value" = ?) OR EXISTS (SELECT 1 FROM "document_value" '
    'WHERE "document_value"."document" = "annotation"."document" AND "document_value"."value" = ?))'
)


def document_conditions(
    query: SearchQuery, own_layers: Sequence[str], layers: Sequence[str] | None = None
) -> Iterator[Condition]:
    """Yield what a document in sight must meet; the labels and people of its spans, in these layers, are among it."""
    yield _IN_SIGHT, []
    yield from _described(query, own_layers)
    if query.scope == "spans" or query.label or query.annotator or query.entity:
        inner, values = annotation_condition(query, layers=layers)
        where = f'"annotation"."document" = "document"."id" AND {inner}'
        yield f'EXISTS (SELECT 1 FROM "annotation" WHERE {where})', values


def note_conditions(
    query: SearchQuery, own_layers: Sequence[str], layers: Sequence[str] | None = None
) -> Iterator[Condition]:
    """Yield what a note must meet: it is not on a document out of sight, and on such a span where that is asked."""
    described = list(_described(query, own_layers))
    inner = " AND ".join([_IN_SIGHT, *(clause for clause, _ in described)])
    values = [value for _, own in described for value in own]
    on_document = f'EXISTS (SELECT 1 FROM "document" WHERE "document"."id" = "note"."document" AND {inner})'
    yield (on_document if described else f'("note"."document" IS NULL OR {on_document})'), values
    if query.annotator:
        yield '"note"."annotator" = ?', [query.annotator]
    if query.label or query.entity:
        inner, values = annotation_condition(query, annotator=False, layers=layers)
        yield f'EXISTS (SELECT 1 FROM "annotation" WHERE "annotation"."id" = "note"."target" AND {inner})', values


def annotation_condition(
    query: SearchQuery, *, annotator: bool = True, layers: Sequence[str] | None = None
) -> Condition:
    """Return what a span must meet; `layers` are those that may be looked at, None for all."""
    clauses, values = ["1"], []
    if layers is not None:
        clauses.append(f'"annotation"."layer" IN ({", ".join("?" * len(layers))})')
        values += layers
    if query.label:
        clauses.append('"annotation"."label" = ?')
        values.append(query.label)
    if annotator and query.annotator:
        clauses.append('"annotation"."annotator" = ?')
        values.append(query.annotator)
    if query.entity:
        clauses.append(_NAMES_ENTITY)
        values += [canonical_json(query.entity)] * 2
    return " AND ".join(clauses), values


def _described(query: SearchQuery, own_layers: Sequence[str]) -> Iterator[Condition]:
    if query.status:
        own = 'SELECT "status"."status" FROM "status" WHERE "status"."document" = "document"."id"'
        each = ", ".join([f'({own} AND "status"."layer" = ?)'] * len(own_layers))
        yield f"COALESCE({each}, 'new') = ?", [*own_layers, query.status]
    if query.date_from:
        yield '"document"."date" >= ?', [query.date_from]
    if query.date_to:
        upto = 'SUBSTR("document"."date", 1, ?) <= ?'
        yield f'"document"."date" <> \'\' AND {upto}', [len(query.date_to), query.date_to]
    if query.format:
        yield '"document"."format" = ?', [query.format]
    if query.language:
        yield '("document"."language" = ? OR "document"."language" LIKE ?)', [query.language, f"{query.language}-%"]
    if query.file:
        escaped = query.file.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        yield '"document"."file" LIKE ? ESCAPE \'\\\'', [f"%{escaped}%"]
