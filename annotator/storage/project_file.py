"""A project is one SQLite file: making it, opening it, and knowing what it is before SQLite touches it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

from peewee import SqliteDatabase

from annotator.core.changes import ChangeSet
from annotator.core.errors import ProjectFileError, UserError
from annotator.core.ids import new_id
from annotator.core.packages import facts_from_json
from annotator.core.records import Project
from annotator.storage import database as sqlite
from annotator.storage.backup import copy_verified
from annotator.storage.file_checks import check_header, refuse_foreign_parts, version_error
from annotator.storage.lock import WriterLock
from annotator.storage.migrate import migrate, newest_version
from annotator.storage.new_file import new_file
from annotator.storage.repository import Author, Repository, now

SUFFIX = ".annodb"


@dataclass(slots=True)
class ProjectFile:
    """An open project. `writing` is None where it can only be read, and `read_only_reason` says why."""

    path: Path
    reading: sqlite.ReadingDatabase
    writing: SqliteDatabase | None
    lock: WriterLock | None
    replica: str
    read_only_reason: str = ""
    _identities: dict[Path, os.stat_result] = field(init=False)

    def __post_init__(self) -> None:
        real = self.path.resolve()
        log = real.with_name(real.name + "-wal")
        self._identities = {path: path.stat() for path in (self.path, log) if path == self.path or path.exists()}

    def check_place(self) -> None:
        """Raise ProjectFileError where the path no longer leads to the file that was opened: changes would be lost.

        So they would where another program took SQLite's log away.
        """
        try:
            if all(os.path.samestat(path.stat(), known) for path, known in self._identities.items()):
                return
        except OSError:
            pass
        raise ProjectFileError(
            "Nothing was saved: “{name}” was moved, deleted or replaced while it was open. "
            "Close it and open it again from where it is now.",
            name=self.path.name,
        )

    def close(self) -> None:
        """Write the log back into the file and let go of it."""
        self.reading.close_all()
        if self.writing is not None:
            self.writing.close()
        if self.lock is not None:
            self.lock.release()


def create(path: Path, changes: ChangeSet, annotator: str) -> None:
    """Make a new project file whose first step is `changes`.

    The file appears whole or not at all. Raises UserError where the name is taken or the folder cannot be written.
    """
    if _is_taken(path):
        raise UserError("“{name}” is already there. Choose another name or open it.", name=path.name)
    with new_file(path) as repository:
        inode = Path(str(repository.database.database)).stat().st_ino
        replica = _new_replica(repository, _place(path, inode))
        repository.apply(changes, Author(annotator, replica), undoable=False)


def _is_taken(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # the folder refuses, or the name is too long: making the file says why
        return False


def open_project(path: Path, *, write: bool = True) -> ProjectFile:
    """Open a project, bring it up to date, and take its lock if it is to be written.

    Raises ProjectFileError for a file that is no project, is damaged, or is newer than this program.
    """
    check_header(path)
    lock, reason = _try_lock(path) if write else (None, "It was opened for reading.")
    opened: list[SqliteDatabase] = []
    try:
        if lock is not None:
            _bring_up_to_date(path)
        reading = sqlite.reader(path, tidy=lock is not None or not WriterLock(path).is_held())
        opened.append(reading)
        _check_content(reading, path)
        writing = sqlite.writer(path) if lock is not None else None
        if writing is not None:
            opened.append(writing)
        replica = _own_replica(Repository(writing), path) if writing is not None else ""
    except BaseException:
        for database in opened:
            database.close()
        if lock is not None:
            lock.release()
        raise
    return ProjectFile(path, reading, writing, lock, replica, reason)


def _check_content(database: SqliteDatabase, path: Path) -> None:
    """Raise ProjectFileError unless the file has the newest schema, nothing besides, and a project in it."""
    version = sqlite.user_version(database)
    if version != newest_version():
        raise version_error(path, version)
    refuse_foreign_parts(database, path, version)
    repository = Repository(database)
    facts = repository.local.get("package")
    if facts is not None and facts_from_json(facts).kind == "return":
        raise ProjectFileError(
            "“{name}” is what an analyst handed in, not a project. Open the project and merge it there "
            "(Project, Merge…).",
            name=path.name,
        )
    if not repository.rows.all(Project):
        raise ProjectFileError("“{name}” holds no project. Restore a backup.", name=path.name)


def _try_lock(path: Path) -> tuple[WriterLock | None, str]:
    if not os.access(path, os.W_OK):
        return None, f"“{path.name}” is a read-only file."
    if not os.access(path.parent, os.W_OK):
        return None, f"“{path.name}” is in a read-only folder."
    lock = WriterLock(path)
    try:
        holder = lock.acquire()
    except OSError as error:
        return None, f"“{path.name}” cannot be locked ({error.strerror})."
    return (lock, "") if holder is None else (None, f"“{path.name}” is open for writing by {holder}.")


def _bring_up_to_date(path: Path) -> None:
    reading = sqlite.reader(path)
    try:
        version = sqlite.user_version(reading)
        if version < newest_version():
            refuse_foreign_parts(reading, path, version)
    finally:
        reading.close()
    if version > newest_version():
        raise version_error(path, version)
    if version == newest_version():
        return
    copy_verified(path, path.with_name(f"{path.stem} before schema {newest_version()}{SUFFIX}"))
    database = sqlite.writer(path)
    try:
        migrate(database, version, lambda number: sqlite.set_user_version(database, number))
    finally:
        database.close()


def _place(path: Path, inode: int) -> str:
    return f"{platform.node()}|{path.resolve()}|{inode}"


def _own_replica(repository: Repository, path: Path) -> str:
    """Return the id of this copy; a copy that was moved, copied or restored is a new replica."""
    place = _place(path, path.stat().st_ino)
    row = repository.statements.first('SELECT "id" FROM "replica" WHERE "place" = ?', (place,))
    with repository.transaction():
        replica = row[0] if row else _new_replica(repository, place)
        repository.journal.close_interrupted()
    return replica


def _new_replica(repository: Repository, place: str) -> str:
    replica = new_id()
    repository.statements.insert("replica", ("id", "created", "place"), [(replica, now(), place)])
    return replica
