"""Styles and numbering of a Word file: what a paragraph is, and which number it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from annotator.formats.documents.office.docx_package import W, is_on, number_of, value_of
from annotator.formats.documents.office.numbers import LEVELS, NumberCounter, NumberLevel

_LONGEST_CHAIN = 20
_NAMED_HEADINGS = {"title": 1, "subtitle": 2} | {f"heading {level}": level for level in range(1, 10)}
_QUOTES = frozenset({"quote", "intense quote", "block text", "quotations", "blockquote"})
_LIST_STYLE = re.compile(r"list (?:bullet|number|continue) ([2-5])")
_BODY_TEXT = 9


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style with what it inherits.

    `heading` is a level or 0, `number` the id of a numbering or empty, `depth` how deep in lists its name says it is.
    """

    heading: int = 0
    is_quote: bool = False
    is_hidden: bool = False
    number: str = ""
    number_level: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style with what it inherits."""

    strong: bool = False
    emphasis: bool = False
    is_hidden: bool = False


class Styles:
    """The styles part; a style that is absent is plain."""

    def __init__(self, root: etree._Element | None) -> None:
        """Take the root of the styles part, or None."""
        found = [] if root is None else root.findall(W + "style")
        self._styles = {style.get(W + "styleId", ""): style for style in found}
        self._default = next((s.get(W + "styleId", "") for s in found if _is_default_paragraph(s)), "")
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._characters: dict[str, CharacterStyle] = {}

    def paragraph(self, style_id: str) -> ParagraphStyle:
        """Return a paragraph style; an empty id means the default."""
        key = style_id or self._default
        if key not in self._paragraphs:
            self._paragraphs[key] = self._read_paragraph(key)
        return self._paragraphs[key]

    def character(self, style_id: str) -> CharacterStyle:
        """Return a character style."""
        if style_id not in self._characters:
            runs = [style.find(W + "rPr") for style in self._chain(style_id)]
            self._characters[style_id] = CharacterStyle(
                *(bool(next((on for run in runs if (on := is_on(run, tag)) is not None), False)) for tag in _LOOKS)
            )
        return self._characters[style_id]

    def numbering_of(self, style_id: str) -> str:
        """Return the numbering that a list style stands for."""
        style = self._styles.get(style_id)
        return "" if style is None else value_of(style.find(f"{W}pPr/{W}numPr"), "numId")

    def _read_paragraph(self, style_id: str) -> ParagraphStyle:
        heading, is_quote, number, level = -1, False, "", -1
        for style in self._chain(style_id):
            name = value_of(style, "name").casefold()
            properties = style.find(W + "pPr")
            if heading < 0:
                heading = _NAMED_HEADINGS.get(name, _outline_level(properties))
            is_quote = is_quote or name in _QUOTES
            numbered = None if properties is None else properties.find(W + "numPr")
            number = number or value_of(numbered, "numId")
            level = number_of(value_of(numbered, "ilvl"), -1) if level < 0 else level
        hidden = self.character(style_id).is_hidden
        named = next(
            (int(match.group(1)) for name in self._names(style_id) if (match := _LIST_STYLE.fullmatch(name))), 0
        )
        return ParagraphStyle(max(heading, 0), is_quote, hidden, number, max(level, 0), named)

    def _names(self, style_id: str) -> list[str]:
        return [value_of(style, "name").casefold() for style in self._chain(style_id)]

    def _chain(self, style_id: str) -> list[etree._Element]:
        """Return a style and those that it is based on, itself first."""
        chain: list[etree._Element] = []
        while style_id in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[style_id])
            style_id = value_of(chain[-1], "basedOn")
        return chain


_LOOKS = ("b", "i", "vanish")


def _is_default_paragraph(style: etree._Element) -> bool:
    return style.get(W + "type") == "paragraph" and style.get(W + "default", "0") in ("1", "true", "on")


def outline_heading(properties: etree._Element | None) -> int | None:
    """Return the heading level that paragraph properties give, 0 for body text, or None where they are silent."""
    level = _outline_level(properties)
    return None if level < 0 else level


def _outline_level(properties: etree._Element | None) -> int:
    level = number_of(value_of(properties, "outlineLvl"), -1)
    if level < 0:
        return -1
    return level + 1 if level < _BODY_TEXT else 0


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, NumberLevel]
    style_link: str
    counter: NumberCounter = field(default_factory=NumberCounter)


@dataclass(slots=True)
class _Number:
    abstract: str
    starts: dict[int, int]
    levels: dict[int, NumberLevel]
    begun: bool = False


class Numbering:
    """The numbering part. Lists that share a definition count on, unless one says where it starts."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        """Take the root of the numbering part, or None, and the styles that it refers to."""
        self._styles = styles
        abstracts = [] if root is None else root.findall(W + "abstractNum")
        numbers = [] if root is None else root.findall(W + "num")
        self._abstracts = {
            a.get(W + "abstractNumId", ""): _Abstract(_levels(a), value_of(a, "numStyleLink")) for a in abstracts
        }
        self._numbers = {n.get(W + "numId", ""): _read_number(n) for n in numbers}
        self._level_of_style = {
            (a.get(W + "abstractNumId", ""), value_of(level, "pStyle")): number_of(level.get(W + "ilvl", ""), 0)
            for a in abstracts
            for level in a.findall(W + "lvl")
        }

    def level_for_style(self, number_id: str, style_id: str, otherwise: int) -> int:
        """Return the level (from 0) that a numbering ties to a paragraph style."""
        number = self._numbers.get(number_id)
        return otherwise if number is None else self._level_of_style.get((number.abstract, style_id), otherwise)

    def mark(self, number_id: str, level: int) -> str | None:
        """Count one more paragraph and return its marker (which may be empty), or None where it is in no list."""
        number = self._numbers.get(number_id)
        abstract = self._resolved(number)
        if number is None or abstract is None or not 0 <= level < LEVELS:
            return None
        if not number.begun:
            number.begun = True
            for place, start in number.starts.items():
                abstract.counter.begin(place, start)
        return abstract.counter.mark(abstract.levels | number.levels, level)

    def _resolved(self, number: _Number | None) -> _Abstract | None:
        """Return what defines a numbering, through a list style if need be."""
        for _step in range(_LONGEST_CHAIN):
            abstract = None if number is None else self._abstracts.get(number.abstract)
            if abstract is None or not abstract.style_link or abstract.levels:
                return abstract
            number = self._numbers.get(self._styles.numbering_of(abstract.style_link))
        return None


def _read_number(number: etree._Element) -> _Number:
    starts: dict[int, int] = {}
    levels: dict[int, NumberLevel] = {}
    for override in number.findall(W + "lvlOverride"):
        level = number_of(override.get(W + "ilvl", ""), 0)
        start = number_of(value_of(override, "startOverride"), -1)
        if start >= 0:
            starts[level] = start
        levels.update(_levels(override))
    return _Number(value_of(number, "abstractNumId"), starts, levels)


def _levels(parent: etree._Element) -> dict[int, NumberLevel]:
    return {number_of(level.get(W + "ilvl", ""), 0): _read_level(level) for level in parent.findall(W + "lvl")}


def _read_level(level: etree._Element) -> NumberLevel:
    number = value_of(level, "numFmt") or "decimal"
    pattern = value_of(level, "lvlText")
    start = number_of(value_of(level, "start"), 1)
    return NumberLevel(number, pattern, start, only_digits=bool(is_on(level, "isLgl")))
