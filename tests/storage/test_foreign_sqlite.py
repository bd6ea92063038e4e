"""Databases of other programs are read as data: nothing of theirs runs, nothing is written."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from annotator.core.errors import DatasetError
from annotator.storage.foreign_sqlite import ForeignDatabase

SCHEMA = """
CREATE TABLE "Odd ""name" (ID INTEGER PRIMARY KEY, "Some Text" TEXT, made TEXT AS (upper("Some Text")));
INSERT INTO "Odd ""name" (ID, "Some Text") VALUES (2, 'b'), (1, 'Київ 🇺🇦'), (3, NULL);
CREATE VIEW seen AS SELECT 1 AS id;
CREATE VIRTUAL TABLE found USING fts5(word);
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.close()
    return path


def test_rows_come_by_column_in_order_and_the_file_stays_as_it_is(path: Path) -> None:
    before = path.read_bytes()
    with ForeignDatabase(path) as database:
        assert list(database.rows('odd "name', ("id", "some text"), ("id",))) == [(1, "Київ 🇺🇦"), (2, "b"), (3, None)]
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["other.db"]


def test_what_would_run_is_no_table(path: Path) -> None:
    with ForeignDatabase(path) as database:
        assert database.columns("seen") == ()
        assert database.columns("found") == ()
        assert database.columns('odd "name') == ("id", "some text")
        assert database.columns("none") == ()


def test_a_file_that_is_being_written_is_refused(path: Path) -> None:
    path.with_name("other.db-wal").write_bytes(b"x")
    with pytest.raises(DatasetError, match=r"other\.db.* is in use.*Close it in its program"):
        ForeignDatabase(path)


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + b"\xff" * 200])
def test_what_is_no_database_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"other\.db"):
        ForeignDatabase(path)
    with pytest.raises(DatasetError, match="cannot be read"):
        ForeignDatabase(tmp_path / "none.db")


def test_text_that_is_none_is_marked(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.execute("INSERT INTO t VALUES (CAST(x'61ff62' AS TEXT))")
    connection.commit()
    connection.close()
    with ForeignDatabase(path) as database:
        assert list(database.rows("t", ("x",))) == [("a\ufffdb",)]


def test_any_damage_is_a_message(path: Path) -> None:
    whole, chance = path.read_bytes(), random.Random(3)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(30):
            damaged[chance.randrange(100, len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            with ForeignDatabase(path) as database:
                if database.columns('odd "name'):
                    list(database.rows('odd "name', database.columns('odd "name')))
        except DatasetError as error:
            assert "other.db" in str(error)
