"""All annotations of a project as one table: pages of rows in context, numbers, and what there is to choose from.

Analysts see what is theirs, and rounds that were released; leads see everything.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from annotator.core.corpus_query import GOLD, CorpusFilter, CorpusOrder, site_of
from annotator.core.corpus_row import CorpusRow
from annotator.core.records import AttributeDefinition, Label, Layer, Round
from annotator.core.same_people import resolved
from annotator.session.visibility import visible_layers
from annotator.storage.concordance import SEGMENTS
from annotator.storage.concordance_filters import Condition, Narrowing
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session

Check = Callable[[], None]
"""Called now and then; raises Cancelled where the work should stop."""

PAGE = 200
CONTEXT = 100
"""Code points of the text that are shown before a span and after it, at most."""
LONGEST = 400
"""Code points of a span that are shown at most."""

_KEPT_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class RowDetails:
    """What else a row can show: attribute values by key, entities by name; the document's status; the note."""

    values: Mapping[str, Any]
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class CorpusChoices:
    """What there is to narrow by. People are (id or GOLD, name); `values` are (JSON, name) by attribute id."""

    labels: Sequence[Label]
    people: Sequence[tuple[str, str]]
    rounds: Sequence[Round]
    layer_names: Mapping[str, str]
    languages: Sequence[str]
    formats: Sequence[str]
    sites: Sequence[str]
    attributes: Sequence[AttributeDefinition]


def no_check() -> None:
    """Stop nothing."""


def layers_in_sight(session: Session) -> list[Layer]:
    """Return the layers whose annotations the person may see."""
    seen, layers = visible_layers(session), session.reading.rows.all(Layer)
    return layers if seen is None else [layer for layer in layers if layer.id in seen]


class Texts:
    """The texts of documents that were shown last, as many as fit; safe to use from several threads."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def get(self, address: str) -> str:
        """Return the text of a hash. Raises ProjectFileError where it is damaged."""
        with self._lock:
            text = self._kept.get(address)
            if text is not None:
                self._kept.move_to_end(address)
                return text
        text = self._repository.blobs.text(address)
        with self._lock:
            if address not in self._kept:
                self._kept[address] = text
                self._characters += len(text)
            while self._characters > _KEPT_CHARACTERS and len(self._kept) > 1:
                self._characters -= len(self._kept.popitem(last=False)[1])
        return text


class Corpus:
    """Reads through connections of its own, from any thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.repository = session.reading
        self.concordance = session.reading.concordance
        self.texts = Texts(session.reading)

    def view(
        self, wanted: CorpusFilter | None = None, order: CorpusOrder | None = None, check: Check = no_check
    ) -> CorpusView:
        """Return the table of what a filter lets through, in an order.

        Where texts must be looked at, that is done here, and `check` is called before each document. Raises
        RefusedError for words that cannot be searched for.
        """
        from annotator.session.corpus_places import meant_ids

        with self.repository.moment():
            narrowing = self._narrowing(wanted or CorpusFilter())
            if narrowing.filter.needs_texts:
                ids = meant_ids(self, narrowing, check)
                narrowing = replace(narrowing, ids=tuple(ids))
            return CorpusView(self, narrowing, order or CorpusOrder(), self.concordance.source(narrowing))

    def _narrowing(self, wanted: CorpusFilter) -> Narrowing:
        seen, layers = visible_layers(self._session), self.repository.rows.all(Layer)
        people = self.people() if wanted.annotators else {}
        meant = tuple(
            layer.id
            for layer in layers
            if (seen is None or layer.id in seen)
            and (not wanted.annotators or people.get(layer.annotator or "", GOLD) in wanted.annotators)
            and (not wanted.rounds or layer.round in wanted.rounds)
        )
        limits = self.limits() if wanted.values else {}
        return Narrowing(wanted, meant, limits, all_layers=len(meant) == len(layers))

    def limits(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of the labels whose spans take an attribute over from documents, where not all labels do."""
        codebook = self._session.queries.codebook()
        limits = {}
        for attribute in codebook.attributes:
            having = [label.id for label in codebook.labels if attribute in codebook.attributes_for(label.key)]
            if not attribute.inherits:
                limits[attribute.id] = ()
            elif len(having) < len(codebook.labels):
                limits[attribute.id] = tuple(having)
        return limits

    def people(self) -> dict[str, str]:
        """Return for each annotator the id that the person goes by, who may have several."""
        known = self._session.queries.annotators()
        return {one.id: resolved(known, one.id) for one in known}

    def labels(self) -> list[Label]:
        """Return every label in the order of the codebook."""
        return sorted(self.repository.rows.all(Label), key=lambda label: (label.position, label.id))

    def layers(self) -> list[tuple[Layer, str]]:
        """Return the layers in sight with what they are called, gold last."""
        names = {one.id: one.name for one in self._session.queries.annotators()}
        rounds = {one.id: one for one in self._session.queries.rounds()}
        several = len(rounds) > 1
        found = []
        for layer in layers_in_sight(self._session):
            name = "Gold" if layer.annotator is None else names[layer.annotator]
            found.append((layer, f"{name} ({rounds[layer.round].name})" if several else name))
        found.sort(key=lambda one: (one[0].kind == GOLD, one[1].casefold(), rounds[one[0].round].position, one[0].id))
        return found

    def choices(self) -> CorpusChoices:
        """Return what there is to narrow by."""
        layers = self.layers()
        people, names = self.people(), {one.id: one.name for one in self._session.queries.annotators()}
        known: dict[str, str] = {}
        for layer, _ in layers:
            person = people.get(layer.annotator, layer.annotator) if layer.annotator else GOLD
            known.setdefault(person, "Gold" if person == GOLD else names[person])
        return CorpusChoices(
            self.labels(),
            tuple(known.items()),
            sorted(self._session.queries.rounds(), key=lambda one: one.position),
            {layer.id: name for layer, name in layers},
            [one for one in self.concordance.values_of("language") if one],
            self.concordance.values_of("format"),
            sorted({site_of(url) for url in self.concordance.values_of("url")} - {""}),
            self._session.queries.codebook().attributes,
        )

    def values_of(self, attribute: AttributeDefinition, limit: int = 40) -> list[tuple[str, str]]:
        """Return (JSON, name) of the values of an attribute, or of those that are used most, by name."""
        from annotator.session.corpus_figures import value_names

        used = self.concordance.values_in_use(attribute.id, limit)
        names = value_names(self, attribute, used)
        return sorted(names.items(), key=lambda one: one[1].casefold())

    def name_of_value(self, attribute: AttributeDefinition, value: str) -> str:
        """Return what a value, given as JSON, is called."""
        from annotator.session.corpus_figures import value_names

        return value_names(self, attribute, [value])[value]

    def segments(self, sort: str) -> list[str]:
        """Return the values that an order goes through, for the orders that go through values."""
        if sort not in SEGMENTS:
            return []
        if sort == "label":
            return [label.id for label in self.labels()]
        if sort == "annotator":
            return [layer.id for layer, _ in self.layers()]
        return self.concordance.values_of("format")

    def details(self, rows: Sequence[CorpusRow]) -> dict[str, RowDetails]:
        """Return what else rows can show, by the ids of their annotations."""
        ids = [row.id for row in rows]
        with self.repository.moment():
            values = self._session.queries.values(ids)
            statuses = self.concordance.statuses_of(list({row.document for row in rows}))
            notes = self.concordance.notes_of(ids)
        return {
            row.id: RowDetails(
                values.get(row.id, {}), statuses.get((row.document, row.layer), "new"), notes.get(row.id, "")
            )
            for row in rows
        }


class CorpusView:
    """One filter in one order, at any time; its pages are of the moment at which each is read."""

    def __init__(self, corpus: Corpus, narrowing: Narrowing, order: CorpusOrder, source: Condition | None) -> None:
        self.corpus = corpus
        self.narrowing = narrowing
        self.order = order
        self.source = source
        self.segments = corpus.segments(order.sort)

    def page(self, after: CorpusRow | None = None, limit: int = PAGE) -> list[CorpusRow]:
        """Return the rows after one, or the first ones; fewer than `limit` say that none come after them."""
        key = None if after is None else after.key
        found = self.corpus.concordance.page(self.narrowing, self.order, self.segments, key, limit, self.source)
        return self._in_context(found)

    def rows(self, ids: Sequence[str]) -> list[CorpusRow]:
        """Return the rows of those of the annotations that the filter lets through, in order."""
        return self._in_context(self.corpus.concordance.rows(self.narrowing, self.order, self.segments, ids))

    def all_rows(self, check: Check = no_check) -> Iterator[CorpusRow]:
        """Yield every row in order, a page at a time."""
        last: CorpusRow | None = None
        while True:
            check()
            page = self.page(last, PAGE)
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1]

    def count(self) -> int:
        """Return how many rows there are."""
        return self.corpus.concordance.count(self.narrowing, self.source)

    def _in_context(self, rows: list[CorpusRow]) -> list[CorpusRow]:
        address, text = "", ""
        for row in rows:
            if row.text_hash != address:
                address, text = row.text_hash, self.corpus.texts.get(row.text_hash)
            _fill_in(row, text)
        return rows


def _fill_in(row: CorpusRow, text: str) -> None:
    """Give a row what stands in the text of its document."""
    start, end = row.start, row.end
    if row.fragments:
        row.text = " … ".join(text[low:high] for low, high in row.fragments)[:LONGEST]
    else:
        row.text = text[start:end] if end - start <= LONGEST else text[start : start + LONGEST] + "…"
    row.text_before = text[start - CONTEXT if start > CONTEXT else 0 : start]
    row.text_after = text[end : end + CONTEXT]
