"""New versions of a document: its text is frozen, so a repair makes another document that takes its place.

What was tagged moves along, whoever tagged it, with ids of its own; the old version stays as it was, out of sight.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.core.boundaries import trim
from annotator.core.changes import ChangeSet, made
from annotator.core.ids import derived_id
from annotator.core.records import (
    Annotation,
    AttributeValue,
    Document,
    DocumentValue,
    Fragment,
    Note,
    ReadRange,
    Record,
    Relation,
    Status,
)
from annotator.core.structure import decode_structure
from annotator.core.text_edits import Moves, TextEdit
from annotator.formats.documents.source import ReadDocument
from annotator.session.annotations import shortened
from annotator.session.corrections import edited, storable_edits
from annotator.session.importing import new_document
from annotator.session.layouts import layout_of
from annotator.storage.repository import Repository


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The document that takes another one's place, and how many annotations were lost with the text they stood on."""

    document: Document
    lost: int


def new_version(
    repository: Repository, before: Document, edits: Sequence[TextEdit]
) -> tuple[ChangeSet, NewVersion, tuple[bytes, ...]]:
    """Return the changes that put an edited text in a document's place, what they make, and the bytes they point to.

    Raises DocumentReadError where nothing of the text is left.
    """
    old = _as_read(repository, before)
    edits = storable_edits(edits, before.file)
    new = edited(old, edits, before.file)
    made_anew, blobs = new_document(new, before.source, before.file)
    document = replace(made_anew, created=before.created, metadata=before.metadata, supersedes=before.id)
    kept = _Kept(repository, before.id, document.id, _MovedSpans(old.text, new.text, Moves(edits)))
    title = f"Correct the text of “{shortened(document.title)}”"
    changes = ChangeSet(title, made(document, *kept.records()))
    return changes, NewVersion(document, kept.lost), blobs


def _as_read(repository: Repository, document: Document) -> ReadDocument:
    blobs = repository.blobs
    return ReadDocument(
        text=blobs.text(document.text),
        structure=decode_structure(json.loads(blobs.get(document.structure))),
        title=document.title,
        language=document.language,
        date=document.date,
        url=document.url,
        format=document.format,
        pages=layout_of(repository, document),
    )


class _MovedSpans:
    """Where spans come to lie in the new text."""

    def __init__(self, before: str, after: str, moves: Moves) -> None:
        self._before = before
        self._after = after
        self._moves = moves

    def fragments(self, fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
        """Return what is left of a span's fragments; one that was edited neither begins nor ends with white space."""
        left = (self._left(start, end) for start, end in fragments)
        return tuple(fragment for fragment in left if fragment is not None)

    def _left(self, start: int, end: int) -> Fragment | None:
        for low, high in self._moves.moved_fragments([(start, end)]):
            if self._after[low:high] == self._before[start:end]:
                return low, high
            low, high = trim(self._after, low, high)
            return (low, high) if low < high else None
        return None


class _Kept:
    """What hangs on the old version, made anew for the new one."""

    def __init__(self, repository: Repository, before: str, after: str, spans: _MovedSpans) -> None:
        self._rows = repository.rows
        self._before = before
        self._after = after
        self._spans = spans
        self.lost = 0

    def records(self) -> Iterator[Record]:
        """Yield the rows; `lost` is known when all have been taken."""
        annotations = self._rows.annotations(self._before)
        left = {a.id: moved for a in annotations if (moved := self._spans.fragments(a.fragments))}
        self.lost = len(annotations) - len(left)
        kept = [self._annotation(annotation, left) for annotation in annotations if annotation.id in left]
        yield from kept
        there = {annotation.id for annotation in kept}
        for value in self._rows.where_in(AttributeValue, "annotation", [a.id for a in annotations]):
            if self._new(value.annotation) in there:
                owner = self._new(value.annotation)
                yield replace(value, id=derived_id(owner, "attribute", value.attribute), annotation=owner)
        relations = self._rows.where(Relation, "document", self._before)
        for relation in relations:
            source, target = self._new(relation.source), self._new(relation.target)
            if source in there and target in there:
                there.add(self._new(relation.id))
                yield replace(relation, id=self._new(relation.id), document=self._after, source=source, target=target)
        yield from self._notes(there)
        for status in self._rows.where(Status, "document", self._before):
            yield replace(status, id=derived_id(self._after, "status", status.layer), document=self._after)
        yield from self._of_the_document()

    def _of_the_document(self) -> Iterator[DocumentValue | ReadRange]:
        for value in self._rows.where(DocumentValue, "document", self._before):
            yield replace(value, id=derived_id(self._after, "value", value.attribute), document=self._after)
        for read in self._rows.where(ReadRange, "document", self._before):
            for start, end in self._spans.fragments([(read.start, read.end)]):
                yield replace(read, id=self._new(read.id), document=self._after, start=start, end=end)

    def _notes(self, there: set[str]) -> Iterator[Note]:
        for note in self._rows.where(Note, "document", self._before):
            target = self._after if note.target == self._before else self._new(note.target)
            if target in there or target == self._after:
                is_usual = note.id == derived_id(note.target, "note")
                identity = derived_id(target, "note") if is_usual else self._new(note.id)
                yield replace(note, id=identity, target=target, document=self._after)

    def _new(self, identity: str) -> str:
        return derived_id(self._after, "of", identity)

    def _annotation(self, annotation: Annotation, left: Mapping[str, tuple[Fragment, ...]]) -> Annotation:
        """Return an annotation of the new version; `left` holds the fragments of those that are kept, by their old id.

        What it was decided from keeps its id where that is not taken along.
        """
        decided = tuple(self._new(identity) if identity in left else identity for identity in annotation.decided_from)
        return replace(
            annotation,
            id=self._new(annotation.id),
            document=self._after,
            fragments=left[annotation.id],
            decided_from=decided,
        )
