"""Correct the text of a document that is in the project: what is saved takes the place of the version before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from annotator.core.records import Document, Fragment
from annotator.core.structure import Structure
from annotator.core.text_edits import Moves
from annotator.ui.dialogs.keys import KeysDialog
from annotator.ui.dialogs.paragraph_tools import ParagraphTools
from annotator.ui.dialogs.parts import Dialog, ElidedLabel, plain_label
from annotator.ui.dialogs.text_corrections import TextCorrections
from annotator.ui.messages import Confirmation, error_text
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

SIZE = (860, 720)


class CorrectTextDialog(Dialog):
    """Stays open until what it asks for is stored, so that nothing can be tagged in between.

    `save_requested` carries the document's id and the edits of its text; the answer is `close_saved` or `show_error`.
    """

    save_requested = Signal(str, object)

    def __init__(
        self,
        document: Document,
        text: str,
        structure: Structure,
        spans: Sequence[Sequence[Fragment]],
        tasks: TaskRunner,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        place: int = 0,
    ) -> None:
        """Show a document's text from the code point `place` on; `spans` are the fragments of each annotation on it."""
        super().__init__(parent)
        self._document = document
        self._spans = spans
        self._is_saving = False
        self.set_title(
            self.tr("Correct the text"),
            self.tr(
                "A new version takes the place of this one. What is tagged moves along; undo brings the old one back."
            ),
        )
        self.tools = ParagraphTools(tasks, theme)
        self.tools.changed.connect(self._show_state)
        self.tools.editing_changed.connect(self._show_state)
        self.warning = plain_label("", wrap=True, state="warning")
        self.body.addWidget(ElidedLabel(document.title))
        self.body.addWidget(self.tools, 1)
        self.body.addWidget(self.warning)
        self.add_button(self.tr("Cancel"))
        self.save_button = self.add_main_button(self.tr("&Save as new version"))
        QShortcut(QKeySequence("F1"), self).activated.connect(self.show_keys)
        self.keep_fitting(*SIZE)
        self.tools.show_text(text, structure, TextCorrections(), place)
        self.tools.paragraphs.setFocus()
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        self.show_problem("")
        edits = self.tools.model.edits()
        self.save_button.setEnabled(not self._is_saving and (bool(edits) or self.tools.paragraphs.is_being_edited))
        lost = lost_spans(self._spans, Moves(edits)) if edits else 0
        one = self.tr("1 span stands on what is left out and would wait for a new place.")
        several = self.tr("{count} spans stand on what is left out and would wait for a new place.").format(
            count=grouped(lost)
        )
        self.warning.setText("" if not lost else one if lost == 1 else several)
        self.warning.setAccessibleName(self.warning.text())
        self.warning.setVisible(bool(lost))

    def accept(self) -> None:
        """Ask for the new version."""
        self.tools.finish_editing()
        edits = self.tools.model.edits()
        if self._is_saving or not edits:
            return
        self._set_saving(True)
        self.save_requested.emit(self._document.id, edits)

    def close_saved(self) -> None:
        """Go away: the new version is stored."""
        super().accept()

    def show_error(self, error: BaseException) -> None:
        """Say why nothing was stored; the corrections are still there."""
        self._set_saving(False)
        self.show_problem(error_text(error))

    def _set_saving(self, saving: bool) -> None:
        self._is_saving = saving
        self.tools.setEnabled(not saving)
        self._show_state()
        self.save_button.setText(self.tr("Saving…") if saving else self.tr("&Save as new version"))

    @Slot()
    def show_keys(self) -> None:
        """Show the keys of this dialog."""
        own = [("Enter", self.tr("Save as new version")), ("Esc", self.tr("Close"))]
        KeysDialog([(self.tr("Text"), self.tools.keys()), (self.tr("Dialog"), own)], self).open()

    def reject(self) -> None:
        """Close, and ask first where corrections would be lost; while they are stored, wait."""
        if self._is_saving:
            return
        if not self.tools.model.edits() and not self.tools.paragraphs.is_being_edited:
            self.abandon()
            return
        question, lost = self.tr("Close without saving?"), self.tr("What you corrected in the text is lost.")
        box = Confirmation(self, question, lost, self.tr("Close"))
        box.confirmed.connect(self.abandon)
        box.open()


def lost_spans(spans: Sequence[Sequence[Fragment]], moves: Moves) -> int:
    """Return how many spans, each given by its fragments, would have no text left to stand on."""
    return sum(not moves.moved_fragments(fragments) for fragments in spans)
