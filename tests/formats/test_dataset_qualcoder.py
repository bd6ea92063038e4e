"""QualCoder projects of several versions of its database, as the program makes them."""

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

TEXT = "First line.\nThe allies 🇺🇦 will help.\nThey doubt it."
V1 = """
CREATE TABLE project (databaseversion text, date text, memo text, about text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text,
  date text);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text,
  color text);
CREATE TABLE code_text (cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text,
  memo text);
"""
NEWER = """
ALTER TABLE code_text ADD avid integer;
ALTER TABLE code_text ADD important integer;
CREATE TABLE code_image (imid integer primary key, id integer, cid integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text);
CREATE TABLE cases (caseid integer primary key, name text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer);
INSERT INTO code_image VALUES (1, 3, 1);
INSERT INTO annotation VALUES (1, 1, 0, 4, 'look');
INSERT INTO cases VALUES (1, 'case one');
INSERT INTO attribute VALUES (1, 'Date', 'file', '2024-02-03', 1), (2, 'Mood', 'file', 'grave', 1),
  (3, 'Age', 'case', '40', 1);
"""


def made(folder: Path, codings: list[tuple[Any, ...]], *, newer: bool = True, text: str = TEXT) -> Path:
    project = folder / "talks.qda"
    project.mkdir()
    connection = sqlite3.connect(project / "data.qda")
    connection.executescript(V1 + (NEWER if newer else ""))
    connection.execute("INSERT INTO project VALUES ('v6', '2024-01-01', '', 'QualCoder 3.4')")
    connection.executemany(
        "INSERT INTO source VALUES (?,?,?,?,'','default','2024-01-01 09:00:00')",
        [
            (1, "talk.txt", text, None),
            (2, "empty.txt", "No coding here.", "/docs/empty.docx"),
            (3, "x.png", None, "/images/x.png"),
        ],
    )
    connection.executemany("INSERT INTO code_name (cid, name) VALUES (?,?)", [(1, "Pledge"), (2, "Doubt")])
    connection.executemany(
        "INSERT INTO code_text (cid,fid,seltext,pos0,pos1,owner,date,memo) VALUES (?,?,?,?,?,?,?,?)", codings
    )
    connection.commit()
    connection.close()
    return project


def coding(
    quote: str, start: int, code: int = 1, fid: int = 1, owner: str = "Analyst A", memo: str | None = ""
) -> tuple[Any, ...]:
    return (code, fid, quote, start, start + len(quote), owner, "2024-05-01 10:00:00", memo)


def read(path: Path, *, skip: bool = False) -> tuple[list[dict[str, Any]], Reading]:
    entry = format_named("qualcoder")
    reading = Reading(entry, path, FormatContext(CODEBOOK, {}, database=ForeignDatabase), skip)
    return [line for _, line in reading.lines()], reading


@pytest.mark.parametrize("newer", [False, True])
def test_sources_codings_coders_and_memos_come_in(newer: bool, tmp_path: Path) -> None:
    pledge, doubt = TEXT.index("The allies"), TEXT.index("They doubt")
    project = made(
        tmp_path,
        [coding("They doubt it", doubt, 2, memo=None), coding("The allies 🇺🇦", pledge, memo="sure?")],
        newer=newer,
    )
    (talk, empty), reading = read(project)
    assert [(one["label"], one["quote"], one["note"]) for one in talk["spans"]] == [
        ("Pledge", "The allies 🇺🇦", "sure?"),
        ("Doubt", "They doubt it", ""),
    ]
    first = talk["spans"][0]
    assert (first["annotator"], first["layer"], first["created"]) == ("Analyst A", "Analyst A", "2024-05-01T10:00:00")
    assert (empty["spans"], empty["source"]["file"]) == ([], "empty.docx")
    assert talk["source"]["date"] == ("2024-02-03" if newer else "")
    kinds = {one.kind for one in reading.context.losses.losses()}
    newer_kinds = {
        "codings of pictures, sounds and films",
        "annotations without a code",
        "cases",
        "attributes of files",
    }
    assert kinds == {"sources without text", *(newer_kinds if newer else ())}


def test_positions_of_the_window_are_told_from_those_of_the_text(tmp_path: Path) -> None:
    """In the window positions count UTF-16 units, and line ends of a selection are U+2029."""
    quote = "will help.\nThey doubt"
    in_units = TEXT.index(quote) + 2
    (talk, _), reading = read(made(tmp_path, [coding(quote.replace("\n", "\u2029"), in_units)]))
    assert [one["quote"] for one in talk["spans"]] == [quote]
    assert reading.moved == 1


def test_a_coding_beside_its_text_is_put_right_or_told(tmp_path: Path) -> None:
    wrong = [coding("They doubt", TEXT.index("They doubt") + 5), coding("Nowhere at all", 2, 2)]
    project = made(tmp_path, wrong)
    with pytest.raises(DatasetError, match=r"talks\.qda, 1: the quote of span"):
        read(project)
    (talk, _), reading = read(project, skip=True)
    assert [one["quote"] for one in talk["spans"]] == ["They doubt"]
    assert len(reading.problems) == 1


def test_the_project_is_recognised_as_folder_and_as_database(tmp_path: Path) -> None:
    project = made(tmp_path, [])
    assert recognised(project).name == "qualcoder"
    assert recognised(project / "data.qda").name == "qualcoder"
    assert recognised(project.rename(tmp_path / "renamed")).name == "qualcoder"


@pytest.mark.parametrize(
    "row", [(1, 1, "x", "here", 4, "a", "", ""), (1, 1, "x", -3, 4, "a", "", ""), (1, 1, "x", 2.5, 4, "a", "", "")]
)
def test_places_that_are_none_are_told(row: tuple[Any, ...], tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"talks\.qda, 1: a coding of “Pledge” is at"):
        read(made(tmp_path, [row]))


def test_codings_of_what_is_not_there_are_passed_over(tmp_path: Path) -> None:
    (talk, _), reading = read(made(tmp_path, [coding("First", 0, 9), coding("x", 0, fid=0), coding("x", 0, fid=77)]))
    assert talk["spans"] == []
    counts = {one.kind: one.count for one in reading.context.losses.losses()}
    assert counts["codings of codes that are not there"] == 1
    assert counts["codings of sources that are not there"] == 2


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "data.qda"
    connection = sqlite3.connect(other)
    connection.executescript("CREATE TABLE source (id, name); CREATE VIEW code_text AS SELECT 1 AS cid;")
    connection.close()
    with pytest.raises(DatasetError, match="is no project of QualCoder: it has no column fulltext in table source"):
        read(other)
    (tmp_path / "none.qda").mkdir()
    with pytest.raises(DatasetError, match=r"holds no data\.qda"):
        read(tmp_path / "none.qda")


def test_views_in_the_place_of_tables_are_refused(tmp_path: Path) -> None:
    project = made(tmp_path, [])
    connection = sqlite3.connect(project / "data.qda")
    connection.executescript(
        "DROP TABLE code_text; CREATE VIEW code_text AS SELECT 1 AS cid, 1 AS fid, 0 AS pos0, 1 AS pos1;"
    )
    connection.close()
    with pytest.raises(DatasetError, match="has no table code_text"):
        read(project)
