"""A text that is being corrected, with everything that was done to it: what undo and redo step through."""

from __future__ import annotations

from annotator.core.corrected_text import CorrectedText
from annotator.core.text_edits import TextEdit

UNDO_LIMIT = 200
"""Corrections of one text that can be undone."""


class TextCorrections:
    """The corrected texts, oldest first, of which one counts; there is none before `begin`."""

    def __init__(self) -> None:
        self._texts: list[CorrectedText] = []
        self._at = 0

    @property
    def text(self) -> CorrectedText | None:
        """Return the text that counts, or None where nobody has looked at it."""
        return self._texts[self._at] if self._texts else None

    @property
    def edits(self) -> tuple[TextEdit, ...]:
        """Return what was done as edits of the text as it was read."""
        return self._texts[self._at].edits if self._texts else ()

    @property
    def can_undo(self) -> bool:
        """Say whether a correction can be taken back."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Say whether a correction was taken back that can be put back."""
        return self._at < len(self._texts) - 1

    def begin(self, text: CorrectedText) -> None:
        """Begin with a text, unless there is one already."""
        if not self._texts:
            self._texts = [text]

    def correct(self, text: CorrectedText) -> None:
        """Take over a corrected text; what was undone before cannot be redone any more."""
        self._texts = [*self._texts[max(0, self._at - UNDO_LIMIT) : self._at + 1], text]
        self._at = len(self._texts) - 1

    def undo(self) -> None:
        """Go back by one correction. Only where `can_undo` says so."""
        self._at -= 1

    def redo(self) -> None:
        """Go forth by one correction. Only where `can_redo` says so."""
        self._at += 1
