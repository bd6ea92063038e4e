"""What of a page no reader sees."""

from __future__ import annotations

import re

from lxml import etree

from annotator.formats.documents.html_tags import BLOCK_ELEMENTS, HIDDEN_ELEMENTS

BLOCKS = BLOCK_ELEMENTS | {"td", "th", "center", "hgroup", "search"}
"""Elements that stand on lines of their own."""

_NEVER_SHOWN = frozenset(
    {*HIDDEN_ELEMENTS, "noscript", "select", "textarea", "datalist", "canvas", "audio", "video", "rt", "rp", "input"}
)
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_FOR_SCREEN_READERS = frozenset(
    {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible", "screenreader-only"}
)
_ICONS = frozenset({"i", "span", "b", "em", "a"})
_BLANK = re.compile("[\\s\xa0\xad\u200b-\u200f\u2060\ufeff]*\\Z")


def element_name(element: etree._Element) -> str:
    """Return the element's lower-case name without its namespace, or an empty string for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def is_hidden(element: etree._Element) -> bool:
    """Say whether an element itself, apart from those around it, is kept from a reader's eyes."""
    name = element_name(element)
    if name in _NEVER_SHOWN:
        return True
    if not element.attrib:
        return False
    if element.get("hidden", "until-found") != "until-found" or (
        element.get("aria-hidden") == "true" and name in _ICONS
    ):
        return True
    if _HIDDEN_STYLE.search(element.get("style", "")):
        return True
    return not _FOR_SCREEN_READERS.isdisjoint(element.get("class", "").split())


def is_blank(text: str) -> bool:
    """Say whether a text shows nothing: white space, NBSP, zero-width characters."""
    return bool(_BLANK.match(text))
