"""What undo takes back of decisions, of edits and of merges comes back with the conflicts that were open, redo settles
them again, and other copies see the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from annotator.core.changes import ChangeSet
from annotator.core.errors import NotFoundError, RefusedError, UserError
from annotator.core.journal import chain_hash
from annotator.core.records import Annotation, AttributeValue, Decision
from annotator.session.people import Person
from annotator.session.session import Session
from tests.session.review_stage import PLEDGE, ReviewStage
from tests.support import PERSON, add_document, add_lead

OTHER = Person("22222222-2222-4222-8222-222222222222", "Lead B")
THIRD = Person("33333333-3333-4333-8333-333333333333", "Lead C")

State = tuple[dict[str, list[str]], list[Any]]


@pytest.fixture
def copies(project_path: Path, tmp_path: Path) -> list[Path]:
    """Three copies of a project with a document, a tagged span with a speaker, and three leads."""
    with Session(project_path, PERSON) as session:
        add_lead(session, OTHER)
        add_lead(session, THIRD)
        document = add_document(session)
        tag(session, document.id, 18, 45)
    found = [project_path]
    for name in ("two", "three"):
        found.append(tmp_path / f"{name}.annodb")
        shutil.copy(project_path, found[-1])
    return found


def tag(session: Session, document: str, start: int, end: int, **values: str) -> Annotation:
    return session.annotations.tag(document, session.queries.label_named("pledge").id, [(start, end)], values)


def first_span(session: Session) -> str:
    return min(session.reading.rows.all(Annotation), key=lambda one: one.created).id


def relabel(session: Session, key: str) -> None:
    session.annotations.relabel(first_span(session), session.queries.label_named(key).id)


def open_matters(session: Session) -> list[Any]:
    """Return the conflicts without the revisions: the first side is the one that is shown.

    Which one it is of several missing rows that a hidden one waits for does not count.
    """
    return [
        (
            one.table,
            one.row,
            one.waits_for is not None,
            [(side.record, side.annotator, side.time) for side in one.sides],
        )
        for one in session.merging.conflicts()
    ]


def state(session: Session) -> State:
    return session.reading.dump(), open_matters(session)


def check_soundness(session: Session) -> None:
    """The file holds, every step is sealed, and the rows and what is open follow from the journal alone."""
    assert not session.reading.database.execute_sql("PRAGMA foreign_key_check").fetchall()
    chains: dict[str, str] = {}
    for step in session.reading.journal.steps():
        if step.replica == session.author.replica:
            journal = session.reading.journal
            assert step.chain == chain_hash(chains.get(step.replica, ""), step, journal.changes_of(step.id))
            chains[step.replica] = step.chain


@contextmanager
def walking(session: Session) -> Iterator[None]:
    """Check that what happens inside, one step, can be taken back and put back, more than once."""
    session._on_storage(session.join)
    before = state(session)
    yield
    after = state(session)
    assert after != before
    for _ in range(3):
        session.history.undo()
        assert state(session) == before
        session.history.redo()
        assert state(session) == after
    check_soundness(session)


@pytest.fixture
def contested(copies: list[Path]) -> list[Path]:
    """Copies of which the second changed a span otherwise than the first, which has merged it; what is shown is its."""
    with Session(copies[1], OTHER) as session:
        relabel(session, "condition")
        relabel(session, "criticism")
    with Session(copies[0], PERSON) as session:
        session.annotations.resize(first_span(session), [(18, 30)])
        assert session.merging.merge([copies[1]]).conflicts == 1
    return copies


class TestDecisions:
    @pytest.mark.parametrize("side", [0, 1])
    def test_undo_lists_the_same_conflict_with_the_same_sides(self, contested: list[Path], side: int) -> None:
        with Session(contested[0], PERSON) as session:
            (conflict,) = session.merging.conflicts()
            with walking(session):
                session.merging.resolve(conflict.row, conflict.sides[side].revision)
                assert session.merging.conflicts() == []
            session.history.undo()
            (again,) = session.merging.conflicts()
            assert [one.record for one in again.sides] == [one.record for one in conflict.sides]
            assert [one.annotator for one in again.sides] == [OTHER.id, PERSON.id]
            with pytest.raises(NotFoundError):
                session.merging.resolve(conflict.row, conflict.sides[1].revision)
            session.merging.resolve(again.row, again.sides[1 - side].revision)
            assert session.merging.conflicts() == []
            assert session.queries.annotation(again.row) == conflict.sides[1 - side].record

    def test_an_edit_of_a_contested_row_settles_it_until_it_is_taken_back(self, contested: list[Path]) -> None:
        with Session(contested[0], PERSON) as session:
            with walking(session):
                relabel(session, "signal_to_russia")
                assert session.merging.conflicts() == []
            with walking(session):
                session.annotations.resize(first_span(session), [(20, 30)])
            session.history.undo()
            session.history.undo()
            assert len(session.merging.conflicts()) == 1

    def test_a_deletion_as_a_side_comes_back_as_well(self, copies: list[Path]) -> None:
        with Session(copies[1], OTHER) as session:
            session.annotations.delete([first_span(session)])
        with Session(copies[0], PERSON) as session:
            session.annotations.resize(first_span(session), [(18, 30)])
            session.merging.merge([copies[1]])
            (conflict,) = session.merging.conflicts()
            assert [one.record is None for one in conflict.sides] == [False, True]
            for side in (1, 0):
                with walking(session):
                    session.merging.resolve(conflict.row, conflict.sides[side].revision)
                    assert session.merging.conflicts() == []
                session.history.undo()
                (conflict,) = session.merging.conflicts()
            session.history.redo()

    def test_three_sides_come_back_in_their_order(self, contested: list[Path]) -> None:
        with Session(contested[2], THIRD) as session:
            relabel(session, "signal_to_russia")
        with Session(contested[0], PERSON) as session:
            with walking(session):
                session.merging.merge([contested[2]])
            (conflict,) = session.merging.conflicts()
            assert [one.annotator for one in conflict.sides[:1]] == [OTHER.id]
            assert {one.annotator for one in conflict.sides} == {PERSON.id, OTHER.id, THIRD.id}
            with walking(session):
                session.merging.resolve(conflict.row, conflict.sides[2].revision)

    def test_a_decision_and_its_gold_come_back_with_both_sides(self, project_path: Path, tmp_path: Path) -> None:
        other = decided_twice(project_path, tmp_path)
        with Session(project_path, PERSON) as session:
            with walking(session):
                session.merging.merge([other])
            (conflict,) = session.merging.conflicts()
            assert conflict.table == "decision"
            for side in (0, 1):
                with walking(session):
                    session.merging.resolve(conflict.row, conflict.sides[side].revision)
                    (decision,) = session.reading.rows.all(Decision)
                    assert decision == conflict.sides[side].record
                session.history.undo()
                (conflict,) = session.merging.conflicts()

    def test_an_entity_that_is_named_is_not_decided_away(self, copies: list[Path]) -> None:
        with Session(copies[0], PERSON) as session:
            entity = session.entities.create("Somebody").id
        shutil.copy(copies[0], copies[1])
        with Session(copies[1], OTHER) as session:
            session.entities.delete([entity])
        with Session(copies[0], PERSON) as session:
            session.entities.rename(entity, "Somebody else")
            session.merging.merge([copies[1]])
            session.annotations.set_attribute(first_span(session), "target", "Somebody else")
            (conflict,) = session.merging.conflicts()
            before = state(session)
            with pytest.raises(RefusedError, match="still names this"):
                session.merging.resolve(entity, conflict.sides[1].revision)
            assert state(session) == before
            session.annotations.set_attribute(first_span(session), "target", None)
            with walking(session):
                session.merging.resolve(entity, conflict.sides[1].revision)

    def test_undo_and_redo_go_on_after_a_restart(self, contested: list[Path]) -> None:
        states = []
        with Session(contested[0], PERSON) as session:
            states.append(state(session))
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[1].revision)
            states.append(state(session))
        for verb, expected in [("undo", 0), ("redo", 1), ("undo", 0), ("undo", None), ("redo", 0), ("redo", 1)]:
            with Session(contested[0], PERSON) as session:
                getattr(session.history, verb)()
                assert expected is None or state(session) == states[expected]
                check_soundness(session)

    def test_an_older_decision_can_be_taken_back_after_later_steps_that_were(self, contested: list[Path]) -> None:
        with Session(contested[0], PERSON) as session:
            before = state(session)
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[1].revision)
            decided = session.reading.journal.steps()[-1].id
            relabel(session, "signal_to_russia")
            with pytest.raises(RefusedError, match="came after it"):
                session.history.revert(decided)
            session.history.undo()
            session.history.revert(decided)
            assert state(session) == before

    def test_a_decision_with_later_work_on_it_is_not_put_back(self, contested: list[Path]) -> None:
        """What one of two sides became in another copy, which came in since, came after the undo."""
        with Session(contested[0], PERSON) as session:
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[1].revision)
            session.history.undo()
        with Session(contested[2], PERSON) as session:
            session.merging.merge([contested[0]])
            relabel(session, "signal_to_russia")
        with Session(contested[0], OTHER) as session:
            session.merging.merge([contested[2]])
            assert session.merging.conflicts() == []
            before = state(session)
        with Session(contested[0], PERSON) as session:
            with pytest.raises(UserError):
                session.history.redo()
            assert state(session) == before


def decided_twice(project_path: Path, folder: Path) -> Path:
    """Let two leads decide the same case otherwise; returns the copy of the second."""
    with Session(project_path, PERSON) as session:
        add_lead(session, OTHER)
        stage = ReviewStage(session)
        stage.tag("A", "pledge", PLEDGE)
        stage.tag("B", "criticism", (18, 30))
        for layer in stage.layers:
            stage.status(layer, "done")
        case = stage.queue.cases[0].case.id
        document, layers = stage.document, stage.layers
    other = folder / "other.annodb"
    shutil.copy(project_path, other)
    for path, person, layer in ((project_path, PERSON, "A"), (other, OTHER, "B")):
        with Session(path, person) as session:
            session.review.decide(document, case, "layer", layer=layers[layer])
    return other


class TestMerges:
    def test_undo_settles_what_the_merge_contested_also_where_the_local_side_is_shown(self, copies: list[Path]) -> None:
        with Session(copies[1], OTHER) as session:
            relabel(session, "criticism")
        with Session(copies[0], PERSON) as session:
            for end in (35, 34, 33):
                session.annotations.resize(first_span(session), [(18, end)])
            heard: list[ChangeSet] = []
            session.events.subscribe(heard.append)
            with walking(session):
                session.merging.merge([copies[1]])
                (conflict,) = session.merging.conflicts()
                assert conflict.sides[0].annotator == PERSON.id
            assert any(change.row == conflict.row for changes in heard[1:] for change in changes.changes)
            session.history.undo()
            assert session.merging.conflicts() == []
            assert session.merging.merge([copies[1]]).taken_back
            assert session.merging.conflicts() == []

    def test_a_merge_that_was_taken_back_contests_nothing_elsewhere(self, contested: list[Path]) -> None:
        with Session(contested[0], PERSON) as session:
            session.history.undo()
            mine = session.queries.annotation(first_span(session))
        with Session(contested[1], OTHER) as session:
            session.merging.merge([contested[0]])
            assert session.merging.conflicts() == []
            assert session.queries.annotation(first_span(session)) == mine

    def test_a_merge_that_brings_a_decision_gives_the_conflict_back(self, contested: list[Path]) -> None:
        with Session(contested[1], OTHER) as session:
            session.merging.merge([contested[0]])
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[1].revision)
        with Session(contested[0], PERSON) as session, walking(session):
            session.merging.merge([contested[1]])
            assert session.merging.conflicts() == []

    def test_a_decision_since_a_merge_is_taken_back_before_it(self, contested: list[Path]) -> None:
        with Session(contested[0], PERSON) as session:
            merge = session.reading.journal.steps()[-1].id
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[0].revision)
            with pytest.raises(RefusedError, match="came after it"):
                session.history.revert(merge)
            session.history.undo()
            session.history.revert(merge)
            assert session.merging.conflicts() == []

    def test_what_a_merge_hid_is_shown_again_and_hidden_again(self, copies: list[Path]) -> None:
        with Session(copies[1], OTHER) as session:
            session.annotations.delete([first_span(session)])
        with Session(copies[0], PERSON) as session:
            session.annotations.set_attribute(first_span(session), "target", "Somebody new")
            with walking(session):
                session.merging.merge([copies[1]])
                assert [one.table for one in session.merging.conflicts()] == ["attribute_value"]


class TestHiddenRows:
    @pytest.fixture
    def hidden(self, copies: list[Path]) -> list[Path]:
        """Copies of which the second gave a value to a span that the first deleted, and the first has merged it."""
        with Session(copies[1], OTHER) as session:
            session.annotations.set_attribute(first_span(session), "strength", "firm")
        with Session(copies[0], PERSON) as session:
            session.annotations.delete([first_span(session)])
            session.merging.merge([copies[1]])
        return copies

    def test_what_was_brought_back_is_hidden_again(self, hidden: list[Path]) -> None:
        with Session(hidden[0], PERSON) as session:
            heard: list[ChangeSet] = []
            session.events.subscribe(heard.append)
            (conflict,) = session.merging.conflicts()
            with walking(session):
                session.merging.bring_back(conflict.row)
                assert len(session.reading.rows.all(AttributeValue)) == 1
            assert all(changes.touches("attribute_value") for changes in heard)
            assert len(session.merging.conflicts()) == 0
            session.history.undo()
            assert open_matters(session)[0][3][0][1] == OTHER.id
            session.merging.bring_back(conflict.row)
            assert session.reading.rows.all(AttributeValue)

    def test_what_stays_hidden_travels(self, hidden: list[Path]) -> None:
        with Session(hidden[0], PERSON) as session:
            before = open_matters(session)
            session.merging.bring_back(before[0][1])
            session.history.undo()
        with Session(hidden[2], THIRD) as session:
            session.merging.merge([hidden[0]])
            assert open_matters(session) == before

    def test_a_merge_that_shows_what_was_hidden_hides_it_again(self, hidden: list[Path]) -> None:
        with Session(hidden[2], THIRD) as session:
            session.merging.merge([hidden[0]])
            (conflict,) = session.merging.conflicts()
            session.merging.bring_back(conflict.row)
        with Session(hidden[0], PERSON) as session:
            with walking(session):
                session.merging.merge([hidden[2]])
                assert session.merging.conflicts() == []
            session.history.undo()
            session.history.undo()
            assert session.merging.conflicts() == []
            session.history.undo()
            session.history.redo()
            session.history.redo()
            assert len(session.merging.conflicts()) == 1
            session.history.redo()
            assert session.merging.conflicts() == []


class TestOtherCopies:
    def test_a_conflict_that_came_back_is_one_everywhere(self, contested: list[Path]) -> None:
        with Session(contested[0], PERSON) as session:
            before = open_matters(session)
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[1].revision)
        with Session(contested[2], THIRD) as session:
            session.merging.merge([contested[0]])
            assert session.merging.conflicts() == []
        with Session(contested[0], PERSON) as session:
            session.history.undo()
        for path, person in ((contested[1], OTHER), (contested[2], THIRD)):
            with Session(path, person) as session:
                with walking(session):
                    session.merging.merge([contested[0]])
                assert open_matters(session) == before
        with Session(contested[1], OTHER) as session:
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[0].revision)
        with Session(contested[0], PERSON) as session:
            assert session.merging.merge([contested[1]]).conflicts == 0
            assert session.merging.conflicts() == []
