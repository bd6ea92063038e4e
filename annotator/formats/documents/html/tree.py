"""A tree of HTML to text with format ranges; pages, e-mails, books and Word files come through here.

Blocks are set apart by one empty line, list items and table rows by one newline, cells by a tab. Text that stands in
no paragraph of its own becomes one, as a browser shows it. Nothing here recurses, so a nest without end is only long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from lxml import etree

from annotator.core.structure import Structure
from annotator.formats.documents.html.lists import HtmlList, begin_list
from annotator.formats.documents.html.source import parse_html
from annotator.formats.documents.html.tables import layout_tables
from annotator.formats.documents.html.visible import BLOCKS, element_name, is_blank, is_hidden
from annotator.formats.documents.html_tags import INLINE_KINDS
from annotator.formats.documents.markdown.text import BLOCK, BOLD_HEADING_LEVEL, LINE, LONGEST_BOLD_HEADING
from annotator.formats.documents.source import storable
from annotator.formats.documents.text_builder import OpenRange, TextBuilder

__all__ = ["html_text", "parse_html"]

DEEPEST = 50
"""Lists and quotes inside one another beyond this depth are no deeper."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINES = frozenset({"li", "tr", "dt", "dd"})
_INLINE = {**INLINE_KINDS, "dfn": "emphasis", "cite": "emphasis", "kbd": "code", "samp": "code", "tt": "code"}
_BLOCK_STYLE = re.compile(r"(?:^|;)\s*display\s*:\s*block\b", re.IGNORECASE)
_NOTE = re.compile(r"[\[(]?\s*(\d{1,4}|[a-z]|[ivxlc]{1,6}|\*{1,3}|[†‡§])\s*[\])]?", re.IGNORECASE)
_BEFORE_NOTE = re.compile("(?:[.,;:!?”»\"')\\]’]|[^\\W\\d_]{4,})\\Z")
_LONGEST_ADDRESS = 2000
_LONGEST_SIGN = 3
_MOST_PARTS = 4
_NOTE_SIGNS = "*†‡§"


def html_text(tree: etree._Element) -> tuple[str, Structure]:
    """Return the text of an element and its ranges; hidden elements leave nothing."""
    writer = _Writer(layout_tables(tree))
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if not writer.start(element):
                walk.skip_subtree()
        elif event == "end":
            writer.end(element)
        if event != "start" and element is not tree:
            writer.write(element.tail)
    return writer.finish()


class _Writer:
    """Takes the beginnings and ends of elements and the text between them, in order."""

    def __init__(self, layout: set[etree._Element]) -> None:
        self._builder = TextBuilder()
        self._layout = layout
        self._lists: list[HtmlList] = []
        self._ranges: list[tuple[etree._Element, OpenRange]] = []
        self._quotes = 0
        self._items = 0
        self._begins_item = False
        self._inline: list[tuple[etree._Element, str, Mapping[str, Any], OpenRange | None]] = []
        self._paragraph: OpenRange | None = None
        self._heading: etree._Element | None = None
        self._table: etree._Element | None = None
        self._cells = 0
        self._pre: etree._Element | None = None
        self._verbatim: list[str] = []
        self._blank = ""
        self._line_breaks = 0
        self._bold_words: list[str] = []
        self._all_bold = True
        self._last = ""

    def finish(self) -> tuple[str, Structure]:
        """Return the text and its ranges."""
        self._end_paragraph()
        return self._builder.finish()

    def write(self, text: str | None) -> None:
        """Add running text."""
        if not text:
            return
        text = storable(text)
        if self._pre is not None:
            self._verbatim.append(text)
        elif self._paragraph is None and is_blank(text):
            self._blank += text
        else:
            self._write_words(text)

    def start(self, element: etree._Element) -> bool:
        """Begin an element, and say whether what is in it is to be read."""
        name = element_name(element)
        if is_hidden(element) or (name == "button" and self._heading is None) or _is_anchor_sign(element):
            return False
        if self._pre is not None:
            if name == "br":
                self._verbatim.append("\n")
        elif name == "sup" and self._write_note(element):
            return False
        elif self._table is not None:
            self._start_in_table(element, name)
        elif name == "table" and element not in self._layout:
            self._boundary(BLOCK)
            self._table = element
        else:
            self._start_in_text(element, name)
        self.write(element.text)
        return True

    def end(self, element: etree._Element) -> None:
        """End an element."""
        name = element_name(element)
        if self._pre is element:
            self._end_pre()
        elif self._pre is not None or name == "br":
            return
        elif self._table is not None:
            self._end_in_table(element, name)
        elif self._heading is element:
            self._boundary(BLOCK)
            self._heading = None
        elif name in _INLINE or name == "q":
            self._end_inline(element)
        elif name in BLOCKS or _is_block(element):
            self._end_block(element, name)

    def _start_in_text(self, element: etree._Element, name: str) -> None:
        if name == "br":
            self._break_line()
        elif self._heading is not None and name in BLOCKS:
            self._write_space()
        elif name in _HEADINGS:
            self._boundary(self._before_block())
            self._heading = element
        elif name in _INLINE or name == "q":
            self._start_inline(element, name)
        elif name == "pre":
            self._boundary(self._before_block())
            self._pre = element
        elif name in BLOCKS or _is_block(element):
            self._start_block(element, name)

    def _start_block(self, element: etree._Element, name: str) -> None:
        if name == "li":
            self._start_item(element)
        elif name in ("ul", "ol"):
            self._boundary(LINE if self._lists else BLOCK)
            self._lists.append(begin_list(element))
        elif name == "blockquote":
            self._boundary(self._before_block())
            self._quotes += 1
            self._open(element, "quote", self._quotes)
        elif name in _LINES:
            self._boundary(LINE)
        else:
            self._boundary(self._before_block())

    def _end_block(self, element: etree._Element, name: str) -> None:
        if self._heading is not None:
            self._write_space()
            return
        self._boundary(LINE if name in _LINES or self._items else BLOCK)
        if name in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._boundary(LINE if self._lists else BLOCK)
        if self._ranges and self._ranges[-1][0] is element:
            self._builder.close(self._ranges.pop()[1])
        if name == "li":
            self._items -= 1
            self._begins_item = False
        elif name == "blockquote":
            self._quotes -= 1

    def _start_item(self, item: etree._Element) -> None:
        self._boundary(LINE)
        self._items += 1
        marker = self._lists[-1].marker(item) if self._lists else "•"
        self._open(item, "list_item", max(1, len(self._lists)), {"marker": marker})
        self._begins_item = True

    def _open(self, element: etree._Element, kind: str, level: int, data: Mapping[str, Any] | None = None) -> None:
        if level <= DEEPEST and len(self._ranges) < 2 * DEEPEST:
            self._ranges.append((element, self._builder.open(kind, level, data)))

    def _before_block(self) -> str:
        return LINE if self._begins_item else BLOCK

    def _boundary(self, newlines: str) -> None:
        """End the running paragraph; the next one stands on a new line."""
        self._end_paragraph()
        self._builder.separate(newlines)
        self._blank = ""
        self._line_breaks = 0

    def _break_line(self) -> None:
        """Break the line; two breaks in a row, and one after a bold heading, end the paragraph."""
        self._line_breaks += 1
        if self._heading is not None:
            self._write_space()
        elif self._paragraph is None:
            self._blank = ""
        elif self._line_breaks > 1 or self._is_bold_heading():
            self._boundary(self._before_block())
        else:
            self._builder.separate(LINE)

    def _write_space(self) -> None:
        if self._paragraph is not None:
            self._builder.write(" ")

    def _write_words(self, text: str) -> None:
        if is_blank(text):
            self._builder.write(text if self._line_breaks == 0 else "")
            return
        self._begin_paragraph()
        self._line_breaks = 0
        self._builder.write(self._blank + text)
        self._blank = ""
        self._last = text.rstrip()[-8:] or self._last
        self._all_bold = self._all_bold and any(kind == "strong" for _element, kind, _data, _range in self._inline)
        if self._all_bold and len(self._bold_words) <= LONGEST_BOLD_HEADING:
            self._bold_words.append(text)

    def _begin_paragraph(self) -> None:
        if self._paragraph is None and self._table is None:
            if self._heading is not None:
                self._paragraph = self._builder.open("heading", _HEADINGS[element_name(self._heading)])
            else:
                self._paragraph = self._builder.open("paragraph")
            self._bold_words, self._all_bold = [], True
            self._begins_item = False
        for place, (element, kind, data, opened) in enumerate(self._inline):
            if opened is None:
                self._inline[place] = (element, kind, data, self._builder.open(kind, data=data))

    def _end_paragraph(self) -> None:
        for place, (element, kind, data, opened) in enumerate(self._inline):
            if opened is not None:
                self._builder.close(opened)
                self._inline[place] = (element, kind, data, None)
        if self._paragraph is not None:
            if self._is_bold_heading():
                self._paragraph.kind, self._paragraph.level = "heading", BOLD_HEADING_LEVEL
            self._builder.close(self._paragraph)
            self._paragraph = None

    def _is_bold_heading(self) -> bool:
        """Say whether the paragraph is a heading in disguise: bold throughout, short, and no sentence."""
        if not self._all_bold or self._paragraph is None or self._heading is not None or self._items or self._quotes:
            return False
        words = "".join(self._bold_words).strip()
        return (
            0 < len(words) <= LONGEST_BOLD_HEADING
            and any(character.isalpha() for character in words)
            and not words.endswith((".", "!", "?", ",", ";", "”", '"'))
        )

    def _start_inline(self, element: etree._Element, name: str) -> None:
        if name == "q":
            self._write_words("“" if _has_text(element) else "")
            return
        kind = _INLINE[name]
        data = _address(element) if kind == "link" else {}
        known = any(kind == open_kind for _element, open_kind, _data, _range in self._inline)
        if not known and (data or kind != "link"):
            self._inline.append((element, kind, data, None))

    def _end_inline(self, element: etree._Element) -> None:
        if element_name(element) == "q":
            self._write_words("”" if _has_text(element) else "")
            return
        for place in range(len(self._inline) - 1, -1, -1):
            if self._inline[place][0] is element:
                opened = self._inline.pop(place)[3]
                if opened is not None:
                    self._builder.close(opened)
                return

    def _start_in_table(self, element: etree._Element, name: str) -> None:
        if name == "tr":
            self._builder.separate(LINE)
            self._cells = 0
            if _has_text(element):
                self._ranges.append((element, self._builder.open("table_row")))
        elif name in ("td", "th"):
            if self._cells and self._ranges and self._ranges[-1][1].kind == "table_row":
                self._builder.write_cell_border()
            self._cells += 1
        elif name in _INLINE or name == "q":
            self._start_inline(element, name)
        elif name == "br" or name in BLOCKS:
            self._builder.write(" ")

    def _end_in_table(self, element: etree._Element, name: str) -> None:
        if element is self._table:
            self._table = None
            self._boundary(BLOCK)
        elif name == "tr":
            if self._ranges and self._ranges[-1][0] is element:
                self._builder.close(self._ranges.pop()[1])
            self._builder.separate(LINE)
        elif name == "caption":
            self._builder.separate(LINE)
        elif name in _INLINE or name == "q":
            self._end_inline(element)
        elif name in BLOCKS:
            self._builder.write(" ")

    def _end_pre(self) -> None:
        lines = "".join(self._verbatim).replace("\r\n", "\n").replace("\r", "\n").strip()
        opened = self._builder.open("code")
        self._builder.write_verbatim(lines)
        self._builder.close(opened)
        self._pre = None
        self._verbatim = []
        self._boundary(BLOCK)

    def _write_note(self, sup: etree._Element) -> bool:
        """Write the number of a footnote in brackets, and say whether the raised text was one."""
        match = _NOTE.fullmatch("".join(str(part) for part in islice(sup.itertext(), 8)).strip())
        link = next((a for a in sup.iter("a")), None)
        parent = sup.getparent()
        if link is None and parent is not None and element_name(parent) == "a":
            link = parent
        if not match or not (link is not None or (match.group(1).isdigit() and _BEFORE_NOTE.search(self._last))):
            return False
        if link is not None and link is not parent:
            self._start_inline(link, "a")
        self._write_words(f"[{match.group(1)}]")
        if link is not None and link is not parent:
            self._end_inline(link)
        return True


def _is_anchor_sign(element: etree._Element) -> bool:
    """Say whether a link is a sign that leads to a place on a page, as “¶” does behind a heading and “↩” in notes."""
    if element_name(element) != "a" or "#" not in element.get("href", ""):
        return False
    text = "".join(str(part) for part in islice(element.itertext(), _MOST_PARTS)).strip()
    return 0 < len(text) <= _LONGEST_SIGN and not any(sign.isalnum() or sign in _NOTE_SIGNS for sign in text)


def _is_block(element: etree._Element) -> bool:
    style = element.get("style")
    return style is not None and bool(_BLOCK_STYLE.search(style))


def _address(link: etree._Element) -> dict[str, str]:
    address = storable(link.get("href", "")).strip()
    shown = 0 < len(address) <= _LONGEST_ADDRESS and not address.lower().startswith(("javascript:", "data:"))
    return {"url": address} if shown else {}


def _has_text(element: etree._Element) -> bool:
    return any(not is_blank(str(part)) for part in element.itertext())
