"""A strip above the text that tells of invisible characters which may make it look like another text."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.invisibles import InvisibleKind, count_deceptive, kind_of, name_of
from annotator.ui.messages import MessageBar
from annotator.ui.words import grouped, tr

_MOST_NAMED = 3


class InvisibleBanner(MessageBar):
    """Looks through each document that is opened; closed once, it stays away from that document."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = ""
        self._document_text = ""
        self._dismissed: set[str] = set()
        self._close.clicked.connect(self._dismiss)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(0)
        self._search_timer.timeout.connect(self._search)

    def set_document(self, document: str, text: str) -> None:
        """Look through the text of a document by id once it is on screen; empty stands for none."""
        self.hide()
        self._document, self._document_text = document, text
        self._search_timer.start()

    @Slot()
    def _search(self) -> None:
        text, self._document_text = self._document_text, ""
        counts = count_deceptive(text) if self._document not in self._dismissed else Counter()
        if counts:
            marks = self.tr("Small marks show where; the text may look different from what it is.")
            self.warn(f"{invisible_text(counts)} {marks}")

    @Slot()
    def _dismiss(self) -> None:
        self._dismissed.add(self._document)


def invisible_text(counts: Counter[str]) -> str:
    """Return in one sentence which of the characters that may deceive a text holds, or nothing where it has none."""
    marks = Counter({c: n for c, n in counts.items() if kind_of(c) is InvisibleKind.DIRECTION})
    others = counts - marks
    held = []
    if marks:
        number = marks.total()
        words = tr("1 hidden direction mark") if number == 1 else tr("{count} hidden direction marks")
        held.append(_named(words.format(count=grouped(number)), marks))
    if others:
        number = others.total()
        words = tr("1 hidden character") if number == 1 else tr("{count} hidden characters")
        held.append(_named(words.format(count=grouped(number)), others))
    return tr("This document holds {what}.").format(what=tr(" and ").join(held)) if held else ""


def _named(words: str, counts: Counter[str]) -> str:
    names = list(dict.fromkeys(name_of(character) for character, _ in counts.most_common()))
    shown = ", ".join(islice(names, _MOST_NAMED))
    return f"{words} ({shown}, …)" if len(names) > _MOST_NAMED else f"{words} ({shown})"
