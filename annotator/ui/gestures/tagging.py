"""Tagging text, and changing the span that is selected."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.boundaries import trim
from annotator.core.fragments import with_fragment, without_fragment
from annotator.core.records import Fragment, Label
from annotator.core.trimming import TRIMS, trimmed
from annotator.ui.gestures.desk import Desk
from annotator.ui.panels.label_popup import LabelPopup
from annotator.ui.views.reading_keys import KeyCommand

_FEW = 9
"""So many labels have digits; with more, the labels come up beside what the mouse has selected."""


class Tagging(QObject):
    """Labels, edges, fragments, attributes and the note of spans. `trim` is what is cut off at the ends of a span.

    `label_used` carries the id of a label that was put on a span, `tagged` the id of a new span.
    """

    label_used = Signal(str)
    tagged = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.trim = TRIMS[-1]
        reading, page = desk.reading, desk.page
        self._last: str | None = None
        desk.document.selected.connect(self._remember)
        self._popup = LabelPopup(page.faces)
        self._popup.chosen.connect(self.apply_label)
        self._popup.left.connect(desk.back_to_text)
        reading.selection_ended.connect(self._offer_labels)
        reading.digit_pressed.connect(self.press_digit)
        reading.span_resized.connect(self.resize)
        page.label_bar.label_chosen.connect(self.apply_label)
        page.inspector.attribute_edited.connect(self.set_attribute)
        page.inspector.note_edited.connect(self.set_note)
        desk.on_key(KeyCommand.ENTER, self.enter)
        desk.on_key(KeyCommand.ADD_FRAGMENT, self.add_fragment)
        desk.on_key(KeyCommand.REMOVE_FRAGMENT, self.remove_fragment)

    @Slot(object)
    def _remember(self, span: str | None) -> None:
        self._last = span or self._last

    # -- labels

    @Slot(int, bool)
    def press_digit(self, digit: int, shift: bool) -> None:
        """Tag or relabel with the label of a digit; with Shift, add a second label to the selected span."""
        label = next((label for label in self.labels() if label.digit == digit), None)
        if label is not None:
            self.apply_label(label.id, second=shift)
        elif digit and self._desk.document.document is not None:
            self._desk.messages.inform(self.tr("No label has the digit {digit}.").format(digit=digit))

    @Slot(str)
    @Slot(str, bool)
    def apply_label(self, label: str, second: bool = False) -> None:
        """Tag the selected text; else relabel the selected span, or tag it once more; else tag the clause."""
        selection, span = self._desk.reading.selection(), self._desk.document.selected_span
        if selection is not None:
            self._tag(label, (selection,))
        elif span is not None and second:
            self._tag(label, span.fragments)
        elif span is not None:
            with self._desk.messages.showing_errors():
                self._desk.session.annotations.relabel(span.id, label)
                self.label_used.emit(label)
        else:
            clause = self._desk.reading.clause_at_caret()
            if clause is not None:
                self._tag(label, (clause,))

    def _tag(self, label: str, fragments: tuple[Fragment, ...]) -> None:
        document, content = self._desk.document.document, self._desk.document.content
        if document is None or content is None:
            return
        pieces = trimmed(content.text, fragments, self.trim)
        if not pieces:
            self._desk.messages.inform(self.tr("Only white space is selected. Select some words to tag."))
            return
        known = self._already(label, pieces)
        if known is not None:
            self._desk.select(known)
            self._desk.messages.inform(self.tr("These words have this label already."))
            return
        with self._desk.messages.showing_errors():
            annotation = self._desk.session.annotations.tag(document.id, label, pieces)
            self._desk.select(annotation.id)
            self.label_used.emit(label)
            self.tagged.emit(annotation.id)

    def _already(self, label: str, fragments: tuple[Fragment, ...]) -> str | None:
        """Return the span of one's own that has this label on exactly these words."""
        layers = self._desk.session.own_layers(self._desk.session.reading)
        own = (known for known in self._desk.document.annotations() if known.layer in layers)
        return next((known.id for known in own if (known.label, known.fragments) == (label, fragments)), None)

    @Slot()
    def choose_label(self) -> None:
        """Show the labels beside the selected text, the selected span or the caret."""
        if self._desk.document.document is None or self._desk.session.read_only_reason:
            return
        selection, span = self._desk.reading.selection(), self._desk.document.selected_span
        place = selection[0] if selection else span.start if span else self._desk.reading.caret()
        self._popup.open_at(self._desk.page.faces.place_of(place), self.labels())

    @Slot()
    def _offer_labels(self) -> None:
        """Show the labels beside what the mouse has selected, where there are more than have digits."""
        if len(self.labels()) > _FEW and self._desk.page.label_bar.staying is None:
            self.choose_label()

    def labels(self) -> list[Label]:
        """Return the labels in use."""
        codebook = self._desk.document.codebook
        return [label for label in codebook.labels if not label.retired] if codebook else []

    # -- the selected span

    @Slot()
    def enter(self) -> None:
        """Edit the selected span; else open the list of labels."""
        if self._desk.reading.selection() is None and self._desk.document.selected_span is not None:
            self.edit_span()
        else:
            self.choose_label()

    @Slot()
    def edit_span(self) -> None:
        """Put the focus into the note of the selected span."""
        if self._desk.document.selected_span is not None:
            self._desk.page.show_history(False)
            self._desk.page.inspector.focus_note()
            self._desk.context_changed.emit()

    @Slot(str, object)
    def resize(self, annotation: str, fragments: tuple[Fragment, ...]) -> None:
        """Move the ends of a span."""
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.resize(annotation, fragments)
            self._desk.select(annotation)

    @Slot(bool)
    def change_fragments(self, add: bool) -> None:
        """Add the selected text to the span that is or was selected last, or take it away."""
        span, content = self._desk.document.annotation(self._last or ""), self._desk.document.content
        selection = self._desk.reading.selection()
        if span is None or selection is None or content is None:
            self._desk.messages.inform(
                self.tr("Select a span, then text to add to it with + or to take from it with -.")
            )
            return
        piece = trim(content.text, *selection) if add else selection
        changed = (with_fragment if add else without_fragment)(span.fragments, piece)
        self.resize(span.id, trimmed(content.text, changed, "spaces"))

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
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.set_attribute(annotation, key, value)
            return
        self._desk.page.inspector.refresh()

    @Slot(str, str)
    def set_note(self, annotation: str, body: str) -> None:
        """Write a note; a span that is gone meanwhile has none."""
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.set_note(annotation, body)
