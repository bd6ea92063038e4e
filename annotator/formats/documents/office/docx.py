"""Word files: text with headings, lists with their numbers, tables, links and notes.

Headers, footers and pictures are left out. Of tracked changes the insertions are kept and the deletions left out;
comments and hidden text are left out; a warning says how many of each there were.
"""

from __future__ import annotations

from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.office.document import office_document
from annotator.formats.documents.office.docx_body import Walk
from annotator.formats.documents.office.docx_package import Package, W
from annotator.formats.documents.office.docx_styles import Numbering, Styles
from annotator.formats.documents.office.lock import unlocked
from annotator.formats.documents.source import ReadDocument, SourceFile

_NOTE_KINDS = ("footnote", "endnote")
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def read_docx(source: SourceFile) -> ReadDocument:
    """Return a Word file as a document.

    Raises:
        PasswordNeededError: The file is locked, and the password is missing or wrong.
        DocumentReadError: The file is damaged, refused for what is in it, or without text.
    """
    package = Package(source.name, unlocked(source))
    source.progress("paragraphs")
    body = package.parse(package.main).find(W + "body")
    if body is None:
        raise DocumentReadError("“{file}” is no Word document: save it again as DOCX or PDF.", file=source.name)
    styles = Styles(package.parse_related("styles"))
    walk = Walk(
        styles=styles,
        numbering=Numbering(package.parse_related("numbering"), styles),
        note_elements={kind: _notes(package, kind) for kind in _NOTE_KINDS},
        note_links={kind: package.links(package.related(package.main, f"{kind}s")) for kind in _NOTE_KINDS},
    )
    blocks = walk.blocks(body, package.links(package.main))
    return office_document(source, "docx", blocks, walk.finished_notes, package.properties(), walk.omissions)


def _notes(package: Package, kind: str) -> dict[str, etree._Element]:
    """Return the notes of a kind by id, without the lines that separate notes from text."""
    root = package.parse_related(f"{kind}s")
    if root is None:
        return {}
    found = (note for note in root.findall(W + kind) if note.get(W + "type", "normal") not in _SEPARATORS)
    return {note.get(W + "id", ""): note for note in found}
