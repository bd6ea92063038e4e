"""The reading view's key events: the caret, growing and shrinking, the way from span to span, and single keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator.core.boundaries import next_sentence, previous_sentence
from annotator.ui.views.reading_caret import CaretMover
from annotator.ui.views.reading_keys import KeyCommand, SingleKey, single_key

if TYPE_CHECKING:
    from annotator.ui.views.reading_view import ReadingView

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_GROWING = Qt.KeyboardModifier.ControlModifier | _SHIFT
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class ReadingKeyboard:
    """Turns the reading view's key events into moves, selections and signals."""

    def __init__(self, view: ReadingView) -> None:
        self._view = view
        self._mover = CaretMover(view.page)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; say whether it asked for anything here."""
        step = self._next_document_step(event)
        if step:
            self._view.next_document_requested.emit(step)
            return True
        if self._chord(event) or self._move_caret(event):
            return True
        key = single_key(event)
        if key is not None:
            self._emit_single(key, shift=bool(event.modifiers() & _SHIFT))
        return key is not None

    def claims(self, event: QKeyEvent) -> bool:
        """Say whether a key must not become a shortcut of the window while the view has the focus."""
        growing = event.modifiers() == _GROWING and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        return growing or single_key(event) is not None or event.matches(QKeySequence.StandardKey.Copy)

    def forget_column(self) -> None:
        """Let the next move up or down start a column of its own."""
        self._mover.forget_column()

    def _chord(self, event: QKeyEvent) -> bool:
        """Do what a key with Ctrl, Tab or Esc asks for; say whether it asked for anything."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == _GROWING and event.key() == Qt.Key.Key_Up:
            self._view.grow_selection()
        elif modifiers == _GROWING and event.key() == Qt.Key.Key_Down:
            self._view.shrink_selection()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._view.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._view.select(0, len(self._view.page.text))
        elif event.key() in _TABS and not modifiers & ~_SHIFT:
            self._go_to_span(-1 if event.key() == Qt.Key.Key_Backtab or modifiers & _SHIFT else 1)
        elif event.key() == Qt.Key.Key_Escape and not modifiers:
            self._escape()
        else:
            return False
        return True

    def _go_to_span(self, step: int) -> None:
        """Select the next or previous span in the text, from the selected one or else the caret; stop at the ends."""
        spans = self._view.page.spans
        span = (
            spans.next_span(self._view.selected_span(), self._view.caret())
            if step > 0
            else spans.previous_span(self._view.selected_span(), self._view.caret())
        )
        if span is not None:
            self._view.select_span(span)

    def _escape(self) -> None:
        """Give up a drag, else the selected text, else the selected span."""
        self._view.escape_pressed.emit()
        if self._view.mouse.cancel():
            return
        if self._view.selection() is not None:
            self._view.set_caret(self._view.caret())
        else:
            self._view.choose_span(None)

    def _move_caret(self, event: QKeyEvent) -> bool:
        found = self._mover.target(event, self._view.caret())
        if found is None:
            return False
        self._go(*found)
        return True

    def _go(self, target: int, selects: bool) -> None:
        """Take the caret somewhere; a span that it leaves is selected no more, so that a digit tags the clause here."""
        self._view.select(self._view.anchor() if selects else target, target)
        mark = self._view.selected_mark()
        if mark is not None and not mark.start <= target <= mark.end:
            self._view.choose_span(None)
        self._view.keep_caret_in_sight()

    def _emit_single(self, key: SingleKey, *, shift: bool) -> None:
        command, digit = key
        if command is KeyCommand.DIGIT:
            self._view.digit_pressed.emit(digit, shift)
        elif command in (KeyCommand.PREVIOUS_SENTENCE, KeyCommand.NEXT_SENTENCE):
            self._move_by_sentence(forward=command is KeyCommand.NEXT_SENTENCE, selects=shift)
        else:
            self._view.command_pressed.emit(command, shift)

    def _move_by_sentence(self, *, forward: bool, selects: bool) -> None:
        page, caret = self._view.page, self._view.caret()
        move = next_sentence if forward else previous_sentence
        self._go(move(page.text, caret, page.structure.sentences), selects)

    def _next_document_step(self, event: QKeyEvent) -> int:
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return 0
        return {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
