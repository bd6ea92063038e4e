"""The search engine: from what somebody asks for to places in texts, in spans and in notes, one by one, the best first.

The index says which documents may hold a hit; the text itself says where, so that a hit is always what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, AttributeValue, Document, DocumentValue, Label, Note, Relation
from annotator.core.search_query import NOTES, SPANS, SearchQuery
from annotator.core.search_words import Finder, Node, without_exclusions
from annotator.core.snippets import Range, Snippet, snippet
from annotator.core.spans import IntervalIndex
from annotator.session.visibility import SEES_ALL, Visibility
from annotator.storage.repository import Repository
from annotator.storage.search import Key
from annotator.storage.search_words import is_unfinished, read_words

_BATCH = 100
"""How many candidates are read at a time."""

_OPENING = 160
"""Code points of a document that is found by what narrows the search alone."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place that was found.

    `start` and `end` are code points of the document's text, half-open: the words themselves, the span in the scope of
    spans, or what a note is on (nothing, where it is on no text). `snippet` is one line, of the text or of the note,
    and `marks` are the words in it. `labels` are the ids of the labels of spans that it touches. `span` and `note` are
    ids. A note on no document has an empty `document`.
    """

    key: Key
    document: str
    title: str
    start: int
    end: int
    snippet: str
    marks: tuple[Range, ...]
    labels: tuple[str, ...] = ()
    span: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some hits in order; `complete` says that none come after them, `unfinished` that a quotation mark is open."""

    hits: tuple[SearchHit, ...]
    complete: bool
    unfinished: bool = False


class LastPlaces:
    """Keeps the places of the last text, so that a page of hits in a long one need not find them all again."""

    def __init__(self) -> None:
        self._last: tuple[object, list[Range]] = (None, [])

    def of(self, key: object, find: Callable[[], list[Range]]) -> list[Range]:
        """Return what `find` returned for this key the last time, or returns now."""
        kept, places = self._last
        if kept != key:
            places = find()
            self._last = (key, places)
        return places


def _go_on() -> None:
    """Stop nothing."""


class Search:
    """One search of one project.

    Args:
        repository: the project.
        query: what is asked for; it is not empty.
        own_layers: the layers whose status counts, the first that has one.
        check: called before each document; it raises Cancelled where the search should stop.
        last: keeps places from one search to the next.
        visibility: whose spans and notes are found.

    Raises:
        RefusedError: the words cannot be searched for.
    """

    def __init__(
        self,
        repository: Repository,
        query: SearchQuery,
        own_layers: Sequence[str],
        check: Callable[[], None] = _go_on,
        last: LastPlaces | None = None,
        visibility: Visibility = SEES_ALL,
    ) -> None:
        self._repository = repository
        self._query = query
        self._own_layers = own_layers
        self._check = check
        self._last = last or LastPlaces()
        self._visibility = visibility
        self._layers = visibility.in_order()
        self._node = read_words(query.words) if query.words.strip() else None
        if query.substring and query.scope != NOTES and not repository.search.has_parts():
            raise RefusedError("In this project parts of words are not indexed. Turn that on, or search whole words.")
        finder = partial(Finder, diacritics=query.ignore_diacritics, parts=query.substring)
        self._finder = finder(self._node) if self._node is not None else None
        self._wanted = finder(without_exclusions(self._node)) if self._node is not None else None

    @property
    def node(self) -> Node | None:
        """Return the tree of the words, or None where there are none."""
        return self._node

    def page(self, after: SearchHit | None, limit: int) -> SearchPage:
        """Return the first hits after one, or from the beginning, as the project stands at one moment."""
        with self._repository.moment():
            hits = tuple(islice(self.hits(after), limit + 1))
        return SearchPage(hits[:limit], len(hits) <= limit, is_unfinished(self._query.words))

    def hits(self, after: SearchHit | None = None) -> Iterator[SearchHit]:
        """Yield all hits in order, those after one where it is given."""
        for key in self._candidates(after.key if after else None):
            self._check()
            is_last = after is not None and key == after.key
            for hit in self._hits_of(key):
                if not (is_last and after is not None and _place(hit) <= _place(after)):
                    yield hit

    def _candidates(self, after: Key | None) -> Iterator[Key]:
        last = None
        while True:
            keys = self._repository.search.candidates(
                self._query,
                self._node,
                self._own_layers,
                after=last or after,
                limit=_BATCH + 1,
                layers=self._layers,
            )
            yield from keys[1:] if last else keys
            if len(keys) <= _BATCH:
                return
            last = keys[-1]

    def _hits_of(self, key: Key) -> Iterator[SearchHit]:
        if self._query.scope == NOTES:
            note = self._repository.rows.get(Note, key[2])
            return self._in_note(key, note) if note is not None and self._visibility.sees_note(note) else iter(())
        document = self._repository.rows.get(Document, key[2])
        if document is None:
            return iter(())
        return (self._in_spans if self._query.scope == SPANS else self._in_text)(key, document)

    # -- in texts

    def _in_text(self, key: Key, document: Document) -> Iterator[SearchHit]:
        text = self._repository.blobs.text(document.text)
        if self._finder is None:
            shown = snippet(text, 0, min(_OPENING, len(text)))
            yield SearchHit(key, document.id, document.title, 0, 0, shown.text, ())
            return
        key_of_places = (self._query.words, self._query.ignore_diacritics, self._query.substring, document.text)
        places = self._last.of(key_of_places, partial(self._finder.places, text))
        if not places:
            return
        spans = self._repository.rows.annotations(document.id, self._layers)
        narrowed = bool(self._query.label or self._query.annotator or self._query.entity)
        meant = {span.id for span in self._meant(spans, document.id)} if narrowed else set()
        where = IntervalIndex((low, -high, 0, span.id) for span in spans for low, high in span.fragments)
        labels = {span.id: span.label for span in spans}
        for start, end in places:
            touching = [entry[3] for entry in where.overlapping(start, end)]
            if not narrowed or not meant.isdisjoint(touching):
                shown = snippet(text, start, end)
                on_it = tuple(dict.fromkeys(labels[span] for span in touching))
                yield SearchHit(key, document.id, document.title, start, end, shown.text, shown.marks, on_it)

    # -- in spans

    def _in_spans(self, key: Key, document: Document) -> Iterator[SearchHit]:
        text = self._repository.blobs.text(document.text)
        spans = self._meant(self._repository.rows.annotations(document.id, self._layers), document.id)
        for span in sorted(spans, key=lambda span: (span.start, span.end, span.id)):
            shown = self._in_span(text, span)
            if shown is not None:
                yield SearchHit(
                    key,
                    document.id,
                    document.title,
                    span.start,
                    span.end,
                    shown.text,
                    shown.marks,
                    (span.label,),
                    span.id,
                )

    def _in_span(self, text: str, span: Annotation) -> Snippet | None:
        quote = text[span.start : span.end]
        if self._finder is None:
            return snippet(quote, 0, min(len(quote), _OPENING), [(0, 0)])
        places = self._finder.places(quote)
        return snippet(quote, *places[0], places) if places else None

    def _meant(self, spans: list[Annotation], document: str) -> list[Annotation]:
        """Return those of the spans that have the label, the author and the entity that are asked for."""
        query = self._query
        meant = [span for span in spans if query.label in ("", span.label) and query.annotator in ("", span.annotator)]
        if not query.entity:
            return meant
        rows = self._repository.rows
        values = rows.where_in(AttributeValue, "annotation", [span.id for span in meant])
        naming = {value.annotation for value in values if value.value == query.entity}
        everywhere = any(value.value == query.entity for value in rows.where(DocumentValue, "document", document))
        return [span for span in meant if everywhere or span.id in naming]

    # -- in notes

    def _in_note(self, key: Key, note: Note) -> Iterator[SearchHit]:
        places = self._finder.places(note.body) if self._finder is not None else []
        if self._finder is not None and not places:
            return
        first = places[0] if places else (0, min(len(note.body), _OPENING))
        shown = snippet(note.body, *first, places or [(0, 0)])
        title, document, span = self._place_of(note)
        yield SearchHit(
            key,
            document,
            title,
            span.start if span else 0,
            span.end if span else 0,
            shown.text,
            shown.marks,
            (span.label,) if span else (),
            span.id if span else None,
            note.id,
        )

    def _place_of(self, note: Note) -> tuple[str, str, Annotation | None]:
        """Return the title of what a note is on, its document's id or nothing, and the span to go to."""
        rows = self._repository.rows
        document = rows.get(Document, note.document) if note.document else None
        if document is None:
            label = rows.get(Label, note.target)
            return (label.name if label else ""), "", None
        relation = rows.get(Relation, note.target) if note.kind == "relation" else None
        span = rows.get(Annotation, relation.source if relation else note.target)
        return document.title, document.id, span


def _place(hit: SearchHit) -> tuple[int, int, str]:
    return hit.start, hit.end, hit.span or ""
