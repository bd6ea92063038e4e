"""A label that stays on: chosen once, it tags every selection until somebody ends it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from annotator.ui.gestures.desk import Desk
from annotator.ui.gestures.tagging import Tagging


class Staying(QObject):
    """The label that stays is the one used last: whoever relabels a span goes on with its new label."""

    def __init__(self, desk: Desk, tagging: Tagging) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tagging = tagging
        self._last = ""
        self._on = False
        desk.reading.digit_pressed.connect(self._press)
        desk.reading.selection_ended.connect(self._tag)
        desk.reading.escape_pressed.connect(self.end)
        desk.page.label_bar.stay_requested.connect(self.stay_with)
        tagging.label_used.connect(self._take)

    @property
    def label(self) -> str | None:
        """Return the id of the label that stays on, or None."""
        return self._last if self._on else None

    @Slot()
    def toggle(self) -> None:
        """Let the label of the selected span, or else the last one used, stay on; or end it."""
        if self._on:
            self.end()
            return
        span, labels = self._desk.document.selected_span, self._tagging.labels()
        wanted = span.label if span is not None else self._last
        known = [label.id for label in labels]
        if known:
            self.stay_with(wanted if wanted in known else known[0])

    @Slot(str)
    def stay_with(self, label: str) -> None:
        """Let a label stay on, and tag what is selected."""
        self._on, self._last = True, label
        self._show()
        self._tag()

    @Slot()
    def end(self) -> None:
        """Let no label stay on."""
        self._on = False
        self._show()

    @Slot(int, bool)
    def _press(self, digit: int, _shift: bool) -> None:
        if digit == 0:
            self.toggle()

    @Slot(str)
    def _take(self, label: str) -> None:
        self._last = label
        self._show()

    @Slot()
    def _tag(self) -> None:
        if self._on and self._desk.reading.selection() is not None:
            self._tagging.apply_label(self._last)

    def _show(self) -> None:
        self._desk.page.label_bar.set_staying(self.label)
