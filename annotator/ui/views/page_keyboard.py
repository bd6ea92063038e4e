"""The page view's key events: scrolling and moves by the lines of the page; everything else is the reading view's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from annotator.ui.views.reading_view import ReadingView

if TYPE_CHECKING:
    from annotator.ui.views.page_view import PageView

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_SHOWN_AGAIN = 0.1
"""The share of the view that stays in sight when it is scrolled by a whole one."""
_SIDEWAYS = 48.0


class PageKeyboard:
    """Turns key events into scrolling and moves of the caret. Remembers the column that moves up and down keep to."""

    def __init__(self, view: PageView, reading: ReadingView) -> None:
        self._view = view
        self._reading = reading
        self._goal: float | None = None

    def forget_column(self) -> None:
        """Let the next move up or down start a column of its own."""
        self._goal = None
        self._reading.keyboard.forget_column()

    def claims(self, event: QKeyEvent) -> bool:
        """Say whether a key must not become a shortcut of the window while the view has the focus."""
        return self._reading.keyboard.claims(event)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; say whether it asked for anything here."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, selects = Qt.Key(event.key()), bool(modifiers & _SHIFT)
        if not modifiers & ~_SHIFT:
            lines = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
            if lines is not None:
                return self._move_by_lines(lines, selects=selects)
            self._goal = None
            if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                return self._move_by_sight(-1 if key == Qt.Key.Key_PageUp else 1, selects=selects)
            if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
                return self._move_to_end(-1 if key == Qt.Key.Key_Home else 1, selects=selects)
            if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not self._view.surface.has_words:
                return self._scroll(-_SIDEWAYS if key == Qt.Key.Key_Left else _SIDEWAYS, 0.0)
            if key == Qt.Key.Key_Escape and self._view.mouse.cancel():
                return True
        return self._hand_on(event)

    def _hand_on(self, event: QKeyEvent) -> bool:
        before = self._reading.anchor(), self._reading.caret()
        done = self._reading.keyboard.press(event)
        if (self._reading.anchor(), self._reading.caret()) != before:
            self._view.keep_caret_in_sight()
        return done

    def _move_by_lines(self, lines: int, *, selects: bool) -> bool:
        caret = self._view.surface.caret_rect(self._reading.caret())
        if caret is None:
            return self._scroll(0.0, lines * _SIDEWAYS)
        # The column is kept from the left of the pages, since the view may scroll sideways.
        scrolled = self._view.stack.scrolled.x()
        if self._goal is None:
            self._goal = caret.left() + scrolled
        target = self._view.surface.by_lines(self._reading.caret(), lines, self._goal - scrolled)
        self._go(target, selects=selects)
        return True

    def _move_by_sight(self, direction: int, *, selects: bool) -> bool:
        """Scroll by a sight; with Shift, take the caret along."""
        caret = self._view.surface.caret_rect(self._reading.caret())
        before = self._view.stack.scrolled.y()
        self._scroll(0.0, direction * (1 - _SHOWN_AGAIN) * self._view.stack.sight.height())
        if selects and caret is not None:
            ahead = direction * (1 - _SHOWN_AGAIN) * self._view.stack.sight.height()
            y = caret.center().y() + ahead - (self._view.stack.scrolled.y() - before)
            self._go(self._view.surface.position_between(caret.left(), y), selects=True)
        return True

    def _move_to_end(self, direction: int, *, selects: bool) -> bool:
        """Scroll to the first or the last page; with Shift, select to the start or the end of the line."""
        if selects and self._view.surface.has_words:
            self._go(self._view.surface.line_ends(self._reading.caret())[direction > 0], selects=True)
            return True
        return self._scroll(0.0, direction * self._view.stack.height)

    def _scroll(self, across: float, down: float) -> bool:
        scrolled = self._view.stack.scrolled
        self._view.scroll_to(scrolled.x() + across, scrolled.y() + down)
        return True

    def _go(self, target: int, *, selects: bool) -> None:
        self._reading.select(self._reading.anchor() if selects else target, target)
        self._view.keep_caret_in_sight()
