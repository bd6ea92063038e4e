"""Where the caret goes: by character, word, line and page, over block borders and in both directions of writing.

Positions are code points of the document.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator.core.boundaries import next_word, previous_word
from annotator.core.invisibles import JOINERS
from annotator.ui.views.reading_layout import LaidBlock
from annotator.ui.views.reading_page import Page

_Key = QKeySequence.StandardKey


class CaretMover:
    """Finds the caret's next place. Remembers the column that moves up and down keep to."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._goal: float | None = None

    def target(self, event: QKeyEvent, position: int) -> tuple[int, bool] | None:
        """Return where a key takes the caret and whether it selects, or None if the key does not move it."""
        for move, (plain, selecting) in self._moves().items():
            for key, selects in ((plain, False), (selecting, True)):
                if event.matches(key):
                    if move not in (self.line_up, self.line_down, self.page_up, self.page_down):
                        self._goal = None
                    return move(position), selects
        return None

    def forget_column(self) -> None:
        """Let the next move up or down start a column of its own."""
        self._goal = None

    def _moves(self) -> dict[Callable[[int], int], tuple[_Key, _Key]]:
        return {
            self.left: (_Key.MoveToPreviousChar, _Key.SelectPreviousChar),
            self.right: (_Key.MoveToNextChar, _Key.SelectNextChar),
            self.word_left: (_Key.MoveToPreviousWord, _Key.SelectPreviousWord),
            self.word_right: (_Key.MoveToNextWord, _Key.SelectNextWord),
            self.line_up: (_Key.MoveToPreviousLine, _Key.SelectPreviousLine),
            self.line_down: (_Key.MoveToNextLine, _Key.SelectNextLine),
            self.page_up: (_Key.MoveToPreviousPage, _Key.SelectPreviousPage),
            self.page_down: (_Key.MoveToNextPage, _Key.SelectNextPage),
            self.line_start: (_Key.MoveToStartOfLine, _Key.SelectStartOfLine),
            self.line_end: (_Key.MoveToEndOfLine, _Key.SelectEndOfLine),
            self.document_start: (_Key.MoveToStartOfDocument, _Key.SelectStartOfDocument),
            self.document_end: (_Key.MoveToEndOfDocument, _Key.SelectEndOfDocument),
        }

    # -- along the text

    def left(self, position: int) -> int:
        """Return the place of the character to the left."""
        return self.following(position) if self._right_to_left(position) else self.preceding(position)

    def right(self, position: int) -> int:
        """Return the place of the character to the right."""
        return self.preceding(position) if self._right_to_left(position) else self.following(position)

    def word_left(self, position: int) -> int:
        """Return the place of the word to the left."""
        move = next_word if self._right_to_left(position) else previous_word
        return move(self._page.text, position)

    def word_right(self, position: int) -> int:
        """Return the place of the word to the right."""
        move = previous_word if self._right_to_left(position) else next_word
        return move(self._page.text, position)

    def following(self, position: int) -> int:
        """Return the end of the character (with its marks) at `position`."""
        laid = self._page.block(self._page.blocks.at(position)).laid
        if position >= laid.end:
            return min(position + 1, len(self._page.text))
        unit = laid.positions.to_units(position)
        start = unit if laid.layout.isValidCursorPosition(unit) else laid.layout.previousCursorPosition(unit)
        return next(stop for stop in self._stops(laid, start) if stop > position)

    def preceding(self, position: int) -> int:
        """Return the start of the character (with its marks) before `position`."""
        index = self._page.blocks.at(position)
        laid = self._page.block(index).laid
        if position <= laid.start:
            if index == 0 or not self._page.blocks.continues(index - 1):
                return max(0, position - 1)
            laid = self._page.block(index - 1).laid
        start = laid.layout.previousCursorPosition(laid.positions.to_units(position))
        return max(stop for stop in self._stops(laid, start) if stop < position)

    def _stops(self, laid: LaidBlock, unit: int) -> list[int]:
        """Return the caret's places in the character at a unit: its ends, and before each joiner at its end.

        To Qt a joiner is part of the letter before it, but the letter may be annotated without it.
        """
        start = laid.positions.to_position(unit)
        end = laid.positions.to_position(laid.layout.nextCursorPosition(unit))
        stem = len(self._page.text[start:end].rstrip(JOINERS))
        return [start, *range(start + max(stem, 1), end + 1)]

    def _right_to_left(self, position: int) -> bool:
        return self._page.block(self._page.blocks.at(position)).laid.right_to_left

    # -- by lines

    def line_start(self, position: int) -> int:
        """Return the start of the line."""
        laid = self._page.block(self._page.blocks.at(position)).laid
        return laid.positions.to_position(laid.lines[laid.line_of(laid.positions.to_units(position))].start)

    def line_end(self, position: int) -> int:
        """Return the end of the line, before spaces that hang there."""
        laid = self._page.block(self._page.blocks.at(position)).laid
        number = laid.line_of(laid.positions.to_units(position))
        line = laid.lines[number]
        if number + 1 == len(laid.lines):
            return laid.end
        unit = line.visible_end if line.visible_end < line.end else laid.layout.previousCursorPosition(line.end)
        return laid.positions.to_position(unit)

    def line_up(self, position: int) -> int:
        """Return the place above."""
        return self._vertical(position, -1)

    def line_down(self, position: int) -> int:
        """Return the place below."""
        return self._vertical(position, 1)

    def page_up(self, position: int) -> int:
        """Return the place one sight above."""
        return self._vertical(position, -self._lines_in_sight())

    def page_down(self, position: int) -> int:
        """Return the place one sight below."""
        return self._vertical(position, self._lines_in_sight())

    def document_start(self, position: int) -> int:
        """Return the start of the text."""
        return 0

    def document_end(self, position: int) -> int:
        """Return the end of the text."""
        return len(self._page.text)

    def _lines_in_sight(self) -> int:
        return max(1, int(self._page.sight / self._page.metrics.pitch) - 2)

    def _vertical(self, position: int, lines: int) -> int:
        index = self._page.blocks.at(position)
        laid = self._page.block(index).laid
        unit = laid.positions.to_units(position)
        if self._goal is None:
            self._goal = laid.caret_x(unit)
        number = laid.line_of(unit) + lines
        while number < 0 or number >= len(laid.lines):
            if number < 0:
                if index == 0:
                    return 0
                index -= 1
                laid = self._page.block(index).laid
                number += len(laid.lines)
            else:
                if index + 1 == len(self._page.blocks):
                    return len(self._page.text)
                number -= len(laid.lines)
                index += 1
                laid = self._page.block(index).laid
        line = laid.lines[number]
        return laid.positions.to_position(laid.unit_between(self._goal, (line.top + line.bottom) / 2))
