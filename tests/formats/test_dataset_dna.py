"""Databases of Discourse Network Analyzer, versions 2 and 3, as the program makes them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import FormatContext
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from annotator.formats.datasets.registry import format_named
from annotator.storage.foreign_sqlite import ForeignDatabase
from tests.formats.round_trips import CODEBOOK

TEXT = "The allies 🇺🇦 will help.\nA minister doubts that aid arrives in time."
COMMON = """
CREATE TABLE SETTINGS (Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE CODERS (ID INTEGER NOT NULL PRIMARY KEY, Name TEXT, Password TEXT);
CREATE TABLE DOCUMENTS (ID INTEGER NOT NULL PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT,
  Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES (ID INTEGER NOT NULL PRIMARY KEY, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
CREATE TABLE VARIABLES (ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
CREATE TABLE STATEMENTS (ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER,
  Stop INTEGER, Coder INTEGER);
CREATE TABLE STATEMENTLINKS (ID INTEGER PRIMARY KEY, SourceId INTEGER, TargetId INTEGER);
CREATE TABLE DATABOOLEAN (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATAINTEGER (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATALONGTEXT (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
INSERT INTO CODERS VALUES (1, 'Admin', 'hash'), (2, 'Analyst A', 'hash');
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement', 0, 0, 0), (2, 'Annotation', 0, 0, 0);
INSERT INTO VARIABLES VALUES (1, 'speaker', 'short text', 1), (2, 'concept', 'short text', 1),
  (3, 'agreement', 'boolean', 1), (4, 'note', 'long text', 2);
INSERT INTO STATEMENTLINKS VALUES (1, 10, 11), (2, 10, 12), (3, 10, 13);
INSERT INTO DATABOOLEAN VALUES (1, 10, 3, 0);
INSERT INTO DATALONGTEXT VALUES (1, 11, 4, 'odd');
"""
VERSION_2 = """
CREATE TABLE DATASHORTTEXT (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
INSERT INTO DATASHORTTEXT VALUES (1, 10, 1, 'the allies'), (2, 10, 2, 'aid in time');
"""
VERSION_3 = """
CREATE TABLE DATASHORTTEXT (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
CREATE TABLE ENTITIES (ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, ChildOf INTEGER);
INSERT INTO ENTITIES VALUES (7, 1, 'the allies', NULL), (8, 2, 'aid in time', NULL);
INSERT INTO DATASHORTTEXT VALUES (1, 10, 1, 7), (2, 10, 2, 8);
"""


def made(folder: Path, version: int, text: str = TEXT) -> Path:
    path = folder / "debate.dna"
    connection = sqlite3.connect(path)
    own = VERSION_2 if version == 2 else VERSION_3
    connection.executescript(COMMON + own)
    day = 1_706_918_400
    connection.executemany(
        "INSERT INTO DOCUMENTS VALUES (?,?,?,1,'',?,?,?,'',?)",
        [
            (1, "Debate", text, "Daily", "Politics", "see https://example.org/a", day * (1000 if version == 2 else 1)),
            (2, "Another", "Nothing is said here.", "", "", "", day),
            (3, "Third", "Somebody speaks.", "", "", "", day),
        ],
    )
    units = [_units(text, quote) for quote in ("🇺🇦 will help", "A minister doubts")]
    connection.executemany(
        "INSERT INTO STATEMENTS VALUES (?,?,?,?,?,?)",
        [
            (11, 2, 1, *units[1], 2),
            (10, 1, 1, *units[0], 2),
            (12, 1, 3, 0, 8, 2),
            (13, 2, 1, 0, 3, 1),
            (14, 1, 9, 0, 3, 1),
        ],
    )
    connection.commit()
    connection.close()
    return path


def _units(text: str, quote: str) -> tuple[int, int]:
    start = text.index(quote)
    first, last = (len(text[:end].encode("utf-16-le")) // 2 for end in (start, start + len(quote)))
    return first, last


def read(path: Path) -> tuple[list[dict[str, Any]], Reading]:
    reading = Reading(format_named("dna"), path, FormatContext(CODEBOOK, {}, database=ForeignDatabase))
    return [line for _, line in reading.lines()], reading


@pytest.mark.parametrize("version", [2, 3])
def test_statements_with_their_variables_coders_and_links_come_in(version: int, tmp_path: Path) -> None:
    (debate, another, third), reading = read(made(tmp_path, version))
    _, first, second = debate["spans"]
    assert (first["label"], first["quote"]) == ("DNA Statement", "🇺🇦 will help")
    assert (second["label"], second["quote"], second["note"]) == ("Annotation", "A minister doubts", "note: odd")
    assert first["attributes"] == {"speaker": "the allies"}
    assert sorted(first["note"].split("\n")) == ["agreement: no", "concept: aid in time"]
    assert (first["annotator"], first["layer"]) == ("Analyst A", "Analyst A")
    assert [(one["type"], one["from"], one["to"]) for one in debate["relations"]] == [
        ("linked", first["id"], second["id"])
    ]
    source = debate["source"]
    assert (source["title"], source["date"], source["url"]) == ("Debate", "2024-02-03", "https://example.org/a")
    assert (another["spans"], third["spans"][0]["quote"]) == ([], "Somebody")
    assert {one.kind for one in reading.context.losses.losses()} == {
        "authors, sections and types of documents",
        "links between statements of two coders",
        "links between statements of two documents",
        "statements of documents that are not there",
    }


def test_texts_with_windows_line_ends_keep_every_statement(tmp_path: Path) -> None:
    (debate, *_), _ = read(made(tmp_path, 3, TEXT.replace("\n", "\r\n")))
    assert [one["quote"] for one in debate["spans"]][1:] == ["🇺🇦 will help", "A minister doubts"]
    assert "\r" not in debate["text"]


def test_passwords_are_never_read(tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    class Watched(ForeignDatabase):
        def rows(self, table: str, columns: Any, order: Any = ()) -> Any:
            asked.extend((table, column) for column in columns)
            return super().rows(table, columns, order)

    reading = Reading(format_named("dna"), made(tmp_path, 3), FormatContext(CODEBOOK, {}, database=Watched))
    assert list(reading.lines())
    assert ("coders", "name") in asked
    assert not {column for _, column in asked} & {"password"}


def test_the_file_is_recognised_and_others_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path, 2)
    assert recognised(path).name == "dna"
    other = tmp_path / "other.dna"
    sqlite3.connect(other).execute("CREATE TABLE documents (id, title, text)").connection.close()
    with pytest.raises(DatasetError, match="is no project of Discourse Network Analyzer: it has no table statements"):
        read(other)
    other.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DatasetError, match=r"other\.dna"):
        read(other)


def test_a_statement_without_a_place_is_told(tmp_path: Path) -> None:
    path = made(tmp_path, 3)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE STATEMENTS SET Start = 'soon' WHERE ID = 12")
    connection.commit()
    connection.close()
    with pytest.raises(DatasetError, match=r"debate\.dna, 3: statement 12 has no place"):
        read(path)
