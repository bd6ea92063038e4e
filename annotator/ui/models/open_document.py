"""The document on screen as plain data, kept current by ChangeSets; views draw from it and listen to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inherited
from annotator.core.links import LinkMark
from annotator.core.records import Annotation, Document, Fragment, Label, Note, Relation, Status
from annotator.core.sight import Sight
from annotator.core.spans import SpanMark
from annotator.ui.models.document_links import DocumentLinks, Link

if TYPE_CHECKING:
    from annotator.session.document_queries import DocumentContent
    from annotator.session.session import Session


class OpenDocument(QObject):
    """Holds one document with its annotations, and which of them is selected.

    `opened` tells of another document or none, `described` of a new title or date, `spans_changed` (ids that went,
    marks that came or changed) of annotations, `links_changed` (the same) of relations, `details_changed` of
    attributes, notes and relations, and `selected` (an annotation's id or None) of another selection.
    """

    opened = Signal()
    described = Signal()
    spans_changed = Signal(object, object)
    links_changed = Signal(object, object)
    details_changed = Signal()
    selected = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._codebook: Codebook | None = None
        self._content: DocumentContent | None = None
        self._annotations: dict[str, Annotation] = {}
        self._orders: dict[str, int] = {}
        self._relations = DocumentLinks()
        self._status = "new"
        self._selected: str | None = None
        self._sight = Sight()

    @property
    def document(self) -> Document | None:
        """Return the document's record, or None where none is open."""
        return self._content.document if self._content else None

    @property
    def content(self) -> DocumentContent | None:
        """Return the text and structure; its annotations are those of the moment of opening."""
        return self._content

    @property
    def codebook(self) -> Codebook | None:
        """Return the codebook in use, or None where no project is open."""
        return self._codebook

    @property
    def status(self) -> str:
        """Return the person's own status of the document."""
        return self._status

    @property
    def selected_span(self) -> Annotation | None:
        """Return the selected annotation."""
        return self._annotations.get(self._selected) if self._selected else None

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self._session = session
        self._codebook = session.queries.codebook() if session else None
        self.open(None)

    def open(self, document: str | None) -> None:
        """Show a document by id, or none. Raises NotFoundError or ProjectFileError, and shows what it showed."""
        content = self._session.queries.content(document) if self._session and document else None
        self._content = content
        self._annotations = {a.id: a for a in content.annotations} if content else {}
        self._orders = {identity: order for order, identity in enumerate(self._annotations)}
        self._relations = DocumentLinks(content.relations if content else ())
        self._status = content.status if content else "new"
        self._selected = None
        self.opened.emit()
        self.selected.emit(None)

    @Slot(object)
    def select(self, annotation: str | None) -> None:
        """Select an annotation by id, or none; an unknown id selects none."""
        known = annotation if annotation in self._annotations else None
        if known != self._selected:
            self._selected = known
            self.selected.emit(known)

    @property
    def sight(self) -> Sight:
        """Return which annotations are shown."""
        return self._sight

    def set_sight(self, sight: Sight) -> None:
        """Show other annotations than before; a selected one that is hidden is selected no more."""
        before, self._sight = self._sight, sight
        gone, come = [], []
        for annotation in self._annotations.values():
            if before.shows(annotation) != sight.shows(annotation):
                (come if sight.shows(annotation) else gone).append(annotation)
        if self._selected in {annotation.id for annotation in gone}:
            self.select(None)
        if gone or come:
            self.spans_changed.emit([annotation.id for annotation in gone], [self._mark(a) for a in come])

    def annotation(self, identity: str) -> Annotation | None:
        """Return one of the document's annotations."""
        return self._annotations.get(identity)

    def annotation_count(self) -> int:
        """Return how many annotations the document has."""
        return len(self._annotations)

    def fragments(self) -> Iterator[Fragment]:
        """Yield the fragments of all annotations, in no order."""
        return (fragment for annotation in self._annotations.values() for fragment in annotation.fragments)

    def annotations(self) -> list[Annotation]:
        """Return the document's annotations in the order of the text."""
        return sorted(self._annotations.values(), key=lambda a: (a.start, -a.end, self._orders[a.id]))

    def marks(self) -> list[SpanMark]:
        """Return the annotations as a view draws them."""
        return [self._mark(annotation) for annotation in self._annotations.values() if self._sight.shows(annotation)]

    def link_marks(self) -> list[LinkMark]:
        """Return the relations as a view draws them."""
        marks = (self._link_mark(relation) for relation in self._relations)
        return [mark for mark in marks if mark is not None]

    def quote(self, annotation: Annotation) -> str:
        """Return the text of an annotation, its fragments joined by an ellipsis."""
        text = self._content.text if self._content else ""
        return " … ".join(text[start:end] for start, end in annotation.fragments)

    def label_of(self, annotation: Annotation) -> Label | None:
        """Return an annotation's label."""
        labels = self._codebook.labels if self._codebook else ()
        return next((label for label in labels if label.id == annotation.label), None)

    def values(self, annotation: str) -> dict[str, Any]:
        """Return an annotation's attribute values by key, entities by name."""
        return dict(self._content.values.get(annotation, {})) if self._content else {}

    def inherited(self, annotation: Annotation) -> Mapping[str, Inherited]:
        """Return by attribute key what a span has from its turn or the document where it has no value of its own."""
        label = self.label_of(annotation)
        return self._content.inheritance.of(label.key, annotation.start) if self._content and label else {}

    def note(self, target: str) -> str:
        """Return the note of an annotation, or nothing."""
        return self._content.notes.get(target, "") if self._content else ""

    def links(self, annotation: str) -> list[Link]:
        """Return an annotation's relations, those that lead away first."""
        names = {t.id: t.name for t in self._codebook.relations} if self._codebook else {}
        found = []
        for relation in self._relations.of(annotation):
            for here, there, outgoing in (
                (relation.source, relation.target, True),
                (relation.target, relation.source, False),
            ):
                other = self._annotations.get(there)
                if here == annotation and other is not None:
                    found.append(Link(relation.id, relation.type, names.get(relation.type, ""), outgoing, other))
        return sorted(found, key=lambda link: (not link.outgoing, link.name, link.other.start))

    def counts(self) -> Counter[str]:
        """Return the number of annotations by label id."""
        return Counter(annotation.label for annotation in self._annotations.values())

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Take over what a ChangeSet says of this document."""
        if self._session is None:
            return
        if changes.touches("label", "attribute_definition", "relation_type", "codebook", "project"):
            self._codebook = self._session.queries.codebook()
        if self._content is None:
            return
        if not self._apply_document(changes):
            return
        gone, put = self._apply_annotations(changes)
        details = self._apply_details(changes)
        if gone or put:
            self.spans_changed.emit(gone, put)
        self._tell_links(changes, put)
        if details or gone or put:
            self.details_changed.emit()
        if self._selected is not None and self._selected not in self._annotations:
            self.select(None)

    def _apply_document(self, changes: ChangeSet) -> bool:
        """Take over a new title; return whether there still is a document."""
        content = self._content
        assert content is not None
        for change in changes.of("document"):
            if change.row != content.document.id:
                continue
            if not isinstance(change.after, Document):
                gone = {other.row for other in changes.of("document") if other.after is None}
                before = content.document.supersedes
                self.open(None if before in gone else before)
                return False
            content = replace(content, document=change.after)
            self._content = content
            self.described.emit()
        document = content.document.id
        is_told = any(isinstance(c.record, Status) and c.record.document == document for c in changes.of("status"))
        if self._session and (is_told or changes.touches("project")):  # in another round one stands elsewhere
            rows = self._session.queries.document_rows([document])
            self._status = rows[0].status if rows else "new"
        return True

    def _apply_annotations(self, changes: ChangeSet) -> tuple[list[str], list[SpanMark]]:
        assert self._content is not None
        gone: list[str] = []
        put: list[SpanMark] = []
        for change in changes.of("annotation"):
            record = change.record
            if not isinstance(record, Annotation) or record.document != self._content.document.id:
                continue
            if change.after is None:
                self._annotations.pop(record.id, None)
                gone.append(record.id)
                continue
            self._annotations[record.id] = record
            self._orders.setdefault(record.id, len(self._orders))
            if self._sight.shows(record):
                put.append(self._mark(record))
            else:
                gone.append(record.id)
        return gone, put

    def _apply_details(self, changes: ChangeSet) -> bool:
        assert self._content is not None and self._session is not None
        valued = {getattr(change.record, "annotation", "") for change in changes.of("attribute_value")}
        named = (*changes.of("entity"), *changes.of("attribute_definition"))
        renamed = any(change.before and change.after for change in named)
        valued |= set(self._content.values) if renamed else set()
        ours = sorted(valued & (set(self._annotations) | set(self._content.values)))
        if ours:
            fresh = self._session.queries.values(ours)
            for identity in ours:
                self._content.values[identity] = fresh.get(identity, {})
        touched = self._apply_inheritance(changes) or bool(ours)
        for change in changes.changes:
            record = change.record
            if isinstance(record, Note) and record.document == self._content.document.id:
                after = change.after
                self._content.notes[record.target] = after.body if isinstance(after, Note) else ""
                touched = True
            elif isinstance(record, Relation) and record.document == self._content.document.id:
                self._relations.discard(record.id)
                if change.after is not None:
                    self._relations.put(record)
                touched = True
        return touched

    def _apply_inheritance(self, changes: ChangeSet) -> bool:
        """Read again what spans inherit if anything of it changed; say whether it did."""
        assert self._content is not None and self._session is not None
        document = self._content.document
        ours = any(getattr(change.record, "document", "") == document.id for change in changes.of("document_value"))
        if not ours and not changes.touches("entity", "alias", "attribute_definition", "label", "codebook", "project"):
            return False
        queries = self._session.queries
        self._content = replace(
            self._content,
            document_values=queries.document_values(document.id),
            inheritance=queries.inheritance(document, self._content.structure),
        )
        return True

    def _tell_links(self, changes: ChangeSet, moved: list[SpanMark]) -> None:
        """Tell of the relations that came or went, and of those whose ends have moved."""
        assert self._content is not None
        document = self._content.document.id
        touched = {c.row for c in changes.of("relation") if getattr(c.record, "document", "") == document}
        touched |= {relation.id for mark in moved for relation in self._relations.of(mark.id)}
        marks = (self._link_mark(relation) for link in touched if (relation := self._relations.get(link)))
        put = [mark for mark in marks if mark is not None]
        gone = sorted(touched - {mark.id for mark in put})
        if gone or put:
            self.links_changed.emit(gone, put)

    def _link_mark(self, relation: Relation) -> LinkMark | None:
        source, target = self._annotations.get(relation.source), self._annotations.get(relation.target)
        if source is None or target is None:
            return None
        return LinkMark(relation.id, relation.type, source.id, target.id, source.start, target.start)

    def _mark(self, annotation: Annotation) -> SpanMark:
        return SpanMark(annotation.id, annotation.fragments, annotation.label, self._orders[annotation.id])
