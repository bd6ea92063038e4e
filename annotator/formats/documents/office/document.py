"""The last step of every reader of office files: text, title, date and warnings become a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.formats.documents.language import detect_language, two_letters
from annotator.formats.documents.office.text import Block, Note, office_text
from annotator.formats.documents.source import (
    MAXIMUM_TITLE,
    ReadDocument,
    SourceFile,
    iso_date,
    tidy_title,
    title_from,
)

_FILE_ENDING = re.compile(r"\.(?:docx?|docm|dotx?|odt|ott|rtf|pdf|html?|txt|wpd)$", re.IGNORECASE)
_TITLE_LEVEL = 2
"""A deeper heading that the text does not begin with is one of its sections."""

_NO_TITLE = re.compile(
    r"(?:document|untitled|unnamed|title|normal|без назви|без названия|документ|sans titre|unbenannt)[\s\d]*"
    r"|microsoft word\b.*|powerpoint\b.*|libreoffice\b.*|openoffice\b.*|[\W\d_]*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Properties:
    """What an office file says of itself, as it says it; `language` is a language tag."""

    title: str = ""
    date: str = ""
    language: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    def describe(self, key: str, value: str | None) -> None:
        """Note a piece of metadata unless it is blank."""
        tidy = tidy_title(value or "")
        if tidy:
            self.metadata[key] = tidy


@dataclass(slots=True)
class Omissions:
    """How much of a file the text leaves out or settles."""

    changes: int = 0
    comments: int = 0
    hidden: int = 0
    symbols: int = 0

    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each kind that there is."""
        sentences = (
            (self.changes, "Tracked changes were settled ({count}): insertions are in the text, deletions are not."),
            (self.comments, "Comments were left out ({count})."),
            (self.hidden, "Hidden text was left out ({count})."),
            (self.symbols, "Characters of a symbol font became “\ufffd” ({count})."),
        )
        return tuple(sentence.format(count=count) for count, sentence in sentences if count)


def office_document(
    source: SourceFile,
    format_name: str,
    blocks: Iterable[Block],
    notes: Callable[[], Sequence[Note]],
    properties: Properties,
    omissions: Omissions,
) -> ReadDocument:
    """Return the document of an office file; `notes` is called, and `omissions` is read, when the blocks are done.

    The title is the heading of level 1 that the text begins with, else the file's own if it is sensible, else the
    first heading if it is not one of a section, else as in plain text. The date is that in the file's name, else the
    file's own. The language is what the text shows, because the file's own is often that of the program.

    Raises:
        DocumentReadError: There is no text.
    """
    text, structure = office_text(blocks, notes, source.progress)
    if not text.strip():
        raise DocumentReadError("“{file}” is empty: there is no text in it to annotate.", file=source.name)
    return ReadDocument(
        text=text,
        structure=structure,
        title=_title(text, structure, properties.title, source.name),
        language=detect_language(text) or two_letters(properties.language),
        date=iso_date(PurePath(source.name).name) or iso_date(properties.date),
        format=format_name,
        metadata=properties.metadata,
        warnings=omissions.warnings(),
    )


def _title(text: str, structure: Structure, own: str, name: str) -> str:
    first = next((r for r in structure.ranges if r.kind == "heading"), None)
    shown = tidy_title(text[first.start : first.end]) if first else ""
    if first is None or len(shown) > MAXIMUM_TITLE or (first.start > 0 and first.level > _TITLE_LEVEL):
        return _sensible_title(own) or title_from(text, name)
    if first.start == 0 and first.level == 1:
        return shown
    return _sensible_title(own) or shown


def _sensible_title(title: str) -> str:
    """Return a title that an author gave, or an empty string for one that a program made up."""
    tidy = tidy_title(title)
    useless = _NO_TITLE.fullmatch(tidy) or _FILE_ENDING.search(tidy) or len(tidy) > MAXIMUM_TITLE
    return "" if useless else tidy
