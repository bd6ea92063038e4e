"""Notes on documents and labels, and the list of all notes to jump from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from annotator.core.changes import ChangeSet
from annotator.session.progress import Cancel, Progress
from annotator.ui.gestures.desk import Desk
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.words import local_time, quoted

if TYPE_CHECKING:
    from annotator.session.note_list import NoteRow
    from annotator.session.session import Session
    from annotator.ui.dialogs.note import NoteDialog
    from annotator.ui.dialogs.notes import NotesDialog

_FOLLOW_DELAY = 100
_DIALOG_GAP = 24
_TABLES = ("note", "annotation", "relation", "document", "label", "annotator")


class Noting(QObject):
    """The note of a span is written in the inspector; this is for the others."""

    def __init__(self, desk: Desk, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tasks = tasks
        self._task: Task | None = None
        self._window = window
        self.list_dialog: NotesDialog | None = None
        self.note_dialog: NoteDialog | None = None
        self._target = ("", "")
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW_DELAY)
        self._follow.timeout.connect(self._show_notes)
        desk.changed.connect(self._apply)
        desk.page.label_bar.note_requested.connect(self.note_on_label)

    # -- one note

    @Slot()
    def note_on_document(self) -> None:
        """Show the notes on the document on screen, and let one's own be written."""
        document = self._desk.document.document
        if document is not None:
            self.note_on(document.id)

    @Slot(str)
    def note_on(self, document: str) -> None:
        """Show the notes on a document, and let one's own be written."""
        with self._desk.messages.showing_errors():
            record = self._desk.session.queries.document(document)
            self._open_note("document", document, self.tr("Note on the document"), record.title)

    @Slot()
    def note_on_label_of_span(self) -> None:
        """Show the notes on the label of the selected span, and let one's own be written."""
        span = self._desk.document.selected_span
        if span is not None:
            self.note_on_label(span.label)

    @Slot(str)
    def note_on_label(self, label: str) -> None:
        """Show the notes on a label, and let one's own be written."""
        codebook = self._desk.document.codebook
        names = {known.id: known.name for known in codebook.labels} if codebook else {}
        with self._desk.messages.showing_errors():
            self._open_note("label", label, self.tr("Note on the label"), names.get(label, ""))

    def _open_note(self, kind: str, target: str, title: str, about: str) -> None:
        from annotator.ui.dialogs.note import NoteDialog

        session = self._desk.session
        notes = session.queries.notes_on(target)
        own = next((note.body for note in notes if note.annotator == session.person.id), "")
        others = [
            (f"{self._desk.page.inspector.name_of(note.annotator)} · {local_time(note.created)}", note.body)
            for note in notes
            if note.annotator != session.person.id
        ]
        dialog = NoteDialog(
            title,
            quoted(about, 200),
            self._window,
            body=own,
            others=others,
            people=[name for _, name in self._people()],
            editable=not session.read_only_reason,
        )
        self._target = (kind, target)
        dialog.written.connect(self._write)
        dialog.finished.connect(self._forget_note)
        self.note_dialog = dialog
        dialog.open()

    @Slot(str)
    def _write(self, body: str) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.notes.write(*self._target, body)

    @Slot()
    def _forget_note(self) -> None:
        self.note_dialog = None

    def _people(self) -> list[tuple[str, str]]:
        session = self._desk.session
        people = {person.id: person.name for person in session.queries.annotators()}
        people.setdefault(session.person.id, session.person.name)
        return list(people.items())

    # -- all notes

    @Slot()
    def show_list(self) -> None:
        """Show all notes at the right, beside the text."""
        from annotator.ui.dialogs.notes import NotesDialog

        if self.list_dialog is not None and isValid(self.list_dialog):
            self.list_dialog.raise_()
            self.list_dialog.activateWindow()
            return
        session = self._desk.session
        dialog = NotesDialog(session.person.id, self._window, editable=not session.read_only_reason)
        dialog.place_wanted.connect(self.go_to)
        dialog.deletion_wanted.connect(self._delete)
        dialog.finished.connect(self._forget_list)
        self.list_dialog = dialog
        self._show_notes()
        corner = self._desk.page.mapToGlobal(self._desk.page.rect().topRight())
        dialog.move(corner.x() - dialog.width() - _DIALOG_GAP, corner.y() + _DIALOG_GAP)
        dialog.show()

    @Slot()
    def _forget_list(self) -> None:
        self.list_dialog = None

    @Slot()
    def close(self) -> None:
        """Close what is open, since another project comes."""
        self._follow.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        for dialog in (self.list_dialog, self.note_dialog):
            if dialog is not None and isValid(dialog):
                dialog.reject()

    @Slot()
    def _show_notes(self) -> None:
        """Read the notes anew, beside the window."""
        if self.list_dialog is None:
            return
        if self._task is not None:
            self._task.cancel()
        self._task = task = self._tasks.start("", partial(_notes_job, self._desk.session))
        task.finished.connect(self._take_notes)

    @Slot(object)
    def _take_notes(self, rows: list[NoteRow]) -> None:
        if self.sender() is self._task:
            self._task = None
            if self.list_dialog is not None:
                self.list_dialog.set_notes(rows, self._people())

    @Slot(object)
    def _apply(self, changes: ChangeSet) -> None:
        if self.list_dialog is not None and changes.touches(*_TABLES):
            self._follow.start()

    @Slot(object)
    def go_to(self, row: NoteRow) -> None:
        """Show what a note is on: the span, an end of the relation, the document, or the notes on the label."""
        note = row.note
        if note.kind == "label":
            self.note_on_label(note.target)
        elif note.document is not None and self._desk.open_if_there(note.document):
            if row.annotation is not None and self._desk.document.annotation(row.annotation) is not None:
                self._desk.jump(row.annotation)
            elif note.kind == "document":
                self._desk.reading.scroll_to_top_position(0)
            self._window.activateWindow()
            self._desk.back_to_text()

    @Slot(str)
    def _delete(self, note: str) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.notes.delete(note)


def _notes_job(session: Session, _progress: Progress, cancel: Cancel) -> list[NoteRow]:
    rows = session.queries.notes()
    cancel.check()
    return rows
