"""The choices of an attribute that digits stand for, and its values as one types them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotator.core.attribute_values import check_value
from annotator.core.records import AttributeDefinition
from annotator.ui.panels.attribute_words import value_words
from annotator.ui.words import tr

Choice = tuple[int, str, Any]
"""A digit, what it chooses in words, and the value."""

_DIGITS = (1, 2, 3, 4, 5, 6, 7, 8, 9)


def choices_of(attribute: AttributeDefinition, usual: Sequence[str] = ()) -> list[Choice]:
    """Return what the digits choose: small numbers by themselves, else the first choices, else what is usual."""
    if attribute.type == "boolean":
        return [(1, tr("Yes"), True), (2, tr("No"), False)]
    if not attribute.choices:
        return [(digit, name, name) for digit, name in zip(_DIGITS, usual, strict=False)]
    if attribute.type != "number":
        return [(digit, name, value) for digit, (value, name) in zip(_DIGITS, attribute.choices, strict=False)]
    numbers = [(name, check_value(attribute, value)) for value, name in attribute.choices]
    digits = _DIGITS
    if all(value in range(10) for _, value in numbers):
        digits = tuple(int(value) for _, value in numbers)
    return [(digit, name, value) for digit, (name, value) in zip(digits, numbers, strict=False)]


def typed_words(attribute: AttributeDefinition, value: Any) -> str:
    """Return a value as it is typed; empty where there is none."""
    if isinstance(value, list | tuple):
        return "; ".join(value_words(attribute, [part]) for part in value)
    return value_words(attribute, value)
