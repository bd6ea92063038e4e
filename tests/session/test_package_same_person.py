"""Packages of somebody who has two ids: they were joined while a package was out, and may be told apart again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, made
from annotator.core.errors import ProjectFileError, RefusedError, UserError
from annotator.core.packages import PackageFacts, facts_from_json, updated
from annotator.core.records import Annotation, Annotator, Status
from annotator.core.search_query import SearchQuery
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.verb import Outcome
from annotator.storage.local import LocalSettings
from tests.session.package_stage import LEAD, OTHER, PERSON, Team, assign, make_team, tag_as

KEPT = Person("33333333-3333-4333-8333-333333333333", "Analyst K")
BETWEEN = Person("44444444-4444-4444-8444-444444444444", "Analyst J")

FIRST, SECOND, THIRD = (18, 45), (46, 67), (69, 81)
"""Places in the first document."""


class Story:
    """What the lead and the analyst do in turn. The analyst is PERSON until a lead joins them to somebody."""

    def __init__(self, folder: Path) -> None:
        self.team: Team = make_team(folder)
        self.folder = folder
        self.count = 0
        more = [Annotator(one.id, one.name, role="analyst") for one in (KEPT, BETWEEN)]
        with self.team.lead() as session:
            session.perform(lambda: Outcome(ChangeSet("People", made(*more)), None))

    def file(self, suffix: str) -> Path:
        self.count += 1
        return self.folder / f"{self.count}{suffix}"

    def issue(self, person: Person = PERSON) -> Path:
        with self.team.lead() as session:
            return session.packages.issue(person.id, self.file(".annodb")).file

    def join(self, person: Person, into: Person) -> None:
        with self.team.lead() as session:
            session.annotators.join(person.id, into.id)

    def separate(self, person: Person) -> None:
        with self.team.lead() as session:
            session.annotators.separate(person.id)

    def tag(self, package: Path, place: tuple[int, int]) -> Annotation:
        with Session(package, PERSON) as session:
            return session.annotations.tag(self.team.first.id, self.team.labels["pledge"], [place])

    def update(self, package: Path, later: Path) -> None:
        with Session(package, PERSON) as session:
            assert session.packages.is_update(later)
            assert session.packages.update([later]).conflicts == 0

    def refuse(self, package: Path, later: Path) -> None:
        with Session(package, PERSON) as session:
            before = session.reading.dump()
            assert not session.packages.is_update(later)
            with pytest.raises(RefusedError, match="is a package for somebody else"):
                session.packages.update([later])
            assert session.reading.dump() == before

    def hand_in(self, package: Path) -> Path:
        with Session(package, PERSON) as session:
            return session.packages.hand_in(self.file(".annoreturn")).file

    def merge(self, returned: Path) -> dict[str, int]:
        """Merge a return, take that back, and merge it again by redo; returns what was left out."""
        with self.team.lead() as session:
            before = session.reading.dump()
            report = session.merging.merge([returned])
            after = session.reading.dump()
            assert report.conflicts == 0
            assert session.merging.merge([returned]).step is None
            session.history.undo()
            assert session.reading.dump() == before
            session.history.redo()
            assert session.reading.dump() == after
        return report.files[0].left_out

    def layers_at_the_lead(self) -> dict[str, str | None]:
        """Return by annotation whose layer it is in."""
        with self.team.lead() as session:
            owners = {layer.id: layer.annotator for layer in session.queries.layers()}
            return {one.id: owners[one.layer] for one in session.reading.rows.all(Annotation)}


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def assert_all_is_own(package: Path, story: Story, spans: int) -> None:
    """Every span is in sight and can be changed, and what is done can be undone."""
    with Session(package, PERSON) as session:
        found = session.queries.content(story.team.first.id).annotations
        assert len(found) == spans
        for one in found:
            session.annotations.relabel(one.id, story.team.labels["condition"])
            session.history.undo()
        assert session.queries.content(story.team.first.id).annotations == found
        assert len(session.reading.rows.all(Annotation)) == spans


def test_the_return_of_an_id_that_was_joined_meanwhile_is_the_persons_own(story: Story) -> None:
    package = story.issue()
    span = story.tag(package, FIRST)
    returned = story.hand_in(package)
    story.join(PERSON, KEPT)
    with story.team.lead() as session:
        assert session.merging.preview([returned]).files[0].sender == "Analyst K"
    assert story.merge(returned) == {}
    assert story.layers_at_the_lead() == {span.id: PERSON.id}
    with story.team.lead() as session:
        (progress,) = [one for one in session.queries.progress() if one.annotator.id == KEPT.id]
        assert progress.spans == 1


def test_a_package_for_the_kept_id_goes_on_where_nobody_has_begun_under_it(story: Story) -> None:
    package = story.issue()
    first = story.tag(package, FIRST)
    with Session(package, PERSON) as session:
        session.documents.set_status(story.team.first.id, "done")
    story.join(PERSON, KEPT)
    later = story.issue(KEPT)
    story.update(package, later)
    second = story.tag(package, SECOND)
    assert second.layer == first.layer
    assert_all_is_own(package, story, 2)
    with Session(package, LEAD) as session:
        assert session.person == Person(PERSON.id, "Analyst K")
        assert {row.status for row in session.queries.documents()} == {"done", "new"}
    assert story.merge(story.hand_in(package)) == {}
    assert story.layers_at_the_lead() == {first.id: PERSON.id, second.id: PERSON.id}
    with Session(later, PERSON) as session:  # that package by itself, on another computer
        assert session.own_layer(session.reading).id == first.layer


class TestWorkUnderBothIds:
    """The kept id has a layer of its own in the round, so the analyst goes on in that one."""

    @pytest.fixture
    def package(self, story: Story) -> Path:
        tag_as(story.team, KEPT, "condemns the attack", "criticism")
        package = story.issue()
        story.tag(package, FIRST)
        with Session(package, PERSON) as session:
            session.documents.set_status(story.team.first.id, "done")
            session.coverage.mark_read(story.team.second.id, 0, 5)
            session.documents.set_status(story.team.second.id, "done")
        story.join(PERSON, KEPT)
        story.update(package, story.issue(KEPT))
        return package

    def test_new_work_goes_into_the_kept_layer_and_all_of_it_is_handed_in(self, story: Story, package: Path) -> None:
        new = story.tag(package, SECOND)
        assert_all_is_own(package, story, 3)
        assert story.merge(story.hand_in(package)) == {}
        layers = story.layers_at_the_lead()
        assert layers[new.id] == KEPT.id
        assert sorted(layers.values(), key=str) == [PERSON.id, KEPT.id, KEPT.id]

    def test_what_was_finished_stays_finished(self, story: Story, package: Path) -> None:
        first, second = story.team.first.id, story.team.second.id
        with Session(package, PERSON) as session:
            tagged = (first, second)
            session.annotations.tag_all(story.team.labels["condition"], [(second, 13, 36)])
            assert session.queries.content(second).status == "done"
            session.history.undo()
            session.annotations.tag(second, story.team.labels["pledge"], [(13, 36)])
            assert {row.document.id: row.status for row in session.queries.documents()} == {
                first: "in_progress",  # as the kept id has it
                second: "done",
            }
            assert session.queries.status_counts() == {"in_progress": 1, "done": 1}
            assert session.queries.status_counts([second]) == {"done": 1}
            assert session.queries.content(second).status == "done"
            hits = session.queries.search(SearchQuery("", status="done")).hits
            assert {hit.document for hit in hits} == {second}
            assert {one.id for one in session.packages.hand_in_report().unfinished} == {first}
            session.documents.set_status(second, "new")
            assert session.queries.content(second).status == "new"
            assert len({row.layer for row in session.reading.rows.all(Status) if row.document in tagged}) == 2

    def test_what_was_read_can_be_taken_back(self, story: Story, package: Path) -> None:
        second = story.team.second.id
        with Session(package, PERSON) as session:
            (read,) = session.queries.read_ranges(second)
            assert session.coverage.unmark(second, *read) == []
            assert session.queries.read_ranges(second) == []

    def test_places_that_are_tagged_are_not_tagged_again(self, story: Story, package: Path) -> None:
        with Session(package, PERSON) as session:
            tagged = session.annotations.tag_all(story.team.labels["pledge"], [(story.team.first.id, *FIRST)])
            assert (tagged.made, tagged.skipped) == (0, 1)

    def test_the_check_before_handing_in_looks_at_all_of_it(self, story: Story, package: Path) -> None:
        with Session(package, PERSON) as session:
            own = set(session.own_layers(session.reading))
            assert {one.layer for one in session.reading.rows.all(Annotation)} == own
            assert set(session.consistency.layers()) == own
            checked = {one.annotation for one in session.packages.hand_in_report().findings}
            assert checked == {one.id for one in session.reading.rows.all(Annotation)}  # pledges without a speaker


@pytest.mark.parametrize("kept", [KEPT, PERSON])
def test_a_document_is_returned_where_the_analyst_sees_it(story: Story, kept: Person) -> None:
    """Both ids have a status in it: the one that counts is that of the kept id."""
    document, other = story.team.first.id, PERSON if kept == KEPT else KEPT
    for one, word in ((KEPT, "condemns the attack"), (PERSON, "We will provide")):
        tag_as(story.team, one, word)
        with Session(story.team.path, one) as session:
            session.documents.set_status(document, "done")
    story.join(other, kept)
    with story.team.lead() as session:
        session.review.return_document(document, other.id, "Look again.")
    package = story.issue(kept)
    with Session(package, PERSON) as session:
        assert session.queries.content(document).status == "returned"


def test_the_package_of_the_kept_id_gets_the_work_of_the_other_one(story: Story) -> None:
    earlier = tag_as(story.team, PERSON, "We will provide air defence")
    with story.team.lead() as session:
        assign(session, KEPT, [story.team.first])
    package = story.issue(KEPT)
    first = story.tag(package, SECOND)
    story.join(PERSON, KEPT)
    story.update(package, story.issue())  # whichever id the lead names
    second = story.tag(package, THIRD)
    assert first.layer == second.layer
    assert_all_is_own(package, story, 3)
    assert story.merge(story.hand_in(package)) == {}
    assert story.layers_at_the_lead() == {earlier: PERSON.id, first.id: KEPT.id, second.id: KEPT.id}


def test_a_person_who_was_joined_to_one_who_was_joined(story: Story) -> None:
    package = story.issue()
    span = story.tag(package, FIRST)
    story.join(PERSON, BETWEEN)
    story.update(package, story.issue(BETWEEN))
    story.join(BETWEEN, KEPT)
    story.update(package, story.issue(KEPT))
    second = story.tag(package, SECOND)
    assert_all_is_own(package, story, 2)
    assert story.merge(story.hand_in(package)) == {}
    assert story.layers_at_the_lead() == {span.id: PERSON.id, second.id: PERSON.id}


def test_both_joins_at_once(story: Story) -> None:
    package = story.issue()
    story.tag(package, FIRST)
    story.join(PERSON, BETWEEN)
    story.join(BETWEEN, KEPT)
    story.update(package, story.issue(BETWEEN))
    story.tag(package, SECOND)
    assert_all_is_own(package, story, 2)
    assert story.merge(story.hand_in(package)) == {}


def test_a_join_that_the_lead_takes_back_after_the_update(story: Story) -> None:
    package = story.issue()
    first = story.tag(package, FIRST)
    story.join(PERSON, KEPT)
    story.update(package, story.issue(KEPT))
    second = story.tag(package, SECOND)
    story.separate(PERSON)
    assert story.merge(story.hand_in(package)) == {}
    with story.team.lead() as session:
        assign(session, KEPT, [story.team.third])
    story.refuse(package, story.issue(KEPT))
    story.update(package, story.issue())
    third = story.tag(package, THIRD)
    with Session(package, PERSON) as session:
        assert session.person == PERSON
    assert_all_is_own(package, story, 3)
    assert story.merge(story.hand_in(package)) == {}
    assert story.layers_at_the_lead() == dict.fromkeys((first.id, second.id, third.id), PERSON.id)


def test_what_went_into_the_kept_layer_is_left_out_while_the_join_is_taken_back(story: Story) -> None:
    tag_as(story.team, KEPT, "condemns the attack", "criticism")
    package = story.issue()
    first = story.tag(package, FIRST)
    story.join(PERSON, KEPT)
    story.update(package, story.issue(KEPT))
    second = story.tag(package, SECOND)
    returned = story.hand_in(package)
    story.separate(PERSON)
    with story.team.lead() as session:
        (file,) = session.merging.merge([returned]).files
        assert file.left_out["annotation"] == 1
    assert second.id not in story.layers_at_the_lead()
    story.join(PERSON, KEPT)
    with story.team.lead() as session:
        assert session.merging.merge([returned]).files[0].left_out == {}
    layers = story.layers_at_the_lead()
    assert (layers[first.id], layers[second.id]) == (PERSON.id, KEPT.id)


def test_a_package_for_somebody_else_stays_refused(story: Story) -> None:
    package = story.issue()
    story.tag(package, FIRST)
    with story.team.lead() as session:
        assign(session, KEPT, [story.team.first])
    story.refuse(package, story.issue(KEPT))
    story.join(PERSON, KEPT)
    story.refuse(package, story.issue(OTHER))
    story.update(package, story.issue(KEPT))
    story.refuse(package, story.issue(OTHER))


def test_an_update_that_is_undone_can_be_opened_again(story: Story) -> None:
    package = story.issue()
    story.tag(package, FIRST)
    story.join(PERSON, KEPT)
    later = story.issue(KEPT)
    with Session(package, PERSON) as session:
        before = session.reading.dump()
        session.packages.update([later])
        after = session.reading.dump()
        session.history.undo()
        assert session.reading.dump() == before
    with Session(package, PERSON) as session:
        assert session.person == PERSON
        assert session.packages.is_update(later)
        assert session.packages.update([later]).taken_back
        session.history.redo()
        assert session.reading.dump() == after
    assert story.merge(story.hand_in(package)) == {"annotator": 4}  # taking the lead's rows back is not the analyst's


class TestForgery:
    def test_who_is_who_is_read_from_the_journal_that_is_checked(self, story: Story) -> None:
        package = story.issue()
        forged = story.issue(OTHER)
        with closing(sqlite3.connect(forged)) as database, database:
            database.execute(
                'INSERT INTO "annotator" ("id", "name", "same_as", "role", "color", "revision") '
                'SELECT ?, ?, ?, "role", "color", "revision" FROM "annotator" WHERE "id" = ?',
                (PERSON.id, PERSON.name, OTHER.id, OTHER.id),
            )
        with Session(package, PERSON) as session:
            before = session.reading.dump()
            with pytest.raises(RefusedError, match="is a package for somebody else"):
                session.packages.update([forged])
            assert session.reading.dump() == before

    def test_an_edited_journal_is_refused(self, story: Story) -> None:
        package = story.issue()
        story.join(PERSON, KEPT)
        forged = story.issue(KEPT)
        with closing(sqlite3.connect(forged)) as database, database:
            text = '"same_as":"' + KEPT.id
            database.execute('UPDATE "change" SET "after" = REPLACE("after", ?, ?)', (text, text[:-4] + "0000"))
        with Session(package, PERSON) as session, pytest.raises(ProjectFileError, match="damaged or was changed"):
            session.packages.update([forged])

    def test_a_return_is_no_update(self, story: Story) -> None:
        package = story.issue()
        story.tag(package, FIRST)
        story.join(PERSON, KEPT)
        other = story.issue(KEPT)
        with Session(other, PERSON) as session:
            session.annotations.tag(story.team.first.id, story.team.labels["pledge"], [SECOND])
        returned = story.hand_in(other)
        with Session(package, PERSON) as session:
            for file in (returned, story.hand_in(package), other, story.team.path):
                assert not session.packages.is_update(file)
                with pytest.raises(UserError, match=r"is no package|somebody works in"):
                    session.packages.update([file])

    def test_a_package_of_another_project_is_no_update(self, story: Story, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        elsewhere = Story(tmp_path / "other")
        elsewhere.join(PERSON, KEPT)
        package, foreign = story.issue(), elsewhere.issue(KEPT)
        with Session(package, PERSON) as session:
            assert not session.packages.is_update(foreign)
            with pytest.raises(ProjectFileError, match="is of another project"):
                session.packages.update([foreign])

    def test_a_return_cannot_join_anybody(self, story: Story) -> None:
        """Who is the same person is for leads to say: what a package's analyst says of it is left out."""
        package = story.issue()
        with Session(package, PERSON) as session, pytest.raises(RefusedError, match="Only leads"):
            session.annotators.join(PERSON.id, LEAD.id)


class TestFacts:
    def test_they_stay_those_of_the_first_id(self) -> None:
        one = "1" * 8 + "-1111-4111-8111-" + "1" * 12
        first = PackageFacts("package", one, PERSON.id, one, LEAD.id, "2026-01-01", {"a": "1"})
        later = replace(first, annotator=KEPT.id, created="2026-01-03", documents={"b": "2"})
        between = replace(first, round=KEPT.id, created="2026-01-02", documents={"a": "3"})
        found = updated(first, [later, between])
        assert found == replace(later, annotator=PERSON.id, documents={"a": "3", "b": "2"})

    def test_a_crash_leaves_rows_and_facts_as_they_were(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rows and facts are one transaction: where the facts cannot be stored the update says so, and nothing came."""
        package = story.issue()
        with story.team.lead() as session:
            assign(session, PERSON, [story.team.third])
        later = story.issue()
        put = LocalSettings.put

        def fails(settings: LocalSettings, name: str, value: str) -> None:
            put(settings, name, value)
            raise UserError("Nothing was saved: the disk is full.")

        with Session(package, PERSON) as session:
            facts, before = session.package, session.reading.dump()
            with monkeypatch.context() as patch:
                patch.setattr(LocalSettings, "put", fails)
                with pytest.raises(UserError, match="Nothing was saved"):
                    session.packages.update([later])
            assert (session.package, session.reading.dump()) == (facts, before)
        with Session(package, PERSON) as session:
            assert session.package == facts
            session.packages.update([later])
            assert session.package != facts
            session.merging.preview([later])
        stored = stored_facts(package)
        assert set(stored.documents) == {story.team.first.id, story.team.second.id, story.team.third.id}

    def test_facts_that_lack_a_document_say_so_and_the_package_mends_them(self, story: Story) -> None:
        package = story.issue()
        with story.team.lead() as session:
            assign(session, PERSON, [story.team.third])
        later = story.issue()
        facts = stored_facts(package)
        story.update(package, later)
        with closing(sqlite3.connect(package)) as database, database:
            database.execute("UPDATE local_setting SET value = ? WHERE name = 'package'", (facts.to_json(),))
        story.tag(package, FIRST)
        with pytest.raises(ProjectFileError, match="which text of “Third text” the lead sent"):
            story.hand_in(package)
        story.update(package, later)
        assert story.merge(story.hand_in(package)) == {}

    def test_a_preview_keeps_them(self, story: Story) -> None:
        package = story.issue()
        with story.team.lead() as session:
            assign(session, PERSON, [story.team.third])
        later = story.issue()
        with Session(package, PERSON) as session:
            facts = session.package
            session.merging.preview([later])
            assert session.package == facts
        assert stored_facts(package) == facts


def stored_facts(package: Path) -> PackageFacts:
    with closing(sqlite3.connect(package)) as database:
        (text,) = database.execute("SELECT value FROM local_setting WHERE name = 'package'").fetchone()
    return facts_from_json(text)
