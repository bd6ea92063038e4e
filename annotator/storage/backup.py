"""Verified copies of a project through SQLite's own backup, so that an open file is copied whole."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import date
from glob import escape
from pathlib import Path

from annotator.core.errors import ProjectFileError, UserError

KEPT_DAYS = 12


def backup_folder(project: Path) -> Path:
    """Return the folder of a project's backups, beside it."""
    return project.with_name(f"{project.stem} backups")


def backup_of_today(project: Path, today: date | None = None) -> Path | None:
    """Make today's backup unless it is there, thin out old ones, and return its path if one was made."""
    day = (today or date.today()).isoformat()
    target = backup_folder(project) / f"{project.stem} {day}.annodb"
    if target.exists():
        return None
    copy_verified(project, target)
    for old in sorted(target.parent.glob(f"{escape(project.stem)} ????-??-??.annodb"))[:-KEPT_DAYS]:
        old.unlink(missing_ok=True)
    return target


def copy_verified(project: Path, target: Path) -> None:
    """Copy a project, open or not, check the copy, and only then give it its name; its folder is made if need be.

    Raises UserError where it cannot be written, ProjectFileError where the copy is not sound.
    """
    temporary = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(exist_ok=True)
        temporary.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(f"{project.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(temporary)) as copy,
        ):
            source.execute("BEGIN")  # what is written meanwhile is in neither the copy nor the counts
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            # Restored into its old place, it goes on as a copy of its own: the steps since then may be in another one.
            copy.execute('UPDATE "replica" SET "place" = \'\'')
            copy.commit()
            _verify(source, copy, project)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise UserError(
            "No backup of “{name}” could be made in “{folder}”: {reason}. Free some space or check the folder.",
            name=project.name,
            folder=target.parent.name,
            reason=str(error),
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _verify(source: sqlite3.Connection, copy: sqlite3.Connection, project: Path) -> None:
    result = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if result != "ok" or _counts(source) != _counts(copy):
        raise ProjectFileError(
            "The backup of “{name}” is not sound ({reason}); the project may be damaged.",
            name=project.name,
            reason=result,
        )


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for (name,) in tables}
