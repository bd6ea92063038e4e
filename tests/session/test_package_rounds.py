"""Packages on their way: issued, worked in, handed in, merged, updated; and what is refused on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.codebook_edits import with_entry
from annotator.core.errors import ProjectFileError, RefusedError, UserError
from annotator.core.packages import facts_from_json
from annotator.core.records import Annotation, Document, Note
from annotator.formats.codebooks import default_codebook
from annotator.session.session import Session, create_project
from tests.session.package_stage import LEAD, OTHER, PERSON, Team, assign, make_team, tag_as
from tests.support import add_document


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path)


def work(package: Path, team: Team, back: Path) -> str:
    """Tag the second text in a package and hand it in; returns the annotation's id."""
    with Session(package, PERSON) as session:
        span = session.annotations.tag(
            team.second.id, team.labels["pledge"], [(13, 36)], {"speaker": "The bloc"}, "why"
        )
        session.documents.set_status(team.second.id, "done")
        session.packages.hand_in(back)
    return span.id


def dump(path: Path) -> dict[str, list[str]]:
    with Session(path, LEAD, write=False) as session:
        return session.reading.dump()


def test_what_was_done_in_a_package_comes_into_the_project(team: Team, tmp_path: Path) -> None:
    package, back = team.issue(tmp_path / "a.annodb"), tmp_path / "a.annoreturn"
    span = work(package, team, back)
    with team.lead() as session:
        before = session.reading.dump()
        report = session.merging.merge([back])
        assert (report.files[0].sender, report.files[0].left_out, report.conflicts) == ("Analyst A", {}, 0)
        assert session.queries.values([span]) == {span: {"speaker": "The bloc"}}
        after = session.reading.dump()
        assert session.merging.merge([back]).already_merged
        session.history.undo()
        assert session.reading.dump() == before
        session.history.redo()
        assert session.reading.dump() == after
    with Session(package, PERSON) as session:
        mine = session.queries.content(team.second.id).annotations
    with team.lead() as session:
        assert session.queries.content(team.second.id).annotations == mine


def test_work_goes_back_and_forth(team: Team, tmp_path: Path) -> None:
    """What came back goes out with the next package, and comes back again, whole and once."""
    package = team.issue(tmp_path / "a.annodb")
    span = work(package, team, tmp_path / "1.annoreturn")
    with team.lead() as session:
        session.merging.merge([tmp_path / "1.annoreturn"])
        session.annotations.relabel(span, team.labels["criticism"])
    second = team.issue(tmp_path / "b.annodb")
    with Session(second, PERSON) as session:
        assert session.queries.annotation(span).label == team.labels["criticism"]
        session.annotations.resize(span, [(13, 30)])
        session.packages.hand_in(tmp_path / "2.annoreturn")
    with team.lead() as session:
        report = session.merging.merge([tmp_path / "2.annoreturn", tmp_path / "1.annoreturn"])
        assert report.conflicts == 0
        found = session.queries.annotation(span)
        assert (found.label, found.fragments) == (team.labels["criticism"], ((13, 30),))


class TestUpdating:
    def test_a_later_package_brings_documents_and_codebook(self, team: Team, tmp_path: Path) -> None:
        package = team.issue(tmp_path / "a.annodb")
        span = work(package, team, tmp_path / "1.annoreturn")
        with team.lead() as session:
            assign(session, PERSON, [team.third])
            codebook = session.queries.codebook()
            pledge = replace(codebook.label_by_key("pledge"), definition="Something else now.")
            session.codebooks.save(with_entry(codebook, pledge))
        later = team.issue(tmp_path / "b.annodb")
        with Session(package, PERSON) as session:
            assert session.packages.is_update(later)
            assert not session.packages.is_update(package)
            report = session.packages.update([later])
            assert report.conflicts == 0
            assert {row.document.id for row in session.queries.documents()} == {
                team.first.id,
                team.second.id,
                team.third.id,
            }
            assert session.queries.content(team.third.id).text.startswith("Third text")
            assert session.queries.recheck_counts() == {team.labels["pledge"]: 1}
            assert session.queries.annotation(span)
            assert session.package is not None and team.third.id in session.package.documents
            session.annotations.tag(team.third.id, team.labels["pledge"], [(12, 18)])
            session.packages.hand_in(tmp_path / "2.annoreturn")
        with Session(package, PERSON) as session:
            assert session.package is not None and team.third.id in session.package.documents
        with team.lead() as session:
            report = session.merging.merge([tmp_path / "2.annoreturn"])
            assert len(session.reading.rows.all(Annotation)) == 2
            assert report.files[0].left_out == {}

    def test_an_update_can_be_taken_back_and_the_rest_handed_in(self, team: Team, tmp_path: Path) -> None:
        package = team.issue(tmp_path / "a.annodb")
        work(package, team, tmp_path / "1.annoreturn")
        with team.lead() as session:
            assign(session, PERSON, [team.third])
        later = team.issue(tmp_path / "b.annodb")
        with Session(package, PERSON) as session:
            session.packages.update([later])
            session.history.undo()
            assert {row.document.id for row in session.queries.documents()} == {team.first.id, team.second.id}
            assert session.packages.hand_in(tmp_path / "2.annoreturn").documents == 2

    def test_only_ones_own_package_is_an_update(self, team: Team, tmp_path: Path) -> None:
        package = team.issue(tmp_path / "a.annodb")
        with team.lead() as session:
            others = session.packages.issue(OTHER.id, tmp_path / "b.annodb").file
        with Session(package, PERSON) as session:
            before = session.reading.dump()
            assert not session.packages.is_update(others)
            assert not session.packages.is_update(team.path)
            assert not session.packages.is_update(tmp_path / "nowhere.annodb")
            used = team.issue(tmp_path / "used.annodb")
            assert session.packages.is_update(used)
            with Session(used, PERSON):
                pass
            assert not session.packages.is_update(used)
            with pytest.raises(RefusedError, match="is a package for somebody else"):
                session.packages.update([others])
            with pytest.raises(RefusedError, match="is no package"):
                session.packages.update([team.path])
            assert session.reading.dump() == before
        with team.lead() as session, pytest.raises(RefusedError, match="This is no package"):
            session.packages.update([package])


def broken(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(sql, values)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_facts(path: Path, **changed: object) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        text = database.execute("SELECT value FROM local_setting WHERE name = 'package'").fetchone()[0]
        facts = replace(facts_from_json(text), **changed)  # type: ignore[arg-type]
        database.execute("UPDATE local_setting SET value = ? WHERE name = 'package'", (facts.to_json(),))


STRANGE = "77777777-7777-4777-8777-777777777777"

BAD_RETURNS: dict[str, tuple[Callable[[Path], object], str]] = {
    "trigger": (
        lambda p: broken(p, "CREATE TRIGGER sly AFTER INSERT ON step BEGIN DELETE FROM change; END"),
        "not built as this program builds projects",
    ),
    "view": (lambda p: broken(p, "CREATE VIEW sly AS SELECT * FROM step"), "not built as this program"),
    "newer": (lambda p: broken(p, "PRAGMA user_version = 99"), "written by a newer version of this program"),
    "cut": (cut, "cannot be opened|damaged"),
    "empty": (lambda p: p.write_bytes(b""), "is not an annotator project"),
    "another project": (lambda p: with_facts(p, project=STRANGE), "is of another project"),
    "unknown annotator": (lambda p: with_facts(p, annotator=STRANGE), "does not know"),
    "edited journal": (lambda p: broken(p, "UPDATE step SET title = 'x'"), "damaged or was changed"),
}


@pytest.mark.parametrize("name", BAD_RETURNS)
def test_a_bad_return_changes_nothing(team: Team, tmp_path: Path, name: str) -> None:
    back, sound = tmp_path / "a.annoreturn", tmp_path / "sound.annoreturn"
    work(team.issue(tmp_path / "a.annodb"), team, back)
    sound.write_bytes(back.read_bytes())
    spoil, sentence = BAD_RETURNS[name]
    spoil(back)
    before = dump(team.path)
    with team.lead() as session:
        preview = session.merging.preview([back])
        assert preview.files[0].refused
        with pytest.raises(UserError, match=sentence):
            session.merging.merge([sound, back])
    assert dump(team.path) == before


def test_a_return_for_an_edited_text_changes_nothing(team: Team, tmp_path: Path) -> None:
    back = tmp_path / "a.annoreturn"
    work(team.issue(tmp_path / "a.annodb"), team, back)
    with_facts(back, documents={team.second.id: "0" * 64})
    before = dump(team.path)
    with team.lead() as session, pytest.raises(ProjectFileError, match="another text of “Second text”"):
        session.merging.merge([back])
    assert dump(team.path) == before


def test_a_package_of_another_project_is_no_update(team: Team, tmp_path: Path) -> None:
    package = team.issue(tmp_path / "a.annodb")
    other = tmp_path / "Other.annodb"
    create_project(other, default_codebook(), LEAD)
    with Session(other, LEAD) as session:
        document = add_document(session)
        from annotator.core.changes import ChangeSet, made
        from annotator.core.records import Annotator
        from annotator.session.verb import Outcome

        person = Annotator(PERSON.id, PERSON.name, role="analyst")
        session.perform(lambda: Outcome(ChangeSet("People", made(person)), None))
        assign(session, PERSON, [document])
        session.packages.issue(PERSON.id, tmp_path / "other package.annodb")
    with Session(package, PERSON) as session:
        assert not session.packages.is_update(tmp_path / "other package.annodb")
        with pytest.raises(ProjectFileError, match="is of another project"):
            session.packages.update([tmp_path / "other package.annodb"])
        assert len(session.reading.rows.all(Document)) == 2


@pytest.mark.parametrize("name", ["trigger", "view", "newer", "cut"])
def test_a_bad_package_is_not_opened(team: Team, tmp_path: Path, name: str) -> None:
    package = team.issue(tmp_path / "a.annodb")
    spoil, sentence = BAD_RETURNS[name]
    spoil(package)
    with pytest.raises(ProjectFileError, match=sentence):
        Session(package, PERSON)


def test_a_package_with_an_edited_text_says_so(team: Team, tmp_path: Path) -> None:
    package = team.issue(tmp_path / "a.annodb")
    broken(package, "UPDATE blob SET data = ? WHERE sha256 = ?", b"Edited", team.first.text)
    with Session(package, PERSON) as session, pytest.raises(ProjectFileError, match="not what was stored"):
        session.queries.content(team.first.id)


def test_proposals_travel_as_notes(team: Team, tmp_path: Path) -> None:
    package = team.issue(tmp_path / "a.annodb")
    with Session(package, PERSON) as session:
        session.notes.write("label", team.labels["pledge"], "Split it in two?")
        session.notes.write("document", team.first.id, "The date is wrong.")
        session.packages.hand_in(tmp_path / "a.annoreturn")
    with team.lead() as session:
        report = session.merging.merge([tmp_path / "a.annoreturn"])
        assert report.files[0].left_out == {}
        bodies = {row.note.body for row in session.queries.notes()}
    assert {"Split it in two?", "The date is wrong."} <= bodies


def test_what_a_person_did_before_in_the_leads_file_comes_back_unharmed(team: Team, tmp_path: Path) -> None:
    """A step of which the package shows a part only is known at home already and stays as it was."""
    with Session(team.path, PERSON) as session, session.group("Tag both"):
        first = session.annotations.tag(team.first.id, team.labels["pledge"], [(18, 45)]).id
        third = session.annotations.tag(team.third.id, team.labels["pledge"], [(12, 18)]).id
    package = team.issue(tmp_path / "a.annodb")
    with Session(package, PERSON) as session:
        assert {one.id for one in session.reading.rows.all(Annotation)} == {first}
        session.annotations.resize(first, [(18, 40)])
        session.packages.hand_in(tmp_path / "a.annoreturn")
    with team.lead() as session:
        session.merging.merge([tmp_path / "a.annoreturn"])
        assert session.queries.annotation(first).fragments == ((18, 40),)
        assert session.queries.annotation(third)
        assert "Tag both" in {step.title for step in session.reading.journal.steps(annotator=PERSON.id)}


def test_a_package_that_somebody_works_in_says_that_it_has_to_be_handed_in(team: Team, tmp_path: Path) -> None:
    package = team.issue(tmp_path / "a.annodb")
    span = work(package, team, tmp_path / "a.annoreturn")
    with team.lead() as session:
        with pytest.raises(ProjectFileError, match="Open it and hand in"):
            session.merging.merge([package])
        with Session(package, LEAD) as own:
            own.packages.hand_in(tmp_path / "b.annoreturn")
        session.merging.merge([tmp_path / "b.annoreturn"])
        assert session.queries.annotation(span)


def test_notes_that_two_wrote_on_one_span_are_a_conflict(team: Team, tmp_path: Path) -> None:
    span = tag_as(team, PERSON, "We will provide air defence")
    package = team.issue(tmp_path)
    with Session(package, PERSON) as session:
        session.notes.write("annotation", span, "Is this one?")
        returned = session.packages.hand_in(tmp_path).file
    with team.lead() as session:
        session.notes.write("annotation", span, "It is one.")
        report = session.merging.merge([returned])
        assert report.files[0].left_out == {}
        (conflict,) = session.merging.conflicts()
        bodies = {side.record.body for side in conflict.sides if isinstance(side.record, Note)}
        assert bodies == {"Is this one?", "It is one."}
