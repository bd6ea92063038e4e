"""Notes: whose they are, what goes with what they are on, and the list of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Note
from annotator.core.text_edits import TextEdit
from annotator.session.people import Person
from annotator.session.session import Session
from tests.support import add_document, add_lead

OTHER = Person("22222222-2222-4222-8222-222222222222", "Особа К.")


def bodies(session: Session) -> list[tuple[str, str, str]]:
    return [(row.note.kind, row.title, row.note.body) for row in session.queries.notes()]


def tag(session: Session, document: str, start: int = 18, end: int = 45) -> str:
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    return session.annotations.tag(document, labels["pledge"], [(start, end)]).id


def test_a_span_has_one_note_and_a_document_one_by_each_annotator(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        add_lead(session, OTHER)
        document = add_document(session)
        span, label = tag(session, document.id), session.queries.codebook().labels[0].id
        for kind, target in (("annotation", span), ("document", document.id), ("label", label)):
            session.notes.write(kind, target, "first")
    with Session(project_path, OTHER) as session:
        for kind, target in (("annotation", span), ("document", document.id), ("label", label)):
            session.notes.write(kind, target, "  second  ")
        assert [(n.body, n.annotator) for n in session.queries.notes_on(span)] == [("second", person.id)]
        for target in (document.id, label):
            found = {(note.body, note.annotator) for note in session.queries.notes_on(target)}
            assert found == {("first", person.id), ("second", OTHER.id)}
        (own,) = [note for note in session.queries.notes_on(document.id) if note.annotator == OTHER.id]
        assert own.layer == session.own_layer(session.reading).id
        session.notes.write("document", document.id, " ")
        assert [note.body for note in session.queries.notes_on(document.id)] == ["first"]


def test_the_note_of_a_span_is_the_same_whichever_verb_wrote_it(session: Session) -> None:
    span = tag(session, add_document(session).id)
    session.annotations.set_note(span, "one")
    session.notes.write("annotation", span, "two")
    assert [note.body for note in session.queries.notes_on(span)] == ["two"]
    session.annotations.set_note(span, "")
    assert session.queries.notes_on(span) == []
    steps = len(session.history.entries())
    session.notes.write("annotation", span, "\n")
    assert len(session.history.entries()) == steps


def test_notes_go_with_what_they_are_on_and_come_back(session: Session) -> None:
    document = add_document(session)
    one, other = tag(session, document.id), tag(session, document.id, 69, 114)
    relation = session.relations.relate(one, "restates", other)
    session.notes.write("relation", relation.id, "of the relation")
    session.notes.write("annotation", other, "of the span")
    session.notes.write("document", document.id, "of the document")
    whole = session.reading.dump()
    session.annotations.delete([one])
    assert {body for _, _, body in bodies(session)} == {"of the span", "of the document"}
    session.history.undo()
    session.documents.remove(document.id)
    assert session.reading.rows.all(Note) == []
    session.history.undo()
    assert session.reading.dump() == whole


def test_a_step_with_a_later_note_on_it_is_not_taken_back(session: Session) -> None:
    document = add_document(session)
    session.notes.write("document", document.id, "later")
    paste = next(entry for entry in session.history.entries() if entry.title.startswith("Paste"))
    with pytest.raises(RefusedError):
        session.history.revert(paste.step)


def test_a_corrected_document_takes_its_notes_along(session: Session) -> None:
    document = add_document(session)
    session.notes.write("document", document.id, "of the document")
    newer = session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")]).document
    session.notes.write("document", newer.id, "changed")
    assert [note.body for note in session.queries.notes_on(newer.id)] == ["changed"]
    assert bodies(session) == [("document", "Summit statement", "changed")]


def test_the_list_tells_what_each_note_is_on_and_whom_it_names(project_path: Path, person: Person) -> None:
    with Session(project_path, OTHER) as session:
        document = add_document(session)
        one, other = tag(session, document.id), tag(session, document.id, 69, 114)
        relation = session.relations.relate(one, "restates", other)
        label = session.queries.codebook().labels[0]
        session.notes.write("annotation", other, f"@{person.name.upper()}?")
    with Session(project_path, person) as session:
        session.notes.write("annotation", other, f"@{person.name.upper()}? @особа к.")
        session.notes.write("relation", relation.id, "why")
        session.notes.write("label", label.id, "too wide")
        session.notes.write("document", document.id, "read **twice**")
        rows = {row.note.kind: row for row in session.queries.notes()}
    assert len(rows) == 4
    span = rows["annotation"]
    assert (span.title, span.quote[:12], span.annotation, span.position) == (
        "Summit statement",
        "The alliance",
        other,
        69,
    )
    assert (span.author, span.mentions) == (OTHER.name, {person.id, OTHER.id})
    assert rows["relation"].annotation == one
    assert rows["relation"].quote.count(" → ") == 1
    assert (rows["label"].title, rows["label"].quote, rows["label"].annotation) == (label.name, "", None)
    assert (rows["document"].title, rows["document"].quote, rows["document"].mentions) == (
        "Summit statement",
        "",
        frozenset(),
    )


def test_somebody_is_named_before_they_have_joined(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        session.notes.write("document", add_document(session).id, "@особа к. and @Nobody")
        assert session.queries.notes()[0].mentions == frozenset()
    with Session(project_path, OTHER) as session:
        assert session.queries.notes()[0].mentions == {OTHER.id}


@pytest.mark.parametrize("body", ["a\0b", "\ud800", "x" * 100_001])
def test_a_body_that_cannot_be_kept_is_refused(session: Session, body: str) -> None:
    document = add_document(session)
    before = session.reading.dump()
    with pytest.raises(RefusedError, match=r"\.$"):
        session.notes.write("document", document.id, body)
    assert session.reading.dump() == before


def test_a_target_that_is_not_there_is_refused(session: Session) -> None:
    document = add_document(session)
    with pytest.raises(NotFoundError):
        session.notes.write("annotation", document.id, "x")
    with pytest.raises(RefusedError, match="Use one of"):
        session.notes.write("project", document.id, "x")
    with pytest.raises(NotFoundError):
        session.notes.delete(document.id)
