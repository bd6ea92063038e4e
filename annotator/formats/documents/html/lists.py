"""The marker that stands before each item of a list: a dot, a number or a letter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from annotator.formats.documents.html.visible import element_name

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


@dataclass(slots=True)
class HtmlList:
    """A list that is being read: its next number, the step to the one after, and the `type` of its numerals."""

    ordered: bool
    number: int
    step: int
    numerals: str

    def marker(self, item: etree._Element) -> str:
        """Return the marker of the next item, which is this."""
        if not self.ordered:
            return "•"
        self.number = _whole_number(item.get("value"), self.number)
        marker = f"{_numeral(self.number, self.numerals)}."
        self.number += self.step
        return marker


def begin_list(element: etree._Element) -> HtmlList:
    """Return the state before the first item of a list."""
    step = -1 if "reversed" in element.attrib else 1
    first = len(element) if step < 0 else 1
    ordered = element_name(element) == "ol"
    return HtmlList(ordered, _whole_number(element.get("start"), first), step, element.get("type", "1"))


def _whole_number(value: str | None, otherwise: int) -> int:
    value = (value or "").strip()
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else otherwise


def _numeral(number: int, kind: str) -> str:
    """Return the number as a list of this `type` shows it."""
    if kind in ("a", "A") and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in ("i", "I") and 1 <= number < 4000:
        roman = _roman(number)
        return roman.lower() if kind == "i" else roman
    return str(number)


def _roman(number: int) -> str:
    parts: list[str] = []
    for value, letters in _ROMAN:
        parts.append(letters * (number // value))
        number %= value
    return "".join(parts)
