# ruff: noqa: N802 - the library says handleMatch
"""Markdown to an element tree, by the `markdown` library with its own rules of lists, headings and HTML replaced.

The tree holds `p`, `h1` to `h6`, `ul`, `ol`, `li` (attribute `marker`), `blockquote`, `pre`, `table`, `hr`, and inside
them `em`, `strong`, `code`, `a`, `br` and `tag` (one HTML tag: attributes `name`, `closes`, `address`). Characters
that were escaped are still encoded: `plain()` gives them back.
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown import util
from markdown.blockprocessors import BlockProcessor, CodeBlockProcessor, HashHeaderProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from annotator.formats.documents.html_tags import parse_tag, remove_hidden

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ENCODED = re.compile(f"{util.STX}(\\d+){util.ETX}")
_MARKER = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])( +|$)")
_INTERRUPTING = re.compile(r"^ {0,3}(?:[-*+]|1[.)]) +\S", re.MULTILINE)
_RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+) *(?:\n|\Z)", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})[^`\n]*(?:\n|$)")


def parse_markdown(text: str) -> Element:
    """Return the tree of a Markdown text. Raises RecursionError for a nest without end."""
    converter = _converter()
    lines = text.split("\n")
    for preprocessor in converter.preprocessors:
        lines = preprocessor.run(lines)
    root = converter.parser.parseDocument(lines).getroot()
    assert root is not None
    converter.treeprocessors["inline"].run(root)
    return root


def plain(text: str | None) -> str:
    """Return text of the tree with its escaped characters as themselves."""
    return _ENCODED.sub(lambda match: chr(int(match.group(1))), text) if text else ""


def _converter() -> markdown.Markdown:
    converter = markdown.Markdown(extensions=["tables"])
    converter.ESCAPED_CHARS = list(_PUNCTUATION)
    converter.preprocessors.deregister("html_block")
    converter.preprocessors.register(_HiddenHtml(converter), "hidden_html", 20)
    _register_blocks(converter)
    _register_inline(converter)
    return converter


def _register_blocks(converter: markdown.Markdown) -> None:
    blocks = converter.parser.blockprocessors
    for name in ("indent", "olist", "ulist"):
        blocks.deregister(name)
    parser = converter.parser
    blocks.register(_FenceProcessor(parser), "fence", 95)
    blocks.register(_CodeProcessor(parser), "code", 80)
    blocks.register(_HashHeadingProcessor(parser), "hashheader", 70)
    blocks.register(_ListProcessor(parser), "list", 55)
    blocks.register(_UnderlinedHeadingProcessor(parser), "setextheader", 52)


def _register_inline(converter: markdown.Markdown) -> None:
    inline = converter.inlinePatterns
    inline.register(_FootnoteMark(r"\[\^([^\]\s]+)\](?::(?=\s))?", converter), "footnote", 175)
    inline.register(_Address(r"<([^<>!\s@]+@[^@<>\s]+)>", converter), "automail", 110)
    inline.register(_HardBreak(r"(?: {2,}|\\)\n", converter), "linebreak", 185)
    inline.register(_HtmlTag(inline["html"].pattern, converter), "html", 90)
    inline.register(_Entity(inline["entity"].pattern, converter), "entity", 80)
    inline.register(_LoosePair(r"(\*{2,3})([^*]+?)\1(?!\*)", converter, "strong"), "loose_strong", 50)
    inline.register(_LoosePair(r"(\*)([^\w*]+)\*(?!\*)", converter, "span"), "empty_em", 47)
    inline.register(_LoosePair(r"(?<!\w)(\*)(\S[^*]*?|[^*]*?\S)\*(?!\*)", converter, "em"), "loose_em", 45)
    inline.register(_Nothing(r"\*{2,}|\*(?=\xa0)|(?<=\xa0)\*", converter), "stray_stars", 40)


class _HiddenHtml(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return remove_hidden("\n".join(lines)).split("\n")


class _FenceProcessor(BlockProcessor):
    """Text between ``` or ~~~ lines, blank lines included."""

    def test(self, parent: Element, block: str) -> bool:
        return bool(_FENCE.match(block))

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        match = _FENCE.match(blocks[0])
        assert match
        closing = re.compile(rf"^ {{0,3}}{re.escape(match['fence'])}[`~]* *$", re.MULTILINE)
        for count in range(1, len(blocks) + 1):
            start = match.end() if count == 1 else 0
            end = closing.search(blocks[count - 1], start)
            if end:
                break
        else:
            return False
        inside = [*blocks[: count - 1], blocks[count - 1][: end.start()]]
        inside[0] = inside[0][match.end() :]
        SubElement(parent, "pre").text = util.AtomicString("\n\n".join(inside).strip("\n"))
        after = blocks[count - 1][end.end() :].lstrip("\n")
        blocks[:count] = [after] if after else []
        return None


class _CodeProcessor(CodeBlockProcessor):
    """Indented code, unless the indented text is HTML."""

    def test(self, parent: Element, block: str) -> bool:
        return super().test(parent, block) and not block.lstrip().startswith("<")


class _HashHeadingProcessor(HashHeaderProcessor):
    """Headings that begin with # and a space, so that “#1 priority” and “#StandWithUkraine” stay text."""

    RE = re.compile(r"(?:^|\n) {0,3}(?P<level>#{1,6})(?P<header>(?:[ \t]+[^\n]*?)?)(?:[ \t]+#+)?[ \t]*(?:\n|$)")


class _UnderlinedHeadingProcessor(BlockProcessor):
    """Headings of one or more lines underlined with = or -."""

    def test(self, parent: Element, block: str) -> bool:
        match = _UNDERLINE.search(block)
        return bool(match and block[: match.start()].strip())

    def run(self, parent: Element, blocks: list[str]) -> None:
        match = _UNDERLINE.search(blocks[0])
        assert match
        heading = blocks[0][: match.start()].strip()
        SubElement(parent, "h1" if match.group(1).startswith("=") else "h2").text = heading
        after = blocks.pop(0)[match.end() :]
        if after:
            blocks.insert(0, after)


class _ListProcessor(BlockProcessor):
    """Bulleted and numbered lists with each item's own marker.

    What is indented by two or more spaces beyond the marker belongs to the item. A line of a paragraph that happens
    to begin with a number and a full stop stays in the paragraph.
    """

    def test(self, parent: Element, block: str) -> bool:
        return _begins_item(block.split("\n", 1)[0]) or _interruption(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        start = 0 if _begins_item(block.split("\n", 1)[0]) else _interruption(block) or 0
        if start:
            self.parser.parseBlocks(parent, [block[:start].rstrip("\n")])
            block = block[start:]
        items, rest = _split_items(block.split("\n"), blocks)
        element = SubElement(parent, "ul" if items[0][0] in "-*+" else "ol")
        for marker, lines in items:
            item = SubElement(element, "li", marker="•" if marker in "-*+" else marker)
            self.parser.parseChunk(item, "\n".join(lines).strip("\n"))
        if rest:
            blocks.insert(0, "\n".join(rest))


def _begins_item(line: str) -> bool:
    return bool(_MARKER.match(line)) and not _RULE.match(line)


def _interruption(block: str) -> int | None:
    """Return where a list begins inside a block of text, or None."""
    for match in _INTERRUPTING.finditer(block):
        if not _RULE.match(block[match.start() :].split("\n", 1)[0]):
            return match.start()
    return None


def _split_items(lines: list[str], blocks: list[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return the items as (marker, lines without their indentation), and the lines of the last block that are none.

    Takes from `blocks` those that continue the list.
    """
    items: list[tuple[str, list[str]]] = []
    indent = width = 0
    after_blank = False
    while True:
        for place, line in enumerate(lines):
            marker = _MARKER.match(line) if _begins_item(line) else None
            if items and _indentation(line) >= indent + 2:
                items[-1][1].append(line[min(_indentation(line), width) :])
            elif marker and (not items or _same_list(items[-1][0], marker[2], after_blank)):
                indent = len(marker[1])
                width = marker.end() if 0 < len(marker[3]) < 5 else marker.end(2) + 1
                items.append((marker[2], [line[width:]]))
            elif after_blank or _RULE.match(line) or _INTERRUPTING.match(line):
                return items, lines[place:]
            else:
                items[-1][1].append(line.lstrip(" "))
            after_blank = False
        while blocks and not blocks[0].strip():
            blocks.pop(0)
        if not blocks or not _continues(blocks[0].lstrip("\n"), items[-1][0], indent):
            return items, []
        lines, after_blank = blocks.pop(0).strip("\n").split("\n"), True
        items[-1][1].append("")


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _continues(block: str, marker: str, indent: int) -> bool:
    line = block.split("\n", 1)[0]
    following = _MARKER.match(line) if _begins_item(line) else None
    return _indentation(line) >= indent + 2 or bool(following and _same_list(marker, following[2], True))


def _same_list(marker: str, following: str, after_blank: bool) -> bool:
    """Say whether a marker goes on with a list; a leap of the number is the year at the end of a sentence."""
    if marker[-1] != following[-1] or after_blank or len(following) == 1:
        return marker[-1] == following[-1]
    return 0 <= int(following[:-1]) - int(marker[:-1]) < 100


class _FootnoteMark(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        return f"[{m.group(1)}]", m.start(), m.end()


class _Address(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        link = Element("a", href=f"mailto:{m.group(1)}")
        link.text = util.AtomicString(m.group(1))
        return link, m.start(), m.end()


class _HardBreak(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        return Element("br"), m.start(), m.end()


class _HtmlTag(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str, int, int]:
        tag = parse_tag(plain(self.unescape(m.group(1))))
        if tag is None:
            return "", m.start(), m.end()
        if tag.name == "br":
            return Element("br"), m.start(), m.end()
        element = Element("tag", name=tag.name, closes="yes" if tag.closes else "", address=tag.address)
        return element, m.start(), m.end()


class _Entity(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        text = html.unescape(m.group(1))
        return "".join(f"{util.STX}{ord(c)}{util.ETX}" for c in text), m.start(), m.end()


class _LoosePair(InlineProcessor):
    """Pairs of asterisks that stand beside a space, as word processors leave them: `**Title: ** text`."""

    def __init__(self, pattern: str, converter: markdown.Markdown, tag: str) -> None:
        super().__init__(pattern, converter)
        self._tag = tag

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        element = Element(self._tag)
        element.text = m.group(2)
        return element, m.start(), m.end()


class _Nothing(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        return "", m.start(), m.end()
