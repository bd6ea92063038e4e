"""A corrected text is a new version of its document: what hung on the old one hangs on it too."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.errors import DocumentReadError, RefusedError
from annotator.core.text_edits import TextEdit
from annotator.session.session import Session
from tests.support import TEXT, add_document


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
