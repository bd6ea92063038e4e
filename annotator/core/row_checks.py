"""Is this a row? Holds plain data from outside against the record of its table, before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from annotator.core.basis import is_basis
from annotator.core.cases import CHOICES, KINDS
from annotator.core.ids import is_id
from annotator.core.records import RECORDS, ROLES, STATUSES, Record
from annotator.core.text import is_storable

DEEPEST = 30
"""Levels of lists and objects that a value may have."""

_MOST = 2**53
_Check = Callable[[Any], bool]

_ALLOWED: dict[tuple[str, str], frozenset[Any]] = {
    ("annotator", "role"): frozenset(ROLES),
    ("layer", "kind"): frozenset(("annotator", "gold")),
    ("decision", "kind"): frozenset(KINDS),
    ("decision", "choice"): frozenset(CHOICES),
    ("annotation", "origin"): frozenset(("manual", "imported", "suggested")),
    ("note", "kind"): frozenset(("annotation", "relation", "document", "label")),
    ("status", "status"): frozenset(STATUSES),
}


_NEVER_EMPTY = {
    "annotator": "name",
    "entity": "name",
    "alias": "name",
    "saved_search": "name",
    "recipe": "name",
    "diary_entry": "body",
    "document": "characters",
}


def why_no_row(table: str, data: Any) -> str:
    """Return in a few words why the data is no row of the table; empty where it is one."""
    checks = _CHECKS.get(table)
    if checks is None:
        return f"there is no table {table!r}"
    if not isinstance(data, Mapping):
        return "it is no object"
    for name, value in data.items():
        check = checks.get(name)
        if check is None or not check(value):
            return f"it has no field {name!r}" if check is None else f"{name!r} is not what it should be"
    if not data.keys() >= _NEEDED[table]:
        return "a field is missing"
    return _why_out_of_order(table, data)


def _why_out_of_order(table: str, data: Mapping[str, Any]) -> str:
    if table in _NEVER_EMPTY and not data[_NEVER_EMPTY[table]]:
        return "a name or text is empty"
    if table == "relation" and data["source"] == data["target"]:
        return "it leads from a span to itself"
    if table == "read_range" and not 0 <= data["start"] < data["end"]:
        return "its range is out of order"
    if table == "layer" and (data["kind"] == "gold") != (data["annotator"] is None):
        return "its annotator does not fit its kind"
    return ""


def _are_fragments(fragments: Any) -> bool:
    """Say whether these are the fragments of an annotation: one at least, in order, and apart from each other."""
    if not isinstance(fragments, list | tuple) or not fragments:
        return False
    last = -1
    for fragment in fragments:
        if not isinstance(fragment, list | tuple) or len(fragment) != 2 or not all(map(_is_whole, fragment)):
            return False
        start, end = fragment
        if not last < start < end:
            return False
        last = end
    return True


def _is_basis(basis: Any) -> bool:
    return is_basis(basis) and _is_value(basis)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and is_storable(value)


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_MOST < value < _MOST


def _is_number(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, float) and isfinite(value))


def _is_value(value: Any, depth: int = 0) -> bool:
    """Say whether this is JSON that every database in use takes."""
    if value is None or isinstance(value, bool) or _is_number(value) or _is_text(value):
        return True
    if depth >= DEEPEST:
        return False
    if isinstance(value, Mapping):
        return all(_is_text(key) and _is_value(item, depth + 1) for key, item in value.items())
    return isinstance(value, list | tuple) and all(_is_value(item, depth + 1) for item in value)


class _Scalar:
    """The hint of what an attribute holds: a text, a number, a truth value, or some texts."""


def _is_scalar(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_text, value))
    return isinstance(value, bool) or _is_number(value) or _is_text(value)


_PLAIN: dict[Any, _Check] = {
    _Scalar: _is_scalar,
    str: _is_text,
    int: _is_whole,
    float: _is_number,
    bool: lambda value: isinstance(value, bool),
    NoneType: lambda value: value is None,
    Any: _is_value,
}


def _check_of(hint: Any) -> _Check:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        checks = [_check_of(part) for part in parts]
        return lambda value: any(check(value) for check in checks)
    if origin is tuple:
        return _tuple_check(parts)
    return lambda value: isinstance(value, Mapping) and _is_value(value)


def _tuple_check(parts: tuple[Any, ...]) -> _Check:
    if parts[-1] is Ellipsis:
        item = _check_of(parts[0])
        return lambda value: isinstance(value, list | tuple) and all(map(item, value))
    items = [_check_of(part) for part in parts]
    return lambda value: (
        isinstance(value, list | tuple)
        and len(value) == len(items)
        and all(check(item) for check, item in zip(items, value, strict=True))
    )


def _one_of(allowed: frozenset[Any]) -> _Check:
    return lambda value: isinstance(value, str) and value in allowed


def _record_checks(record: type[Record]) -> dict[str, _Check]:
    hints = get_type_hints(record)
    if record.table in ("attribute_value", "document_value"):
        hints["value"] = _Scalar
    own = {"id": is_id_text, "fragments": _are_fragments, "basis": _is_basis}
    found = {}
    for one in fields(record):
        allowed = _ALLOWED.get((record.table, one.name))
        check = own[one.name] if one.name in own else _check_of(hints[one.name])
        found[one.name] = check if allowed is None else _one_of(allowed)
    return found


def _needed(record: type[Record]) -> frozenset[str]:
    return frozenset(one.name for one in fields(record) if one.default is MISSING and one.default_factory is MISSING)


def is_id_text(value: Any) -> bool:
    """Say whether a value is the text of an id."""
    return isinstance(value, str) and is_id(value)


_CHECKS = {record.table: _record_checks(record) for record in RECORDS}
_NEEDED = {record.table: _needed(record) for record in RECORDS}
