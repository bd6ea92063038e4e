"""Brings a database to the newest schema; also builds it from nothing.

How to add a migration:
1. add `NNNN_name.sql` to `storage/migrations/`, numbered without a gap;
2. statements end with a semicolon at the end of a line, `{BLOB}` stands for the type for bytes, and a statement that
   begins with `{SQLITE}` is left out elsewhere;
3. keep a project file of the schema before it in `tests/files/` and open it in a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources

from peewee import Database, SqliteDatabase

from annotator.core.errors import BugError, ProjectFileError

_NAME = re.compile(r"(\d{4})_\w+\.sql")
_SQLITE = "{SQLITE}"


def migrations() -> list[tuple[int, str]]:
    """Return (number, SQL) of every migration in order. Raises BugError where they are missing or have a gap."""
    folder = resources.files("annotator.storage") / "migrations"
    found = sorted((int(m[1]), f.read_text("utf-8")) for f in folder.iterdir() if (m := _NAME.fullmatch(f.name)))
    if not found or [number for number, _ in found] != list(range(1, len(found) + 1)):
        raise BugError("the schema's migrations are missing from this installation")
    return found


def newest_version() -> int:
    """Return the schema version that this program writes."""
    return migrations()[-1][0]


def migrate(database: Database, current: int, set_version: Callable[[int], None], *, newest: int | None = None) -> int:
    """Apply what is missing, each migration in a transaction of its own, and return the version reached.

    `set_version` records a version inside the migration's transaction. `newest` stops at an older schema.
    """
    for number, sql in migrations():
        if number <= current or (newest is not None and number > newest):
            continue
        with database.atomic():
            for statement in _statements(sql, database):
                database.execute_sql(statement)
            set_version(number)
            _check_foreign_keys(database)
        current = number
    return current


def foreign_parts(database: SqliteDatabase, version: int) -> list[str]:
    """Return what the schema of a file holds besides, or in place of, that of a version: a trigger, a view, a table.

    Such a part could run unseen when rows are written, and no setting of SQLite keeps it from that.
    """
    found = set(_parts(database))
    foreign = found ^ _known_parts(version)
    return sorted(f"{kind} {name}" for kind, name, _, _ in foreign if not name.startswith("sqlite_stat"))


@cache
def _known_parts(version: int) -> frozenset[tuple[str, str, str, str | None]]:
    plain = SqliteDatabase(":memory:")
    try:
        migrate(plain, 0, lambda number: None, newest=version)
        return frozenset(_parts(plain))
    finally:
        plain.close()


def _parts(database: SqliteDatabase) -> list[tuple[str, str, str, str | None]]:
    return database.execute_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()


def _statements(sql: str, database: Database) -> list[str]:
    is_sqlite = isinstance(database, SqliteDatabase)
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    parts = map(str.strip, re.split(r";\s*$", "\n".join(lines), flags=re.MULTILINE))
    own = [part for part in parts if part and (is_sqlite or not part.startswith(_SQLITE))]
    return [part.removeprefix(_SQLITE).strip().replace("{BLOB}", "BLOB" if is_sqlite else "BYTEA") for part in own]


def _check_foreign_keys(database: Database) -> None:
    if not isinstance(database, SqliteDatabase):
        return
    orphan = database.execute_sql("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise ProjectFileError(
            "The project cannot be brought up to date: a row of “{table}” points to nothing. Restore a backup.",
            table=orphan[0],
        )
