"""Values of documents and turns, defaults, and how they leave and come back in a dataset."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import UserError
from annotator.core.records import Document, DocumentValue, Entity
from annotator.core.structure import FormatRange, Structure
from annotator.formats.codebooks import default_codebook
from annotator.formats.documents.source import ReadDocument
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.storage.rows import Rows

CHAIR, GUEST = "THE CHAIR: We will keep the bridges open all year.", "Ms Duarte: We will pay for the ferries."
TRANSCRIPT = f"Minutes\n\n{CHAIR}\n\n{GUEST}"
Build = Callable[..., Session]


@pytest.fixture
def project_with(tmp_path: Path, person: Person) -> Iterator[Build]:
    """Make projects whose attributes differ from those that ship, by key."""
    opened: list[Session] = []

    def build(**changed: dict[str, Any]) -> Session:
        codebook = default_codebook()
        attributes = tuple(replace(a, **changed.get(a.key, {})) for a in codebook.attributes)
        path = tmp_path / f"{len(opened)}.annodb"
        create_project(path, replace(codebook, attributes=attributes), person)
        opened.append(Session(path, person))
        return opened[-1]

    yield build
    for session in opened:
        session.close()


def add_transcript(session: Session, text: str = TRANSCRIPT) -> Document:
    turns = []
    for turn in (CHAIR, GUEST):
        start, name = TRANSCRIPT.index(turn), turn.partition(":")[0]
        data = {"speaker": name, "name_end": start + len(name) + 1}
        turns.append(FormatRange("speaker", start, start + len(turn), 0, data))
    read = ReadDocument(text, Structure(tuple(turns)), "Minutes", language="en", format="text")
    return session.documents._add_pasted(read, text.encode())


def tag(session: Session, document: Document, words: str, **values: Any) -> str:
    start = TRANSCRIPT.index(words)
    label = session.queries.codebook().label_by_key("pledge")
    return session.annotations.tag(document.id, label.id, [(start, start + len(words))], values).id


def inherited(session: Session, document: Document, annotation: str) -> dict[str, tuple[Any, str]]:
    content = session.queries.content(document.id)
    start = session.queries.annotation(annotation).start
    return {key: (one.value, one.origin) for key, one in content.inheritance.of("pledge", start).items()}


def exported(session: Session, document: Document) -> dict[str, dict[str, Any]]:
    return {span["id"]: span["attributes"] for span in session.datasets.line(document.id)["spans"]}


# -- values of documents


def test_a_documents_value_is_stored_as_its_spans_would_store_it(session: Session) -> None:
    document = add_transcript(session)
    assert session.documents.set_value(document.id, "speaker", " The agency ") == "The agency"
    session.documents.set_value(document.id, "attribution", "Narrator")
    values = session.reading.rows.all(DocumentValue)
    (entity,) = session.reading.rows.all(Entity)
    assert {value.value for value in values} == {entity.id, "narrator"}
    assert session.queries.document_values(document.id) == {"speaker": "The agency", "attribution": "narrator"}
    session.documents.set_value(document.id, "speaker", None)
    assert session.queries.content(document.id).document_values == {"attribution": "narrator"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("attribution", "gossip", "does not fit"),
        ("strength", "firm", "These are: speaker, attribution"),
        ("unknown", "x", "has no attribute"),
        ("speaker", "a\0b", "does not fit"),
    ],
)
def test_what_does_not_fit_a_document_is_refused(session: Session, key: str, value: str, words: str) -> None:
    document = add_transcript(session)
    before = session.reading.dump()
    with pytest.raises(UserError, match=words):
        session.documents.set_value(document.id, key, value)
    assert session.reading.dump() == before


def test_several_values_and_a_title_are_one_step(session: Session) -> None:
    document = add_transcript(session)
    before = session.reading.dump()
    with session.group("Describe the document"):
        session.documents.describe(document.id, title="Other minutes")
        session.documents.set_value(document.id, "speaker", "The agency")
        session.documents.set_value(document.id, "attribution", "narrator")
    after = session.reading.dump()
    session.history.undo()
    assert session.reading.dump() == before
    session.history.redo()
    assert session.reading.dump() == after


def test_spans_inherit_from_their_turn_and_the_turn_shows_the_entity_of_its_name(session: Session) -> None:
    document = add_transcript(session)
    outside, chair, guest = (tag(session, document, words) for words in ("Minutes", "keep the bridges", "pay for"))
    session.documents.set_value(document.id, "speaker", "The agency")
    session.annotations.set_attribute(outside, "target", "The Chair")
    assert inherited(session, document, outside)["speaker"] == ("The agency", "document")
    assert inherited(session, document, chair)["speaker"] == ("The Chair", "turn")
    assert inherited(session, document, guest)["speaker"] == ("Ms Duarte", "turn")


# -- defaults


def test_defaults_are_stored_in_the_step_that_tags(project_with: Build) -> None:
    session = project_with(strength={"default": "announced"}, hedged={"default": False}, target={"default": "Donors"})
    document = add_transcript(session)
    before = session.reading.dump()
    made = tag(session, document, "pay for", strength="firm", hedged=None)
    assert session.queries.values([made])[made] == {"strength": "firm", "target": "Donors"}
    assert session.history.entries(1)[0].title.startswith("Tag")
    session.history.undo()
    after = session.reading.dump()
    assert {table: after[table] for table in after if table not in ("annotator", "layer")} == {
        table: before[table] for table in before if table not in ("annotator", "layer")
    }
    label = session.queries.codebook().label_by_key("criticism")
    other = session.annotations.tag(document.id, label.id, [(0, 7)])
    assert session.queries.values([other.id])[other.id] == {"hedged": False, "target": "Donors"}


def test_places_that_are_tagged_together_get_their_defaults(project_with: Build) -> None:
    session = project_with(strength={"default": "announced"}, speaker={"default": "Somebody"})
    document = add_transcript(session)
    label = session.queries.codebook().label_by_key("pledge")
    before = session.reading.dump()
    session.annotations.tag_all(label.id, [(document.id, 0, 7), (document.id, *_place("pay for"))])
    content = session.queries.content(document.id)
    outside, inside = sorted(content.annotations, key=lambda annotation: annotation.start)
    assert content.values[outside.id] == {"strength": "announced", "speaker": "Somebody"}
    assert content.values[inside.id] == {"strength": "announced"}
    session.history.undo()
    assert session.reading.dump()["attribute_value"] == before["attribute_value"]


def _place(words: str) -> tuple[int, int]:
    return TRANSCRIPT.index(words), TRANSCRIPT.index(words) + len(words)


def test_what_is_inherited_comes_before_a_default(project_with: Build) -> None:
    session = project_with(speaker={"default": "Somebody"}, attribution={"default": "narrator"})
    document = add_transcript(session)
    inside, outside = tag(session, document, "pay for"), tag(session, document, "Minutes")
    assert session.queries.values([inside])[inside] == {"attribution": "narrator"}
    assert session.queries.values([outside])[outside] == {"attribution": "narrator", "speaker": "Somebody"}


def test_a_required_attribute_blocks_nothing(project_with: Build) -> None:
    session = project_with(strength={"required": True})
    document = add_transcript(session)
    made = tag(session, document, "pay for")
    session.annotations.set_attribute(made, "strength", "firm")
    session.annotations.set_attribute(made, "strength", None)
    assert session.queries.values([made]) == {}


# -- datasets


def test_what_is_inherited_leaves_with_the_dataset(session: Session, tmp_path: Path) -> None:
    document = add_transcript(session)
    session.documents.set_value(document.id, "attribution", "indirect_report")
    session.documents.set_value(document.id, "speaker", "The agency")
    outside = tag(session, document, "Minutes", hedged=True)
    guest = tag(session, document, "pay for", attribution="direct_quote")
    attributes = exported(session, document)
    keys = {attribute.key for attribute in session.queries.codebook().attributes}
    assert set(attributes[guest]) == set(attributes[outside]) == keys
    assert {key: value for key, value in attributes[guest].items() if value is not None} == {
        "speaker": "Ms Duarte",
        "attribution": "direct_quote",
    }
    assert {key: value for key, value in attributes[outside].items() if value is not None} == {
        "speaker": "The agency",
        "attribution": "indirect_report",
        "hedged": True,
    }
    session.datasets.export(tmp_path / "out.jsonl")
    line = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    assert {span["id"]: span["attributes"] for span in line["spans"]} == attributes


def test_an_export_comes_back_into_a_copy_without_the_spans_as_it_was(
    session: Session, project_path: Path, tmp_path: Path, person: Person
) -> None:
    document = add_transcript(session)
    session.documents.set_value(document.id, "attribution", "indirect_report")
    session.documents.set_value(document.id, "speaker", "The agency")
    session.documents.set_status(document.id, "in_progress")
    copy = tmp_path / "copy.annodb"
    session.close()
    shutil.copy(project_path, copy)
    with Session(project_path, person) as session:
        tag(session, document, "Minutes", hedged=True)
        tag(session, document, "keep the bridges", speaker="The agency", strength="firm")
        tag(session, document, "pay for", attribution="direct_quote")
        session.datasets.export(tmp_path / "out.jsonl")
        expected, lines = session.reading.dump() | {"release": []}, session.datasets.line(document.id)
    with Session(copy, person) as other:
        other.datasets.load(tmp_path / "out.jsonl")
        assert other.reading.dump() == expected
        assert other.datasets.line(document.id) == lines


def test_where_nothing_is_inherited_every_value_is_loaded(
    session: Session, project_with: Build, tmp_path: Path
) -> None:
    document = add_transcript(session)
    session.documents.set_value(document.id, "attribution", "indirect_report")
    guest = tag(session, document, "pay for")
    session.datasets.export(tmp_path / "out.jsonl")
    other = project_with()
    other.datasets.load(tmp_path / "out.jsonl")
    assert other.queries.values([guest])[guest] == {"speaker": "Ms Duarte", "attribution": "indirect_report"}
    assert exported(other, document) == exported(session, document)


def test_entities_are_read_once_however_many_documents_are_tagged(
    project_with: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = project_with(speaker={"inherits": "turn", "default": "Somebody"})
    documents = [add_transcript(session, f"{TRANSCRIPT} {number}") for number in range(4)]
    read: list[type] = []
    every = Rows.all
    monkeypatch.setattr(Rows, "all", lambda rows, record: [read.append(record), every(rows, record)][1])
    pledge = session.queries.codebook().label_by_key("pledge").id
    places = [(document.id, TRANSCRIPT.index(CHAIR), TRANSCRIPT.index(CHAIR) + 9) for document in documents]
    session.annotations.tag_all(pledge, places)
    assert read.count(Entity) <= 2
