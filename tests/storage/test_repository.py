"""The journal tells the same story as the rows, and what is damaged is noticed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from annotator.core.canonical import canonical_json
from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.errors import ProjectFileError, RefusedError, UserError
from annotator.core.ids import new_id
from annotator.core.journal import chain_hash, replay
from annotator.core.records import Document, Entity
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.storage import backup, project_file
from annotator.storage.lock import WriterLock
from annotator.storage.repository import Author, Repository
from tests.support import add_document


def work(session: Session) -> Document:
    document = add_document(session)
    labels = session.queries.codebook().labels
    one = session.annotations.tag(document.id, labels[0].id, [(18, 45)], {"speaker": "The alliance"}, "note")
    two = session.annotations.tag(document.id, labels[1].id, [(46, 67)])
    session.relations.relate(two.id, "conditions", one.id)
    session.annotations.resize(one.id, [(18, 40)])
    session.annotations.delete([two.id])
    session.history.undo()
    return document


def test_replaying_the_journal_gives_the_rows(session: Session) -> None:
    work(session)
    state = replay(session.reading.journal.changes())
    rows: dict[str, list[str]] = {table: [] for table in session.reading.dump()}
    for (table, _), row in state.items():
        assert not row.in_conflict
        if row.data is not None:
            rows[table].append(canonical_json(row.data))
    assert {table: sorted(lines) for table, lines in rows.items()} == session.reading.dump()


def test_every_step_is_sealed_into_its_replicas_chain(session: Session) -> None:
    work(session)
    journal = session.reading.journal
    before: dict[str, str] = {}
    for step in journal.steps():
        assert step.chain == chain_hash(before.get(step.replica, ""), step, journal.changes_of(step.id))
        before[step.replica] = step.chain


def test_counters_only_grow(session: Session) -> None:
    work(session)
    counters = [step.counter for step in session.reading.journal.steps()]
    assert counters == list(range(1, len(counters) + 1))


def test_a_change_that_is_out_of_date_is_refused(session: Session) -> None:
    entity = Entity(new_id(), "One")

    def apply(change: RowChange) -> None:
        session.stream(lambda: session.repository.apply(ChangeSet("t", (change,)), session.author))

    apply(RowChange(None, entity))
    stale = Entity(entity.id, "Stale")
    for change in (RowChange(None, stale), RowChange(stale, entity), RowChange(stale, None)):
        with pytest.raises(RefusedError, match="changed in the meantime"):
            apply(change)
    assert session.reading.rows.get(Entity, entity.id) == entity


def test_an_interrupted_step_is_closed_at_the_next_opening(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        work(session)

        def interrupted() -> str:
            repository = session.repository
            step = repository.open_step("Import documents", session.author)
            repository.extend_step(step, ChangeSet("part", made(Entity(new_id(), "Half"))))
            return step.id

        step = session.stream(interrupted)
    moved = project_path.rename(project_path.with_name("moved.annodb"))
    with Session(moved, person) as session:
        sealed = session.reading.journal.step(step)
        assert sealed is not None
        assert len(sealed.chain) == 64
        session.history.undo()
        assert not session.reading.rows.where(Entity, "name", "Half")


def test_a_copied_file_is_another_replica(project_path: Path, person: Person, tmp_path: Path) -> None:
    with Session(project_path, person) as session:
        first = session.author.replica
    with Session(project_path, person) as session:
        assert session.author.replica == first
    copy = tmp_path / "copy.annodb"
    copy.write_bytes(project_path.read_bytes())
    with Session(copy, person) as session:
        assert session.author.replica != first


def test_damaged_content_is_noticed(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = work(session)
    connection = sqlite3.connect(project_path)
    connection.execute("UPDATE blob SET data = CAST('changed' AS BLOB) WHERE sha256 = ?", (document.text,))
    connection.commit()
    connection.close()
    with Session(project_path, person) as session, pytest.raises(ProjectFileError, match="damaged"):
        session.queries.content(document.id)


def test_a_project_is_one_file_after_closing(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        work(session)
    with Session(project_path, person, write=False) as session:
        assert session.queries.document_count() == 1
    assert {path.name for path in project_path.parent.iterdir()} == {"project.annodb"}


def test_a_new_project_appears_whole_or_not_at_all(tmp_path: Path, person: Person) -> None:
    path = tmp_path / "missing" / "folder" / "p.annodb"
    create_project(path, default_codebook(), person)
    with pytest.raises(UserError, match="already there"):
        create_project(path, default_codebook(), person)
    blocked = tmp_path / "file"
    blocked.write_text("x", "utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        create_project(blocked / "p.annodb", default_codebook(), person)
    assert [p.name for p in path.parent.iterdir()] == ["p.annodb"]


def test_the_lock_is_free_again_after_its_holder(project_path: Path) -> None:
    one, two = WriterLock(project_path), WriterLock(project_path)
    assert one.acquire() is None
    holder = two.acquire()
    assert holder is not None
    assert "process" in holder
    one.release()
    assert two.acquire() is None
    two.release()


def test_the_header_is_checked_before_sqlite_sees_the_file(project_path: Path) -> None:
    project_file.check_header(project_path)
    data = bytearray(project_path.read_bytes())
    data[68:72] = b"NOPE"
    project_path.write_bytes(data)
    with pytest.raises(ProjectFileError, match="not an annotator project"):
        project_file.check_header(project_path)


def test_one_verified_backup_a_day(session: Session, project_path: Path) -> None:
    from datetime import date

    assert session.back_up() is None
    document = work(session)
    made_backup = session.back_up()
    assert made_backup is not None
    assert session.back_up() is None
    with Session(made_backup, session.person, write=False) as copy:
        assert copy.reading.dump() == session.reading.dump()
        assert copy.queries.content(document.id).text == session.queries.content(document.id).text
    for day in range(1, 20):
        backup.backup_of_today(project_path, date(2040, 1, day))
    kept = sorted(path.name for path in backup.backup_folder(project_path).iterdir())
    assert len(kept) == backup.KEPT_DAYS
    assert kept[-1] == "project 2040-01-19.annodb"


def test_a_backup_that_cannot_be_written_says_so(session: Session, project_path: Path) -> None:
    work(session)
    folder = backup.backup_folder(project_path)
    folder.mkdir()
    target = folder / "x.annodb"
    (folder / "x.annodb.part").mkdir()
    with pytest.raises((UserError, OSError)):
        backup.copy_verified(project_path, target)
    assert not target.exists()


def test_steps_name_their_author_and_replica(session: Session) -> None:
    work(session)
    author = Author(session.person.id, session.author.replica)
    assert {(s.annotator, s.replica) for s in session.reading.journal.steps()[2:]} == {
        (author.annotator, author.replica)
    }
    assert isinstance(session.reading, Repository)
