"""The document as display blocks: one per line of the canonical text, with what the structure says of each.

Positions are code points. A block excludes its newline. Nothing here is laid out.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from operator import add

from annotator.core.boundaries import cluster
from annotator.core.spans import IntervalIndex
from annotator.core.structure import FormatRange, Structure

BLOCK_LIMIT = 10_000
"""Code points in one block at most: the layout of an unbroken run grows with the square of its length."""

_INLINE = frozenset({"emphasis", "strong", "code", "link", "speaker"})


@dataclass(frozen=True, slots=True)
class BlockStyle:
    """How one block looks. `kind` is paragraph, heading, list_item or quote; `marker` is shown, never in the text.

    `inline` are the format ranges that touch the block, in document positions.
    """

    kind: str = "paragraph"
    level: int = 0
    marker: str = ""
    quote_level: int = 0
    ends_range: bool = False
    inline: tuple[FormatRange, ...] = ()


class Blocks:
    """Where the blocks of a text start and end."""

    def __init__(self, text: str) -> None:
        lengths = list(map(len, text.split("\n")))
        self.starts = list(accumulate([length + 1 for length in lengths[:-1]], initial=0))
        self.ends = list(map(add, self.starts, lengths))
        if max(lengths) > BLOCK_LIMIT:
            self._cut_long_lines(text)

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, position: int) -> int:
        """Return the block that holds a position; a newline belongs to the block that it ends."""
        return max(0, bisect_right(self.starts, position) - 1)

    def length(self, block: int) -> int:
        """Return the block's code points."""
        return self.ends[block] - self.starts[block]

    def continues(self, block: int) -> bool:
        """Say whether the block goes on in the next one without a newline between."""
        return block + 1 < len(self.starts) and self.starts[block + 1] == self.ends[block]

    def _cut_long_lines(self, text: str) -> None:
        starts: list[int] = []
        ends: list[int] = []
        for start, end in zip(self.starts, self.ends, strict=True):
            while end - start > BLOCK_LIMIT:
                cut = _cut_before(text, start, start + BLOCK_LIMIT)
                starts.append(start)
                ends.append(cut)
                start = cut
            starts.append(start)
            ends.append(end)
        self.starts, self.ends = starts, ends


def _cut_before(text: str, start: int, limit: int) -> int:
    space = text.rfind(" ", start + BLOCK_LIMIT // 2, limit)
    if space >= 0:
        return space + 1
    place = cluster(text, limit)[0]
    return place if place > start else limit


class BlockStyles:
    """Looks up a block's style in the structure, block by block as they come into sight."""

    def __init__(self, structure: Structure) -> None:
        self._ranges = structure.ranges
        self._index: IntervalIndex | None = None

    def style(self, start: int, end: int) -> BlockStyle:
        """Return the style of the block `[start, end)`."""
        if not self._ranges:
            return BlockStyle()
        if self._index is None:
            self._index = IntervalIndex((r.start, -r.end, i, "") for i, r in enumerate(self._ranges) if r.start < r.end)
        touching = [self._ranges[entry[2]] for entry in self._index.overlapping(start, max(end, start + 1))]
        return _style_from(touching, start, end)


def _style_from(touching: list[FormatRange], start: int, end: int) -> BlockStyle:
    kind, level, marker, quote_level = "paragraph", 0, "", 0
    ends_range = False
    for item in touching:
        if item.kind in _INLINE:
            continue
        ends_range = ends_range or item.end <= end + 1
        if item.kind == "quote":
            quote_level = max(quote_level, item.level, 1)
        elif item.kind == "list_item" and kind != "heading":
            kind, level = "list_item", max(item.level, 1)
            marker = str(item.data.get("marker", "•")) if item.start >= start else ""
        elif item.kind == "heading":
            kind, level, marker = "heading", item.level or 1, ""
    inline = tuple(item for item in touching if item.kind in _INLINE)
    return BlockStyle(kind, level, marker, quote_level, ends_range, inline)
