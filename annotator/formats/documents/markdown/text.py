"""A Markdown tree to text with format ranges.

Blocks are set apart by one empty line, list items and table rows by one newline, cells by a tab. A list item's range
reaches over what is nested in it; its level is its depth, so the innermost range says how far a line is indented.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from annotator.core.structure import Structure
from annotator.formats.documents.html_tags import BLOCK_ELEMENTS, INLINE_KINDS
from annotator.formats.documents.markdown.tree import plain
from annotator.formats.documents.text_builder import OpenRange, TextBuilder

BLOCK = "\n\n"
LINE = "\n"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINE_ELEMENTS = frozenset({"li", "tr", "dt", "dd"})
_CELLS = frozenset({"td", "th"})


BOLD_HEADING_LEVEL = 3
LONGEST_BOLD_HEADING = 150
"""Code points; a longer bold paragraph is an emphasised statement."""


def split_headings(paragraph: Element) -> list[tuple[bool, Element]]:
    """Return a paragraph in parts, in order: (is heading, content).

    A heading in disguise is one short bold line that ends like no sentence. Communiqués that were converted from web
    pages have hardly another kind of heading.
    """
    parts: list[tuple[bool, Element]] = []
    for line in _lines_of(paragraph):
        if is_bold_heading(line):
            parts.append((True, line))
        elif parts and not parts[-1][0]:
            _append_line(parts[-1][1], line)
        else:
            parts.append((False, line))
    return parts


def is_bold_heading(line: Element) -> bool:
    """Say whether a line is bold from end to end, short, and no sentence."""
    outside = [line.text, *(child.tail for child in line)]
    words = "".join(line.itertext()).strip()
    return (
        all(child.tag == "strong" for child in line)
        and not any(plain(part).strip() for part in outside)
        and 0 < len(words) <= LONGEST_BOLD_HEADING
        and any(character.isalpha() for character in words)
        and not words.endswith((".", "!", "?", ",", ";", "”", '"'))
    )


def _lines_of(paragraph: Element) -> list[Element]:
    lines = [Element("p")]
    lines[0].text = paragraph.text
    for child in paragraph:
        if child.tag == "br":
            lines.append(Element("p"))
            lines[-1].text = child.tail
        else:
            lines[-1].append(child)
    return lines


def _append_line(paragraph: Element, line: Element) -> None:
    hard_break = Element("br")
    hard_break.tail = line.text
    paragraph.append(hard_break)
    paragraph.extend(line)


def tree_text(root: Element) -> tuple[str, Structure]:
    """Return the text and the ranges of a tree of `markdown_tree.parse_markdown`."""
    writer = _TreeWriter()
    writer.write_blocks(root)
    return writer.builder.finish()


class _TreeWriter:
    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._list_depth = 0
        self._begins_item = False
        self._quote_depth = 0
        self._block: OpenRange | None = None
        self._tags: list[tuple[str, OpenRange]] = []
        self._cells_in_row = 0

    def write_blocks(self, parent: Element) -> None:
        for element in parent:
            self._write_block(element)

    def _write_block(self, element: Element) -> None:
        match element.tag:
            case "ul" | "ol":
                self._write_list(element)
            case "blockquote":
                self._write_quote(element)
            case "pre":
                self._write_code(element)
            case "table":
                self._write_table(element)
            case "hr":
                self.builder.separate(BLOCK)
            case tag if tag in _HEADINGS:
                self._write_running(element, "heading", _HEADINGS[tag])
            case _:
                self._write_paragraph(element)

    def _write_paragraph(self, element: Element) -> None:
        if self._list_depth or self._quote_depth:
            self._write_running(element, "paragraph", 0)
            return
        for is_heading, part in split_headings(element):
            if is_heading:
                self._write_running(part, "heading", BOLD_HEADING_LEVEL)
            else:
                self._write_running(part, "paragraph", 0)

    def _write_list(self, element: Element) -> None:
        self.builder.separate(LINE if self._list_depth else BLOCK)
        self._list_depth += 1
        for item in element:
            self.builder.separate(LINE)
            opened = self.builder.open("list_item", self._list_depth, {"marker": item.get("marker", "•")})
            self._begins_item = True
            self.write_blocks(item)
            self._begins_item = False
            self.builder.close(opened)
        self._list_depth -= 1
        self.builder.separate(LINE if self._list_depth else BLOCK)

    def _write_quote(self, element: Element) -> None:
        self._separate_before()
        self._quote_depth += 1
        opened = self.builder.open("quote", self._quote_depth)
        self.write_blocks(element)
        self.builder.close(opened)
        self._quote_depth -= 1
        self._separate_after()

    def _write_code(self, element: Element) -> None:
        lines = "".join(element.itertext()).strip("\n")
        self._separate_before()
        opened = self.builder.open("code")
        self.builder.write_verbatim(plain(lines).strip())
        self.builder.close(opened)
        self._separate_after()

    def _write_table(self, element: Element) -> None:
        self._separate_before()
        for row in element.iter("tr"):
            self.builder.separate(LINE)
            if not "".join(row.itertext()).strip():
                continue
            for place, cell in enumerate(row):
                if place:
                    self.builder.write_cell_border()
                self._write_inline(cell)
        self._separate_after()

    def _write_running(self, element: Element, kind: str, level: int) -> None:
        """Write a heading or a paragraph; HTML tags in it may split it into several."""
        if not "".join(element.itertext()).strip():
            self._apply_tags(element)
            return
        self._separate_before()
        self._block = self.builder.open(kind, level)
        self._write_inline(element)
        self._close_block()
        self._separate_after()

    def _separate_before(self) -> None:
        self.builder.separate(LINE if self._begins_item else BLOCK)
        self._begins_item = False

    def _separate_after(self) -> None:
        self.builder.separate(LINE if self._list_depth else BLOCK)

    def _apply_tags(self, element: Element) -> None:
        """Let the tags of a block without text work on what follows, as a lone <tr> does."""
        for tag in element.iter("tag"):
            self._write_tag(tag)
        self._close_block()

    def _write_inline(self, element: Element) -> None:
        self.builder.write(plain(element.text))
        for child in element:
            self._write_inline_element(child)
            self.builder.write(plain(child.tail))

    def _write_inline_element(self, element: Element) -> None:
        match element.tag:
            case "br":
                self.builder.separate(LINE)
            case "img":
                return
            case "tag":
                self._write_tag(element)
            case tag if tag in INLINE_KINDS:
                opened = self._open_inline(tag, element.get("href", ""))
                self._write_inline(element)
                self.builder.close(opened)
            case _:
                self._write_inline(element)

    def _open_inline(self, tag: str, address: str) -> OpenRange:
        return self.builder.open(INLINE_KINDS[tag], data={"url": plain(address)} if tag == "a" else {})

    def _write_tag(self, element: Element) -> None:
        name, closes = element.get("name", ""), bool(element.get("closes"))
        if name in _CELLS:
            self._begin_cell(closes)
        elif name in BLOCK_ELEMENTS:
            self._begin_block("" if closes else name, LINE if name in _LINE_ELEMENTS else BLOCK)
        elif name in INLINE_KINDS and closes:
            self._close_tag(name)
        elif name in INLINE_KINDS:
            self._tags.append((name, self._open_inline(name, element.get("address", ""))))

    def _begin_cell(self, closes: bool) -> None:
        if not closes:
            if self._cells_in_row:
                self.builder.write_cell_border()
            self._cells_in_row += 1

    def _begin_block(self, name: str, separation: str) -> None:
        self._close_block()
        self._cells_in_row = 0
        self.builder.separate(separation)
        if name in _HEADINGS:
            self._block = self.builder.open("heading", _HEADINGS[name])
        elif name == "li":
            self._block = self.builder.open("list_item", self._list_depth + 1, {"marker": "•"})
        else:
            self._block = self.builder.open("paragraph")

    def _close_tag(self, name: str) -> None:
        for place in range(len(self._tags) - 1, -1, -1):
            if self._tags[place][0] == name:
                self.builder.close(self._tags.pop(place)[1])
                return

    def _close_block(self) -> None:
        """End the paragraph or heading, and the HTML tags that nobody closed."""
        while self._tags:
            self.builder.close(self._tags.pop()[1])
        if self._block:
            self.builder.close(self._block)
            self._block = None
