"""Changing the shape of the selected span with keys: its edges, a cut through it, a merge with its neighbour."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from annotator.core.boundaries import end_of_next_word, end_of_previous_word, next_word, previous_word
from annotator.core.records import Annotation
from annotator.ui.gestures.desk import Desk
from annotator.ui.views.reading_keys import KeyCommand

Move = Callable[[str, int], int]
"""From a text and a position to another position."""

Fragments = tuple[tuple[int, int], ...]

_OPENING = ("Ps", "Pi", "Pd", "Sc")
"""Categories of signs that belong to the word behind them: brackets, quote marks, hyphens, currencies."""


class Shaping(QObject):
    """Edges move by a word; attributes, note and relations stay with the span."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.on_key(KeyCommand.START_EDGE, self.start_outward, self.start_inward)
        desk.on_key(KeyCommand.END_EDGE, self.end_outward, self.end_inward)
        desk.on_key(KeyCommand.SPLIT, self.split)
        desk.on_key(KeyCommand.MERGE, self.merge_next, self.merge_previous)

    @Slot()
    def start_outward(self) -> None:
        """Let the span start a word earlier."""
        self._move_start(previous_word)

    @Slot()
    def start_inward(self) -> None:
        """Let the span start a word later."""
        self._move_start(next_word)

    @Slot()
    def end_outward(self) -> None:
        """Let the span end a word later."""
        self._move_end(end_of_next_word)

    @Slot()
    def end_inward(self) -> None:
        """Let the span end a word earlier."""
        self._move_end(end_of_previous_word)

    def _move_start(self, move: Move) -> None:
        span, text = self._desk.document.selected_span, self._desk.text
        if span is not None:
            self._resize(span, with_start_moved(text, span.fragments, move))

    def _move_end(self, move: Move) -> None:
        span, text = self._desk.document.selected_span, self._desk.text
        if span is not None:
            self._resize(span, with_end_moved(text, span.fragments, move))

    def _resize(self, span: Annotation, fragments: Fragments) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.resize(span.id, fragments)
            self._desk.select(span.id)

    @Slot()
    def split(self) -> None:
        """Cut the selected span in two at the caret."""
        span, caret = self._desk.document.selected_span, self._desk.reading.caret()
        if span is None or not span.start < caret < span.end:
            self._desk.messages.inform(self.tr("Select a span and put the caret inside it, where it shall be cut."))
            return
        with self._desk.messages.showing_errors():
            _, second = self._desk.session.annotations.split(span.id, caret)
            self._desk.select(second.id)

    @Slot()
    def merge_next(self) -> None:
        """Merge the selected span with the next one of its label in the text."""
        self._merge(1)

    @Slot()
    def merge_previous(self) -> None:
        """Merge the selected span with the one of its label before it."""
        self._merge(-1)

    def _merge(self, step: int) -> None:
        span = self._desk.document.selected_span
        if span is None:
            self._desk.messages.inform(self.tr("Select a span to merge with the next one of its label."))
            return
        alike = [a for a in self._desk.document.annotations() if (a.layer, a.label) == (span.layer, span.label)]
        alike.sort(key=lambda annotation: (annotation.start, annotation.end, annotation.id))
        place = alike.index(span) + step
        if not 0 <= place < len(alike):
            self._desk.messages.inform(self.tr("There is no other span of this label on that side."))
            return
        with self._desk.messages.showing_errors():
            kept = self._desk.session.annotations.merge([span.id, alike[place].id])
            self._desk.select(kept.id)


def with_start_moved(text: str, fragments: Fragments, move: Move) -> Fragments:
    """Return fragments with their start moved, unless nothing would be left of the first one."""
    first, *others = fragments
    start = _free_start(text, move(text, first[0]), move)
    return ((start, first[1]), *others) if start < first[1] else fragments


def with_end_moved(text: str, fragments: Fragments, move: Move) -> Fragments:
    """Return fragments with their end moved, unless nothing would be left of the last one."""
    *others, last = fragments
    end = _free_end(text, move(text, last[1]), move)
    return (*others, (last[0], end)) if end > last[0] else fragments


def _free_start(text: str, start: int, move: Move) -> int:
    """Move a start on from a sign that ends what stands before it, such as a full stop or a closing quote mark."""
    while 0 < start < len(text) and not text[start].isalnum() and not text[start - 1].isspace():
        moved = move(text, start)
        if moved == start:
            break
        start = moved
    return start


def _free_end(text: str, end: int, move: Move) -> int:
    """Move an end on from a sign that begins the word behind it, such as an opening quote mark or a hyphen."""
    while 0 < end < len(text) and unicodedata.category(text[end - 1]) in _OPENING and text[end].isalnum():
        moved = move(text, end)
        if moved == end:
            break
        end = moved
    return end
