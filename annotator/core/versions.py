"""Versions of a document: what a row of an older version is in the newer one, its counterpart, and under which id.

Whoever makes a newer version, and whoever brings a change into one, arrives at the same ids and revisions. Everything
here follows from the row, the id of the newer version, and where spans lie in its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from annotator.core.basis import Basis
from annotator.core.basis import moved as moved_basis
from annotator.core.ids import derived_id, is_id
from annotator.core.records import (
    Annotation,
    Assignment,
    AttributeValue,
    Decision,
    DocumentValue,
    Fragment,
    Note,
    Record,
    Relation,
    Status,
    Unplaced,
)

CARRIED: tuple[type[Record], ...] = (
    Annotation,
    AttributeValue,
    Relation,
    Note,
    Status,
    DocumentValue,
    Unplaced,
    Assignment,
    Decision,
)
"""Rows that have a counterpart. Text that was read and holds nothing stays with the version in which it was read."""

CARRIED_TABLES = frozenset(record.table for record in CARRIED)

Place = Callable[[Sequence[Fragment]], Sequence[Fragment]]
"""Returns where fragments of the older text lie in the newer one, or nothing where they have no sure place."""


def id_in(document: str, before: str) -> str:
    """Return the id that a row of an older version has in the version `document`."""
    return derived_id(document, "of", before)


def unplaced_id(document: str, annotation: str) -> str:
    """Return the id of the row that says that an annotation waits for its place in a document."""
    return derived_id(document, "unplaced", annotation)


def note_id(kind: str, target: str, annotator: str) -> str:
    """Return the id of a note: a span or relation has one, a document or label one by each annotator."""
    return derived_id(target, "note") if kind in ("annotation", "relation") else derived_id(target, "note", annotator)


def revision_in(document: str, revision: str) -> str:
    """Return the revision that a counterpart in the version `document` has when it is as its row is at `revision`."""
    return derived_id(document, "revision", revision)


def waiting(annotation: Annotation, document: str) -> Unplaced:
    """Return the row that says that an annotation of an older version waits for its place in a document."""
    return Unplaced(unplaced_id(document, annotation.id), document, annotation.layer, annotation.id)


def counterpart(record: Record, document: str, place: Place) -> Record | None:
    """Return a row as it is in the version `document`; None where it has no counterpart, or a span no sure place."""
    new = partial(id_in, document)
    if isinstance(record, Annotation):
        fragments = tuple(place(record.fragments))
        decided = tuple(map(new, record.decided_from))
        moved = replace(record, id=new(record.id), document=document, decided_from=decided)
        return replace(moved, fragments=fragments) if fragments else None
    if isinstance(record, AttributeValue):
        owner = new(record.annotation)
        return replace(record, id=derived_id(owner, "attribute", record.attribute), annotation=owner)
    if isinstance(record, Relation):
        return replace(
            record, id=new(record.id), document=document, source=new(record.source), target=new(record.target)
        )
    if isinstance(record, Note):
        return _note(record, document)
    if isinstance(record, Decision):
        return _decision(record, document, place)
    identity = _derived(record, document)
    return replace(record, id=identity, document=document) if identity else None  # pyright: ignore[reportCallIssue]


def counterpart_id(record: Record, document: str) -> str:
    """Return the id of a row's counterpart in the version `document`, empty where it can have none."""
    if isinstance(record, Annotation | Relation | Decision):
        return id_in(document, record.id)
    found = counterpart(record, document, list)
    return "" if found is None else found.id


def is_taken_over(record: Record, found: Record, document: str) -> bool:
    """Say whether a row of the version `document` is as an older version has it, wherever its span lies now."""
    if isinstance(record, Annotation) and isinstance(found, Unplaced):
        return found == waiting(record, document)
    if isinstance(record, Annotation) and isinstance(found, Annotation):
        moved = counterpart(record, document, list)
        same = replace(found, fragments=record.fragments, decided_from=())
        return isinstance(moved, Annotation) and replace(moved, decided_from=()) == same
    moved = counterpart(record, document, list)
    if isinstance(moved, Decision) and isinstance(found, Decision):
        return replace(moved, basis=found.basis) == found
    return moved == found


def owners(record: Record) -> Iterator[str]:
    """Yield the ids of the rows of its document on which a row hangs."""
    if isinstance(record, AttributeValue):
        yield record.annotation
    elif isinstance(record, Relation):
        yield record.source
        yield record.target
    elif isinstance(record, Note) and record.kind in ("annotation", "relation"):
        yield record.target


def _derived(record: Record, document: str) -> str:
    if isinstance(record, Status):
        return derived_id(document, "status", record.layer)
    if isinstance(record, DocumentValue):
        return derived_id(document, "value", record.attribute)
    if isinstance(record, Unplaced):
        return unplaced_id(document, record.annotation)
    if isinstance(record, Assignment):
        return derived_id(document, "assignment", record.annotator, record.round)
    return ""


def _note(note: Note, document: str) -> Note:
    target = document if note.kind == "document" else id_in(document, note.target)
    is_usual = is_id(note.target) and note.id == note_id(note.kind, note.target, note.annotator)
    identity = note_id(note.kind, target, note.annotator) if is_usual else id_in(document, note.id)
    return replace(note, id=identity, target=target, document=document)


def _decision(decision: Decision, document: str, place: Place) -> Decision:
    new = partial(id_in, document)
    return replace(
        decision,
        id=new(decision.id),
        document=document,
        basis=_basis(decision.basis, document, place),
        result=tuple(map(new, decision.result)),
    )


def _basis(basis: Basis, document: str, place: Place) -> Basis:
    """Return a basis with its spans where they lie now; what has no place there is to be decided anew."""
    return moved_basis(basis, partial(id_in, document), lambda _, fragments: place(fragments))
