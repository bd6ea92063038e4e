"""The numbers of lists and headings as office files describe them: a format for each level, and counters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = 10
_LARGEST = 1_000_000
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_HOLLOW_BULLETS = frozenset("o○◦")
_PLACE = re.compile(r"%(\d+)")
_SYMBOL_BULLETS = frozenset({0xB7, 0xA7, 0x6E, 0x6C, 0x9F, 0xA8, 0x76, 0xD8})
_SYMBOL_CHARACTERS = {0x20: " ", 0x2D: "–", 0xBE: "—", 0xE0: "→", 0xFC: "✓", 0xFE: "☑"}
BULLET = "•"
UNKNOWN = "\ufffd"


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """How one level of a list is marked: `pattern` is such as “%1.%2.” or a bullet; levels in it count from 1.

    `number` is the name of the number's format as in OOXML, “bullet” or “none”.
    """

    number: str
    pattern: str
    start: int = 1
    only_digits: bool = False


class NumberCounter:
    """Counts the items of one list; levels count from 0."""

    def __init__(self) -> None:
        self._values: dict[int, int] = {}

    def begin(self, level: int, value: int) -> None:
        """Let the next item of a level have this number."""
        self._values[level] = value - 1

    def mark(self, levels: Mapping[int, NumberLevel], level: int) -> str:
        """Count one more item at a level and return its marker."""
        own = levels.get(level)
        if own is None:
            return BULLET
        self._values[level] = min(self._values.get(level, own.start - 1) + 1, _LARGEST)
        for deeper in [other for other in self._values if other > level]:
            del self._values[deeper]
        if own.number == "bullet":
            return tidy_bullet(own.pattern)
        return _PLACE.sub(lambda match: self._shown(levels, own, int(match.group(1)) - 1), own.pattern).strip()

    def _shown(self, levels: Mapping[int, NumberLevel], own: NumberLevel, level: int) -> str:
        described = levels.get(level)
        if described is None:
            return ""
        value = self._values.setdefault(level, described.start)
        return format_number(value, "decimal" if own.only_digits else described.number)


def format_number(value: int, number: str) -> str:
    """Return a number as text; `number` is the name of its format in OOXML, and an unknown one means digits."""
    match number:
        case "none" | "bullet":
            return ""
        case "lowerLetter" | "upperLetter":
            return _cased(_letters(value, _LATIN), number)
        case "russianLower" | "russianUpper":
            return _cased(_letters(value, _RUSSIAN), number)
        case "ukrainianLower" | "ukrainianUpper":
            return _cased(_letters(value, _UKRAINIAN), number)
        case "lowerRoman" | "upperRoman":
            return _cased(_roman(value), number)
        case "decimalZero":
            return f"{value:02d}"
        case "persianDigits":
            return str(value).translate(_PERSIAN_DIGITS)
        case "arabicDigits" | "hindiNumbers":
            return str(value).translate(_ARABIC_DIGITS)
        case _:
            return str(value)


def tidy_bullet(character: str) -> str:
    """Return a bullet that every font has: those of symbol fonts have no meaning outside them."""
    bullet = character.strip()[:1]
    if bullet in _HOLLOW_BULLETS and bullet:
        return "◦"
    if "\ue000" <= bullet <= "\uf8ff":
        shown = symbol_text(ord(bullet))
        return BULLET if shown == UNKNOWN else shown
    return BULLET if not bullet or bullet == "·" or bullet.isalnum() else bullet


def symbol_text(code: int) -> str:
    """Return what a code point stands for that a symbol font puts into the private area, `UNKNOWN` for most."""
    low = code & 0xFF
    if low in _SYMBOL_BULLETS:
        return BULLET
    return _SYMBOL_CHARACTERS.get(low, UNKNOWN)


def _cased(text: str, number: str) -> str:
    return text.upper() if number.startswith("upper") or number.endswith("Upper") else text


def _letters(value: int, alphabet: Sequence[str]) -> str:
    """Return a, b … z, aa, bb … as word processors count."""
    if value < 1:
        return str(value)
    repeats, place = divmod(value - 1, len(alphabet))
    return alphabet[place] * min(repeats + 1, 20)


def _roman(value: int) -> str:
    if not 0 < value < 10_000:
        return str(value)
    parts: list[str] = []
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        parts.append(letters * count)
    return "".join(parts)
