"""The reading view with lanes: what several layers have, side by side under the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.core.spans import Fragment
from annotator.ui.theme import Theme
from annotator.ui.views.lanes_block import LanedBlock, LaneOrder
from annotator.ui.views.lanes_keys import LanesKeyboard
from annotator.ui.views.lanes_painter import LanesPainter
from annotator.ui.views.reading_layout import ReadingMetrics
from annotator.ui.views.reading_page import Page
from annotator.ui.views.reading_view import ReadingView


class LanesView(ReadingView):
    """Selects no span: a click on one tells which (`span_selected`), and the text can be selected as in reading."""

    review_pressed = Signal(object, int, bool)
    """The ReviewCommand of a single key, its number, and whether Shift was held."""
    fitted = Signal(int)
    """The column of the text begins so many pixels from the left."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._order = LaneOrder()
        super().__init__(theme, parent)

    def make_page(self, metrics: ReadingMetrics) -> Page:
        return Page(metrics, partial(LanedBlock, self._order))

    def make_painter(self, theme: Theme) -> LanesPainter:
        return LanesPainter(theme, self._order)

    def make_keyboard(self) -> LanesKeyboard:
        return LanesKeyboard(self)

    @property
    def column_left(self) -> int:
        """Where the column of the text begins, in pixels from the left."""
        return round(self._column_left())

    def set_lanes(self, letters: Sequence[str], place_of: Callable[[str], int]) -> None:
        """Set the letters of the layers in the order of their rows, and what tells the place of a span's layer."""
        self._order.letters, self._order.place_of = tuple(letters), place_of

    def set_ground(self, fragments: Sequence[Fragment], label: str | None = None) -> None:
        """Let these stretches stand out: on a ground of their own, or in the tint of a label."""
        painter = self._painter
        if isinstance(painter, LanesPainter):
            painter.ground, painter.ground_label = tuple(fragments), label
            self.viewport().update()

    def reveal_range(self, start: int, end: int) -> None:
        """Bring `[start, end)` in sight, with its rows and what stands before it, unless it is."""
        first, last = self.page.caret_rect(start), self.page.caret_rect(max(start, end - 1))
        room = self.page.metrics.pitch
        if first is None or first.top() < room or last is None or last.bottom() > self.page.sight - 2 * room:
            self.page.scroll_to(start, 1 / 3)
            self.show_page()

    def labels_at_caret(self) -> list[str]:
        """Return the names of the labels at the caret, each with the letter of its layer, the innermost first."""
        marks = [self.page.spans.get(span) for span in self.page.spans.outward_at(self._caret)]
        letters = self._order.letters
        return [
            f"{letters[place]}: {self._labels[mark.label].name}"
            for mark in marks
            if mark and mark.label in self._labels and (place := self._order.place_of(mark.id)) < len(letters)
        ]

    def choose_span(self, span: str | None) -> None:
        """Tell of a span that was clicked on; it is not selected."""
        if span is not None:
            self.span_selected.emit(span)

    def _fit(self) -> None:
        super()._fit()
        self.fitted.emit(self.column_left)
