"""A project file from somebody else: its journal, once every row of it is held against what a row may be.

The file is only read. Nothing in it runs: its schema has to be one of this program's, to the letter.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from peewee import DatabaseError

from annotator.core.canonical import canonical_json, sha256_hex
from annotator.core.errors import ProjectFileError
from annotator.core.ids import is_id
from annotator.core.journal import JournalChange, JournalStep, state_of
from annotator.core.packages import PackageFacts, facts_from_json
from annotator.core.row_checks import why_no_row
from annotator.storage import database as sqlite
from annotator.storage.file_checks import check_header, refuse_foreign_parts, version_error
from annotator.storage.journal import CHANGE_COLUMNS, STEP_COLUMNS, journal_change, journal_step
from annotator.storage.local import LocalSettings
from annotator.storage.migrate import newest_version
from annotator.storage.sql import Statements, names

LONGEST_TITLE = 10_000
JOURNAL_HASH = "journal_sha256"
"""The local setting in which a hand-off file keeps the hash of its journal (see `journal_hash`)."""

_MOST = 2**53
_TABLE, _ROW, _REVISION = (CHANGE_COLUMNS.index(name) for name in ("table", "row", "revision"))


class IncomingFile:
    """What a file holds. Use it as a context; each property is read once, when it is first asked for.

    Raises ProjectFileError for a file that is no project, is damaged, newer, or not built by this program.
    """

    def __init__(self, path: Path) -> None:
        check_header(path)
        self.path = path
        self._database = sqlite.reader(path, tidy=False)
        self._sql = Statements(self._database)

    def __enter__(self) -> IncomingFile:
        try:
            self._check_file()
        except (DatabaseError, sqlite3.DatabaseError) as error:  # the latter while rows are fetched
            self._database.close_all()
            self._refuse(str(error).splitlines()[0])
        except BaseException:
            self._database.close_all()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close_all()

    def _check_file(self) -> None:
        version = sqlite.user_version(self._database)
        if not 1 <= version <= newest_version():
            raise version_error(self.path, version)
        refuse_foreign_parts(self._database, self.path, version)
        self._check_pages()
        self._refuse_worked_in_package()
        kept = self._setting(JOURNAL_HASH)
        if (self.facts is not None and kept is None) or (kept is not None and kept != self._journal_hash()):
            self._refuse("its journal is not as it was written")

    def _journal_hash(self) -> str:
        try:
            return journal_hash(self._sql)
        except (TypeError, ValueError):  # a value of a kind that no journal holds
            return ""

    def _check_pages(self) -> None:
        """Refuse a file whose tables that are read here are damaged; bytes are held against their hashes."""
        for table in filter(self._tables.__contains__, _READ):
            try:
                result = self._database.execute_sql(f"PRAGMA integrity_check('{table}')").fetchone()[0]
            except (DatabaseError, sqlite3.DatabaseError) as error:
                self._refuse(str(error))
            if result != "ok":
                self._refuse(result.splitlines()[0])

    def _refuse_worked_in_package(self) -> None:
        facts = self.facts
        if facts is not None and facts.kind == "package" and self._sql.first('SELECT 1 FROM "replica"') is not None:
            raise ProjectFileError(
                "“{name}” is a package that somebody works in. Open it and hand in; the file that this makes can be "
                "merged.",
                name=self.path.name,
            )

    def _refuse(self, reason: str) -> NoReturn:
        raise ProjectFileError(
            "“{name}” is damaged or was changed by another program ({reason}). Ask for the file once more.",
            name=self.path.name,
            reason=reason,
        )

    def _setting(self, name: str) -> str | None:
        return LocalSettings(self._sql).get(name) if "local_setting" in self._tables else None

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(self._database.get_tables())

    @cached_property
    def facts(self) -> PackageFacts | None:
        """What the file says of itself as a package or return; None for a whole project."""
        text = self._setting("package")
        return None if text is None else facts_from_json(text)

    @cached_property
    def steps(self) -> dict[str, JournalStep]:
        """The steps by id."""
        steps = {row[0]: journal_step(row) for row in self._read(_STEPS)}
        for step in steps.values():
            if not _is_step(step):
                self._refuse("a step is not what it should be")
        return steps

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """The changes as they are stored, with `CHANGE_COLUMNS`, in no order."""
        return self._read(_CHANGES)

    def _read(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return self._sql.rows(sql)
        except (DatabaseError, sqlite3.DatabaseError) as error:  # a text that is none
            self._refuse(str(error).splitlines()[0])

    def rows_of(self, table: str) -> list[tuple[Any, ...]]:
        """Return those of `rows` that are of a table."""
        return [row for row in self.rows if row[_TABLE] == table]

    @cached_property
    def versions(self) -> frozenset[str]:
        """The ids of the documents that are there and took another one's place."""
        of_row: dict[str, list[JournalChange]] = defaultdict(list)
        for change in map(self.change, self.rows_of("document")):
            of_row[change.row].append(change)
        states = {row: state_of(changes).data for row, changes in of_row.items()}
        return frozenset(row for row, data in states.items() if data is not None and data.get("supersedes"))

    def holds(self, row: str, revision: str) -> bool:
        """Say whether the file's journal has a row at a revision."""
        return (row, revision) in self._revisions

    @cached_property
    def _revisions(self) -> frozenset[tuple[str, str]]:
        return frozenset((row[_ROW], row[_REVISION]) for row in self.rows)

    def row_ids(self) -> list[str]:
        """Return the ids of the rows that the changes are of."""
        return [row[_ROW] for row in self.rows]

    def project(self) -> str:
        """Return the id of the project that the file is of."""
        if self.facts is not None:
            return self.facts.project
        row = self._sql.first('SELECT "row" FROM "change" WHERE "table" = ? LIMIT 1', ("project",))
        return str(row[0]) if row else ""

    def has_blob(self, address: str) -> bool:
        """Say whether the file holds bytes under this hash."""
        return self._sql.first('SELECT 1 FROM "blob" WHERE "sha256" = ?', (address,)) is not None

    def blob(self, address: str) -> bytes:
        """Return stored bytes. Raises ProjectFileError where they are missing or are others."""
        row = self._sql.first('SELECT "data" FROM "blob" WHERE "sha256" = ?', (address,))
        data = bytes(row[0]) if row and isinstance(row[0], bytes | bytearray | memoryview) else None
        if data is None or sha256_hex(data) != address:
            self._refuse("a text is missing or was edited")
        return data

    def change(self, row: tuple[Any, ...]) -> JournalChange:
        """Return one of `rows` as a change. Raises ProjectFileError where it is none, or its data no row."""
        before, after = self._data(row[-2]), self._data(row[-1])
        change = journal_change(row, before, after)
        step = self.steps.get(change.step) if isinstance(change.step, str) else None
        if step is None or not _is_of_step(change, step):
            self._refuse("a change is of no step")
        if not _is_change(change):
            self._refuse("a change is not what it should be")
        for data in (before, after):
            self._check_row(change, data)
        return change

    def _data(self, text: Any) -> dict[str, Any] | None:
        if text is None:
            return None
        if not isinstance(text, str):
            self._refuse("a row is no JSON")
        try:
            return json.loads(text)
        except (ValueError, TypeError, RecursionError):
            self._refuse("a row is no JSON")

    def _check_row(self, change: JournalChange, data: Mapping[str, Any] | None) -> None:
        if data is None:
            return
        reason = why_no_row(change.table, data)
        if not reason and data["id"] != change.row:
            reason = "it has another id"
        layer = data["id"] if change.table == "layer" else data.get("layer")
        if not reason and layer != change.layer:
            reason = "it is of another layer"
        if reason:
            self._refuse(f"a row of {str(change.table)[:40]!r}: {reason}")


_READ = ("step", "change", "local_setting", "replica")
_STEPS = f'SELECT {names(STEP_COLUMNS)} FROM "step"'
_CHANGES = f'SELECT {names(CHANGE_COLUMNS)} FROM "change"'


def journal_hash(statements: Statements) -> str:
    """Return the hash of all that the two tables of a journal hold."""
    columns = {"step": STEP_COLUMNS, "change": CHANGE_COLUMNS}
    parts = []
    for table, of_table in columns.items():
        sql = f'SELECT {names(of_table)} FROM "{table}" ORDER BY "id"'
        parts.append([sha256_hex(canonical_json(list(row)).encode()) for row in statements.stream(sql)])
    return sha256_hex(canonical_json(parts).encode())


def _is_counter(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value < _MOST


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and "\0" not in value


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and is_id(value)


def _is_step(step: JournalStep) -> bool:
    return (
        _is_id(step.id)
        and _is_id(step.replica)
        and _is_id(step.annotator)
        and (step.reverts is None or _is_id(step.reverts))
        and _is_counter(step.counter)
        and _is_text(step.title, LONGEST_TITLE)
        and _is_text(step.time, 40)
        and _is_text(step.chain, 64)
    )


def _is_of_step(change: JournalChange, step: JournalStep) -> bool:
    """Say whether a change may be one of a step's; what was taken over into a newer version was done before it."""
    if (change.replica, change.counter) == (step.replica, step.counter):
        return True
    return change.revision != change.id and _is_counter(change.counter) and change.counter <= step.counter


def _is_change(change: JournalChange) -> bool:
    return (
        _is_id(change.id)
        and _is_id(change.replica)
        and _is_id(change.row)
        and _is_id(change.revision)
        and (change.layer is None or _is_id(change.layer))
        and (change.previous_revision is None or _is_id(change.previous_revision))
        and not (change.before is None and change.after is None)
    )
