"""Sentences that stand in several places of a layer, and whether they are tagged alike there.

Two sentences are the same where their words are, whatever the case, the diacritics, the punctuation and the white
space. Sentences of fewer than `SHORTEST` words do not count: “Thank you.” may well mean something else each time.

Of each tagged sentence three hashes are kept, and of each document its sentences as numbers, so that a million of
them fit into memory. Hashes hold within one run of the program.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from annotator.analysis.consistency.edges import has_words
from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.core.folding import fold
from annotator.core.records import Annotation, Fragment

SHORTEST = 4
"""Words of a sentence below which it is not compared with others."""

_WORD = re.compile(r"[^\W_]+")
_KEY_MASK = 2**63 - 1
_HALF_MASK = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with what starts in it. `key` is the hash of layer and words, `tags` that of labels and edges."""

    sentence: Fragment
    key: int
    tags: int
    annotations: tuple[Annotation, ...]


def tagged_sentences(facts: LayerFacts, index: SentenceIndex) -> Iterator[TaggedSentence]:
    """Yield the tagged sentences of a document that are long enough.

    Spans without a word do not count, and twins count once: other rules find both.
    """
    for (start, end), there in facts.by_sentence.items():
        distinct = {(one.label, one.fragments): one for one in there if has_words(facts.text, one.fragments)}
        tagged = list(distinct.values())
        words = _words(facts.text[start:end])
        if not tagged or len(words) < SHORTEST:
            continue
        key = hash((facts.layer, " ".join(words))) & _KEY_MASK
        labels = index.label_set(tuple(sorted(annotation.label for annotation in tagged)))
        edges = hash(tuple(sorted(_edges(facts.text, start, end, one) for one in tagged))) & _HALF_MASK
        yield TaggedSentence((start, end), key, labels << 31 | edges, tuple(tagged))


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence.lower()) if sentence.isascii() else fold(sentence).text.split()


def _edges(text: str, start: int, end: int, annotation: Annotation) -> tuple[str, tuple[int, ...]]:
    """Return a span's label, and how many words of its sentence stand before each of its edges."""
    places = [min(place, end) for fragment in annotation.fragments for place in fragment]
    return annotation.label, tuple(len(text[start:place].split()) for place in places)


Place = tuple[int, int]
"""The number of a document, and the `tags` of a sentence there."""


class SentenceIndex:
    """Knows of every tagged sentence where it stands and how it is tagged."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._documents: list[str] = []
        self._held: dict[int, array[int]] = {}
        self._once: dict[int, int] = {}
        self._often: dict[int, list[Place]] = {}
        self._label_sets: dict[tuple[str, ...], int] = {}
        self._sets: list[tuple[str, ...]] = []

    def label_set(self, labels: tuple[str, ...]) -> int:
        """Return the number of a set of labels, given sorted."""
        found = self._label_sets.get(labels)
        if found is None:
            found = self._label_sets[labels] = len(self._sets)
            self._sets.append(labels)
        return found

    def put(self, document: str, sentences: Sequence[TaggedSentence]) -> set[str]:
        """Know the sentences of a document, instead of what was known of it.

        Returns the ids of the other documents that have one of those that came or went.
        """
        number = self._numbers.setdefault(document, len(self._documents))
        if number == len(self._documents):
            self._documents.append(document)
        before, after = self._held.get(number, array("q")), array("q")
        for sentence in sentences:
            after.extend((sentence.key, sentence.tags))
        if before == after:
            return set()
        for key, tags in _pairs(before):
            self._take(number, key, tags)
        for key, tags in _pairs(after):
            self._add(number, key, tags)
        self._held[number] = after
        touched = {key for key, _ in set(_pairs(before)) ^ set(_pairs(after))}
        return {self._documents[other] for key in touched for other, _ in self._places(key)} - {document}

    def _add(self, number: int, key: int, tags: int) -> None:
        if key in self._often:
            self._often[key].append((number, tags))
        elif key in self._once:
            first = self._once.pop(key)
            self._often[key] = [(first >> 63, first & _KEY_MASK), (number, tags)]
        else:
            self._once[key] = number << 63 | tags

    def _take(self, number: int, key: int, tags: int) -> None:
        if self._once.get(key) == number << 63 | tags:
            del self._once[key]
        elif key in self._often:
            self._often[key].remove((number, tags))
            if len(self._often[key]) == 1:
                other, left = self._often.pop(key)[0]
                self._once[key] = other << 63 | left

    def _places(self, key: int) -> list[Place]:
        if key in self._once:
            return [(self._once[key] >> 63, self._once[key] & _KEY_MASK)]
        return self._often.get(key, [])

    def documents(self) -> set[str]:
        """Return the documents that have a sentence which is tagged differently elsewhere."""
        return {
            self._documents[number]
            for places in self._often.values()
            if len({tags for _, tags in places}) > 1
            for number, _ in places
        }

    def findings(self, facts: LayerFacts, book: Book, title_of: Callable[[str], str]) -> Iterator[Finding]:
        """Yield the sentences of a document that are tagged differently elsewhere, and not as in most places.

        `title_of` returns the title of the document with an id.
        """
        for tagged in tagged_sentences(facts, self):
            places = self._places(tagged.key)
            if len({tags for _, tags in places}) > 1:
                yield from self._compared(facts, book, tagged, places, title_of)

    def _compared(
        self,
        facts: LayerFacts,
        book: Book,
        tagged: TaggedSentence,
        places: Sequence[Place],
        title_of: Callable[[str], str],
    ) -> Iterator[Finding]:
        """Yield a finding where labels or else edges are not those of most places; where none are, in each of them."""
        labels = Counter(tags >> 31 for _, tags in places)
        differ = len(labels) > 1
        if _is_most(labels, tagged.tags >> 31) if differ else _is_most(Counter(t for _, t in places), tagged.tags):
            return
        others = [(n, t) for n, t in places if (t >> 31 != tagged.tags >> 31 if differ else t != tagged.tags)]
        most = Counter(tags >> 31 for _, tags in others).most_common(1)[0][0]
        elsewhere = self._documents[next(number for number, tags in others if tags >> 31 == most)]
        yield facts.finding(
            "same_sentence" if differ else "same_sentence_edges",
            tagged.annotations[0],
            _TEMPLATES[differ, len(others) > 1],
            here=_names(book, [one.label for one in tagged.annotations]),
            there=_names(book, self._sets[most]),
            count=len(others),
            elsewhere=title_of(elsewhere),
            other=elsewhere,
        )


_TEMPLATES = {
    (True, False): "This sentence is tagged {here} here, {there} in “{elsewhere}”.",
    (True, True): "This sentence is tagged {here} here, {there} in “{elsewhere}”; {count} places have other labels.",
    (False, False): "This sentence is tagged {here} on other words in “{elsewhere}”.",
    (False, True): "This sentence is tagged {here} on other words in {count} places, as in “{elsewhere}”.",
}
"""By whether the labels differ, and whether that is so in several places."""


def _is_most(counts: Counter[int], own: int) -> bool:
    """Say whether more places are like this one than like any other kind."""
    return all(count < counts[own] for kind, count in counts.items() if kind != own)


def _names(book: Book, labels: Sequence[str]) -> str:
    counts = Counter(labels)
    ordered = sorted(counts, key=lambda label: book.labels[label].position)
    return " + ".join((f"{counts[one]} × " if counts[one] > 1 else "") + book.labels[one].name for one in ordered)


def _pairs(held: array[int]) -> Iterator[tuple[int, int]]:
    numbers = iter(held)
    return zip(numbers, numbers, strict=True)
