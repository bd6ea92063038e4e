"""What is said of attributes: their values in words, where a value comes from, what is missing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from annotator.core.inheritance import Inherited
from annotator.core.records import AttributeDefinition

MISSING_SIGN = "\N{WARNING SIGN}\N{VARIATION SELECTOR-15}"
"""Stands before the name of a required attribute without a value, so that it is seen without colours."""


def value_words(attribute: AttributeDefinition, value: Any) -> str:
    """Return a value as a person reads it, or nothing where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _tr("Yes") if value else _tr("No")
    names = dict(attribute.choices)
    if isinstance(value, list | tuple):
        separator = ", " if names else "; "
        return separator.join(names.get(str(part), str(part)) for part in value)
    return names.get(str(value), str(value))


def origin_words(inherited: Inherited) -> str:
    """Return where an inherited value comes from."""
    return _tr("from the turn") if inherited.origin == "turn" else _tr("from the document")


def missing_words() -> str:
    """Return what is said of a required attribute without a value."""
    return _tr("required, not set")


def _tr(text: str) -> str:
    return QCoreApplication.translate("attributes", text)
