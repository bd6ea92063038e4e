"""What was decided on one's own work: what one tagged, what gold says, and why. To be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.panels.widgets import LinkLabel, heading
from annotator.ui.words import grouped, quoted

if TYPE_CHECKING:
    from annotator.session.precedents import DigestDocument, DigestEntry

_QUOTE = 160
_MOST_SHOWN = 300
"""Decisions that are shown at most; nobody reads more of them at a sitting."""


class DigestDialog(Dialog):
    """`place_wanted` carries a document's id and the code point where a decision stands."""

    place_wanted = Signal(str, int)

    def __init__(self, documents: Sequence[DigestDocument], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._documents = documents
        self._places: list[tuple[str, int]] = []
        self.set_title(
            self.tr("Decisions on your work"),
            self.tr("What you tagged, what gold says, and why. A click shows the place in the text."),
        )
        self.only_differing = QCheckBox(self.tr("Only where gold differs"))
        self.only_differing.setChecked(True)
        self.only_differing.toggled.connect(self._fill)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Decisions"))
        self.body.addWidget(self.only_differing)
        self.body.addWidget(self._scroll, 1)
        self.add_main_button(self.tr("Close")).setDefault(False)
        self.keep_fitting(640, 560)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        """Show the decisions anew."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        self._places = []
        for document in self._documents:
            entries = [one for one in document.entries if one.differs or not self.only_differing.isChecked()]
            if not entries and not document.note:
                continue
            column.addSpacing(8)
            column.addWidget(plain_label(document.title, wrap=True, scale="large"))
            if document.note:
                column.addWidget(heading(self.tr("Note of the lead")))
                column.addWidget(plain_label(document.note, wrap=True, selectable=True))
            for entry in entries[: _MOST_SHOWN - len(self._places)]:
                self._add(column, document.document, entry)
            column.addWidget(plain_label(self._count(document, len(entries)), muted=True, scale="small"))
        if column.count() == 0:
            column.addWidget(plain_label(self._nothing(), wrap=True, muted=True))
        column.addStretch(1)
        self._scroll.setWidget(holder)

    def _nothing(self) -> str:
        if any(document.entries for document in self._documents):
            return self.tr("Gold is what you tagged, everywhere.")
        return self.tr("No document is returned to you now. What was decided on one shows here until it is done again.")

    def _count(self, document: DigestDocument, shown: int) -> str:
        words = self.tr("{shown} of {count} decisions on this document")
        return words.format(shown=grouped(shown), count=grouped(len(document.entries)))

    def _add(self, column: QVBoxLayout, document: str, entry: DigestEntry) -> None:
        yours = self.tr("You: {tags}").format(tags=self._tags(entry.theirs))
        gold = self.tr("Gold: {tags}").format(tags=self._tags(entry.gold))
        if entry.differs and entry.theirs == entry.gold:
            gold = self.tr("{gold}, with other attributes").format(gold=gold)
        link = LinkLabel(f"{yours}\n{gold}")
        link.setObjectName(str(len(self._places)))
        link.activated.connect(self._go)
        self._places.append((document, entry.start))
        column.addSpacing(6)
        column.addWidget(link)
        reason = self.tr("{name}: {reason}").format(name=entry.by, reason=entry.reason) if entry.reason else entry.by
        column.addWidget(plain_label(reason, wrap=True, muted=True, scale="small"))

    def _tags(self, tags: Sequence[tuple[str, str]]) -> str:
        return "; ".join(f"{label} {quoted(quote, _QUOTE)}" for label, quote in tags) or self.tr("nothing")

    def links(self) -> list[LinkLabel]:
        """Return the decisions that are shown."""
        return self.findChildren(LinkLabel)

    @Slot()
    def _go(self) -> None:
        link = self.sender()
        if link is not None:
            self.place_wanted.emit(*self._places[int(link.objectName())])
            self.accept()
