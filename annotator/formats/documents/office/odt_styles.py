"""Styles and list styles of an OpenDocument text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from annotator.formats.documents.office.numbers import LEVELS, NumberLevel
from annotator.formats.documents.office.xml import elements, local_name

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

_LONGEST_CHAIN = 20
_TITLES = {"title": 1, "subtitle": 2}
_QUOTES = frozenset({"quotations", "quote", "intense quote", "block text", "blockquote"})
_BOLD = frozenset({"bold", "600", "700", "800", "900"})
_SLANTED = frozenset({"italic", "oblique"})
_NUMBERS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"} | {
    "а": "russianLower",
    "А": "russianUpper",
    "": "none",
}


@dataclass(frozen=True, slots=True)
class OdtStyle:
    """A paragraph or character style with what it inherits; `strong` and `emphasis` are None where nothing is said.

    Of a paragraph's looks only those count that stand in the paragraph itself, not in a style with a name.
    """

    heading: int = 0
    is_quote: bool = False
    is_hidden: bool = False
    strong: bool | None = None
    emphasis: bool | None = None
    list_style: str = ""


class OdtStyles:
    """All styles of a document, by family and name."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        """Take the roots of the parts that hold styles."""
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._automatic: set[etree._Element] = set()
        self._lists: dict[str, dict[int, NumberLevel]] = {}
        self.outline: dict[int, NumberLevel] = {}
        self._read: dict[tuple[str, str], OdtStyle] = {}
        for root in roots:
            for holder in root.iter(OFFICE + "styles", OFFICE + "automatic-styles"):
                self._take(holder)

    def paragraph(self, name: str) -> OdtStyle:
        """Return a paragraph style; one that is absent is plain."""
        return self._style("paragraph", name)

    def text(self, name: str) -> OdtStyle:
        """Return a character style; one that is absent is plain."""
        return self._style("text", name)

    def list_levels(self, name: str) -> dict[int, NumberLevel]:
        """Return the levels of a list style, from 0."""
        return self._lists.get(name, {})

    def is_hidden_section(self, section: etree._Element) -> bool:
        """Say whether a section is never shown."""
        return section.get(TEXT + "display") == "none"

    def _take(self, holder: etree._Element) -> None:
        automatic = local_name(holder) == "automatic-styles"
        for style in elements(holder):
            name = style.get(STYLE + "name", "")
            if style.tag == STYLE + "style":
                self._styles[style.get(STYLE + "family", ""), name] = style
                if automatic:
                    self._automatic.add(style)
            elif style.tag == TEXT + "list-style":
                self._lists[name] = _levels(style)
            elif style.tag == TEXT + "outline-style":
                self.outline = _levels(style)

    def _style(self, family: str, name: str) -> OdtStyle:
        key = family, name
        if key not in self._read:
            self._read[key] = self._resolve(family, name)
        return self._read[key]

    def _resolve(self, family: str, name: str) -> OdtStyle:
        heading, is_quote, hidden, list_style = 0, False, False, ""
        strong: bool | None = None
        emphasis: bool | None = None
        for style in self._chain(family, name):
            shown = style.get(STYLE + "display-name", style.get(STYLE + "name", "")).casefold()
            heading = heading or _TITLES.get(shown, 0) or _outline_level(style)
            is_quote = is_quote or shown in _QUOTES
            list_style = list_style or style.get(STYLE + "list-style-name", "")
            looks = style.find(STYLE + "text-properties")
            if looks is not None:
                hidden = hidden or looks.get(TEXT + "display") == "none"
                if family == "text" or style in self._automatic:
                    strong = _said(strong, looks.get(_FORMAT + "font-weight"), _BOLD)
                    emphasis = _said(emphasis, looks.get(_FORMAT + "font-style"), _SLANTED)
        return OdtStyle(heading, is_quote, hidden, strong, emphasis, list_style)

    def _chain(self, family: str, name: str) -> list[etree._Element]:
        """Return a style and those that it inherits from, itself first."""
        chain: list[etree._Element] = []
        while (family, name) in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[family, name])
            name = chain[-1].get(STYLE + "parent-style-name", "")
        return chain


def whole(text: str | None, otherwise: int, largest: int = 1_000_000) -> int:
    """Return a whole number from 0 to `largest` written in a file, or `otherwise` where there is none."""
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return otherwise
    return min(int(digits), largest)


def _said(before: bool | None, value: str | None, meant: frozenset[str]) -> bool | None:
    return before if before is not None or value is None else value in meant


def _outline_level(style: etree._Element) -> int:
    return whole(style.get(STYLE + "default-outline-level"), 0, LEVELS)


def _levels(style: etree._Element) -> dict[int, NumberLevel]:
    levels: dict[int, NumberLevel] = {}
    for described in elements(style):
        level = whole(described.get(TEXT + "level"), 1, LEVELS) - 1
        if local_name(described) == "list-level-style-bullet":
            levels[level] = NumberLevel("bullet", described.get(TEXT + "bullet-char", ""))
        elif local_name(described) in ("list-level-style-number", "outline-level-style"):
            levels[level] = _number_level(described, level)
        else:
            levels[level] = NumberLevel("bullet", "")
    return levels


def _number_level(described: etree._Element, level: int) -> NumberLevel:
    number = described.get(STYLE + "num-format", "")
    shown = whole(described.get(TEXT + "display-levels"), 1, LEVELS)
    places = ".".join(f"%{place + 1}" for place in range(max(0, level + 1 - shown), level + 1))
    pattern = described.get(STYLE + "num-prefix", "") + places + described.get(STYLE + "num-suffix", "")
    start = whole(described.get(TEXT + "start-value"), 1)
    return NumberLevel(_NUMBERS.get(number[:1], "decimal"), pattern if number else "", start)
