"""Between records and database rows: one codec per record class, made from its type hints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, get_args, get_origin, get_type_hints

from annotator.core.canonical import canonical_json
from annotator.core.errors import ProjectFileError
from annotator.core.records import RECORDS, Annotation, Record
from annotator.core.rowdata import deep_tuple, field_names

_SEPARATE = {("annotation", "fragments")}


def _kind(hint: Any) -> str:
    if hint is bool:
        return "bool"
    parts = get_args(hint) or (hint,)
    if hint is Any or get_origin(hint) is tuple or any(get_origin(part) is tuple for part in parts):
        return "tuple" if hint is not Any else "json"
    return "plain" if all(part in (str, int, float, type(None)) for part in parts) else "json"


class Codec:
    """Turns records of one class into rows and rows into records.

    `columns` are the database columns in the order of the record's fields, without `revision` and without what
    lives in a table of its own.
    """

    def __init__(self, record: type[Record]) -> None:
        hints = get_type_hints(record)
        self.table = record.table
        self.columns = tuple(name for name in field_names(self.table) if (self.table, name) not in _SEPARATE)
        self._record: Any = record
        self._fields = attrgetter(*self.columns)
        self._kinds = [(place, _kind(hints[name])) for place, name in enumerate(self.columns)]
        self._special = [(place, kind) for place, kind in self._kinds if kind != "plain"]

    def encode(self, record: Record) -> list[Any]:
        """Return the values of the columns."""
        values = list(self._fields(record))
        for place, kind in self._special:
            values[place] = _encode(values[place], kind)
        return values

    def decode(self, row: Sequence[Any]) -> list[Any]:
        """Return the record's arguments held by a row of the columns."""
        values = list(row)
        for place, kind in self._special:
            values[place] = _decode(values[place], kind)
        return values

    def record(self, row: Sequence[Any]) -> Record:
        """Return the record of a row."""
        return self._record(*self.decode(row))


def _encode(value: Any, kind: str) -> Any:
    if kind == "bool":
        return int(value)
    return "[]" if value == () else canonical_json(value)


def _decode(value: Any, kind: str) -> Any:
    if kind == "bool":
        return bool(value)
    try:
        data = json.loads(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise ProjectFileError(
            "The project file is damaged: a row holds no JSON ({reason}). Restore a backup.", reason=str(error)
        ) from error
    return deep_tuple(data) if kind == "tuple" else data


CODECS: dict[str, Codec] = {record.table: Codec(record) for record in RECORDS}


def annotations_from_rows(rows: Iterable[Sequence[Any]]) -> list[Annotation]:
    """Return annotations from rows of (id, document, layer, label, annotator, codebook, created, origin, score,
    decided_from, fragment start, fragment end), the fragments of one annotation next to each other in order.
    """
    made: list[Annotation] = []
    last = None
    for row in rows:
        if row[0] == last:
            made[-1] = _with_fragment(made[-1], (row[10], row[11]))
            continue
        last = row[0]
        decided = () if row[9] == "[]" else deep_tuple(json.loads(row[9]))
        made.append(
            Annotation(
                last, row[1], row[2], row[3], row[4], row[5], row[6], ((row[10], row[11]),), row[7], row[8], decided
            )
        )
    return made


def _with_fragment(annotation: Annotation, fragment: tuple[int, int]) -> Annotation:
    values = {name: getattr(annotation, name) for name in field_names("annotation")}
    return Annotation(**{**values, "fragments": (*annotation.fragments, fragment)})
