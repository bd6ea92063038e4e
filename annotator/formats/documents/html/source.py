"""The bytes of a web page to text, and its text to a tree, within the limits of the parser."""

from __future__ import annotations

import codecs
import re
from typing import Any

import lxml.html
from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.core.text import normalise_newlines
from annotator.formats.documents.charsets import is_utf8, python_encoding
from annotator.formats.documents.encoding import check_size, decode_text
from annotator.formats.documents.html_tags import BLOCK_ELEMENTS, remove_hidden

_DECLARED_WITHIN = 4096
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = (
    re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE),
    re.compile(rb"\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE),
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,9}));?", re.IGNORECASE)
_MOSTLY_BROKEN = 0.02
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_LONG_ATTRIBUTE = re.compile(r"""=\s*(?:"[^"]{20000,}"|'[^']{20000,}')""")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})(?=[\s/>])[^<>]{0,5000}>")
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]{0,40})\s[^<>]{20000,}>")
_MOST_ATTRIBUTES = 1000
_INTERNAL_TYPE = re.compile(
    r"\s*(?:<\?xml[^>]{0,500}>)?\s*<!DOCTYPE\b[^>\[]{0,500}\[(?:[^\]]|\](?!\s*>)){0,100000}\]\s*>", re.IGNORECASE
)
_FLAT_ELEMENTS = frozenset({"html", "body", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "title"})


def decode_html(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page with LF newlines, and warnings.

    A byte order mark counts most, then UTF-8 that is without fault, then what the page declares, then a guess.

    Raises:
        DocumentReadError: The page is too large, empty, not text, or in no encoding that can be made out.
    """
    check_size(name, len(data))
    declared = _declared_encoding(data)
    if data.startswith(_BYTE_ORDER_MARKS) or not declared or declared == "utf-8" or is_utf8(data):
        return decode_text(name, data)
    text = data.decode(declared, "replace")
    if text.count("\ufffd") > max(5, len(text) * _MOSTLY_BROKEN):
        return decode_text(name, data)
    if len(_CONTROL.findall(text)) > max(2, len(text) // 100):
        raise DocumentReadError("“{file}” is not a web page: save the page again and import that.", file=name)
    return normalise_newlines(text), ()


def parse_html(name: str, source: bytes | str) -> lxml.html.HtmlElement:
    """Return the tree of a page; nothing that it names is opened, and what hides in comments is gone.

    A page that is nested deeper than the parser goes is read as a flat row of paragraphs.

    Raises:
        DocumentReadError: The bytes are no text, or there is nothing in them.
    """
    text = _without_controls(source if isinstance(source, str) else decode_html(name, source)[0])
    declared = _INTERNAL_TYPE.match(text)
    text = _LONG_TAG.sub(_limit_attributes, text[declared.end() :] if declared else text)
    tree, complete = _parse(text)
    if not complete:
        text = _LONG_ATTRIBUTE.sub('=""', remove_hidden(text))
        tree, complete = _parse(text)
    if not complete:
        tree, complete = _parse(_flatten(text))
    if tree is None:
        raise DocumentReadError("“{file}” is empty: there is no text in it to annotate.", file=name)
    if not complete:
        raise DocumentReadError(
            "“{file}” holds a piece of more than 10 million characters: split it into parts and import those.",
            file=name,
        )
    return tree


def _declared_encoding(data: bytes) -> str:
    """Return Python's name of the encoding that a page says it is in, or an empty string."""
    head = data[:_DECLARED_WITHIN]
    labels = (match.group(1).decode("ascii", "replace") for pattern in _DECLARED if (match := pattern.search(head)))
    return next((encoding for label in labels if (encoding := python_encoding(label))), "")


def _parse(text: str) -> tuple[Any, bool]:
    """Return the tree, or None if there is none, and whether the parser reached the end of the text."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    tree = etree.fromstring(text.encode(), parser)
    return tree, all(entry.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)


def _without_controls(text: str) -> str:
    """Return the text with spaces for the characters that no tree may hold, written as they are or by number."""

    def allowed(reference: re.Match[str]) -> str:
        number = int(reference.group(1), 16) if reference.group(1) else int(reference.group(2))
        return " " if number < 0x10000 and _FORBIDDEN.match(chr(number)) else reference.group()

    return _REFERENCE.sub(allowed, _FORBIDDEN.sub(" ", text))


def _limit_attributes(tag: re.Match[str]) -> str:
    """Return the tag, without attributes if it has so many that the parser would need minutes for them."""
    return f"<{tag.group(1)}>" if len(tag.group().split()) > _MOST_ATTRIBUTES else tag.group()


def _flatten(text: str) -> str:
    """Return the page with blocks as paragraphs and without the elements that could nest."""

    def flat(match: re.Match[str]) -> str:
        name = match.group(2).lower()
        if name in _FLAT_ELEMENTS:
            return f"<{match.group(1)}{name}>"
        return "<p>" if name in BLOCK_ELEMENTS else ""

    return _TAG.sub(flat, text)
