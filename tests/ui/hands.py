"""Hands that enter annotations in a window and count what they do: key presses, typed characters, clicks, drags."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from annotator.core.boundaries import clause_bounds, grow, next_sentence, next_word, previous_sentence, previous_word
from annotator.core.trimming import trimmed
from annotator.ui.main_window import MainWindow
from tests.ui.reading_support import CTRL, SHIFT, before, drag, middle_of
from tests.ui.reading_support import NO_MODIFIER as NONE

Key = Qt.Key

Press = tuple[Qt.Key, Qt.KeyboardModifier]
_GROW: Press = (Key.Key_Up, CTRL | SHIFT)


@dataclass(frozen=True, slots=True)
class Plan:
    """The presses that bring about a selection, or a caret in the clause, that is the wanted span."""

    presses: tuple[Press, ...]


class CaretMap:
    """Where each key takes the caret in a text, and the shortest way from one place to another."""

    def __init__(self, text: str, sentences: tuple[tuple[int, int], ...], condition_words: tuple[str, ...]) -> None:
        self.text, self.sentences, self.condition_words = text, sentences, condition_words
        moves: dict[Press, Callable[[int], int]] = {
            (Key.Key_Right, NONE): lambda place: min(place + 1, len(text)),
            (Key.Key_Left, NONE): lambda place: max(place - 1, 0),
            (Key.Key_Right, CTRL): lambda place: next_word(text, place),
            (Key.Key_Left, CTRL): lambda place: previous_word(text, place),
            (Key.Key_Period, NONE): lambda place: next_sentence(text, place, sentences),
            (Key.Key_Comma, NONE): lambda place: previous_sentence(text, place, sentences),
            (Key.Key_Home, CTRL): lambda place: 0,
        }
        self._targets = [{press: move(place) for press, move in moves.items()} for place in range(len(text) + 1)]

    def ways(self, start: int, *, selecting: bool = False) -> dict[int, tuple[Press, ...]]:
        """Return the shortest way to every place; with Shift where it selects."""
        found: dict[int, tuple[Press, ...]] = {start: ()}
        waiting = deque([start])
        while waiting:
            place = waiting.popleft()
            for (key, modifiers), target in self._targets[place].items():
                if target not in found:
                    found[target] = (*found[place], (key, modifiers | SHIFT if selecting else modifiers))
                    waiting.append(target)
        return found

    def plan(self, caret: int, start: int, end: int) -> Plan:
        """Return the fewest presses after which a digit tags exactly `[start, end)`."""
        ways = self.ways(caret)
        plans = [*self._by_clause(ways, start, end), *self._by_growing(ways, start, end)]
        plans += self._by_selecting(ways, start, end)
        return min(plans, key=lambda plan: len(plan.presses))

    def _fits(self, low: int, high: int, start: int, end: int) -> bool:
        return trimmed(self.text, [(low, high)], "quotes") == ((start, end),)

    def _by_clause(self, ways: dict[int, tuple[Press, ...]], start: int, end: int) -> Iterator[Plan]:
        for place in range(start, end):
            if self._fits(*clause_bounds(self.text, place, self.sentences, self.condition_words), start, end):
                yield Plan(ways[place])

    def _by_growing(self, ways: dict[int, tuple[Press, ...]], start: int, end: int) -> Iterator[Plan]:
        for place in range(start, end):
            low = high = place
            for steps in range(1, 5):
                low, high = grow(self.text, low, high, self.sentences, self.condition_words)
                if self._fits(low, high, start, end):
                    yield Plan((*ways[place], *(_GROW for _ in range(steps))))
                    break

    def _by_selecting(self, ways: dict[int, tuple[Press, ...]], start: int, end: int) -> Iterator[Plan]:
        for low in range(max(0, start - 2), start + 1):
            onward = self.ways(low, selecting=True)
            for high in range(end, min(end + 3, len(self.text)) + 1):
                if self._fits(low, high, start, end):
                    yield Plan((*ways[low], *onward[high]))


class Hands:
    """Presses keys on whatever has the focus, and clicks; `counts` says how often each was done."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.counts: Counter[str] = Counter()

    def focus(self) -> QWidget:
        """Return what has the keys."""
        widget = QApplication.focusWidget()
        return widget if widget is not None else self.window.page.reading

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key, with others held or not; it counts as one."""
        self.counts["keys"] += 1
        QTest.keyClick(self.focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Type text into the field that has the focus, whole.

        No completion is used: its list, when it closes, leaves no window active off screen.
        """
        self.counts["characters"] += len(text)
        field = self.focus()
        if isinstance(field, QComboBox):
            field.setCompleter(None)  # type: ignore[arg-type]
            field = field.lineEdit()
        assert isinstance(field, QLineEdit | QPlainTextEdit), field
        if isinstance(field, QLineEdit):
            field.insert(text)
        else:
            field.insertPlainText(text)

    def click(self, widget: QWidget, place: QPoint | None = None, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click on a widget, with keys held or not."""
        self.counts["clicks"] += 1
        where = widget.rect().center() if place is None else place
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifiers, where, 900)

    def drag(self, start: int, end: int) -> None:
        """Drag over text from one code point to another; it counts as one."""
        reading = self.window.page.reading
        self.counts["drags"] += 1
        last = middle_of(reading, end - 1)
        drag(reading, before(reading, start), QPoint(last.x(), last.y()))

    def scroll_to(self, position: int) -> None:
        """Bring a place in sight with the wheel, if it is not."""
        reading = self.window.page.reading
        rect = reading.text_rect(position)
        if rect is None or not 20 < rect.top() < reading.viewport().height() - 120:
            self.counts["scrolls"] += 1
            reading.page.scroll_to(position, 1 / 3)
            reading.show_page()
