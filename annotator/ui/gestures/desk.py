"""What every gesture works on: the page, the project behind it, and the way to a document and a span."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.core.errors import NotFoundError
from annotator.core.untagged import next_untagged
from annotator.ui.annotate_page import AnnotatePage
from annotator.ui.messages import MessageBar
from annotator.ui.models.history_model import LIMIT
from annotator.ui.panels.widgets import finish_typing
from annotator.ui.views.reading_keys import KeyCommand

if TYPE_CHECKING:
    from annotator.session.pictures import DocumentPictures
    from annotator.session.session import Session


class Desk(QObject):
    """Shows documents of one project and passes on what was committed. Gestures go through its `session`.

    `place_changed` carries a document's id and the first code point in sight. `context_changed` says that other
    actions may apply now, `changed` that the page has taken over a committed ChangeSet, `shown` that somebody wants to
    see a document.
    """

    place_changed = Signal(str, int)
    context_changed = Signal()
    changed = Signal(object)
    shown = Signal()

    def __init__(self, page: AnnotatePage, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.page = page
        self.document = page.document
        self.reading = page.reading
        self.messages = messages
        self._session: Session | None = None
        self._pictures: DocumentPictures | None = None
        self._places: dict[str, int] = {}
        self._commands: dict[tuple[KeyCommand, bool], Callable[[], object]] = {}
        self.reading.command_pressed.connect(self._obey)
        self.reading.span_selected.connect(self.document.select)
        self.reading.next_document_requested.connect(self.step_document)
        self.reading.place_changed.connect(self._tell_place)
        self.on_key(KeyCommand.NEXT_UNTAGGED, self.next_untagged, self.previous_untagged)
        page.document_panel.document_chosen.connect(self.open_document)
        page.inspector.jump_requested.connect(self.jump)
        self.document.selected.connect(self.context_changed)
        self.document.opened.connect(self.context_changed)
        page.faces.changed.connect(self.context_changed)
        page.faces.failed.connect(messages.show_error)

    def on_key(
        self, command: KeyCommand, act: Callable[[], object], with_shift: Callable[[], object] | None = None
    ) -> None:
        """Let a single key of the text act, and otherwise with Shift if wanted."""
        self._commands[command, False] = act
        self._commands[command, True] = with_shift or act

    @Slot(object, bool)
    def _obey(self, command: KeyCommand, shift: bool) -> None:
        act = self._commands.get((command, shift))
        if act is not None:
            act()

    @property
    def session(self) -> Session:
        """The open project. Raises NotFoundError where none is open."""
        if self._session is None:
            raise NotFoundError("Open a project first.")
        return self._session

    @property
    def text(self) -> str:
        """The text on screen."""
        return self.document.content.text if self.document.content else ""

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none; what is being typed still goes into the one before."""
        finish_typing(self.page)
        self._session = session
        self._places = {}
        self.page.documents.set_session(session)
        self.document.set_session(session)
        self._draw_pages_of(session)
        self.page.label_bar.set_labels(self.document.codebook.labels if self.document.codebook else ())
        self.page.label_bar.clear_saved()
        self.page.set_writable(session is not None and not session.read_only_reason)
        self.page.document_panel.set_fixed(session is not None and session.package is not None)
        self._read_names()
        self.refresh_history()

    def _draw_pages_of(self, session: Session | None) -> None:
        from annotator.session.pictures import DocumentPictures

        before, self._pictures = self._pictures, None if session is None else DocumentPictures(session)
        self.page.faces.set_pictures(self._pictures)
        if before is not None:
            before.close()

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Pass a committed ChangeSet on to what shows it."""
        before = self.document.document
        self.page.documents.apply(changes)
        self.document.apply(changes)
        shown = self.document.document
        if before is not None and shown is not None and shown.id != before.id:
            self.page.faces.scroll_to_top_position(self._places.get(shown.id, 0))
        if changes.touches("label") and self.document.codebook is not None:
            self.page.label_bar.set_labels(self.document.codebook.labels)
        if changes.touches("label", "relation_type", "codebook", "project"):
            self.page.show_codebook()
        if changes.touches("annotator", "layer"):
            self._read_names()
        self.page.label_bar.mark_saved()
        self.changed.emit(changes)
        self.refresh_history()
        self.context_changed.emit()

    def refresh_history(self) -> None:
        """Read the steps again, if somebody sees them."""
        shown = self.page.history_is_shown and self._session is not None
        self.page.history.set_entries(self._session.history.entries(LIMIT) if shown and self._session else [])

    def leave(self) -> None:
        """Tell the place before the project is closed."""
        self._tell_place()

    def _read_names(self) -> None:
        names: dict[str, str] = {}
        if self._session is not None:
            names = {person.id: person.name for person in self._session.queries.annotators()}
            names.setdefault(self._session.person.id, self._session.person.name)
        self.page.inspector.set_annotators(names)
        layers = [] if self._session is None else self._session.queries.layers()
        self.page.inspector.set_gold(layer.id for layer in layers if layer.kind == "gold")

    # -- documents

    @Slot(str)
    @Slot(str, int)
    def open_document(self, document: str, position: int | None = None) -> None:
        """Show a document where it was left, or at a code point."""
        self.shown.emit()
        current = self.document.document
        if current is not None and current.id == document and position is None:
            self.back_to_text()
            return
        self._tell_place()
        with self.messages.showing_errors():
            self.document.open(document)
            place = self._places.get(document, 0) if position is None else position
            if place:
                self.page.faces.scroll_to_top_position(place)
            self.back_to_text()
            self._tell_place()

    @Slot(str, int)
    def show_place(self, document: str, position: int) -> None:
        """Show a document with the caret at a code point, and what stands before it in sight too."""
        self.open_document(document)
        shown = self.document.document
        if shown is not None and shown.id == document:
            self.page.reading.set_caret(position)
            self.page.reading.reveal(position)
            self._tell_place()

    @Slot(str, str)
    def open_span(self, document: str, annotation: str) -> None:
        """Show a document with one of its spans selected and in sight."""
        self.open_document(document)
        if self.document.annotation(annotation) is not None:
            self.jump(annotation)

    def open_if_there(self, document: str) -> bool:
        """Show a document unless it is shown; say whether the project has it."""
        current = self.document.document
        if current is not None and current.id == document:
            return True
        try:
            self.session.queries.document(document)
        except NotFoundError:
            return False
        self.open_document(document)
        return True

    @Slot(int)
    def step_document(self, step: int) -> None:
        """Go to the next document (1) or the one before (-1)."""
        current = self.document.document
        neighbour = self.page.documents.neighbour(current.id if current else None, step)
        if neighbour is not None:
            self.open_document(neighbour)

    @Slot()
    def next_untagged(self) -> None:
        """Go to the next sentence in which nothing is tagged."""
        self._step_untagged(1)

    @Slot()
    def previous_untagged(self) -> None:
        """Go to the sentence before in which nothing is tagged."""
        self._step_untagged(-1)

    def _step_untagged(self, step: int) -> None:
        page = self.reading.page
        found = next_untagged(page.text, page.structure.sentences, page.spans, self.reading.caret(), step)
        if found is None:
            self.messages.inform(self.tr("Every sentence on that side has a tag."))
            return
        self.reading.choose_span(None)
        self.reading.set_caret(found[0])
        self.reading.reveal(found[0])

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
        document = self.document.document
        if document is not None:
            self._places[document.id] = self.page.faces.top_position()
            self.place_changed.emit(document.id, self._places[document.id])

    # -- spans

    def select(self, annotation: str, *, reveal: bool = False) -> None:
        """Select a span of the document, and bring it in sight if wanted."""
        self.reading.select_span(annotation, reveal)
        self.document.select(annotation)

    @Slot(str)
    def jump(self, annotation: str) -> None:
        """Select a span and bring it in sight."""
        self.select(annotation, reveal=True)
        self.back_to_text()

    @Slot()
    def back_to_text(self) -> None:
        """Give the focus back to the text."""
        if self.document.document is not None:
            self.page.faces.focus_face()
