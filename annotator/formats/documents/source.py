"""What every reader of documents returns, and its form on the way between two processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

import orjson

from annotator.core.pages import PageLayout, decode_pages, encode_pages
from annotator.core.structure import Structure, decode_structure, encode_structure

MAXIMUM_TITLE = 200
"""A first line of up to so many code points can be a title."""

_DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


Progress = Callable[[str], None]
"""Called with the name of each stage that begins, such as “page 3”; each call starts the time limit anew."""


def no_progress(stage: str) -> None:
    """Take a stage and do nothing."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as a reader gets it: its name (without a folder), all its bytes, and the password if one was given."""

    name: str
    data: bytes
    password: str = field(default="", repr=False)
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A source file, or one row of a table of texts, as text.

    `text` has LF newlines and no lone surrogates. `language` is a two-letter code, `date` ISO 8601, and both may be
    empty. `format` is the registry's name of the reader. `metadata` holds what else the file says, as JSON values.
    `pages` says where the words stand on the source's own pages, or is None where it has none. `warnings` are sentences
    for the person who imports. `sketch` is that of the text (see analysis.duplicates).
    """

    text: str
    structure: Structure
    title: str
    language: str = ""
    date: str = ""
    url: str = ""
    format: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    pages: PageLayout | None = None
    sketch: tuple[int, ...] = ()


def encode_document(document: ReadDocument) -> bytes:
    """Return the UTF-8 JSON that `decode_document` reads."""
    return orjson.dumps(
        {
            "text": document.text,
            "structure": orjson.Fragment(encode_structure(document.structure)),
            "title": document.title,
            "language": document.language,
            "date": document.date,
            "url": document.url,
            "format": document.format,
            "metadata": dict(document.metadata),
            "warnings": document.warnings,
            "sketch": document.sketch,
            "pages": None if document.pages is None else orjson.Fragment(encode_pages(document.pages)),
        }
    )


def decode_document(data: bytes) -> ReadDocument:
    """Return the document that `encode_document` wrote."""
    values = orjson.loads(data)
    structure = decode_structure(values.pop("structure"))
    pages = values.pop("pages")
    return ReadDocument(
        **values | {name: tuple(values[name]) for name in ("warnings", "sketch")},
        structure=structure,
        pages=None if pages is None else decode_pages(pages),
    )


def storable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which only a document's own text may hold or nothing may."""
    return _UNSTORABLE.sub("", text)


def tidy_title(text: str) -> str:
    """Return the text on one line, with plain spaces."""
    return " ".join(storable(text).split())


def short_title(text: str) -> str:
    """Return the text on one line, with plain spaces, or an empty string where it is too long for a title."""
    title = tidy_title(text)
    return title if len(title) <= MAXIMUM_TITLE else ""


def title_from(text: str, name: str) -> str:
    """Return the first line with a letter if it can be a title, else the file's name without ending.

    A long line is a paragraph, and one with tabs the row of a table.
    """
    for line in text.split("\n", 50)[:50]:
        title = tidy_title(line)
        if any(map(str.isalpha, title)):
            return title if len(title) <= MAXIMUM_TITLE and "\t" not in line.strip() else PurePath(name).stem
    return PurePath(name).stem


def iso_date(text: str) -> str:
    """Return the first YYYY-MM-DD in the text that is a day of the calendar, or an empty string."""
    for match in _DATE.finditer(text):
        try:
            return date.fromisoformat(match.group(1)).isoformat()
        except ValueError:
            continue
    return ""
