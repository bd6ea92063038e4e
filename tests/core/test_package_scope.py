"""What the reader of a package may see, row by row."""

from __future__ import annotations

from annotator.core.ids import new_id
from annotator.core.journal import JournalStep
from annotator.core.package_scope import NEUTRAL_TITLE, PackageScope, scope_for
from annotator.core.records import Annotator, Layer

ME, EARLIER_ME, LEAD, OTHER = (new_id() for _ in range(4))
ROUND, DOCUMENT = new_id(), new_id()
PEOPLE = [
    Annotator(ME, "Ann", role="analyst"),
    Annotator(EARLIER_ME, "Ann at home", same_as=ME, role="analyst"),
    Annotator(LEAD, "Lead"),
    Annotator(OTHER, "Ben", role="analyst"),
]
LAYERS = [Layer(new_id(), "annotator", person.id, ROUND) for person in PEOPLE]
GOLD = Layer(new_id(), "gold", None, ROUND)


def scope(*reviewed: tuple[str, str]) -> PackageScope:
    return scope_for(ME, PEOPLE, [*LAYERS, GOLD], documents=[DOCUMENT], reviewed=reviewed, stand_in=LEAD)


def titled(title: str, annotator: str = LEAD) -> JournalStep:
    return JournalStep(new_id(), new_id(), 1, title, annotator, "2030-01-01", None, True, "chain")


def test_a_person_is_every_id_that_was_joined_to_them() -> None:
    own = scope()
    assert own.people == {ME, EARLIER_ME}
    assert own.layers == {LAYERS[0].id, LAYERS[1].id}
    assert own.leads == {LEAD}


def test_titles_that_name_somebody_else_are_neutral() -> None:
    own = scope()
    assert own.step(titled("Assign to Ben"), whole=True).title == NEUTRAL_TITLE
    assert own.step(titled("Count the benches"), whole=True).title == "Count the benches"
    assert own.step(titled("Say hello"), whole=False).title == NEUTRAL_TITLE
    assert own.step(titled("Say hello", OTHER), whole=True).annotator == LEAD


def test_gold_is_seen_where_it_was_reviewed() -> None:
    row = {"id": new_id(), "document": DOCUMENT, "layer": GOLD.id, "annotator": LEAD, "decided_from": [new_id()]}
    assert scope().seen("annotation", row) is None
    assert scope((new_id(), GOLD.id)).seen("annotation", row) is None
    assert scope((DOCUMENT, GOLD.id)).seen("annotation", row) == {**row, "decided_from": []}
    assert scope((DOCUMENT, GOLD.id)).seen("status", row) is None


def test_what_a_stranger_did_in_ones_layer_counts_as_ones_own() -> None:
    row = {"id": new_id(), "document": DOCUMENT, "layer": LAYERS[0].id, "annotator": OTHER, "decided_from": []}
    seen = scope().seen("annotation", row)
    assert seen is not None and seen["annotator"] in (ME, EARLIER_ME)
    assert scope().seen("note", {**row, "kind": "annotation"}) is None
    assert scope().seen("annotation", {**row, "document": new_id()}) is None
