"""Rows that a new version of a document takes over from the one whose place it takes, and the revisions they get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.core.changes import RowChange
from annotator.core.records import Annotation, AttributeValue, Document, Record
from annotator.core.versions import CARRIED, counterpart_id, is_taken_over, revision_in, unplaced_id
from annotator.storage.rows import Rows


def revisions_taken_over(rows: Rows, changes: Sequence[RowChange]) -> dict[str, str]:
    """Return by row the revisions of those that a step takes over into a new version (see core.versions.revision_in).

    A row that the step makes otherwise than the older version has it is its own: a status that is reopened.
    """
    versions = [one.after for one in changes if one.before is None and isinstance(one.after, Document)]
    versions = [document for document in versions if document.supersedes is not None]
    if not versions:
        return {}
    made = {change.row: change.after for change in changes if change.before is None and change.after is not None}
    found = {}
    for version in versions:
        for record, revision in _with_revisions(rows, version.supersedes or ""):
            for row in _counterparts(record, version.id):
                there = made.get(row)
                if there is not None and is_taken_over(record, there, version.id):
                    found[row] = revision_in(version.id, revision)
    return found


def _with_revisions(rows: Rows, document: str) -> Iterator[tuple[Record, str]]:
    """Yield the rows of a document that may have a counterpart, with the revision at which each stands."""
    for kind in CARRIED:
        records = rows_of(rows, kind, document)
        revisions = rows.revisions(kind.table, [record.id for record in records])
        yield from ((record, revisions[record.id]) for record in records)


def rows_of(rows: Rows, kind: type[Record], document: str) -> list[Record]:
    """Return the rows of one of core.versions.CARRIED that a document has."""
    if kind is AttributeValue:
        spans = rows.where(Annotation, "document", document)
        return list(rows.where_in(kind, "annotation", [span.id for span in spans]))
    return list(rows.where(kind, "document", document))


def _counterparts(record: Record, document: str) -> Iterator[str]:
    yield counterpart_id(record, document)
    if isinstance(record, Annotation):
        yield unplaced_id(document, record.id)
