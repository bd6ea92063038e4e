"""A document as spaCy's tokens: words and white space that give the text back, with edges where spans have theirs.

Positions in the text are code points, half-open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from annotator.formats.datasets.entries import SpanEntry, hull
from annotator.formats.datasets.tokens import tokens_of

Place = tuple[int, int]


class Layout:
    """The tokens of one text. `spaces` says for each whether one space follows that is in no token."""

    def __init__(self, text: str, spans: Iterable[SpanEntry], sentences: Sequence[Sequence[int]]) -> None:
        words: list[str] = []
        spaces: list[bool] = []
        places: list[int] = []
        starts, ends = _edges(spans)
        begins = (start for start, _ in sentences if start < len(text))
        edges = sorted({0, len(text), *chain.from_iterable(tokens_of(text)), *starts, *ends, *begins})
        for start, end in pairwise(edges):
            if text[start] == " " and words and not spaces[-1] and start not in starts and start + 1 not in ends:
                spaces[-1] = True
                start += 1
                if start == end:
                    continue
            words.append(text[start:end])
            spaces.append(False)
            places.append(start)
        self.words, self.spaces, self.starts = words, spaces, places

    def tokens(self, start: int, end: int) -> Place:
        """Return the first token of a span, and the one after its last."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def trimmed(self, first: int, end: int) -> Place | None:
        """Return tokens without those at the edges that are white space; None where there are no others."""
        while first < end and self.words[first].isspace():
            first += 1
        while first < end and self.words[end - 1].isspace():
            end -= 1
        return (first, end) if first < end else None


def _edges(spans: Iterable[SpanEntry]) -> tuple[set[int], set[int]]:
    hulls = [hull(span) for span in spans]
    return {start for start, _ in hulls}, {end for _, end in hulls}
