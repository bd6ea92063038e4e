"""A corrected text is a new version of its document: what hung on the old one hangs on it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, made
from annotator.core.errors import DatasetError, DocumentReadError, RefusedError
from annotator.core.records import Document
from annotator.core.text_edits import TextEdit
from annotator.session.lineage import newest_version, older_versions
from annotator.session.people import Person
from annotator.session.session import Session
from tests.support import TEXT, add_document, add_lead


def labels(session: Session) -> dict[str, str]:
    return {label.key: label.id for label in session.queries.codebook().labels}


@pytest.fixture
def tagged(session: Session) -> str:
    document = add_document(session)
    tag = session.annotations.tag
    pledge = tag(document.id, labels(session)["pledge"], [(18, 45)], {"speaker": "The alliance"}, "why")
    condition = tag(document.id, labels(session)["condition"], [(46, 67)])
    session.relations.relate(condition.id, "conditions", pledge.id)
    session.annotations.tag(document.id, labels(session)["criticism"], [(69, 114)], note="harsh")
    session.documents.set_status(document.id, "in_progress")
    return document.id


def test_what_is_tagged_moves_along(session: Session, tagged: str) -> None:
    before = session.queries.content(tagged)
    version = session.documents.correct(tagged, [TextEdit(0, 6, "Report of the summit"), TextEdit(69, 115, "")])
    after = session.queries.content(version.document.id)
    assert after.text == "Report of the summit" + TEXT[6:69] + TEXT[115:]
    assert [after.text[a.start : a.end] for a in after.annotations] == [TEXT[18:45], TEXT[46:67]]
    assert version.lost == 1
    pledge = after.annotations[0]
    assert after.values[pledge.id] == before.values[before.annotations[0].id]
    assert after.notes == {pledge.id: "why"}
    assert [(r.source, r.target) for r in after.relations] == [(after.annotations[1].id, pledge.id)]
    assert after.status == "in_progress"
    session.annotations.set_note(pledge.id, "another")
    assert session.queries.content(version.document.id).notes == {pledge.id: "another"}


def test_only_the_newest_version_is_in_sight(session: Session, tagged: str, tmp_path: Path) -> None:
    other = add_document(session, "Another text.", "Another")
    version = session.documents.correct(tagged, [TextEdit(0, 6, "Meeting")]).document
    assert [row.document.id for row in session.queries.documents()] == [version.id, other.id]
    assert session.queries.document_count() == 2
    assert session.queries.document_named("Summit statement").id == version.id
    assert session.queries.status_counts() == {"in_progress": 1, "new": 1}
    assert [choice.spans for choice in session.datasets.choices()] == [3]
    result = session.datasets.export(tmp_path / "out.jsonl")
    assert (result.documents, result.spans, result.relations) == (2, 3, 1)


def test_the_old_version_stays_as_it_was_and_takes_no_second_correction(session: Session, tagged: str) -> None:
    before = session.queries.content(tagged)
    session.documents.correct(tagged, [TextEdit(0, 6, "Meeting")])
    assert session.queries.content(tagged) == before
    with pytest.raises(RefusedError, match="has been corrected already"):
        session.documents.correct(tagged, [TextEdit(0, 1, "")])


def test_removing_takes_every_version(session: Session, tagged: str) -> None:
    second = session.documents.correct(tagged, [TextEdit(0, 6, "Meeting")]).document
    third = session.documents.correct(second.id, [TextEdit(0, 7, "Session")]).document
    session.documents.remove(third.id)
    assert session.queries.document_count() == 0
    assert not session.reading.rows.annotations(tagged)
    session.history.undo()
    assert [row.document.id for row in session.queries.documents()] == [third.id]


def test_a_text_cannot_be_taken_away_altogether(session: Session, tagged: str) -> None:
    with pytest.raises(DocumentReadError, match="Keep a paragraph"):
        session.documents.correct(tagged, [TextEdit(0, len(TEXT), "")])
    assert session.queries.document_count() == 1


def test_its_file_is_still_known(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(TEXT, "utf-8")
    document = session.documents.import_files([path]).imported[0].document
    session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")])
    assert len(session.documents.import_files([path]).duplicates) == 1


def test_versions_are_counted_and_their_steps_known(session: Session, tagged: str) -> None:
    assert session.queries.version(session.queries.document(tagged)) == 1
    second = session.documents.correct(tagged, [TextEdit(0, 6, "Meeting")]).document
    third = session.documents.correct(second.id, [TextEdit(0, 7, "Session")]).document
    assert [session.queries.version(one) for one in (second, third)] == [2, 3]
    step = session.history.last_step_of(third.id)
    assert step == session.history.entries()[0].step
    with pytest.raises(RefusedError, match="builds on it"):
        session.history.revert(session.history.last_step_of(second.id))
    session.history.revert(step)
    assert [row.document.id for row in session.queries.documents()] == [second.id]


@pytest.fixture
def corrected(session: Session, tagged: str) -> Document:
    return session.documents.correct(tagged, [TextEdit(0, 6, "Meeting")]).document


CHANGES: dict[str, Callable[[Session, str, str, str], object]] = {
    "tag": lambda s, document, annotation, other: s.annotations.tag(document, labels(s)["pledge"], [(0, 6)]),
    "relabel": lambda s, document, annotation, other: s.annotations.relabel(annotation, labels(s)["criticism"]),
    "resize": lambda s, document, annotation, other: s.annotations.resize(annotation, [(18, 30)]),
    "delete": lambda s, document, annotation, other: s.annotations.delete([annotation]),
    "attribute": lambda s, document, annotation, other: s.annotations.set_attribute(annotation, "strength", "firm"),
    "note": lambda s, document, annotation, other: s.annotations.set_note(annotation, "new"),
    "relate": lambda s, document, annotation, other: s.relations.relate(annotation, "restates", other),
    "status": lambda s, document, annotation, other: s.documents.set_status(document, "done"),
    "describe": lambda s, document, annotation, other: s.documents.describe(document, title="Another"),
    "remove": lambda s, document, annotation, other: s.documents.remove(document),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_version_out_of_sight_takes_no_change(session: Session, tagged: str, change: str) -> None:
    second = session.annotations.tag(tagged, labels(session)["pledge"], [(70, 80)])
    session.documents.correct(tagged, [TextEdit(0, 6, "Meeting")])
    before = session.reading.dump()
    with pytest.raises(RefusedError):
        CHANGES[change](session, tagged, session.queries.content(tagged).annotations[0].id, second.id)
    assert session.reading.dump() == before


def test_nobody_takes_back_what_is_out_of_sight(project_path: Path, person: Person) -> None:
    """The copy on the new version would stay, and the person think that it is gone."""
    other = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
    with Session(project_path, person) as session:
        add_lead(session, other)
        document = add_document(session)
        session.annotations.tag(document.id, labels(session)["pledge"], [(18, 45)])
    with Session(project_path, other) as session:
        session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")])
    with Session(project_path, person) as session, pytest.raises(RefusedError, match="was corrected since"):
        session.history.undo()


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_correction_put_back_hides_nothing_that_came_meanwhile(
    project_path: Path, person: Person, taken_back: bool
) -> None:
    other = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
    with Session(project_path, person) as session:
        add_lead(session, other)
        document = add_document(session)
        annotation = session.annotations.tag(document.id, labels(session)["pledge"], [(18, 45)])
        session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")])
        session.history.undo()
    with Session(project_path, other) as session:
        session.annotations.set_attribute(annotation.id, "strength", "firm")
        if taken_back:
            session.history.undo()
    with Session(project_path, person) as session:
        if taken_back:
            session.history.redo()
            assert session.queries.documents()[0].document.supersedes == document.id
        else:
            with pytest.raises(RefusedError, match="Correct the text again"):
                session.history.redo()


@pytest.mark.parametrize("known_by", ["id", "text"])
def test_a_line_of_an_older_version_is_refused(session: Session, tmp_path: Path, known_by: str) -> None:
    document = add_document(session)
    session.annotations.tag(document.id, labels(session)["pledge"], [(18, 45)])
    out = tmp_path / "out.jsonl"
    session.datasets.export(out)
    session.history.undo()
    if known_by == "text":
        out.write_text(out.read_text("utf-8").replace(document.id, "elsewhere"), "utf-8")
    session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")])
    before = session.reading.dump()
    with pytest.raises(DatasetError, match=r"line 1: the text of document .* was corrected in this project since"):
        session.datasets.load(out, "jsonl")
    assert session.reading.dump() == before


def test_a_line_finds_the_document_in_sight_with_its_text(session: Session, tmp_path: Path) -> None:
    document = add_document(session)
    session.annotations.tag(document.id, labels(session)["pledge"], [(18, 45)])
    out = tmp_path / "out.jsonl"
    session.datasets.export(out)
    out.write_text(out.read_text("utf-8").replace(document.id, "elsewhere"), "utf-8")
    session.history.undo()
    session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")])
    again = add_document(session)
    session.datasets.load(out, "jsonl")
    assert [(row.document.id == again.id, row.span_count) for row in session.queries.documents()] == [
        (False, 0),
        (True, 1),
    ]


def also_superseding(session: Session, version: Document) -> Document:
    """Store another document that takes the place of the same one, as two copies of a project may do."""
    other = replace(version, id="33333333-3333-4333-8333-333333333333")
    session.stream(lambda: session.repository.apply(ChangeSet("Merge", made(other)), session.author))
    return other


def test_of_two_newer_versions_one_can_be_removed(session: Session, tagged: str, corrected: Document) -> None:
    other = also_superseding(session, corrected)
    session.documents.remove(corrected.id)
    assert [row.document.id for row in session.queries.documents()] == [other.id]
    session.documents.remove(other.id)
    assert session.reading.rows.get(Document, tagged) is None
    session.history.undo()
    session.history.undo()
    assert session.queries.document_count() == 2


def test_documents_that_supersede_each_other_end_the_search(session: Session, corrected: Document) -> None:
    older = older_versions(session.reading, corrected)[0]
    looped = replace(older, supersedes=corrected.id)
    connection = session.reading.database
    connection.execute_sql("PRAGMA query_only = 0")
    connection.execute_sql('UPDATE "document" SET "supersedes" = ? WHERE "id" = ?', (corrected.id, older.id))
    assert older_versions(session.reading, corrected) == [looped]
    assert newest_version(session.reading, looped) in (corrected, looped)


def test_what_is_left_of_a_span_has_no_white_space_at_its_ends(session: Session) -> None:
    text = "Alpha beta gamma delta. Epsilon zeta."
    document = add_document(session, text)
    pledge = labels(session)["pledge"]
    session.annotations.tag(document.id, pledge, [(0, 10)])
    session.annotations.tag(document.id, pledge, [(5, 10)])
    session.annotations.tag(document.id, pledge, [(11, 22)])
    version = session.documents.correct(document.id, [TextEdit(0, 5, ""), TextEdit(11, 16, ""), TextEdit(17, 22, "")])
    content = session.queries.content(version.document.id)
    assert [content.quote(annotation) for annotation in content.annotations] == ["beta", " beta"]
    assert version.lost == 1


def test_new_text_is_made_storable(session: Session, tagged: str) -> None:
    version = session.documents.correct(tagged, [TextEdit(0, 6, "One\r\ntwo\rthree")])
    content = session.queries.content(version.document.id)
    assert content.text.startswith("One\ntwo\nthree statement")
    assert content.quote(content.annotations[0]) == TEXT[18:45]
    with pytest.raises(DocumentReadError, match="half a character"):
        session.documents.correct(version.document.id, [TextEdit(0, 3, "a\udcff")])


def test_the_same_text_is_no_new_version(session: Session, tagged: str) -> None:
    before = session.history.entries()
    version = session.documents.correct(tagged, [TextEdit(0, 6, "Summit")])
    assert version.document.id == tagged and session.history.entries() == before


def test_what_was_decided_from_others_keeps_those_that_stayed_behind(session: Session) -> None:
    document = add_document(session)
    pledge = labels(session)["pledge"]
    kept, gone = (session.annotations.tag(document.id, pledge, [span]) for span in [(18, 45), (0, 6)])
    made_of = replace(session.annotations.tag(document.id, pledge, [(18, 30)]), decided_from=(kept.id, gone.id))
    decided = replace(made_of, id="44444444-4444-4444-8444-444444444444")
    session.stream(lambda: session.repository.apply(ChangeSet("Decide", made(decided)), session.author))
    version = session.documents.correct(document.id, [TextEdit(0, 7, "")])
    after = session.queries.content(version.document.id).annotations
    [sources] = [annotation.decided_from for annotation in after if annotation.decided_from]
    assert sources[0] in {annotation.id for annotation in after} and sources[1] == gone.id
