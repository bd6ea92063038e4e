"""Taking values out of other programs' plain data, with a sentence about what is there instead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeVar

from annotator.formats.datasets.entries import EntryError

T = TypeVar("T")

_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
    bool: "true or false",
}


def taken(data: Mapping[str, Any], key: str, kind: type[T], where: str) -> T:
    """Return the value of a key. Raises EntryError where it is missing or of another kind; `where` names the place."""
    if key not in data:
        raise EntryError("{where} has no “{key}”.", where=where, key=key)
    value = data[key]
    if type(value) is kind and kind is not float:  # as it is nearly always: no words need to be made for a message
        return value
    return checked(value, kind, f"“{key}” of {where}")


def taken_or(data: Mapping[str, Any], key: str, kind: type[T], where: str, default: T) -> T:
    """Return the value of a key as `taken`, or the default where it is missing or null."""
    return default if data.get(key) is None else taken(data, key, kind, where)


def checked(value: Any, kind: type[T], what: str) -> T:
    """Return a value of this kind. Raises EntryError for another one, for NaN too; `what` names the value."""
    if kind is float and type(value) is int:
        return float(value)  # type: ignore[return-value]
    is_right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not is_right or (isinstance(value, float) and not math.isfinite(value)):
        found = f"{value!r:.40}"
        raise EntryError("{what} is {found}, not {kind}.", what=what, found=found, kind=_WORDS[kind])
    return value  # pyright: ignore[reportReturnType]


def position(value: Any, what: str) -> int:
    """Return a position in a text. Raises EntryError for anything but a whole number that is not negative."""
    number = int(value) if isinstance(value, float) and value.is_integer() else checked(value, int, what)
    if number < 0:
        raise EntryError("{what} is {number}, before the beginning of the text.", what=what, number=number)
    return number
