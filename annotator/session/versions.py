"""New versions of a document: its text is frozen, so a repair makes another document that takes its place.

What was tagged moves along, whoever tagged it, with ids of its own; the old version stays as it was, out of sight.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.core.changes import ChangeSet, made
from annotator.core.ids import derived_id
from annotator.core.pages import read_pages
from annotator.core.records import (
    Annotation,
    AttributeValue,
    Document,
    Note,
    Record,
    Relation,
    Status,
)
from annotator.core.structure import decode_structure
from annotator.core.text_edits import Moves, TextEdit
from annotator.formats.documents.source import ReadDocument
from annotator.session.annotations import shortened
from annotator.session.corrections import edited
from annotator.session.importing import new_document
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
    read = edited(_as_read(repository, before), edits, before.file)
    made_anew, blobs = new_document(read, b"", before.file)
    document = replace(
        made_anew, source=before.source, created=before.created, metadata=before.metadata, supersedes=before.id
    )
    kept = _Kept(repository, before.id, document.id, Moves(edits))
    title = f"Correct the text of “{shortened(document.title)}”"
    changes = ChangeSet(title, made(document, *kept.records()))
    return changes, NewVersion(document, kept.lost), (blobs[0], *blobs[2:])


def older_versions(repository: Repository, document: Document) -> list[Document]:
    """Return the documents that this one supersedes, directly or through others, the newest first."""
    found: list[Document] = []
    before = document.supersedes
    while before is not None:
        record = repository.rows.get(Document, before)
        if record is None:
            break
        found.append(record)
        before = record.supersedes
    return found


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
        pages=None if document.pages is None else read_pages(blobs.get(document.pages)),
    )


class _Kept:
    """What hangs on the old version, made anew for the new one."""

    def __init__(self, repository: Repository, before: str, after: str, moves: Moves) -> None:
        self._rows = repository.rows
        self._before = before
        self._after = after
        self._moves = moves
        self.lost = 0

    def records(self) -> Iterator[Record]:
        """Yield the rows; `lost` is known when all have been taken."""
        annotations = self._rows.annotations(self._before)
        kept = [moved for moved in map(self._annotation, annotations) if moved is not None]
        self.lost = len(annotations) - len(kept)
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

    def _notes(self, there: set[str]) -> Iterator[Note]:
        for note in self._rows.where(Note, "document", self._before):
            target = self._after if note.target == self._before else self._new(note.target)
            if target in there or target == self._after:
                is_usual = note.id == derived_id(note.target, "note")
                identity = derived_id(target, "note") if is_usual else self._new(note.id)
                yield replace(note, id=identity, target=target, document=self._after)

    def _new(self, identity: str) -> str:
        return derived_id(self._after, "of", identity)

    def _annotation(self, annotation: Annotation) -> Annotation | None:
        fragments = self._moves.moved_fragments(annotation.fragments)
        if not fragments:
            return None
        decided = tuple(self._new(identity) for identity in annotation.decided_from)
        return replace(
            annotation, id=self._new(annotation.id), document=self._after, fragments=fragments, decided_from=decided
        )
