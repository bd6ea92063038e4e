"""XML of REFI-QDA: read element by element with nothing fetched or expanded, and written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from annotator.core.errors import DatasetError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True}
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE = {**_IN_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
_TEXT = str.maketrans(_IN_TEXT)
_ATTRIBUTE = str.maketrans(_IN_ATTRIBUTE)


def elements(stream: BinaryIO, names: tuple[str, ...], where: str) -> Iterator[Element]:
    """Yield each element of these names, whole, and forget it; `where` names the file for messages.

    Raises DatasetError where the file is no XML from some place on, or declares a document type.
    """
    from lxml import etree

    tags = [f"{{*}}{name}" for name in names]
    found = 0
    try:
        for _, element in etree.iterparse(stream, events=("end",), tag=tags, **_SAFE):  # type: ignore[call-overload]
            if not found and element.getroottree().docinfo.doctype:
                raise DatasetError(
                    "{file} declares a document type, which no project does. Export it anew.", file=where
                )
            found += 1
            yield element
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise DatasetError(
            "{file}: the XML is broken ({reason}). Export the project anew.",
            file=where,
            reason=" ".join(str(error).split())[:160],
        ) from error


def _forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local(element: Element) -> str:
    """Return an element's name without its namespace; nothing for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """Return the children of this name."""
    return [child for child in element if local(child) == name]


def text_in(element: Element, name: str) -> str:
    """Return the text of the first child of this name, nothing where there is none."""
    found = next(iter(children(element, name)), None)
    return "" if found is None else all_text(found)


def all_text(element: Element) -> str:
    """Return all text within an element."""
    return "".join(str(piece) for piece in element.itertext())


def guid(value: str | None) -> str:
    """Return an identifier in one form: small letters, no braces."""
    return (value or "").strip().strip("{}").lower()


def is_clean(value: str) -> bool:
    """Say whether XML can hold a text to the letter."""
    return _NOT_IN_XML.search(value) is None


def in_text(value: str) -> str:
    """Return a text as it stands between tags, with U+FFFD for what XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", value).translate(_TEXT)


def in_attribute(value: str) -> str:
    """Return a text as it stands in the quotes of an attribute, with U+FFFD for what XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", value).translate(_ATTRIBUTE)
