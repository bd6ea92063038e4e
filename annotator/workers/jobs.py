"""What a parser child does: read the documents of a file, split their sentences, and sketch their texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from annotator.analysis.document_sentences import DocumentSentences
from annotator.analysis.duplicates import sketch
from annotator.core.structure import Structure
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.documents.speakers import speaker_turns
from annotator.formats.registry import read_documents


def read_source(source: SourceFile) -> Iterator[ReadDocument]:
    """Yield the documents of a file with their sentences; the source's `progress` is told of each stage.

    Raises:
        DocumentReadError: The file cannot become a document.
    """
    for document in read_documents(source):
        source.progress("sentences")
        yield replace(with_sentences(with_speakers(document)), sketch=sketch(document.text))


def with_speakers(document: ReadDocument) -> ReadDocument:
    """Return the document with the turns of its speakers, if it is a transcript."""
    turns = speaker_turns(document.text, document.structure)
    if not turns:
        return document
    ranges = sorted((*turns, *document.structure.ranges), key=lambda r: (r.start, -r.end))
    return replace(document, structure=replace(document.structure, ranges=tuple(ranges)))


def with_sentences(document: ReadDocument) -> ReadDocument:
    """Return the document with its sentences split."""
    ranges = document.structure.ranges
    sentences = DocumentSentences(document.text, document.language, ranges).all()
    return replace(document, structure=Structure(ranges, sentences))
