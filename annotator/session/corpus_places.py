"""What only texts can tell: spans that hold words, and labels that occur together."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from annotator.core.corpus_query import CorpusFilter
from annotator.core.search_query import SPANS, SearchQuery
from annotator.core.search_words import Finder, Node, without_exclusions
from annotator.storage.concordance import SpanPlace
from annotator.storage.concordance_filters import Narrowing
from annotator.storage.search_words import read_words

if TYPE_CHECKING:
    from annotator.session.corpus import Check, Corpus

_DOCUMENTS = 200
"""How many documents are asked for at a time."""

Pair = tuple[str, str]


def meant_ids(corpus: Corpus, narrowing: Narrowing, check: Check) -> list[str]:
    """Return the ids of the annotations that a filter lets through which looks at texts."""
    wanted = narrowing.filter
    ids: list[str] | None = None
    if wanted.words.strip():
        ids = list(_with_words(corpus, narrowing, check))
    if wanted.together:
        one, other, unit = wanted.together
        held = None if ids is None else set(ids)
        found = _together_ids(corpus, narrowing, (one, other), unit, check)
        ids = [identity for identity in found if held is None or identity in held]
    return ids or []


# -- words


def _with_words(corpus: Corpus, narrowing: Narrowing, check: Check) -> Iterator[str]:
    """Yield spans that hold the words; the index says in which documents they can be."""
    node = read_words(narrowing.filter.words)
    whole = Finder(node, diacritics=True, parts=False)
    wanted = Finder(without_exclusions(node), diacritics=True, parts=False)
    for portion in _portions(_documents_with(corpus, narrowing, node), _DOCUMENTS):
        for address, places in _by_document(corpus.concordance.places(narrowing, documents=portion)):
            check()
            text = corpus.repository.blobs.text(address)
            starts, reach = _reach(wanted.places(text))
            for place in places:
                number = bisect_right(starts, place.end - 1) - 1
                if number >= 0 and reach[number] > place.start and whole.places(text[place.start : place.end]):
                    yield place.id


def _reach(ranges: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return the starts of ordered ranges, and how far those up to each of them go."""
    starts, reach, furthest = [], [], 0
    for start, end in ranges:
        furthest = max(furthest, end)
        starts.append(start)
        reach.append(furthest)
    return starts, reach


def _documents_with(corpus: Corpus, narrowing: Narrowing, node: Node) -> list[str]:
    query = SearchQuery(narrowing.filter.words, scope=SPANS)
    keys = corpus.repository.search.candidates(query, node, "", after=None, limit=2**31 - 1)
    return [key[2] for key in keys]


def _portions(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _by_document(places: Iterable[SpanPlace]) -> Iterator[tuple[str, list[SpanPlace]]]:
    """Yield the hash of each document's text with the places in it."""
    for (_, address), group in groupby(places, key=lambda place: (place.document, place.text)):
        yield address, list(group)


# -- labels that occur together


def together_counts(corpus: Corpus, narrowing: Narrowing, unit: str, check: Check) -> Counter[Pair]:
    """Count by pair of labels, in both orders, how often two occur together in one layer; `unit` is one of UNITS.

    On text that both cover, pairs of annotations are counted; else paragraphs or documents that have both.
    """
    counts: Counter[Pair] = Counter()
    for group in _groups(corpus, narrowing, unit, check):
        labels = sorted({place.label for place in group})
        for one, other in combinations(labels, 2):
            counts[one, other] += 1
            counts[other, one] += 1
    return counts


def _together_ids(corpus: Corpus, narrowing: Narrowing, pair: Pair, unit: str, check: Check) -> list[str]:
    """Return what has one of the labels where the other one is too, whatever else the filter asks of it."""
    wanted = narrowing.filter
    everything = CorpusFilter(
        documents=wanted.documents,
        languages=wanted.languages,
        formats=wanted.formats,
        files=wanted.files,
        sites=wanted.sites,
        date_from=wanted.date_from,
        date_to=wanted.date_to,
        undated=wanted.undated,
    )
    found: dict[str, None] = {}
    for group in _groups(corpus, replace(narrowing, filter=everything), unit, check):
        if set(pair) <= {place.label for place in group}:
            found.update(dict.fromkeys(place.id for place in group if place.label in pair))
    return list(found)


def _groups(corpus: Corpus, narrowing: Narrowing, unit: str, check: Check) -> Iterator[Sequence[SpanPlace]]:
    """Yield the annotations that are together in a unit, those of each layer by themselves."""
    for address, places in _by_document(corpus.concordance.places(narrowing)):
        check()
        layers: dict[str, list[SpanPlace]] = defaultdict(list)
        for place in places:
            layers[place.layer].append(place)
        for group in layers.values():
            if unit == "document":
                yield group
            elif unit == "paragraph":
                yield from _in_paragraphs(group, corpus.repository.blobs.text(address))
            else:
                yield from _overlapping(group)


def _in_paragraphs(places: Sequence[SpanPlace], text: str) -> Iterator[Sequence[SpanPlace]]:
    """Yield the places in each paragraph; one over several paragraphs is in all of them."""
    breaks = [position for position, character in enumerate(text) if character == "\n"]
    paragraphs: dict[int, list[SpanPlace]] = defaultdict(list)
    for place in places:
        for number in range(bisect_right(breaks, place.start), bisect_right(breaks, place.end - 1) + 1):
            paragraphs[number].append(place)
    yield from paragraphs.values()


def _overlapping(places: Sequence[SpanPlace]) -> Iterator[Sequence[SpanPlace]]:
    """Yield each pair of places with text in common."""
    open_ones: list[SpanPlace] = []
    for place in sorted(places, key=lambda one: (one.start, one.end, one.id)):
        open_ones = [one for one in open_ones if one.end > place.start]
        yield from ((one, place) for one in open_ones)
        open_ones.append(place)
