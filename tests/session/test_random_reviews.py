"""Random layers, random decisions and changes in between: gold is always what the decisions say, and nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from annotator.core.changes import RowChange
from annotator.core.choices import applicable
from annotator.core.records import Annotation, AttributeValue, Decision, Relation
from annotator.session.session import Session
from tests.session.review_stage import ReviewStage

LENGTH = 190
LABELS = ("pledge", "condition", "criticism")


def scatter(stage: ReviewStage, rng: random.Random) -> dict[str, list[Annotation]]:
    made: dict[str, list[Annotation]] = {layer: [] for layer in stage.layers}
    for layer in stage.layers:
        for _ in range(rng.randint(3, 8)):
            start = rng.randrange(0, LENGTH - 30, 6)
            values: dict[str, Any] = {"hedged": rng.random() < 0.5} if rng.random() < 0.4 else {}
            span = (start, start + rng.randrange(6, 30, 6))
            made[layer].append(stage.tag(layer, rng.choice(LABELS), span, **values))
        conditions = [one for one in made[layer] if one.label == stage.labels["condition"]]
        pledges = [one for one in made[layer] if one.label == stage.labels["pledge"]]
        for condition in conditions:
            if pledges:
                stage.relate(condition, "conditions", rng.choice(pledges))
        stage.status(layer, "done")
    return made


def decide_at_random(stage: ReviewStage, rng: random.Random) -> None:
    case = rng.choice(stage.queue.cases).case
    choice = rng.choice(sorted(applicable(case)))
    details: dict[str, Any] = {"layer": rng.choice(case.layers)} if choice == "layer" else {}
    if choice == "edit":
        details = {"label": stage.labels["criticism"], "fragments": [(case.start, case.start + 3)]}
    stage.session.review.decide(stage.document, case.id, choice, **details)


def change_at_random(stage: ReviewStage, rng: random.Random) -> None:
    layer = rng.choice(list(stage.layers.values()))
    annotations = stage.session.reading.rows.annotations(stage.document, [layer])
    if not annotations:
        return
    one = rng.choice(annotations)
    if rng.random() < 0.3:
        stage.session.annotations.delete([one.id])
    else:
        stage.change(RowChange(one, replace(one, fragments=((one.start, one.end + 1),))))


def assert_gold_is_what_was_decided(stage: ReviewStage) -> None:
    rows = stage.session.reading.rows
    decisions = rows.all(Decision)
    gold = {one.id: one for one in stage.gold}
    named = [identity for decision in decisions for identity in decision.result]
    assert set(gold) <= set(named)
    relations = {one.id for one in stage.gold_relations()}
    spans = [identity for identity in named if identity not in relations]
    assert len([one for one in spans if one in gold]) == len(gold)
    assert all(end in gold for one in stage.gold_relations() for end in (one.source, one.target))
    values = [one for one in rows.all(AttributeValue) if one.layer == stage.queue.gold]
    assert {one.annotation for one in values} <= set(gold)
    met = [origin for one in gold.values() for origin in one.decided_from]
    assert len(met) == len(set(met))


@pytest.mark.parametrize("seed", range(6))
def test_gold_follows_the_decisions(session: Session, seed: int) -> None:
    rng = random.Random(seed)
    stage = ReviewStage(session, "A", "B", "C")
    made = scatter(stage, rng)
    before = session.reading.dump()
    for _ in range(12):
        decide_at_random(stage, rng)
    assert_gold_is_what_was_decided(stage)
    session.review.accept_agreed(2)
    assert_gold_is_what_was_decided(stage)
    for one in stage.queue.cases:
        session.review.decide(stage.document, one.case.id, "layer", layer=stage.layers["A"])
    assert stage.queue.open_count == 0
    assert sorted(stage.spans()) == sorted(stage.spans(made["A"]))
    assert_gold_is_what_was_decided(stage)
    origins = {origin: one.id for one in stage.gold for origin in one.decided_from}
    theirs = session.reading.rows.where(Relation, "layer", stage.layers["A"])
    assert {(one.source, one.target) for one in stage.gold_relations()} == {
        (origins[one.source], origins[one.target]) for one in theirs
    }
    after = session.reading.dump()
    steps = sum(not entry.undone and entry.can_revert for entry in session.history.entries()) - 1
    for _ in range(steps):
        session.history.undo()
    assert session.reading.dump() == before
    for _ in range(steps):
        session.history.redo()
    assert session.reading.dump() == after


@pytest.mark.parametrize("seed", range(6))
def test_gold_follows_whatever_changes_below(session: Session, seed: int) -> None:
    rng = random.Random(100 + seed)
    stage = ReviewStage(session, "A", "B")
    scatter(stage, rng)
    queue = stage.queue
    for _ in range(25):
        rng.choice((decide_at_random, decide_at_random, change_at_random))(stage, rng)
        queue = queue.updated(session, [stage.document])
        assert queue == stage.queue
        assert_gold_is_what_was_decided(stage)
    for one in [one for one in stage.queue.cases if one.is_open]:
        if any(other.case.id == one.case.id for other in stage.queue.cases):
            session.review.decide(stage.document, one.case.id, "neither")
    assert stage.queue.open_count == 0
