"""Agreement of a project: which layers and documents count, who may see it, and what comes out as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.errors import AmbiguousError, NotFoundError, RefusedError
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotation, Annotator, Document, Layer, Record, Relation, Round, Status
from annotator.session.agreement import AgreementScope, layers_named, letter_of
from annotator.session.agreement_data import as_data, as_lines
from annotator.session.progress import Cancel, Cancelled
from annotator.session.session import Session
from annotator.session.verb import Outcome
from tests.support import add_document

Span = tuple[int, int, str]


class Team:
    """Analysts of a project with a layer each in the round in use, and a way to tag for them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.round = session.queries.project().round
        self.labels = {label.key: label.id for label in session.queries.codebook().labels}
        self.layers: dict[str, Layer] = {}

    def join(self, name: str, round_: str = "", **fields: str) -> Layer:
        person = Annotator(new_id(), name, role="analyst", **fields)
        layer = Layer(new_id(), "annotator", person.id, round_ or self.round)
        self.store(person, layer)
        self.layers[name] = layer
        return layer

    def gold(self) -> Layer:
        layer = Layer(new_id(), "gold", None, self.round)
        self.store(layer)
        self.layers["gold"] = layer
        return layer

    def store(self, *records: Record) -> None:
        self.session.perform(lambda: Outcome(ChangeSet("Made for a test", made(*records)), None))

    def change(self, before: Record, after: Record) -> None:
        self.session.perform(lambda: Outcome(ChangeSet("Changed for a test", (RowChange(before, after),)), None))

    def tag(
        self, name: str, document: Document, *spans: Span, created: str = "2031-05-02T08:00:00Z"
    ) -> list[Annotation]:
        layer, codebook = self.layers[name], self.session.queries.project().codebook
        rows = [
            Annotation(
                *(new_id(), document.id, layer.id, self.labels[label]),
                *(layer.annotator or self.session.person.id, codebook, created, ((start, end),)),
            )
            for start, end, label in spans
        ]
        self.store(*rows)
        return rows

    def say(self, name: str, document: Document, status: str) -> None:
        layer = self.layers[name]
        self.store(Status(derived_id(document.id, "status", layer.id), document.id, layer.id, status))


@pytest.fixture
def team(session: Session) -> Team:
    team = Team(session)
    for name in ("Analyst A", "Analyst B", "Analyst C"):
        team.join(name)
    return team


SPANS: list[Span] = [(18, 60, "pledge"), (62, 100, "criticism")]


class TestWhatCounts:
    def test_layers_that_tagged_and_documents_that_two_share(self, session: Session, team: Team) -> None:
        both, alone = add_document(session), add_document(session, "Another text, longer than that.", "Alone")
        team.tag("Analyst A", both, *SPANS)
        team.tag("Analyst B", both, *SPANS)
        team.tag("Analyst A", alone, (0, 7, "pledge"))
        found = session.queries.agreement()
        assert list(found.measured.by_document) == [both.id]
        assert found.layer_names == ["Analyst A", "Analyst B"]
        assert found.measured.overall["f1_strict"].value == 1

    def test_done_without_a_span_counts_as_nothing_there(self, session: Session, team: Team) -> None:
        document = add_document(session)
        team.tag("Analyst A", document, *SPANS)
        team.say("Analyst B", document, "in_progress")
        assert session.queries.agreement().measured.documents == 0
        team.layers["Analyst B"] = team.join("Analyst D")
        team.say("Analyst B", document, "done")
        found = session.queries.agreement().measured
        assert found.documents == 1
        assert found.overall["f1_strict"].value == 0

    def test_only_finished_work_where_asked(self, session: Session, team: Team) -> None:
        document = add_document(session)
        for name in ("Analyst A", "Analyst B"):
            team.tag(name, document, *SPANS)
        team.say("Analyst A", document, "approved")
        scope = AgreementScope(finished_only=True)
        assert session.queries.agreement(scope).measured.documents == 0
        team.say("Analyst B", document, "done")
        assert session.queries.agreement(scope).measured.documents == 1

    def test_gold_is_compared_where_asked_and_is_the_reference(self, session: Session, team: Team) -> None:
        document = add_document(session)
        team.gold()
        team.tag("gold", document, *SPANS)
        team.tag("Analyst A", document, SPANS[0])
        assert session.queries.agreement().measured.documents == 0
        found = session.queries.agreement(AgreementScope(gold=True))
        assert [layer.is_gold for layer in found.layers] == [True, False]
        assert found.measured.overall["precision_strict"].value == 1
        assert found.measured.overall["recall_strict"].value == 0.5

    def test_two_ids_of_one_person_are_one_layer(self, session: Session, team: Team) -> None:
        document = add_document(session)
        first = team.layers["Analyst A"]
        other = team.join("Analyst A at home")
        person = next(one for one in session.queries.annotators() if one.id == other.annotator)
        team.change(person, replace(person, same_as=first.annotator))
        team.tag("Analyst A", document, SPANS[0])
        team.tag("Analyst A at home", document, SPANS[1])
        team.tag("Analyst B", document, *SPANS)
        found = session.queries.agreement()
        assert len(found.layers) == 2
        assert found.measured.overall["f1_strict"].value == 1

    def test_a_version_out_of_sight_is_not_counted(self, session: Session, team: Team) -> None:
        document = add_document(session)
        for name in ("Analyst A", "Analyst B"):
            team.tag(name, document, *SPANS)
        newer = replace(document, id=new_id(), supersedes=document.id, title="Corrected")
        team.store(newer)
        assert session.queries.agreement().measured.documents == 0

    def test_relations_are_compared(self, session: Session, team: Team) -> None:
        document = add_document(session)
        for name in ("Analyst A", "Analyst B"):
            one, other = team.tag(name, document, (18, 60, "pledge"), (45, 60, "condition"))
            kind = session.queries.codebook().relations[0].id
            layer = team.layers[name]
            team.store(Relation(new_id(), document.id, layer.id, kind, other.id, one.id, layer.annotator or "", "t"))
        assert session.queries.agreement().measured.overall["relations_f1"].value == 1


class TestSubCorpora:
    @pytest.fixture
    def documents(self, session: Session, team: Team) -> list[Document]:
        found = []
        for number, (language, date) in enumerate((("en", "2031-02-03"), ("uk", "2031-03"), ("en", ""))):
            document = add_document(session, f"{number} " + "words and more words " * 9, f"Document {number}")
            session.documents.describe(document.id, language=language, date=date)
            for name in ("Analyst A", "Analyst B"):
                team.tag(name, document, *SPANS, created=f"2031-0{number + 4}-02T08:00:00Z")
            found.append(document)
        return found

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"languages": ("uk",)}, [1]),
            ({"languages": ("uk", "en")}, [0, 1, 2]),
            ({"date_from": "2031-03"}, [1]),
            ({"date_to": "2031-02"}, [0]),
            ({"date_from": "2031", "date_to": "2031"}, [0, 1]),
            ({"date_from": "2031-03-15"}, [1]),
            ({"formats": ("pdf",)}, []),
            ({"formats": ("text",)}, [0, 1, 2]),
            ({"file": "nowhere"}, []),
            ({"file": "PASTED"}, [0, 1, 2]),
        ],
    )
    def test_documents_by_what_they_are(
        self, session: Session, documents: list[Document], fields: dict, expected: list[int]
    ) -> None:
        found = session.queries.agreement(AgreementScope(**fields)).measured
        assert list(found.by_document) == [documents[place].id for place in expected]

    def test_chosen_documents_and_labels(self, session: Session, team: Team, documents: list[Document]) -> None:
        scope = AgreementScope(documents=(documents[1].id,), labels=(team.labels["pledge"],))
        found = session.queries.agreement(scope)
        assert list(found.titles.values()) == ["Document 1"]
        assert [label.key for label in found.labels] == ["pledge"]
        assert found.measured.document_spans == {documents[1].id: 2}

    def test_over_time(self, session: Session, documents: list[Document]) -> None:
        by_date = session.queries.agreement().measured
        assert by_date.months == {"2031-02": 1, "2031-03": 1}
        by_work = session.queries.agreement(AgreementScope(period="tagged")).measured
        assert by_work.months == {"2031-04": 1, "2031-05": 1, "2031-06": 1}


class TestLayersByName:
    def test_name_id_and_gold(self, session: Session, team: Team) -> None:
        gold = team.gold()
        layer = team.layers["Analyst B"]
        assert layers_named(session, ["gold", "Analyst B"]) == (gold.id, layer.id)
        assert layers_named(session, [layer.id]) == (layer.id,)

    def test_what_is_not_there_and_what_is_ambiguous(self, session: Session, team: Team) -> None:
        with pytest.raises(NotFoundError, match=r"No layer of this round is called “Nobody”\. There are: Analyst A"):
            layers_named(session, ["Nobody"])
        team.join("Analyst A")
        with pytest.raises(AmbiguousError, match="Several people are called “Analyst A”"):
            layers_named(session, ["Analyst A"])
        with pytest.raises(NotFoundError, match="no layer"):
            session.queries.agreement(AgreementScope(layers=(new_id(),)))

    def test_layers_of_two_rounds_are_refused(self, session: Session, team: Team) -> None:
        other = Round(new_id(), "pilot", 2)
        team.store(other)
        elsewhere = team.join("Analyst P", other.id)
        with pytest.raises(RefusedError, match="different rounds"):
            session.queries.agreement(AgreementScope(layers=(elsewhere.id, team.layers["Analyst A"].id)))
        assert session.queries.agreement(AgreementScope(round=other.id)).round.name == "pilot"

    def test_letters(self) -> None:
        assert [letter_of(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
            "A",
            "Z",
            "AA",
            "AZ",
            "BA",
            "ZZ",
            "AAA",
        ]


class TestWhoMaySeeIt:
    def test_analysts_only_what_is_released(self, session: Session, team: Team) -> None:
        document = add_document(session)
        for name in ("Analyst A", "Analyst B"):
            team.tag(name, document, *SPANS)
        round_ = session.queries.rounds()[0]
        me = next(one for one in session.queries.annotators() if one.id == session.person.id)
        team.change(me, replace(me, role="analyst"))
        with pytest.raises(RefusedError, match="is not released yet"):
            session.queries.agreement()
        team.session.history.undo()
        team.change(round_, replace(round_, released=True))
        team.change(me, replace(me, role="analyst"))
        assert session.queries.agreement().measured.documents == 1

    def test_people_are_named_only_where_a_lead_wants_it(self, session: Session, team: Team) -> None:
        document = add_document(session)
        for name in ("Analyst A", "Analyst B"):
            team.tag(name, document, *SPANS)
        pair = next(iter(session.queries.agreement().measured.by_pair))
        assert session.queries.agreement().pair_name(pair) == "A ↔ B"
        session.options.set("person_figures", True)
        assert set(session.queries.agreement().pair_name(pair).split(" ↔ ")) == {"Analyst A", "Analyst B"}


class TestData:
    def test_every_key_is_there_and_nothing_is_nan(self, session: Session, team: Team) -> None:
        """The keys of the command line's JSON, with and without anything to compare."""
        empty = as_data(session.queries.agreement(samples=20))
        document = add_document(session)
        team.tag("Analyst A", document, *SPANS)
        team.tag("Analyst B", document, SPANS[0], (62, 90, "pledge"))
        full = as_data(session.queries.agreement(samples=20))
        for data in (empty, full):
            assert {"documents", "layers", "alpha_unitising", "alpha_labels", "kappa", "f1", "relations_f1"} <= set(
                data
            )
            assert set(data["f1"]) == {"strict", "exact", "partial", "type"}
            json.dumps(data, allow_nan=False)
        assert empty["documents"] == 0
        assert set(empty["reasons"].values()) == {"No document was worked on in two of the layers."}
        assert full["layers"] == ["Analyst A", "Analyst B"]
        assert full["f1"] == {"strict": 0.5, "exact": 0.5, "partial": 0.75, "type": 0.5}
        assert set(full["per_label"]) == {"pledge", "criticism"}
        assert full["per_document"][0]["spans"] == 4
        assert full["confused"][0]["count"] == 1

    def test_one_layer(self, session: Session, team: Team) -> None:
        document = add_document(session)
        team.tag("Analyst A", document, *SPANS)
        found = session.queries.agreement(AgreementScope(layers=(team.layers["Analyst A"].id,)))
        assert as_data(found)["reasons"]["alpha_labels"] == "There is only one layer; agreement needs two."
        assert list(as_lines(found))[-1] == "There is only one layer; agreement needs two."

    def test_the_table_for_people(self, session: Session, team: Team) -> None:
        document = add_document(session)
        for name in ("Analyst A", "Analyst B", "Analyst C"):
            team.tag(name, document, *SPANS)
        lines = list(as_lines(session.queries.agreement()))
        assert any(line.startswith("Pledge") and "1.00" in line for line in lines)
        assert any(line.startswith("A ↔ B") for line in lines)
        assert "relations: no relations_f1: There are no relations." in lines


def test_can_be_stopped_and_tells_how_far_it_is(session: Session, team: Team) -> None:
    document = add_document(session)
    for name in ("Analyst A", "Analyst B"):
        team.tag(name, document, *SPANS)
    told = []
    session.queries.agreement(progress=lambda done, of, what: told.append((done, of, what)), samples=10)
    assert (0, 1, "Summit statement") in told
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        session.queries.agreement(check=cancel.check)


def test_nothing_is_changed(session: Session, team: Team) -> None:
    before = len(session.history.entries())
    session.queries.agreement()
    assert len(session.history.entries()) == before
