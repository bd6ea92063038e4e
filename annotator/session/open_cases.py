"""What waits for a decision in the review, over every round."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.records import Annotator, Decision, Layer, Round
from annotator.core.same_people import resolved
from annotator.session.review_documents import Reviewer
from annotator.storage.repository import Repository


def open_case_counts(repository: Repository) -> Iterator[tuple[Round, int]]:
    """Yield the rounds in which cases are undecided or reopened, with how many, in their order."""
    documents = repository.lists.document_ids()
    worked_on = repository.decisions.documents_with_work()
    wanted = [document for document in documents if document in worked_on]
    for round_ in sorted(repository.rows.all(Round), key=lambda one: (one.position, one.name)):
        if _is_reviewed(repository, round_.id):
            reviews = map(Reviewer(repository, round_.id).review, wanted)
            count = sum(review.open_count for review in reviews if review is not None)
            if count:
                yield round_, count


def _is_reviewed(repository: Repository, round_: str) -> bool:
    """Say whether there can be cases in a round: several people work in it, or something was decided."""
    people = repository.rows.all(Annotator)
    layers = repository.rows.where(Layer, "round", round_)
    gold = [layer.id for layer in layers if layer.kind == "gold"]
    if len({resolved(people, layer.annotator) for layer in layers if layer.annotator is not None}) > 1:
        return True
    return any(repository.rows.where(Decision, "layer", one) for one in gold)
