"""What the hands do on the annotate page, turned into verbs of the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from annotator.core.boundaries import trim
from annotator.core.changes import ChangeSet, RowChange
from annotator.core.codebook import Codebook
from annotator.core.errors import NotFoundError
from annotator.core.fragments import with_fragment, without_fragment
from annotator.core.records import Annotation, AttributeValue, Document, Fragment, Label, Note, Relation
from annotator.ui.annotate_page import AnnotatePage
from annotator.ui.messages import MessageBar
from annotator.ui.models.history_model import LIMIT
from annotator.ui.panels.widgets import finish_typing
from annotator.ui.words import grouped, one_line

if TYPE_CHECKING:
    from annotator.session.pictures import DocumentPictures
    from annotator.session.session import Session

_FIND_LENGTH = 60
_DIALOG_GAP = 24

RelateChoice = tuple[str, str, str, list[tuple[str, str]]]
"""A span's id, its label's name, its quote, and (key, name) of the relation types that may lead to it."""


class Annotating(QObject):
    """Between the page and the session: gestures come in, verbs go out; what they changed comes back as a ChangeSet.

    `place_changed` carries a document's id and the first code point in sight. `context_changed` says that other
    actions may apply now.
    """

    place_changed = Signal(str, int)
    context_changed = Signal()

    def __init__(self, page: AnnotatePage, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._document = page.document
        self._reading = page.reading
        self._messages = messages
        self._session: Session | None = None
        self._pictures: DocumentPictures | None = None
        self._places: dict[str, int] = {}
        self._connect_reading()
        self._connect_panels()

    def _connect_reading(self) -> None:
        reading = self._reading
        reading.digit_pressed.connect(self.press_digit)
        reading.enter_pressed.connect(self.enter)
        reading.delete_pressed.connect(self.delete)
        reading.relate_pressed.connect(self.relate)
        reading.span_resized.connect(self.resize)
        reading.span_selected.connect(self._document.select)
        reading.fragment_key_pressed.connect(self.change_fragments)
        reading.next_document_requested.connect(self.step_document)
        reading.place_changed.connect(self._tell_place)

    def _connect_panels(self) -> None:
        page = self._page
        page.label_bar.label_chosen.connect(self.apply_label)
        page.document_panel.document_chosen.connect(self.open_document)
        page.inspector.attribute_edited.connect(self.set_attribute)
        page.inspector.note_edited.connect(self.set_note)
        page.inspector.jump_requested.connect(self.jump)
        page.inspector.unrelate_requested.connect(self.unrelate)
        page.inspector.relate_requested.connect(self.relate)
        page.history_panel.revert_requested.connect(self.revert)
        page.find_bar.found.connect(self._show_found)
        page.find_bar.closed.connect(self.back_to_text)
        self._document.selected.connect(self.context_changed)
        self._document.opened.connect(self.context_changed)
        page.faces.changed.connect(self.context_changed)
        page.faces.failed.connect(self._messages.show_error)

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none; what is being typed still goes into the one before."""
        finish_typing(self._page)
        self._session = session
        self._places = {}
        self._page.documents.set_session(session)
        self._document.set_session(session)
        self._draw_pages_of(session)
        self._page.label_bar.set_labels(self._document.codebook.labels if self._document.codebook else ())
        self._page.label_bar.clear_saved()
        self._page.set_writable(session is not None and not session.read_only_reason)
        self._read_names()
        self.refresh_history()

    def _draw_pages_of(self, session: Session | None) -> None:
        from annotator.session.pictures import DocumentPictures

        before, self._pictures = self._pictures, None if session is None else DocumentPictures(session)
        self._page.faces.set_pictures(self._pictures)
        if before is not None:
            before.close()

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Pass a committed ChangeSet on to what shows it."""
        before = self._document.document
        self._page.documents.apply(changes)
        self._document.apply(changes)
        shown = self._document.document
        if before is not None and shown is not None and shown.id != before.id:
            self._page.faces.scroll_to_top_position(self._places.get(shown.id, 0))
        if changes.touches("label") and self._document.codebook is not None:
            self._page.label_bar.set_labels(self._document.codebook.labels)
        if changes.touches("annotator"):
            self._read_names()
        self._page.label_bar.mark_saved()
        self.refresh_history()
        self.context_changed.emit()

    def refresh_history(self) -> None:
        """Read the steps again, if somebody sees them."""
        shown = self._page.history_is_shown and self._session is not None
        self._page.history.set_entries(self._session.history.entries(LIMIT) if shown and self._session else [])

    def leave(self) -> None:
        """Tell the place before the project is closed."""
        self._tell_place()

    def _read_names(self) -> None:
        names: dict[str, str] = {}
        if self._session is not None:
            names = {person.id: person.name for person in self._session.queries.annotators()}
            names.setdefault(self._session.person.id, self._session.person.name)
        self._page.inspector.set_annotators(names)

    # -- documents

    @Slot(str)
    @Slot(str, int)
    def open_document(self, document: str, position: int | None = None) -> None:
        """Show a document where it was left, or at a code point."""
        current = self._document.document
        if current is not None and current.id == document and position is None:
            self.back_to_text()
            return
        self._tell_place()
        with self._messages.showing_errors():
            self._document.open(document)
            place = self._places.get(document, 0) if position is None else position
            if place:
                self._page.faces.scroll_to_top_position(place)
            self.back_to_text()
            self._tell_place()

    @Slot(int)
    def step_document(self, step: int) -> None:
        """Go to the next document (1) or the one before (-1)."""
        current = self._document.document
        neighbour = self._page.documents.neighbour(current.id if current else None, step)
        if neighbour is not None:
            self.open_document(neighbour)

    @Slot()
    def next_document(self) -> None:
        """Go to the next document."""
        self.step_document(1)

    @Slot()
    def previous_document(self) -> None:
        """Go to the document before."""
        self.step_document(-1)

    @Slot()
    def _tell_place(self) -> None:
        document = self._document.document
        if document is not None:
            self._places[document.id] = self._page.faces.top_position()
            self.place_changed.emit(document.id, self._places[document.id])

    # -- labels

    @Slot(int, bool)
    def press_digit(self, digit: int, shift: bool) -> None:
        """Tag or relabel with the label of a digit; with Shift, add a second label to the selected span."""
        label = next((label for label in self._labels() if label.digit == digit), None)
        if label is not None:
            self.apply_label(label.id, second=shift)
        elif self._document.document is not None:
            self._messages.inform(self.tr("No label has the digit {digit}.").format(digit=digit))

    @Slot(str)
    def apply_label(self, label: str, second: bool = False) -> None:
        """Tag the selected text; else relabel the selected span, or tag it once more; else tag the clause."""
        selection, span = self._reading.selection(), self._document.selected_span
        if selection is not None:
            self._tag(label, (selection,))
        elif span is not None and second:
            self._tag(label, span.fragments)
        elif span is not None:
            with self._messages.showing_errors():
                self._verbs().annotations.relabel(span.id, label)
        else:
            clause = self._reading.clause_at_caret()
            if clause is not None:
                self._tag(label, (clause,))

    def _tag(self, label: str, fragments: tuple[Fragment, ...]) -> None:
        document, content = self._document.document, self._document.content
        if document is None or content is None:
            return
        pieces = _trimmed(content.text, fragments)
        if not pieces:
            self._messages.inform(self.tr("Only white space is selected. Select some words to tag."))
            return
        with self._messages.showing_errors():
            annotation = self._verbs().annotations.tag(document.id, label, pieces)
            self._select(annotation.id)

    @Slot()
    def choose_label(self) -> None:
        """Open the list of labels."""
        if self._document.document is None:
            return
        from annotator.ui.dialogs.label_list import LabelListDialog

        dialog = LabelListDialog(self._labels(), self._reading)
        dialog.chosen.connect(self.apply_label)
        dialog.open()

    def _labels(self) -> list[Label]:
        codebook = self._document.codebook
        return [label for label in codebook.labels if not label.retired] if codebook else []

    # -- the selected span

    @Slot()
    def enter(self) -> None:
        """Edit the selected span; else open the list of labels."""
        if self._reading.selection() is None and self._document.selected_span is not None:
            self.edit_span()
        else:
            self.choose_label()

    @Slot()
    def edit_span(self) -> None:
        """Put the focus into the note of the selected span."""
        if self._document.selected_span is not None:
            self._page.show_history(False)
            self._page.inspector.focus_note()
            self.context_changed.emit()

    @Slot()
    def delete(self) -> None:
        """Delete the selected span; undo brings it back with all that hung on it."""
        span = self._document.selected_span
        if span is not None:
            with self._messages.showing_errors():
                self._verbs().annotations.delete([span.id])

    @Slot(str, object)
    def resize(self, annotation: str, fragments: tuple[Fragment, ...]) -> None:
        """Move the ends of a span."""
        with self._messages.showing_errors():
            self._verbs().annotations.resize(annotation, fragments)
            self._select(annotation)

    @Slot(bool)
    def change_fragments(self, add: bool) -> None:
        """Add the selected text to the selected span, or take it away."""
        span, selection, content = self._document.selected_span, self._reading.selection(), self._document.content
        if span is None or selection is None or content is None:
            self._messages.inform(self.tr("Select a span, then text to add to it with + or to take from it with -."))
            return
        piece = trim(content.text, *selection) if add else selection
        changed = (with_fragment if add else without_fragment)(span.fragments, piece)
        self.resize(span.id, _trimmed(content.text, changed))

    @Slot()
    def add_fragment(self) -> None:
        """Add the selected text to the selected span."""
        self.change_fragments(True)

    @Slot()
    def remove_fragment(self) -> None:
        """Take the selected text from the selected span."""
        self.change_fragments(False)

    @Slot(str, str, object)
    def set_attribute(self, annotation: str, key: str, value: object) -> None:
        """Set an attribute, or clear it with None; one that is refused shows its stored value again."""
        with self._messages.showing_errors():
            self._verbs().annotations.set_attribute(annotation, key, value)
            return
        self._page.inspector.refresh()

    @Slot(str, str)
    def set_note(self, annotation: str, body: str) -> None:
        """Write a note; a span that is gone meanwhile has none."""
        with self._messages.showing_errors():
            self._verbs().annotations.set_note(annotation, body)

    @Slot(str)
    def jump(self, annotation: str) -> None:
        """Select a span and bring it in sight."""
        self._select(annotation, reveal=True)
        self.back_to_text()

    # -- relations

    @Slot()
    def relate(self) -> None:
        """Ask for a span to relate the selected one to, and for the relation; it can be clicked in the text too."""
        source, codebook = self._document.selected_span, self._document.codebook
        if source is None or codebook is None:
            self._messages.inform(self.tr("Select the span from which the relation leads."))
            return
        from annotator.ui.dialogs.relate import RelateDialog

        quote, choices = self._document.quote(source), self._relate_choices(source, codebook)
        dialog = RelateDialog(source.id, quote, choices, self._reading)
        dialog.chosen.connect(self.add_relation)
        dialog.ended.connect(self._end_relating)
        self._document.selected.connect(dialog.pick)
        self._document.opened.connect(dialog.reject)
        self._document.spans_changed.connect(dialog.reject)
        _put_at_the_right(dialog, self._page)
        dialog.show()

    @Slot(str)
    def _end_relating(self, source: str) -> None:
        if self._document.annotation(source) is not None:
            self._select(source)
        self.back_to_text()

    def _relate_choices(
        self, source: Annotation, codebook: Codebook
    ) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
        """Return the other spans of the same layer, the nearest first, with what the codebook allows to each."""
        keys = {label.id: label.key for label in codebook.labels}
        names = {label.id: label.name for label in codebook.labels}
        allowed = {
            label.id: [
                (relation.key, relation.name)
                for relation in codebook.relations
                if not relation.retired and codebook.allowed(relation, keys[source.label], label.key)
            ]
            for label in codebook.labels
        }
        others = [a for a in self._document.annotations() if a.id != source.id and a.layer == source.layer]
        others.sort(key=lambda other: abs(other.start - source.start))
        return [(a.id, names[a.label], self._document.quote(a), allowed[a.label]) for a in others]

    @Slot(str, str, str)
    def add_relation(self, source: str, type_key: str, target: str) -> None:
        """Relate two spans by a relation type's key."""
        with self._messages.showing_errors():
            self._verbs().relations.relate(source, type_key, target)

    @Slot(str)
    def unrelate(self, relation: str) -> None:
        """Remove a relation."""
        with self._messages.showing_errors():
            self._verbs().relations.unrelate(relation)

    # -- history

    @Slot()
    def undo(self) -> None:
        """Take back one's own last step and show its place."""
        self._travel(self._verbs().history.undo, self.tr("Redo"), self.redo)

    @Slot()
    def redo(self) -> None:
        """Put back what was undone last and show its place."""
        self._travel(self._verbs().history.redo, self.tr("Undo"), self.undo)

    @Slot(str)
    def revert(self, step: str) -> None:
        """Take back an older step and show its place."""
        self._travel(partial(self._verbs().history.revert, step), self.tr("Redo"), self.redo)

    def _travel(self, verb: Callable[[], ChangeSet], back: str, go_back: Callable[[], object]) -> None:
        """Take or put back a step; `back` and `go_back` are the button that leads the other way."""
        with self._messages.showing_errors():
            changes = verb()
            self._messages.withdraw_information()
            self._show_place(changes)
            gone = sum(1 for _ in _documents_gone(changes))
            if gone:
                words = self.tr("1 document taken out.") if gone == 1 else self.tr("{count} documents taken out.")
                self._messages.inform(words.format(count=grouped(gone)), back, go_back)

    def _show_place(self, changes: ChangeSet) -> None:
        back = self._verbs().queries.document_rows(list(_documents_back(changes)))
        if back:
            self._open_if_there(back[0].document.id)
            return
        annotation = next(_annotations_of(changes), None)
        documents = sorted(changes.documents())
        record = self._current(annotation) if annotation else None
        if isinstance(record, Annotation):
            self._show_span(record)
        elif documents and annotation is None:
            self._open_if_there(documents[0])

    def _current(self, change: tuple[str, Annotation | None]) -> Annotation | None:
        """Return the annotation as it is now, or as it was if it is gone."""
        identity, gone = change
        try:
            return self._verbs().queries.annotation(identity)
        except NotFoundError:
            return gone

    def _show_span(self, annotation: Annotation) -> None:
        if not self._open_if_there(annotation.document):
            return
        if self._document.annotation(annotation.id) is not None:
            self._select(annotation.id, reveal=True)
        else:
            self._reading.set_caret(annotation.start)
            self._reading.reveal(annotation.start)

    def _open_if_there(self, document: str) -> bool:
        current = self._document.document
        if current is not None and current.id == document:
            return True
        try:
            self._verbs().queries.document(document)
        except NotFoundError:
            return False
        self.open_document(document)
        return True

    # -- finding and copying

    @Slot()
    def find(self) -> None:
        """Open the bar that finds in the document, with the selected words."""
        selection, content = self._reading.selection(), self._document.content
        if content is None:
            return
        words = one_line(content.text[selection[0] : selection[1]], _FIND_LENGTH) if selection else ""
        self._page.find_bar.open_at(self._reading.caret(), words if not words.endswith("…") else "")

    @Slot()
    def find_next(self) -> None:
        """Show the next place of what is sought."""
        self._page.find_bar.find_next()

    @Slot()
    def find_previous(self) -> None:
        """Show the place before of what is sought."""
        self._page.find_bar.find_previous()

    @Slot(int, int)
    def _show_found(self, start: int, end: int) -> None:
        self._reading.select(start, end)
        self._reading.reveal(start)

    @Slot()
    def copy_text(self) -> None:
        """Copy the selected text, or that of the selected span."""
        self._reading.copy()

    @Slot()
    def copy_citation(self) -> None:
        """Copy the selected text, or that of the selected span, with where it stands."""
        content, span, selection = self._document.content, self._document.selected_span, self._reading.selection()
        if content is None:
            return
        if selection is not None:
            (start, end), quote = selection, content.text[selection[0] : selection[1]]
        elif span is not None:
            start, end, quote = span.start, span.end, self._document.quote(span)
        else:
            self._messages.inform(self.tr("Select some text or a span to copy."))
            return
        document = content.document
        source = ", ".join(part for part in (document.title, document.date, document.url) if part)
        place = self.tr("characters {start}–{end}").format(start=start, end=end)
        QGuiApplication.clipboard().setText(f"“{quote}” ({source}, {place})")
        self._messages.inform(self.tr("Copied with its citation."))

    @Slot()
    def back_to_text(self) -> None:
        """Give the focus back to the text."""
        if self._document.document is not None:
            self._page.faces.focus_face()

    def _select(self, annotation: str, *, reveal: bool = False) -> None:
        self._reading.select_span(annotation, reveal)
        self._document.select(annotation)

    def _verbs(self) -> Session:
        if self._session is None:
            raise NotFoundError("Open a project first.")
        return self._session


def _trimmed(text: str, fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments without white space at their ends; what is nothing else is left out."""
    pieces = (trim(text, start, end) for start, end in fragments)
    return tuple((start, end) for start, end in pieces if start < end)


def _put_at_the_right(dialog: QWidget, page: QWidget) -> None:
    """Open a dialog over the right of the page, so that the text stays in sight."""
    corner = page.mapToGlobal(page.rect().topRight())
    dialog.move(corner.x() - dialog.width() - _DIALOG_GAP, corner.y() + _DIALOG_GAP)


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
