"""Every place in the project where something stands, with what is tagged there already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.analysis.document_sentences import DocumentSentences
from annotator.analysis.patterns import Finder, Pattern
from annotator.analysis.repeats import RepeatFinder
from annotator.core.boundaries import paragraph_bounds, sentence_bounds
from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, Document, Fragment
from annotator.core.search_query import SearchQuery
from annotator.core.spans import SpanMark, SpanSet
from annotator.core.structure import decode_structure
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.storage.search_words import read_words

if TYPE_CHECKING:
    from annotator.session.session import Session

MOST = 50_000
"""Occurrences after which the search ends: nobody ticks more."""

_CONTEXT = 200
"""Code points on each side that an occurrence carries, within its paragraph."""

_PORTION = 50
"""Documents whose annotations are read at once."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place `[start, end)` in code points. `present` are one's own annotations that share a character with it.

    `likeness` is per cent, 100 for the same words.
    """

    document: str
    title: str
    start: int
    end: int
    before: str
    words: str
    after: str
    present: tuple[Annotation, ...] = ()
    likeness: float = 100.0

    @property
    def exact(self) -> tuple[Annotation, ...]:
        """Return the annotations on exactly these characters."""
        return tuple(a for a in self.present if a.fragments == ((self.start, self.end),))


Take = Callable[[Sequence[Occurrence]], object]
_Place = tuple[int, int, float]


def find_occurrences(
    session: Session,
    pattern: Pattern,
    take: Take,
    *,
    documents: Sequence[str] | None = None,
    progress: Progress = no_progress,
    cancel: Cancel | None = None,
) -> int:
    """Hand on the places of a pattern, a document at a time, in the order of the list; return how many there are.

    `documents` are ids, None for all. It may run on any thread. Raises UserError for a pattern that cannot be used, and
    Cancelled.
    """
    finder = Finder(pattern)

    def places(_document: Document, text: str) -> Iterator[_Place]:
        return ((start, end, 100.0) for start, end in finder.find(text))

    if documents is None:
        documents = _candidates(session, pattern)
    return _Search(session, take, progress, cancel or Cancel()).run(documents, places)


def _candidates(session: Session, pattern: Pattern) -> list[str] | None:
    """Return the documents that may hold whole words, as the search index knows; None where it cannot say."""
    reading = session.reading
    query = SearchQuery('"' + pattern.words.replace('"', " ") + '"')
    if pattern.kind != "words" or reading.search.missing_texts():
        return None
    try:
        node = read_words(query.words)
    except RefusedError:
        return None
    layers, count = session.own_layers(reading), reading.lists.document_count()
    found = {key[2] for key in reading.search.candidates(query, node, layers, after=None, limit=count)}
    return [document for document in reading.lists.document_ids() if document in found]


def find_repeats(
    session: Session,
    annotation: Annotation,
    take: Take,
    *,
    progress: Progress = no_progress,
    cancel: Cancel | None = None,
) -> int:
    """Hand on the other places that say what an annotation's text says, as `find_occurrences` does."""
    reading = session.reading
    source = session.queries.document(annotation.document)
    text = reading.blobs.text(source.text)
    start, end = annotation.start, annotation.end
    sentences = _sentences(session, source, text)
    first, last = sentence_bounds(text, start, sentences)[0], sentence_bounds(text, end - 1, sentences)[1]
    finder = RepeatFinder(text[start:end], text[min(first, start) : max(last, end)])

    def places(document: Document, other: str) -> Iterator[_Place]:
        for repeat in finder.find(other, _sentences(session, document, other)):
            if (document.id, repeat.start, repeat.end) != (source.id, start, end):
                yield repeat.start, repeat.end, repeat.likeness

    return _Search(session, take, progress, cancel or Cancel()).run(None, places)


def _sentences(session: Session, document: Document, text: str) -> tuple[Fragment, ...]:
    structure = decode_structure(json.loads(session.reading.blobs.get(document.structure)))
    return structure.sentences or DocumentSentences(text, document.language, structure.ranges).all()


class _Search:
    """Goes through documents and hands on what it finds in each."""

    def __init__(self, session: Session, take: Take, progress: Progress, cancel: Cancel) -> None:
        self._session = session
        self._take = take
        self._progress = progress
        self._cancel = cancel
        self._layers = session.own_layers(session.reading)

    def run(self, documents: Sequence[str] | None, places: Callable[[Document, str], Iterator[_Place]]) -> int:
        reading = self._session.reading
        ids = reading.lists.document_ids() if documents is None else list(documents)
        count = 0
        for done, document in enumerate(self._documents(ids)):
            self._cancel.check()
            self._progress(done, len(ids), document.title)
            text = reading.blobs.text(document.text)
            found = []
            for place in places(document, text):
                found.append(place)
                if count + len(found) >= MOST:
                    break
            if found:
                count += len(found)
                self._take(self._occurrences(document, text, found))
            if count >= MOST:
                break
        self._progress(len(ids), len(ids), "")
        return count

    def _documents(self, ids: Sequence[str]) -> Iterator[Document]:
        for place in range(0, len(ids), _PORTION):
            portion = ids[place : place + _PORTION]
            found = {d.id: d for d in self._session.reading.rows.where_in(Document, "id", portion)}
            yield from (found[identity] for identity in portion if identity in found)

    def _occurrences(self, document: Document, text: str, places: Sequence[_Place]) -> list[Occurrence]:
        annotations = self._session.reading.rows.annotations(document.id, self._layers)
        known = {annotation.id: annotation for annotation in annotations}
        spans = SpanSet([SpanMark(a.id, a.fragments, a.label, order) for order, a in enumerate(annotations)])
        spans.prepare()
        return [_occurrence(document, text, place, known, spans) for place in places]


def _occurrence(
    document: Document, text: str, place: _Place, known: Mapping[str, Annotation], spans: SpanSet
) -> Occurrence:
    start, end, likeness = place
    low, high = paragraph_bounds(text, start)[0], paragraph_bounds(text, end)[1]
    present = tuple(known[span] for span in dict.fromkeys(entry[3] for entry in spans.overlapping(start, end)))
    before = text[max(low, start - _CONTEXT) : start]
    after = text[end : min(high, end + _CONTEXT)]
    return Occurrence(document.id, document.title, start, end, before, text[start:end], after, present, likeness)
