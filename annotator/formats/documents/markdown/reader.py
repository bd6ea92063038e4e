"""Markdown with YAML front matter: clean text, and headings, lists and emphasis as ranges beside it."""

from __future__ import annotations

from pathlib import PurePath

from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.formats.documents.encoding import decode_text
from annotator.formats.documents.markdown.front_matter import split_front_matter
from annotator.formats.documents.markdown.text import tree_text
from annotator.formats.documents.markdown.tree import parse_markdown
from annotator.formats.documents.source import (
    ReadDocument,
    SourceFile,
    iso_date,
    short_title,
    title_from,
)


def read_markdown(source: SourceFile) -> ReadDocument:
    """Return a Markdown file as a document.

    The title is the front matter's, else the first heading, else as in plain text; the date is the front matter's or
    that in the file's name. Links keep their text, with the address in the range; images leave nothing.

    Raises:
        DocumentReadError: The bytes are no text, hold no text, or are nested too deeply.
    """
    name = source.name
    decoded, warnings = decode_text(name, source.data)
    front, body = split_front_matter(decoded)
    try:
        text, structure = tree_text(parse_markdown(body))
    except RecursionError as error:
        raise DocumentReadError(
            "“{file}” is nested too deeply to read as Markdown: rename it to .txt to import it as plain text.",
            file=name,
        ) from error
    if not text.strip():
        raise DocumentReadError("“{file}” is empty: there is no text in it to annotate.", file=name)
    return ReadDocument(
        text=text,
        structure=structure,
        title=front.title or _first_heading(text, structure) or title_from(text, name),
        language=front.language,
        date=front.date or iso_date(PurePath(name).name),
        url=front.url,
        format="markdown",
        metadata=front.metadata,
        warnings=(*warnings, *front.warnings),
    )


def _first_heading(text: str, structure: Structure) -> str:
    heading = next((r for r in structure.ranges if r.kind == "heading"), None)
    return short_title(text[heading.start : heading.end]) if heading else ""
