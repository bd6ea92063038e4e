"""Reading and writing the journalled rows of a project, table by table, without a journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeVar, cast

from annotator.core.collector import collector_paused
from annotator.core.errors import BugError
from annotator.core.records import Annotation, Record
from annotator.storage.codec import CODECS, annotations_from_rows
from annotator.storage.sql import Statements, names, portions

R = TypeVar("R", bound=Record)

_ANNOTATION = (
    f"SELECT {names(CODECS['annotation'].columns, 'annotation')}, "
    '"fragment"."start", "fragment"."end" FROM "annotation" JOIN "fragment" '
    'ON "fragment"."annotation" = "annotation"."id"'
)

_made_order = itemgetter(6, 0, 10)
"""Of an annotation's row: when it was made, its id, its fragment's start."""


class Rows:
    """The journalled rows as records."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, record: type[R], row: str) -> R | None:
        """Return the record with this id, or None."""
        found = self.where(record, "id", row)
        return found[0] if found else None

    def all(self, record: type[R]) -> list[R]:
        """Return every record of a class."""
        return list(self._select(record, "", ()))

    def where(self, record: type[R], column: str, value: str) -> list[R]:
        """Return the records whose column has this value."""
        return list(self._select(record, f' WHERE "{record.table}"."{column}" = ?', (value,)))

    def where_in(self, record: type[R], column: str, values: Iterable[str]) -> list[R]:
        """Return the records whose column has one of these values."""
        found: list[R] = []
        for portion in portions(values):
            marks = ", ".join("?" * len(portion))
            found += self._select(record, f' WHERE "{record.table}"."{column}" IN ({marks})', portion)
        return found

    def annotations(self, document: str, layers: Sequence[str] | None = None) -> list[Annotation]:
        """Return a document's annotations, of some layers or of all, in the order in which they were made."""
        where, values = ' WHERE "annotation"."document" = ?', [document]
        if layers is not None:
            where += f' AND "annotation"."layer" IN ({", ".join("?" * len(layers))})'
            values += layers
        return self._annotations(where, values)

    def _annotations(self, where: str, values: Sequence[Any]) -> list[Annotation]:
        with collector_paused():
            return annotations_from_rows(sorted(self._sql.rows(_ANNOTATION + where, values), key=_made_order))

    def _select(self, record: type[R], where: str, values: Sequence[Any]) -> Iterator[R]:
        if record is Annotation:
            return iter(cast(list[R], self._annotations(where, values)))
        codec = CODECS[record.table]
        rows = self._sql.rows(f'SELECT {names(codec.columns)} FROM "{record.table}"{where} ORDER BY "id"', values)
        return (cast(R, codec.record(row)) for row in rows)

    def revisions(self, table: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the revision at which each existing row stands."""
        return dict(self._sql.where_in(f'SELECT "id", "revision" FROM "{table}" WHERE "id" IN', ids))  # type: ignore[arg-type]

    def insert(self, table: str, records: Sequence[tuple[Record, str]]) -> None:
        """Insert records, each with its revision."""
        codec = CODECS[table]
        columns = (*codec.columns, "revision")
        self._sql.insert(table, columns, [[*codec.encode(record), revision] for record, revision in records])
        if table == "annotation":
            self._insert_fragments(cast(Iterable[Annotation], (record for record, _ in records)))

    def update(self, table: str, records: Sequence[tuple[Record, str]]) -> None:
        """Overwrite existing rows. Raises BugError where one is missing."""
        codec = CODECS[table]
        assignments = ", ".join(f'"{name}" = ?' for name in (*codec.columns[1:], "revision"))
        rows = [[*codec.encode(record)[1:], revision, record.id] for record, revision in records]
        if self._sql.run_many(f'UPDATE "{table}" SET {assignments} WHERE "id" = ?', rows) != len(rows):
            raise BugError(f"a row of {[record.id for record, _ in records][:3]} … in {table} is not there to update")
        if table == "annotation":
            self._delete_fragments([record.id for record, _ in records])
            self._insert_fragments(cast(Iterable[Annotation], (record for record, _ in records)))

    def delete(self, table: str, ids: Sequence[str]) -> None:
        """Delete rows by id."""
        if table == "annotation":
            self._delete_fragments(ids)
        self._sql.run_many(f'DELETE FROM "{table}" WHERE "id" = ?', [(row,) for row in ids])

    def _insert_fragments(self, annotations: Iterable[Annotation]) -> None:
        rows = [(a.id, place, start, end) for a in annotations for place, (start, end) in enumerate(a.fragments)]
        self._sql.insert("fragment", ("annotation", "position", "start", "end"), rows)

    def _delete_fragments(self, ids: Sequence[str]) -> None:
        self._sql.run_many('DELETE FROM "fragment" WHERE "annotation" = ?', [(row,) for row in ids])
