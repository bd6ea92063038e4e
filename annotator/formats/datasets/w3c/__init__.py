"""W3C Web Annotation: a folder with NAME.txt and NAME.jsonld, an AnnotationPage, for each document.

The model has no place for the texts themselves, so each lies beside its page, and is the source that the page's targets
name. A span is an annotation with its label as a tag, its attributes as classifying bodies and its note as a comment;
it has a TextPositionSelector, in code points as the model asks for, and a TextQuoteSelector for each piece. A relation
is an annotation that links two others. collection.jsonld is the AnnotationCollection of the pages. What the model has
no place for stands under a key of our own, which JSON-LD passes over.

Read are pages, collections with their first page in them, single annotations, arrays and lines of them, in a file, a
folder or a .zip, and what the API of Hypothesis gives (`rows`, or annotations alone). The text is looked for beside the
file (see `texts`); quotes are looked for in it where the places do not fit, which they cannot for web pages.

Source: https://www.w3.org/TR/annotation-model/, https://h.readthedocs.io/en/latest/api-reference/v1/ and, for
relations, https://github.com/recogito/recogito-connections.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext, Line
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.w3c.pages import PageWriter
from annotator.formats.datasets.w3c.reading import entries_of

LOSES = loses(EVERYTHING)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the folder keeps of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write a text and a page for each document, then the collection."""
    pages = PageWriter(output, context)
    for entry in entries:
        pages.add(entry)
    pages.finish()


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a file, a folder or an archive, numbered from 1.

    Raises:
        DatasetError: There are no annotations, the file is no JSON, or the archive cannot be trusted.
        UserError: A file cannot be opened.
    """
    return entries_of(path, context)
