"""Connections to a project's SQLite file: one that writes, and readers that cannot."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from peewee import SqliteDatabase

from annotator.core.errors import ProjectFileError

APPLICATION_ID = 0x414E4E4F
"""The four bytes `ANNO` in the SQLite header: this file is a project."""

_SYNCED_FOLDERS = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud")
_BUSY_MILLISECONDS = 2000


def in_synced_folder(path: Path) -> bool:
    """Say whether a cloud client seems to copy this folder; there a write-ahead log beside the file is unsafe."""
    return any(part.lower().startswith(_SYNCED_FOLDERS) for part in path.resolve().parts)


def writer(path: Path) -> SqliteDatabase:
    """Open the one writing connection: durable at every commit (WAL and FULL, or DELETE and EXTRA where synced)."""
    synced = in_synced_folder(path)
    return _connect(
        SqliteDatabase(
            str(path),
            pragmas=[
                ("busy_timeout", _BUSY_MILLISECONDS),
                ("journal_mode", "delete" if synced else "wal"),
                ("synchronous", "extra" if synced else "full"),
                *_SAFE_PRAGMAS,
                # In memory, undoing information is searched from its start after every statement inside a savepoint:
                # 16,000 updates took 28 s instead of 3.
                ("temp_store", "file"),
            ],
            check_same_thread=False,
        ),
        path,
    )


class ReadingDatabase(SqliteDatabase):
    """Gives each thread a connection of its own, and can close all of them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._connections: list[sqlite3.Connection] = []
        super().__init__(*arguments, check_same_thread=False, **options)

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._connect()  # pyright: ignore[reportAttributeAccessIssue]
        self._connections.append(connection)
        return connection

    def close_all(self) -> None:
        """Close the connections of every thread."""
        self.close()
        while self._connections:
            self._connections.pop().close()


def reader(path: Path, *, tidy: bool = True) -> ReadingDatabase:
    """Open a connection whose statements cannot write; each thread that uses it gets its own.

    Where the file may be written, SQLite tidies its log away when the last connection closes. `tidy` says that it may:
    another process that writes can have lost its locks without knowing, and then this connection seems to be the last.
    A file in a read-only folder opens as immutable, since SQLite could not lock it there.
    """
    mode = "rw" if tidy and os.access(path, os.W_OK) else "ro"
    if not os.access(path.parent, os.W_OK):
        mode = "ro&immutable=1"
    uri = f"file:{quote(os.fsencode(path.resolve()))}?mode={mode}"
    return _connect(
        ReadingDatabase(
            uri, uri=True, pragmas=[("busy_timeout", _BUSY_MILLISECONDS), ("query_only", 1), *_SAFE_PRAGMAS]
        ),
        path,
    )


_SAFE_PRAGMAS: list[tuple[str, int | str]] = [
    ("foreign_keys", 1),
    ("trusted_schema", 0),
    ("temp_store", "memory"),
    ("cache_size", -32_000),
]


D = TypeVar("D", bound=SqliteDatabase)


def _connect(database: D, path: Path) -> D:
    from peewee import DatabaseError, OperationalError

    try:
        database.connect()
        database.execute_sql("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except (DatabaseError, OperationalError, UnicodeDecodeError) as error:  # the last: a schema that is no text
        database.close()
        raise ProjectFileError(
            "“{name}” cannot be opened as a project ({reason}). Restore a backup or choose another file.",
            name=path.name,
            reason=str(error),
        ) from error
    return database


def user_version(database: SqliteDatabase) -> int:
    """Return the schema version recorded in the file."""
    return database.execute_sql("PRAGMA user_version").fetchone()[0]


def set_user_version(database: SqliteDatabase, version: int) -> None:
    """Record the schema version, inside the transaction at hand."""
    database.execute_sql(f"PRAGMA user_version = {int(version)}")
