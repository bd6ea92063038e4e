"""The right side of the import dialog: what is known of the selected document, and its text to be corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.session.importing import Candidate
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.import_entries import CAN_COME_IN, Entry, State, tr
from annotator.ui.dialogs.import_facts import Facts
from annotator.ui.dialogs.import_pages import LockedPage, MessagePage, add_button
from annotator.ui.dialogs.paragraph_list import ParagraphList
from annotator.ui.dialogs.paragraph_model import Outline, ParagraphModel, outline_of
from annotator.ui.dialogs.parts import MARGIN, SMALL_GAP, plain_label, set_state
from annotator.ui.messages import error_text
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import QT_TRANSLATE_NOOP, grouped, one_line, tool_tip

LONG_TEXT = 150_000
"""Code points from which on a text is prepared beside the window."""

REMARKS = 4
"""Remarks that are shown; more are counted."""

DETAILS = 24
"""Lines that were left out of which the words are shown."""

_LEFT_OUT = {
    "header": QT_TRANSLATE_NOOP("import", "running headers"),
    "footer": QT_TRANSLATE_NOOP("import", "running footers"),
    "page_number": QT_TRANSLATE_NOOP("import", "page numbers"),
    "line_number": QT_TRANSLATE_NOOP("import", "line numbers"),
    "margin": QT_TRANSLATE_NOOP("import", "notes in the margin"),
    "watermark": QT_TRANSLATE_NOOP("import", "watermarks"),
}


def left_out_text(metadata: Mapping[str, Any]) -> str:
    """Return in one line what the reader kept out of the text, or nothing."""
    left_out = metadata.get("left_out")
    if not isinstance(left_out, Sequence) or isinstance(left_out, str) or not left_out:
        return ""
    kinds = Counter(str(one.get("kind", "")) if isinstance(one, Mapping) else "" for one in left_out)
    names = [tr(_LEFT_OUT.get(kind, kind.replace("_", " "))) for kind, _ in kinds.most_common() if kind]
    what = tr(" and ").join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    return tr("Left out: {count} {what}").format(count=grouped(len(left_out)), what=what).rstrip()


def left_out_details(metadata: Mapping[str, Any]) -> str:
    """Return the first lines that the reader kept out of the text, each with its page, as far as it says them."""
    left_out = metadata.get("left_out")
    if not isinstance(left_out, Sequence) or isinstance(left_out, str):
        return ""
    lines = [one for one in left_out[:DETAILS] if isinstance(one, Mapping) and "text" in one]
    return "\n".join(f"{one.get('page', '')}  {one_line(str(one['text']), 100)}" for one in lines)


class DocumentPage(QWidget):
    """The fields, the remarks, and the paragraphs of one document. `changed` comes when anything was corrected."""

    changed = Signal()

    def __init__(self, tasks: TaskRunner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._entry: Entry | None = None
        self._candidate: Candidate | None = None
        self.facts = Facts()
        self.facts.changed.connect(self._field_changed)
        self.remarks = plain_label("", wrap=True)
        self.model = ParagraphModel(self)
        self.model.corrected.connect(self._text_changed)
        self.paragraphs = ParagraphList(theme, self.model)
        self.paragraphs.selectionModel().selectionChanged.connect(self._show_what_can_be_done)
        self.count = plain_label("", muted=True, scale="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN - 8, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.facts)
        column.addWidget(self.remarks)
        column.addLayout(self._tools())
        column.addWidget(self.paragraphs, 1)
        column.addWidget(self.count)

    def _tools(self) -> QHBoxLayout:
        self.leave_out = add_button(self.tr("Leave out"))
        self.join = add_button(self.tr("Join with next"))
        self.edit = add_button(self.tr("Edit"))
        self.undo, self.redo = add_button(self.tr("Undo")), add_button(self.tr("Redo"))
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

    def show_entry(self, entry: Entry) -> None:
        """Show a document that was read. A long text follows as soon as it is prepared."""
        candidate = entry.candidate
        assert candidate is not None
        if entry is self._entry and candidate is self._candidate:
            return
        self._entry, self._candidate = entry, candidate
        read = candidate.read
        self.facts.show_entry(entry)
        self._show_remarks(candidate)
        if len(read.text) <= LONG_TEXT:
            self._show_outline(entry, outline_of(read.text, read.structure))
            return
        self.model.show_entry(None, None)
        self._show_what_can_be_done()
        self.count.setText(self.tr("Preparing the text…"))
        task = self._tasks.start("", partial(_outline_job, candidate))
        task.finished.connect(self._take_outline)

    @Slot(object)
    def _take_outline(self, prepared: tuple[Candidate, Outline]) -> None:
        candidate, outline = prepared
        if candidate is self._candidate and self._entry is not None:
            self._show_outline(self._entry, outline)

    def _show_outline(self, entry: Entry, outline: Outline) -> None:
        self.model.show_entry(entry, outline)
        self.paragraphs.scrollToTop()
        if self.model.rowCount():
            self.paragraphs.setCurrentIndex(self.model.index(0, 0))
        self._show_what_can_be_done()

    def _show_remarks(self, candidate: Candidate) -> None:
        warnings = list(candidate.warnings)
        shown = warnings[:REMARKS]
        if len(warnings) > REMARKS:
            shown.append(self.tr("… and {count} more").format(count=len(warnings) - REMARKS))
        left_out = left_out_text(candidate.read.metadata)
        self.remarks.setText("\n".join([*shown, *([left_out] if left_out else [])]))
        self.remarks.setToolTip(tool_tip(left_out_details(candidate.read.metadata)))
        set_state(self.remarks, "warning" if shown else "")
        self.remarks.setVisible(bool(self.remarks.text()))

    @Slot(str, str)
    def _field_changed(self, name: str, value: str) -> None:
        if self._entry is not None:
            self._entry.set_field(name, value)
            self.facts.show_problem(self._entry.problem()[0])
            self.changed.emit()

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
        left_out, rows = self.model.left_out(), self.model.rowCount()
        count = self.tr("1 paragraph") if rows == 1 else self.tr("{count} paragraphs").format(count=grouped(rows))
        gone = self.tr("{count} left out").format(count=grouped(left_out)) if left_out else ""
        characters = self.tr("{count} characters as read").format(count=grouped(self._length()))
        self.count.setText(" · ".join(filter(None, (count, characters, gone))))

    def _length(self) -> int:
        return len(self._candidate.read.text) if self._candidate is not None else 0


class ImportPreview(QStackedWidget):
    """The page that fits the selected entry."""

    def __init__(self, tasks: TaskRunner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = MessagePage()
        self.document = DocumentPage(tasks, theme)
        self.locked = LockedPage()
        self._tried: set[Entry] = set()
        for page in (self.message, self.document, self.locked):
            self.addWidget(page)
        self.locked.unlock_requested.connect(self._note_try)

    def finish_editing(self) -> None:
        """Take over what stands in an editor that is open."""
        self.document.paragraphs.finish_editing()

    def show_entry(self, entry: Entry | None) -> None:
        """Show an entry as it is now, or nothing."""
        if entry is None:
            self.message.show_message("", "", "")
            self.setCurrentWidget(self.message)
        elif entry.state in CAN_COME_IN:
            self.document.show_entry(entry)
            self.setCurrentWidget(self.document)
        elif entry.state is State.LOCKED and entry.failure is not None:
            if self.currentWidget() is not self.locked or not self.locked.shows(entry):
                self.locked.show_entry(entry, error_text(entry.failure.error), again=entry in self._tried)
            self.setCurrentWidget(self.locked)
        else:
            self._show_message(entry)
            self.setCurrentWidget(self.message)

    def _show_message(self, entry: Entry) -> None:
        text, state, document = "", "", entry.document
        match entry.state:
            case State.FAILED if entry.failure is not None:
                text, state = error_text(entry.failure.error), "error"
            case State.HERE if entry.duplicate is not None:
                text = self.tr("This file is already in the project as “{title}”.").format(title=entry.duplicate.title)
                document = entry.duplicate.document
            case State.READING:
                text = self.tr("Reading… {stage}").format(stage=entry.stage or "").rstrip()
            case State.UNREAD:
                text = self.tr("The reading was cancelled before this file.")
            case State.IMPORTED:
                text = self.tr("Imported.")
        self.message.show_message(entry.title, text, str(entry.file), state, document)

    @Slot(object, str)
    def _note_try(self, entry: Entry, _password: str) -> None:
        self._tried.add(entry)


def _outline_job(candidate: Candidate, _progress: Progress, _cancel: Cancel) -> tuple[Candidate, Outline]:
    return candidate, outline_of(candidate.read.text, candidate.read.structure)
