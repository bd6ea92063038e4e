"""A file of the project schema that appears whole, checked and durable, or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from peewee import DatabaseError, SqliteDatabase

from annotator.core.errors import BugError, UserError
from annotator.storage import database as sqlite
from annotator.storage.migrate import migrate
from annotator.storage.repository import Repository

_PRAGMAS: list[tuple[str, int | str]] = [
    ("foreign_keys", 0),  # all at once when everything is there
    ("journal_mode", "delete"),
    ("synchronous", "off"),  # the file is synced whole before it gets its name
    ("cache_size", -64_000),
]


@contextmanager
def new_file(path: Path) -> Iterator[Repository]:
    """Give an empty repository to fill; when the block ends, the file has its name and is on disk.

    It is in DELETE mode, so that nothing beside it belongs to it. Raises UserError where the name is taken or the
    folder cannot be written.
    """
    if _is_there(path):
        raise UserError("“{name}” is already there. Choose another name.", name=path.name)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with _sentence(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            database = SqliteDatabase(
                str(temporary),
                pragmas=_PRAGMAS,
                check_same_thread=False,
            )
            try:
                database.execute_sql(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")
                migrate(database, 0, lambda version: sqlite.set_user_version(database, version))
                yield Repository(database)
                _check(database)
            finally:
                database.close()
            _put_in_place(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, DatabaseError, sqlite3.Error) as error:
        raise UserError(
            "“{name}” cannot be written in “{folder}”: {reason}. Choose another folder.",
            name=path.name,
            folder=str(path.parent),
            reason=getattr(error, "strerror", None) or str(error),
        ) from error


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # writing the file says why
        return False


def _check(database: SqliteDatabase) -> None:
    """Raise BugError where the finished file is not sound."""
    result = database.execute_sql("PRAGMA integrity_check").fetchone()[0]
    orphan = database.execute_sql("PRAGMA foreign_key_check").fetchone()
    if result != "ok" or orphan is not None:
        raise BugError(f"a new file is not sound: {result}, {orphan}")


def _put_in_place(temporary: Path, path: Path) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # the file system knows no second names
        temporary.rename(path)
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Make the name durable, where a folder can be synced at all."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
