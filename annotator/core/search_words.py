"""What a search looks for, as a tree of terms, and where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.core.folding import UNSPACED_CLASS, as_tokens, fold, is_unspaced

Range = tuple[int, int]

_BEFORE_A_WORD = re.compile(f"[ {UNSPACED_CLASS}]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase as it was typed; with `begins`, its last word is the beginning of a longer one."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must be there."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must be there."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must be there, and none of the `others`."""

    part: Node
    others: tuple[Node, ...]


Node = Term | AllOf | AnyOf | Without


def wanted_terms(node: Node) -> Iterator[Term]:
    """Yield the terms that are to be found, not those to be left out."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Without):
        yield from wanted_terms(node.part)
    else:
        for part in node.parts:
            yield from wanted_terms(part)


def without_exclusions(node: Node) -> Node:
    """Return the tree that holds wherever this one may hold in a part of a text."""
    if isinstance(node, Term):
        return node
    if isinstance(node, Without):
        return without_exclusions(node.part)
    return type(node)(tuple(map(without_exclusions, node.parts)))


def holds(node: Node, is_there: Callable[[Term], bool]) -> bool:
    """Say whether the tree holds, given which terms are there."""
    if isinstance(node, Term):
        return is_there(node)
    if isinstance(node, AllOf):
        return all(holds(part, is_there) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(holds(part, is_there) for part in node.parts)
    return holds(node.part, is_there) and not any(holds(other, is_there) for other in node.others)


class Finder:
    """Finds what a tree looks for.

    Args:
        node: the tree.
        diacritics: whether diacritics are ignored.
        parts: whether a term may stand inside a word, with its signs; else it is made of whole words.
    """

    def __init__(self, node: Node, *, diacritics: bool, parts: bool) -> None:
        self._node = node
        self._diacritics = diacritics
        self._parts = parts
        self._wanted = tuple(dict.fromkeys(wanted_terms(node)))
        self._patterns: dict[Term, re.Pattern[str]] = {}

    def places(self, text: str) -> list[Range]:
        """Return where the wanted terms stand, in order and apart from each other; none where the tree does not hold.

        Ranges are half-open, in code points of the text.
        """
        folded = fold(text, diacritics=self._diacritics, signs=self._parts)
        found: dict[Term, list[Range]] = {}

        def is_there(term: Term) -> bool:
            if term not in found:
                found[term] = list(self._find(term, folded.text))
            return bool(found[term])

        if not holds(self._node, is_there):
            return []
        ranges = [place for term in self._wanted if is_there(term) for place in found[term]]
        return [folded.range_in_text(start, end) for start, end in _apart(ranges)]

    def _find(self, term: Term, folded: str) -> Iterator[Range]:
        pattern = self._patterns.get(term)
        if pattern is None:
            pattern = self._patterns[term] = self._pattern(term)
        match = pattern.search(folded)
        while match is not None:
            start, end = match.span()
            begins_word = self._parts or start == 0 or is_unspaced(folded[start])
            if begins_word or _BEFORE_A_WORD.match(folded, start - 1):
                yield start, end
                match = pattern.search(folded, end)
            else:
                match = pattern.search(folded, start + 1)

    def _pattern(self, term: Term) -> re.Pattern[str]:
        folded = fold(term.text, diacritics=self._diacritics, signs=self._parts).text
        if self._parts:
            return re.compile(" +".join(map(re.escape, folded.split())))
        words = [word for piece in folded.split() for word in _words(piece)]
        pattern = re.escape(words[0])
        for before, word in pairwise(words):
            gap = " *" if is_unspaced(before[-1]) or is_unspaced(word[0]) else " +"
            pattern += gap + re.escape(word)
        if term.begins and not is_unspaced(words[-1][-1]):
            return re.compile(f"{pattern}[^ {UNSPACED_CLASS}]*")
        return re.compile(pattern if is_unspaced(words[-1][-1]) else f"{pattern}(?![^ {UNSPACED_CLASS}])")


_WORDS = re.compile(f"[{UNSPACED_CLASS}]|[^{UNSPACED_CLASS}]+")


def _words(piece: str) -> list[str]:
    return _WORDS.findall(piece)


def has_words(text: str) -> bool:
    """Say whether there is anything to look for."""
    return bool(as_tokens(text).split())


def _apart(ranges: Sequence[Range]) -> list[Range]:
    """Return the ranges in order, those left out that touch a longer or an earlier one."""
    kept: list[Range] = []
    for start, end in sorted(set(ranges), key=lambda place: (place[0], -place[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
