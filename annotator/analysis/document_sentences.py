"""The sentences of a document: none crosses the border of a block, and a speaker's name is one of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotator.analysis.sentences import split_sentences
from annotator.core.structure import FormatRange

_BLOCK_KINDS = frozenset({"heading", "paragraph", "list_item", "quote", "table_row", "footnote"})


def document_sentences(
    text: str, language: str, ranges: Sequence[FormatRange], start: int = 0, end: int | None = None
) -> tuple[tuple[int, int], ...]:
    """Return the sentences of `[start, end)` of a text, both in code points and at the borders of lines.

    They are ordered, disjoint and half-open.
    """
    end = len(text) if end is None else end
    breaks = {place for r in ranges if r.kind in _BLOCK_KINDS for place in (r.start, r.end)}
    names = {r.start: int(r.data["name_end"]) for r in ranges if r.kind == "speaker" and "name_end" in r.data}
    breaks.update(names, names.values())
    inner = [place - start for place in breaks if start <= place <= end]
    split = split_sentences(text[start:end], language, inner)
    return tuple(_with_whole_names(((start + a, start + b) for a, b in split), names))


def _with_whole_names(sentences: Iterable[tuple[int, int]], names: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences, of which those in a name (its start and end), as "MR." and "DOE:", become one."""
    name_end = 0
    for start, end in sentences:
        if start in names:
            name_end = names[start]
            yield start, name_end
        elif start >= name_end:
            yield start, end
