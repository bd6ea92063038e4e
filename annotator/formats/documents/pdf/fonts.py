"""The fonts of a PDF, checked before pdfminer spreads out what they map: some bytes can stand for billions of codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pdfminer.pdffont import PDFSimpleFont, PDFType3Font
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, list_value, resolve1
from pdfminer.psparser import PSLiteral

from annotator.formats.documents.pdf.limits import PdfLimitError
from annotator.formats.documents.pdf.tex_fonts import tex_letters

_MOST_CODES = 0x20000
_RANGES = re.compile(rb"begin(?:bf|cid)range(.*?)end(?:bf|cid)range", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<[^>]*>|\[[^\]]*\]|\d+)")
_SPACE = re.compile(rb"\s")


class FontManager(PDFResourceManager):
    """Makes fonts as pdfminer's manager does."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> Any:
        """Return a font. Raises PdfLimitError where it maps more codes than there are letters."""
        if objid not in self._cached_fonts:
            for name in ("ToUnicode", "Encoding"):
                mapping = resolve1(spec.get(name))
                if isinstance(mapping, PDFStream):
                    _check_ranges(mapping.get_data())
            for name in ("W", "W2"):
                if any(isinstance(number, int) and number > _MOST_CODES for number in list_value(spec.get(name, []))):
                    raise PdfLimitError
            font = super().get_font(objid, spec)
            if isinstance(font, PDFSimpleFont):
                _take_widths(font, spec)
                if isinstance(font, PDFType3Font) and font.unicode_map is None:
                    font.cid2unicode = font.cid2unicode | tex_letters(_glyph_names(spec))
            return font
        return super().get_font(objid, spec)


def _take_widths(font: PDFSimpleFont, spec: Mapping[str, Any]) -> None:
    """Prefer the widths that the file gives to those that pdfminer knows of a standard font by its letters' names."""
    first = resolve1(spec.get("FirstChar", 0))
    widths = [resolve1(width) for width in list_value(spec.get("Widths", []))]
    if isinstance(first, int):
        given = {first + place: width for place, width in enumerate(widths) if isinstance(width, int | float) and width}
        font.widths = {**font.widths, **given}


def _glyph_names(spec: Mapping[str, Any]) -> dict[int, str]:
    """Return the names that a font's own encoding gives to its codes."""
    encoding = resolve1(spec.get("Encoding"))
    names: dict[int, str] = {}
    code = 0
    for entry in list_value(encoding.get("Differences", [])) if isinstance(encoding, dict) else ():
        if isinstance(entry, int):
            code = entry
        elif isinstance(entry, PSLiteral):
            names[code] = str(entry.name)
            code += 1
    return names


def _check_ranges(mapping: bytes) -> None:
    codes = 0
    for section in _RANGES.finditer(mapping):
        for first, last in _RANGE.findall(section.group(1)):
            codes += max(0, int(_SPACE.sub(b"", last), 16) - int(_SPACE.sub(b"", first), 16))
            if codes > _MOST_CODES:
                raise PdfLimitError
