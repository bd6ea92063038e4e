"""What a parser child does: read the documents of a file, split their sentences, and sketch their texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from annotator.analysis.duplicates import sketch
from annotator.analysis.sentences import split_sentences
from annotator.core.structure import Structure
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.registry import read_documents

_BLOCK_KINDS = frozenset({"heading", "paragraph", "list_item", "quote"})


def read_source(source: SourceFile) -> Iterator[ReadDocument]:
    """Yield the documents of a file with their sentences; the source's `progress` is told of each stage.

    Raises:
        DocumentReadError: The file cannot become a document.
    """
    for document in read_documents(source):
        source.progress("sentences")
        yield replace(with_sentences(document), sketch=sketch(document.text))


def with_sentences(document: ReadDocument) -> ReadDocument:
    """Return the document with its sentences split."""
    ranges = document.structure.ranges
    breaks = {place for r in ranges if r.kind in _BLOCK_KINDS for place in (r.start, r.end)}
    sentences = split_sentences(document.text, document.language, breaks)
    return replace(document, structure=Structure(ranges, sentences))
