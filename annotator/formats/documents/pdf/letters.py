"""What the fonts of a PDF say: which letters a glyph stands for, and whether it is bold or italic."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from pdfminer.pdffont import PDFUnicodeNotDefined

from annotator.formats.documents.pdf.radicals import with_ideographs

BOLD, ITALIC = 1, 2
UNMAPPED = "\ufffd"

_BOLD_NAME = re.compile("bold|black|heavy|demi", re.IGNORECASE)
_ITALIC_NAME = re.compile("ital|obli|slanted", re.IGNORECASE)
_ITALIC_FLAG, _BOLD_FLAG = 1 << 6, 1 << 18
_PRESENTATION_FORMS = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SYMBOLS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf076": "❖", "\uf02d": "–", "\uf0a8": "◦"}
)


def style_of(font: Any) -> int:
    """Return BOLD, ITALIC, both as one number, or 0."""
    name = str(font.fontname)
    bold = bool(_BOLD_NAME.search(name)) or bool(font.flags & _BOLD_FLAG)
    italic = bool(_ITALIC_NAME.search(name)) or bool(font.flags & _ITALIC_FLAG)
    return BOLD * bold | ITALIC * italic


def text_of(font: Any, cid: int) -> str:
    """Return the letters of a glyph: ligatures and presentation forms as letters, unknown glyphs as U+FFFD."""
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        return UNMAPPED
    if len(text) == 1 and " " <= text <= "~":
        return text
    return with_letters(_CONTROL.sub(" ", text.replace("\x00", "")).translate(_SYMBOLS))


def with_letters(text: str) -> str:
    """Return a glyph's text with letters for presentation forms and ideographs for radicals."""
    text = with_ideographs(text)
    # The compatibility form of a lone Arabic mark begins with a space.
    return _PRESENTATION_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()).strip(), text)
