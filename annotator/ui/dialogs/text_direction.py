"""Which way a line of text runs: by its first strong character, as rules P2 and P3 of the Unicode algorithm say."""

from __future__ import annotations

import unicodedata

_LOOKED_AT = 400
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def is_right_to_left(text: str) -> bool:
    """Say whether a text runs from right to left; one without a strong character near its beginning does not."""
    for character in text[:_LOOKED_AT]:
        direction = unicodedata.bidirectional(character)
        if direction == "L" or direction in _RIGHT_TO_LEFT:
            return direction != "L"
    return False
