"""What waits for a decision in the review, over every round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core.records import FINISHED, Annotator, Layer, Round, Status
from annotator.core.same_people import resolved
from annotator.session.review_documents import Reviewer
from annotator.storage.repository import Repository

MOST_COMPARED = 50
"""In more documents than these the cases are not counted: comparing takes some 10 ms for each."""


@dataclass(frozen=True, slots=True)
class OpenReview:
    """The documents of a round that several people tagged and nobody approved.

    `cases` is how many cases are undecided in them, None where there are too many documents to count them.
    """

    round: Round
    documents: int
    cases: int | None


def open_reviews(repository: Repository) -> Iterator[OpenReview]:
    """Yield the rounds in which something waits for a decision, in their order."""
    tagged = _tagged(repository)
    for round_ in sorted(repository.rows.all(Round), key=lambda one: (one.position, one.name)):
        documents = _waiting(repository, round_.id, tagged)
        cases = None
        if len(documents) <= MOST_COMPARED:
            reviews = map(Reviewer(repository, round_.id).review, documents)
            cases = sum(review.open_count for review in reviews if review is not None)
        if documents and cases != 0:
            yield OpenReview(round_, len(documents), cases)


def _tagged(repository: Repository) -> dict[str, set[str]]:
    """Return by layer the documents in which anything is tagged."""
    found: dict[str, set[str]] = defaultdict(set)
    for document, layer, _, _ in repository.lists.layer_label_counts(repository.lists.document_ids()):
        found[layer].add(document)
    return found


def _waiting(repository: Repository, round_: str, tagged: dict[str, set[str]]) -> list[str]:
    """Return the documents in which layers of several people count, as the review says it, and gold is not approved."""
    everybody = repository.rows.all(Annotator)
    people: dict[str, set[str]] = defaultdict(set)
    approved: set[str] = set()
    for layer in repository.rows.where(Layer, "round", round_):
        statuses = {one.document: one.status for one in repository.rows.where(Status, "layer", layer.id)}
        if layer.annotator is None:
            approved |= {document for document, status in statuses.items() if status == "approved"}
            continue
        begun = {document for document, status in statuses.items() if status != "new"}
        counting = {document for document, status in statuses.items() if status in FINISHED}
        for document in counting | (tagged[layer.id] - begun):
            people[document].add(resolved(everybody, layer.annotator))
    several = {document for document, names in people.items() if len(names) > 1} - approved
    return [document for document in repository.lists.document_ids() if document in several]
