"""Finding words in the document, and copying from it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from annotator.ui.gestures.desk import Desk
from annotator.ui.words import one_line

_FIND_LENGTH = 60


class Finding(QObject):
    """The find bar and the clipboard."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.page.find_bar.found.connect(self._show_found)
        desk.page.find_bar.closed.connect(desk.back_to_text)

    @Slot()
    def find(self) -> None:
        """Open the bar that finds in the document, with the selected words."""
        selection, content = self._desk.reading.selection(), self._desk.document.content
        if content is None:
            return
        words = one_line(content.text[selection[0] : selection[1]], _FIND_LENGTH) if selection else ""
        self._desk.page.find_bar.open_at(self._desk.reading.caret(), words if not words.endswith("…") else "")

    @Slot()
    def find_next(self) -> None:
        """Show the next place of what is sought."""
        self._desk.page.find_bar.find_next()

    @Slot()
    def find_previous(self) -> None:
        """Show the place before of what is sought."""
        self._desk.page.find_bar.find_previous()

    @Slot(int, int)
    def _show_found(self, start: int, end: int) -> None:
        self._desk.reading.select(start, end)
        self._desk.reading.reveal(start)

    @Slot()
    def copy_text(self) -> None:
        """Copy the selected text, or that of the selected span."""
        self._desk.reading.copy()

    @Slot()
    def copy_citation(self) -> None:
        """Copy the selected text, or that of the selected span, with where it stands."""
        content, span, selection = (
            self._desk.document.content,
            self._desk.document.selected_span,
            self._desk.reading.selection(),
        )
        if content is None:
            return
        if selection is not None:
            (start, end), quote = selection, content.text[selection[0] : selection[1]]
        elif span is not None:
            start, end, quote = span.start, span.end, self._desk.document.quote(span)
        else:
            self._desk.messages.inform(self.tr("Select some text or a span to copy."))
            return
        document = content.document
        source = ", ".join(part for part in (document.title, document.date, document.url) if part)
        place = self.tr("characters {start}–{end}").format(start=start, end=end)
        QGuiApplication.clipboard().setText(f"“{quote}” ({source}, {place})")
        self._desk.messages.inform(self.tr("Copied with its citation."))
