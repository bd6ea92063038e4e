"""Documents that must not stand on two sides of a split: near-duplicates, and those that share a sentence.

Both would let a model be tested on what it has learnt by heart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.analysis.duplicates import least_shared, sketch

LEAST_WORDS = 8
"""Words that a sentence must have to count: shorter ones are the same by chance, such as forms of address."""

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"[^.!?。！？؟\n]+")


@dataclass(frozen=True, slots=True)
class LeakGroups:
    """The group of each document that stays with others, by id, and why.

    `sentences` are the sentences that join documents with how many have each, those of the most documents first, cut.
    `near` counts pairs of near-duplicates, `largest` the documents of the largest group.
    """

    groups: Mapping[str, str]
    sentences: tuple[tuple[str, int], ...]
    near: int
    largest: int


@dataclass(slots=True)
class LeakFinder:
    """Takes documents one by one and keeps of each what tells it from others: hashes of its sentences, its sketch."""

    _by_sentence: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    _texts: dict[int, str] = field(default_factory=dict)
    _sketches: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, document: str, text: str, sentences: Iterable[Sequence[int]]) -> None:
        """Take a document. `sentences` are half-open ranges of its text in code points; without any, signs end them."""
        self._sketches[document] = sketch(text)
        for start, end in list(sentences) or [piece.span() for piece in _PIECE.finditer(text)]:
            words = _WORD.findall(text[start:end].casefold())
            if len(words) < LEAST_WORDS:
                continue
            key = hash(tuple(words))
            documents = self._by_sentence[key]
            if not documents or documents[-1] != document:
                documents.append(document)
                self._texts.setdefault(key, " ".join(text[start:end].split())[:120])

    def groups(self) -> LeakGroups:
        """Return the groups; the key of a group is the least id in it."""
        parent: dict[str, str] = {}

        def root(document: str) -> str:
            while parent.setdefault(document, document) != document:
                document = parent[document]
            return document

        def join(one: str, other: str) -> None:
            first, second = root(one), root(other)
            parent[max(first, second)] = min(first, second)

        shared = {key: documents for key, documents in self._by_sentence.items() if len(documents) > 1}
        for documents in shared.values():
            for other in documents[1:]:
                join(documents[0], other)
        near = list(self._near_pairs())
        for one, other in near:
            join(one, other)
        sizes: dict[str, int] = defaultdict(int)
        for document in parent:
            sizes[root(document)] += 1
        found = {document: root(document) for document in parent if sizes[root(document)] > 1}
        listed = sorted(((self._texts[key], len(documents)) for key, documents in shared.items()), key=_most_first)
        return LeakGroups(found, tuple(listed[:20]), len(near), max(sizes.values(), default=1))

    def _near_pairs(self) -> Iterable[tuple[str, str]]:
        """Yield pairs whose sketches share enough."""
        by_value: dict[int, list[str]] = defaultdict(list)
        for document, values in self._sketches.items():
            shared: dict[str, int] = defaultdict(int)
            for value in values:
                for other in by_value[value]:
                    shared[other] += 1
                by_value[value].append(document)
            yield from ((other, document) for other, count in shared.items() if count >= least_shared(values))


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
