"""The way to the next sentence in which nothing is tagged."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.boundaries import Range, next_sentence, previous_sentence, sentence_bounds
from annotator.core.spans import SpanSet


def next_untagged(text: str, sentences: Sequence[Range], spans: SpanSet, position: int, step: int) -> Range | None:
    """Return the next sentence (step 1), or the one before (-1), that no span shares a character with.

    The sentence at `position` is left out. Returns None where there is none up to the end of the text.
    """
    here = sentence_bounds(text, position, sentences)
    place = position if here[0] <= position <= here[1] else here[0]
    while True:
        place = next_sentence(text, place, sentences) if step > 0 else previous_sentence(text, place, sentences)
        start, end = sentence_bounds(text, place, sentences)
        if place >= len(text):
            return None
        if start < end and not start <= position <= end and not spans.overlapping(start, end):
            return start, end
        if place == 0 and step < 0:
            return None
