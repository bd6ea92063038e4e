"""Statements for any peewee database: quoted names, its own placeholder, many rows at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from peewee import Database, DatabaseError, IntegrityError, OperationalError

from annotator.core.errors import ProjectFileError, RefusedError

CHUNK = 500
"""How many ids go into one IN list; below the smallest limit on parameters of the databases in use."""


def portions(ids: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    """Yield the ids in lists, of such a length that they fit into one IN unless another is given."""
    remaining = iter(ids)
    while portion := list(islice(remaining, size)):
        yield portion


def names(columns: Iterable[str], table: str = "") -> str:
    """Return quoted column names, qualified by a table where one is given."""
    prefix = f'"{table}".' if table else ""
    return ", ".join(f'{prefix}"{column}"' for column in columns)


@contextmanager
def _explained() -> Iterator[None]:
    """Raise ProjectFileError where the file turns out to be damaged; what a transaction explains passes through.

    Raises RefusedError for a value that holds half a character (a lone surrogate), which no database takes.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise RefusedError("The text holds half a character. Type it again.") from error
    except (IntegrityError, OperationalError, sqlite3.IntegrityError, sqlite3.OperationalError):
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise ProjectFileError(
            "The project file is damaged ({reason}). Restore a backup.", reason=str(error)
        ) from error


class Statements:
    """Runs portable SQL on one peewee database; `?` stands for a value whatever the database writes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def _own(self, sql: str) -> str:
        return sql if self.database.param == "?" else sql.replace("?", self.database.param)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with _explained():
            return self.database.execute_sql(self._own(sql), values).fetchall()

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query without holding them all."""
        with _explained():
            yield from self.database.execute_sql(self._own(sql), values)

    def first(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row or None."""
        with _explained():
            return self.database.execute_sql(self._own(sql), values).fetchone()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement and return how many rows it touched."""
        with _explained():
            return self.database.execute_sql(self._own(sql), values).rowcount

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each row and return how many rows they touched."""
        if len(rows) == 1:
            return self.run(sql, rows[0])
        if not rows:
            return 0
        return self.database.connection().cursor().executemany(self._own(sql), rows).rowcount

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows of the columns."""
        marks = ", ".join("?" * len(columns))
        self.run_many(f'INSERT INTO "{table}" ({names(columns)}) VALUES ({marks})', rows)

    def where_in(self, sql: str, ids: Iterable[str], rest: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that ends in `IN`, in portions of the ids; `rest` follows the list."""
        for portion in portions(ids):
            yield from self.rows(f"{sql} ({', '.join('?' * len(portion))}) {rest}", portion)
