"""Taking steps back and putting them back, with the place of what they changed in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, Slot

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.errors import NotFoundError
from annotator.core.records import Annotation, AttributeValue, Document, Note, ReadRange, Relation
from annotator.ui.gestures.desk import Desk
from annotator.ui.words import grouped


class Travelling(QObject):
    """Undo, redo, and older steps of the history panel."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._shown_elsewhere: Callable[[ChangeSet], bool] | None = None
        desk.page.history_panel.revert_requested.connect(self.revert)

    def show_elsewhere(self, show: Callable[[ChangeSet], bool]) -> None:
        """Let another page that is on screen show what a step changed, where it can."""
        self._shown_elsewhere = show

    @Slot()
    def undo(self) -> None:
        """Take back one's own last step and show its place."""
        self._travel(self._desk.session.history.undo, self.tr("Redo"), self.redo)

    @Slot()
    def redo(self) -> None:
        """Put back what was undone last and show its place."""
        self._travel(self._desk.session.history.redo, self.tr("Undo"), self.undo)

    @Slot(str)
    def revert(self, step: str) -> None:
        """Take back an older step and show its place."""
        self._travel(partial(self._desk.session.history.revert, step), self.tr("Redo"), self.redo)

    def _travel(self, verb: Callable[[], ChangeSet], back: str, go_back: Callable[[], object]) -> None:
        """Take or put back a step; `back` and `go_back` are the button that leads the other way."""
        with self._desk.messages.showing_errors():
            changes = verb()
            self._desk.messages.withdraw_information()
            self._show_place(changes)
            gone = sum(1 for _ in _documents_gone(changes))
            if gone:
                words = self.tr("1 document taken out.") if gone == 1 else self.tr("{count} documents taken out.")
                self._desk.messages.inform(words.format(count=grouped(gone)), back, go_back)

    def _show_place(self, changes: ChangeSet) -> None:
        if self._shown_elsewhere is not None and self._shown_elsewhere(changes):
            return
        back = self._desk.session.queries.document_rows(list(_documents_back(changes)))
        if back:
            self._desk.open_if_there(back[0].document.id)
            return
        annotation = next(_annotations_of(changes), None)
        documents = sorted(changes.documents())
        record = self._current(annotation) if annotation else None
        if isinstance(record, Annotation):
            self._show_span(record)
        elif documents and annotation is None and self._desk.open_if_there(documents[0]):
            self._show_read(changes)

    def _current(self, change: tuple[str, Annotation | None]) -> Annotation | None:
        """Return the annotation as it is now, or as it was if it is gone."""
        identity, gone = change
        try:
            return self._desk.session.queries.annotation(identity)
        except NotFoundError:
            return gone

    def _show_read(self, changes: ChangeSet) -> None:
        """Bring in sight where paragraphs were marked as read, or no longer are."""
        read = next((c.record for c in changes.of("read_range") if isinstance(c.record, ReadRange)), None)
        if read is not None:
            self._desk.reading.set_caret(read.start)
            self._desk.reading.reveal(read.start)

    def _show_span(self, annotation: Annotation) -> None:
        if not self._desk.open_if_there(annotation.document):
            return
        if self._desk.document.annotation(annotation.id) is not None:
            self._desk.select(annotation.id, reveal=True)
        else:
            self._desk.reading.set_caret(annotation.start)
            self._desk.reading.reveal(annotation.start)


def _documents_back(changes: ChangeSet) -> Iterator[str]:
    """Yield the ids of documents that a ChangeSet makes, and of those whose newer version it takes away."""
    for change in changes.of("document"):
        record = change.record
        if change.before is None:
            yield change.row
        elif change.after is None and isinstance(record, Document) and record.supersedes is not None:
            yield record.supersedes


def _documents_gone(changes: ChangeSet) -> Iterator[str]:
    """Yield the ids of documents that a ChangeSet takes away without one that stands in their place."""
    for change in changes.of("document"):
        if change.after is None and isinstance(change.record, Document) and change.record.supersedes is None:
            yield change.row


def _annotations_of(changes: ChangeSet) -> Iterator[tuple[str, Annotation | None]]:
    """Yield the ids of annotations that a ChangeSet is about, with the record where the change is of itself."""
    for change in changes.of("annotation"):
        if isinstance(change.record, Annotation):
            yield change.row, change.record
    for change in changes.changes:
        identity = _owner(change)
        if identity is not None:
            yield identity, None


def _owner(change: RowChange) -> str | None:
    record = change.record
    if isinstance(record, AttributeValue):
        return record.annotation
    if isinstance(record, Note) and record.kind == "annotation":
        return record.target
    return record.source if isinstance(record, Relation) else None
