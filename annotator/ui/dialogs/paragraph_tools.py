"""A text to be corrected: its paragraphs, and above them what can be done to these."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.structure import Structure
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.paragraph_list import ParagraphList
from annotator.ui.dialogs.paragraph_model import Outline, ParagraphModel, outline_of
from annotator.ui.dialogs.parts import SMALL_GAP, plain_button, plain_label
from annotator.ui.dialogs.text_corrections import TextCorrections
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

LONG_TEXT = 150_000
"""Code points from which on a text is prepared beside the window."""


class ParagraphTools(QWidget):
    """The tools, the list, and a line that counts.

    `changed` comes when the text was corrected, `editing_changed` when somebody begins or ends to write in it.
    """

    changed = Signal()
    editing_changed = Signal()

    def __init__(self, tasks: TaskRunner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._corrections = TextCorrections()
        self._length = 0
        self._place = 0
        self.model = ParagraphModel(self)
        self.model.corrected.connect(self._text_changed)
        self.paragraphs = ParagraphList(theme, self.model)
        self.paragraphs.selectionModel().selectionChanged.connect(self._show_what_can_be_done)
        self.paragraphs.editing_changed.connect(self.editing_changed)
        self.paragraphs.editing_changed.connect(self._show_counts)
        self.paragraphs.editing_began.connect(self._show_counts)
        self.count = plain_label("", muted=True, scale="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addLayout(self._tool_row())
        column.addWidget(self.paragraphs, 1)
        column.addWidget(self.count)

    def _tool_row(self) -> QHBoxLayout:
        self.leave_out = plain_button(self.tr("Leave out"))
        self.join = plain_button(self.tr("Join with next"))
        self.edit = plain_button(self.tr("Edit"))
        self.undo, self.redo = plain_button(self.tr("Undo")), plain_button(self.tr("Redo"))
        row = QHBoxLayout()
        row.setSpacing(4)
        row.setContentsMargins(0, 4, 0, 0)
        leave_out = self.tr("Leave the selected paragraphs out, or take them in again (Delete)")
        edit = self.tr("Edit the paragraph (F2); Ctrl+Enter there splits it at the caret")
        for button, tip, slot in (
            (self.leave_out, leave_out, self.paragraphs.leave_out),
            (self.join, self.tr("Join the paragraph with the next one (J)"), self.paragraphs.join),
            (self.edit, edit, self.paragraphs.edit_current),
            (self.undo, self.tr("Undo the last correction of this document (Ctrl+Z)"), self.model.undo),
            (self.redo, self.tr("Redo what was undone (Ctrl+Shift+Z)"), self.model.redo),
        ):
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.clicked.connect(slot)
            if button is self.undo:
                row.addStretch(1)
            row.addWidget(button)
        for keys, slot in (("Ctrl+Z", self.model.undo), ("Ctrl+Shift+Z", self.model.redo), ("Ctrl+Y", self.model.redo)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(slot)
        return row

    def keys(self) -> list[tuple[str, str]]:
        """Return what each key does here, for the list of keys."""
        return [
            ("Delete", self.tr("Leave the selected paragraphs out, or take them in again")),
            ("J", self.tr("Join the paragraph with the next one")),
            ("F2", self.tr("Edit the paragraph")),
            ("Ctrl+Enter", self.tr("In the editor: split the paragraph at the caret")),
            ("Ctrl+Z", self.tr("Undo the last correction of the document")),
            ("Ctrl+Shift+Z", self.tr("Redo it")),
        ]

    def show_text(self, text: str, structure: Structure, corrections: TextCorrections, place: int = 0) -> None:
        """Show a text with what was corrected in it so far, from the paragraph at the code point `place` on.

        A long one follows as soon as it is prepared.
        """
        self._corrections, self._length, self._place = corrections, len(text), place
        if len(text) <= LONG_TEXT:
            self._show_outline(outline_of(text, structure))
            return
        self.model.clear()
        self._show_what_can_be_done()
        self.count.setText(self.tr("Preparing the text…"))
        task = self._tasks.start("", partial(_outline_job, text, structure, corrections))
        task.finished.connect(self._take_outline)

    def finish_editing(self) -> None:
        """Take over what stands in an editor that is open."""
        self.paragraphs.finish_editing()

    @Slot(object)
    def _take_outline(self, prepared: tuple[TextCorrections, Outline]) -> None:
        corrections, outline = prepared
        if corrections is self._corrections:
            self._show_outline(outline)

    def _show_outline(self, outline: Outline) -> None:
        self.model.show_text(self._corrections, outline)
        self.paragraphs.scrollToTop()
        if self.model.rowCount():
            self.paragraphs.begin_at(self.model.row_at(self._place))
        self._show_what_can_be_done()

    @Slot()
    def _text_changed(self) -> None:
        self._show_what_can_be_done()
        self.changed.emit()

    @Slot()
    def _show_what_can_be_done(self) -> None:
        row = self.paragraphs.currentIndex().row()
        self.leave_out.setEnabled(bool(self.paragraphs.selected_rows()))
        self.join.setEnabled(self.model.can_join(row))
        self.edit.setEnabled(bool(self.paragraphs.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable))
        self.undo.setEnabled(self.model.can_undo)
        self.redo.setEnabled(self.model.can_redo)
        takes_in = self.model.are_left_out(self.paragraphs.selected_rows())
        self.leave_out.setText(self.tr("Take in again") if takes_in else self.tr("Leave out"))
        self._show_counts()

    @Slot()
    def _show_counts(self) -> None:
        """Say how long the text is; while a paragraph is edited, say how to be done with it."""
        if self.paragraphs.editor is not None:
            self.count.setText(self.tr("Enter is done · Ctrl+Enter splits at the caret · Esc leaves it as it was"))
            return
        left_out, rows = self.model.left_out(), self.model.rowCount()
        count = self.tr("1 paragraph") if rows == 1 else self.tr("{count} paragraphs").format(count=grouped(rows))
        gone = self.tr("{count} left out").format(count=grouped(left_out)) if left_out else ""
        corrected = self.tr("{count} characters before corrections")
        characters = corrected if self.model.edits() else self.tr("{count} characters")
        self.count.setText(" · ".join(filter(None, (count, characters.format(count=grouped(self._length)), gone))))


def _outline_job(
    text: str, structure: Structure, corrections: TextCorrections, _progress: Progress, _cancel: Cancel
) -> tuple[TextCorrections, Outline]:
    return corrections, outline_of(text, structure)
