"""Packages: blind to what others did, whole for their reader, and handed in as a journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.core.errors import ProjectFileError, RefusedError, UserError
from annotator.core.packages import facts_from_json
from annotator.core.records import (
    Annotation,
    Annotator,
    Assignment,
    AttributeValue,
    Decision,
    Document,
    Layer,
    Note,
    Relation,
    Status,
)
from annotator.core.text_edits import TextEdit
from annotator.session.people import Person
from annotator.session.precedents import digest
from annotator.session.progress import Cancel, Cancelled
from annotator.session.session import Session
from annotator.storage.project_file import open_project
from tests.session.package_stage import LEAD, OTHER, PERSON, Team, make_team, tag_as

STRANGER = Person("33333333-3333-4333-8333-333333333333", "Somebody else")
SECRET = "What the other one thinks of it."


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path)


def everything_in(path: Path) -> str:
    """Return all that a file says: every row of every table, and its bytes, free pages included."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        database.execute("PRAGMA query_only = 1")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [repr(row) for name in tables for row in database.execute(f'SELECT * FROM "{name}"')]
        words = [repr(row) for row in database.execute('SELECT * FROM "note_index"')]
    return "\n".join([*rows, *words, path.read_bytes().decode("utf-8", "replace")])


def rows_of(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


class TestBlindness:
    def test_nothing_of_another_analyst_is_in_the_file(self, team: Team, tmp_path: Path) -> None:
        own = tag_as(team, PERSON, "We will provide air defence", speaker="The alliance")
        others = tag_as(team, OTHER, "condemns the attack on the port", "criticism", SECRET, speaker="The harbour")
        with Session(team.path, OTHER) as session:
            session.notes.write("label", team.labels["pledge"], SECRET)
            session.notes.write("document", team.first.id, SECRET)
            session.entities.rename(session.queries.entity_named("The harbour").id, "The quay")
            session.documents.set_status(team.first.id, "done")
            session.coverage.mark_read(team.first.id, 0, 10)
            session.annotations.delete([session.annotations.tag(team.first.id, team.labels["pledge"], [(0, 6)]).id])
        with team.lead() as session:
            layers = [one.id for one in session.queries.layers() if one.annotator == OTHER.id]
            steps = session.reading.journal.steps(annotator=OTHER.id)
            titles = [one.title for one in steps if "“" in one.title]
        content = everything_in(team.issue(tmp_path / "a.annodb"))
        assert own in content
        assert "The quay" in content  # entities are shared
        assert len(titles) >= 5
        for hidden in (OTHER.id, OTHER.name, others, SECRET, *layers, *titles, team.third.id, "Third text"):
            assert hidden not in content, hidden
        assert "condemns the attack" in content
        assert "“condemns the attack" not in content

    def test_what_was_merged_from_another_one_is_not_in_the_file(self, team: Team, tmp_path: Path) -> None:
        with team.lead() as session:
            package = session.packages.issue(OTHER.id, tmp_path / "b.annodb").file
        with Session(package, OTHER) as session:
            span = session.annotations.tag(
                team.first.id, team.labels["criticism"], [(69, 114)], {"speaker": "The harbour"}, SECRET
            )
            session.entities.create("The quay")
            session.packages.hand_in(tmp_path / "b.annoreturn")
        with team.lead() as session:
            session.merging.merge([tmp_path / "b.annoreturn"])
            session.documents.correct(team.first.id, [TextEdit(0, 6, "Meeting")])
            layers = [one.id for one in session.queries.layers() if one.annotator == OTHER.id]
            spans = [one.id for one in session.reading.rows.all(Annotation) if one.layer in layers]
        assert len(spans) == 2
        content = everything_in(team.issue(tmp_path / "a.annodb"))
        assert "The quay" in content
        for hidden in (OTHER.id, OTHER.name, span.id, SECRET, *layers, *spans):
            assert hidden not in content, hidden

    def test_a_step_with_changes_of_others_has_a_neutral_title_and_no_undo(self, team: Team, tmp_path: Path) -> None:
        tag_as(team, OTHER, "condemns the attack", "criticism", speaker="The harbour")
        file = team.issue(tmp_path / "a.annodb")
        with team.lead() as lead, Session(file, PERSON) as session:
            entity = session.queries.entity_named("The harbour").id
            made = next(change for change in session.reading.journal.changes() if change.row == entity)
            step, original = session.reading.journal.step(made.step), lead.reading.journal.step(made.step)
        assert step is not None and original is not None
        assert (step.title, step.annotator, step.undoable) == ("Change the project", LEAD.id, False)
        assert (step.counter, step.replica, step.chain) == (original.counter, original.replica, original.chain)
        assert original.title.startswith("Tag “condemns")

    def test_a_name_in_the_title_of_a_shared_step_is_left_out(self, team: Team, tmp_path: Path) -> None:
        with team.lead() as session:
            session.entities.create(f"Known to {OTHER.name}")
            session.entities.create("Known to all")
        with Session(team.issue(tmp_path / "a.annodb"), PERSON) as session:
            titles = [step.title for step in session.reading.journal.steps()]
        assert any("Known to all" in title for title in titles)
        assert not any(OTHER.name in title for title in titles)

    def test_gold_goes_along_in_a_practice_round_after_hand_in(self, team: Team, tmp_path: Path) -> None:
        from dataclasses import replace

        from annotator.core.changes import ChangeSet, RowChange
        from annotator.session.verb import Outcome

        gold = decide(team, tag_as(team, PERSON, "We will provide"), tag_as(team, OTHER, "We will provide air defence"))
        with team.lead() as session:
            round_ = session.queries.rounds()[0]
            change = RowChange(round_, replace(round_, practice=True))
            session.perform(lambda: Outcome(ChangeSet("Practice", (change,)), None))
        assert gold not in everything_in(team.issue(tmp_path / "before.annodb"))
        with Session(team.path, PERSON) as session:
            session.documents.set_status(team.first.id, "done")
        assert gold in everything_in(team.issue(tmp_path / "after.annodb"))

    def test_gold_and_decisions_go_along_where_asked_for(self, team: Team, tmp_path: Path) -> None:
        own = tag_as(team, PERSON, "We will provide")
        others = tag_as(team, OTHER, "We will provide air defence")
        gold = decide(team, own, others)
        with team.lead() as session:
            layer = next(one for one in session.queries.layers() if one.annotator == PERSON.id)
            set_status(session, team.first.id, layer.id, "returned")
        blind = everything_in(team.issue(tmp_path / "blind.annodb"))
        assert gold not in blind
        file = team.issue(tmp_path / "digest.annodb", with_digest=True)
        with Session(file, PERSON) as session:
            rows = session.reading.rows
            decision = rows.all(Decision)[0]
            assert decision.reason == "Cut at the object."
            assert list(decision.basis["annotations"]) == [own]
            assert decision.basis["annotations"][own]["values"][0]["value"]
            assert decision.basis["layers"] == [session.own_layer(session.reading).id]
            assert (decision.basis["start"], decision.basis["end"]) == (18, 45)
            assert [entry.reason for entry in digest(session.reading, PERSON.id)[0].entries] == ["Cut at the object."]
            kept = rows.get(Annotation, gold)
            assert kept is not None and kept.decided_from == (own,)
            session.documents.set_status(team.first.id, "done")
            assert [entry.reason for entry in session.queries.digest()[0].entries] == ["Cut at the object."]
        content = everything_in(file)
        assert others not in content and OTHER.id not in content


def decide(team: Team, own: str, others: str) -> str:
    """Make a gold annotation of two others, with a decision; returns its id."""
    from annotator.core.changes import ChangeSet, made
    from annotator.core.ids import new_id
    from annotator.session.verb import Outcome

    with team.lead() as session:
        rows, project = session.reading.rows, session.queries.project()
        layer = Layer(new_id(), "gold", None, project.round)
        spans = rows.where_in(Annotation, "id", [own, others])
        layers = [one.layer for one in spans]
        entity = session.entities.create("The coast").id
        basis = {
            one.id: {
                "layer": one.layer,
                "label": one.label,
                "fragments": [list(fragment) for fragment in one.fragments],
                "values": [{"attribute": entity, "value": [entity]}],
            }
            for one in spans
        }
        gold = Annotation(
            new_id(),
            team.first.id,
            layer.id,
            team.labels["pledge"],
            LEAD.id,
            project.codebook,
            "2030-01-01",
            ((18, 45),),
            decided_from=(own, others),
        )
        decision = Decision(
            new_id(),
            team.first.id,
            layer.id,
            "edges",
            "edit",
            LEAD.id,
            "2030-01-01",
            {"annotations": basis, "layers": layers, "chosen": layers[:1], "start": 18, "end": 45, "relations": {}},
            (gold.id,),
            "Cut at the object.",
        )
        session.perform(lambda: Outcome(ChangeSet("Decide", made(layer, gold, decision)), None))
        return gold.id


def set_status(session: Session, document: str, layer: str, status: str) -> None:
    from annotator.core.changes import ChangeSet, RowChange
    from annotator.core.ids import derived_id
    from annotator.session.verb import Outcome

    before = next((one for one in session.reading.rows.where(Status, "layer", layer) if one.document == document), None)
    row = before.id if before else derived_id(document, "status", layer)
    change = RowChange(before, Status(row, document, layer, status))
    session.perform(lambda: Outcome(ChangeSet("Status", (change,)), None))


class TestIssuing:
    def test_the_package_has_all_that_is_the_readers(self, team: Team, tmp_path: Path) -> None:
        own = tag_as(team, PERSON, "We will provide air defence", note="mine", strength="firm")
        condition = tag_as(team, PERSON, "if the council agrees", "condition")
        with Session(team.path, PERSON) as session:
            relation = session.relations.relate(condition, "conditions", own)
        file = team.issue(tmp_path / "a.annodb")
        with team.lead() as lead, Session(file, STRANGER) as session:
            rows = session.reading.rows
            assert session.person == PERSON
            assert session.role == "analyst"
            assert {one.id for one in rows.all(Document)} == {team.first.id, team.second.id}
            assert {one.id for one in rows.all(Annotation)} == {own, condition}
            assert [one.id for one in rows.all(Relation)] == [relation.id]
            assert rows.all(AttributeValue) == lead.reading.rows.all(AttributeValue)
            assert {one.body for one in rows.all(Note)} == {"mine", "The lead says how to tag."}
            assert {one.id for one in rows.all(Annotator)} == {PERSON.id, LEAD.id}
            assert {one.annotator for one in rows.all(Assignment)} == {PERSON.id}
            assert session.queries.codebook() == lead.queries.codebook()
            assert session.queries.content(team.first.id).annotations == [
                one for one in lead.queries.content(team.first.id).annotations if one.id in (own, condition)
            ]
        assert not rows_of(file, "SELECT * FROM merged_step")

    def test_changes_keep_ids_and_revisions(self, team: Team, tmp_path: Path) -> None:
        own = tag_as(team, PERSON, "We will provide air defence")
        with Session(team.path, PERSON) as session:
            session.annotations.resize(own, [(18, 40)])
        file = team.issue(tmp_path / "a.annodb")
        sql = f"SELECT * FROM change WHERE row = '{own}' ORDER BY counter"
        assert rows_of(file, sql) == rows_of(team.path, sql)
        assert len(rows_of(file, sql)) == 2
        sql = f"SELECT * FROM annotation WHERE id = '{own}'"
        assert rows_of(file, sql) == rows_of(team.path, sql)

    def test_what_is_in_the_package_can_be_searched(self, team: Team, tmp_path: Path) -> None:
        from annotator.core.search_query import SearchQuery

        with Session(team.issue(tmp_path / "a.annodb"), PERSON) as session:
            assert session.search_index.is_whole
            found = session.queries.search(SearchQuery("engineers")).hits
        assert [hit.document for hit in found] == [team.second.id]

    def test_a_deleted_annotation_stays_deleted_and_its_journal_goes_along(self, team: Team, tmp_path: Path) -> None:
        own = tag_as(team, PERSON, "We will provide air defence", strength="firm")
        with Session(team.path, PERSON) as session:
            session.annotations.delete([own])
        file = team.issue(tmp_path / "a.annodb")
        with Session(file, PERSON) as session:
            assert not session.reading.rows.all(Annotation)
            session.history.undo()
            assert session.queries.values([own]) == {own: {"strength": "firm"}}

    def test_older_versions_go_along(self, team: Team, tmp_path: Path) -> None:
        own = tag_as(team, PERSON, "We will provide air defence")
        with team.lead() as session:
            newer = session.documents.correct(team.first.id, [TextEdit(0, 6, "Meeting")]).document
        file = team.issue(tmp_path / "a.annodb")
        with Session(file, PERSON) as session:
            assert session.package is not None
            assert session.package.documents == {one.id: one.text for one in (team.first, newer, team.second)}
            assert {row.document.id for row in session.queries.documents()} == {newer.id, team.second.id}
            assert own in {one.id for one in session.reading.rows.all(Annotation)}

    def test_one_may_choose_documents(self, team: Team, tmp_path: Path) -> None:
        with team.lead() as session:
            issued = session.packages.issue(PERSON.id, tmp_path / "a.annodb", [team.second.id])
            assert issued.documents == 1
            with pytest.raises(RefusedError, match="not assigned to Analyst A"):
                session.packages.issue(PERSON.id, tmp_path / "b.annodb", [team.third.id])

    def test_a_folder_gets_a_file_of_a_free_name(self, team: Team, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        folder.mkdir()
        names = [team.issue(folder).name for _ in range(2)]
        assert names == ["Study – Analyst A.annodb", "Study – Analyst A (2).annodb"]
        assert sorted(one.name for one in folder.iterdir()) == sorted(names)

    def test_every_package_has_the_same_layer(self, team: Team, tmp_path: Path) -> None:
        files = [team.issue(tmp_path / f"{number}.annodb") for number in range(2)]
        layers = [rows_of(file, "SELECT id, revision FROM layer") for file in files]
        assert layers[0] == layers[1]
        assert len(layers[0]) == 1
        with team.lead() as session:
            session.history.undo()  # of the last verb, and not of the layer
            assert [one.id for one in session.queries.layers() if one.annotator == PERSON.id] == [layers[0][0][0]]

    def test_recipients_are_those_with_documents(self, team: Team) -> None:
        with team.lead() as session:
            found = [(one.name, one.documents, one.returned) for one in session.packages.recipients()]
        assert found == [("Analyst A", 2, 0), ("Analyst B", 3, 0)]

    def test_it_is_in_delete_mode_and_leaves_nothing_beside_it(self, team: Team, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        folder.mkdir()
        file = team.issue(folder / "a.annodb")
        assert rows_of(file, "PRAGMA journal_mode") == [("delete",)]
        assert [one.name for one in folder.iterdir()] == ["a.annodb"]

    def test_refusals(self, team: Team, tmp_path: Path) -> None:
        with team.lead() as session:
            issue = session.packages.issue
            with pytest.raises(RefusedError, match="Nobody in this project has the id"):
                issue(STRANGER.id, tmp_path / "a.annodb")
            with pytest.raises(RefusedError, match="Nothing is assigned to Lead in the round “production”"):
                issue(LEAD.id, tmp_path / "a.annodb")
            with pytest.raises(RefusedError, match="is the project itself"):
                issue(PERSON.id, team.path)
            with pytest.raises(RefusedError, match="is for backups"):
                issue(PERSON.id, tmp_path / "Study backups" / "a.annodb")
            (tmp_path / "there.annodb").write_bytes(b"precious")
            with pytest.raises(UserError, match="is already there"):
                issue(PERSON.id, tmp_path / "there.annodb")
            with pytest.raises(UserError, match="cannot be written"):
                issue(PERSON.id, tmp_path / "there.annodb" / "a.annodb")
        with Session(team.path, PERSON) as session, pytest.raises(RefusedError, match="Only leads"):
            session.packages.issue(PERSON.id, tmp_path / "a.annodb")
        assert not (tmp_path / "a.annodb").exists()
        assert (tmp_path / "there.annodb").read_bytes() == b"precious"

    def test_cancelling_leaves_no_file(self, team: Team, tmp_path: Path) -> None:
        out = tmp_path / "out"
        out.mkdir()
        cancel = Cancel()
        told: list[int] = []

        def progress(done: int, total: int, what: str) -> None:
            assert 0 < done <= total
            told.append(done)
            if done > 10:
                cancel.request()

        with team.lead() as session, pytest.raises(Cancelled):
            session.packages.issue(PERSON.id, out, progress=progress, cancel=cancel)
        assert max(told) == 11
        assert not list(out.iterdir())
        with team.lead() as session:
            told.clear()
            session.packages.issue(PERSON.id, out, progress=lambda done, total, _: told.append(total - done))
        assert told[-1] == 0

    def test_a_damaged_text_makes_no_package(self, team: Team, tmp_path: Path) -> None:
        with closing(sqlite3.connect(team.path)) as database, database:
            database.execute("UPDATE blob SET data = ? WHERE sha256 = ?", (b"Another text", team.first.text))
        with pytest.raises(ProjectFileError, match="not what was stored"):
            team.issue(tmp_path / "a.annodb")
        assert not (tmp_path / "a.annodb").exists()


class TestHandingIn:
    @pytest.fixture
    def package(self, team: Team, tmp_path: Path) -> Path:
        tag_as(team, PERSON, "We will provide air defence")
        return team.issue(tmp_path / "a.annodb")

    def test_the_return_has_what_was_done_and_no_texts(self, team: Team, package: Path, tmp_path: Path) -> None:
        with Session(package, PERSON) as session:
            span = session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)], {"speaker": "The bloc"})
            session.documents.set_status(team.second.id, "done")
            handed = session.packages.hand_in(tmp_path / "back.annoreturn")
        back = handed.file
        assert (handed.documents, handed.annotations) == (2, 1)
        assert rows_of(back, "PRAGMA journal_mode") == [("delete",)]
        own = f"SELECT * FROM change WHERE counter > {counters(team.path)} ORDER BY id"
        assert rows_of(back, "SELECT * FROM change ORDER BY id") == rows_of(package, own)
        assert (span.id,) in rows_of(back, "SELECT row FROM change")
        for table in ("blob", "document", "annotation", "annotator", "replica", "project", "searched_text"):
            assert not rows_of(back, f"SELECT * FROM {table}"), table
        facts = facts_from_json(str(rows_of(back, "SELECT value FROM local_setting WHERE name = 'package'")[0][0]))
        assert (facts.kind, facts.annotator, facts.issued_by) == ("return", PERSON.id, LEAD.id)
        assert facts.documents == {team.first.id: team.first.text, team.second.id: team.second.text}
        assert b"air defence if the council" not in back.read_bytes()

    def test_a_copy_of_the_package_hands_in_what_was_done_before_it(
        self, team: Team, package: Path, tmp_path: Path
    ) -> None:
        with Session(package, PERSON) as session:
            first = session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)]).id
        copy = tmp_path / "elsewhere.annodb"
        copy.write_bytes(package.read_bytes())
        with Session(copy, PERSON) as session:
            second = session.annotations.tag(team.second.id, team.labels["criticism"], [(37, 60)]).id
            back = session.packages.hand_in(tmp_path / "back").file
        assert back.name == "back.annoreturn"
        rows = rows_of(back, "SELECT row FROM change WHERE \"table\" = 'annotation'")
        assert {row for (row,) in rows} == {first, second}

    def test_the_report_names_what_is_unfinished(self, team: Team, package: Path) -> None:
        with Session(package, PERSON) as session:
            session.documents.set_status(team.first.id, "done")
            report = session.packages.hand_in_report()
        assert [(one.title, one.status) for one in report.unfinished] == [("Second text", "new")]
        assert report.documents == 2
        assert report.steps == 1

    def test_refusals(self, team: Team, package: Path, tmp_path: Path) -> None:
        with team.lead() as session:
            with pytest.raises(RefusedError, match="This is no package"):
                session.packages.hand_in(tmp_path / "back")
            with pytest.raises(RefusedError, match="This is no package"):
                session.packages.hand_in_report()
        with Session(package, PERSON) as session, pytest.raises(RefusedError, match="Nothing was done"):
            session.packages.hand_in(tmp_path / "back")

    def test_an_edited_text_is_not_handed_in(self, team: Team, package: Path, tmp_path: Path) -> None:
        from annotator.core.canonical import sha256_hex

        text = b"Second text\n\nWe shall send soldiers.. They must stop the shelling at once."
        with Session(package, PERSON) as session:
            session.documents.set_status(team.second.id, "done")
        with closing(sqlite3.connect(package)) as database, database:
            database.execute("INSERT INTO blob VALUES (?, ?, ?)", (sha256_hex(text), len(text), text))
            database.execute("UPDATE document SET text = ? WHERE id = ?", (sha256_hex(text), team.second.id))
        with (
            Session(package, PERSON) as session,
            pytest.raises(ProjectFileError, match="The text of “Second text” is not the one that the lead sent"),
        ):
            session.packages.hand_in(tmp_path / "back")
        assert not (tmp_path / "back.annoreturn").exists()

    def test_a_return_is_no_project(self, team: Team, package: Path, tmp_path: Path) -> None:
        with Session(package, PERSON) as session:
            session.documents.set_status(team.second.id, "done")
            back = session.packages.hand_in(tmp_path / "back").file
        before = back.read_bytes()
        with pytest.raises(ProjectFileError, match="merge it there"):
            open_project(back)
        assert back.read_bytes() == before

    def test_codebook_and_documents_are_fixed_but_notes_are_not(self, team: Team, package: Path) -> None:
        with Session(package, PERSON) as session:
            with pytest.raises(RefusedError, match="Propose a change in a note"):
                session.documents.remove(team.first.id)
            with pytest.raises(RefusedError, match="Propose a change in a note"):
                session.documents.correct(team.first.id, [TextEdit(0, 6, "Meeting")])
            session.notes.write("label", team.labels["pledge"], "Split it in two?")
            assert {one.body for one in session.queries.notes_on(team.labels["pledge"])} == {
                "Split it in two?",
                "The lead says how to tag.",
            }


def counters(path: Path) -> object:
    return rows_of(path, "SELECT MAX(counter) FROM step")[0][0]
