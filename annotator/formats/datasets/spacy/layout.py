"""A document as spaCy's tokens: words and white space that give the text back, with edges where spans have theirs.

Positions in the text are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from annotator.formats.datasets.entries import SpanEntry, hull
from annotator.formats.datasets.tokens import tokens_of

Place = tuple[int, int]


class Layout:
    """The tokens of one text. `spaces` says for each whether one space follows that is in no token."""

    def __init__(self, text: str, spans: Iterable[SpanEntry], sentences: Sequence[Sequence[int]]) -> None:
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.starts: list[int] = []
        self._by_start: dict[int, int] = {}
        self._by_end: dict[int, int] = {}
        starts, ends = _edges(spans)
        begins = (start for start, _ in sentences if start < len(text))
        places = sorted({0, len(text), *chain.from_iterable(tokens_of(text)), *starts, *ends, *begins})
        for start, end in pairwise(places):
            is_taken = (
                text[start] == " "
                and bool(self.words)
                and not self.spaces[-1]
                and start not in starts
                and start + 1 not in ends
            )
            if is_taken:
                self.spaces[-1] = True
                start += 1
            if start < end:
                self._by_start[start] = self._by_end[end] = len(self.words)
                self.words.append(text[start:end])
                self.spaces.append(False)
                self.starts.append(start)

    def tokens(self, start: int, end: int) -> Place:
        """Return the first token of a span, and the one after its last."""
        return self._by_start[start], self._by_end[end] + 1

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
