"""Which of the rows on which copies do not agree are for somebody to decide, and which document each of them is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotator.core.journal import JournalChange, state_of
from annotator.core.records import Annotation, AttributeDefinition, AttributeValue, Document, Unplaced
from annotator.core.references import parents
from annotator.core.versions import id_in
from annotator.storage.repository import Repository
from annotator.storage.unsettled import UnsettledRow

Key = tuple[str, str]
"""Table and id of a row."""


class OpenRows:
    """The rows that are contested, or hidden for want of one that was deleted.

    Those of a version that another one replaced are not: what they differ in is mirrored into the newest one. Nor is a
    row that is hidden because a span waits for its place: it is shown when the span gets one. What was taken over into
    a version that is gone as a whole is still in the older one.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        unsettled = [one for one in repository.unsettled.all() if one.contested or one.is_hidden]
        self._hidden = {one.row for one in unsettled if one.is_hidden}
        self.changes = self._read(one.row for one in unsettled)
        """All changes of each row."""
        self._known = [one for one in unsettled if one.row in self.changes]
        self._documents = self._documents_of_rows()
        self._missing = self._missing_rows()
        missing = {identity for named in self._missing.values() for _, identity in named}
        self._roots = self._read(sorted(missing - self._hidden))

    def all(self) -> list[UnsettledRow]:
        """Return them, by table and id."""
        documents = set(filter(None, self._documents.values()))
        replaced = {document for document, _ in self._repository.lists.replaced(documents)}
        return [one for one in self._known if self.document_of(one.row) not in replaced and self._is_open(one)]

    def document_of(self, row: str) -> str | None:
        """Return the id of the document that one of the rows is in or is, or None."""
        return self._documents.get(row)

    def _read(self, rows: Iterable[str]) -> dict[str, list[JournalChange]]:
        found: dict[str, list[JournalChange]] = defaultdict(list)
        for change in self._repository.journal.changes_of_rows(rows):
            found[change.row].append(change)
        return dict(found)

    def _documents_of_rows(self) -> dict[str, str | None]:
        data = {row: _data(changes[0]) for row, changes in self.changes.items()}
        tables = {row: changes[0].table for row, changes in self.changes.items()}
        spans = {row: data[row]["annotation"] for row, table in tables.items() if table == AttributeValue.table}
        of_span = self._repository.lists.document_by_annotation(set(spans.values()))
        for span, changes in self._read(sorted(set(spans.values()) - of_span.keys())).items():
            of_span[span] = _data(changes[0]).get("document", "")
        found = {row: row if tables[row] == Document.table else data[row].get("document") for row in data}
        return found | {row: of_span.get(span) for row, span in spans.items()}

    def _missing_rows(self) -> dict[str, list[Key]]:
        """Return for each hidden row those that it names and that are not there."""
        attributes = self._repository.rows.where(AttributeDefinition, "type", "entity")
        entity_attributes = {one.id for one in attributes}
        named: dict[str, list[Key]] = {}
        for row in self._hidden & self.changes.keys():
            data, table = state_of(self.changes[row]).data, self.changes[row][0].table
            named[row] = [] if data is None else list(parents(table, data, entity_attributes))
        there = self._there(key for keys in named.values() for key in keys)
        return {row: [key for key in keys if key not in there] for row, keys in named.items()}

    def _there(self, keys: Iterable[Key]) -> set[Key]:
        by_table: dict[str, set[str]] = defaultdict(set)
        for table, row in keys:
            by_table[table].add(row)
        rows = self._repository.rows
        return {(table, row) for table, ids in by_table.items() for row in rows.revisions(table, sorted(ids))}

    def _is_open(self, one: UnsettledRow) -> bool:
        if not one.is_hidden:
            return True
        roots = list(self._roots_of(one.row, set()))
        if any(identity not in self._roots or self._waits_for_place(identity) for _, identity in roots):
            return False
        gone = any(table == Document.table and self._took_a_place(identity) for table, identity in roots)
        return not gone or _is_own_work(self.changes[one.row])

    def _roots_of(self, row: str, seen: set[str]) -> Iterator[Key]:
        """Yield the rows for want of which a row is hidden, and that are not hidden themselves."""
        seen.add(row)
        for table, identity in self._missing.get(row, ()):
            if identity not in self._hidden:
                yield table, identity
            elif identity not in seen:
                yield from self._roots_of(identity, seen)

    def _waits_for_place(self, span: str) -> bool:
        """Say whether a span is not there because its place in the document is still to be found."""
        changes = self._roots[span]
        document = _data(changes[0]).get("document") if changes[0].table == Annotation.table else None
        waiting = self._repository.rows.where(Unplaced, "document", document) if document else []
        return any(id_in(one.document, one.annotation) == span for one in waiting)

    def _took_a_place(self, document: str) -> bool:
        return any(_data(change).get("supersedes") for change in self._roots[document])


def _data(change: JournalChange) -> Mapping[str, Any]:
    data = change.after if change.after is not None else change.before
    return {} if data is None else data


def _is_own_work(changes: Sequence[JournalChange]) -> bool:
    """Say whether somebody left the row as it is, and did not only take it over from an older version."""
    heads, made = state_of(changes).heads, {one.id for one in changes}
    taken_over = [one.after for one in changes if one.revision not in made]
    return any(
        one.revision in heads and one.revision in made and one.after is not None and one.after not in taken_over
        for one in changes
    )
