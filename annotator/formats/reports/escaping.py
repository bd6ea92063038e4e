"""Text of others within HTML and Markdown: it is shown as it stands and never acts."""

from __future__ import annotations

import re
from html import escape

from annotator.core.report import shown_text

_MARKS = re.compile(r"[\\`*_\[\]<>#|~$&]")
_LINE_START = re.compile(r"^(\s*)([-+=>]|\d{1,9}[.)])", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def html_text(text: str) -> str:
    """Return the text for an element or for an attribute in double quotes."""
    return escape(shown_text(text), quote=True)


def markdown_text(text: str) -> str:
    """Return the text so that Markdown reads none of it as a mark; its lines stay."""
    return plain_starts(_INDENT.sub("", markdown_inline(text)))


def markdown_inline(text: str) -> str:
    """Return a stretch within a line so that Markdown reads none of it as a mark."""
    return _MARKS.sub(r"\\\g<0>", shown_text(text))


def plain_starts(escaped: str) -> str:
    """Return text of `markdown_inline` so that none of its lines begins an item, a heading or a rule."""
    return _LINE_START.sub(_escaped_start, escaped)


def markdown_line(text: str) -> str:
    """Return the text on one line, as `markdown_text` does."""
    return markdown_text(" ".join(text.split()))


def _escaped_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark[:-1]}\\{mark[-1]}"
