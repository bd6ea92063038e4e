"""The cases of the review verbs for test_verbs: somebody else tagged the document as well, then a lead decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotator, Decision, Layer, Status
from annotator.session.verb import Outcome

if TYPE_CHECKING:
    from tests.session.test_verbs import Stage


def second_layer(stage: Stage) -> str:
    """Let somebody else tag the criticism alike and the pledge otherwise; both are done. Returns their id."""
    session = stage.session
    project = session.queries.project()
    person = Annotator(new_id(), "Analyst B", role="analyst")
    layer = Layer(derived_id(person.id, "layer", project.round), "annotator", person.id, project.round)
    tagged = [session.queries.annotation(one) for one in (stage.pledge, stage.criticism)]
    copies = [replace(one, id=new_id(), layer=layer.id, annotator=person.id) for one in tagged]
    copies[0] = replace(copies[0], fragments=((18, 68),))
    before = session.reading.rows.get(Status, derived_id(stage.document, "status", tagged[0].layer))
    assert before is not None
    done = RowChange(before, replace(before, status="done"))
    theirs = Status(derived_id(stage.document, "status", layer.id), stage.document, layer.id, "done")
    changes = (*made(person, layer, *copies, theirs), done)
    session.perform(lambda: Outcome(ChangeSet("Another layer", changes), None))
    return person.id


def decided(stage: Stage) -> Decision:
    """Make the second layer and decide on the pledge."""
    second_layer(stage)
    case = stage.session.queries.review().cases[0].case
    return stage.session.review.decide(stage.document, case.id, "layer", layer=case.layers[0], reason="why")


def single(stage: Stage) -> None:
    stage.session.documents.set_status(stage.document, "done")
    stage.session.review.approve(stage.document)


REVIEW_CASES: dict[str, Callable[[Stage], object]] = {
    "review.decide": decided,
    "review.accept_agreed": lambda s: [second_layer(s), s.session.review.accept_agreed()],
    "review.explain": lambda s: s.session.review.explain(decided(s).id, "because"),
    "review.keep_precedent": lambda s: s.session.review.keep_precedent(decided(s).id, s.labels["pledge"]),
    "review.reopen": lambda s: s.session.review.reopen(decided(s).id),
    "review.approve": single,
    "review.return_document": lambda s: s.session.review.return_document(s.document, second_layer(s), "Again, please."),
}

REVIEW_STEPS = {
    "review.decide": 2,
    "review.accept_agreed": 2,
    "review.explain": 3,
    "review.keep_precedent": 3,
    "review.reopen": 3,
    "review.approve": 2,
    "review.return_document": 2,
}
