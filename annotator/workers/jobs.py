"""What a parser child does: read a document and split its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from annotator.analysis.sentences import split_sentences
from annotator.core.structure import Structure
from annotator.formats.documents.source import ReadDocument
from annotator.formats.registry import read_document

_BLOCK_KINDS = frozenset({"heading", "paragraph", "list_item", "quote"})


def read_source(name: str, data: bytes, progress: Callable[[str], None]) -> ReadDocument:
    """Return the document with its sentences; `progress` is called with each stage's name.

    Raises:
        DocumentReadError: The file cannot become a document.
    """
    document = read_document(name, data, progress)
    progress("sentences")
    ranges = document.structure.ranges
    breaks = {place for r in ranges if r.kind in _BLOCK_KINDS for place in (r.start, r.end)}
    sentences = split_sentences(document.text, document.language, breaks)
    return replace(document, structure=Structure(ranges, sentences))
