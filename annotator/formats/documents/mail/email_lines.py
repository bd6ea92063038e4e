"""The plain text of an e-mail: its quoted lines, and the paragraphs that were broken into lines to be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from annotator.core.structure import Structure
from annotator.formats.documents.markdown.text import BLOCK, LINE
from annotator.formats.documents.text_builder import OpenRange, TextBuilder

NARROWEST_WRAP = 50
WIDEST_WRAP = 80
"""Code points of a line: what was broken at another width was not broken by a mail program."""

DEEPEST_QUOTE = 50
_LONG_LINE = 100
_MOST_LONG_LINES = 0.1
_QUOTED = re.compile(r"((?:>[ ]?)+)(.*)", re.DOTALL)
_SIGNATURE = re.compile(r"-- ?\Z")
_ITEM = re.compile(r"\s*(?:[-*•–—·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")
_OWN_LINE = re.compile(r"[-=_*#~]{3,}|\w[\w-]{1,20}:\s")
_SLACK = 8
"""Code points by which a line may be shorter than the longest, its next word included, and still have been broken."""

_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its quotation marks; `depth` is how many there were, `flows` whether the next one goes on."""

    depth: int
    text: str
    flows: bool = False


def plain_text(text: str, flowed: bool = False, delete_space: bool = False) -> tuple[str, Structure]:
    """Return the text of an e-mail with its paragraphs whole, and their ranges and those of its quotations.

    Args:
        text: The text with LF newlines.
        flowed: Whether a line that ends with a space goes on in the next one (RFC 3676).
        delete_space: Whether that space is no part of the text.
    """
    lines = [_line(line, flowed, delete_space) for line in text.split("\n")]
    if not flowed:
        lines = _with_breaks(lines)
    return _build(lines)


def _line(line: str, flowed: bool, delete_space: bool) -> Line:
    match = None if line.startswith(">From ") else _QUOTED.match(line)
    depth = match.group(1).count(">") if match else 0
    rest = match.group(2) if match else line.removeprefix(">" if line.startswith(">From ") else "")
    if not flowed:
        return Line(depth, rest.rstrip())
    rest = rest.removeprefix(" ")
    flows = rest.endswith(" ") and not _SIGNATURE.match(rest)
    return Line(depth, rest[:-1] if flows and delete_space else rest, flows)


def _with_breaks(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with `flows` where a line was broken because the next word would not have fitted."""
    widths = {depth: _wrap_width([line.text for line in lines if line.depth == depth]) for depth in _depths(lines)}
    marked = [
        Line(line.depth, line.text, _was_broken(line, following, widths[line.depth]))
        for line, following in pairwise(lines)
    ]
    return [*marked, *lines[-1:]]


def _depths(lines: Iterable[Line]) -> set[int]:
    return {line.depth for line in lines}


def _wrap_width(texts: Sequence[str]) -> int:
    """Return the width that lines were broken at in code points, or 0 if they were not broken."""
    lengths = [len(text) for text in texts if text.strip()]
    too_long = sum(length > _LONG_LINE for length in lengths)
    width = max((length for length in lengths if length <= WIDEST_WRAP), default=0)
    if too_long > _MOST_LONG_LINES * len(lengths) or width < NARROWEST_WRAP:
        return 0
    return width


def _was_broken(line: Line, following: Line, width: int) -> bool:
    if not width or line.depth != following.depth or not line.text.strip() or not following.text.strip():
        return False
    if _ITEM.match(following.text) or _OWN_LINE.match(following.text) or _SIGNATURE.match(line.text):
        return False
    item = _ITEM.match(line.text)
    if _indentation(following.text) not in (_indentation(line.text), item.end() if item else 0):
        return False
    return len(line.text) + 1 + len(following.text.split(maxsplit=1)[0]) > width - _SLACK


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip())


def _build(lines: Sequence[Line]) -> tuple[str, Structure]:
    builder = TextBuilder()
    quotes: list[OpenRange] = []
    for depth, group in groupby(lines, lambda line: min(line.depth, DEEPEST_QUOTE)):
        builder.separate(BLOCK)
        while len(quotes) > depth:
            builder.close(quotes.pop())
        while len(quotes) < depth:
            quotes.append(builder.open("quote", len(quotes) + 1))
        _write_paragraphs(builder, list(group))
    while quotes:
        builder.close(quotes.pop())
    return builder.finish()


def _write_paragraphs(builder: TextBuilder, lines: Iterable[Line]) -> None:
    paragraphs: list[list[Line]] = [[]]
    for line in lines:
        if not line.text.strip() or _SIGNATURE.match(line.text):
            paragraphs.append([])
        if line.text.strip():
            paragraphs[-1].append(line)
    for part in paragraphs:
        builder.separate(BLOCK)
        paragraph = builder.open("paragraph")
        _write_lines(builder, part)
        builder.close(paragraph)


def _write_lines(builder: TextBuilder, lines: Sequence[Line]) -> None:
    for line, before in zip(lines, (None, *lines), strict=False):
        if before is not None and not before.flows:
            builder.separate(LINE)
        elif before is not None and not before.text.endswith(" ") and _needs_space(before.text, line.text):
            builder.write(" ")
        builder.write(line.text)


def _needs_space(before: str, after: str) -> bool:
    """Say whether two parts of a broken line stood apart: not behind a hyphen inside a word, nor in Chinese."""
    after = after.lstrip()
    if len(before) > 1 and before[-1] == "-" and before[-2].isalpha() and after[:1].islower():
        return False
    return not (_UNSPACED.match(before[-1:]) and _UNSPACED.match(after[:1]))
