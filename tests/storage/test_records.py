"""Every record survives the database, and the schema is what the records say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import SqliteDatabase

from annotator.core.changes import ChangeSet, made
from annotator.core.ids import new_id
from annotator.core.records import (
    RECORDS,
    Alias,
    Annotation,
    Annotator,
    Assignment,
    AttributeDefinition,
    AttributeValue,
    CodebookVersion,
    Decision,
    DiaryEntry,
    Document,
    DocumentValue,
    Entity,
    Label,
    Layer,
    Note,
    Project,
    ReadRange,
    Recipe,
    Record,
    Relation,
    RelationType,
    Release,
    Round,
    SavedSearch,
    Status,
    Unplaced,
)
from annotator.core.rowdata import from_data, to_data
from annotator.storage.codec import CODECS
from annotator.storage.migrate import migrate
from annotator.storage.repository import Author, Repository

IDS = {name: new_id() for name in ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q")}
BLOB = b"text"


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    database = SqliteDatabase(str(tmp_path / "plain.db"), pragmas=[("foreign_keys", 1)])
    migrate(database, 0, lambda version: None)
    yield Repository(database)
    database.close()


def records(address: str) -> list[Record]:
    i = IDS
    return [
        CodebookVersion(i["a"], new_id(), 3, "Codebook", "t", {"labels": [1, None, "ж"]}),
        Round(i["b"], "pilot", 1, practice=True, released=True),
        Project(i["c"], "Title", "t", i["a"], i["b"], "To know", {"lint_off": ["a"]}),
        Annotator(i["d"], "Somebody"),
        Annotator(i["q"], "Somebody again", same_as=i["d"], role="analyst", color="#112233"),
        Label(i["e"], "pledge", "Pledge", 1, "#000000", "#ffffff", "solid", "P", 1, examples=("x", "y")),
        Label(i["p"], "sub", "Sub", None, "#000000", "#ffffff", "dot", "S", 2, parent=i["e"], retired=True),
        AttributeDefinition(
            i["f"],
            "strength",
            "Strength",
            "choice",
            1,
            (("a", "A"), ("b", "B")),
            ("pledge",),
            True,
            3,
            asked=True,
            inherits="turn",
        ),
        RelationType(i["g"], "conditions", "Conditions", 1, ("condition",), ("pledge",)),
        Entity(i["h"], "Київ"),
        Alias(i["i"], i["h"], "Kyiv"),
        Document(
            i["j"], "Title", address, 4, address, address, "f.txt", "text", "uk", "2030-01-01", "", "t", {"tags": ["a"]}
        ),
        DocumentValue(new_id(), i["j"], i["f"], "a"),
        Layer(i["k"], "annotator", i["d"], i["b"]),
        Annotation(i["l"], i["j"], i["k"], i["e"], i["d"], i["a"], "t", ((0, 1), (2, 4)), "suggested", 0.25, ("x",)),
        Annotation(i["m"], i["j"], i["k"], i["e"], i["d"], i["a"], "u", ((0, 4),)),
        AttributeValue(i["n"], i["l"], i["k"], i["f"], ["a", {"b": None}, 1.5]),
        Relation(i["o"], i["j"], i["k"], i["g"], i["l"], i["m"], i["d"], "t"),
        Note(new_id(), "annotation", i["l"], i["j"], i["k"], i["d"], "t", "body"),
        Status(new_id(), i["j"], i["k"], "done"),
        ReadRange(new_id(), i["j"], i["k"], 1, 3),
        SavedSearch(new_id(), "Bridges", i["d"], "t", {"words": "bridge*"}),
        Unplaced(new_id(), i["j"], i["k"], i["l"]),
        Assignment(new_id(), i["b"], i["j"], i["d"]),
        Decision(
            new_id(), i["j"], i["k"], "label", "layer", i["d"], "t", {i["l"]: {"label": "x"}}, (i["m"],), "why", i["e"]
        ),
        DiaryEntry(new_id(), i["d"], "t", "The pilot *began*."),
        Release(new_id(), i["d"], "t", "gold.jsonl", "jsonl", "0" * 64, i["a"], {"spans": 2}),
        Recipe(new_id(), "for training", i["d"], "t", {"format": "jsonl", "selection": {}}),
    ]


def test_every_record_survives_the_database_and_the_journal(repository: Repository) -> None:
    address = repository.blobs.put(BLOB)
    given = records(address)
    assert {type(record) for record in given} == set(RECORDS)
    step = repository.apply(ChangeSet("All", made(*given)), Author(IDS["d"], new_id()))
    for record in given:
        assert repository.rows.get(type(record), record.id) == record
        assert from_data(record.table, to_data(record)) == record
    assert {c.record.id: c.after for c in repository.change_set(step).changes} == {r.id: r for r in given}


def test_the_schema_has_the_columns_of_the_records(repository: Repository) -> None:
    for record in RECORDS:
        columns = [column.name for column in repository.database.get_columns(record.table)]
        assert sorted(columns) == sorted([*CODECS[record.table].columns, "revision"]), record.table


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO fragment VALUES ('{l}', 7, 4, 4)",
        "INSERT INTO fragment VALUES ('{l}', 7, -1, 4)",
        "UPDATE annotation SET origin = 'guessed'",
        "UPDATE status SET status = 'finished'",
        "UPDATE relation SET target = source",
        "UPDATE layer SET annotator = NULL",
        "INSERT INTO attribute_value SELECT 'x', annotation, layer, attribute, value, revision FROM attribute_value",
        "DELETE FROM annotation WHERE id = '{l}'",
        "UPDATE document SET text = 'nowhere'",
    ],
)
def test_the_database_refuses_what_cannot_be(repository: Repository, statement: str) -> None:
    from peewee import IntegrityError

    given = records(repository.blobs.put(BLOB))
    repository.apply(ChangeSet("All", made(*given)), Author(IDS["d"], new_id()))
    before = repository.dump()
    with pytest.raises(IntegrityError), repository.database.atomic():
        repository.database.execute_sql(statement.format(**IDS))
    assert repository.dump() == before
