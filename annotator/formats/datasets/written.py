"""What an export compares: the line that was given, in the documented order, with the line that was read back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.model import DOCUMENT_KEYS, RELATION_KEYS, SPAN_KEYS, Place, place_name

_ABSENT = object()
_LARGEST_INTEGER = 2**64


def in_documented_order(line: dict[str, Any]) -> dict[str, Any]:
    """Return the line with the keys of document, spans and relations in the order of the model.

    Missing and unknown keys stay so, for the model to refuse.
    """
    document = _ordered(line, DOCUMENT_KEYS)
    for name, keys in (("spans", SPAN_KEYS), ("relations", RELATION_KEYS)):
        items = document.get(name)
        if isinstance(items, list) and any(tuple(item) != keys for item in items if isinstance(item, dict)):
            document = {**document, name: [_ordered(i, keys) if isinstance(i, dict) else i for i in items]}
    return document


def _ordered(item: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    if tuple(item) == keys:
        return item
    return {key: item[key] for key in keys if key in item} | item


def difference(intended: Any, found: Any) -> LineError | None:
    """Return where the two differ first, tuples counting as lists; None if they are the same data."""
    for place, before, after in _differences(intended, found, ()):
        return LineError(
            "{place} is {before} and reads back as {after}.",
            place=place_name(intended, place),
            before=f"{before!r:.80}",
            after="nothing" if after is _ABSENT else f"{after!r:.80}",
        )
    return None


def unwritable(line: Any) -> LineError:
    """Return why JSON cannot hold the line, naming the first place that it cannot."""
    for place, value in _leaves(line, ()):
        if not _is_writable(value):
            return LineError(
                "{place} is {value}, which JSON cannot hold.", place=place_name(line, place), value=f"{value!r:.80}"
            )
    return LineError("JSON cannot hold the line.")


def _differences(before: Any, after: Any, place: Place) -> Iterator[tuple[Place, Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            yield from _differences(before.get(key, _ABSENT), after.get(key, _ABSENT), (*place, key))
    elif isinstance(before, list | tuple) and isinstance(after, list) and len(before) == len(after):
        for i, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, (*place, i))
    elif before != after:
        yield place, before, after


def _leaves(data: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*place, key), key if isinstance(key, str) else object()
            yield from _leaves(value, (*place, key))
    elif isinstance(data, list | tuple):
        for i, value in enumerate(data):
            yield from _leaves(value, (*place, i))
    else:
        yield place, data


def _is_writable(value: Any) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, int):
        return -_LARGEST_INTEGER // 2 <= value < _LARGEST_INTEGER
    return value is None or (isinstance(value, float) and math.isfinite(value))
