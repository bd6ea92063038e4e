"""An analyst sees nothing of what others tagged, anywhere, before a lead releases the round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.search_query import SearchQuery
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.visibility import visible_layers
from tests.support import TEXT, add_document

SECRET = "a remark of somebody else"


class Stage:
    """A project in which the lead and two analysts tagged the same document."""

    def __init__(self, path: Path, lead: Person) -> None:
        self.path, self.lead = path, lead
        with Session(path, lead) as session:
            session.annotators.rename(lead.id, "Lead")
            self.document = add_document(session).id
            self.people = [Person(session.annotators.add(name).id, name) for name in ("Analyst B", "Analyst C")]
            self.labels = {label.key: label.id for label in session.queries.codebook().labels}
            self.leads = self._tag(session, "pledge")
        with self.opened(1) as session:
            self.others = self._tag(session, "criticism")
            session.notes.write("document", self.document, SECRET)
            session.documents.set_status(self.document, "done")
        with self.opened(0) as session:
            self.own = session.annotations.tag(self.document, self.labels["condition"], [(46, 67)]).id

    def _tag(self, session: Session, key: str) -> str:
        one = session.annotations.tag(self.document, self.labels[key], [(18, 45)], {"speaker": "The alliance"}, SECRET)
        two = session.annotations.tag(self.document, self.labels[key], [(69, 114)])
        session.relations.relate(one.id, "restates", two.id)
        return one.id

    def opened(self, place: int) -> Session:
        return Session(self.path, self.people[place])

    def release(self) -> None:
        with Session(self.path, self.lead) as session:
            session.rounds.release(session.queries.project().round)


@pytest.fixture
def stage(project_path: Path, person: Person) -> Stage:
    return Stage(project_path, person)


@pytest.fixture
def analyst(stage: Stage) -> Iterator[Session]:
    with stage.opened(0) as session:
        yield session


def test_a_document_shows_ones_own(stage: Stage, analyst: Session) -> None:
    content = analyst.queries.content(stage.document)
    assert [one.id for one in content.annotations] == [stage.own]
    assert not content.relations and not content.values and not content.notes
    assert visible_layers(analyst) == {analyst.own_layer(analyst.reading).id}


def test_counts_are_of_ones_own(stage: Stage, analyst: Session) -> None:
    [row] = analyst.queries.documents()
    assert (row.span_count, row.spans["condition"], row.status) == (1, 1, "in_progress")
    assert analyst.queries.label_spans() == {stage.labels["condition"]: 1}
    assert analyst.queries.label_quotes(stage.labels["pledge"]) == []
    assert [one.annotator.name for one in analyst.queries.progress()] == ["Analyst B"]


@pytest.mark.parametrize("scope", ["documents", "spans"])
def test_search_narrowed_by_a_label_finds_ones_own(stage: Stage, analyst: Session, scope: str) -> None:
    for words in ("", "alliance", "provide"):
        found = analyst.queries.search(SearchQuery(words, scope=scope, label=stage.labels["criticism"]))
        assert not found.hits
    [hit] = analyst.queries.search(SearchQuery("council", scope=scope, label=stage.labels["condition"])).hits
    assert hit.labels == (stage.labels["condition"],)


def test_search_does_not_tell_whose_words_are_tagged(analyst: Session) -> None:
    [hit] = analyst.queries.search(SearchQuery("provide")).hits
    assert hit.labels == ()
    assert not analyst.queries.search(SearchQuery("remark", scope="notes")).hits
    assert not analyst.queries.search(SearchQuery("", scope="notes")).hits


def test_notes_of_others_are_not_listed(stage: Stage, analyst: Session) -> None:
    assert analyst.queries.notes() == []
    assert analyst.queries.notes_on(stage.others) == analyst.queries.notes_on(stage.document) == []


def test_a_lead_can_write_to_everybody_on_a_document(stage: Stage) -> None:
    with Session(stage.path, stage.lead) as session:
        session.notes.write("document", stage.document, "Mind the annex")
        assert len(session.queries.notes()) == 4
    with stage.opened(0) as session:
        assert [row.note.body for row in session.queries.notes()] == ["Mind the annex"]


def test_an_annotation_of_others_cannot_be_named(stage: Stage, analyst: Session) -> None:
    with pytest.raises(NotFoundError):
        analyst.queries.annotation(stage.others)
    with pytest.raises(NotFoundError):
        analyst.queries.annotation_named(stage.document, stage.others)


def test_the_line_of_a_document_and_the_history_hold_ones_own(stage: Stage, analyst: Session) -> None:
    line = analyst.datasets.line(stage.document)
    assert [span["id"] for span in line["spans"]] == [stage.own]
    assert not line["relations"] and len(line["statuses"]) == 1
    titles = " ".join(entry.title for entry in analyst.history.entries())
    assert "as Condition" in titles and "as Pledge" not in titles and "as Criticism" not in titles


def test_export_of_others_is_refused_with_a_sentence(stage: Stage, analyst: Session, tmp_path: Path) -> None:
    for layer in ("all", "Analyst C", "Lead"):
        with pytest.raises(RefusedError, match="not released"):
            analyst.datasets.export(tmp_path / "out.jsonl", layer=layer)
    assert [choice.name for choice in analyst.datasets.choices()] == ["Analyst B"]
    assert analyst.datasets.export(tmp_path / "out.jsonl").spans == 1
    assert analyst.datasets.export(tmp_path / "out.jsonl", layer="Analyst B").spans == 1


def test_a_dataset_is_loaded_into_ones_own_layer_only(stage: Stage, tmp_path: Path) -> None:
    with Session(stage.path, stage.lead) as session:
        session.datasets.export(tmp_path / "all.jsonl", layer="all")
        session.annotations.delete([stage.leads])
    with stage.opened(0) as session:
        with pytest.raises(RefusedError, match="somebody else"):
            session.datasets.load(tmp_path / "all.jsonl")
        with pytest.raises(RefusedError, match="somebody else"):
            session.datasets.load(tmp_path / "all.jsonl", layer="gold")
        session.datasets.export(tmp_path / "own.jsonl")
        session.annotations.delete([stage.own])
        assert session.datasets.load(tmp_path / "own.jsonl", layer="Analyst B").spans == 1
        assert session.queries.documents()[0].span_count == 1


def test_a_released_round_is_open(stage: Stage, tmp_path: Path) -> None:
    stage.release()
    with stage.opened(0) as session:
        assert len(session.queries.content(stage.document).annotations) == 5
        assert session.queries.documents()[0].span_count == 5
        assert session.queries.search(SearchQuery("remark", scope="notes")).hits
        assert session.datasets.export(tmp_path / "out.jsonl", layer="all").spans == 5
        assert "as Criticism" in " ".join(entry.title for entry in session.history.entries())


def test_a_lead_sees_everything(stage: Stage) -> None:
    with Session(stage.path, stage.lead) as session:
        assert visible_layers(session) is None
        assert len(session.queries.content(stage.document).annotations) == 5
        assert len(session.queries.progress()) == 3
        assert len(session.datasets.choices()) == 3
        assert TEXT.startswith("Summit")
