"""What hangs on one version of a document, made anew for another one, with ids that follow from those before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from annotator.core.basis import moved as moved_basis
from annotator.core.ids import derived_id
from annotator.core.records import (
    Annotation,
    Assignment,
    AttributeValue,
    Decision,
    Document,
    DocumentValue,
    Fragment,
    Note,
    ReadRange,
    Record,
    Relation,
    Status,
    Unplaced,
)
from annotator.core.versions import counterpart, id_in, unplaced_id
from annotator.session.lineage import older_versions
from annotator.storage.repository import Repository

MoveRead = Callable[[int, int], Iterable[Fragment]]
"""Returns what is left in the new text of a stretch that was read."""

_REOPENED = frozenset({"done", "approved"})


class VersionRows:
    """Rows of the version `before` for the version `after`.

    `left` holds the fragments of the annotations that have a place there, by their id in the version before.
    """

    def __init__(self, repository: Repository, before: str, after: str, left: Mapping[str, Sequence[Fragment]]) -> None:
        self._rows = repository.rows
        self._before = before
        self._after = after
        self._left = left

    def all(self, read: MoveRead, *, reopened: bool, dismissed: Collection[str] = ()) -> Iterator[Record]:
        """Yield everything; annotations without a place wait for one, except those that were `dismissed`.

        `reopened` puts back in progress what was done or approved.
        """
        annotations = self._rows.annotations(self._before)
        yield from self.of_annotations(annotations, {})
        for note in self._rows.where(Note, "document", self._before):
            if note.target == self._before:
                yield self._counterpart(note)
        for status in self._rows.where(Status, "document", self._before):
            is_reopened = reopened and status.status in _REOPENED
            yield self._counterpart(replace(status, status="in_progress") if is_reopened else status)
        for kind in (DocumentValue, Assignment):
            for record in self._rows.where(kind, "document", self._before):
                yield self._counterpart(record)
        yield from self._decisions(annotations)
        yield from self._read(read)
        yield from self._waiting(annotations, dismissed)

    def of_annotations(self, annotations: Sequence[Annotation], others: Mapping[str, str]) -> Iterator[Record]:
        """Yield those of the annotations that have a place, with their values, notes and relations.

        `others` are the ids of other annotations in the new version, by their id in the one before: relations may lead
        to them.
        """
        kept = [annotation for annotation in annotations if annotation.id in self._left]
        there = {**others, **{annotation.id: self._new(annotation.id) for annotation in kept}}
        for annotation in kept:
            moved = self._counterpart(replace(annotation, fragments=tuple(self._left[annotation.id])))
            yield replace(moved, decided_from=tuple(there.get(origin, origin) for origin in annotation.decided_from))
        for value in self._rows.where_in(AttributeValue, "annotation", [annotation.id for annotation in kept]):
            yield self._counterpart(value)
        moved = {annotation.id for annotation in kept}
        for relation in self._rows.where(Relation, "document", self._before):
            source, target = there.get(relation.source), there.get(relation.target)
            if source and target and not moved.isdisjoint((relation.source, relation.target)):
                moved.add(relation.id)
                yield replace(relation, id=self._new(relation.id), document=self._after, source=source, target=target)
        for note in self._rows.where(Note, "document", self._before):
            if note.target in moved:
                yield self._counterpart(note)

    def _decisions(self, annotations: Sequence[Annotation]) -> Iterator[Decision]:
        """Yield what was decided; where something that it was made on has no place, it is to be decided anew."""
        there = {a.id: a.fragments for a in annotations if a.id in self._left}

        def place(annotation: str, fragments: tuple[Fragment, ...]) -> Sequence[Fragment]:
            return self._left[annotation] if there.get(annotation) == fragments else ()

        for decision in self._rows.where(Decision, "document", self._before):
            yield replace(
                decision,
                id=self._new(decision.id),
                document=self._after,
                basis=moved_basis(decision.basis, self._new, place),
                result=tuple(map(self._new, decision.result)),
            )

    def _counterpart(self, record: Record) -> Record:
        """Return a row in the version after, the fragments of a span being of its text already."""
        found = counterpart(record, self._after, list)
        assert found is not None
        return found

    def _read(self, move: MoveRead) -> Iterator[ReadRange]:
        for read in self._rows.where(ReadRange, "document", self._before):
            for place, (start, end) in enumerate(move(read.start, read.end)):
                identity = self._new(read.id) if not place else derived_id(self._after, "of", read.id, str(place))
                yield replace(read, id=identity, document=self._after, start=start, end=end)

    def _waiting(self, annotations: Sequence[Annotation], dismissed: Collection[str]) -> Iterator[Unplaced]:
        waiting = [(a.id, a.layer) for a in annotations if a.id not in self._left]
        waiting += [(row.annotation, row.layer) for row in self._rows.where(Unplaced, "document", self._before)]
        for annotation, layer in waiting:
            if annotation not in dismissed:
                yield Unplaced(unplaced_id(self._after, annotation), self._after, layer, annotation)

    def _new(self, identity: str) -> str:
        return id_in(self._after, identity)


def ids_in_newest(repository: Repository, document: Document, annotations: Iterable[str]) -> dict[str, str]:
    """Return the ids that annotations of older versions have in a document, for those that came that far."""
    there = newest_ids(repository, document, annotations)
    found = repository.rows.where_in(Annotation, "id", list(there.values()))
    inside = {annotation.id for annotation in found if annotation.document == document.id}
    return {identity: last for identity, last in there.items() if last in inside}


def newest_ids(repository: Repository, document: Document, annotations: Iterable[str]) -> dict[str, str]:
    """Return the ids of annotations of older versions in the version of a document to which each of them came."""
    there = {identity: identity for identity in annotations}
    for version in [*reversed(older_versions(repository, document)), document]:
        moved = {identity: id_in(version.id, last) for identity, last in there.items()}
        known = {a.id for a in repository.rows.where_in(Annotation, "id", list(moved.values()))}
        there |= {identity: new for identity, new in moved.items() if new in known}
    return there
