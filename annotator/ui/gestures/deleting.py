"""Deleting the selected span; one that has relations only after a question."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from annotator.ui.gestures.desk import Desk
from annotator.ui.views.reading_keys import KeyCommand
from annotator.ui.words import grouped, quoted

_QUOTE = 60


class Deleting(QObject):
    """Deletes spans; undo brings each back with all that hung on it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._asked: str | None = None
        self._strip = strip = desk.page.question_strip
        desk.on_key(KeyCommand.DELETE, self.delete)
        desk.document.selected.connect(strip.hide)
        desk.document.links_changed.connect(strip.hide)
        strip.confirmed.connect(self._delete_asked)
        strip.closed.connect(self._end)

    @Slot()
    def delete(self) -> None:
        """Delete the selected span, asking first where relations would go with it."""
        document = self._desk.document
        span = document.selected_span
        if span is None:
            return
        count = len(document.links(span.id))
        if not count:
            self._delete(span.id)
            return
        one = self.tr("Delete {span} with its relation? Undo brings both back.")
        many = self.tr("Delete {span} with its {count} relations? Undo brings all of them back.")
        words = (one if count == 1 else many).format(span=quoted(document.quote(span), _QUOTE), count=grouped(count))
        self._asked = span.id
        self._strip.ask(words, self.tr("Delete"), self.tr("Keep"))

    @Slot()
    def _delete_asked(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._delete(asked)

    def _delete(self, span: str) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.delete([span])

    @Slot()
    def _end(self) -> None:
        self._asked = None
        self._desk.back_to_text()
