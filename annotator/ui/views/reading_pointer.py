"""The mouse on a text: clicks on spans, selecting by dragging, and the handles of the selected span.

Points are in pixels of what is in sight: `y` from the top, `x` from where the surface counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QPointF
from PySide6.QtWidgets import QApplication

from annotator.core.boundaries import sentence_bounds, snap_to_words, word_bounds
from annotator.core.spans import Fragment, SpanSet
from annotator.core.structure import Structure

_HANDLE_REACH = 6.0
_REACH_BESIDE = 3.0

Handles = Callable[[tuple[Fragment, ...]], dict[tuple[int, int], QPointF]]
"""Returns where the handles of a span are, by (fragment, 0 for its start or 1 for its end)."""


class Surface(Protocol):
    """A text with spans as it lies before the mouse: on lines of our own, or on the pages that it came from."""

    @property
    def text(self) -> str:
        """The canonical text."""
        ...

    @property
    def structure(self) -> Structure:
        """The structure of the text."""
        ...

    @property
    def spans(self) -> SpanSet:
        """The spans on the text."""
        ...

    def position_between(self, x: float, y: float) -> int:
        """Return the position of a caret set at a point."""
        ...

    def position_under(self, x: float, y: float) -> int | None:
        """Return the position of the character under a point, or None beside the text."""
        ...


class Pointer:
    """What the mouse does between press and release, in terms of positions. Knows the surface, not the widget.

    `snapping` is what dragging selects by: words, sentences or characters. A held Ctrl switches between characters
    and what is chosen, or words where characters are.
    """

    def __init__(self, surface: Surface, handles: Handles) -> None:
        self._surface = surface
        self._handles = handles
        self.snapping = "words"
        self._pressed: QPointF | None = None
        self._origin: Fragment | None = None
        self._dragging = False
        self._by_words = False
        self._since_double = QElapsedTimer()
        self._double_place = QPointF()
        self.handle: tuple[int, int] | None = None
        self.resized: tuple[Fragment, ...] = ()

    @property
    def busy(self) -> bool:
        """Say whether a button is down in the text."""
        return self._pressed is not None or self.handle is not None

    @property
    def dragging(self) -> bool:
        """Say whether the mouse has moved far enough since the press to select."""
        return self._dragging or self.handle is not None

    # -- selecting

    def press(self, point: QPointF) -> None:
        """Begin a click or a drag."""
        self._pressed = QPointF(point)
        place = self._surface.position_between(point.x(), point.y())
        self._origin = (place, place)
        self._dragging = self._by_words = False

    def press_on_selection(self, anchor: int, point: QPointF) -> None:
        """Begin to extend a selection that starts at `anchor`."""
        self._pressed = QPointF(point)
        self._origin = (anchor, anchor)
        self._dragging = True
        self._by_words = False

    def press_again(self, point: QPointF) -> Fragment:
        """Return the word that a double click selects; dragging goes on by words."""
        place = self._under(point)
        self._pressed = QPointF(point)
        self._origin = word_bounds(self._surface.text, place)
        self._by_words = True
        self._dragging = False
        self._since_double.start()
        self._double_place = QPointF(point)
        return self._origin

    def is_third_press(self, point: QPointF) -> bool:
        """Say whether a press follows a double click closely enough to be the third."""
        near = (point - self._double_place).manhattanLength() <= QApplication.startDragDistance()
        soon = self._since_double.isValid() and self._since_double.elapsed() < QApplication.doubleClickInterval()
        return near and soon

    def press_third(self, point: QPointF) -> Fragment:
        """Return the sentence that a triple click selects."""
        self._since_double.invalidate()
        self._pressed = QPointF(point)
        self._origin = sentence_bounds(self._surface.text, self._under(point), self._surface.structure.sentences)
        self._by_words = True
        self._dragging = False
        return self._origin

    def drag(self, point: QPointF, *, switch_snapping: bool) -> tuple[int, int] | None:
        """Return the anchor and caret of the selection dragged so far, or None before the mouse has moved away."""
        if self._pressed is None or self._origin is None:
            return None
        if not self._dragging and (point - self._pressed).manhattanLength() < max(
            3, QApplication.startDragDistance() // 2
        ):
            return None
        self._dragging = True
        place = self._surface.position_between(point.x(), point.y())
        start, end = min(self._origin[0], place), max(self._origin[1], place)
        start, end = self._snapped(start, end, "words" if self._by_words else self._snapping(switch_snapping))
        return (end, start) if place < self._origin[0] else (start, end)

    def _snapping(self, switch: bool) -> str:
        if not switch:
            return self.snapping
        return "words" if self.snapping == "characters" else "characters"

    def _snapped(self, start: int, end: int, snapping: str) -> Fragment:
        text = self._surface.text
        if snapping == "characters" or start == end:
            return start, end
        start, end = snap_to_words(text, start, end)
        if snapping == "sentences":
            sentences = self._surface.structure.sentences
            start = min(start, sentence_bounds(text, start, sentences)[0])
            end = max(end, sentence_bounds(text, max(start, end - 1), sentences)[1])
        return start, end

    def release(self) -> bool:
        """End the press; say whether it was a click."""
        clicked = self._pressed is not None and not self._dragging and not self._by_words
        self._pressed = self._origin = None
        self._dragging = self._by_words = False
        return clicked

    def _under(self, point: QPointF) -> int:
        place = self._surface.position_under(point.x(), point.y())
        return self._surface.position_between(point.x(), point.y()) if place is None else place

    # -- handles

    def handle_at(self, point: QPointF, fragments: tuple[Fragment, ...]) -> tuple[int, int] | None:
        """Return the handle at a point, as (fragment, 0 for its start or 1 for its end), or None.

        Beside the span it is taken from close by only, and over a letter not at all: a drag from there selects the
        next word.
        """
        under = self._surface.position_under(point.x(), point.y())
        reach = _HANDLE_REACH
        if under is not None and not any(start <= under < end for start, end in fragments):
            reach = -1.0 if self._surface.text[under].isalnum() else _REACH_BESIDE
        for place, centre in self._handles(fragments).items():
            if abs(point.x() - centre.x()) <= reach and abs(point.y() - centre.y()) <= 2 * _HANDLE_REACH:
                return place
        return None

    def take_handle(self, handle: tuple[int, int], fragments: tuple[Fragment, ...]) -> None:
        """Begin to drag one end of a fragment."""
        self.handle = handle
        self.resized = fragments

    def drag_handle(self, point: QPointF, *, switch_snapping: bool) -> tuple[Fragment, ...]:
        """Return the fragments with the dragged end where the mouse is, never empty and never over another."""
        assert self.handle is not None
        number, side = self.handle
        fragments = list(self.resized)
        start, end = fragments[number]
        place = self._surface.position_between(point.x(), point.y())
        if self._snapping(switch_snapping) != "characters":
            place = self._nearest_word_edge(place, side)
        lowest = fragments[number - 1][1] if number else 0
        highest = fragments[number + 1][0] if number + 1 < len(fragments) else len(self._surface.text)
        if side == 0:
            start = max(lowest, min(place, end - 1))
        else:
            end = min(highest, max(place, start + 1))
        fragments[number] = (start, end)
        self.resized = tuple(fragments)
        return self.resized

    def _nearest_word_edge(self, place: int, side: int) -> int:
        text = self._surface.text
        if side == 0:
            start, end = word_bounds(text, place)
            return end if start < len(text) and text[start].isspace() else start
        if place == 0:
            return 0
        start, end = word_bounds(text, place - 1)
        return start if text[start].isspace() else end

    def drop_handle(self) -> tuple[Fragment, ...]:
        """End dragging a handle and return the fragments as they would become."""
        self.handle = None
        return self.resized
