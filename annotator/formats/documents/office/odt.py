"""OpenDocument texts (.odt, .ott, .fodt): text with headings, lists with their numbers, tables, links and notes.

Headers, footers and pictures are left out. Of tracked changes the insertions are kept and the deletions left out;
comments and hidden text are left out; a warning says how many of each there were.
"""

from __future__ import annotations

from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.archives import Archive
from annotator.formats.documents.office.document import Properties, office_document
from annotator.formats.documents.office.odt_body import OdtBody
from annotator.formats.documents.office.odt_styles import OFFICE, OdtStyles
from annotator.formats.documents.office.xml import elements, local_name, parse_part
from annotator.formats.documents.source import ReadDocument, SourceFile

_ZIP = b"PK\x03\x04"
_MANIFEST = "META-INF/manifest.xml"
_PARTS = ("content.xml", "styles.xml", "meta.xml")
_PICTURE = b"<office:binary-data>", b"</office:binary-data>"


def read_odt(source: SourceFile) -> ReadDocument:
    """Return an OpenDocument text as a document.

    Raises:
        DocumentReadError: The file is locked, damaged, refused for what is in it, or without text.
    """
    roots = _archive_roots(source) if source.data.startswith(_ZIP) else [_flat_root(source)]
    source.progress("paragraphs")
    text = next((found for root in roots for found in root.iter(OFFICE + "text")), None)
    if text is None:
        raise DocumentReadError(
            "“{file}” is no OpenDocument text: save it as ODT, DOCX or PDF and import that.", file=source.name
        )
    body = OdtBody(OdtStyles(reversed(roots)))
    return office_document(source, "odt", body.blocks(text), body.notes, _properties(roots), body.omissions)


def _archive_roots(source: SourceFile) -> list[etree._Element]:
    archive = Archive(source.name, source.data)
    members = frozenset(archive.names())
    if "encrypted-package" in members or (_MANIFEST in members and b"encryption-data" in archive.read(_MANIFEST)):
        raise DocumentReadError(
            "“{file}” is locked with a password: save it without one and import that.", file=source.name
        )
    return [parse_part(source.name, archive.read(part)) for part in _PARTS if part in members or part == _PARTS[0]]


def _flat_root(source: SourceFile) -> etree._Element:
    """Return the root of a flat file without its pictures, which may be larger than any text may be."""
    opening, closing = _PICTURE
    kept: list[bytes] = []
    place = 0
    while (start := source.data.find(opening, place)) >= 0 and (end := source.data.find(closing, start)) >= 0:
        kept.append(source.data[place:start])
        place = end + len(closing)
    return parse_part(source.name, b"".join(kept) + source.data[place:])


def _properties(roots: list[etree._Element]) -> Properties:
    meta = next((found for root in roots for found in root.iter(OFFICE + "meta")), None)
    said: dict[str, str] = {}
    keywords: list[str] = []
    for element in [] if meta is None else elements(meta):
        said.setdefault(local_name(element), element.text or "")
        if local_name(element) == "keyword" and element.text:
            keywords.append(element.text)
    properties = Properties(
        title=said.get("title", ""),
        date=said.get("creation-date", "") or said.get("date", ""),
        language=said.get("language", ""),
    )
    properties.describe("author", said.get("initial-creator") or said.get("creator"))
    properties.describe("subject", said.get("subject"))
    properties.describe("keywords", ", ".join(keywords))
    properties.describe("description", said.get("description"))
    return properties
