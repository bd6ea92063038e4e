"""Rows of a table of relations, given to the documents that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError
from annotator.formats.datasets.tables.columns import OF_RELATIONS, recognised
from annotator.formats.datasets.tables.spooled import SpooledRows
from annotator.formats.datasets.tables.table import Table

_PLAIN = ("annotator", "layer", "created", "note")


class RelationReader:
    """Gives each document its relations, used as a context; does nothing without a table."""

    def __init__(self, table: Table | None) -> None:
        """Read the table. Raises DatasetError where it lacks a column that it needs."""
        self._table = table
        if table is None:
            return
        self._columns = recognised(table.header, OF_RELATIONS)
        missing = [role for role in ("type", "from", "to") if role not in self._columns]
        if missing:
            raise DatasetError(
                "{table} has no column “{column}”. It needs “document”, “type”, “from” and “to”, the latter two with "
                "ids of spans; the columns are: {columns}.",
                table=table.title,
                column=missing[0],
                columns=table.shown_header(),
            )
        self._rows = SpooledRows((self._columns.text(row, "document"), number, row) for number, row in table.rows)

    def __enter__(self) -> RelationReader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._table is not None:
            self._rows.close()

    def add(self, entry: Entry, name: str, *, is_only: bool) -> Iterator[tuple[int, BadEntry]]:
        """Put the relations of the document of this name into its entry, and yield what is wrong with others."""
        if self._table is None:
            return
        spans = {span["id"] for span in entry["spans"]}
        found: list[Any] = []
        for number, row in self._rows.take(name) or (self._rows.take("") if is_only else []):
            try:
                found.append(self._relation(number, row, spans))
            except EntryError as error:
                yield number, self._table.at(number, error)
        entry["relations"] = found

    def left(self) -> Iterator[tuple[int, BadEntry]]:
        """Yield what is wrong with rows whose documents there are not."""
        if self._table is None:
            return
        for name in self._rows.names():
            for number, _ in self._rows.take(name):
                problem = EntryError("its document “{name}” is not there.", name=shortened(name))
                yield number, self._table.at(number, problem)

    def _relation(self, number: int, row: list[Any], spans: set[str]) -> dict[str, str]:
        columns = self._columns
        kind = columns.text(row, "type").strip()
        if not kind:
            raise EntryError("the relation has no type.")
        found = {"id": columns.text(row, "relation") or f"relation{number}", "type": kind}
        for end in ("from", "to"):
            found[end] = columns.text(row, end)
            if found[end] not in spans:
                raise EntryError(
                    "the relation ends at span {span}, which is not there.", span=shortened(found[end]) or "?"
                )
        return found | {key: columns.text(row, key) for key in _PLAIN if key in columns}
