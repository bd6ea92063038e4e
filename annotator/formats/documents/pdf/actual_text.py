"""Marked stretches of a page that say which text their glyphs stand for, as shaped scripts and hyphens need it.

A glyph of Devanagari, Arabic or Hebrew can stand for several letters or a part of one; the programs that write such
PDFs name the letters of each cluster. What is named wrongly or for a whole passage is not used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pdfminer.utils import decode_text

from annotator.formats.documents.pdf.frame import Edges
from annotator.formats.documents.pdf.open import resolved

_MOST_GLYPHS = 40
_MOST_LETTERS = 100
_MOST_WITHOUT = 3
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufeff]")


def actual_text(properties: Any) -> str | None:
    """Return the text that a marked stretch stands for, in code points, or None where it names none."""
    if not isinstance(properties, dict):
        return None
    value = resolved(properties.get("ActualText"))
    return _CONTROL.sub("", decode_text(value)) if isinstance(value, bytes) else None


def replacement(text: str, drawn: Sequence[tuple[str, Edges, float, float]]) -> str | None:
    """Return what takes the place of glyphs, given as (text, edges, baseline, size), or None where they stay.

    An empty string takes them away, as with the hyphen of a word that is cut at the end of a line.
    """
    if not drawn or len(drawn) > _MOST_GLYPHS or len(text) > _MOST_LETTERS:
        return None
    letters = text.strip()
    if not letters:
        return "" if not text and len(drawn) <= _MOST_WITHOUT else None
    if letters == "".join(glyph for glyph, *_ in drawn).strip() or any(map(str.isspace, letters)):
        return None
    baselines = [baseline for *_, baseline, _ in drawn]
    size = max(size for *_, size in drawn)
    is_one_line = max(baselines) - min(baselines) <= size
    width = max(edges[2] for _, edges, *_ in drawn) - min(edges[0] for _, edges, *_ in drawn)
    return letters if is_one_line and width <= size * (len(letters) + 2) else None
