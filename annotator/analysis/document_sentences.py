"""The sentences of a document: none crosses the border of a block, and a speaker's name is one of its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotator.analysis.sentences import split_sentences
from annotator.core.structure import FormatRange

_BLOCK_KINDS = frozenset({"heading", "paragraph", "list_item", "quote", "table_row", "footnote"})


class DocumentSentences:
    """Splits a text, as a whole or stretch by stretch; what its ranges say of borders is worked out once."""

    def __init__(self, text: str, language: str, ranges: Sequence[FormatRange]) -> None:
        self._text = text
        self._language = language
        self._names = {r.start: int(r.data["name_end"]) for r in ranges if r.kind == "speaker" and "name_end" in r.data}
        breaks = {place for r in ranges if r.kind in _BLOCK_KINDS for place in (r.start, r.end)}
        self._breaks = sorted(breaks.union(self._names, self._names.values()))

    def all(self) -> tuple[tuple[int, int], ...]:
        """Return the sentences of the whole text as ordered, disjoint, half-open pairs in code points."""
        return self.between(0, len(self._text))

    def between(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return the sentences of `[start, end)`, both in code points and at the borders of lines."""
        low, high = bisect_left(self._breaks, start), bisect_right(self._breaks, end)
        inner = [place - start for place in self._breaks[low:high]]
        split = split_sentences(self._text[start:end], self._language, inner)
        return tuple(self._with_whole_names((start + a, start + b) for a, b in split))

    def _with_whole_names(self, sentences: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the sentences, of which those in a name (its start and end), as "MR." and "DOE:", become one."""
        name_end = 0
        for start, end in sentences:
            if start in self._names:
                name_end = self._names[start]
                yield start, name_end
            elif start >= name_end:
                yield start, end
