"""Characters without a picture of their own: which they are, what they are called, and where they stand in a text.

They are part of the text and never taken out of it. Positions are code points.
Source: the property Default_Ignorable_Code_Point of the Unicode Character Database, the interlinear annotation signs
and the control codes, tab and newline excepted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import NamedTuple


class InvisibleKind(StrEnum):
    """What an invisible character does. Joiners, soft hyphens and variation selectors are ordinary."""

    DIRECTION = "direction"
    JOINER = "joiner"
    SOFT_HYPHEN = "soft_hyphen"
    ZERO_WIDTH = "zero_width"
    VARIATION = "variation"
    CONTROL = "control"
    OTHER = "other"


class Invisible(NamedTuple):
    """One invisible character of a text."""

    position: int
    character: str
    kind: InvisibleKind


MOST = 100_000
JOINERS = "\u200c\u200d"
_VARIATION = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
_CLASSES = {
    InvisibleKind.DIRECTION: "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    InvisibleKind.JOINER: JOINERS,
    InvisibleKind.SOFT_HYPHEN: "\u00ad",
    InvisibleKind.ZERO_WIDTH: "\u200b\u2060\ufeff",
    InvisibleKind.VARIATION: _VARIATION,
    InvisibleKind.CONTROL: "\x00-\x08\x0b-\x1f\x7f-\x9f",
    InvisibleKind.OTHER: "\u034f\u115f\u1160\u17b4\u17b5\u180e\u2061-\u2065\u206a-\u206f\u3164\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a" + _TAGS,
}
_INVISIBLE = re.compile(f"[{''.join(_CLASSES.values())}]")
_KINDS = {kind: re.compile(f"[{characters}]") for kind, characters in _CLASSES.items()}
WITHOUT_WIDTH = "".join(characters for kind, characters in _CLASSES.items() if kind is not InvisibleKind.CONTROL)
"""The invisible characters, without control codes, as the inside of a regular expression's set."""

_CANDIDATES = re.compile(
    f"[{_CLASSES[InvisibleKind.DIRECTION]}{_CLASSES[InvisibleKind.ZERO_WIDTH]}{_VARIATION}"
    f"\u2061-\u2064\u206a-\u206f\u3164\uffa0\ufff9-\ufffb{_TAGS}]"
)
_FIRST_TAG = "\U000e0000"
_FLAG = re.compile("\U0001f3f4([\U000e0020-\U000e007f]+)")
_SPACED_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u08ff]")
_RIGHT_TO_LEFT_LETTER = re.compile("[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d3\u0710-\u07ea]")
_ORDINARY_MARKS = "\u061c\u200e\u200f"
_ABBREVIATIONS = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}


def invisibles(text: str, start: int = 0, end: int | None = None) -> Iterator[Invisible]:
    """Yield the invisible characters of `text[start:end]` from left to right, at their positions in the text."""
    for match in _INVISIBLE.finditer(text, start, len(text) if end is None else end):
        yield Invisible(match.start(), match.group(), kind_of(match.group()))


@cache
def kind_of(character: str) -> InvisibleKind:
    """Return the kind of an invisible character. Raises ValueError for any other."""
    for kind, pattern in _KINDS.items():
        if pattern.match(character):
            return kind
    raise ValueError(f"{character!r} is visible")


def name_of(character: str) -> str:
    """Return an invisible character's name in Unicode, such as "right-to-left override"."""
    return unicodedata.name(character, _nameless(character)).lower()


def _nameless(character: str) -> str:
    return "control character" if unicodedata.category(character) == "Cc" else "invisible character"


def code_of(character: str) -> str:
    """Return a character's code point as it is usually written, such as "U+202E"."""
    return f"U+{ord(character):04X}"


def abbreviation_of(character: str) -> str:
    """Return the usual short name of a direction mark, such as "RLO"; of others the code in hexadecimal digits."""
    return _ABBREVIATIONS.get(character) or f"{ord(character):04X}"


def count_kinds(text: str) -> Counter[InvisibleKind]:
    """Return how many invisible characters of each kind the text holds."""
    return Counter(invisible.kind for invisible in invisibles(text))


def count_deceptive(text: str) -> Counter[str]:
    """Return how often each character stands in the text that may make it look like another text.

    These are direction marks (the mere marks LRM, RLM and ALM only where no right-to-left letter explains them), tags
    that are no flag, fillers, invisible operators, zero-width spaces between two letters of a script that writes with
    spaces, and variation selectors in a row. Characters stand in the order of their first place. Only the first `MOST`
    candidates are looked at.
    """
    places = (match.start() for match in _CANDIDATES.finditer(text))
    found = Counter(text[place] for place in islice(places, MOST) if not _is_ordinary(text, place))
    if any(mark in found for mark in _ORDINARY_MARKS) and _RIGHT_TO_LEFT_LETTER.search(text):
        for mark in _ORDINARY_MARKS:
            del found[mark]
    if any(character > _FIRST_TAG for character in found):
        found -= Counter(tag for flag in _FLAG.finditer(text) for tag in flag.group(1))
    return found


def _is_ordinary(text: str, position: int) -> bool:
    """Say whether what stands beside a candidate explains it."""
    kind = kind_of(text[position])
    if kind is InvisibleKind.ZERO_WIDTH:
        return not _inside_word(text, position)
    return kind is InvisibleKind.VARIATION and not _KINDS[kind].match(text[position - 1 : position])


def _inside_word(text: str, position: int) -> bool:
    """Say whether letters of a script that writes with spaces stand on both sides."""
    before, after = text[max(0, position - 1) : position], text[position + 1 : position + 2]
    return bool(_SPACED_LETTER.match(before) and _SPACED_LETTER.match(after))
