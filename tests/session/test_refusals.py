"""Bad input gets one clear sentence and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.core.errors import UserError
from annotator.core.records import Document
from annotator.session.people import Person
from annotator.session.session import Session
from tests.support import TEXT, add_document

MISSING = "33333333-3333-4333-8333-333333333333"


def label(session: Session, key: str = "pledge") -> str:
    return session.queries.codebook().label_by_key(key).id


REFUSED: dict[str, tuple[str, Callable[[Session, str], object]]] = {
    "outside the text": ("outside the text", lambda s, d: s.annotations.tag(d, label(s), [(0, 9999)])),
    "empty": ("is empty", lambda s, d: s.annotations.tag(d, label(s), [(5, 5)])),
    "backwards": ("is empty", lambda s, d: s.annotations.tag(d, label(s), [(9, 5)])),
    "negative": ("outside the text", lambda s, d: s.annotations.tag(d, label(s), [(-1, 5)])),
    "no fragment": ("at least one", lambda s, d: s.annotations.tag(d, label(s), [])),
    "overlapping fragments": ("overlaps", lambda s, d: s.annotations.tag(d, label(s), [(0, 6), (3, 9)])),
    "missing label": ("no label", lambda s, d: s.annotations.tag(d, MISSING, [(0, 6)])),
    "missing document": ("no document", lambda s, d: s.annotations.tag(MISSING, label(s), [(0, 6)])),
    "unknown attribute": ("no attribute", lambda s, d: s.annotations.tag(d, label(s), [(0, 6)], {"x": "y"})),
    "wrong value": ("strength", lambda s, d: s.annotations.tag(d, label(s), [(0, 6)], {"strength": "huge"})),
    "attribute of another label": (
        "not an attribute of",
        lambda s, d: s.annotations.tag(d, label(s), [(0, 6)], {"intensity": "strong"}),
    ),
    "note with NUL": ("NUL", lambda s, d: s.annotations.tag(d, label(s), [(0, 6)], note="a\0b")),
    "unknown status": ("no status", lambda s, d: s.documents.set_status(d, "finished")),
    "empty title": ("needs a title", lambda s, d: s.documents.describe(d, title="  ")),
    "same text again": ("already here", lambda s, d: add_document(s)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(session: Session, document: Document, name: str) -> None:
    sentence, verb = REFUSED[name]
    before = session.reading.dump()
    with pytest.raises(UserError, match=sentence):
        verb(session, document.id)
    assert session.reading.dump() == before
    assert session.reading.journal.count_steps() == 3


def test_relations_are_refused_where_the_codebook_forbids_them(session: Session, document: Document) -> None:
    one = session.annotations.tag(document.id, label(session), [(0, 6)])
    two = session.annotations.tag(document.id, label(session, "criticism"), [(7, 16)])
    other = add_document(session, TEXT + " More.", "Other")
    far = session.annotations.tag(other.id, label(session), [(0, 6)])
    for source, relation_type, target, sentence in (
        (one.id, "conditions", two.id, "cannot lead from"),
        (one.id, "restates", one.id, "to itself"),
        (one.id, "restates", far.id, "one document"),
        (one.id, "nonsense", two.id, "no relation type"),
        (one.id, "restates", MISSING, "no annotation"),
    ):
        with pytest.raises(UserError, match=sentence):
            session.relations.relate(source, relation_type, target)
    assert not session.queries.content(document.id).relations


def test_a_relation_is_not_made_twice_but_may_lead_back(session: Session, document: Document) -> None:
    one = session.annotations.tag(document.id, label(session), [(0, 6)])
    two = session.annotations.tag(document.id, label(session), [(7, 16)])
    session.relations.relate(one.id, "restates", two.id)
    before = session.reading.dump()
    with pytest.raises(UserError, match="already related by “Restates”"):
        session.relations.relate(one.id, "restates", two.id)
    assert session.reading.dump() == before
    session.relations.relate(two.id, "restates", one.id)
    assert len(session.queries.content(document.id).relations) == 2


def test_a_second_session_reads_and_is_told_who_writes(session: Session, project_path: Path, person: Person) -> None:
    document = add_document(session)
    with Session(project_path, person) as second:
        assert "open for writing by" in second.read_only_reason
        assert second.queries.content(document.id).text == TEXT
        with pytest.raises(UserError, match="not changed"):
            second.annotations.tag(document.id, label(session), [(0, 6)])
    session.annotations.tag(document.id, label(session), [(0, 6)])


def test_a_read_only_file_is_read(project_path: Path, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Session(project_path, person) as session:
        assert "read-only" in session.read_only_reason
        assert session.queries.content(document.id).text == TEXT


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 200, b"\xff" * 5000])
def test_no_project(tmp_path: Path, person: Person, content: bytes) -> None:
    path = tmp_path / "other.annodb"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"other\.annodb.* is not an annotator project"):
        Session(path, person)
    assert path.read_bytes() == content
    with pytest.raises(UserError, match="There is no project"):
        Session(tmp_path / "absent.annodb", person)


def test_a_newer_project_is_refused_untouched(project_path: Path, person: Person) -> None:
    import sqlite3

    connection = sqlite3.connect(project_path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = project_path.read_bytes()
    with pytest.raises(UserError, match=r"newer version of this program \(schema 99"):
        Session(project_path, person)
    assert project_path.read_bytes() == before
