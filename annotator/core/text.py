"""Text at the door: newlines are made one kind once, and positions are converted between two units.

A position in this program counts code points. Qt, JavaScript and UIMA count UTF-16 units.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def normalise_newlines(text: str) -> str:
    """Return the text with CRLF and lone CR as LF; everything else stays as it is."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def has_surrogates(text: str) -> bool:
    """Say whether the text holds a lone surrogate, which UTF-8 cannot carry."""
    return any("\ud800" <= c <= "\udfff" for c in text) if not text.isascii() else False


def is_storable(text: str) -> bool:
    """Say whether every database in use takes the text: it holds neither NUL nor a lone surrogate."""
    return "\0" not in text and not has_surrogates(text)


def find_quotes(text: str, quote: str) -> list[tuple[int, int]]:
    """Return every `[start, end)` in code points where the quote stands, all stretches of white space being alike."""
    words = quote.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    return [match.span() for match in pattern.finditer(text)]


class Utf16Positions:
    """Converts positions of one text between code points and UTF-16 units.

    Holds the places of the astral characters only, so a text without any converts for nothing.
    """

    def __init__(self, text: str) -> None:
        self._astral = [m.start() for m in _ASTRAL.finditer(text)]
        self._astral_units = [place + i for i, place in enumerate(self._astral)]

    def to_units(self, position: int) -> int:
        """Return the UTF-16 position of a code point position."""
        return position + bisect_left(self._astral, position)

    def to_code_points(self, position: int) -> int:
        """Return the code point position of a UTF-16 position; inside a pair, that of the pair's start."""
        return position - bisect_left(self._astral_units, position)
