"""Rows of another program's database, as plain data.

Formats know no SQL: `storage/foreign_sqlite.py` reads such a file, and the session gives the readers what opens it
(`FormatContext.database`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

from annotator.core.errors import BugError, DatasetError


class ForeignRows(Protocol):
    """The tables of a database that is only read. Names of tables and columns are compared without regard to case."""

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table in small letters; nothing where there is no such table."""
        ...

    def rows(self, table: str, columns: Sequence[str], order: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table: numbers, texts, bytes, None. Raises DatasetError where the file is damaged."""
        ...


DatabaseOpener = Callable[[Path], AbstractContextManager[ForeignRows]]


def opened(path: Path, opener: DatabaseOpener | None) -> AbstractContextManager[ForeignRows]:
    """Return the database as a context. Raises DatasetError where the file is none."""
    if opener is None:
        raise BugError("nobody said how the databases of other programs are opened")
    return opener(path)


def require(rows: ForeignRows, needed: dict[str, tuple[str, ...]], file: str, program: str) -> None:
    """Raise DatasetError, naming what is missing, where a database lacks tables or columns."""
    for table, columns in needed.items():
        there = rows.columns(table)
        missing = [one for one in columns if one not in there]
        if missing:
            raise DatasetError(
                "“{file}” is no project of {program}: it has no {missing}. Choose another file or format.",
                file=file,
                program=program,
                missing=f"table {table}" if not there else f"column {missing[0]} in table {table}",
            )


def present(rows: ForeignRows, table: str, wanted: Sequence[str]) -> list[str]:
    """Return those of the columns that a table has, in order."""
    there = rows.columns(table)
    return [one for one in wanted if one in there]


def dicts(rows: ForeignRows, table: str, wanted: Sequence[str], order: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table by column, with None for the columns that it does not have."""
    columns = present(rows, table, wanted)
    if not columns:
        return
    for row in rows.rows(table, columns, present(rows, table, order)):
        yield {**dict.fromkeys(wanted), **dict(zip(columns, row, strict=True))}


class Grouped:
    """The rows of a table by the number in one of its columns, which they are in the order of; asked for upwards.

    `loose` counts rows of numbers that nobody asked for.
    """

    def __init__(self, rows: Iterator[dict[str, Any]], column: str) -> None:
        self._groups = groupby(rows, itemgetter(column))
        self._waiting = next(self._groups, None)
        self.loose = 0

    def of(self, number: int) -> list[dict[str, Any]]:
        """Return the rows of a number that is larger than the last one."""
        while self._waiting is not None:
            here = whole(self._waiting[0]) or 0
            if here > number:
                break
            found = list(self._waiting[1])
            self._waiting = next(self._groups, None)
            if here == number:
                return found
            self.loose += len(found)
        return []

    def finish(self) -> int:
        """Return how many rows belong to nothing, all that are left included."""
        while self._waiting is not None:
            self.loose += sum(1 for _ in self._waiting[1])
            self._waiting = next(self._groups, None)
        return self.loose


def text_of(value: Any) -> str:
    """Return a value of a database as text, nothing as an empty one."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def whole(value: Any) -> int | None:
    """Return a value as a whole number; None where it is none."""
    if isinstance(value, str) and value.strip().lstrip("-").isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
