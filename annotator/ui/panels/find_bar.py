"""Finding in the document: a small bar above the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from annotator.ui.panels.widgets import flat_button, plain_label, restyle
from annotator.ui.words import grouped

MOST = 10_000


def find_all(text: str, words: str) -> list[tuple[int, int]]:
    """Return the places of the words as code points, half-open; case does not count and all white space is alike."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(parts), re.IGNORECASE)
    found = []
    for match in pattern.finditer(text):
        found.append(match.span())
        if len(found) == MOST:
            break
    return found


class FindBar(QWidget):
    """Finds in a text; `found` carries the start and end of the place to show."""

    found = Signal(int, int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._places: list[tuple[int, int]] = []
        self._from = 0
        self.setProperty("bar", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Find in the document"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find in the document"))
        self.field.setAccessibleName(self.tr("Words to find"))
        self.field.textChanged.connect(self._search)
        self.count = plain_label("", self, muted=True, scale="small")
        self.count.setMinimumWidth(76)
        previous = flat_button("↑", self.tr("Find previous (Shift+F3)"), self)
        previous.clicked.connect(self.find_previous)
        following = flat_button("↓", self.tr("Find next (F3)"), self)
        following.clicked.connect(self.find_next)
        close = flat_button("✕", self.tr("Close (Esc)"), self)
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 5, 14, 5)
        layout.addWidget(self.field, 1)
        for widget in (self.count, previous, following, close):
            layout.addWidget(widget)
        self.hide()

    def set_text(self, text: str) -> None:
        """Search another text from its beginning."""
        self._text = text
        self._from = 0
        self._places = find_all(text, self.field.text())
        self._show_count(None)

    def open_at(self, position: int, words: str = "") -> None:
        """Show the bar; the search goes on from a position."""
        self._from = position
        self.show()
        if words:
            self.field.setText(words)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def find_next(self) -> None:
        """Show the next place, after the last one the first."""
        if self._places:
            self._go(bisect_right(self._places, (self._from, len(self._text) + 1)) % len(self._places))

    @Slot()
    def find_previous(self) -> None:
        """Show the place before, before the first one the last."""
        if self._places:
            self._go(bisect_left(self._places, (self._from, -1)) - 1)

    @Slot(str)
    def _search(self, words: str) -> None:
        self._places = find_all(self._text, words)
        if self._places:
            self._go(bisect_left(self._places, (self._from, -1)) % len(self._places))
        else:
            self._show_count(None)

    def _go(self, place: int) -> None:
        start, end = self._places[place]
        self._from = start
        self._show_count(place % len(self._places))
        self.found.emit(start, end)

    def _show_count(self, place: int | None) -> None:
        nothing = bool(self.field.text().strip()) and not self._places
        self.field.setProperty("state", "error" if nothing else "")
        restyle(self.field)
        if not self.field.text().strip():
            self.count.setText("")
        elif nothing:
            self.count.setText(self.tr("Not found"))
        else:
            total = grouped(len(self._places))
            shown = "–" if place is None else grouped(place + 1)
            self.count.setText(self.tr("{place} of {total}").format(place=shown, total=total))

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.find_previous()
            else:
                self.find_next()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.closed.emit()
