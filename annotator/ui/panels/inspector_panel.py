"""The inspector: what is known of the selected span, and how often each label stands in the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from annotator.core.records import Annotation
from annotator.ui.models.document_links import Link
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.panels.attribute_form import NAME_WIDTH, AttributeForm
from annotator.ui.panels.attribute_keys import AttributeKeys
from annotator.ui.panels.note_field import NoteField
from annotator.ui.panels.widgets import (
    LinkLabel,
    dot_icon,
    flat_button,
    heading,
    plain_label,
)
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, local_time, one_line, quoted

QUOTE_LENGTH = 200
MOST_LINKS = 40
_LINK_LENGTH = 44
_DOT = 11
_REMOVE_WIDTH = 20


class LinkList(QWidget):
    """The relations of a span, both ways."""

    jump_requested = Signal(str)
    removal_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._holder: QWidget | None = None

    def show_links(self, document: OpenDocument, links: list[Link], *, writable: bool) -> None:
        """Show these relations."""
        if self._holder is not None:
            self._layout.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget(self)
        grid = QGridLayout(self._holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, NAME_WIDTH)
        grid.setColumnStretch(1, 1)
        for place, link in enumerate(links[:MOST_LINKS]):
            self._add_row(grid, 2 * place, document, link, writable=writable)
            self._add_words(grid, 2 * place + 1, one_line(document.note(link.relation), QUOTE_LENGTH))
        if len(links) > MOST_LINKS:
            words = self.tr("and {count} more; F goes through all of them")
            self._add_words(grid, 2 * MOST_LINKS, words.format(count=grouped(len(links) - MOST_LINKS)))
        self._layout.addWidget(self._holder)
        self._holder.show()
        self.setVisible(bool(links))

    def _add_row(self, grid: QGridLayout, place: int, document: OpenDocument, link: Link, *, writable: bool) -> None:
        label = document.label_of(link.other)
        words = f"{label.name if label else ''} {quoted(document.quote(link.other), _LINK_LENGTH)}"
        name = plain_label(link.name if link.outgoing else f"← {link.name}", self._holder, muted=True, scale="small")
        name.setWordWrap(True)
        jump = LinkLabel(f"{words}\N{NO-BREAK SPACE}→" if link.outgoing else words, self._holder)
        jump.setAccessibleName(self.tr("{relation}: go to {span}").format(relation=link.name, span=words))
        jump.setContentsMargins(5, 0, 0, 0)
        jump.setProperty("target", link.other.id)
        jump.activated.connect(self._jump)
        remove = flat_button("✕", self.tr("Remove this relation"), self._holder)
        remove.setProperty("quiet", True)
        remove.setFixedWidth(_REMOVE_WIDTH)
        remove.setProperty("relation", link.relation)
        remove.setVisible(writable)
        remove.clicked.connect(self._remove)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(name, place, 0, top)
        grid.addWidget(jump, place, 1, top)
        grid.addWidget(remove, place, 2, top)

    def _add_words(self, grid: QGridLayout, place: int, text: str) -> None:
        if text:
            words = plain_label(text, self._holder, muted=True, scale="small")
            words.setWordWrap(True)
            words.setContentsMargins(5, 0, 0, 3)
            grid.addWidget(words, place, 1, 1, 2)

    @Slot()
    def _jump(self) -> None:
        self.jump_requested.emit(str(self.sender().property("target")))

    @Slot()
    def _remove(self) -> None:
        self.removal_requested.emit(str(self.sender().property("relation")))


class LabelCounts(QWidget):
    """How often each label stands in the document."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(10)
        self._rows: list[QWidget] = []

    def show_counts(self, document: OpenDocument, theme: Theme) -> None:
        """Count the annotations of the document."""
        for row in self._rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        counts = document.counts()
        labels = document.codebook.labels if document.codebook else ()
        shown = [label for label in labels if not label.retired or counts[label.id]]
        self._rows = []
        for label in shown:
            row = QWidget(self)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(9)
            dot = plain_label("", row)
            dot.setPixmap(dot_icon(theme.label_color(label.light, label.dark), _DOT, self).pixmap(_DOT, _DOT))
            number = plain_label(str(counts[label.id]), row, muted=True)
            number.setAccessibleName(f"{label.name}: {counts[label.id]}")
            line.addWidget(dot)
            name = plain_label(label.name, row)
            name.setWordWrap(True)
            line.addWidget(name, 1)
            line.addWidget(number)
            self._layout.addWidget(row)
            self._rows.append(row)


class InspectorPanel(QScrollArea):
    """Shows the selected span of an OpenDocument and says what somebody wants to change in it.

    Every signal begins with the annotation's id, except those of relations, which carry theirs. `left` asks for the
    text to have the focus.
    """

    attribute_edited = Signal(str, str, object)
    note_edited = Signal(str, str)
    jump_requested = Signal(str)
    unrelate_requested = Signal(str)
    relate_requested = Signal()
    left = Signal()

    def __init__(self, document: OpenDocument, entities: Entities, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._theme = theme
        self._writable = True
        self._shown: str | None = None
        self._names: dict[str, str] = {}
        self._gold: frozenset[str] = frozenset()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Inspector"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build(entities)
        document.opened.connect(self.refresh)
        document.details_changed.connect(self.refresh)
        document.selected.connect(self._select)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.keys.set_theme(theme)
        self.refresh()

    def set_writable(self, writable: bool) -> None:
        """Say whether anything can be changed."""
        self._writable = writable
        self.attributes.set_writable(writable)
        self.note_field.set_writable(writable)
        self.relate_button.setVisible(writable)
        self.refresh()

    def set_annotators(self, names: dict[str, str]) -> None:
        """Set the names of people by id."""
        self._names = names
        self.note_field.set_people(list(names.values()))
        self.refresh()

    def set_gold(self, layers: Iterable[str]) -> None:
        """Set which layers are gold, by id; a span of one says so."""
        self._gold = frozenset(layers)
        self.refresh()

    def name_of(self, annotator: str) -> str:
        """Return the name of a person, or the id of one who is not known."""
        return self._names.get(annotator, annotator)

    def focus_note(self) -> None:
        """Put the focus into the note."""
        self.note_field.start()
        self.ensureWidgetVisible(self.note_field)

    def start_keys(self) -> None:
        """Show a key at each attribute of the selected span, and take the focus."""
        self._show_keys()
        self.keys.start()
        self.ensureWidgetVisible(self.keys)

    def ask(self, attributes: Sequence[str]) -> None:
        """Ask for attributes of the selected span one after the other, by their keys in the codebook."""
        self._show_keys()
        self.keys.ask(attributes)
        self.ensureWidgetVisible(self.keys)

    def _show_keys(self) -> None:
        self.attributes.hide()
        self.keys.show()

    @Slot(int)
    def _reveal_key(self, row: int) -> None:
        content = self.widget()
        if row >= 0 and content is not None:
            place = self.keys.list.visualItemRect(self.keys.list.item(row)).center()
            shown = self.keys.list.viewport().mapTo(content, place)
            self.ensureVisible(shown.x(), shown.y())

    @Slot()
    def _show_form(self) -> None:
        self.keys.hide()
        self.attributes.show()

    def _build(self, entities: Entities) -> None:
        content = QWidget(self)
        self._layout = QVBoxLayout(content)
        self._layout.setContentsMargins(15, 12, 14, 14)
        self._layout.setSpacing(6)
        self._layout.addWidget(heading(self.tr("Selected span"), content))
        self._empty = plain_label("", content, muted=True)
        self._empty.setWordWrap(True)
        self._layout.addWidget(self._empty)
        self._layout.addWidget(self._build_span(content, entities))
        self._layout.addSpacing(8)
        self._counts_heading = heading(self.tr("In this document"), content)
        self._counts = LabelCounts(content)
        self._layout.addWidget(self._counts_heading)
        self._layout.addSpacing(2)
        self._layout.addWidget(self._counts)
        self._layout.addStretch(1)
        self.setWidget(content)

    def _build_span(self, parent: QWidget, entities: Entities) -> QWidget:
        self._span = QWidget(parent)
        self._label = plain_label("", self._span, scale="large")
        self._label.setWordWrap(True)
        self._quote = plain_label("", self._span)
        self._quote.setWordWrap(True)
        self._quote.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.attributes = AttributeForm(entities, self._span)
        self.attributes.edited.connect(self.attribute_edited)
        self.keys = AttributeKeys(entities, self._theme, self._span)
        self.keys.edited.connect(self.attribute_edited)
        self.keys.left.connect(self.left)
        self.keys.ended.connect(self._show_form)
        self.keys.list.currentRowChanged.connect(self._reveal_key)
        self.keys.hide()
        self.links = LinkList(self._span)
        self.links.jump_requested.connect(self.jump_requested)
        self.links.removal_requested.connect(self.unrelate_requested)
        self.note_field = NoteField(self._span)
        self.note_field.committed.connect(self._edit_note)
        self.note = self.note_field.edit
        self._author = plain_label("", self._span, muted=True, scale="small")
        self._author.setWordWrap(True)
        layout = QVBoxLayout(self._span)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._label)
        layout.addWidget(self._quote)
        layout.addWidget(self.attributes)
        layout.addWidget(self.keys)
        layout.addWidget(self.links)
        layout.addLayout(self._build_buttons())
        layout.addSpacing(4)
        layout.addWidget(heading(self.tr("Note"), self._span))
        layout.addWidget(self.note_field)
        layout.addWidget(self._author)
        self.attributes.following = (self.relate_button, self.note_field.view, self.note)
        return self._span

    def _build_buttons(self) -> QHBoxLayout:
        self.relate_button = flat_button(self.tr("+ Relation"), self.tr("Relate to another span (R)"), self._span)
        self.relate_button.setProperty("quiet", True)
        self.relate_button.clicked.connect(self.relate_requested)
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.attributes.add_button)
        line.addWidget(self.relate_button)
        line.addStretch(1)
        return line

    @Slot(object)
    def _select(self, _annotation: str | None) -> None:
        self.note.commit()
        self._show_span()

    @Slot()
    def refresh(self) -> None:
        """Show what the document holds now."""
        has_document = self._document.document is not None
        self._counts_heading.setVisible(has_document)
        self._counts.setVisible(has_document)
        self._counts.show_counts(self._document, self._theme)
        self._show_span()

    def _show_span(self) -> None:
        annotation = self._document.selected_span
        self._span.setVisible(annotation is not None)
        self._empty.setVisible(annotation is None)
        if annotation is None:
            self._shown = None
            self._empty.setText(self._empty_words())
        else:
            self._show(annotation)

    def _empty_words(self) -> str:
        if self._document.document is None:
            return self.tr("Open a document to see what is tagged in it.")
        if not self._writable:
            return self.tr("Click a span to see its attributes and its note.")
        return self.tr("Select text and press a digit to tag it, or click a span to see its attributes and its note.")

    def _show(self, annotation: Annotation) -> None:
        label = self._document.label_of(annotation)
        codebook = self._document.codebook
        if label is None or codebook is None:
            return
        if annotation.id != self._shown:
            self.verticalScrollBar().setValue(0)
            self._shown = annotation.id
        self._label.setText(label.name)
        colour = self._theme.label_color(label.light, label.dark).name()
        self._label.setStyleSheet(f"color: {colour};")
        quote = self._document.quote(annotation)
        self._quote.setText(f"“{one_line(quote, QUOTE_LENGTH)}”")
        attributes, values = codebook.attributes_for(label.key), self._document.values(annotation.id)
        for part in (self.attributes, self.keys):
            part.show_values((annotation.id, label.id), attributes, values, self._document.inherited(annotation))
        self.links.show_links(self._document, self._document.links(annotation.id), writable=self._writable)
        self.note_field.set_stored(self._document.note(annotation.id))
        name = self.name_of(annotation.annotator)
        gold = f"{self.tr('Gold')} · " if annotation.layer in self._gold else ""
        self._author.setText(f"{gold}{name} · {local_time(annotation.created)}")

    @Slot(str)
    def _edit_note(self, text: str) -> None:
        if self._shown is not None:
            self.note_edited.emit(self._shown, text)
