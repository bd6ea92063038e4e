"""Decisions make gold: every choice, what reopens a case, and what becomes of documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.changes import RowChange
from annotator.core.choices import applicable
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.ids import new_id
from annotator.core.records import Annotation, Annotator, Decision, Entity, Note, Status
from annotator.core.text_edits import TextEdit
from annotator.session.conflict_rows import conflict_rows
from annotator.session.people import Person
from annotator.session.progress import Cancelled
from annotator.session.review_queue import ORDERS, ReviewQueue, ordered
from annotator.session.session import Session
from annotator.storage.backup import copy_verified
from tests.session.review_stage import CONDITION, CRITICISM, PLEDGE, SIGNAL, WHOLE, ReviewStage
from tests.support import TEXT, add_document


@pytest.fixture
def stage(session: Session) -> ReviewStage:
    return ReviewStage(session)


def cut(stage: ReviewStage) -> tuple[Annotation, Annotation, Annotation]:
    """Pledge over the whole sentence, by the other cut at its condition and linked."""
    whole = stage.tag("A", "pledge", WHOLE, strength="firm")
    pledge, condition = stage.tag("B", "pledge", PLEDGE, strength="intent"), stage.tag("B", "condition", CONDITION)
    stage.relate(condition, "conditions", pledge)
    return whole, pledge, condition


def states(queue: ReviewQueue) -> list[tuple[str, str]]:
    return [(one.case.kind, one.state) for one in queue.cases]


def test_a_queue_says_what_differs(stage: ReviewStage) -> None:
    cut(stage)
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "criticism", CRITICISM)
    stage.tag("A", "signal_to_russia", SIGNAL)
    queue = stage.queue
    assert [(one.title, one.paragraph, one.agreed) for one in queue.cases] == [
        ("Pledge ↔ Pledge + Condition", 2, False),
        ("Criticism", 2, True),
        ("Signal to Russia ↔ –", 3, False),
    ]
    assert queue.cases[0].quote == "We will provide air defence if the council agrees."
    assert [(face.letter, face.name) for face in queue.layers.values()] == [("A", "Analyst A"), ("B", "Analyst B")]
    assert queue.counts == {"nesting": 1, "same": 1, "one_sided": 1}
    assert (queue.total, queue.decided, queue.agreed_by_all, queue.open_count) == (3, 0, 1, 3)


def test_taking_one_layer_takes_its_spans_values_and_relations(stage: ReviewStage) -> None:
    whole, pledge, condition = cut(stage)
    decision = stage.decide("layer", layer=stage.layers["B"], reason="Cut at the condition")
    assert stage.spans() == [("pledge", (PLEDGE,)), ("condition", (CONDITION,))]
    assert stage.gold_values() == [{"strength": "intent"}, {}]
    assert [one.decided_from for one in stage.gold] == [(pledge.id, whole.id), (condition.id,)]
    assert {(one.origin, one.annotator) for one in stage.gold} == {("manual", stage.session.person.id)}
    [relation] = stage.gold_relations()
    assert (relation.source, relation.target) == (stage.gold[1].id, stage.gold[0].id)
    assert set(decision.result) == {one.id for one in stage.gold} | {relation.id}
    assert set(decision.basis["annotations"]) == {whole.id, pledge.id, condition.id}
    assert stage.session.reading.rows.get(Decision, decision.id) == decision
    assert states(stage.queue) == [("nesting", "decided")]


def test_taking_a_layer_that_has_nothing_leaves_nothing(stage: ReviewStage) -> None:
    stage.tag("A", "signal_to_russia", SIGNAL)
    stage.tag("B", "criticism", CRITICISM)
    decision = stage.decide("layer", 1, layer=stage.layers["B"])
    assert (stage.spans(), decision.result) == ([], ())
    assert states(stage.queue) == [("one_sided", "open"), ("one_sided", "decided")]


def test_neither(stage: ReviewStage) -> None:
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "signal_to_russia", CRITICISM)
    stage.decide("neither")
    assert stage.spans() == []
    assert stage.queue.decided == 1


def test_union_and_intersection_of_the_edges(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", (18, 45), strength="firm")
    stage.tag("B", "pledge", (21, 67), strength="intent")
    assert applicable(stage.case().case) == {"layer", "neither", "both", "edit", "union", "intersection"}
    stage.decide("union")
    assert (stage.spans(), stage.gold_values()) == ([("pledge", ((18, 67),))], [{"strength": "firm"}])
    stage.decide("intersection")
    assert stage.spans() == [("pledge", ((21, 45),))]
    assert stage.queue.total == 1


def test_the_value_that_most_have_wins(session: Session) -> None:
    stage = ReviewStage(session, "A", "B", "C")
    for layer, end, strength in (("A", 45, "firm"), ("B", 44, "intent"), ("C", 43, "intent")):
        stage.tag(layer, "pledge", (18, end), strength=strength)
    stage.decide("union")
    assert stage.gold_values() == [{"strength": "intent"}]


def test_fragments_are_joined_and_cut(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", (18, 30), (34, 45))
    stage.tag("B", "pledge", (20, 40))
    stage.decide("intersection")
    assert stage.spans() == [("pledge", ((20, 30), (34, 40)))]
    stage.decide("union")
    assert stage.spans() == [("pledge", ((18, 45),))]


def test_every_version(stage: ReviewStage) -> None:
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "signal_to_russia", CRITICISM)
    assert applicable(stage.case().case) == {"layer", "neither", "both", "edit"}
    stage.decide("both")
    assert {label for label, _ in stage.spans()} == {"criticism", "signal_to_russia"}


def test_a_version_of_ones_own(stage: ReviewStage) -> None:
    cut(stage)
    stage.decide(
        "edit",
        label=stage.labels["condition"],
        fragments=[(46, 60)],
        attributes={"speaker": "The council", "target": None},
    )
    assert stage.spans() == [("condition", ((46, 60),))]
    assert stage.gold_values() == [{"speaker": "The council"}]
    assert [entity.name for entity in stage.session.reading.rows.all(Entity)] == ["The council"]


def test_an_edit_keeps_what_is_not_said(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", (18, 45), strength="firm")
    stage.tag("B", "pledge", (18, 44), strength="intent")
    stage.decide("edit", fragments=[(18, 40)], layer=stage.layers["B"])
    assert (stage.spans(), stage.gold_values()) == ([("pledge", ((18, 40),))], [{"strength": "intent"}])
    with pytest.raises(RefusedError, match="one place here"):
        stage.decide("edit", label=stage.labels["condition"])
    stage.decide("edit", fragments=[(18, 40)], label=stage.labels["condition"])
    assert (stage.spans(), stage.gold_values()) == ([("condition", ((18, 40),))], [{}])


@pytest.mark.parametrize(
    ("choice", "details", "message"),
    [
        ("union", {}, "does not apply to this case"),
        ("agreed", {}, "does not apply to this case"),
        ("single", {}, "does not apply to this case"),
        ("perhaps", {}, "no decision"),
        ("layer", {}, "whose version"),
        ("layer", {"layer": "elsewhere"}, "whose version"),
        ("edit", {"fragments": [(0, 9999)]}, "."),
        ("edit", {"label": "elsewhere"}, "no label"),
        ("neither", {"reason": "\0"}, "NUL"),
        ("neither", {"reason": "x" * 3000}, "Shorten it"),
    ],
)
def test_what_does_not_apply_is_refused(stage: ReviewStage, choice: str, details: dict[str, Any], message: str) -> None:
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "signal_to_russia", CRITICISM)
    before = stage.session.reading.dump()
    with pytest.raises((RefusedError, NotFoundError), match=message):
        stage.decide(choice, **details)
    assert stage.session.reading.dump() == before


def test_a_case_that_is_gone_is_told_of(stage: ReviewStage) -> None:
    stage.tag("A", "criticism", CRITICISM)
    case = stage.queue
    assert case.documents[stage.document].single
    with pytest.raises(NotFoundError, match="not there any more"):
        stage.session.review.decide(stage.document, "elsewhere", "neither")


def test_deciding_anew_replaces_gold(stage: ReviewStage) -> None:
    cut(stage)
    stage.decide("layer", layer=stage.layers["B"], reason="first")
    stage.session.review.decide(stage.document, stage.case().case.id, "layer", layer=stage.layers["A"])
    assert stage.spans() == [("pledge", (WHOLE,))]
    assert stage.gold_relations() == []
    [decision] = stage.session.reading.rows.all(Decision)
    assert decision.reason == "first"
    stage.decide("neither")
    assert stage.spans() == []
    [decision] = stage.session.reading.rows.all(Decision)
    assert decision.reason == ""


def test_a_relation_comes_as_soon_as_both_ends_are_there(stage: ReviewStage) -> None:
    for layer, end in (("A", 45), ("B", 44)):
        pledge, condition = stage.tag(layer, "pledge", (18, end)), stage.tag(layer, "condition", CONDITION)
        if layer == "A":
            stage.relate(condition, "conditions", pledge)
    assert [one.case.kind for one in stage.queue.cases] == ["edges", "relation"]
    stage.decide("layer", 1, layer=stage.layers["A"])
    assert stage.gold_relations() == []
    stage.decide("layer", 0, layer=stage.layers["B"])
    [relation] = stage.gold_relations()
    assert (relation.source, relation.target) == (stage.gold[1].id, stage.gold[0].id)
    stage.decide("layer", 0, layer=stage.layers["A"])
    [relation] = stage.gold_relations()
    assert relation.target == stage.gold[0].id
    stage.decide("layer", 1, layer=stage.layers["B"])
    assert stage.gold_relations() == []


def test_relations_do_not_depend_on_the_order_of_deciding(stage: ReviewStage) -> None:
    for layer, end in (("A", 45), ("B", 44)):
        pledge, condition = stage.tag(layer, "pledge", (18, end)), stage.tag(layer, "condition", (46, end + 22))
        stage.relate(condition, "conditions", pledge)
    found = []
    for order in ((0, 1), (1, 0)):
        for place in order:
            stage.decide("layer", place, layer=stage.layers["AB"[place]])
        found.append([(one.id, one.source, one.target) for one in stage.gold_relations()])
        stage.session.history.undo()
        stage.session.history.undo()
    assert len(found[0]) == 1
    assert found[0] == found[1]


def test_all_that_all_agree_on_is_accepted_at_once(session: Session) -> None:
    stage = ReviewStage(session, "A", "B", "C")
    for layer in "ABC":
        stage.tag(layer, "criticism", CRITICISM)
    for layer in "AB":
        stage.tag(layer, "signal_to_russia", SIGNAL)
    stage.tag("C", "pledge", PLEDGE)
    assert session.review.accept_agreed() == 1
    assert stage.spans() == [("criticism", (CRITICISM,))]
    assert session.review.accept_agreed() == 0
    assert session.review.accept_agreed(2) == 1
    assert len(stage.spans()) == 2
    assert [one.state for one in stage.queue.cases] == ["open", "decided", "decided"]
    assert {one.choice for one in session.reading.rows.all(Decision)} == {"agreed"}
    session.history.undo()
    assert len(stage.spans()) == 1
    with pytest.raises(RefusedError, match="2 or more"):
        session.review.accept_agreed(1)


def test_least_counts_people_and_a_tie_is_no_agreement(session: Session) -> None:
    stage = ReviewStage(session, "A", "B", "C", "D")
    for layer, label in (("A", "criticism"), ("B", "criticism"), ("C", "pledge"), ("D", "pledge")):
        stage.tag(layer, label, CRITICISM)
    assert session.review.accept_agreed(2) == 0
    two = stage.case().case
    assert len(two.layers) == 4
    stage.delete(next(one for one in two.annotations if one.layer == stage.layers["D"]))
    assert session.review.accept_agreed(3) == 0
    assert session.review.accept_agreed(2) == 1
    assert stage.spans() == [("criticism", (CRITICISM,))]


def test_what_is_out_of_sight_is_not_accepted(stage: ReviewStage) -> None:
    for layer in "AB":
        stage.tag(layer, "pledge", PLEDGE)
    stage.session.documents.correct(stage.document, [TextEdit(0, 0, "On ")])
    assert stage.session.review.accept_agreed(documents=[stage.document]) == 0
    assert stage.session.review.accept_agreed() == 1


def test_values_and_relations_belong_to_agreement(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", PLEDGE, strength="firm")
    stage.tag("B", "pledge", PLEDGE, strength="intent")
    assert stage.case().title == "Pledge (Strength)"
    assert stage.session.review.accept_agreed(2) == 0
    stage.decide("layer", layer=stage.layers["B"])
    assert stage.gold_values() == [{"strength": "intent"}]


def test_accepting_can_be_stopped(stage: ReviewStage) -> None:
    for layer in "AB":
        stage.tag(layer, "criticism", CRITICISM)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        stage.session.review.accept_agreed(check=stop)
    assert stage.spans() == []


def test_a_change_of_what_was_decided_on_reopens(stage: ReviewStage) -> None:
    one, other = stage.tag("A", "pledge", PLEDGE, strength="firm"), stage.tag("B", "pledge", (18, 44))
    decision = stage.decide("layer", layer=stage.layers["A"], reason="why")
    moved = replace(other, fragments=((18, 43),))
    stage.change(RowChange(other, moved))
    assert (stage.case().state, stage.case().decision) == ("reopened", decision)
    assert stage.spans() == [("pledge", (PLEDGE,))]
    stage.change(RowChange(moved, other))
    assert stage.case().state == "decided"
    stage.change(RowChange(one, replace(one, label=stage.labels["criticism"])))
    assert states(stage.queue) == [("label", "reopened")]
    assert stage.queue.counts == {"label": 1}


def test_a_value_or_a_relation_reopens(stage: ReviewStage) -> None:
    _, pledge, condition = cut(stage)
    stage.decide("layer", layer=stage.layers["B"])
    relation = stage.session.reading.rows.where_in(type(stage.gold_relations()[0]), "source", [condition.id])[0]
    stage.change(RowChange(relation, None))
    assert stage.case().state == "reopened"
    stage.put(relation)
    assert stage.case().state == "decided"
    for key, value in (("strength", "conditional"), ("strength", None), ("hedged", True)):
        stage.session.annotations.set_attribute(pledge.id, key, value)
        assert stage.case().state == "reopened"
        stage.session.history.undo()
        assert stage.case().state == "decided"


def test_what_is_added_or_deleted_reopens(stage: ReviewStage) -> None:
    whole = cut(stage)[0]
    stage.decide("layer", layer=stage.layers["A"])
    added = stage.tag("B", "pledge", (18, 66))
    assert {state for _, state in states(stage.queue)} == {"reopened"}
    stage.delete(added)
    assert states(stage.queue) == [("nesting", "decided")]
    stage.delete(whole)
    assert set(states(stage.queue)) == {("one_sided", "reopened")}
    assert stage.spans() == [("pledge", (WHOLE,))]


def test_what_is_gone_altogether_is_still_a_case(stage: ReviewStage) -> None:
    gone = stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "pledge", PLEDGE)
    stage.decide("layer", 1, layer=stage.layers["A"])
    stage.status("A", "done")
    stage.delete(gone)
    found = stage.queue.cases[1]
    assert (found.state, found.case.annotations, found.quote) == ("reopened", (), TEXT[slice(*CRITICISM)])
    assert applicable(found.case) == {"neither", "edit"}
    stage.decide("neither", 1)
    assert stage.spans() == []
    assert states(stage.queue) == [("one_sided", "open")]


def test_a_layer_that_comes_later_reopens_only_what_it_touches(stage: ReviewStage) -> None:
    for layer in "AB":
        stage.tag(layer, "pledge", PLEDGE)
        stage.tag(layer, "criticism", CRITICISM)
    stage.session.review.accept_agreed()
    stage.join("C")
    stage.tag("C", "pledge", PLEDGE)
    assert states(stage.queue) == [("same", "reopened"), ("one_sided", "decided")]


def test_merging_labels_and_entities_reopens_nothing(stage: ReviewStage) -> None:
    session = stage.session
    council, ministers = session.entities.create("The council"), session.entities.create("The ministers")
    for layer in "AB":
        stage.tag(layer, "criticism", CRITICISM, speaker=ministers.id)
    session.review.accept_agreed()
    session.entities.rename(ministers.id, "Ministers")
    session.entities.merge(ministers.id, council.id)
    session.codebooks.save(session.queries.codebook(), {stage.labels["criticism"]: stage.labels["pledge"]})
    assert states(stage.queue) == [("same", "decided")]
    assert stage.gold_values() == [{"speaker": "The council"}]


def test_only_finished_layers_are_compared(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", PLEDGE)
    stage.tag("B", "pledge", PLEDGE)
    stage.status("B", "in_progress")
    assert stage.queue.documents[stage.document].single
    assert stage.queue.total == 0
    stage.status("B", "returned")
    assert [one.case.kind for one in stage.queue.cases] == ["same"]
    stage.join("C")
    assert len(stage.case().case.layers) == 2
    stage.status("C", "done")
    assert [one.case.kind for one in stage.queue.cases] == ["one_sided"]


def test_what_was_decided_stays_compared(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", PLEDGE)
    stage.tag("B", "pledge", PLEDGE)
    stage.done()
    stage.session.review.accept_agreed()
    stage.status("B", "in_progress")
    assert states(stage.queue) == [("same", "decided")]


def test_two_ids_of_one_person_are_one_layer(stage: ReviewStage) -> None:
    other = stage.join("A again")
    person = next(one for one in stage.session.queries.annotators() if (one.name, one.role) == ("Analyst A", "analyst"))
    again = stage.session.reading.rows.get(Annotator, other)
    stage.change(RowChange(again, replace(again, same_as=person.id)))  # type: ignore[type-var]
    stage.tag("A", "pledge", PLEDGE)
    stage.tag("A again", "criticism", CRITICISM)
    stage.tag("B", "criticism", CRITICISM)
    queue = stage.queue
    assert [one.case.kind for one in queue.cases] == ["one_sided", "same"]
    assert [face.name for face in queue.layers.values()] == ["Analyst A", "Analyst B"]
    assert next(iter(queue.layers.values())).others
    stage.session.review.accept_agreed()
    assert stage.spans() == [("criticism", (CRITICISM,))]


def test_loaded_gold_takes_the_decision_up(stage: ReviewStage) -> None:
    for layer in "AB":
        stage.tag(layer, "pledge", PLEDGE)
    stage.session.review.accept_agreed()
    loaded = replace(stage.gold[0], id=new_id(), decided_from=(), origin="imported")
    stage.session.review.reopen(stage.decision().id)
    stage.put(loaded)
    stage.session.review.accept_agreed()
    [gold] = stage.gold
    assert (gold.id, gold.origin, len(gold.decided_from)) == (loaded.id, "imported", 2)


def test_reopening_takes_gold_away(stage: ReviewStage) -> None:
    cut(stage)
    decision = stage.decide("layer", layer=stage.layers["B"])
    stage.session.notes.write("annotation", stage.gold[0].id, "On gold")
    stage.session.review.reopen(decision.id)
    assert (stage.spans(), stage.gold_relations()) == ([], [])
    assert stage.session.reading.rows.all(Note) == []
    assert states(stage.queue) == [("nesting", "open")]


def test_a_note_on_gold_stays_where_the_span_does(stage: ReviewStage) -> None:
    cut(stage)
    stage.decide("layer", layer=stage.layers["B"])
    stage.session.notes.write("annotation", stage.gold[0].id, "On gold")
    before = stage.gold
    stage.decide("layer", layer=stage.layers["B"])
    assert stage.gold == before
    assert len(stage.session.queries.notes_on(before[0].id)) == 1
    stage.decide("layer", layer=stage.layers["A"])
    assert stage.session.queries.notes_on(before[0].id) == []


def test_approving(stage: ReviewStage) -> None:
    cut(stage)
    stage.done()
    with pytest.raises(RefusedError, match="1 cases that are not decided"):
        stage.session.review.approve(stage.document)
    stage.decide("layer", layer=stage.layers["B"])
    approval = stage.session.review.approve(stage.document)
    assert (approval.spans, approval.single) == (2, False)
    statuses = {one.layer: one.status for one in stage.session.reading.rows.all(Status)}
    assert statuses == dict.fromkeys([*stage.layers.values(), stage.queue.gold], "approved")
    assert stage.queue.documents[stage.document].status == "approved"


def test_approving_one_persons_work_leaves_gold_alone(stage: ReviewStage) -> None:
    cut(stage)
    stage.done()
    owner = next(one.annotator for one in stage.session.queries.layers() if one.id == stage.layers["A"])
    stage.session.review.approve(stage.document, owner)
    statuses = {one.layer: one.status for one in stage.session.reading.rows.all(Status)}
    assert statuses == {stage.layers["A"]: "approved", stage.layers["B"]: "done"}


def test_approving_by_force_and_without_anybody(stage: ReviewStage) -> None:
    with pytest.raises(RefusedError, match="Nobody has finished"):
        stage.session.review.approve(stage.document)
    cut(stage)
    assert stage.session.review.approve(stage.document, forced=True).spans == 0


def test_approving_a_single_layer_copies_it(session: Session) -> None:
    stage = ReviewStage(session, "A")
    pledge = stage.tag("A", "pledge", PLEDGE, strength="firm")
    condition = stage.tag("A", "condition", CONDITION)
    stage.relate(condition, "conditions", pledge)
    stage.status("A", "done")
    approval = session.review.approve(stage.document)
    assert (approval.spans, approval.single) == (2, True)
    assert stage.spans() == [("pledge", (PLEDGE,)), ("condition", (CONDITION,))]
    assert (len(stage.gold_relations()), stage.gold_values()[0]) == (1, {"strength": "firm"})
    assert {one.choice for one in session.reading.rows.all(Decision)} == {"single"}
    assert stage.queue.open_count == 0
    before = session.reading.dump()
    assert session.review.approve(stage.document).spans == 2
    assert session.reading.dump() == before


def test_a_single_approval_follows_changes_when_it_is_repeated(session: Session) -> None:
    stage = ReviewStage(session, "A")
    pledge, gone = stage.tag("A", "pledge", PLEDGE), stage.tag("A", "criticism", CRITICISM)
    stage.status("A", "done")
    session.review.approve(stage.document)
    stage.delete(gone)
    stage.tag("A", "signal_to_russia", SIGNAL)
    stage.change(RowChange(pledge, replace(pledge, fragments=((18, 44),))))
    assert sorted(one.state for one in stage.queue.cases) == ["open", "reopened", "reopened"]
    session.review.approve(stage.document)
    assert stage.spans() == [("pledge", ((18, 44),)), ("signal_to_russia", (SIGNAL,))]
    assert stage.queue.open_count == 0


def test_a_second_layer_reopens_what_was_single(session: Session) -> None:
    stage = ReviewStage(session, "A", "B")
    stage.tag("A", "pledge", PLEDGE)
    session.review.approve(stage.document)
    stage.status("B", "done")
    assert states(stage.queue) == [("one_sided", "reopened")]


def test_returning(stage: ReviewStage) -> None:
    cut(stage)
    stage.done()
    owner = next(one.annotator for one in stage.session.queries.layers() if one.id == stage.layers["A"])
    assert owner is not None
    stage.session.review.return_document(stage.document, owner, "Look at the second sentence.")
    statuses = {one.layer: one.status for one in stage.session.reading.rows.all(Status)}
    assert statuses == {stage.layers["A"]: "returned", stage.layers["B"]: "done"}
    [note] = stage.session.queries.notes_on(stage.document)
    assert (note.body, note.layer) == ("Look at the second sentence.", stage.layers["A"])
    stage.session.review.return_document(stage.document, owner)
    assert stage.session.queries.notes_on(stage.document) == []
    with pytest.raises(NotFoundError, match="has not worked"):
        stage.session.review.return_document(stage.document, "elsewhere")


def test_the_digest_tells_who_gets_a_document_back(stage: ReviewStage) -> None:
    cut(stage)
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "criticism", CRITICISM)
    stage.done()
    stage.decide("layer", layer=stage.layers["B"], reason="Cut at the condition")
    stage.session.review.accept_agreed()
    people = {one.id: one.annotator for one in stage.session.queries.layers()}
    first, second = people[stage.layers["A"]], people[stage.layers["B"]]
    assert first is not None and second is not None
    assert stage.session.queries.digest(first) == []
    stage.session.review.return_document(stage.document, first, "Read the boundary rule again.")
    [document] = stage.session.queries.digest(first)
    assert (document.title, document.note) == ("Summit statement", "Read the boundary rule again.")
    one, other = document.entries
    assert one.theirs == (("Pledge", "We will provide air defence if the council agrees."),)
    assert one.gold == (("Pledge", "We will provide air defence"), ("Condition", "if the council agrees"))
    assert (one.differs, one.reason, one.by) == (True, "Cut at the condition", stage.session.person.name)
    assert not other.differs
    assert stage.session.queries.digest(second) == []


def test_the_digest_of_a_practice_round_needs_no_return(stage: ReviewStage) -> None:
    stage.tag("A", "pledge", PLEDGE, strength="firm")
    stage.tag("B", "pledge", PLEDGE, strength="intent")
    stage.status("A", "done")
    stage.status("B", "done")
    stage.decide("layer", layer=stage.layers["B"])
    people = {one.id: one.annotator for one in stage.session.queries.layers()}
    assert stage.session.queries.digest(people[stage.layers["A"]]) == []
    stage.session.rounds.set_practice(stage.queue.round, True)
    assert [one.differs for one in stage.session.queries.digest(people[stage.layers["A"]])[0].entries] == [True]
    assert [one.differs for one in stage.session.queries.digest(people[stage.layers["B"]])[0].entries] == [False]
    stage.status("A", "in_progress")
    assert stage.session.queries.digest(people[stage.layers["A"]]) == []


def test_precedents_and_reasons(stage: ReviewStage) -> None:
    cut(stage)
    stage.tag("A", "signal_to_russia", SIGNAL)
    review = stage.session.review
    decision = stage.decide("layer", layer=stage.layers["B"])
    other = stage.decide("neither", 1, reason="Mere description")
    review.explain(decision.id, " Cut at the condition ")
    assert stage.session.queries.recent_reasons(1) == ["Mere description"]
    assert stage.session.queries.recent_reasons() == ["Mere description", "Cut at the condition"]
    review.keep_precedent(decision.id, stage.labels["condition"])
    review.keep_precedent(other.id, stage.labels["signal_to_russia"])
    [found] = stage.session.queries.precedents(stage.labels["condition"])
    assert (found.reason, found.quote) == (
        "Cut at the condition",
        "We will provide air defence if the council agrees.",
    )
    assert found.gold[1] == ("Condition", "if the council agrees")
    assert [one.label for one in stage.session.queries.precedents()] == [
        stage.labels["signal_to_russia"],
        stage.labels["condition"],
    ]
    stage.decide("layer", layer=stage.layers["B"])
    assert len(stage.session.queries.precedents(stage.labels["condition"])) == 1
    review.keep_precedent(decision.id, None)
    review.explain(decision.id, "")
    assert stage.session.queries.precedents(stage.labels["condition"]) == []


def test_precedents_follow_a_merged_label(stage: ReviewStage) -> None:
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "criticism", CRITICISM)
    decision = stage.decide("agreed")
    stage.session.review.keep_precedent(decision.id, stage.labels["criticism"])
    codebook = stage.session.queries.codebook()
    stage.session.codebooks.save(codebook, {stage.labels["criticism"]: stage.labels["pledge"]})
    assert len(stage.session.queries.precedents(stage.labels["pledge"])) == 1
    stage.session.history.undo()
    assert len(stage.session.queries.precedents(stage.labels["criticism"])) == 1


def test_similar_cases(stage: ReviewStage) -> None:
    words = ("The port was attacked again.", "Nobody was asked.", "The port was attacked by night.")
    for text in words:
        document = add_document(stage.session, text, text).id
        for layer, label in (("A", "pledge"), ("B", "criticism")):
            stage.tag(layer, label, (0, len(text)), document=document)
    queue = stage.queue
    assert [one.title for one in queue.cases] == ["Pledge ↔ Criticism"] * 3
    for one in queue.cases[1:]:
        stage.session.review.decide(one.case.document, one.case.id, "both")
    queue = stage.queue
    assert [one.quote for one in queue.similar(queue.cases[0])] == [words[2], words[1]]
    assert [one.quote for one in queue.similar(queue.cases[1])] == [words[2]]


def test_only_what_changed_is_compared_anew(stage: ReviewStage) -> None:
    other = add_document(stage.session, "Another text that is long enough.", "Another").id
    stage.tag("A", "pledge", PLEDGE)
    stage.tag("B", "pledge", (18, 44))
    stage.tag("A", "criticism", (0, 12), document=other)
    stage.tag("B", "criticism", (0, 12), document=other)
    queue = stage.queue
    heard = []
    stage.session.events.subscribe(heard.append)
    stage.decide("union")
    assert queue.touched(stage.session, heard[-1]) == {stage.document}
    newer = queue.updated(stage.session, {stage.document})
    assert newer.documents[other] is queue.documents[other]
    assert newer == stage.queue
    stage.session.documents.remove(other)
    assert newer.touched(stage.session, heard[-1]) == {other}
    assert newer.updated(stage.session, {other}) == stage.queue
    stage.session.history.undo()
    newest = newer.updated(stage.session, {other}).updated(stage.session, {other})
    assert list(newest.documents) == list(stage.queue.documents) == [stage.document, other]
    stage.session.annotations.set_attribute(queue.cases[0].case.annotations[0].id, "strength", "firm")
    assert queue.touched(stage.session, heard[-1]) == {stage.document}
    codebook = stage.session.queries.codebook()
    stage.session.codebooks.save(codebook, {stage.labels["criticism"]: stage.labels["pledge"]})
    assert queue.touched(stage.session, heard[-1]) is None


def test_a_new_version_takes_the_place_of_the_old_one_in_the_queue(stage: ReviewStage) -> None:
    for layer in "AB":
        stage.tag(layer, "pledge", PLEDGE)
    queue = stage.queue
    heard = []
    stage.session.events.subscribe(heard.append)
    newer = stage.session.documents.correct(stage.document, [TextEdit(0, 0, "On ")]).document.id
    assert queue.touched(stage.session, heard[-1]) == {stage.document, newer}
    after = queue.updated(stage.session, {stage.document, newer})
    assert list(after.documents) == [newer]
    assert after == stage.queue
    stage.session.history.undo()
    again = after.updated(stage.session, after.touched(stage.session, heard[-1]) or ())
    assert again == queue


def test_a_queue_of_some_documents_or_layers(stage: ReviewStage) -> None:
    stage.join("C")
    other = add_document(stage.session, "Another text that is long enough.", "Another").id
    for layer in "ABC":
        stage.tag(layer, "pledge", PLEDGE)
    stage.tag("A", "pledge", (0, 5), document=other)
    queries = stage.session.queries
    assert list(queries.review(documents=[other]).documents) == [other]
    two = queries.review(layers=[stage.layers["A"], stage.layers["C"]])
    assert [len(one.case.layers) for one in two.cases] == [2]
    with pytest.raises(NotFoundError, match="no round"):
        queries.review(round="elsewhere")

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        queries.review(check=stop)


def test_orders(stage: ReviewStage) -> None:
    cut(stage)
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "criticism", (69, 113))
    stage.tag("B", "signal_to_russia", SIGNAL)
    cases = stage.queue.cases

    def in_order(by: str) -> list[str]:
        return [one.title.split()[0] for one in ordered(cases, by, stage.queue)]

    assert in_order("document") == ["Pledge", "Criticism", "–"]
    assert in_order("kind") == ["Criticism", "–", "Pledge"]
    assert in_order("label") == ["Criticism", "Pledge", "–"]
    assert in_order("annotator") == ["Pledge", "Criticism", "–"]
    assert len(ORDERS) == 4


def test_a_corrected_text_keeps_its_decisions(stage: ReviewStage) -> None:
    cut(stage)
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "criticism", CRITICISM)
    stage.decide("layer", layer=stage.layers["B"], reason="why")
    stage.session.review.accept_agreed()
    version = stage.session.documents.correct(stage.document, [TextEdit(0, 0, "On "), TextEdit(100, 105, "a ")])
    stage.document = version.document.id
    queue = stage.queue
    assert list(queue.documents) == [stage.document]
    assert states(queue) == [("nesting", "decided"), ("same", "decided")]
    assert queue.cases[0].decision.reason == "why"  # type: ignore[union-attr]
    stage.decide("layer", layer=stage.layers["A"])
    stage.decide("neither", 1)
    assert [(label, place) for label, place in stage.spans() if place[0][0] == 21] == [("pledge", ((21, 71),))]
    assert [d.document for d in stage.session.reading.rows.all(Decision)].count(stage.document) == 2


def test_what_a_correction_took_away_is_decided_anew(stage: ReviewStage) -> None:
    for layer in "AB":
        stage.tag(layer, "pledge", PLEDGE)
    stage.session.review.accept_agreed()
    version = stage.session.documents.correct(stage.document, [TextEdit(18, 46, "")])
    stage.document = version.document.id
    assert [(one.state, one.case.annotations) for one in stage.queue.cases] == [("reopened", ())]


def test_a_document_goes_with_its_decisions_and_comes_back_with_them(stage: ReviewStage) -> None:
    cut(stage)
    stage.decide("layer", layer=stage.layers["B"])
    before = stage.session.reading.dump()
    stage.session.documents.remove(stage.document)
    assert stage.session.reading.rows.all(Decision) == []
    stage.session.history.undo()
    assert stage.session.reading.dump() == before


def test_gold_with_nothing_but_refusals_is_exported(stage: ReviewStage, tmp_path: Any) -> None:
    stage.tag("A", "criticism", CRITICISM)
    stage.tag("B", "pledge", CRITICISM)
    stage.decide("neither")
    assert stage.session.datasets.choices()[0].name == "gold"
    result = stage.session.datasets.export(tmp_path / "out.jsonl")
    assert (result.documents, result.spans) == (1, 0)


def test_analysts_neither_see_nor_decide(project_path: Any, person: Person) -> None:
    with Session(project_path, person) as session:
        stage = ReviewStage(session)
        cut(stage)
        case = stage.case().case
        analyst = next(one for one in session.queries.annotators() if one.role == "analyst")
    with Session(project_path, Person(analyst.id, analyst.name)) as session:
        with pytest.raises(RefusedError, match="not released"):
            session.queries.review()
        with pytest.raises(RefusedError, match=r"leads|somebody else"):
            session.review.decide(case.document, case.id, "neither")
        with pytest.raises(RefusedError, match="somebody else"):
            session.review.return_document(case.document, person.id)


@pytest.mark.parametrize("taken", ["layer", "neither", "union"])
def test_gold_follows_the_side_that_is_taken_where_leads_decided_differently(
    project_path: Path, tmp_path: Path, person: Person, taken: str
) -> None:
    """What the side that was not taken deleted does not come back: its case is open again."""
    copy = tmp_path / "copy.annodb"
    with Session(project_path, person) as session:
        stage = ReviewStage(session)
        stage.tag("A", "pledge", PLEDGE)
        stage.tag("B", "pledge", WHOLE)
        stage.decide("intersection")
        copy_verified(project_path, copy)
        stage.decide("neither" if taken == "neither" else "union")
    with Session(copy, person) as session:
        stage.session = session
        stage.decide("layer", layer=stage.layers["A"])
    with Session(project_path, person) as session:
        stage.session = session
        session.merging.merge([copy])
        [conflict] = session.merging.conflicts()
        [side] = [one for one in conflict.sides if isinstance(one.record, Decision) and one.record.choice == taken]
        [row] = conflict_rows(session)
        assert row.about == f"“{TEXT[slice(*WHOLE)]}”"
        shown = [dict(one.values) for one in row.sides]
        assert {"choice", "result"} == {name for one in shown for name in one}
        assert "Analyst A" in {one["choice"] for one in shown}
        before = session.reading.dump()
        session.merging.resolve(conflict.row, side.revision)
        assert stage.spans() == ([("pledge", (WHOLE,))] if taken == "union" else [])
        assert stage.case().is_open == (taken == "layer")
        assert session.merging.conflicts() == []
        session.history.undo()
        assert session.reading.dump() == before
        expected = [one.id for one in stage.gold]
        assert stage.case().is_open == (list(stage.decision().result) != expected)
        stage.decide("neither")
        assert stage.spans() == []
        assert not stage.case().is_open
