"""Teams at work: whatever they do apart, their copies come together to one and the same, and undo takes it back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, AttributeValue, Document, Note
from annotator.core.text_edits import TextEdit
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.session.verb import Outcome
from annotator.storage.backup import copy_verified
from tests.session.package_stage import LEAD, Team, make_team, tag_as
from tests.session.review_stage import PLEDGE, ReviewStage
from tests.support import PERSON, TEXT, add_document, add_lead

OTHER = Person("22222222-2222-4222-8222-222222222222", "Lead B")
THIRD = Person("33333333-3333-4333-8333-333333333333", "Lead C")


@pytest.fixture
def copies(project_path: Path, tmp_path: Path) -> list[Path]:
    """Three copies of a project with two documents, a tagged span with a speaker, and three leads."""
    with Session(project_path, PERSON) as session:
        add_lead(session, OTHER)
        add_lead(session, THIRD)
        document = add_document(session)
        tag(session, document.id, 18, 45, speaker="The alliance")
        add_document(session, "Another text. It says nothing.", "Another")
    found = [project_path]
    for name in ("two", "three"):
        found.append(tmp_path / f"{name}.annodb")
        shutil.copy(project_path, found[-1])
    return found


def tag(session: Session, document: str, start: int, end: int, label: str = "pledge", **values: str) -> Annotation:
    return session.annotations.tag(document, session.queries.label_named(label).id, [(start, end)], values)


def first_document(session: Session) -> str:
    return min(session.reading.rows.all(Document), key=lambda one: one.created).id


def first_span(session: Session) -> str:
    return min(session.reading.rows.all(Annotation), key=lambda one: one.created).id


def sound(session: Session) -> None:
    """The file holds, every document can be shown, and so can what is open."""
    database = session.reading.database
    assert not database.execute_sql("PRAGMA foreign_key_check").fetchall()
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    for row in session.queries.documents():
        session.queries.content(row.document.id)
    session.merging.conflicts()


def merged(folder: Path, into: Path, others: list[Path], person: Person = PERSON) -> dict[str, list[str]]:
    """Merge into a copy of a copy, one file after the other; check undo and twice; return the dump."""
    mine = folder / f"{into.stem} and {' '.join(other.stem for other in others)}.annodb"
    shutil.copy(into, mine)
    after: dict[str, list[str]] = {}
    for other in others:
        undone(folder / "undone.annodb", mine, other, person)
        with Session(mine, person) as session:
            session.merging.merge([other])
            session._on_storage(session.join)
            after = session.reading.dump()
            sound(session)
            assert session.merging.merge([other]).step is None
            assert session.reading.dump() == after
    return after


def undone(copy: Path, project: Path, other: Path, person: Person) -> None:
    """Check in a copy of a project that one undo takes a merge back, and redo puts it back."""
    shutil.copy(project, copy)
    with Session(copy, person) as session:
        session._on_storage(session.join)
        before = session.reading.dump()
        step = session.merging.merge([other]).step
        session._on_storage(session.join)
        after = session.reading.dump()
        if step is not None and after != before:
            session.history.undo()
            assert session.reading.dump() == before
            sound(session)
            session.history.redo()
            assert session.reading.dump() == after
            sound(session)


def same_in_every_order(
    folder: Path, paths: list[Path], team: tuple[Person, ...] = (PERSON, OTHER, THIRD)
) -> dict[str, list[str]]:
    """Merge copies in every order, and return what all come to."""
    people = dict(zip(paths, team, strict=False))
    dumps = [merged(folder, into, others, people[into]) for into, *others in permutations(paths)]
    for dump in dumps[1:]:
        for table in dump.keys() - {"layer"}:  # whoever opens a copy gets a layer in the round in use there
            assert dump[table] == dumps[0][table], table
    return dumps[0]


def correct(session: Session, old: str, new: str) -> Document:
    """Correct a word of the first document as it is now."""
    document = session.queries.document(first_document(session))
    from annotator.session.lineage import newest_version

    document = newest_version(session.reading, document)
    place = session.queries.content(document.id).text.index(old)
    return session.documents.correct(document.id, [TextEdit(place, place + len(old), new)]).document


class TestVersions:
    def test_what_changed_in_an_older_version_reaches_the_newest_over_several(
        self, copies: list[Path], tmp_path: Path
    ) -> None:
        with Session(copies[0], PERSON) as session:
            correct(session, "Summit", "Meeting")
            newest = correct(session, "Meeting", "Conference")
        with Session(copies[1], OTHER) as session:
            span = first_span(session)
            session.annotations.relabel(span, session.queries.label_named("criticism").id)
            session.annotations.set_attribute(span, "target", "The council")
            tag(session, first_document(session), 69, 114)
        with Session(copies[0], PERSON) as session:
            session.merging.merge([copies[1]])
            content = session.queries.content(newest.id)
            quotes = sorted(content.text[a.start : a.end] for a in content.annotations)
            assert quotes == sorted((TEXT[18:45], TEXT[69:114]))
            changed = next(a for a in content.annotations if a.start < 60)
            assert changed.label == session.queries.label_named("criticism").id
            assert content.values[changed.id] == {"speaker": "The alliance", "target": "The council"}

    def test_a_new_version_that_comes_in_gets_what_was_done_here_meanwhile(
        self, copies: list[Path], tmp_path: Path
    ) -> None:
        with Session(copies[0], PERSON) as session:
            newest = correct(session, "Summit", "Meeting")
        with Session(copies[1], OTHER) as session:
            span = first_span(session)
            session.annotations.relabel(span, session.queries.label_named("criticism").id)
            tag(session, first_document(session), 69, 114, speaker="The port")
            session.merging.merge([copies[0]])
            content = session.queries.content(newest.id)
            quotes = sorted(content.text[a.start : a.end] for a in content.annotations)
            assert quotes == sorted((TEXT[18:45], TEXT[69:114]))
            changed = next(a for a in content.annotations if a.start < 60)
            assert changed.label == session.queries.label_named("criticism").id
            sound(session)

    def test_versions_and_work_come_together_in_every_order(self, copies: list[Path], tmp_path: Path) -> None:
        with Session(copies[0], PERSON) as session:
            correct(session, "Summit", "Meeting")
        with Session(copies[1], OTHER) as session:
            span = first_span(session)
            session.annotations.relabel(span, session.queries.label_named("criticism").id)
            tag(session, first_document(session), 69, 114, speaker="The port")
            session.documents.set_status(first_document(session), "done")
        with Session(copies[2], THIRD) as session:
            session.annotations.delete([first_span(session)])
            tag(session, first_document(session), 0, 6)
        same_in_every_order(tmp_path, copies[:2])
        same_in_every_order(tmp_path, copies)


class TestUndo:
    def test_what_was_brought_back_and_then_changed_is_not_lost_by_undo(self, copies: list[Path]) -> None:
        with Session(copies[1], OTHER) as session:
            session.annotations.set_attribute(first_span(session), "strength", "firm")
        with Session(copies[0], PERSON) as session:
            span = first_span(session)
            session.annotations.delete([span])
            session.merging.merge([copies[1]])
            (conflict,) = session.merging.conflicts()
            session.merging.bring_back(conflict.row)
            (step, *_) = [entry.step for entry in session.history.entries() if "Bring back" in entry.title]
            session.annotations.set_attribute(span, "strength", "intent")
            before = session.reading.dump()
            with pytest.raises(RefusedError):
                session.history.revert(step)
            assert session.reading.dump() == before
            sound(session)

    def test_deciding_for_the_deletion_takes_what_hangs_on_the_row_along(self, copies: list[Path]) -> None:
        with Session(copies[1], OTHER) as session:
            session.annotations.delete([first_span(session)])
        with Session(copies[0], PERSON) as session:
            span = first_span(session)
            session.annotations.resize(span, [(18, 40)])
            session.annotations.set_attribute(span, "strength", "firm")
            session.notes.write("annotation", span, "A note.")
            other = tag(session, first_document(session), 46, 67, "condition")
            session.relations.relate(other.id, "conditions", span)
            session.merging.merge([copies[1]])
            conflict = next(one for one in session.merging.conflicts() if one.row == span)
            before = session.reading.dump()
            gone = next(side for side in conflict.sides if side.record is None)
            session.merging.resolve(span, gone.revision)
            assert span not in {a.id for a in session.reading.rows.all(Annotation)}
            assert session.reading.rows.all(Note) == []
            assert [v for v in session.reading.rows.all(AttributeValue) if v.annotation == span] == []
            sound(session)
            session.history.undo()
            assert session.reading.dump() == before

    def test_a_side_that_names_what_is_gone_is_refused(self, copies: list[Path]) -> None:
        with Session(copies[0], PERSON) as session:
            first = session.entities.create("The first")
            session.entities.create("The kept")
        shutil.copy(copies[0], copies[1])
        with Session(copies[1], OTHER) as session:
            session.annotations.set_attribute(first_span(session), "speaker", "The first")
        with Session(copies[0], PERSON) as session:
            span = first_span(session)
            for name in 3 * ("The first", "The kept"):  # some steps more, so that this is what is shown
                session.annotations.set_attribute(span, "speaker", name)
            session.merging.merge([copies[1]])
            (conflict,) = session.merging.conflicts()
            assert session.merging.conflicts() == [conflict]
            session.entities.merge(first.id, session.queries.entity_named("The kept").id)
            with pytest.raises(RefusedError, match="deleted"):
                session.merging.resolve(conflict.row, conflict.sides[1].revision)
            sound(session)


class TestTeams:
    def test_two_leads_decide_one_conflict_differently(self, copies: list[Path], tmp_path: Path) -> None:
        with Session(copies[0], PERSON) as session:
            session.annotations.resize(first_span(session), [(18, 40)])
        with Session(copies[1], OTHER) as session:
            session.annotations.resize(first_span(session), [(18, 30)])
        before = [merged_into(tmp_path, copies, one) for one in (0, 1)]
        for path, person, place in zip(before, (PERSON, OTHER), (0, 1), strict=True):
            with Session(path, person) as session:
                (conflict,) = session.merging.conflicts()
                session.merging.resolve(conflict.row, conflict.sides[place].revision)
                assert session.merging.conflicts() == []
        same_in_every_order(tmp_path, before)
        with Session(before[0], PERSON) as session:
            assert session.merging.merge([before[1]]).conflicts == 1
            (conflict,) = session.merging.conflicts()
            assert len(conflict.sides) == 2
            session.merging.resolve(conflict.row, conflict.sides[1].revision)
        with Session(before[1], OTHER) as session:
            session.merging.merge([before[0]])
            assert session.merging.conflicts() == []

    def test_leads_change_codebook_entities_people_and_documents_apart(
        self, copies: list[Path], tmp_path: Path
    ) -> None:
        with Session(copies[0], PERSON) as session:
            kept = session.entities.create("The kept")
            session.entities.merge(session.queries.entity_named("The alliance").id, kept.id)
            session.rounds.begin("Second")
            session.assignments.assign(None, [PERSON.id, OTHER.id], overlap=1.0)
            session.annotators.rename(THIRD.id, "Another name")
        with Session(copies[1], OTHER) as session:
            tag(session, first_document(session), 46, 67, "condition", speaker="The alliance")
            session.rounds.begin("Second too")
            session.assignments.assign(None, [PERSON.id, OTHER.id], overlap=1.0)
            session.annotators.join(THIRD.id, OTHER.id)
        with Session(copies[2], THIRD) as session:
            tag(session, first_document(session), 46, 67, "criticism", target="The alliance")
            session.documents.remove(first_document(session))
            session.annotators.join(OTHER.id, THIRD.id)
        same_in_every_order(tmp_path, copies)

    def test_labels_that_two_leads_put_under_each_other(self, copies: list[Path], tmp_path: Path) -> None:
        from annotator.core.records import Label

        for path, person, (child, parent) in (
            (copies[0], PERSON, ("pledge", "condition")),
            (copies[1], OTHER, ("condition", "pledge")),
        ):
            with Session(path, person) as session:
                label = session.reading.rows.get(Label, session.queries.label_named(child).id)
                assert label is not None
                after = replace(label, parent=session.queries.label_named(parent).id)
                change = ChangeSet("Put a label under another", (RowChange(label, after),))
                session.perform(lambda change=change: Outcome(change, None))
        same_in_every_order(tmp_path, copies[:2])
        with Session(copies[0], PERSON) as session:
            session.merging.merge([copies[1]])
            session.queries.codebook()
            sound(session)

    def test_a_backup_that_was_restored_comes_together_with_what_it_was_restored_over(
        self, copies: list[Path], tmp_path: Path
    ) -> None:
        project, backup, newer = copies[0], tmp_path / "backup.annodb", tmp_path / "newer.annodb"
        copy_verified(project, backup)
        with Session(project, PERSON) as session:
            tag(session, first_document(session), 46, 67, "condition")
        shutil.copy(project, newer)
        project.unlink()
        shutil.copy(backup, project)
        with Session(project, PERSON) as session:
            tag(session, first_document(session), 69, 114, "criticism")
        same_in_every_order(tmp_path, [project, newer], (PERSON, PERSON))

    def test_one_person_on_two_machines(self, copies: list[Path], tmp_path: Path) -> None:
        for path, place in zip(copies, (46, 69, 90), strict=True):
            with Session(path, PERSON) as session:
                tag(session, first_document(session), place, place + 5)
                session.documents.set_status(first_document(session), "done")
        same_in_every_order(tmp_path, copies, (PERSON, PERSON, PERSON))
        with Session(copies[0], PERSON) as session:
            own = session.reading.dump()
            session.merging.merge([copies[1]])
            session.history.undo()
            assert session.reading.dump() == own
            session.history.undo()
            session.history.redo()
            assert session.reading.dump() == own


def merged_into(folder: Path, paths: list[Path], place: int) -> Path:
    """Return a copy of one of two copies with the other one merged into it."""
    mine = folder / f"merged {place}.annodb"
    shutil.copy(paths[place], mine)
    with Session(mine, (PERSON, OTHER)[place]) as session:
        session.merging.merge([paths[1 - place]])
    return mine


class TestPackages:
    @pytest.fixture
    def team(self, tmp_path: Path) -> Team:
        return make_team(tmp_path)

    def test_an_update_with_more_of_one_import_is_taken_back_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "Study.annodb"
        create_project(path, default_codebook(), LEAD)
        with Session(path, LEAD) as session:
            analyst = session.annotators.add("Analyst C")
            with session.group("Import two documents"):
                first = add_document(session, "The first text.", "First")
                second = add_document(session, "The second text.", "Second")
            session.assignments.assign_one(first.id, analyst.id)
            package = session.packages.issue(analyst.id, tmp_path / "one.annodb").file
            session.assignments.assign_one(second.id, analyst.id)
            later = session.packages.issue(analyst.id, tmp_path / "two.annodb").file
        with Session(package, PERSON) as session:
            tag(session, first.id, 0, 5)
            before = session.reading.dump()
            session.packages.update([later])
            assert session.queries.document_count() == 2
            session.history.undo()
            assert session.reading.dump() == before
            session.history.redo()
            assert session.queries.document_count() == 2
            sound(session)
            session.packages.hand_in(tmp_path / "one.annoreturn")

    @pytest.mark.parametrize("what", ["a lead more", "renamed", "a version", "a document gone"])
    def test_a_later_package_is_taken_in_whatever_the_lead_did_meanwhile(
        self, team: Team, tmp_path: Path, what: str
    ) -> None:
        tag_as(team, OTHER, "condemns the attack", "criticism", "A note.", speaker="The harbour")
        with team.lead() as session:
            session.annotators.add("Analyst C")
        tag_as(team, PERSON, "We will provide", speaker="The alliance")
        package = team.issue(tmp_path / "a.annodb")
        with Session(package, PERSON) as session:
            session.annotations.tag(team.first.id, team.labels["condition"], [(46, 67)], {}, "Mine.")
            back = session.packages.hand_in(tmp_path / "a.annoreturn").file
        with team.lead() as session:
            session.merging.merge([back])
            if what == "a lead more":
                session.annotators.set_role(OTHER.id, "lead")
            elif what == "renamed":
                session.annotators.rename(PERSON.id, "Another name")
            elif what == "a version":
                session.documents.correct(team.first.id, [TextEdit(0, 6, "Meeting")])
            else:
                session.documents.remove(team.second.id)
            later = session.packages.issue(PERSON.id, tmp_path / "b.annodb").file
        with Session(package, PERSON) as session:
            session.annotations.tag(team.first.id, team.labels["pledge"], [(0, 6)])
        undone(tmp_path / "undone.annodb", package, later, PERSON)
        with Session(package, PERSON) as session:
            session.packages.update([later])
            sound(session)
            first = session.queries.documents()[0].document
            spans = session.queries.content(first.id).annotations
            assert len(spans) == (2 if what == "a version" else 3)
            new = session.annotations.tag(first.id, team.labels["pledge"], [(69, 80)])
            again = session.packages.hand_in(tmp_path / "b.annoreturn").file
        with team.lead() as session:
            (file,) = session.merging.merge([again]).files
            assert file.left_out == {}
            assert new.id in {a.id for a in session.queries.content(first.id).annotations}
            sound(session)

    def test_a_later_return_after_the_first_was_taken_back_says_so(self, team: Team, tmp_path: Path) -> None:
        package = team.issue(tmp_path / "a.annodb")
        with Session(package, PERSON) as session:
            session.annotations.tag(team.first.id, team.labels["condition"], [(46, 67)])
            one = session.packages.hand_in(tmp_path / "1.annoreturn").file
            span = session.annotations.tag(team.first.id, team.labels["pledge"], [(18, 45)])
            two = session.packages.hand_in(tmp_path / "2.annoreturn").file
        with team.lead() as session:
            session.merging.merge([one])
            session.history.undo()
            report = session.merging.merge([two])
            assert report.taken_back
            assert span.id in {a.id for a in session.queries.content(team.first.id).annotations}
            sound(session)

    def test_many_files_with_long_names_make_a_title_that_another_lead_takes(self, copies: list[Path]) -> None:
        long = [copies[1].with_name(f"{'x' * 200} {number}.annodb") for number in range(60)]
        for path in long:
            shutil.copy(copies[1], path)
        with Session(copies[1], OTHER) as session:
            tag(session, first_document(session), 46, 67)
        shutil.copy(copies[1], long[0])
        with Session(copies[0], PERSON) as session:
            session.merging.merge(long)
        with Session(copies[2], THIRD) as session:
            session.merging.merge([copies[0]])
            sound(session)

    def test_a_file_whose_name_is_no_text(self, copies: list[Path]) -> None:
        import os

        with Session(copies[1], OTHER) as session:
            tag(session, first_document(session), 46, 67)
        strange = Path(os.fsdecode(os.fsencode(copies[1].parent) + b"/\xff.annodb"))
        shutil.copy(copies[1], strange)
        with Session(copies[0], PERSON) as session:
            session.merging.merge([strange])
            sound(session)


def test_a_decision_on_an_older_version_is_one_on_the_newest(project_path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.annodb"
    with Session(project_path, PERSON) as session:
        stage = ReviewStage(session, "A", "B")
        stage.tag("A", "pledge", PLEDGE)
        stage.tag("B", "pledge", (PLEDGE[0], PLEDGE[1] - 4))
        stage.done()
    shutil.copy(project_path, other)
    with Session(other, PERSON) as session:
        (case,) = session.queries.review().cases
        session.review.decide(stage.document, case.case.id, "layer", layer=stage.layers["A"], reason="To the object.")
    with Session(project_path, PERSON) as session:
        newest = session.documents.correct(stage.document, [TextEdit(0, 6, "Meeting")]).document.id
        before = session.reading.dump()
        session.merging.merge([other])
        (case,) = session.queries.review().cases
        assert (case.case.document, case.state) == (newest, "decided")
        assert case.decision is not None and case.decision.reason == "To the object."
        gold = session.reading.rows.where_in(Annotation, "id", case.decision.result)
        assert [one.document for one in gold] == [newest]
        session.history.undo()
        assert session.reading.dump() == before
