"""Undo where steps touch the same rows, where others build on them, and as the history lists it."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.errors import RefusedError
from annotator.core.records import Document
from annotator.session.people import Person
from annotator.session.session import Session
from tests.support import add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def label(session: Session) -> str:
    return session.queries.codebook().labels[0].id


def test_steps_on_one_row_are_walked_back_and_forth(session: Session, document: Document) -> None:
    dumps = [session.reading.dump()]
    made = session.annotations.tag(document.id, label(session), [(0, 6)])
    dumps.append(session.reading.dump())
    for end in (7, 8, 9):
        session.annotations.resize(made.id, [(0, end)])
        dumps.append(session.reading.dump())
    for _ in range(2):
        for expected in dumps[-2::-1]:
            session.history.undo()
            assert session.reading.dump() == expected
        for expected in dumps[1:]:
            session.history.redo()
            assert session.reading.dump() == expected


def test_a_speaker_whom_somebody_else_names_stays_when_its_maker_undoes(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.annotations.tag(document.id, label(session), [(0, 6)], {"speaker": "The council"})
    with Session(project_path, OTHER) as session:
        kept = session.annotations.tag(document.id, label(session), [(0, 6)], {"speaker": "The council"})
    with Session(project_path, person) as session:
        session.history.undo()
        assert session.queries.content(document.id).values == {kept.id: {"speaker": "The council"}}
        session.history.redo()
        assert len(session.queries.content(document.id).values) == 2
        assert session.queries.entity_names() == ["The council"]


def test_a_step_is_not_taken_back_from_under_a_note(session: Session, document: Document) -> None:
    made = session.annotations.tag(document.id, label(session), [(0, 6)])
    step = session.history.entries(1)[0].step
    session.annotations.set_note(made.id, "a remark")
    before = session.reading.dump()
    with pytest.raises(RefusedError, match="a note was written on it"):
        session.history.revert(step)
    assert session.reading.dump() == before


def test_everybodys_undone_steps_are_listed_as_undone(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.annotations.tag(document.id, label(session), [(0, 6)])
        session.history.undo()
    with Session(project_path, OTHER) as session:
        entries = {entry.title[:3]: entry for entry in session.history.entries()}
        assert entries["Tag"].undone
        assert not entries["Pas"].undone
        assert not any(entry.can_revert for entry in entries.values())


def test_a_step_that_made_an_entity_and_changed_a_list_goes_back_and_forth(
    session: Session, document: Document
) -> None:
    made = session.annotations.tag(document.id, label(session), [(0, 6)], {"hedge_cues": ["may"]})
    before = session.reading.dump()
    with session.group("Describe the span"):
        session.annotations.set_attribute(made.id, "hedge_cues", ["may", "could"])
        session.annotations.set_attribute(made.id, "speaker", "The council")
    after = session.reading.dump()
    session.history.undo()
    assert session.reading.dump() == before
    session.history.redo()
    assert session.reading.dump() == after


def test_an_entity_that_is_named_is_not_unmade_in_silence(session: Session, document: Document) -> None:
    council = session.entities.create("The council")
    step = session.history.last_step_of(council.id)
    session.annotations.tag(document.id, label(session), [(0, 6)], {"speaker": "The council"})
    before = session.reading.dump()
    with pytest.raises(RefusedError, match="something names what it made"):
        session.history.revert(step)
    assert session.reading.dump() == before
