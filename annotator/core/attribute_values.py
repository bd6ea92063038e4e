"""Values of attributes: checked against their definition, given as Python values or as words typed by a person.

How to add a type: write its check and name it in `_CHECKS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from annotator.core.errors import UserError
from annotator.core.records import AttributeDefinition
from annotator.core.text import has_surrogates

_WHOLE = re.compile(r"[+-]?[0-9]{1,16}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_MOST = 2**53
"""The largest whole number that every JSON reader keeps exactly; NaN is not below it."""

_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def check_value(attribute: AttributeDefinition, value: Any) -> Any:
    """Return the value as it is stored: JSON-able, None where the attribute is cleared.

    `value` is a Python value, or text as typed: "null" clears; several texts or choices are separated by ";" or
    are a JSON list; a choice may be given by its name. Checking a checked value changes nothing.

    Raises:
        UserError: names the attribute and what it takes.
    """
    if value is None or (isinstance(value, str) and value.strip() == "null"):
        return None
    return _CHECKS[attribute.type](attribute, value)


def _refusal(attribute: AttributeDefinition, value: Any, need: str) -> UserError:
    shown = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", str(value))
    return UserError(
        "“{value}” does not fit the attribute “{attribute}”: give {need}, or null to clear it.",
        value=shown if len(shown) <= 60 else shown[:59] + "…",
        attribute=attribute.key,
        need=need,
    )


def _text(attribute: AttributeDefinition, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value or has_surrogates(value):
        raise _refusal(attribute, value, "a name" if attribute.type == "entity" else "some text")
    return value.strip()


def _parts(attribute: AttributeDefinition, value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    text = _text(attribute, value)
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list):
            return listed
    return [part for part in text.split(";") if part.strip()]


def _texts(attribute: AttributeDefinition, value: Any) -> list[str] | None:
    return [_text(attribute, part) for part in _parts(attribute, value)] or None


def _choice(attribute: AttributeDefinition, value: Any) -> str:
    wanted = value.strip() if isinstance(value, str) else None
    for known, _ in attribute.choices:
        if known == wanted:
            return known
    for known, name in attribute.choices:
        if wanted is not None and wanted.casefold() in (known.casefold(), name.casefold()):
            return known
    raise _refusal(attribute, value, "one of " + ", ".join(known for known, _ in attribute.choices))


def _choices(attribute: AttributeDefinition, value: Any) -> list[str] | None:
    return list(dict.fromkeys(_choice(attribute, part) for part in _parts(attribute, value))) or None


def _boolean(attribute: AttributeDefinition, value: Any) -> bool:
    flag = _FLAGS.get(value.strip().casefold()) if isinstance(value, str) else value
    if not isinstance(flag, bool):
        raise _refusal(attribute, value, "true or false")
    return flag


def _number(attribute: AttributeDefinition, value: Any) -> int | float:
    """Return the number; where the attribute lists choices, it must equal one of them."""
    number = parsed_number(value.strip()) if isinstance(value, str) else value
    if not isinstance(number, int | float) or isinstance(number, bool) or not abs(number) <= _MOST:
        raise _refusal(attribute, value, "a number")
    if not attribute.choices:
        return number
    for listed in (parsed_number(known) for known, _ in attribute.choices):
        if listed is not None and listed == number:
            return listed
    raise _refusal(attribute, value, "one of " + ", ".join(known for known, _ in attribute.choices))


def parsed_number(text: str) -> int | float | None:
    """Return the number that the text writes in decimal digits, or None."""
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else None


def _date(attribute: AttributeDefinition, value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(value.strip() if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise _refusal(attribute, value, "a date such as 2024-05-31") from None


_CHECKS: dict[str, Callable[[AttributeDefinition, Any], Any]] = {
    "choice": _choice,
    "choices": _choices,
    "entity": _text,
    "number": _number,
    "date": _date,
    "text": _text,
    "texts": _texts,
    "boolean": _boolean,
}
ATTRIBUTE_TYPES = tuple(_CHECKS)
