"""SQLite files of other programs, read as data: tables and columns by name, and no statement of the file's own runs.

Views, virtual tables and generated columns are refused in the place of tables, since reading them would run what stands
in the file; so are files that another program is writing to, of which only half would be seen.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from annotator.core.errors import DatasetError

_MAGIC = b"SQLite format 3\0"
LONGEST_VALUE = 256 * 1024 * 1024
"""Bytes that one value may have."""

_PRAGMAS = ("query_only=1", "trusted_schema=0", "cell_size_check=1", "mmap_size=0", "temp_store=1", "cache_size=-16000")
_BATCH = 200
_MOST_PARTS = 10_000
"""Tables, indexes and so on that are looked at."""


class ForeignDatabase:
    """A file of another program, used as a context. Raises DatasetError for whatever is wrong with it.

    It is opened as immutable: nothing is locked, written or recovered, not even beside it.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        _check_file(path)
        self._connection = _connection(path)
        try:
            self._tables = self._known_tables()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> ForeignDatabase:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table in small letters; nothing where there is no such table."""
        return tuple(self._tables.get(table.lower(), ("", {}))[1])

    def rows(self, table: str, columns: Sequence[str], order: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table. Raises DatasetError where the file is damaged."""
        name, known = self._tables[table.lower()]
        wanted = ", ".join(_quoted(known[column]) for column in columns)
        sorting = f" ORDER BY {', '.join(_quoted(known[column]) for column in order)}" if order else ""
        try:
            cursor = self._connection.execute(f"SELECT {wanted} FROM {_quoted(name)}{sorting}")
            while batch := cursor.fetchmany(_BATCH):
                yield from batch
        except (sqlite3.Error, UnicodeDecodeError, MemoryError, OverflowError) as error:
            self._refuse(str(error))

    def _known_tables(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Return each table's own name and columns, by their names in small letters."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        try:
            listed = self._connection.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(_MOST_PARTS)
            for kind, name, statement in listed:
                if kind == "view" or (kind == "table" and str(statement).upper().startswith("CREATE VIRTUAL")):
                    found.setdefault(str(name).lower(), (str(name), {}))
                elif kind == "table":
                    found[str(name).lower()] = (str(name), self._columns_of(str(name)))
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter: a name that is no text
            self._refuse(str(error))
        return found

    def _columns_of(self, table: str) -> dict[str, str]:
        found = {}
        for row in self._connection.execute(f"PRAGMA table_xinfo({_quoted(table)})"):
            if row[6] == 0:  # neither hidden nor generated
                found[str(row[1]).lower()] = str(row[1])
        return found

    def _refuse(self, reason: str) -> NoReturn:
        raise DatasetError(
            "“{file}” is damaged or no database of this kind ({reason}). Get another copy of it.",
            file=self._name,
            reason=reason[:160],
        )


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise DatasetError(
            "“{file}” cannot be read: {reason}.", file=path.name, reason=error.strerror or str(error)
        ) from error
    if not header.startswith(_MAGIC) or len(header) < 100:
        raise DatasetError("“{file}” is no SQLite database. Choose another file or format.", file=path.name)
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.is_file() and beside.stat().st_size:
            raise DatasetError(
                "“{file}” is in use: not all of it is in the file yet. Close it in its program, then try again.",
                file=path.name,
            )


def _connection(path: Path) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    connection.text_factory = _text
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        connection.close()
        raise DatasetError("“{file}” is damaged ({reason}).", file=path.name, reason=str(error)[:160]) from error
    return connection


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
