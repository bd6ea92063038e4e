"""Texts that are nearly the same: found by shingles that they share, confirmed word by word.

A sketch is the smallest hashes of a text's shingles (bottom-k sampling, Broder 1997): the share of values that two
sketches have in common estimates how much of the texts is the same.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from hashlib import blake2b
from operator import itemgetter

SKETCH_SIZE = 64
"""Values in a sketch; a short text has fewer."""

SHARED_LEAST = 0.4
"""Texts that share less of their sketches are no near-duplicates: where a tenth of the words differs it is 0.45."""

NEAR = 0.85
"""From this similarity on two texts count as near-duplicates."""

_SHINGLE_WORDS = 4
_SHINGLE_CHARACTERS = 8
_COMPARED_WORDS = 20_000
_LONG_WORDS = 14
_WORD = re.compile(r"\w+")


def sketch(text: str) -> tuple[int, ...]:
    """Return the text's sketch, ascending 63-bit numbers; white space, case and punctuation do not count."""
    return tuple(heapq.nsmallest(SKETCH_SIZE, {_hashed(shingle) for shingle in _shingles(text)}))


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1: twice the words in common order by the words of both.

    Only the first 20,000 words of each are compared.
    """
    from rapidfuzz.distance import Indel

    first, second = (_units(text)[0][:_COMPARED_WORDS] for text in (one, other))
    return Indel.normalized_similarity(first, second)


def are_near(one: str, other: str) -> bool:
    """Say whether two texts are near-duplicates."""
    return similarity(one, other) >= NEAR


class SketchIndex:
    """Finds, among sketches that were put in, the key of the first one that shares enough with another."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._by_value: dict[int, list[int]] = {}

    def put(self, key: str, values: tuple[int, ...]) -> None:
        """Add a sketch under a key."""
        for value in values:
            self._by_value.setdefault(value, []).append(len(self._keys))
        self._keys.append(key)

    def nearest(self, values: tuple[int, ...]) -> str | None:
        """Return the key of the sketch that shares most values, if they are enough for near-duplicates."""
        shared = Counter(place for value in values for place in self._by_value.get(value, ()))
        place, count = max(shared.items(), key=itemgetter(1), default=(0, 0))
        return self._keys[place] if values and count >= least_shared(values) else None


def least_shared(values: tuple[int, ...]) -> int:
    """Return how many values another sketch must share with this one to be looked at."""
    return max(1, round(len(values) * SHARED_LEAST))


def _shingles(text: str) -> list[str]:
    units, width = _units(text)
    return [" ".join(units[place : place + width]) for place in range(max(1, len(units) - width + 1))] if units else []


def _units(text: str) -> tuple[list[str], int]:
    """Return the words in lower case, or the characters of a text that is written without spaces.

    The number is how many of them a shingle has.
    """
    words = _WORD.findall(text.lower())
    if sum(map(len, words)) <= _LONG_WORDS * len(words):
        return words, _SHINGLE_WORDS
    return list("".join(words)), _SHINGLE_CHARACTERS


def _hashed(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
