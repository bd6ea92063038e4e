"""Copies of a project that grew apart come together: nothing is lost, and one undo takes it back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet
from annotator.core.errors import NotFoundError, ProjectFileError, RefusedError
from annotator.core.records import Annotation, AttributeValue, Document
from annotator.core.text_edits import TextEdit
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.unplaced import unplaced_spans
from tests.support import PERSON, TEXT, add_document, add_lead

OTHER = Person("22222222-2222-4222-8222-222222222222", "Lead B")


@pytest.fixture
def copies(project_path: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of a project with a document, a tagged span, and two leads."""
    with Session(project_path, PERSON) as session:
        add_lead(session, OTHER)
        document = add_document(session)
        tag(session, document, 18, 45)
    other = tmp_path / "other.annodb"
    shutil.copy(project_path, other)
    return project_path, other


def tag(session: Session, document: Document, start: int, end: int, label: str = "pledge") -> Annotation:
    return session.annotations.tag(document.id, session.queries.label_named(label).id, [(start, end)])


@contextmanager
def at(path: Path, person: Person = PERSON) -> Iterator[tuple[Session, Document, Annotation]]:
    """Open a copy, with its document and the span that both have."""
    with Session(path, person) as session:
        document = session.queries.documents()[0].document
        first = min(session.queries.content(document.id).annotations, key=lambda a: a.created)
        yield session, document, first


def test_a_merge_brings_what_the_other_made_and_one_undo_takes_it_back(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, document, first):
        tag(session, document, 46, 67, "condition")
        session.annotations.set_attribute(first.id, "strength", "firm")
        added = add_document(session, "Another text.", "Another")
        theirs = session.reading.dump()
    with at(one) as (session, document, _):
        before = session.reading.dump()
        preview = session.merging.preview([two])
        assert session.reading.dump() == before
        report = session.merging.merge([two])
        assert session.reading.dump() == theirs
        assert (preview.files, preview.rows, preview.documents) == (report.files, report.rows, report.documents)
        assert report.rows["annotation"] == (1, 0, 0)
        assert report.conflicts == 0
        assert session.queries.content(added.id).text == "Another text."
        session.history.undo()
        assert session.reading.dump() == before
        session.history.redo()
        assert session.reading.dump() == theirs
        again = session.merging.merge([two])
        assert again.already_merged
        assert (again.step, again.taken_back) == (None, False)
        assert session.reading.dump() == theirs
    with Session(one, PERSON) as session:
        session.history.undo()
        assert session.reading.dump() == before
        assert session.merging.merge([two]).taken_back
        assert session.reading.dump() == before


def test_counts_in_are_counts_out(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, document, _):
        tag(session, document, 46, 67)
    with at(one) as (session, _, _):
        for new in (True, False):
            (file,) = session.merging.merge([two]).files
            assert file.changes == file.new + file.known + sum(file.left_out.values())
            assert bool(file.new) == new


def test_a_row_that_both_changed_is_a_conflict_until_somebody_decides(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, _, first):
        session.annotations.relabel(first.id, session.queries.label_named("criticism").id)
    with at(one) as (session, _, first):
        session.annotations.resize(first.id, [(18, 40)])
        report = session.merging.merge([two])
        assert report.conflicts == 1
        assert [d.conflicts for d in report.documents] == [1]
        (conflict,) = session.merging.conflicts()
        assert {side.annotator for side in conflict.sides} == {PERSON.id, OTHER.id}
        shown, lost = conflict.sides
        assert session.queries.annotation(first.id) == shown.record
        before = session.reading.dump()
        session.merging.resolve(conflict.row, lost.revision)
        assert session.queries.annotation(first.id) == lost.record
        assert session.merging.conflicts() == []
        session.history.undo()
        assert session.reading.dump() == before
        with pytest.raises(NotFoundError):
            session.merging.resolve(conflict.row, lost.revision)
        session.history.redo()
    with at(two, OTHER) as (session, _, first):
        session.merging.merge([one])
        assert session.merging.conflicts() == []
        assert session.queries.annotation(first.id) == lost.record


def test_deciding_for_what_is_shown_settles_it_as_well(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, _, first):
        session.annotations.relabel(first.id, session.queries.label_named("criticism").id)
    with at(one) as (session, _, first):
        session.annotations.resize(first.id, [(18, 40)])
        session.merging.merge([two])
        (conflict,) = session.merging.conflicts()
        session.merging.resolve(conflict.row, conflict.sides[0].revision)
        assert session.merging.conflicts() == []
    with at(two, OTHER) as (session, _, first):
        session.merging.merge([one])
        assert session.merging.conflicts() == []
        assert session.queries.annotation(first.id) == conflict.sides[0].record


def test_the_same_change_on_both_sides_is_no_conflict_then_or_later(copies: tuple[Path, Path]) -> None:
    one, two = copies
    for path, person in ((one, PERSON), (two, OTHER)):
        with at(path, person) as (session, _, first):
            session.annotations.resize(first.id, [(18, 40)])
    with at(one) as (session, _, first):
        assert session.merging.merge([two]).conflicts == 0
        session.annotations.resize(first.id, [(18, 30)])
    with at(two, OTHER) as (session, _, first):
        assert session.merging.merge([one]).conflicts == 0
        assert session.queries.annotation(first.id).fragments == ((18, 30),)


def test_what_was_added_to_a_deleted_span_is_hidden_until_the_span_comes_back(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, _, first):
        session.annotations.set_attribute(first.id, "strength", "firm")
    with at(one) as (session, _, first):
        session.annotations.delete([first.id])
    dumps = []
    for path, other, person in ((one, two, PERSON), (two, one, OTHER)):
        mine = path.with_name(f"mine {path.name}")
        shutil.copy(path, mine)
        with Session(mine, person) as session:
            session.merging.merge([other])
            dumps.append(session.reading.dump())
            assert session.reading.rows.all(AttributeValue) == []
            (conflict,) = session.merging.conflicts()
            assert conflict.waits_for is not None
            with pytest.raises(RefusedError, match="Bring that back"):
                session.merging.resolve(conflict.row, conflict.sides[0].revision)
            heard: list[ChangeSet] = []
            session.events.subscribe(heard.append)
            session.merging.bring_back(conflict.row)
            assert [value.value for change in heard for value in _values(change)] == ["firm"]
            assert [value.value for value in session.reading.rows.all(AttributeValue)] == ["firm"]
            assert session.merging.conflicts() == []
    assert dumps[0]["annotation"] == dumps[1]["annotation"] == []


def _values(changes: ChangeSet) -> list[AttributeValue]:
    return [change.after for change in changes.of("attribute_value") if isinstance(change.after, AttributeValue)]


def test_a_span_whose_document_was_removed_waits_for_it(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, document, _):
        span = tag(session, document, 46, 67)
    with at(one) as (session, document, _):
        session.documents.remove(document.id)
        session.merging.merge([two])
        assert session.queries.document_count() == 0
        assert span.id in {conflict.row for conflict in session.merging.conflicts()}
        session.merging.bring_back(span.id)
        assert [a.id for a in session.queries.content(document.id).annotations] == [span.id]


def test_a_span_that_gained_something_here_is_not_lost_by_a_deletion_there(copies: tuple[Path, Path]) -> None:
    """The side that keeps the row is shown, whichever came later."""
    one, two = copies
    with at(two, OTHER) as (session, _, first):
        for _ in range(5):
            session.coverage.mark_read(first.document, 0, 6)
            session.coverage.unmark(first.document, 0, 6)
        session.annotations.delete([first.id])
    with at(one) as (session, _, first):
        session.annotations.resize(first.id, [(18, 40)])
        assert session.merging.merge([two]).conflicts == 1
        assert session.queries.annotation(first.id).fragments == ((18, 40),)


def test_a_merge_with_later_work_on_it_is_not_taken_back(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, document, _):
        new = tag(session, document, 46, 67)
    with at(one) as (session, _, _):
        step = session.merging.merge([two]).step
        assert step is not None
        session.annotations.set_attribute(new.id, "strength", "firm")
        before = session.reading.dump()
        with pytest.raises(RefusedError):
            session.history.revert(step)
        assert session.reading.dump() == before
        session.history.undo()
        session.history.revert(step)
        assert new.id not in {a.id for a in session.reading.rows.all(Annotation)}


def test_what_comes_for_an_older_version_goes_on_into_the_newest(copies: tuple[Path, Path]) -> None:
    one, two = copies
    with at(two, OTHER) as (session, document, first):
        sure = tag(session, document, 69, 114, "criticism")
        lost = tag(session, document, 0, 6)
        session.annotations.set_attribute(sure.id, "speaker", "The alliance")
        session.annotations.relabel(first.id, session.queries.label_named("signal_to_russia").id)
    with at(one) as (session, document, first):
        newest = session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")]).document
        before = session.reading.dump()
        report = session.merging.merge([two])
        assert report.carried
        content = session.queries.content(newest.id)
        quotes = {content.text[a.start : a.end]: a for a in content.annotations}
        assert set(quotes) == {TEXT[18:45], TEXT[69:114]}
        assert content.values[quotes[TEXT[69:114]].id] == {"speaker": "The alliance"}
        assert quotes[TEXT[18:45]].label == session.queries.label_named("signal_to_russia").id
        assert [span.annotation.id for span in unplaced_spans(session, newest.id)] == [lost.id]
        session.history.undo()
        assert session.reading.dump() == before


def test_a_file_of_another_project_or_program_is_refused(copies: tuple[Path, Path], tmp_path: Path) -> None:
    from annotator.formats.codebooks import default_codebook
    from annotator.session.session import create_project

    one, _ = copies
    foreign = tmp_path / "foreign.annodb"
    create_project(foreign, default_codebook(), PERSON)
    text = tmp_path / "text.annodb"
    text.write_text("no project")
    with at(one) as (session, _, _):
        before = session.reading.dump()
        with pytest.raises(ProjectFileError, match="another project"):
            session.merging.merge([foreign])
        with pytest.raises(ProjectFileError, match="not an annotator project"):
            session.merging.merge([text])
        with pytest.raises(RefusedError, match="is open"):
            session.merging.merge([one])
        preview = session.merging.preview([foreign, text])
        assert all(file.refused for file in preview.files)
        assert session.reading.dump() == before
        analyst = session.annotators.add("Analyst C", "analyst")
    with (
        Session(one, Person(analyst.id, analyst.name)) as session,
        pytest.raises(RefusedError, match="Only leads merge"),
    ):
        session.merging.merge([copies[1]])


TAMPERING = {
    "a trigger": "CREATE TRIGGER harm AFTER INSERT ON annotation BEGIN DELETE FROM note; END",
    "a view": "CREATE VIEW harm AS SELECT 1",
    "a row of nowhere": "UPDATE change SET \"table\" = 'sqlite_master' WHERE \"table\" = 'annotation'",
    "no JSON": "UPDATE change SET after = '{' WHERE \"table\" = 'annotation'",
    "a field too many": "UPDATE change SET after = json_set(after, '$.more', 1) WHERE \"table\" = 'annotation'",
    "a span of text": "UPDATE change SET after = json_set(after, '$.label', 7) WHERE \"table\" = 'annotation'",
    "a span before its start": "UPDATE change SET after = json_set(after, '$.fragments', json('[[9,3]]')) "
    "WHERE \"table\" = 'annotation'",
    "a span outside its text": "UPDATE change SET after = json_set(after, '$.fragments', json('[[9,99999]]')) "
    "WHERE \"table\" = 'annotation' AND step IN (SELECT id FROM step WHERE title LIKE '%agrees%')",
    "another layer": "UPDATE change SET layer = NULL WHERE \"table\" = 'annotation'",
    "no id": "UPDATE change SET revision = 'x' WHERE \"table\" = 'annotation'",
    "a change of no step": "UPDATE change SET counter = counter + 1 WHERE \"table\" = 'annotation'",
    "another content for a known id": "UPDATE change SET after = json_set(after, '$.created', 'y') "
    "WHERE \"table\" = 'document'",
    "a text that was edited": "UPDATE blob SET data = CAST('harm' AS BLOB)",
    "a newer schema": "PRAGMA user_version = 99",
}


@pytest.mark.parametrize("name", TAMPERING)
def test_a_tampered_file_is_refused_and_changes_nothing(copies: tuple[Path, Path], name: str) -> None:
    import sqlite3
    from contextlib import closing

    one, two = copies
    with at(two, OTHER) as (session, document, _):
        tag(session, document, 46, 67)
        add_document(session, "Another text.", "Another")
    with closing(sqlite3.connect(two)) as connection:
        connection.execute("PRAGMA foreign_keys = 0")
        connection.execute(TAMPERING[name])
        connection.commit()
    given = two.read_bytes()
    with at(one) as (session, _, _):
        before = session.reading.dump()
        steps = session.reading.journal.count_steps()
        with pytest.raises(ProjectFileError):
            session.merging.merge([two])
        assert session.reading.dump() == before
        assert session.reading.journal.count_steps() == steps
    assert two.read_bytes() == given


@pytest.mark.parametrize("size", [0, 50, 4096, 20000])
def test_a_file_that_was_cut_off_is_refused(copies: tuple[Path, Path], size: int) -> None:
    one, two = copies
    two.write_bytes(two.read_bytes()[:size])
    with at(one) as (session, _, _):
        before = session.reading.dump()
        with pytest.raises(ProjectFileError):
            session.merging.merge([two])
        assert session.reading.dump() == before
