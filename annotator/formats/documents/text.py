"""Plain text: every character stays where it is, only newlines become one kind."""

from __future__ import annotations

from pathlib import PurePath

from annotator.core.structure import Structure
from annotator.formats.documents.encoding import decode_text
from annotator.formats.documents.source import ReadDocument, SourceFile, iso_date, title_from


def read_text(source: SourceFile) -> ReadDocument:
    """Return a plain text file as a document; its date is taken from the file's name alone.

    Raises:
        DocumentReadError: The bytes are no text.
    """
    text, warnings = decode_text(source.name, source.data)
    return ReadDocument(
        text=text,
        structure=Structure(),
        title=title_from(text, source.name),
        date=iso_date(PurePath(source.name).name),
        format="text",
        warnings=warnings,
    )
