"""Labelled data of others: what its names mean, texts that are here a little differently, and what stays behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.core.records import Annotation, Document
from annotator.formats.codebooks import default_codebook
from annotator.session.load_plan import LEFT_OUT, LoadPlan, meaning
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import add_document

TEXT = (
    "The allies met in Vilnius on Tuesday. We will provide air defence to Ukraine for as long as it takes.\n"
    "If Russia withdraws its troops, sanctions may be lifted. The ministers condemned the strikes on the grid.\n"
)


@pytest.fixture
def session(tmp_path: Path, person: Person) -> Iterator[Session]:
    path = tmp_path / "plans.annodb"
    create_project(path, default_codebook(), person)
    with Session(path, person) as session:
        yield session


def doccano(folder: Path, *rows: dict[str, Any], name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def row(text: str, *labels: tuple[str, str]) -> dict[str, Any]:
    triples = [[text.index(quote), text.index(quote) + len(quote), label] for quote, label in labels]
    return {"text": text, "label": triples}


def spans(session: Session) -> list[tuple[str, str]]:
    codebook = {label.id: label.key for label in session.queries.codebook().labels}
    found = []
    for document in session.reading.rows.all(Document):
        text = session.reading.blobs.text(document.text)
        rows = session.reading.rows.annotations(document.id)
        found += [(codebook[one.label], text[one.start : one.end]) for one in rows]
    return found


def test_names_are_taken_for_the_labels_that_are_called_so(session: Session, tmp_path: Path) -> None:
    labels = session.queries.codebook().labels
    assert meaning("PLEDGE", labels) == "pledge"
    assert meaning("Signal to Russia", labels) == meaning("signal-to-russia", labels)
    assert meaning("promise", labels) is None
    path = doccano(
        tmp_path, row(TEXT, ("We will provide air defence", "Pledge"), ("condemned the strikes", "CRITICISM"))
    )
    result = session.datasets.load(path, "doccano")
    assert (result.documents, result.spans) == (1, 2)
    assert spans(session) == [("pledge", "We will provide air defence"), ("criticism", "condemned the strikes")]


def test_an_unknown_name_is_refused_mapped_left_out_or_added(session: Session, tmp_path: Path) -> None:
    path = doccano(tmp_path, row(TEXT, ("We will provide air defence", "PROMISE"), ("Russia", "ORG")))
    with pytest.raises(DatasetError, match=r"in\.jsonl: .*no label “ORG”"):
        session.datasets.load(path, "doccano", plan=LoadPlan({"PROMISE": "pledge"}))
    assert session.queries.document_count() == 0
    result = session.datasets.load(path, "doccano", plan=LoadPlan({"PROMISE": "pledge", "ORG": LEFT_OUT}))
    assert spans(session) == [("pledge", "We will provide air defence")]
    assert [loss.kind for loss in result.losses] == ["spans whose label was left out"]
    session.history.undo()
    before = session.queries.codebook()
    added = session.datasets.load(path, "doccano", plan=LoadPlan({"PROMISE": "pledge"}, add=True))
    assert added.added == ("ORG",) and session.queries.codebook().version == before.version + 1
    assert ("org", "Russia") in spans(session)
    session.history.undo()
    assert session.queries.document_count() == 0 and session.queries.codebook() == before


def test_a_plan_that_names_no_label_is_refused(session: Session, tmp_path: Path) -> None:
    path = doccano(tmp_path, row(TEXT, ("Russia", "ORG")))
    with pytest.raises(DatasetError, match="country"):
        session.datasets.load(path, "doccano", plan=LoadPlan({"ORG": "country"}))


def test_what_says_no_layer_goes_into_the_layer_of_whoever_loads_it(session: Session, tmp_path: Path) -> None:
    path = doccano(tmp_path, row(TEXT, ("We will provide air defence", "pledge")))
    session.datasets.load(path, "doccano")
    (annotation,) = session.reading.rows.all(Annotation)
    assert annotation.layer == session.own_layer(session.reading).id
    assert (annotation.annotator, annotation.origin) == (session.person.id, "imported")


def test_the_text_that_is_here_gets_the_spans(session: Session, tmp_path: Path) -> None:
    document = add_document(session, TEXT)
    result = session.datasets.load(doccano(tmp_path, row(TEXT, ("condemned the strikes", "criticism"))), "doccano")
    assert (result.documents, result.spans) == (0, 1)
    assert [one.document for one in session.reading.rows.all(Annotation)] == [document.id]
    again = session.datasets.load(tmp_path / "in.jsonl", "doccano")
    assert again.spans == 0, "loading twice is loading once"


def test_a_text_that_is_here_a_little_differently_gets_what_has_a_sure_place(session: Session, tmp_path: Path) -> None:
    longer = (
        TEXT + "The next meeting will take place in The Hague, and the leaders will take stock of what was done. " * 3
    )
    document = add_document(
        session, longer.replace("on Tuesday", "on Tuesday evening").replace("condemned", "deplored")
    )
    path = doccano(
        tmp_path,
        row(longer, ("We will provide air defence to Ukraine", "pledge"), ("condemned the strikes", "criticism")),
    )
    assert session.datasets.load(path, "doccano", dry_run=True).documents == 1, "without near, it is another document"
    result = session.datasets.load(path, "doccano", plan=LoadPlan(near=True))
    assert (result.documents, result.spans) == (0, 1)
    assert spans(session) == [("pledge", "We will provide air defence to Ukraine")]
    assert [one.document for one in session.reading.rows.all(Annotation)] == [document.id]
    (unsure,) = result.unsure
    assert "condemned the strikes" in unsure.reason and "no sure place" in unsure.reason and unsure.place == 1


def test_what_is_wrong_is_refused_or_left_out_with_place_and_reason(session: Session, tmp_path: Path) -> None:
    bad = {"text": "Short.", "label": [[0, 99, "pledge"], [0, 5, "pledge"]]}
    path = doccano(tmp_path, row(TEXT, ("condemned the strikes", "criticism")), bad, {"label": []})
    with pytest.raises(DatasetError, match=r"in\.jsonl, 2: .*0 to 99.*Nothing was changed"):
        session.datasets.load(path, "doccano")
    assert session.queries.document_count() == 0
    result = session.datasets.load(path, "doccano", plan=LoadPlan(skip=True))
    assert (result.documents, result.spans) == (2, 2)
    assert [(one.place, one.file) for one in result.unsure] == [(2, "in.jsonl"), (3, "in.jsonl")]


def test_an_examination_tells_what_a_file_uses_before_it_comes_in(session: Session, tmp_path: Path) -> None:
    path = doccano(tmp_path, row(TEXT, ("We will provide air defence", "Pledge"), ("Russia", "ORG")), {"label": []})
    found = session.datasets.examine(path)
    assert (found.format, found.documents, found.spans) == ("doccano", 1, 2)
    assert [(one.name, one.count, one.key) for one in found.labels] == [("ORG", 1, None), ("Pledge", 1, "pledge")]
    assert [problem.place for problem in found.problems] == [2]
    assert session.queries.document_count() == 0


def test_a_file_of_no_format_is_answered_with_those_there_are(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam")
    with pytest.raises(DatasetError, match=r"no labelled format.*doccano"):
        session.datasets.examine(path)


def test_files_of_two_people_about_one_text_come_beside_each_other(session: Session, tmp_path: Path) -> None:
    one = doccano(tmp_path, row(TEXT, ("We will provide air defence", "pledge")), name="one.jsonl")
    other = doccano(tmp_path, row(TEXT, ("condemned the strikes", "criticism")), name="other.jsonl")
    session.datasets.load(one, "doccano", layer="Analyst B")
    result = session.datasets.load(other, "doccano", layer="Analyst C")
    assert (result.documents, result.spans) == (0, 1), "both files call their first span number one"
    again = session.datasets.load(one, "doccano", layer="gold")
    assert again.spans == 1, "the same span in another layer is another span"
    assert session.datasets.load(one, "doccano", layer="Analyst B").spans == 0
    assert len({one.layer for one in session.reading.rows.all(Annotation)}) == 3


def test_files_of_one_name_about_other_texts_are_other_documents(session: Session, tmp_path: Path) -> None:
    for text in (TEXT, "Another text. We act.", "A third one. We act."):
        session.datasets.load(doccano(tmp_path, {"text": text, "label": []}), "doccano")
    assert session.queries.document_count() == 3
    twice = doccano(tmp_path, {"text": "Yes.", "label": []}, {"text": "Yes.", "label": [[0, 3, "pledge"]]})
    assert session.datasets.load(twice, "doccano").documents == 2, "a text that stands twice in a file is two documents"
    assert session.datasets.load(twice, "doccano").documents == 0
