"""People, rounds, assignments and statuses: what the verbs refuse, and how far everybody is."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.person_colours import person_colours
from annotator.core.records import Annotation, Assignment, Layer, Status
from annotator.core.text_edits import TextEdit
from annotator.session.people import Person
from annotator.session.session import Session
from tests.support import TEXT, add_document

B = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
C = Person("33333333-3333-4333-8333-333333333333", "Analyst C")


@pytest.fixture
def team(session: Session) -> Session:
    """A project of a lead with two analysts and five documents."""
    session.annotators.rename(session.person.id, "Lead")
    for number in range(5):
        add_document(session, f"Text number {number}. {'It goes on. ' * number}", f"Document {number}")
    return session


def add(session: Session, name: str) -> str:
    return session.annotators.add(name).id


def documents(session: Session) -> list[str]:
    return [row.document.id for row in session.queries.documents()]


def label(session: Session) -> str:
    return session.queries.codebook().labels[0].id


# -- people


def test_a_project_keeps_a_lead(session: Session) -> None:
    own = session.person.id
    with pytest.raises(RefusedError, match="only lead"):
        session.annotators.set_role(own, "analyst")
    other = add(session, "Analyst B")
    with pytest.raises(RefusedError, match="only lead"):
        session.annotators.join(own, other)
    session.annotators.set_role(other, "lead")
    session.annotators.set_role(own, "analyst")
    assert session.role == "analyst"
    with pytest.raises(RefusedError, match="Only leads"):
        session.annotators.set_role(own, "lead")


def test_names_tell_people_apart(session: Session) -> None:
    add(session, "Analyst B")
    for name, words in (
        ("  analyst  b ", "called"),
        (" ", "needs a name"),
        ("a\0b", "needs a name"),
        ("x" * 201, "at"),
    ):
        with pytest.raises(RefusedError, match=words):
            session.annotators.add(name)
    assert session.annotators.rename(session.person.id, "  The   lead ").name == "The lead"
    with pytest.raises(RefusedError, match="no role"):
        session.annotators.add("Analyst C", "reader")
    with pytest.raises(RefusedError, match="no colour"):
        session.annotators.set_color(session.person.id, "blue")


def test_new_people_have_colours_of_their_own(session: Session) -> None:
    for number in range(6):
        add(session, f"Analyst {number}")
    assert len({person_colours(one) for one in session.queries.annotators()}) == 7


def test_joining_oneself_or_in_a_circle_is_refused(session: Session) -> None:
    b, c = add(session, "Analyst B"), add(session, "Analyst C")
    session.annotators.join(b, c)
    for one, other in ((b, b), (c, b), (b, c)):
        with pytest.raises(RefusedError, match="one person already"):
            session.annotators.join(one, other)


def test_who_is_joined_works_in_one_layer_and_owns_both(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session).id
        add(session, "Analyst C")  # so that who comes is an analyst
        first = add(session, "Analyst B")
    with Session(project_path, Person(first, "Analyst B")) as session:
        session.annotations.tag(document, label(session), [(0, 6)])
    with Session(project_path, Person(B.id, "Analyst B elsewhere")) as session:
        made = session.annotations.tag(document, label(session), [(18, 45)])
    with Session(project_path, person) as session:
        session.annotators.join(B.id, first)
        [row] = [one for one in session.queries.progress() if one.annotator.id == first]
        assert (row.spans, row.statuses["in_progress"]) == (2, 1)
        assert [one.annotator.id for one in session.queries.progress()].count(B.id) == 0
    with Session(project_path, B) as session:
        [layer] = [one for one in session.queries.layers() if one.annotator == first]
        assert session.own_layer(session.reading) == layer
        assert len(session.queries.content(document).annotations) == 2
        session.annotations.resize(made.id, [(18, 40)])
        assert session.annotations.tag(document, label(session), [(46, 50)]).layer == layer.id
        session.documents.set_status(document, "done")
    with Session(project_path, Person(first, "Analyst B")) as session:
        assert session.queries.status_counts()["done"] == 1
        session.annotations.delete([one.id for one in session.reading.rows.all(Annotation) if one.layer == layer.id])
    with Session(project_path, person) as session:
        [row] = [one for one in session.queries.progress() if one.annotator.id == first]
        assert {status: count for status, count in row.statuses.items() if count} == {"done": 1}
        assert (row.total, row.empty) == (1, 0)  # what the other id tagged is still there
        stand = session.queries.work_table().stands[document, first]
        assert (stand.status, stand.is_empty) == ("done", False)


def test_only_who_has_no_work_can_be_removed(team: Session) -> None:
    b = add(team, "Analyst B")
    team.assignments.assign_one(documents(team)[0], b)
    with pytest.raises(RefusedError, match="has work here"):
        team.annotators.remove(b)
    team.assignments.unassign([one.id for one in team.reading.rows.all(Assignment)])
    team.annotators.remove(b)
    assert [one.name for one in team.queries.annotators()] == ["Lead"]
    with pytest.raises(RefusedError, match="yourself"):
        team.annotators.remove(team.person.id)


def test_analysts_change_only_their_own_name_and_colour(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        b = add(session, "Analyst B")
    with Session(project_path, Person(b, "Analyst B")) as session:
        session.annotators.rename(b, "Analyst with another name")
        session.annotators.set_color(b, "#2f5fb3")
        calls = (
            lambda: session.annotators.set_role(b, "lead"),
            lambda: session.annotators.add("Analyst C"),
            lambda: session.annotators.rename(person.id, "Somebody"),
            lambda: session.annotators.join(b, person.id),
            lambda: session.rounds.begin("Pilot"),
            lambda: session.rounds.release(session.queries.project().round),
            lambda: session.assignments.assign(None, [b]),
        )
        add_document(session)
        for call in calls:
            with pytest.raises(RefusedError, match="Only leads"):
                call()


# -- rounds


def test_each_round_has_layers_of_its_own(team: Session) -> None:
    document = documents(team)[0]
    first = team.annotations.tag(document, label(team), [(0, 4)])
    production = team.queries.project().round
    pilot = team.rounds.begin("Pilot", practice=True)
    assert pilot.practice and team.queries.project().round == pilot.id
    assert team.queries.status_counts() == {"new": 5}
    second = team.annotations.tag(document, label(team), [(0, 4)])
    assert first.layer != second.layer
    team.rounds.switch(production)
    assert team.queries.status_counts()["in_progress"] == 1
    with pytest.raises(RefusedError, match="work in the round"):
        team.rounds.remove(pilot.id)
    with pytest.raises(RefusedError, match="already"):
        team.rounds.begin(" PILOT")
    with pytest.raises(RefusedError, match="in the round"):
        team.rounds.remove(production)


def test_an_empty_round_goes_with_its_empty_layers(team: Session) -> None:
    production = team.queries.project().round
    pilot = team.rounds.begin("Pilot")
    team.rounds.switch(production)
    assert any(one.round == pilot.id for one in team.queries.layers())
    team.rounds.remove(pilot.id)
    assert [one.id for one in team.queries.rounds()] == [production]


# -- assignments


def test_what_is_assigned_stays_and_the_rest_is_shared_out(team: Session) -> None:
    b, c = add(team, "Analyst B"), add(team, "Analyst C")
    first = documents(team)[0]
    team.assignments.assign_one(first, c)
    planned = team.queries.assignment_plan(None, [b, c], 0.5, seed=3)
    plan = team.assignments.assign(None, [b, c], 0.5, seed=3)
    assert plan == planned and plan.left_alone == 1
    rows = team.reading.rows.all(Assignment)
    assert len(rows) == 1 + 4 + 2
    assert [one.annotator for one in rows if one.document == first] == [c]
    assert not team.assignments.assign(None, [b, c]).allotments
    assert team.history.entries(1)[0].title == "Assign 4 documents to 2 people"


def test_each_round_has_assignments_of_its_own(team: Session) -> None:
    b = add(team, "Analyst B")
    team.assignments.assign(None, [b])
    pilot = team.rounds.begin("Pilot")
    assert len(team.assignments.assign(documents(team)[:2], [b], round=pilot.id).allotments) == 2


def test_what_cannot_be_assigned(team: Session) -> None:
    b = add(team, "Analyst B")
    for people, overlap, words in (([], 0, "Nobody"), ([b], 0.2, "at least two"), ([b], 1.5, "from 0 to 1")):
        with pytest.raises(RefusedError, match=words):
            team.assignments.assign(None, people, overlap)
    for given, people in ((["missing"], [b]), (None, ["missing"])):
        with pytest.raises(NotFoundError, match="missing"):
            team.assignments.assign(given, people)


def test_a_joined_person_gets_it_once(team: Session) -> None:
    b, c = add(team, "Analyst B"), add(team, "Analyst C")
    team.assignments.assign_one(documents(team)[0], b)
    team.annotators.join(b, c)
    team.assignments.assign_one(documents(team)[0], c)
    assert len(team.reading.rows.all(Assignment)) == 1


def test_pairs_are_assigned_once(team: Session) -> None:
    b, c = add(team, "Analyst B"), add(team, "Analyst C")
    one, two = documents(team)[:2]
    team.assignments.assign_one(one, b)
    assert team.assignments.assign_pairs([(one, b), (one, c), (two, c), (two, c)]) == 2
    assert len(team.reading.rows.all(Assignment)) == 3
    with pytest.raises(NotFoundError, match="missing"):
        team.assignments.assign_pairs([("missing", b)])


def test_what_is_begun_is_not_handed_over(team: Session) -> None:
    b, c = add(team, "Analyst B"), add(team, "Analyst C")
    team.assignments.assign(None, [b])
    begun, shared = documents(team)[:2]
    team.work.set_status([begun], b, "in_progress")
    team.assignments.assign_one(shared, c)
    assert team.assignments.hand_over(b, c) == 3
    holders = {(one.document, one.annotator) for one in team.reading.rows.all(Assignment)}
    assert {document for document, one in holders if one == b} == {begun, shared}
    assert {document for document, one in holders if one == c} == set(documents(team)) - {begun}
    with pytest.raises(RefusedError, match="themselves"):
        team.assignments.hand_over(b, b)


def test_a_corrected_document_stays_assigned_and_a_removed_one_does_not(team: Session) -> None:
    b = add(team, "Analyst B")
    team.assignments.assign(None, [b])
    old = documents(team)[0]
    new = team.documents.correct(old, [TextEdit(0, 4, "Word")]).document.id
    assert new in {one.document for one in team.reading.rows.all(Assignment)}
    assert next(one for one in team.queries.progress() if one.annotator.id == b).assigned == 5
    team.documents.remove(new)
    assert next(one for one in team.queries.progress() if one.annotator.id == b).assigned == 4


# -- statuses and progress


def test_progress_counts_by_person_and_status(team: Session) -> None:
    b = add(team, "Analyst B")
    team.assignments.assign(None, [b])
    one, two, three, four, _ = documents(team)
    with Session(team.path, Person(b, "Analyst B"), write=False) as reading:
        assert reading.queries.own_documents() == documents(team)
    for document, status in ((one, "done"), (two, "returned"), (three, "approved"), (four, "in_progress")):
        team.work.set_status([document], b, status)
    row = next(one for one in team.queries.progress() if one.annotator.id == b)
    assert dict(row.statuses) == {"new": 1, "in_progress": 1, "done": 1, "returned": 1, "approved": 1}
    assert (row.assigned, row.empty, row.finished, row.total, row.spans) == (5, 2, 2, 5, 0)
    table = team.queries.work_table()
    assert [title for _, title, _ in table.documents] == [f"Document {number}" for number in range(5)]
    assert {stand.status for stand in table.stands.values()} == {*row.statuses}
    assert table.stands[one, b].is_empty and not table.stands[two, b].is_empty
    assert all(stand.assignment for stand in table.stands.values())


def test_a_status_for_somebody_who_has_not_come_yet_makes_their_layer(team: Session) -> None:
    b = add(team, "Analyst B")
    assert team.work.set_status(documents(team), b, "returned") == 5
    assert team.work.set_status(documents(team), b, "returned") == 0
    [layer] = [one for one in team.reading.rows.all(Layer) if one.annotator == b]
    assert {one.layer for one in team.reading.rows.all(Status)} == {layer.id}
    with pytest.raises(RefusedError, match="no status"):
        team.work.set_status(documents(team), b, "nearly")


def test_done_without_spans_is_told_apart(session: Session) -> None:
    empty, tagged = add_document(session).id, add_document(session, TEXT + " More.", "Another").id
    session.annotations.tag(tagged, label(session), [(0, 6)])
    for document in (empty, tagged):
        session.documents.set_status(document, "done")
    assert {row.document.id: row.is_empty for row in session.queries.documents()} == {empty: True, tagged: False}
    session.documents.set_status(empty, "in_progress")
    assert not session.queries.document_rows([empty])[0].is_empty
