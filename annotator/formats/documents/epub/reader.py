"""E-books: the chapters in reading order, without the table of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.archives import Archive
from annotator.formats.documents.epub.package import read_package
from annotator.formats.documents.html.boilerplate import remove
from annotator.formats.documents.html.tree import html_text, parse_html
from annotator.formats.documents.language import checked_language
from annotator.formats.documents.source import MAXIMUM_TITLE, ReadDocument, SourceFile, short_title, title_from

_BETWEEN = "\n\n"
_MOST_NAMED = 5
_NO_TITLE = re.compile(r"(?:unknown|untitled)(?: title)?|[\W\d_]*", re.IGNORECASE)


def read_epub(source: SourceFile) -> ReadDocument:
    """Return the text of an e-book as a document.

    Raises:
        DocumentReadError: The book is locked or damaged, or there is no text in it.
    """
    archive = Archive(source.name, source.data)
    package = read_package(source.name, archive)
    chapters: list[tuple[str, Structure]] = []
    missing: list[str] = []
    for number, member in enumerate(package.chapters, 1):
        source.progress(f"chapter {number}")
        if member in archive.names():
            chapters.append(_read_chapter(source.name, archive.read(member)))
        else:
            missing.append(member)
    text, structure = _join([chapter for chapter in chapters if chapter[0].strip()])
    if not text:
        raise DocumentReadError(
            "“{file}” holds no text, perhaps only pictures of pages: get an edition with text.", file=source.name
        )
    return ReadDocument(
        text=text,
        structure=structure,
        title=package.title if _is_title(package.title) else _first_heading(text, structure, source.name),
        language=checked_language(package.language, text),
        date=package.date,
        format="epub",
        metadata=package.metadata,
        warnings=_missing_warning(missing),
    )


def _is_title(title: str) -> bool:
    return 0 < len(title) <= MAXIMUM_TITLE and not _NO_TITLE.fullmatch(title)


def _first_heading(text: str, structure: Structure, name: str) -> str:
    """Return the heading that the book begins with, else its first line or the file's name."""
    heading = next((r for r in structure.ranges if r.kind == "heading" and r.start == 0), None)
    return (short_title(text[heading.start : heading.end]) if heading else "") or title_from(text, name)


def _read_chapter(name: str, data: bytes) -> tuple[str, Structure]:
    """Return the text of a chapter; one without anything in it is empty."""
    if not data.strip():
        return "", Structure()
    tree = parse_html(name, data)
    for menu in [*tree.iter("nav"), *(each for each in tree.iter("section", "div") if _is_contents(each))]:
        remove(menu)
    return html_text(tree)


def _is_contents(element: etree._Element) -> bool:
    return "toc" in element.get("epub:type", "").split()


def _join(chapters: Sequence[tuple[str, Structure]]) -> tuple[str, Structure]:
    ranges: list[FormatRange] = []
    start = 0
    for text, structure in chapters:
        ranges.extend(replace(each, start=each.start + start, end=each.end + start) for each in structure.ranges)
        start += len(text) + len(_BETWEEN)
    return _BETWEEN.join(text for text, _structure in chapters), Structure(ranges=tuple(ranges))


def _missing_warning(missing: Sequence[str]) -> tuple[str, ...]:
    if not missing:
        return ()
    listed = ", ".join(f"“{member[:80]}”" for member in missing[:_MOST_NAMED])
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    return (f"The book lacks parts that it lists: {listed}{more}. Their text is missing.",)
