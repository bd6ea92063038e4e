"""XML parts of office files: parsed without entities, without document types, and without anything from outside."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.source import storable


def parse_part(name: str, data: bytes) -> etree._Element:
    """Return the root element of an XML part of the file `name`, without comments and instructions.

    Raises:
        DocumentReadError: The XML is damaged, is nested too deeply, or declares a document type, which office files
            never do and which could make a text of any size out of a few bytes.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable(name, str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentReadError(
            "“{file}” declares XML entities, which no office program writes: open it where it reads well and save it "
            "anew.",
            file=name,
        )
    return root


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the child elements, and nothing that is no element."""
    return parent.iterchildren("*")


def _unreadable(name: str, reason: str) -> DocumentReadError:
    if "Excessive depth" in reason:
        return DocumentReadError("“{file}” is nested too deeply: save it as plain text and import that.", file=name)
    if "amplification" in reason or "Text node too long" in reason:
        return DocumentReadError(
            "“{file}” unpacks to far more than it should: save its text anew and import that.", file=name
        )
    return DocumentReadError(
        "“{file}” is damaged or was cut off ({reason}): get it again from where it came.",
        file=name,
        reason=storable(reason)[:200],
    )
