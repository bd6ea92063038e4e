"""What was read: whole paragraphs, one's own, merged; and as the true negatives of a dataset."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.core.errors import RefusedError
from annotator.core.records import Document, ReadRange, Status
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import TEXT, add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
TITLE = (0, 16)
SECOND = (18, TEXT.index("\n", 18))
THIRD = (SECOND[1] + 1, len(TEXT))


def test_paragraphs_are_marked_whole_and_neighbours_become_one(session: Session, document: Document) -> None:
    mark, ranges = session.coverage.mark_read, session.queries.read_ranges
    assert mark(document.id, 3, 3) == [TITLE]
    assert mark(document.id, THIRD[0] + 5, THIRD[0] + 6) == [TITLE, THIRD]
    assert ranges(document.id) == [TITLE, THIRD]
    assert mark(document.id, 20, 25) == [(0, len(TEXT))] == ranges(document.id)
    assert len(session.reading.rows.all(ReadRange)) == 1
    assert session.coverage.unmark(document.id, 20, 20) == [TITLE, THIRD] == ranges(document.id)
    assert session.coverage.unmark(document.id, 0, len(TEXT)) == []
    assert session.reading.rows.all(ReadRange) == []


def test_nothing_is_stored_where_nothing_changes(session: Session, document: Document) -> None:
    session.coverage.mark_read(document.id, 20, 20)
    steps = len(session.history.entries())
    session.coverage.mark_read(document.id, 30, 40)
    session.coverage.mark_read(document.id, 17, 17)
    session.coverage.unmark(document.id, 0, 4)
    assert len(session.history.entries()) == steps


def test_marking_puts_a_new_document_in_progress_as_one_step(session: Session, document: Document) -> None:
    session.coverage.mark_read(document.id, 0, 0)
    assert [status.status for status in session.reading.rows.all(Status)] == ["in_progress"]
    session.history.undo()
    assert session.reading.rows.all(Status) == []


def test_what_somebody_else_read_is_not_mine(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.coverage.mark_read(document.id, 0, 0)
    with Session(project_path, OTHER) as session:
        assert session.queries.read_ranges(document.id) == []
        session.coverage.unmark(document.id, 0, len(TEXT))
        session.coverage.mark_read(document.id, 20, 20)
    with Session(project_path, person) as session:
        assert session.queries.read_ranges(document.id) == [TITLE]


@pytest.mark.parametrize("place", [(-1, 3), (0, len(TEXT) + 1), (5, 4)])
def test_a_place_outside_the_text_is_refused(session: Session, document: Document, place: tuple[int, int]) -> None:
    for verb in (session.coverage.mark_read, session.coverage.unmark):
        with pytest.raises(RefusedError, match="outside"):
            verb(document.id, *place)


def exported(session: Session, folder: Path, layer: str | None = None) -> dict[str, list[list[int]]]:
    target = folder / "out.jsonl"
    session.datasets.export(target, layer=layer)
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    return {line["source"]["title"]: line["read"] for line in lines}


def test_export_has_what_the_exported_layers_read(project_path: Path, person: Person, tmp_path: Path) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.coverage.mark_read(document.id, 0, 0)
    with Session(project_path, OTHER) as session:
        session.coverage.mark_read(document.id, THIRD[0], THIRD[0])
        session.coverage.mark_read(document.id, 0, 0)
        only = exported(session, tmp_path, layer=person.name)
        assert only == {"Summit statement": [list(TITLE)]}
        assert exported(session, tmp_path, layer="all") == {"Summit statement": [list(TITLE), list(THIRD)]}
        session.documents.set_status(document.id, "done")
        assert exported(session, tmp_path, layer="all") == {"Summit statement": [[0, len(TEXT)]]}
        assert exported(session, tmp_path, layer=person.name) == only


def test_a_dataset_brings_back_what_was_read(session: Session, tmp_path: Path, person: Person) -> None:
    texts = {
        "Marked": TEXT,
        "Tagged too": TEXT + "\nMore.",
        "Done": TEXT + "\nEnd.",
    }
    documents = {title: add_document(session, text, title).id for title, text in texts.items()}
    label = session.queries.codebook().labels[0].id
    for document in documents.values():
        session.coverage.mark_read(document, 20, 20)
    session.annotations.tag(documents["Tagged too"], label, [(0, 6)])
    session.documents.set_status(documents["Done"], "done")
    first = exported(session, tmp_path)
    assert first == {"Marked": [list(SECOND)], "Tagged too": [list(SECOND)], "Done": [[0, len(texts["Done"])]]}
    other = tmp_path / "other.annodb"
    create_project(other, default_codebook(), person)
    with Session(other, person) as fresh:
        result = fresh.datasets.load(tmp_path / "out.jsonl")
        assert [loss.kind for loss in result.losses] == []
        assert exported(fresh, tmp_path) == first
        assert len(fresh.reading.rows.all(ReadRange)) == 2
        before = fresh.reading.dump()
        fresh.datasets.load(tmp_path / "out.jsonl")
        assert fresh.reading.dump() == before


def test_what_several_layers_read_together_is_a_loss(project_path: Path, person: Person, tmp_path: Path) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        label = session.queries.codebook().labels[0].id
        session.annotations.tag(document.id, label, [(0, 6)])
        session.coverage.mark_read(document.id, 0, 0)
    with Session(project_path, OTHER) as session:
        session.annotations.tag(document.id, label, [(0, 6)])
        exported(session, tmp_path, layer="all")
    other = tmp_path / "other.annodb"
    create_project(other, default_codebook(), person)
    with Session(other, person) as fresh:
        result = fresh.datasets.load(tmp_path / "out.jsonl")
        assert [(loss.kind, loss.count) for loss in result.losses] == [("what was read", 1)]
        assert fresh.reading.rows.all(ReadRange) == []


def test_a_dataset_brings_only_what_was_not_read_yet(session: Session, document: Document, tmp_path: Path) -> None:
    session.coverage.mark_read(document.id, 0, 0)
    target = session.datasets.export(tmp_path / "one.jsonl", layer="all").files[0]
    before = session.reading.dump()
    session.datasets.load(target)
    assert session.reading.dump() == before
    session.coverage.unmark(document.id, 0, 0)
    session.datasets.load(target)
    session.coverage.mark_read(document.id, THIRD[0], THIRD[0])
    session.coverage.unmark(document.id, 0, 0)
    session.datasets.load(target)
    assert session.queries.read_ranges(document.id) == [TITLE, THIRD]
