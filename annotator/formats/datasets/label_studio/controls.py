"""Attributes of spans as the controls that Label Studio shows for the selected region, and their values there and back.

A control gives a result of its own with the id of the region: `choices`, `textarea`, `number` or `datetime`. A value
that its control cannot give back as it is has no control.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.core.attribute_values import parsed_number
from annotator.core.codebook import Codebook
from annotator.core.records import AttributeDefinition

LABELS, TEXT = "label", "text"
"""The names of the control that gives labels, and of the text."""

_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Control:
    """A control of one attribute. `kind` is the type of its results, `key` where their values hold what was given."""

    attribute: AttributeDefinition
    name: str
    kind: str
    key: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]

    def encoded(self, value: Any) -> Any:
        """Return a value as the control gives it, or None where it would not come back as it is."""
        try:
            given = self.encode(value)
            back = self.decode(given)
        except (TypeError, ValueError, LookupError):
            return None
        return given if _is_same(back, value) else None

    def decoded(self, given: Any) -> Any:
        """Return what a control gave as a value of the attribute, unchanged where it is none."""
        try:
            return self.decode(given)
        except (TypeError, ValueError, LookupError):
            return given


def controls_of(codebook: Codebook) -> dict[str, Control]:
    """Return the control of each attribute by its key."""
    return {attribute.key: _control(attribute) for attribute in codebook.attributes}


def _control(attribute: AttributeDefinition) -> Control:
    kind, key, encode, decode = _KINDS[_way(attribute)]
    return Control(attribute, name_of(attribute.key), kind, key, encode, decode)


def name_of(key: str) -> str:
    """Return the name of the control for an attribute: its key, unless another tag is called that."""
    return f"{key}_attribute" if key in (LABELS, TEXT) else key


def _way(attribute: AttributeDefinition) -> str:
    return "listed" if attribute.type == "number" and attribute.choices else attribute.type


def _one(given: Any) -> Any:
    (only,) = given
    return only


def _listed(value: Any) -> list[str]:
    if not isinstance(value, int | float):
        raise TypeError
    return [str(value)]


def _number_of(given: Any) -> int | float:
    number = parsed_number(_one(given))
    if number is None:
        raise ValueError
    return number


def _strings(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        raise TypeError
    return value


def _in_list(value: Any) -> list[str]:
    return _strings([value])


def _of_strings(given: Any) -> list[str]:
    return _strings(list(given)) if isinstance(given, list) else _strings([given])


def _flag(value: Any) -> list[str]:
    if not isinstance(value, bool):
        raise TypeError
    return ["true" if value else "false"]


def _flag_of(given: Any) -> bool:
    return _FLAGS[_one(given)]


def _number(value: Any) -> int | float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError
    return value


def _date(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_KINDS: Mapping[str, tuple[str, str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "choice": ("choices", "choices", _in_list, _one),
    "choices": ("choices", "choices", _strings, _of_strings),
    "boolean": ("choices", "choices", _flag, _flag_of),
    "listed": ("choices", "choices", _listed, _number_of),
    "number": ("number", "number", _number, _number),
    "date": ("datetime", "datetime", _date, _date),
    "text": ("textarea", "text", _in_list, _one),
    "entity": ("textarea", "text", _in_list, _one),
    "texts": ("textarea", "text", _strings, _of_strings),
}


def _is_same(back: Any, value: Any) -> bool:
    return type(back) is type(value) and back == value
