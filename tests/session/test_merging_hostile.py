"""Returned files that somebody made up: nothing of others changes, nothing crashes, and the lead can work on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from peewee import SqliteDatabase

from annotator.core.canonical import canonical_json
from annotator.core.errors import UserError
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotation, Layer, Status
from annotator.core.rowdata import to_data
from annotator.session.session import Session
from annotator.storage.incoming import JOURNAL_HASH, journal_hash
from annotator.storage.sql import Statements
from tests.session.package_stage import LEAD, OTHER, PERSON, Team, make_team, tag_as

Rows = list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path)


def returned(team: Team, folder: Path) -> Path:
    """Return what the first analyst handed in: one span with a speaker, and a note."""
    package = team.issue(folder / "a.annodb")
    with Session(package, PERSON) as session:
        session.annotations.tag(team.first.id, team.labels["pledge"], [(18, 45)], {"speaker": "The alliance"}, "Mine.")
        return session.packages.hand_in(folder / "a.annoreturn").file


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a return to be changed, and seal it again as its maker would."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = 0")
        yield connection
        connection.commit()
    database = SqliteDatabase(str(path))
    with suppress(TypeError, ValueError):
        sealed = journal_hash(Statements(database))
        database.execute_sql('UPDATE "local_setting" SET "value" = ? WHERE "name" = ?', (sealed, JOURNAL_HASH))
    database.close()


def forge(path: Path, rows: Rows, annotator: str = PERSON.id, heads: Mapping[str, str] = MappingProxyType({})) -> None:
    """Add a step with these (table, before, after) to a return; `heads` are the revisions that rows had before."""
    with opened(path) as connection:
        replica, counter = connection.execute("SELECT replica, MAX(counter) + 1 FROM step").fetchone()
        step = new_id()
        connection.execute(
            "INSERT INTO step VALUES (?, ?, ?, 'A step', ?, 't', NULL, 1, ?)",
            (step, replica, counter, annotator, "0" * 64),
        )
        for table, before, after in rows:
            data, change = after or before or {}, new_id()
            layer = data["id"] if table == "layer" else data.get("layer")
            texts = [None if row is None else canonical_json(row) for row in (before, after)]
            connection.execute(
                "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (change, step, replica, counter, layer, table, data["id"], change, heads.get(data["id"]), *texts),
            )


def layer_of(session: Session, person: str) -> Layer:
    return next(one for one in session.queries.layers() if one.annotator == person)


def annotation(team: Team, layer: str, **fields: Any) -> dict[str, Any]:
    with team.lead() as session:
        codebook = session.queries.project().codebook
    new = Annotation(new_id(), team.first.id, layer, team.labels["pledge"], PERSON.id, codebook, "t", ((0, 6),))
    return {**to_data(new), **fields}


def others_work(session: Session) -> dict[str, list[str]]:
    """Return all rows that are not of the first analyst's layer, but without their own name and entities."""
    own = layer_of(session, PERSON.id).id
    dump = session.reading.dump()
    kept = ("saved_search", "entity", "alias", "document_value", "annotator")
    return {table: [row for row in rows if own not in row] for table, rows in dump.items() if table not in kept}


def sound(session: Session) -> None:
    """The file holds, and every document can be shown, listed and handed out."""
    database = session.reading.database
    assert not database.execute_sql("PRAGMA foreign_key_check").fetchall()
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    for row in session.queries.documents():
        session.queries.content(row.document.id)
    session.merging.conflicts()
    session.history.entries()


class TestWhatIsNotTheirs:
    def attack(self, team: Team, folder: Path, rows: Callable[[Session], Rows], annotator: str = PERSON.id) -> None:
        file = returned(team, folder)
        with team.lead() as session:
            made_up = rows(session)
            heads = session.reading.journal.heads(str((before or after or {})["id"]) for _, before, after in made_up)
        forge(file, made_up, annotator, heads)
        with team.lead() as session:
            before = others_work(session)
            layer = layer_of(session, PERSON.id)
            with suppress(UserError):
                session.merging.merge([file])
            assert others_work(session) == before
            assert layer_of(session, PERSON.id) == layer
            sound(session)
            session.packages.issue(PERSON.id, folder / "again.annodb")

    def test_a_value_on_somebody_elses_span(self, team: Team, tmp_path: Path) -> None:
        span = tag_as(team, OTHER, "condemns the attack", "criticism")

        def rows(session: Session) -> Rows:
            attribute = session.queries.codebook().attribute_by_key("strength").id
            identity = derived_id(span, "attribute", attribute)
            own = layer_of(session, PERSON.id).id
            value = {"id": identity, "annotation": span, "layer": own, "attribute": attribute, "value": "firm"}
            return [("attribute_value", None, value)]

        self.attack(team, tmp_path, rows)
        with team.lead() as session:
            assert "strength" not in session.queries.content(team.first.id).values.get(span, {})

    def test_a_relation_between_spans_of_somebody_else(self, team: Team, tmp_path: Path) -> None:
        one, two = (tag_as(team, OTHER, quote) for quote in ("condemns the attack", "will be answered"))

        def rows(session: Session) -> Rows:
            own = layer_of(session, PERSON.id).id
            kind = session.queries.codebook().relations[0].id
            data = {"id": new_id(), "document": team.first.id, "layer": own, "type": kind, "source": one, "target": two}
            return [("relation", None, {**data, "annotator": PERSON.id, "created": "t"})]

        self.attack(team, tmp_path, rows)
        with team.lead() as session:
            assert session.queries.content(team.first.id).relations == []

    def test_a_note_on_a_span_of_somebody_else(self, team: Team, tmp_path: Path) -> None:
        span = tag_as(team, OTHER, "condemns the attack", "criticism")

        def rows(session: Session) -> Rows:
            own = layer_of(session, PERSON.id).id
            data = {"id": derived_id(span, "note"), "kind": "annotation", "target": span, "document": team.first.id}
            return [("note", None, {**data, "layer": own, "annotator": PERSON.id, "created": "t", "body": "Wrong."})]

        self.attack(team, tmp_path, rows)
        with team.lead() as session:
            assert span not in session.queries.content(team.first.id).notes

    @pytest.mark.parametrize("kind", ["gold", "annotator"])
    def test_an_own_layer_that_becomes_another_ones(self, team: Team, tmp_path: Path, kind: str) -> None:
        def rows(session: Session) -> Rows:
            before = to_data(layer_of(session, PERSON.id))
            after = {**before, "kind": kind, "annotator": None if kind == "gold" else OTHER.id}
            return [("layer", before, after)]

        self.attack(team, tmp_path, rows)

    def test_a_new_gold_layer(self, team: Team, tmp_path: Path) -> None:
        def rows(session: Session) -> Rows:
            gold = {"id": new_id(), "kind": "gold", "annotator": None, "round": session.queries.project().round}
            return [("layer", None, gold)]

        self.attack(team, tmp_path, rows)

    def test_a_decision(self, team: Team, tmp_path: Path) -> None:
        def rows(session: Session) -> Rows:
            data = {"id": new_id(), "document": team.first.id, "layer": layer_of(session, PERSON.id).id}
            data |= {"kind": "same", "choice": "neither", "annotator": LEAD.id, "created": "t"}
            return [("decision", None, {**data, "precedent": team.labels["pledge"]})]

        self.attack(team, tmp_path, rows)
        with team.lead() as session:
            assert session.reading.decisions.precedents() == []

    def test_what_the_lead_is_said_to_have_done(self, team: Team, tmp_path: Path) -> None:
        file = returned(team, tmp_path)
        with team.lead() as session:
            own = layer_of(session, PERSON.id).id
        forge(file, [("annotation", None, annotation(team, own))], LEAD.id)
        with team.lead() as session:
            before = session.history.entries()
            session.merging.merge([file])
            after = [entry for entry in session.history.entries() if entry not in before]
            assert [entry.title for entry in after if entry.annotator == LEAD.name and "Merge" not in entry.title] == []

    def test_changes_that_are_put_into_a_step_of_the_lead(self, team: Team, tmp_path: Path) -> None:
        file = returned(team, tmp_path)
        with team.lead() as session:
            theirs = next(step for step in session.reading.journal.steps() if step.annotator == LEAD.id)
            before = session.reading.dump()
        with opened(file) as connection:
            step, replica, counter = theirs.id, theirs.replica, theirs.counter
            given = connection.execute("SELECT step FROM change WHERE \"table\" = 'annotation'").fetchone()[0]
            connection.execute(
                "UPDATE step SET id = ?, replica = ?, counter = ? WHERE id = ?", (step, replica, counter, given)
            )
            connection.execute(
                "UPDATE change SET step = ?, replica = ?, counter = ? WHERE step = ?", (step, replica, counter, given)
            )
        with team.lead() as session:
            with suppress(UserError):
                session.merging.merge([file])
            assert session.reading.journal.changes_of(theirs.id)
            assert all(change.table != "annotation" for change in session.reading.journal.changes_of(theirs.id))
            assert session.reading.dump()["annotation"] == before["annotation"]

    def test_an_entity_that_others_use_is_not_deleted(self, team: Team, tmp_path: Path) -> None:
        span = tag_as(team, OTHER, "condemns the attack", "criticism", speaker="The harbour")

        def rows(session: Session) -> Rows:
            return [("entity", to_data(session.queries.entity_named("The harbour")), None)]

        self.attack(team, tmp_path, rows)
        with team.lead() as session:
            assert session.queries.content(team.first.id).values[span] == {"speaker": "The harbour"}


class TestWhatIsNoSense:
    WEIRD = (b"\x00\xff", b"{}", 1.5, float("inf"), "\x00", "x" * 20_000, 2**62, "[" * 5_000, '{"a":' * 5_000, "7")

    @pytest.mark.parametrize("value", WEIRD, ids=lambda value: repr(value)[:12])
    @pytest.mark.parametrize("sealed", [True, False], ids=["return", "copy"])
    def test_a_value_of_another_kind_in_any_column(self, team: Team, tmp_path: Path, value: Any, sealed: bool) -> None:
        file = returned(team, tmp_path)
        columns = {
            "step": ("id", "replica", "counter", "title", "annotator", "time", "reverts", "undoable", "chain"),
            "change": (
                *("id", "step", "replica", "counter", "layer", "table", "row", "revision", "previous_revision"),
                *("before", "after"),
            ),
        }
        original = file.read_bytes()
        with team.lead() as session:
            before = session.reading.dump()
            for table, names in columns.items():
                for name in names:
                    file.write_bytes(original)
                    with opened(file) as connection, suppress(sqlite3.IntegrityError):
                        connection.execute(
                            f'UPDATE "{table}" SET "{name}" = ? WHERE rowid = (SELECT MAX(rowid) FROM "{table}")',
                            (value,),
                        )
                    if not sealed:
                        with closing(sqlite3.connect(file)) as connection, connection:
                            connection.execute("DELETE FROM local_setting")
                    try:
                        session.merging.merge([file])
                    except UserError as error:
                        assert "Free some space" not in str(error), (table, name)
                        assert session.reading.dump() == before
                    else:
                        session.history.undo()
                        sound(session)
                        break

    @pytest.mark.parametrize("value", [["x"], {"a": 1}, 5, True, None, [["x"]], []], ids=repr)
    @pytest.mark.parametrize("key", ["speaker", "strength"])
    def test_a_value_of_another_kind_than_its_attribute(self, team: Team, tmp_path: Path, key: str, value: Any) -> None:
        file = returned(team, tmp_path)
        with team.lead() as session:
            own = layer_of(session, PERSON.id).id
            attribute = session.queries.codebook().attribute_by_key(key).id
        span = annotation(team, own)
        data = {"id": derived_id(span["id"], "attribute", attribute), "annotation": span["id"], "layer": own}
        forge(
            file,
            [("annotation", None, span), ("attribute_value", None, {**data, "attribute": attribute, "value": value})],
        )
        with team.lead() as session:
            before = session.reading.dump()
            try:
                session.merging.merge([file])
            except UserError:
                assert session.reading.dump() == before
            sound(session)
            session.consistency.check()
            session.corpus.view().page()

    @pytest.mark.parametrize("table", ["entity", "alias", "saved_search"])
    def test_a_name_that_is_empty(self, team: Team, tmp_path: Path, table: str) -> None:
        file = returned(team, tmp_path)
        rest = {"alias": {"entity": new_id()}, "saved_search": {"annotator": PERSON.id, "created": "t", "query": {}}}
        forge(file, [(table, None, {"id": new_id(), "name": "", **rest.get(table, {})})])
        with team.lead() as session, pytest.raises(UserError, match="Ask for the file once more"):
            session.merging.merge([file])

    def test_a_counter_that_leaves_none_for_later_steps(self, team: Team, tmp_path: Path) -> None:
        file = returned(team, tmp_path)
        with opened(file) as connection:
            last = connection.execute("SELECT id FROM step ORDER BY rowid DESC LIMIT 1").fetchone()[0]
            connection.execute("UPDATE step SET counter = ? WHERE id = ?", (2**53 - 1, last))
            connection.execute("UPDATE change SET counter = ? WHERE step = ?", (2**53 - 1, last))
        with team.lead() as session, pytest.raises(UserError):
            session.merging.merge([file])

    @pytest.mark.parametrize(
        "part", [b'"layer" TEXT', b'CREATE TABLE "note"', b'"Journal"'], ids=["sql", "name", "none"]
    )
    def test_a_schema_that_is_no_text(self, team: Team, tmp_path: Path, part: bytes) -> None:
        file = returned(team, tmp_path)
        file.write_bytes(file.read_bytes().replace(part, b"\xff" * len(part)))
        with team.lead() as session:
            session.merging.preview([file])

    @pytest.mark.parametrize("kind", ["long", "folder", "loop", "none"])
    def test_a_path_that_is_no_file(self, team: Team, tmp_path: Path, kind: str) -> None:
        path = {"long": tmp_path / ("x" * 300), "folder": tmp_path}.get(kind, tmp_path / kind)
        if kind == "loop":
            path.symlink_to(path)
        with team.lead() as session:
            assert session.merging.preview([path]).files[0].refused

    def test_the_same_file_several_times_at_once(self, team: Team, tmp_path: Path) -> None:
        file = returned(team, tmp_path)
        link = tmp_path / "link.annoreturn"
        link.symlink_to(file)
        with team.lead() as session:
            one, two, three = session.merging.merge([file, link, file]).files
            assert one.new and not two.new and not three.new
            assert one.changes == two.known == three.known
            sound(session)


def test_only_leads_approve(team: Team, tmp_path: Path) -> None:
    back = returned(team, tmp_path)
    with Session(tmp_path / "a.annodb", PERSON) as session:
        with pytest.raises(UserError, match="Only leads"):
            session.documents.set_status(team.first.id, "approved")
        layer = session.own_layer(session.reading).id
    identity = derived_id(team.first.id, "status", layer)
    status = {"id": identity, "document": team.first.id, "layer": layer, "status": "approved"}
    forge(back, [("status", None, status)])
    with team.lead() as session:
        assert session.merging.merge([back]).files[0].left_out == {"status": 1}
        found = session.reading.rows.where(Status, "layer", layer)
        assert [one.status for one in found] == ["in_progress"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file(team: Team, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.annoreturn"
    os.mkfifo(pipe)
    with team.lead() as session, pytest.raises(UserError, match="not an annotator project"):
        session.merging.merge([pipe])
