"""What a format cannot hold, or a reader did not understand, as a list: how often, and the first examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from annotator.ui.dialogs.rows import REMARK, TwoLineDelegate, row_item
from annotator.ui.words import grouped


class CountedLoss(Protocol):
    """A kind of loss, how often it happened, and the first places."""

    @property
    def kind(self) -> str: ...

    @property
    def count(self) -> int: ...

    @property
    def examples(self) -> Sequence[str]: ...


class LossList(QListWidget):
    """Shows losses; says so where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(TwoLineDelegate(self, bold=False, wrap=True))
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("What is lost"))

    def show_losses(self, losses: Iterable[CountedLoss]) -> None:
        """List losses."""
        self.clear()
        for loss in losses:
            self.addItem(row_item(loss.kind, " · ".join(loss.examples[:3]), grouped(loss.count)))
        if not self.count():
            self.say(self.tr("Nothing is lost."))

    def say(self, words: str) -> None:
        """Say something in place of losses."""
        self.clear()
        self.addItem(row_item(words, ""))

    def texts(self) -> list[str]:
        """Return what is listed: kind and number."""
        items = (self.item(row) for row in range(self.count()))
        return [f"{item.text()} {item.data(REMARK) or ''}".strip() for item in items]
