"""Project files of every released schema stay readable and usable; `files/schema-N.annodb.gz` were written by then."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from peewee import Database, SqliteDatabase

from annotator.core.errors import ProjectFileError
from annotator.core.search_query import SearchQuery
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.storage.migrate import _statements, migrations, newest_version
from tests.support import add_document

FILES = Path(__file__).parents[1] / "files"
OLD = range(1, newest_version())


def unpacked(version: int, folder: Path) -> Path:
    path = folder / "old.annodb"
    path.write_bytes(gzip.decompress((FILES / f"schema-{version}.annodb.gz").read_bytes()))
    return path


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


@pytest.mark.parametrize("version", OLD)
def test_an_old_project_opens_with_all_that_it_holds(version: int, tmp_path: Path, person: Person) -> None:
    path = unpacked(version, tmp_path)
    with Session(path, person) as session:
        row = session.queries.documents()[0]
        content = session.queries.content(row.document.id)
        assert [content.text[a.start : a.end] for a in content.annotations] == ["one more"]
        assert row.document.pages is None
        assert not session.search_index.is_whole
        session.search_index.complete()
        assert session.queries.search(SearchQuery('"one more"')).hits[0].document == row.document.id
        session.documents.describe(row.document.id, title="A new title")
        session.history.undo()
        assert session.queries.document(row.document.id) == row.document
        add_document(session)
    assert version_of(path) == newest_version()
    with Session(path, person) as session:
        assert session.queries.document_count() == 2


@pytest.mark.parametrize("version", OLD)
def test_an_old_project_is_not_changed_by_reading(version: int, tmp_path: Path, person: Person) -> None:
    path = unpacked(version, tmp_path)
    before = path.read_bytes()
    with pytest.raises(ProjectFileError, match="older format"):
        Session(path, person, write=False)
    assert path.read_bytes() == before


def test_what_only_sqlite_knows_is_left_out_elsewhere() -> None:
    own = [part for _, sql in migrations() for part in _statements(sql, SqliteDatabase(None))]
    others = [part for _, sql in migrations() for part in _statements(sql, Database(None))]
    assert sum("VIRTUAL" in part for part in own) == 3
    assert not [part for part in others if "VIRTUAL" in part or "{SQLITE" in part or "{BLOB" in part]
    assert len(others) == len(own) - 3
    assert any("BYTEA" in part for part in others)
