"""What comes in for an older version of a document goes on into the newest one, as it does when a version is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from annotator.core.anchors import Placing
from annotator.core.changes import RowChange
from annotator.core.ids import derived_id
from annotator.core.records import (
    Annotation,
    AttributeValue,
    Document,
    DocumentValue,
    Fragment,
    Note,
    Record,
    Relation,
    Status,
    Unplaced,
)
from annotator.core.rowdata import record_class
from annotator.session.lineage import newest_version
from annotator.session.note_rows import note_id
from annotator.session.version_rows import id_in, unplaced_id
from annotator.storage.repository import Repository

_CARRIED = (Annotation, AttributeValue, Relation, Note, Status, DocumentValue)


def carried_over(repository: Repository, changes: Iterable[RowChange]) -> list[RowChange]:
    """Return what the changes to rows of older versions mean for the newest versions.

    A row that was changed in the newest version since it was taken over stays as it is there. Annotations without a
    sure place wait for one. Text that was read and holds nothing stays with the version in which it was read.
    """
    by_document: dict[str, list[RowChange]] = defaultdict(list)
    for change in changes:
        if isinstance(change.record, _CARRIED):
            by_document[_document_of(repository, change.record)].append(change)
    found: list[RowChange] = []
    for _, older in sorted(_older(repository, by_document)):
        found += _Carrying(repository, older, newest_version(repository, older)).of(by_document[older.id])
    return found


def _document_of(repository: Repository, record: Record) -> str:
    if isinstance(record, AttributeValue):
        owner = repository.rows.get(Annotation, record.annotation)
        return owner.document if owner is not None else ""
    return getattr(record, "document", None) or ""


def _older(repository: Repository, documents: Iterable[str]) -> list[tuple[str, Document]]:
    replaced = [identity for identity, _ in repository.lists.replaced(documents)]
    return [(document.id, document) for document in repository.rows.where_in(Document, "id", replaced)]


class _Carrying:
    """Rows of one older version, as they are in the newest one."""

    def __init__(self, repository: Repository, older: Document, newest: Document) -> None:
        self._repository = repository
        self._older = older
        self._newest = newest
        self._placing = Placing(repository.blobs.text(older.text), repository.blobs.text(newest.text))

    def of(self, changes: Iterable[RowChange]) -> list[RowChange]:
        """Return the changes in the newest version that follow from those in the older one."""
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
        identity = unplaced_id(self._newest.id, after.id)
        if self._repository.rows.get(Unplaced, identity) is not None:
            return {}
        return {identity: RowChange(None, Unplaced(identity, self._newest.id, after.layer, after.id))}

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
        """Return the row as it is in the newest version, or None where it has no place there."""
        newest = self._newest.id
        if isinstance(record, Annotation):
            fragments = self._placed(record.fragments)
            decided = tuple(id_in(newest, identity) for identity in record.decided_from)
            moved = replace(record, id=id_in(newest, record.id), document=newest, decided_from=decided)
            return replace(moved, fragments=fragments) if fragments else None
        if isinstance(record, AttributeValue):
            owner = id_in(newest, record.annotation)
            return replace(record, id=derived_id(owner, "attribute", record.attribute), annotation=owner)
        if isinstance(record, Relation):
            source, target = id_in(newest, record.source), id_in(newest, record.target)
            return replace(record, id=id_in(newest, record.id), document=newest, source=source, target=target)
        if isinstance(record, Note):
            target = newest if record.kind == "document" else id_in(newest, record.target)
            return replace(record, id=note_id(record.kind, target, record.annotator), target=target, document=newest)
        if isinstance(record, Status):
            return replace(record, id=derived_id(newest, "status", record.layer), document=newest)
        if isinstance(record, DocumentValue):
            return replace(record, id=derived_id(newest, "value", record.attribute), document=newest)
        return None

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
