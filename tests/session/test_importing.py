"""Importing in two parts: looking at files, then storing what was chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.errors import ReadOnlyError, UserError
from annotator.core.text_edits import TextEdit
from annotator.session import importing
from annotator.session.findings import Candidate, Duplicate, Failure, Found, Imported
from annotator.session.people import Person
from annotator.session.progress import Cancel
from annotator.session.session import Session
from tests.support import TEXT, add_document

OTHER = "The ministers met in the capital. " * 3 + "They spoke about grain, ports and the winter."


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(OTHER, "utf-8")
    (folder / "b.txt").write_text("Nothing like it: a report on fishing rights and quotas of the north.", "utf-8")
    (folder / "bad.txt").write_bytes(b"")
    (folder / "texts.csv").write_text(
        "title,text,party\nOne,The first text of the table is here.,red\nTwo,The second is another.,blue\n", "utf-8"
    )
    return folder


def examined(session: Session, *paths: Path, **options: object) -> list[Found]:
    found: list[Found] = []
    session.documents.examine(paths, found.append, **options)  # type: ignore[arg-type]
    return found


def candidates(found: list[Found]) -> list[Candidate]:
    return [one for one in found if isinstance(one, Candidate)]


def test_an_examination_tells_all_and_stores_nothing(session: Session, files: Path) -> None:
    before = session.reading.dump()
    found = examined(session, files)
    assert [one.read.title for one in candidates(found)[-2:]] == ["One", "Two"]
    assert [Path(one.file).name for one in found] == ["a.txt", "b.txt", "bad.txt", "texts.csv", "texts.csv"]
    assert isinstance(found[2], Failure) and not found[2].needs_password
    assert session.reading.dump() == before


def test_what_was_chosen_is_stored_as_one_step(session: Session, files: Path) -> None:
    chosen = candidates(examined(session, files))[1:]
    chosen[0] = replace(chosen[0], read=replace(chosen[0].read, title="A better title"))
    result = session.documents.add(chosen)
    assert [done.document.title for done in result.imported] == ["A better title", "One", "Two"]
    assert result.imported[1].document.metadata["party"] == "red"
    session.history.undo()
    assert session.queries.document_count() == 0
    session.history.redo()
    assert session.queries.document_count() == 3


def test_rows_of_a_table_come_in_one_by_one(session: Session, files: Path) -> None:
    first, second = candidates(examined(session, files / "texts.csv"))
    session.documents.add([first])
    found = examined(session, files / "texts.csv")
    assert isinstance(found[0], Duplicate) and isinstance(found[1], Candidate)
    assert len(session.documents.add([first, second]).duplicates) == 1
    assert session.queries.document_count() == 2


def test_a_file_that_changed_meanwhile_is_not_stored(session: Session, files: Path) -> None:
    chosen = candidates(examined(session, files / "a.txt"))
    (files / "a.txt").write_text("Something else entirely.", "utf-8")
    result = session.documents.add(chosen)
    assert not result.imported and "has changed since it was read" in str(result.failed[0].error)


def test_near_duplicates_are_told_of(session: Session, files: Path) -> None:
    long = " ".join(f"Sentence {n} says that {n * 7} trucks went to port {n * 3}." for n in range(60))
    add_document(session, TEXT)
    (files / "same.txt").write_bytes(TEXT.encode() + b"\n")
    (files / "one.md").write_text(long, "utf-8")
    (files / "two.md").write_text("Update. " + long.replace("Sentence 30", "Statement 30"), "utf-8")
    by_name = {one.file.name: one for one in candidates(examined(session, files))}
    assert [str(twin) for twin in by_name["two.md"].twins] == [f"Its text is nearly that of “{long[:0]}one” (one.md)."]
    assert by_name["a.txt"].twins == () == by_name["one.md"].twins
    session.documents.add([by_name["one.md"]])
    again = candidates(examined(session, files / "two.md"))[0]
    assert [(twin.file, twin.same) for twin in again.twins] == [("one.md", False)]


def test_a_cancelled_store_keeps_what_is_done(session: Session, files: Path) -> None:
    cancel = Cancel()
    chosen = candidates(examined(session, files))

    def stop_at_two(done: int, total: int, what: str) -> None:
        if done == 1:
            cancel.request()

    result = session.documents.add(chosen, progress=stop_at_two, cancel=cancel)
    assert result.cancelled and len(result.imported) == 2 == session.queries.document_count()


def test_a_read_only_project_takes_nothing(project_path: Path, person: Person, files: Path) -> None:
    with Session(project_path, person, write=False) as session:
        chosen = candidates(examined(session, files / "a.txt"))
        with pytest.raises(ReadOnlyError):
            session.documents.add(chosen)


def test_progress_names_files_and_rises(session: Session, files: Path) -> None:
    told: list[tuple[int, int, str]] = []
    examined(session, files, progress=lambda *step: told.append(step))
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {"a.txt", "texts.csv"} <= {what for _, _, what in told} and told[-1][:2] == (4, 4)


def test_a_row_that_was_corrected_does_not_come_in_again(session: Session, files: Path) -> None:
    first = session.documents.import_files([files / "texts.csv"]).imported[0].document
    newest = session.documents.correct(first.id, [TextEdit(0, 3, "One")]).document
    result = session.documents.import_files([files / "texts.csv"])
    assert not result.imported and result.duplicates[0].document == newest.id
    assert session.queries.document_count() == 2


def test_a_list_is_read_from_the_disk_once(session: Session, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = candidates(examined(session, files / "texts.csv", files / "a.txt"))
    read: list[str] = []

    def counted(path: Path) -> bytes:
        read.append(path.name)
        return path.read_bytes()

    monkeypatch.setattr(importing, "read_bytes", counted)
    result = session.documents.add(chosen)
    assert read == ["texts.csv", "a.txt"] and len(result.imported) == 3
    for done in result.imported:
        assert session.queries.source(done.document.id) == Path(done.file).read_bytes()


def test_the_step_survives_a_document_that_was_not_stored(
    session: Session, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = candidates(examined(session, files / "texts.csv"))
    storing = importing.Storing(session)
    with monkeypatch.context() as patched:
        patched.setattr(session.repository.sketches, "put", _disk_is_full)
        with pytest.raises(UserError):
            storing.take(first)
    storing.take(second)
    storing.close()
    assert [row.document.title for row in session.queries.documents()] == ["Two"]
    session.history.undo()
    assert session.queries.document_count() == 0


def _disk_is_full(*_arguments: object) -> None:
    raise UserError("The disk is full.")


def test_older_versions_do_not_hide_a_near_duplicate(session: Session, files: Path) -> None:
    long = " ".join(f"Sentence {n} says that {n * 7} trucks went to port {n * 3}." for n in range(60))
    (files / "one.md").write_text(long, "utf-8")
    (files / "two.md").write_text(f"Update. {long}", "utf-8")
    document = session.documents.import_files([files / "one.md"]).imported[0].document
    for _ in range(4):
        document = session.documents.correct(document.id, [TextEdit(0, 0, "News. ")]).document
    assert [twin.file for twin in candidates(examined(session, files / "two.md"))[0].twins] == ["one.md"]


def test_texts_that_came_otherwise_are_sketched_once(session: Session, files: Path) -> None:
    for text in (TEXT, "— … —", OTHER):
        add_document(session, text)
    assert len(session.reading.sketches.missing()) == 3
    examined(session, files / "b.txt")
    assert session.reading.sketches.missing() == []


def test_outcomes_stand_in_the_order_of_what_was_stored(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("title,text\nOne,The first text is of one length.\nTwo,The other text is of one length.\n", "utf-8")
    first, second = candidates(examined(session, path))
    session.documents.add([first])
    outcomes = session.documents.add([first, second]).outcomes
    assert isinstance(outcomes[0], Duplicate) and outcomes[0].title == "One"
    assert isinstance(outcomes[1], Imported) and outcomes[1].document.title == "Two"
