"""Annotations of older versions that have no place in the newest one wait until somebody places or dismisses them.

They stay with the version on which they were made, which is out of sight; a row of `unplaced` says that one waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.core.anchors import Anchor, Place, Placing, anchor_of
from annotator.core.changes import ChangeSet, RowChange, deleted
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Annotation, Document, Fragment, Note, Record, Relation, Unplaced
from annotator.core.spans import check_fragments
from annotator.core.versions import id_in
from annotator.session.annotations import shortened, started
from annotator.session.lineage import older_versions
from annotator.session.progress import Cancel, Cancelled
from annotator.session.version_rows import VersionRows, ids_in_newest
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session


@dataclass(frozen=True, slots=True)
class UnplacedSpan:
    """An annotation that waits, with its quote in the old text, and where it may lie in the new one, best first.

    `anchor.quote` is the text of the hull; `note` is what is written on it.
    """

    annotation: Annotation
    anchor: Anchor
    candidates: tuple[Place, ...]
    note: str = ""


def unplaced_count(session: Session, document: str) -> int:
    """Return how many annotations of older versions wait for a place in a document."""
    return len(_seen_rows(session, document))


def _seen_rows(session: Session, document: str) -> list[Unplaced]:
    """Return what waits for a place in a document, of the layers that one may see."""
    visibility = session.queries.visibility()
    return [row for row in session.reading.rows.where(Unplaced, "document", document) if visibility.sees(row.layer)]


def unplaced_spans(session: Session, document: str, cancel: Cancel | None = None) -> list[UnplacedSpan]:
    """Return what waits for a place in a document, in the order of the old text.

    The texts are laid side by side for it, which takes a second for a megabyte. Raises NotFoundError or Cancelled.
    """
    repository = session.reading
    cancel = cancel or Cancel()
    with repository.moment():
        newest = session.queries.document(document)
        rows = _seen_rows(session, document)
        annotations = repository.rows.where_in(Annotation, "id", [row.annotation for row in rows])
        text = repository.blobs.text(newest.text)
        made_on = {annotation.document for annotation in annotations}
        older = [version for version in older_versions(repository, newest) if version.id in made_on]
        texts = {version.id: repository.blobs.text(version.text) for version in older}
        notes = {n.target: n.body for n in repository.rows.where_in(Note, "target", [a.id for a in annotations])}
    placings = {}
    found = []
    for annotation in sorted(annotations, key=lambda a: (a.document, a.start, a.end)):
        if cancel.is_requested():
            raise Cancelled
        old = texts.get(annotation.document)
        if old is None:
            continue
        if annotation.document not in placings:
            placings[annotation.document] = Placing(old, text)
        placed = placings[annotation.document].place(annotation.fragments)
        candidates = (Place(placed.fragments, 1.0),) if placed.sure else placed.candidates
        found.append(
            UnplacedSpan(annotation, anchor_of(old, annotation.fragments), candidates, notes.get(annotation.id, ""))
        )
    return found


def place_changes(
    repository: Repository, annotation: str, fragments: Sequence[Fragment]
) -> tuple[ChangeSet, Annotation]:
    """Return the changes that move an annotation of an older version into the newest one, and what it becomes there.

    Its attributes and its note go along, and relations whose other end is there too. Raises UserError.
    """
    waiting, newest = _waiting(repository, annotation)
    before = repository.rows.get(Annotation, annotation)
    if before is None:
        raise NotFoundError("There is no annotation “{id}” in this project.", id=annotation)
    check_fragments(fragments, newest.characters)
    placed = tuple((start, end) for start, end in fragments)
    others = ids_in_newest(repository, newest, _related(repository, annotation))
    rows = VersionRows(repository, before.document, newest.id, {annotation: placed})
    records = list(rows.of_annotations([before], others))
    text = repository.blobs.text(newest.text)
    title = f"Place “{shortened(text[placed[0][0] : placed[-1][1]])}”"
    changes = [*deleted(waiting), *_placed(repository, records), *started(repository, newest.id, before.layer)]
    moved = next(r for r in records if isinstance(r, Annotation) and r.id == id_in(newest.id, annotation))
    return ChangeSet(title, tuple(changes)), moved


def _placed(repository: Repository, records: Sequence[Record]) -> Iterator[RowChange]:
    """Yield the changes that make a span and what hangs on it, as far as merges did not bring that along.

    What is hidden until the span is there is shown with it.
    """
    hidden = {one.row for one in repository.unsettled.all() if one.is_hidden}
    for record in records:
        if isinstance(record, Annotation):
            there = repository.rows.get(Annotation, record.id)
            yield RowChange(there, record if there is None else replace(there, fragments=record.fragments))
        elif record.id not in hidden and not repository.rows.revisions(record.table, [record.id]):
            yield RowChange(None, record)


def _related(repository: Repository, annotation: str) -> set[str]:
    """Return the annotations at the other ends of an annotation's relations."""
    rows = repository.rows
    relations = [*rows.where(Relation, "source", annotation), *rows.where(Relation, "target", annotation)]
    return {end for relation in relations for end in (relation.source, relation.target)} - {annotation}


def dismiss_changes(repository: Repository, annotations: Iterable[str]) -> tuple[ChangeSet, int]:
    """Return the changes that let annotations of older versions wait no longer, and how many they are.

    Raises RefusedError where one does not wait.
    """
    waiting = [_waiting(repository, annotation)[0] for annotation in dict.fromkeys(annotations)]
    title = "Dismiss a span of an earlier version"
    if len(waiting) != 1:
        title = f"Dismiss {len(waiting)} spans of an earlier version"
    return ChangeSet(title, deleted(*waiting)), len(waiting)


def _waiting(repository: Repository, annotation: str) -> tuple[Unplaced, Document]:
    rows = repository.rows.where(Unplaced, "annotation", annotation)
    in_sight = repository.lists.in_sight([row.document for row in rows])
    for row in rows:
        document = repository.rows.get(Document, row.document) if row.document in in_sight else None
        if document is not None:
            return row, document
    raise RefusedError("This span has its place already, or was dismissed. Undo brings it back.")
