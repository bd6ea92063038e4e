"""The seed gold and two layers derived from it by known edits: exactly the cases that they make, and gold again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from annotator.core.records import Annotation
from annotator.session.session import Session
from tests.session.review_stage import ReviewStage
from tests.support import add_document

ARTICLE = "west-to-offer-ukraine-security-commitments.txt"

Entry = dict[str, Any]


@pytest.fixture
def entries(corpus_folder: Path) -> list[Entry]:
    lines = (corpus_folder / "seed" / "seed_gold.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def edited(entries: list[Entry], edits: dict[str, Entry | None]) -> list[Entry]:
    """Return the entries with some changed, or left out where the edit is None; relations to what is gone go too."""
    left = [{**entry, **(edits.get(entry["id"]) or {})} for entry in entries if edits.get(entry["id"], {}) is not None]
    spans = {entry["id"] for entry in left if entry["type"] == "span"}
    return [e for e in left if e["type"] == "span" or (e["type"] == "relation" and {e["source"], e["target"]} <= spans)]


def put(stage: ReviewStage, layer: str, entries: list[Entry]) -> dict[str, Annotation]:
    made = {}
    for entry in entries:
        if entry["type"] == "span":
            strength = entry["attributes"].get("strength")
            values = {} if strength is None else {"strength": strength}
            made[entry["id"]] = stage.tag(layer, entry["label"], (entry["start"], entry["end"]), **values)
        else:
            stage.relate(made[entry["source"]], entry["label"], made[entry["target"]])
    stage.status(layer, "done")
    return made


def test_known_edits_make_known_cases_and_deciding_them_makes_the_gold(
    session: Session, corpus_folder: Path, entries: list[Entry]
) -> None:
    stage = ReviewStage(session, "A", "B", "C")
    text = (corpus_folder / "seed" / ARTICLE).read_text("utf-8")
    stage.document = add_document(session, text, "West to Offer Ukraine Security Commitments").id
    gold = edited(entries, {})
    extra: Entry = {"type": "span", "id": "x", "label": "criticism", "start": 131, "end": 228, "attributes": {}}
    in_b: dict[str, Entry | None] = {
        "s02": {"end": 300},
        "s03": {"label": "signal_to_russia"},
        "s06": None,
        "s07": {"attributes": {"strength": "intent"}},
        "r03": None,
        "s11": {"end": 1725},
        "s12": None,
    }
    in_c: dict[str, Entry | None] = {"s01": None, "s15": {"start": 1995}, "s16": {"label": "criticism"}}
    truth = put(stage, "A", gold)
    put(stage, "B", [*edited(entries, in_b), extra])
    put(stage, "C", edited(entries, in_c))

    queue = stage.queue
    assert Counter(one.case.kind for one in queue.cases) == {
        "one_sided": 3,
        "edges": 2,
        "label": 2,
        "attribute": 1,
        "relation": 1,
        "nesting": 1,
        "same": 7,
    }
    assert queue.agreed_by_all == 7
    assert session.review.accept_agreed() == 7
    assert session.review.accept_agreed(2) == 9
    [left] = [one for one in stage.queue.cases if one.is_open]
    assert left.case.of(stage.layers["A"]) == ()
    session.review.decide(stage.document, left.case.id, "neither")

    expected = {(one.label, one.fragments) for one in truth.values()}
    assert {(one.label, one.fragments) for one in stage.gold} == expected
    assert len(stage.gold) == len(truth) == 17
    origins = {origin: one.id for one in stage.gold for origin in one.decided_from}
    wanted = {
        (entry["label"], origins[truth[entry["source"]].id], origins[truth[entry["target"]].id])
        for entry in gold
        if entry["type"] == "relation"
    }
    types = {one.id: one.key for one in stage.codebook.relations}
    assert {(types[one.type], one.source, one.target) for one in stage.gold_relations()} == wanted
    assert len(wanted) == 11
    given = session.queries.values([one.id for one in truth.values()])
    kept = session.queries.values([one.id for one in stage.gold])
    assert {origins[identity]: values for identity, values in given.items()} == kept
    assert session.review.approve(stage.document).spans == 17
