"""Files that were damaged, made by somebody hostile, or written to while they are copied."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from annotator.core.errors import ProjectFileError, UserError
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.storage import backup
from tests.support import add_document


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def filled(project_path: Path, person: Person) -> Path:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.annotations.tag(document.id, session.queries.codebook().labels[0].id, [(0, 6)], {"speaker": "X"})
    return project_path


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER extra AFTER INSERT ON annotation BEGIN DELETE FROM note; END",
        "CREATE VIEW extra AS SELECT * FROM annotation",
        "CREATE TABLE extra (id TEXT)",
        "CREATE INDEX extra ON note (body)",
        "ALTER TABLE note ADD COLUMN extra TEXT",
        "DROP INDEX note_target",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -1",
    ],
)
@pytest.mark.parametrize("write", [True, False])
def test_a_file_that_is_built_otherwise_is_refused_untouched(
    filled: Path, person: Person, statement: str, write: bool
) -> None:
    run(filled, statement)
    before = filled.read_bytes()
    with pytest.raises(ProjectFileError, match=r"not built as|older format"):
        Session(filled, person, write=write)
    assert filled.read_bytes() == before
    assert {path.suffix for path in filled.parent.iterdir()} == {".annodb"}


def test_a_file_without_its_project_is_refused(filled: Path, person: Person) -> None:
    run(filled, "DELETE FROM project")
    with pytest.raises(ProjectFileError, match="holds no project"):
        Session(filled, person)


def test_the_statistics_of_sqlite_are_no_harm(filled: Path, person: Person) -> None:
    run(filled, "ANALYZE")
    Session(filled, person).close()


def test_a_row_that_holds_no_json_is_told(filled: Path, person: Person) -> None:
    run(filled, "UPDATE attribute_value SET value = '{'")
    with Session(filled, person) as session, pytest.raises(ProjectFileError, match="damaged"):
        session.queries.content(session.queries.documents()[0].document.id)


def test_a_damaged_page_is_told(filled: Path, person: Person) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'annotation'").fetchone()[0]
    data = bytearray(filled.read_bytes())
    data[(root - 1) * size : root * size] = b"\xa5" * size
    filled.write_bytes(data)
    with Session(filled, person) as session, pytest.raises(ProjectFileError, match="damaged"):
        session.queries.content(session.queries.documents()[0].document.id)


def test_a_name_that_no_folder_takes(tmp_path: Path, person: Person) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        create_project(tmp_path / ("n" * 300), default_codebook(), person)


def test_what_is_written_during_a_backup_does_not_spoil_it(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = backup._verify

    def verify(source: sqlite3.Connection, copy: sqlite3.Connection, project: Path) -> None:
        run(filled, "INSERT INTO replica VALUES ('r', 't', 'p')")
        plain(source, copy, project)

    run(filled, "PRAGMA journal_mode = wal")
    monkeypatch.setattr(backup, "_verify", verify)
    assert backup.backup_of_today(filled)


def test_a_backup_folder_that_cannot_be_made_is_told(filled: Path) -> None:
    backup.backup_folder(filled).write_text("in the way", "utf-8")
    with pytest.raises(UserError, match="No backup of"):
        backup.backup_of_today(filled)


def test_backups_of_a_project_with_brackets_in_its_name_are_thinned_out(filled: Path) -> None:
    project = filled.rename(filled.with_name("round [1].annodb"))
    for day in range(1, 20):
        backup.backup_of_today(project, date(2040, 1, day))
    assert len(list(backup.backup_folder(project).iterdir())) == backup.KEPT_DAYS


def test_a_second_reader_leaves_the_log_of_a_writer_that_lost_its_locks(filled: Path, person: Person) -> None:
    log = filled.with_name(filled.name + "-wal")
    with Session(filled, person) as session:
        document = session.queries.documents()[0].document.id
        filled.open("rb").close()  # POSIX drops the locks of this process on the file
        subprocess.run([sys.executable, "-m", "annotator", "history", str(filled)], check=True, capture_output=True)
        assert log.exists()
        session.documents.describe(document, title="After")
        with Session(filled, person, write=False) as other:
            assert other.queries.documents()[0].document.title == "After"
    assert not log.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
def test_nothing_is_written_to_a_log_that_was_taken_away(filled: Path, person: Person) -> None:
    with Session(filled, person) as session:
        document = session.queries.documents()[0].document.id
        session.documents.describe(document, title="Before")
        filled.with_name(filled.name + "-wal").unlink()
        with pytest.raises(ProjectFileError, match="Close it and open it again"):
            session.documents.describe(document, title="After")
    with Session(filled, person) as session:
        assert session.queries.documents()[0].document.title == "Before"
