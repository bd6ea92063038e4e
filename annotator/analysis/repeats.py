"""Where a tagged passage stands again, word for word or nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from annotator.core.boundaries import snap_to_words
from annotator.core.records import Fragment

LEAST = 82.0
"""Per cent that two sentences must be alike (rapidfuzz's ratio of edits to length)."""

_SHORTEST = 12
"""Code points of a passage below which only the same words count: short ones are like too many others."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A place `[start, end)` in code points that says the same; `likeness` is 100 for the same words."""

    start: int
    end: int
    likeness: float


class RepeatFinder:
    """Looks for one passage in many texts; `sentence` is the one that it stands in."""

    def __init__(self, passage: str, sentence: str) -> None:
        self._passage = " ".join(passage.split())
        self._sentence = " ".join(sentence.split())

    def find(self, text: str, sentences: Sequence[Fragment]) -> Iterator[Repeat]:
        """Yield the places in a text in order, at most one a sentence."""
        for start, end in sentences:
            repeat = self._in_sentence(text, start, end)
            if repeat is not None:
                yield repeat

    def _in_sentence(self, text: str, start: int, end: int) -> Repeat | None:
        sentence = text[start:end]
        at = sentence.find(self._passage)
        if at >= 0:
            return Repeat(start + at, start + at + len(self._passage), 100.0)
        if len(self._passage) < _SHORTEST or not 0.5 < (end - start) / max(1, len(self._sentence)) < 2:
            return None
        likeness = fuzz.ratio(self._sentence, sentence, score_cutoff=LEAST)
        if not likeness:
            return None
        place = fuzz.partial_ratio_alignment(self._passage, sentence, score_cutoff=LEAST)
        if place is None:
            return None
        low, high = snap_to_words(text, start + place.dest_start, start + place.dest_end)
        return Repeat(low, high, round(min(likeness, place.score), 1)) if low < high else None
