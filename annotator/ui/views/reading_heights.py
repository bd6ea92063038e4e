"""Heights of many blocks: which block is at which height, and the other way, in logarithmic time."""

from __future__ import annotations

from itertools import accumulate


class HeightIndex:
    """A Fenwick tree over block heights in pixels.

    Source: P. M. Fenwick, "A new data structure for cumulative frequency tables", 1994.
    """

    def __init__(self, heights: list[float]) -> None:
        self._heights = heights
        sums = list(accumulate(heights, initial=0.0))
        self._tree = [0.0, *(sums[i] - sums[i & (i - 1)] for i in range(1, len(sums)))]
        self._top = 1 << (len(heights).bit_length())

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> float:
        """The height of all blocks."""
        return self.above(len(self._heights))

    def height(self, block: int) -> float:
        """Return one block's height."""
        return self._heights[block]

    def set_height(self, block: int, height: float) -> None:
        """Change one block's height."""
        change = height - self._heights[block]
        if not change:
            return
        self._heights[block] = height
        node = block + 1
        while node < len(self._tree):
            self._tree[node] += change
            node += node & -node

    def above(self, block: int) -> float:
        """Return the height of all blocks before `block`."""
        total = 0.0
        while block:
            total += self._tree[block]
            block &= block - 1
        return total

    def find(self, height: float) -> tuple[int, float]:
        """Return the block at a height from the top, kept within the blocks, and how far into it that is."""
        node, step = 0, self._top
        rest = height
        while step:
            following = node + step
            if following < len(self._tree) and self._tree[following] <= rest:
                node = following
                rest -= self._tree[following]
            step >>= 1
        if node >= len(self._heights):
            return len(self._heights) - 1, self._heights[-1]
        return node, max(0.0, rest)
