"""A session among others: who joins, what runs meanwhile, what happens to the file underneath."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet
from annotator.core.errors import BugError, ProjectFileError, RefusedError, UserError
from annotator.core.journal import chain_hash
from annotator.core.records import AttributeValue, Document
from annotator.formats.codebooks import default_codebook
from annotator.session import sample
from annotator.session.dataset_lines import DatasetLines
from annotator.session.people import Person, person_named
from annotator.session.session import Session, create_project
from tests.support import add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def label(session: Session) -> str:
    return session.queries.codebook().labels[0].id


def test_somebody_whose_first_verb_was_refused_can_work(project_path: Path, person: Person, tmp_path: Path) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.annotations.tag(document.id, label(session), [(0, 6)])
        session.datasets.export(tmp_path / "o.jsonl")
    with Session(project_path, OTHER) as session:
        with pytest.raises(UserError, match="outside the text"):
            session.annotations.tag(document.id, label(session), [(0, 9999)])
        session.datasets.load(tmp_path / "o.jsonl", dry_run=True)
        made = session.annotations.tag(document.id, label(session), [(0, 6)])
        assert session.queries.annotation(made.id) == made


def test_work_during_an_import_is_sealed_in_order(session: Session, document: Document, tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.txt").write_text(f"Text {number}. It says something.", "utf-8")

    def tag(changes: ChangeSet) -> None:
        if changes.touches("document"):
            session.annotations.tag(document.id, label(session), [(0, 6)])

    session.events.subscribe(tag)
    session.documents.import_files(sorted(tmp_path.glob("*.txt")))
    session.events.unsubscribe(tag)
    session.annotations.tag(document.id, label(session), [(0, 6)])
    journal = session.reading.journal
    chains: dict[str, str] = {}
    for step in journal.steps():
        assert step.chain == chain_hash(chains.get(step.replica, ""), step, journal.changes_of(step.id)), step.title
        chains[step.replica] = step.chain


def test_an_import_is_no_part_of_a_group(session: Session, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A text. It says something.", "utf-8")
    with pytest.raises(BugError, match="part of a group"), session.group("Import"):
        session.documents.import_files([tmp_path / "note.txt"])
    assert session.documents.import_files([tmp_path / "note.txt"]).imported


def test_two_names_of_one_file_have_one_writer(project_path: Path, person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "link.annodb").symlink_to(project_path)
    with Session(project_path, person), Session(folder / "link.annodb", person) as second:
        assert "open for writing by" in second.read_only_reason


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_into_a_file_that_was_moved_away(session: Session, person: Person, replaced: bool) -> None:
    document = add_document(session)
    before = session.reading.dump()
    moved = session.path.with_name("moved.annodb")
    session.path.rename(moved)
    if replaced:
        create_project(session.path, default_codebook(), person)
    with pytest.raises(ProjectFileError, match="moved, deleted or replaced"):
        session.annotations.tag(document.id, label(session), [(0, 6)])
    assert session.reading.dump() == before


def test_closing_twice_is_closing(project_path: Path, person: Person) -> None:
    session = Session(project_path, person)
    session.close()
    session.close()


def test_a_full_disk_is_told_and_changes_nothing(session: Session, document: Document) -> None:
    def limit(pages: int) -> None:
        session.stream(lambda: session.repository.database.execute_sql(f"PRAGMA max_page_count = {pages}"))

    limit(1)
    before = session.reading.dump()
    with pytest.raises(UserError, match=r"Nothing was saved: .*full"):
        session.annotations.tag(document.id, label(session), [(0, 6)], note="x" * 50_000)
    with pytest.raises(UserError, match=r"Nothing was saved: .*full"), session.group("Much"):
        session.annotations.tag(document.id, label(session), [(0, 6)], note="x" * 50_000)
    assert session.reading.dump() == before
    limit(1_000_000)
    session.annotations.tag(document.id, label(session), [(0, 6)], note="x" * 50_000)


def test_what_is_shown_is_of_one_moment(session: Session, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    made = session.annotations.tag(document.id, label(session), [(0, 6)])
    plain = session.queries.values

    def values(annotations: list[str]) -> dict[str, dict[str, object]]:
        session.annotations.set_attribute(made.id, "speaker", "Somebody new")
        return plain(annotations)

    monkeypatch.setattr(session.queries, "values", values)
    assert session.queries.content(document.id).values == {}
    monkeypatch.undo()
    assert session.queries.content(document.id).values == {made.id: {"speaker": "Somebody new"}}


def test_somebody_is_named_while_an_export_runs(session: Session, document: Document) -> None:
    later = add_document(session, "Another text.", "Another")
    made = session.annotations.tag(later.id, label(session), [(0, 7)])
    lines = iter(DatasetLines(session, session.datasets.layers_named(None), None, names=False, single=True))
    next(lines)
    session.annotations.set_attribute(made.id, "speaker", "Somebody new")
    assert next(lines)["spans"][0]["attributes"]["speaker"] == "Somebody new"
    assert session.reading.rows.all(AttributeValue)


@pytest.mark.parametrize("text", ["a\0b", "half \udcff a character"])
def test_what_no_database_takes_is_refused(session: Session, document: Document, text: str) -> None:
    with pytest.raises(RefusedError, match="half a character"):
        session.annotations.tag(document.id, label(session), [(0, 6)], note=text)


@pytest.mark.parametrize("name", ["", "  ", "a\0", "\udcff"])
def test_no_name(name: str) -> None:
    with pytest.raises(RefusedError, match="is no name"):
        person_named(name, [], OTHER.id)


def test_the_sample_is_whole_or_absent(tmp_path: Path, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sample, "_tag", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sample.make_sample(tmp_path / "sample.annodb", person)
    assert not list(tmp_path.glob("sample*"))
