"""What comes in for an older version of a document goes on into the newest one, as it does when a version is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from annotator.core.anchors import Placing
from annotator.core.basis import moved as moved_basis
from annotator.core.changes import RowChange
from annotator.core.ids import derived_id
from annotator.core.journal import JournalChange, state_of
from annotator.core.records import (
    Annotation,
    Assignment,
    AttributeValue,
    Decision,
    Document,
    DocumentValue,
    Fragment,
    Note,
    Record,
    Relation,
    Status,
    Unplaced,
)
from annotator.core.rowdata import from_data, record_class
from annotator.session.lineage import older_versions
from annotator.session.note_rows import note_id
from annotator.session.version_rows import id_in, unplaced_id
from annotator.storage.incoming import IncomingFile
from annotator.storage.repository import Repository

_CARRIED = (Annotation, AttributeValue, Relation, Note, Status, DocumentValue, Unplaced, Assignment, Decision)

_Changes = dict[str, RowChange]
"""Changes by the id of their row."""


def carried_over(
    repository: Repository, changes: Sequence[RowChange], files: Sequence[IncomingFile] = ()
) -> list[RowChange]:
    """Return what the changes to rows of older versions mean for the versions that took their place, one by one.

    Versions that came in were made without what only this copy knew: `files`, which they came from, say what that is.
    A row that was changed in the newer version since it was taken over stays as it is there. Annotations without a
    sure place wait for one. Text that was read and holds nothing stays with the version in which it was read.
    """
    return _Carried(repository, changes, files).all()


class _Carried:
    def __init__(self, repository: Repository, changes: Sequence[RowChange], files: Sequence[IncomingFile]) -> None:
        self._repository = repository
        self._files = files
        self._here = _by_document(repository, changes)
        documents = [change.after for change in changes if change.before is None]
        self._arrived = {one.id: one for one in documents if isinstance(one, Document) and one.supersedes}
        self._there = self._unknown_there() if self._arrived and files else {}
        self._found: dict[str, _Changes] = defaultdict(dict)

    def all(self) -> list[RowChange]:
        waiting = self._replaced({*self._here, *(one.supersedes or "" for one in self._arrived.values())})
        done: set[str] = set()
        while waiting:
            older = waiting.pop(min(waiting))
            done.add(older.id)
            for newer in self._repository.rows.where(Document, "supersedes", older.id):
                if self._carry(older, newer) and newer.id not in done:
                    waiting |= self._replaced({newer.id})
        return [change for found in self._found.values() for change in found.values()]

    def _replaced(self, documents: Iterable[str]) -> dict[tuple[int, str], Document]:
        """Return those of the documents that others took the place of, by how many versions are older, and id."""
        ids = [identity for identity, _ in self._repository.lists.replaced(documents)]
        found = self._repository.rows.where_in(Document, "id", ids)
        return {(len(older_versions(self._repository, one)), one.id): one for one in found}

    def _carry(self, older: Document, newer: Document) -> bool:
        """Carry what is new of one version into one that took its place; returns whether anything was."""
        base = self._there if newer.id in self._arrived else self._here
        changes = dict(base.get(older.id, {}))
        for row, change in self._found[older.id].items():
            before = changes[row].before if row in changes else change.before
            changes[row] = change if before is None and change.after is None else RowChange(before, change.after)
        if not changes:
            return False
        found = _Carrying(self._repository, older, newer).of(changes.values())
        self._found[newer.id] |= {change.row: change for change in found}
        return bool(found)

    def _unknown_there(self) -> dict[str, _Changes]:
        """Return how rows of versions that others replaced are otherwise than the files have them."""
        there: dict[tuple[str, str], Record | None] = {}
        for key, row_changes in self._given().items():
            data = state_of(row_changes).data
            there[key] = None if data is None else from_data(key[0], data)
        here = {(one.table, one.id): one for one in self._stored(there)}
        pairs = ((there.get(key), here.get(key)) for key in {**there, **here})
        return _by_document(self._repository, [RowChange(a, b) for a, b in pairs if a != b])

    def _given(self) -> dict[tuple[str, str], list[JournalChange]]:
        rows = {row[0]: (file, row) for file in self._files for kind in _CARRIED for row in file.rows_of(kind.table)}
        found: dict[tuple[str, str], list[JournalChange]] = defaultdict(list)
        for file, row in rows.values():
            change = file.change(row)
            found[change.table, change.row].append(change)
        return found

    def _stored(self, given: Iterable[tuple[str, str]]) -> Iterator[Record]:
        rows = self._repository.rows
        replaced = sorted({one.supersedes or "" for one in self._arrived.values()})
        spans = [one.id for one in rows.where_in(Annotation, "document", replaced)]
        ids = [row for _, row in given]
        for kind in _CARRIED:
            yield from rows.where_in(kind, "id", ids)
            owner, values = ("annotation", spans) if kind is AttributeValue else ("document", replaced)
            yield from rows.where_in(kind, owner, values)


def _by_document(repository: Repository, changes: Iterable[RowChange]) -> dict[str, _Changes]:
    found: dict[str, _Changes] = defaultdict(dict)
    known = list(changes)
    owners = {c.row: c.record.document for c in known if isinstance(c.record, Annotation)}
    for change in known:
        record = change.record
        if isinstance(record, AttributeValue):
            document = owners.get(record.annotation) or _document_of(repository, record.annotation)
        else:
            document = getattr(record, "document", None) or ""
        if isinstance(record, _CARRIED):
            found[document][change.row] = change
    return found


def _document_of(repository: Repository, annotation: str) -> str:
    owner = repository.rows.get(Annotation, annotation)
    return owner.document if owner is not None else ""


class _Carrying:
    """Rows of one older version, as they are in one that took its place."""

    def __init__(self, repository: Repository, older: Document, newer: Document) -> None:
        self._repository = repository
        self._older = older
        self._newer = newer
        self._placing = Placing(repository.blobs.text(older.text), repository.blobs.text(newer.text))

    def of(self, changes: Iterable[RowChange]) -> list[RowChange]:
        """Return the changes in the newer version that follow from those in the older one."""
        found: dict[str, RowChange] = {}
        for change in changes:
            before, after = self._carried(change.before), self._carried(change.after)
            record = after or before
            if record is None:
                found |= self._waiting(change)
                continue
            there = self._repository.rows.get(record_class(record.table), record.id)
            if there == before and there != after:
                found[record.id] = RowChange(there, after)
        return self._whole(found)

    def _waiting(self, change: RowChange) -> dict[str, RowChange]:
        after = change.after
        if not isinstance(after, Annotation) or change.before is not None:
            return {}
        identity = unplaced_id(self._newer.id, after.id)
        if self._repository.rows.get(Unplaced, identity) is not None:
            return {}
        return {identity: RowChange(None, Unplaced(identity, self._newer.id, after.layer, after.id))}

    def _whole(self, found: dict[str, RowChange]) -> list[RowChange]:
        """Leave out rows on annotations that did not come along, until nothing more follows."""
        while True:
            loose = [
                row for row, change in found.items() if change.after is not None and not self._stands(change, found)
            ]
            if not loose:
                return list(found.values())
            for row in loose:
                del found[row]

    def _stands(self, change: RowChange, found: dict[str, RowChange]) -> bool:
        return all(
            (found[owner].after is not None) if owner in found else self._is_there(table, owner)
            for table, owner in _owners(change.after)
        )

    def _is_there(self, table: str, identity: str) -> bool:
        return bool(self._repository.rows.revisions(table, [identity]))

    def _carried(self, record: Record | None) -> Record | None:
        """Return the row as it is in the newer version, or None where it has no place there."""
        newer = self._newer.id
        if isinstance(record, Annotation):
            fragments = self._placed(record.fragments)
            decided = tuple(id_in(newer, identity) for identity in record.decided_from)
            moved = replace(record, id=id_in(newer, record.id), document=newer, decided_from=decided)
            return replace(moved, fragments=fragments) if fragments else None
        if isinstance(record, AttributeValue):
            owner = id_in(newer, record.annotation)
            return replace(record, id=derived_id(owner, "attribute", record.attribute), annotation=owner)
        if isinstance(record, Relation):
            source, target = id_in(newer, record.source), id_in(newer, record.target)
            return replace(record, id=id_in(newer, record.id), document=newer, source=source, target=target)
        if isinstance(record, Note):
            target = newer if record.kind == "document" else id_in(newer, record.target)
            return replace(record, id=note_id(record.kind, target, record.annotator), target=target, document=newer)
        if isinstance(record, Status):
            return replace(record, id=derived_id(newer, "status", record.layer), document=newer)
        if isinstance(record, DocumentValue):
            return replace(record, id=derived_id(newer, "value", record.attribute), document=newer)
        if isinstance(record, Unplaced):
            return replace(record, id=unplaced_id(newer, record.annotation), document=newer)
        if isinstance(record, Assignment):
            identity = derived_id(newer, "assignment", record.annotator, record.round)
            return replace(record, id=identity, document=newer)
        return self._decided(record) if isinstance(record, Decision) else None

    def _decided(self, decision: Decision) -> Decision:
        """Return a decision with what it was made on where that lies now; what has no place has it decided anew."""
        newer = self._newer.id
        return replace(
            decision,
            id=id_in(newer, decision.id),
            document=newer,
            basis=moved_basis(decision.basis, self._new, self._places),
            result=tuple(map(self._new, decision.result)),
        )

    def _new(self, identity: str) -> str:
        return id_in(self._newer.id, identity)

    @cached_property
    def _places(self) -> dict[str, tuple[tuple[Fragment, ...], tuple[Fragment, ...]]]:
        """The fragments of the older version's annotations that have a sure place: before, and now."""
        annotations = self._repository.rows.annotations(self._older.id)
        placed = ((one.id, one.fragments, self._placed(one.fragments)) for one in annotations)
        return {identity: (fragments, now) for identity, fragments, now in placed if now}

    def _placed(self, fragments: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
        placed = self._placing.place(fragments)
        return tuple(placed.fragments) if placed.sure else ()


def _owners(record: Record | None) -> list[tuple[str, str]]:
    if isinstance(record, AttributeValue):
        return [("annotation", record.annotation)]
    if isinstance(record, Relation):
        return [("annotation", record.source), ("annotation", record.target)]
    if isinstance(record, Note) and record.kind != "document":
        return [(record.kind, record.target)]
    return []
