"""A strip above the text that tells how many spans of an earlier version have no place in it yet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from annotator.ui.messages import MessageBar
from annotator.ui.words import grouped


class UnplacedBanner(MessageBar):
    """Closed once, it stays away from that document."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = ""
        self._dismissed: set[str] = set()
        self._close.clicked.connect(self._dismiss)

    def show_count(self, document: str, count: int, act: Callable[[], object]) -> None:
        """Tell how many wait in a document by id; `act` is a bound method that shows them."""
        self._document = document
        if not count or document in self._dismissed:
            self.hide()
            return
        one = self.tr("1 span of the earlier version has no place in this text yet.")
        several = self.tr("{count} spans of the earlier version have no place in this text yet.")
        self.warn(one if count == 1 else several.format(count=grouped(count)), self.tr("Place them"), act)

    @Slot()
    def _dismiss(self) -> None:
        self._dismissed.add(self._document)
