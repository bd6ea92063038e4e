"""Positions between the canonical text (code points) and Qt (UTF-16 units), one display block at a time.

Qt is shown a text of the same length in which characters that it would drop, rewrite or break at are replaced
one for one. The canonical text is never read back from Qt.
"""

from __future__ import annotations

import re

from annotator.core.text import Utf16Positions

_AWKWARD = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffc\ufffe\uffff\ud800-\udfff]")
_CONTROL_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_REPLACED = (
    _CONTROL_PICTURES
    | dict.fromkeys(range(0x80, 0xA0), 0x2426)
    | {0x2028: 0x20, 0x2029: 0x20, 0xFEFF: 0x2060, 0xFFFC: 0x25A1}
)


def display_text(text: str) -> str:
    """Return the text as Qt may show it: as many code points and UTF-16 units, place for place."""
    return _AWKWARD.sub(_display_character, text)


def _display_character(match: re.Match[str]) -> str:
    return chr(_REPLACED.get(ord(match.group()), 0xFFFD))


class BlockPositions:
    """Converts between positions in the document and UTF-16 units in one display block of it."""

    def __init__(self, text: str, start: int) -> None:
        self.start = start
        self._positions = Utf16Positions(text)
        self._length = len(text)

    def to_units(self, position: int) -> int:
        """Return the block's UTF-16 unit at a code point of the document, kept within the block."""
        return self._positions.to_units(min(max(position - self.start, 0), self._length))

    def to_position(self, unit: int) -> int:
        """Return the document's code point at a UTF-16 unit of the block."""
        return self.start + self._positions.to_code_points(unit)
