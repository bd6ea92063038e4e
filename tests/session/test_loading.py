"""Datasets come back as they went out, and hostile or foreign ones are told from good ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.errors import DatasetError, UserError
from annotator.core.ids import new_id
from annotator.core.records import Annotation, Layer, Note, Project, Record, Round
from annotator.formats.codebooks import default_codebook
from annotator.session.datasets import LayerChoiceError
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import TEXT, add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


@pytest.fixture
def empty(tmp_path: Path, person: Person) -> Iterator[Session]:
    path = tmp_path / "again.annodb"
    create_project(path, default_codebook(), person)
    with Session(path, person) as session:
        yield session


def label(session: Session) -> str:
    return session.queries.codebook().labels[0].id


def store(session: Session, *records: Record) -> None:
    session.stream(lambda: session.repository.apply(ChangeSet("test", made(*records)), session.author))


def exported(session: Session, tmp_path: Path, name: str = "one.jsonl", layer: str | None = "all") -> Path:
    return session.datasets.export(tmp_path / name, layer=layer).files[0]


def assert_comes_back(session: Session, empty: Session, tmp_path: Path) -> None:
    one = exported(session, tmp_path)
    empty.datasets.load(one)
    assert exported(empty, tmp_path, "two.jsonl").read_bytes() == one.read_bytes()
    assert empty.datasets.load(one).documents == 0


def gold_layer(session: Session) -> Layer:
    return Layer(new_id(), "gold", None, session.queries.project().round)


def test_everything_at_once_comes_back(project_path: Path, person: Person, empty: Session, tmp_path: Path) -> None:
    with Session(project_path, OTHER) as session:
        document = add_document(session)
        add_document(session, "Nothing is tagged here.", "Empty")
        theirs = session.annotations.tag(document.id, label(session), [(0, 6), (7, 9)], {"speaker": "Rīga"}, "why")
        session.documents.set_status(document.id, "done")
        session.documents.set_status(document.id, "new")
    with Session(project_path, person) as session:
        one = session.annotations.tag(document.id, label(session), [(0, 6)], {"speaker": "Rīga", "strength": "firm"})
        two = session.annotations.tag(document.id, label(session), [(0, 6)])
        relation = session.relations.relate(one.id, "restates", two.id)
        session.documents.set_status(document.id, "returned")
        gold = gold_layer(session)
        decided = replace(
            one, id=new_id(), layer=gold.id, origin="suggested", score=0.125, decided_from=(one.id, theirs.id)
        )
        note = Note(new_id(), "relation", relation.id, document.id, one.layer, person.id, one.created, "see above")
        store(session, gold, decided, note)
        assert_comes_back(session, empty, tmp_path)


def test_layers_in_several_rounds_come_back(session: Session, empty: Session, tmp_path: Path) -> None:
    document = add_document(session)
    first = [session.annotations.tag(document.id, label(session), [(n, n + 6)]) for n in (0, 9)]
    session.relations.relate(first[0].id, "restates", first[1].id)
    pilot = Round(new_id(), "pilot", 2)
    project = session.queries.project()
    change = RowChange(project, replace(project, round=pilot.id))
    changes = ChangeSet("A round", (*made(pilot), change))
    session.stream(lambda: session.repository.apply(changes, session.author))
    second = [session.annotations.tag(document.id, label(session), [(n, n + 5)]) for n in (0, 9)]
    session.relations.relate(second[0].id, "restates", second[1].id)
    session.documents.set_status(document.id, "new")
    assert len({a.layer for a in (*first, *second)}) == 2
    assert_comes_back(session, empty, tmp_path)
    content = empty.queries.content(document.id)
    layers = {annotation.id: annotation.layer for annotation in content.annotations}
    assert all(layers[r.source] == layers[r.target] == r.layer for r in content.relations)


def test_documents_of_one_text_come_back_however_far_apart(session: Session, empty: Session, tmp_path: Path) -> None:
    document = add_document(session)
    others = [replace(document, id=new_id(), title=str(n), created=f"{document.created}{n:02}") for n in range(60)]
    store(session, *others)
    assert_comes_back(session, empty, tmp_path)
    assert empty.queries.document_count() == 61


def test_two_layers_load_into_one(project_path: Path, person: Person, empty: Session, tmp_path: Path) -> None:
    with Session(project_path, OTHER) as session:
        document = add_document(session)
        session.annotations.tag(document.id, label(session), [(0, 6)])
        session.documents.set_status(document.id, "done")
    with Session(project_path, person) as session:
        session.annotations.tag(document.id, label(session), [(0, 6)])
        one = exported(session, tmp_path)
    result = empty.datasets.load(one, layer="gold")
    assert result.spans == 2
    assert [loss.kind for loss in result.losses] == ["status of a second layer or round"]
    assert {layer.kind for layer in empty.queries.layers() if layer.annotator is None} == {"gold"}


def line(**values: Any) -> dict[str, Any]:
    text = values.get("text", TEXT)
    source = {"file": "f", "format": "text", "title": "t", "date": "", "url": "", "language": ""}
    plain = {
        **{"schema": "annotator-jsonl/1", "id": "d1", "text": text, "offset_unit": "codepoint", "source": source},
        **{"text_sha256": hashlib.sha256(text.encode()).hexdigest(), "spans": [], "relations": [], "sentences": []},
        **{"read": [], "codebook": {"id": "x", "version": 1}, "status": None, "statuses": []},
        **{"split": None, "duplicate_group": None},
    }
    return plain | values


def span(**values: Any) -> dict[str, Any]:
    plain = {
        **{"id": "T1", "label": "pledge", "start": 0, "end": 6, "fragments": [[0, 6]], "quote": TEXT[:6]},
        **{"attributes": {}, "annotator": "me", "layer": "me", "round": "", "origin": "imported", "score": None},
        **{"decided_from": [], "codebook": 1, "created": "", "note": "", "pages": []},
    }
    return plain | values


def write(tmp_path: Path, *lines: dict[str, Any]) -> Path:
    path = tmp_path / "foreign.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    return path


def test_another_programs_ids_may_be_the_same_in_each_document(empty: Session, tmp_path: Path) -> None:
    other = TEXT + " More."
    path = write(tmp_path, line(spans=[span()]), line(id="d2", text=other, spans=[span(decided_from=["T1"])]))
    assert empty.datasets.load(path).spans == 2
    assert empty.datasets.load(path).spans == 0
    ids = [a.id for d in empty.queries.documents() for a in empty.queries.content(d.document.id).annotations]
    assert len(set(ids)) == 2
    decided = [a.decided_from for a in empty.reading.rows.all(Annotation) if a.decided_from]
    assert decided[0][0] in ids


SAME = "33333333-3333-4333-8333-333333333333"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([line(text="")], "line 1: document d1 has no text"),
        ([line(spans=[span(note="a\0b")])], "line 1: spans holds a NUL"),
        ([line(source={**line()["source"], "title": "\0"})], "line 1: source holds a NUL"),
        (
            [line(spans=[span(id=SAME)]), line(id="d2", text=TEXT + "!", spans=[span(id=SAME)])],
            "line 2: the id of span",
        ),
        (
            [
                line(
                    spans=[span(), span(id="T2", layer="you")],
                    relations=[
                        {
                            **{"id": "R", "type": "restates", "from": "T1", "to": "T2", "annotator": "me"},
                            **{"layer": "me", "created": "", "note": ""},
                        }
                    ],
                )
            ],
            "line 1: relation R is not in the layer of both",
        ),
    ],
)
def test_a_line_that_cannot_be_kept_is_named(
    empty: Session, tmp_path: Path, lines: list[dict[str, Any]], sentence: str
) -> None:
    before = empty.reading.dump()
    with pytest.raises(DatasetError, match=sentence):
        empty.datasets.load(write(tmp_path, *lines))
    assert empty.reading.dump() == before


def test_an_id_that_the_project_has_elsewhere_is_named(session: Session, document: Any, tmp_path: Path) -> None:
    tagged = session.annotations.tag(document.id, label(session), [(0, 6)])
    path = write(tmp_path, line(text=TEXT + "!", spans=[span(id=tagged.id)]))
    with pytest.raises(DatasetError, match=r"foreign\.jsonl, line 1: the id of span"):
        session.datasets.load(path)


def test_text_may_hold_nul(empty: Session, tmp_path: Path) -> None:
    text = "Before\0after."
    quote = span(end=8, fragments=[[0, 8]], quote=text[:8])
    assert empty.datasets.load(write(tmp_path, line(text=text, spans=[quote]))).spans == 1


@pytest.mark.parametrize("name", ['"\\ud800"', '"a\\u0000"', "5", "null"])
def test_a_manifest_with_bad_names_is_let_pass(empty: Session, tmp_path: Path, name: str) -> None:
    path = write(tmp_path, line(spans=[span()]))
    manifest = '{"people": [{"id": "me", "name": %s}]}' % name  # noqa: UP031 - braces stand in the text
    (tmp_path / "foreign.manifest.json").write_text(manifest, "utf-8")
    assert empty.datasets.load(path).spans == 1


def test_documents_without_a_status_are_new(session: Session, document: Any) -> None:
    done = add_document(session, "Another text.", "Another")
    session.documents.set_status(done.id, "done")
    assert session.datasets.preview(statuses=["new"]).documents == 1
    assert session.datasets.preview(statuses=["new", "done"]).documents == 2
    assert session.datasets.preview(statuses=["approved"]).documents == 0


def test_gold_of_every_round_is_exported_unless_a_layer_is_named(session: Session, document: Any) -> None:
    tagged = session.annotations.tag(document.id, label(session), [(0, 6)])
    pilot = Round(new_id(), "pilot", 2)
    layers = [gold_layer(session), Layer(new_id(), "gold", None, pilot.id)]
    store(session, pilot, *layers, *(replace(tagged, id=new_id(), layer=layer.id) for layer in layers))
    assert session.datasets.preview().spans == session.datasets.preview(layer="gold").spans == 2
    shown = {choice.name: choice.spans for choice in session.datasets.choices()}
    assert shown == {"gold (pilot)": 1, "gold (production)": 1, "Analyst A (production)": 1}
    assert all(session.datasets.preview(layer=name).spans == 1 for name in shown)


def test_layers_of_namesakes_are_named_by_id(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.annotations.tag(document.id, label(session), [(0, 6)])
    with Session(project_path, Person(OTHER.id, person.name)) as session:
        tagged = session.annotations.tag(document.id, label(session), [(0, 6)])
        with pytest.raises(LayerChoiceError):
            session.datasets.preview()
        with pytest.raises(UserError, match=tagged.layer):
            session.datasets.preview(layer=person.name)
        assert session.datasets.preview(layer=tagged.layer).spans == 1


def test_a_name_stays_here_unless_it_is_asked_for(session: Session, document: Any, tmp_path: Path) -> None:
    session.annotations.tag(document.id, label(session), [(0, 6)])
    files = session.datasets.export(tmp_path / "o.jsonl", layer="Analyst A").files
    assert not any("Analyst A" in file.read_text("utf-8") for file in files)
    files = session.datasets.export(tmp_path / "o.jsonl", layer="Analyst A", names=True).files
    assert any("Analyst A" in file.read_text("utf-8") for file in files)
    assert session.reading.rows.all(Project)
