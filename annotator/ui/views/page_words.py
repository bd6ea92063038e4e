"""The words of one page: what is under a point, where a position stands, and the lines in the order of the text.

Points and boxes are in PDF points, positions are code points of the document.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter

from annotator.core.pages import Box, Page, PageLayout, Word, are_on_one_line

_GAP = 1.5
"""White space between two words of a line, in heights of the line, that still belongs to it."""
_SIDEWAYS = 1.5
"""How much taller than wide a word of several signs is that is written up or down the page."""
_DOWN_WEIGHT = 3.0
"""How much farther a point counts above or below a word than beside it."""

_start = attrgetter("start")


class PageWords:
    """Looks words up by place and by position."""

    def __init__(self, page: Page) -> None:
        self.words = list(page.words())
        self.extent = page.extent()
        self._layout = PageLayout((page,))
        self._lines: list[tuple[int, int]] | None = None

    def boxes(self, start: int, end: int) -> list[Box]:
        """Return the boxes of `[start, end)`, one a line stretch."""
        found = self._layout.boxes(start, end)
        return found[0][1] if found else []

    # -- points

    def under(self, x: float, y: float) -> int | None:
        """Return the position of the character under a point, or of the space between two words of a line."""
        before: Word | None = None
        for word in self.words:
            box = word.box
            if not box.top <= y <= box.bottom:
                before = None
                continue
            if box.left <= x <= box.right:
                return min(_inside(word, x, 0.0), word.end - 1)
            if before is not None and before.box.right < x < box.left and word.start > before.end:
                height = box.bottom - box.top
                return before.end if box.left - before.box.right <= _GAP * height else None
            before = word
        return None

    def between(self, x: float, y: float) -> int | None:
        """Return the position of a caret set at a point: in the nearest word, or None where there is no word."""
        if not self.words:
            return None
        return _inside(min(self.words, key=lambda word: _distance(word.box, x, y)), x, 0.5)

    # -- positions

    def caret(self, position: int) -> Box | None:
        """Return the line, without width, at which a caret stands before a position."""
        if not self.words:
            return None
        word = self.words[self._index(position)]
        share = min(max((position - word.start) / (word.end - word.start), 0.0), 1.0)
        x = word.box.left + share * (word.box.right - word.box.left)
        return Box(x, word.box.top, x, word.box.bottom)

    def line_at(self, position: int) -> int:
        """Return the number of the line that holds a position, from 0 in the order of the text."""
        return bisect_right(self.lines(), self._index(position), key=lambda line: line[0]) - 1

    def line_ends(self, line: int) -> tuple[int, int]:
        """Return where a line starts and ends in the text."""
        first, last = self.lines()[line]
        return self.words[first].start, self.words[last].end

    def in_line(self, line: int, x: float) -> int:
        """Return the position of a caret in a line, as near to `x` as there are words."""
        first, last = self.lines()[line]
        word = min(self.words[first : last + 1], key=lambda word: max(word.box.left - x, x - word.box.right, 0.0))
        return _inside(word, x, 0.5)

    def lines(self) -> list[tuple[int, int]]:
        """Return the first and last word of each line, in the order of the text."""
        if self._lines is None:
            lines: list[tuple[int, int]] = []
            for index, word in enumerate(self.words):
                if lines and are_on_one_line(self.words[index - 1].box, word.box):
                    lines[-1] = (lines[-1][0], index)
                else:
                    lines.append((index, index))
            self._lines = lines
        return self._lines

    def _index(self, position: int) -> int:
        return max(0, bisect_right(self.words, position, key=_start) - 1)


def _inside(word: Word, x: float, rounding: float) -> int:
    if word.box.bottom - word.box.top > _SIDEWAYS * (word.box.right - word.box.left) and word.end > word.start + 1:
        return (word.start + word.end) // 2
    width = max(word.box.right - word.box.left, 0.01)
    share = min(max((x - word.box.left) / width, 0.0), 1.0)
    return word.start + int(share * (word.end - word.start) + rounding)


def _distance(box: Box, x: float, y: float) -> float:
    across = max(box.left - x, x - box.right, 0.0)
    down = max(box.top - y, y - box.bottom, 0.0)
    return across + _DOWN_WEIGHT * down
