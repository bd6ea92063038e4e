"""PDF: the text in the order of reading, and where each of its words stands on the pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.formats.documents.source import (
    MAXIMUM_TITLE,
    ReadDocument,
    SourceFile,
    iso_date,
    short_title,
    storable,
    tidy_title,
    title_from,
)

_PROGRAMS_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)|powerpoint presentation|untitled|document\d*|slide 1)\b"
    r"|^\(?(?:anonymous|unspecified|about:blank)\)?$|^[\W\d_]*$",
    re.I,
)
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|odt|rtf|indd|qxd|tex|dvi|xlsx?|pptx?|txt|html?|exe|p65|wpd|fm)\b", re.I)
_PDF_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
_FACTS = {"Author": "author", "Subject": "subject", "Keywords": "keywords", "Creator": "program"}
_SHORTEST_TITLE = 4


def read_pdf(source: SourceFile) -> ReadDocument:
    """Return a PDF as a document, with the layout of its pages.

    Raises:
        PasswordNeededError: The file is locked, and no password or a wrong one was given.
        DocumentReadError: The file is no PDF, is damaged, holds no text, or would take too much time or memory.
    """
    from annotator.formats.documents.pdf.limits import PdfLimitError, limited_streams
    from annotator.formats.documents.pdf.open import excessive

    try:
        with limited_streams():
            return _read(source)
    except PdfLimitError as error:
        raise excessive(source) from error


def _read(source: SourceFile) -> ReadDocument:
    from annotator.formats.documents.pdf.doubtful import doubts
    from annotator.formats.documents.pdf.furniture import take_furniture
    from annotator.formats.documents.pdf.hyphens import Vocabulary
    from annotator.formats.documents.pdf.pages import read_pages
    from annotator.formats.documents.pdf.reading import blocks_of, largest_text
    from annotator.formats.documents.pdf.text import PdfTextWriter

    pages, facts, warnings = read_pages(source)
    source.progress("paragraphs")
    left_out = take_furniture(pages)
    blocks, manner = blocks_of(pages)
    vocabulary = Vocabulary()
    for block in blocks:
        for cell in block.cells:
            vocabulary.learn(placed.line.text for placed in cell)
    writer = PdfTextWriter(pages, vocabulary, not manner.body_is_bold)
    writer.write(blocks)
    text, structure, layout = writer.finish()
    if not text.strip():
        raise DocumentReadError("“{file}” is empty: there is no text in it to annotate.", file=source.name)
    metadata = _metadata(facts) | {"page_count": len(pages)}
    if left_out:
        kinds = Counter(entry.kind for entry in left_out)
        metadata["left_out"] = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in kinds.most_common())
    return ReadDocument(
        text=text,
        structure=structure,
        title=_given_title(facts)
        or short_title(largest_text(blocks, manner))
        or _first_heading(text, structure)
        or title_from(text, source.name),
        date=iso_date(PurePath(source.name).name),
        format="pdf",
        metadata=metadata,
        warnings=(*warnings, *doubts(text)),
        pages=replace(layout, left_out=tuple(entry._replace(text=storable(entry.text)) for entry in left_out)),
    )


def _metadata(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in _FACTS.items():
        value = facts.get(key)
        if isinstance(value, str) and tidy_title(value):
            found[name] = tidy_title(value)
    created = _PDF_DATE.match(str(facts.get("CreationDate", "")))
    day = iso_date("-".join(created.groups())) if created else ""
    if day:
        found["created"] = day
    return found


def _given_title(facts: dict[str, Any]) -> str:
    """Return the title that the file states, unless it is a program's or a file's name."""
    given = facts.get("Title")
    title = tidy_title(given) if isinstance(given, str) else ""
    is_name = _PROGRAMS_TITLE.search(title) or _FILE_NAME.search(title) or ("_" in title and " " not in title)
    return title if _SHORTEST_TITLE <= len(title) <= MAXIMUM_TITLE and not is_name else ""


def _first_heading(text: str, structure: Structure) -> str:
    headings = [r for r in structure.ranges if r.kind == "heading"]
    largest = min(headings, key=lambda r: (r.level, r.start), default=None)
    return short_title(text[largest.start : largest.end]) if largest else ""
