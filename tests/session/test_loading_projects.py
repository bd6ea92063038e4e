"""Projects of other programs come into a project here: REFI-QDA, QualCoder, Discourse Network Analyzer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.errors import DatasetError, UserError
from annotator.core.records import Annotation, Annotator, Document, Layer, Note, Relation
from annotator.formats.codebooks import default_codebook
from annotator.session.load_plan import LoadPlan
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.formats import test_dataset_dna as dna
from tests.formats import test_dataset_qualcoder as qualcoder
from tests.formats import test_dataset_refi_qda as refi
from tests.support import add_document


@pytest.fixture
def session(tmp_path: Path, person: Person) -> Iterator[Session]:
    path = tmp_path / "projects.annodb"
    create_project(path, default_codebook(), person)
    with Session(path, person) as session:
        yield session


def quotes(session: Session) -> set[tuple[str, str]]:
    labels = {one.id: one.name for one in session.queries.codebook().labels}
    texts = {one.id: session.reading.blobs.text(one.text) for one in session.reading.rows.all(Document)}
    return {
        (labels[one.label], texts[one.document][one.start : one.end]) for one in session.reading.rows.all(Annotation)
    }


def people(session: Session) -> set[str]:
    names = {one.id: one.name for one in session.reading.rows.all(Annotator)}
    return {names[one.annotator] for one in session.reading.rows.all(Layer) if one.annotator}


def test_a_qualcoder_project(session: Session, tmp_path: Path) -> None:
    start = qualcoder.TEXT.index("They doubt")
    project = qualcoder.made(tmp_path, [qualcoder.coding("They doubt", start, 2, memo="really?")])
    assert session.datasets.examine(project).format == "qualcoder"
    result = session.datasets.load(project, "qualcoder", plan=LoadPlan(add=True))
    assert (result.documents, result.spans, result.added) == (2, 1, ("Doubt",))
    assert quotes(session) == {("Doubt", "They doubt")}
    assert "Analyst A" in people(session)
    assert [one.body for one in session.reading.rows.all(Note)] == ["really?"]
    again = session.datasets.load(project, "qualcoder")
    assert (again.documents, again.spans) == (0, 0)


def test_a_database_of_discourse_network_analyzer(session: Session, tmp_path: Path) -> None:
    file = dna.made(tmp_path, 3)
    assert session.datasets.examine(file).format == "dna"
    result = session.datasets.load(file, "dna", plan=LoadPlan(add=True))
    assert (result.documents, result.spans, result.relations) == (3, 4, 1)
    assert ("DNA Statement", "🇺🇦 will help") in quotes(session)
    assert len(session.reading.rows.all(Relation)) == 1
    assert any("concept: aid in time" in one.body for one in session.reading.rows.all(Note))


def test_a_refi_qda_project_of_another_program(session: Session, tmp_path: Path) -> None:
    start = refi.WINDOWS.index(refi.DOUBT)
    selection = refi.selection(start, start + len(refi.DOUBT), name=refi.DOUBT, inside="<Description>why</Description>")
    file = refi.packed(tmp_path, refi.project(refi.text_source(selection)), {"sources/t.txt": refi.WINDOWS})
    assert session.datasets.examine(file).format == "refi-qda"
    result = session.datasets.load(file, "refi-qda")
    assert (result.documents, result.spans) == (1, 1)
    assert quotes(session) == {("Pledge", refi.DOUBT)}
    assert "Analyst A" in people(session)
    assert [one.body for one in session.reading.rows.all(Note)] == ["why"]


def test_a_project_that_is_open_elsewhere_changes_nothing_here(session: Session, tmp_path: Path) -> None:
    project = qualcoder.made(tmp_path, [])
    (project / "data.qda-journal").write_bytes(b"x")
    with pytest.raises(DatasetError, match="Close it in its program"):
        session.datasets.load(project, "qualcoder")
    assert not session.reading.rows.all(Document)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_format_that_is_only_read_is_not_written(session: Session, tmp_path: Path, dry_run: bool) -> None:
    add_document(session, "We will help.")
    with pytest.raises(UserError, match=r"QualCoder project can be read only\. Choose one of: jsonl.*refi-qda"):
        session.datasets.export(tmp_path / "out.qda", "qualcoder", dry_run=dry_run)
    assert not (tmp_path / "out.qda").exists()
