"""Records as plain data and back: what the journal stores and packages carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

from annotator.core.errors import BugError
from annotator.core.records import RECORDS, Record


def deep_tuple(value: Any) -> Any:
    """Return the value with every list made a tuple."""
    return tuple(deep_tuple(item) for item in value) if isinstance(value, list | tuple) else value


def _is_tuple(hint: Any) -> bool:
    return get_origin(hint) is tuple or any(get_origin(part) is tuple for part in get_args(hint))


_CLASSES: dict[str, type[Record]] = {record.table: record for record in RECORDS}
_FIELDS: dict[str, tuple[str, ...]] = {r.table: tuple(f.name for f in fields(r)) for r in RECORDS}
_TUPLES: dict[str, frozenset[str]] = {
    r.table: frozenset(name for name, hint in get_type_hints(r).items() if _is_tuple(hint)) for r in RECORDS
}


def record_class(table: str) -> type[Record]:
    """Return the record class of a table. Raises BugError for an unknown one."""
    try:
        return _CLASSES[table]
    except KeyError:
        raise BugError(f"no record for the table {table!r}") from None


def field_names(table: str) -> tuple[str, ...]:
    """Return the names of a table's fields in column order."""
    return _FIELDS[table]


def to_data(record: Record) -> dict[str, Any]:
    """Return the record's fields as JSON-able data."""
    return {name: getattr(record, name) for name in _FIELDS[record.table]}


def from_data(table: str, data: Mapping[str, Any]) -> Record:
    """Return the record that `to_data` described, after a passage through JSON or not."""
    tuples = _TUPLES[table]
    make: Callable[..., Record] = record_class(table)
    return make(**{name: deep_tuple(value) if name in tuples else value for name, value in data.items()})
