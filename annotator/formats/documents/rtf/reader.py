"""Rich Text: text with headings, lists with their numbers, tables, links and notes.

Headers, footers, pictures and embedded objects are left out. Of tracked changes the insertions are kept and the
deletions left out; comments and hidden text are left out; a warning says how many of each there were.
"""

from __future__ import annotations

from dataclasses import replace

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.office.document import office_document
from annotator.formats.documents.rtf.body import RtfBody
from annotator.formats.documents.rtf.tokens import RtfTokens
from annotator.formats.documents.source import ReadDocument, SourceFile

_BEGINNING = b"{\\rtf"
_CUT_OFF = "The file ends in the middle, so its last part may be missing: compare it with the original."


def read_rtf(source: SourceFile) -> ReadDocument:
    """Return a Rich Text file as a document.

    Raises:
        DocumentReadError: The file is no Rich Text, is refused for what is in it, or has no text.
    """
    start = source.data[:64].find(_BEGINNING)
    if start < 0:
        raise DocumentReadError(
            "“{file}” is no Rich Text: if it reads well as plain text, rename it to .txt and import that.",
            file=source.name,
        )
    body = RtfBody(RtfTokens(source.name, source.data[start:], source.progress))
    document = office_document(source, "rtf", body.blocks, body.notes, body.properties, body.omissions)
    return replace(document, warnings=(*document.warnings, _CUT_OFF)) if body.is_cut_off else document
