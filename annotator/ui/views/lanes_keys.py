"""The keys of a review by their place on the keyboard, and what they do in the text with lanes.

How to add a key:
1. name its command in `ReviewCommand` and its letter in `_LETTERS`;
2. let the review page act on it, and name it in `key_list.review_keys`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from annotator.ui.views.letter_keys import letter_keys
from annotator.ui.views.reading_keyboard import ReadingKeyboard
from annotator.ui.views.reading_keys import KeyCommand, single_key

if TYPE_CHECKING:
    from annotator.ui.views.lanes_view import LanesView


class ReviewCommand(Enum):
    """What a single key asks for in a review. TAKE comes with the number of the layer."""

    TAKE = "take"
    NEITHER = "neither"
    UNION = "union"
    INTERSECTION = "intersection"
    BOTH = "both"
    EDIT = "edit"
    NEXT = "next"
    PREVIOUS = "previous"
    START_EDGE = "start_edge"
    END_EDGE = "end_edge"


ReviewKey = tuple[ReviewCommand, int]

_LETTERS = {
    "u": ReviewCommand.UNION,
    "i": ReviewCommand.INTERSECTION,
    "k": ReviewCommand.BOTH,
    "n": ReviewCommand.NEXT,
    "p": ReviewCommand.PREVIOUS,
}
_SINGLE = {
    KeyCommand.ENTER: ReviewCommand.EDIT,
    KeyCommand.START_EDGE: ReviewCommand.START_EDGE,
    KeyCommand.END_EDGE: ReviewCommand.END_EDGE,
}
_TABS = {Qt.Key.Key_Tab: ReviewCommand.NEXT, Qt.Key.Key_Backtab: ReviewCommand.PREVIOUS}
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def review_key(event: QKeyEvent) -> ReviewKey | None:
    """Return what a key event asks for, or None. The place of the key decides where the platform tells it."""
    single = single_key(event)
    if single is not None and single[0] is KeyCommand.DIGIT:
        return (ReviewCommand.TAKE, single[1]) if single[1] else (ReviewCommand.NEITHER, 0)
    if single is not None and single[0] in _SINGLE:
        return _SINGLE[single[0]], 0
    for letter in letter_keys(event):
        if letter in _LETTERS:
            return _LETTERS[letter], 0
    return None


class LanesKeyboard(ReadingKeyboard):
    """Moves the caret as in reading; single keys decide, and Tab goes from case to case."""

    def __init__(self, view: LanesView) -> None:
        super().__init__(view)
        self._lanes_view = view

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; say whether it asked for anything here."""
        if event.key() in _TABS and not event.modifiers() & ~_SHIFT:
            backward = event.key() == Qt.Key.Key_Backtab or bool(event.modifiers() & _SHIFT)
            self._lanes_view.review_pressed.emit(ReviewCommand.PREVIOUS if backward else ReviewCommand.NEXT, 0, False)
            return True
        key = review_key(event)
        if key is not None:
            self._lanes_view.review_pressed.emit(*key, bool(event.modifiers() & _SHIFT))
            return True
        if single_key(event) is not None:
            return self._move_by_single(event)
        return self._chord(event) or self._move_caret(event)

    def claims(self, event: QKeyEvent) -> bool:
        """Say whether a key must not become a shortcut of the window while the view has the focus."""
        return super().claims(event) or review_key(event) is not None

    def _move_by_single(self, event: QKeyEvent) -> bool:
        key = single_key(event)
        if key is None or key[0] not in (KeyCommand.PREVIOUS_SENTENCE, KeyCommand.NEXT_SENTENCE):
            return False
        self._emit_single(key, shift=bool(event.modifiers() & _SHIFT))
        return True
