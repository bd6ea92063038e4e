"""What narrows a table of annotations, as conditions of SQL on annotations `a` and their documents `d`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.corpus_query import CorpusFilter

Condition = tuple[str, list[Any]]

IN_SIGHT = 'NOT EXISTS (SELECT 1 FROM "document" AS "newer" WHERE "newer"."supersedes" = d."id")'

_OWN = 'SELECT 1 FROM "attribute_value" AS v WHERE v."annotation" = a."id" AND v."attribute" = ?'
_PASSED_ON = (
    'SELECT 1 FROM "document_value" AS p WHERE p."document" = a."document" AND p."attribute" = ? AND p."value" = ?'
)
_STATUS = (
    'COALESCE((SELECT s."status" FROM "status" AS s WHERE s."document" = a."document" AND s."layer" = a."layer"), '
    "'new')"
)
_AFTER_SCHEME = 'SUBSTR(d."url", INSTR(d."url", \'://\') + 3)'
_SITE = (
    "CASE WHEN INSTR(d.\"url\", '://') > 0 THEN "
    f"SUBSTR({_AFTER_SCHEME} || '/', 1, INSTR({_AFTER_SCHEME} || '/', '/') - 1) ELSE '' END"
)
"""As core.corpus_query.site_of."""

_NOTE = 'EXISTS (SELECT 1 FROM "note" AS n WHERE n."target" = a."id")'


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter as storage needs it.

    `layers` are the ids of those that may be seen and are meant; `all_layers` says that no others exist. `limits`
    holds, by attribute id, the label ids that have the attribute, where not all have it. `ids` are the annotations that
    are left after texts were looked at, or None where no text was.
    """

    filter: CorpusFilter
    layers: tuple[str, ...]
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: tuple[str, ...] | None = None
    all_layers: bool = False


def marks(values: Sequence[Any]) -> str:
    """Return the placeholders of an IN list."""
    return ", ".join("?" * len(values))


def annotation_conditions(narrowing: Narrowing, *, by_layer: bool = True) -> Iterator[Condition]:
    """Yield what an annotation `a` must meet; `by_layer` says that its layer may choose the index."""
    wanted = narrowing.filter
    if not narrowing.all_layers:
        column = 'a."layer"' if by_layer else '+a."layer"'
        yield f"{column} IN ({marks(narrowing.layers)})", list(narrowing.layers)
    elif wanted.labels and by_layer:
        yield f'a."layer" IN ({marks(narrowing.layers)})', list(narrowing.layers)
    label = 'a."label"' if by_layer else '+a."label"'
    for column, values in ((label, wanted.labels), ('a."origin"', wanted.origins), (_STATUS, wanted.statuses)):
        if values:
            yield f"{column} IN ({marks(values)})", list(values)
    if wanted.tagged_from:
        yield 'a."created" >= ?', [wanted.tagged_from]
    if wanted.tagged_to:
        yield 'a."created" < ?', [wanted.tagged_to]
    for attribute, value in wanted.values:
        yield _value_condition(attribute, value, narrowing.limits.get(attribute))
    if wanted.has_note:
        yield (_NOTE if wanted.has_note == "yes" else f"NOT {_NOTE}"), []
    if narrowing.ids is not None:
        yield 'a."id" IN (SELECT "value" FROM json_each(?))', [json.dumps(narrowing.ids)]


def document_conditions(wanted: CorpusFilter) -> Iterator[Condition]:
    """Yield what a document `d` must meet, to be in sight among it."""
    yield IN_SIGHT, []
    columns = (
        ('d."id"', wanted.documents),
        ('d."language"', wanted.languages),
        ('d."format"', wanted.formats),
        ('d."file"', wanted.files),
        (_SITE, wanted.sites),
    )
    for column, values in columns:
        if values:
            yield f"{column} IN ({marks(values)})", list(values)
    if wanted.date_from:
        yield 'd."date" >= ?', [wanted.date_from]
    if wanted.date_to:
        upto = 'SUBSTR(d."date", 1, ?) <= ?'
        yield f"d.\"date\" <> '' AND {upto}", [len(wanted.date_to), wanted.date_to]
    if wanted.undated:
        yield "d.\"date\" = ''", []


def _value_condition(attribute: str, value: str, labels: tuple[str, ...] | None) -> Condition:
    own, passed = f'EXISTS ({_OWN} AND v."value" = ?)', f"EXISTS ({_PASSED_ON}) AND NOT EXISTS ({_OWN})"
    values: list[Any] = [attribute, value, attribute, value, attribute]
    if labels is not None:
        passed += f' AND a."label" IN ({marks(labels)})'
        values += labels
    return f"({own} OR ({passed}))", values


def sources(narrowing: Narrowing) -> Iterator[Condition]:
    """Yield queries for ids of annotations, each answered by an index and holding all that are meant, and more."""
    wanted, layers = narrowing.filter, list(narrowing.layers)
    if narrowing.ids is not None:
        yield 'SELECT "value" AS "id" FROM json_each(?)', [json.dumps(narrowing.ids)]
    if wanted.documents:
        inner = f'"document" IN ({marks(wanted.documents)}) AND "layer" IN ({marks(layers)})'
        yield f'SELECT "id" FROM "annotation" WHERE {inner}', [*wanted.documents, *layers]
    if wanted.labels or wanted.annotators or wanted.rounds:
        inner, values = f'"layer" IN ({marks(layers)})', layers
        if wanted.labels:
            inner, values = f'{inner} AND "label" IN ({marks(wanted.labels)})', [*layers, *wanted.labels]
        yield f'SELECT "id" FROM "annotation" WHERE {inner}', values
    if wanted.tagged_from:
        inner, values = '"created" >= ?', [wanted.tagged_from]
        if wanted.tagged_to:
            inner, values = f'{inner} AND "created" < ?', [*values, wanted.tagged_to]
        yield f'SELECT "id" FROM "annotation" WHERE {inner}', values
    if wanted.statuses and "new" not in wanted.statuses:
        yield (
            'SELECT o."id" FROM "status" AS s JOIN "annotation" AS o ON o."document" = s."document" '
            f'AND o."layer" = s."layer" WHERE s."status" IN ({marks(wanted.statuses)})',
            list(wanted.statuses),
        )
    if wanted.has_note == "yes":
        yield 'SELECT DISTINCT "target" AS "id" FROM "note" WHERE "kind" = ?', ["annotation"]
    for attribute, value in wanted.values:
        yield (
            'SELECT "annotation" AS "id" FROM "attribute_value" WHERE "attribute" = ? AND "value" = ? UNION '
            'SELECT o."id" FROM "document_value" AS p JOIN "annotation" AS o ON o."document" = p."document" '
            'WHERE p."attribute" = ? AND p."value" = ?',
            [attribute, value, attribute, value],
        )
