"""Accents that are drawn as signs of their own over a letter, as older TeX does, made one with the letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from annotator.formats.documents.pdf.glyphs import Glyph

_COMBINING = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¸": "\u0327",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "¯": "\u0304",
    "˙": "\u0307",
    "˚": "\u030a",
    "˝": "\u030b",
    "˛": "\u0328",
}
_LONGEST_LINE = 2000
_DOTLESS = {"ı": "i", "ȷ": "j"}


def with_accents(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs of a line with each accent that stands over or under a letter joined to it."""
    if len(glyphs) > _LONGEST_LINE or not any(glyph.text in _COMBINING for glyph in glyphs):
        return glyphs
    joined = list(glyphs)
    for accent in [glyph for glyph in glyphs if glyph.text in _COMBINING]:
        owner = _owner(accent, joined)
        if owner is not None:
            letter = joined[owner]
            base = _DOTLESS.get(letter.text, letter.text)
            joined[owner] = letter._replace(text=unicodedata.normalize("NFC", base + _COMBINING[accent.text]))
            joined.remove(accent)
    return joined


def _owner(accent: Glyph, glyphs: Sequence[Glyph]) -> int | None:
    centre = (accent.left + accent.right) / 2
    for place, glyph in enumerate(glyphs):
        if glyph.text[-1:].isalpha() and glyph.left < centre < glyph.right and glyph.text not in _COMBINING:
            return place
    return None
