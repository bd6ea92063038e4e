"""What a lead reviews: the cases of every document in a round, which of them are decided, and how.

A document is compared anew when something in it changes; the others keep what was found (`ReviewQueue.updated`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from annotator.core.cases import KINDS
from annotator.core.changes import ChangeSet
from annotator.core.errors import RefusedError
from annotator.core.records import Document, Round
from annotator.session.progress import Progress, no_progress
from annotator.session.review_documents import DocumentReview, LayerFace, ReviewCase, Reviewer, State

if TYPE_CHECKING:
    from annotator.session.session import Session

__all__ = ["ORDERS", "DocumentReview", "LayerFace", "ReviewCase", "ReviewQueue", "State", "ordered", "review"]

ORDERS = ("kind", "label", "document", "annotator")
"""By what a queue can be ordered."""

MOST_COMPARED = 5000
"""How many decided cases are looked at for those alike, the latest ones."""

_IN_DOCUMENTS = frozenset(("annotation", "attribute_value", "relation", "status", "decision", "document"))
_IN_ALL = frozenset(("label", "attribute_definition", "relation_type", "annotator", "entity"))


@dataclass(frozen=True)
class ReviewQueue:
    """The review of a round. It does not change: `updated` returns another one.

    `documents` are those with at least one layer that counts, in the order of the project, by id; `layers` the faces
    by layer id, in the order of the keys; `gold` is the id of the round's gold layer, stored or about to be. `counts`
    says how many cases are open or reopened, by kind; the other numbers are of cases too.
    """

    round: str
    gold: str
    documents: Mapping[str, DocumentReview]
    layers: Mapping[str, LayerFace]
    only_layers: tuple[str, ...] | None = None
    only_documents: tuple[str, ...] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    decided: int = 0
    total: int = 0
    agreed_by_all: int = 0

    @cached_property
    def cases(self) -> list[ReviewCase]:
        """Return every case, decided ones too, document by document in the order of the text."""
        return [case for review in self.documents.values() for case in review.cases]

    @property
    def open_count(self) -> int:
        """Return how many cases somebody has to decide."""
        return self.total - self.decided

    @property
    def singles(self) -> list[DocumentReview]:
        """Return the documents in which only one layer counts."""
        return [review for review in self.documents.values() if review.single]

    def find(self, document: str, case_id: str) -> ReviewCase | None:
        """Return a case by document and id, or None."""
        review = self.documents.get(document)
        return next((one for one in review.cases if one.case.id == case_id), None) if review else None

    def touched(self, session: Session, changes: ChangeSet) -> set[str] | None:
        """Return the documents that a change asks to compare anew; None means the whole queue (`queries.review`)."""
        if any(change.table in _IN_ALL and change.before is not None for change in changes.changes):
            return None
        relevant = tuple(change for change in changes.changes if change.table in _IN_DOCUMENTS)
        documents = session.reading.documents_of(ChangeSet("", relevant)) if relevant else set()
        documents |= _replaced(changes)
        return documents if self.only_documents is None else documents & set(self.only_documents)

    def updated(self, session: Session, documents: Iterable[str]) -> ReviewQueue:
        """Return the queue with these documents compared anew; those that do not count any more are left out."""
        reviewer = Reviewer(session.reading, self.round, self.only_layers)
        changed = _reviews(session, reviewer, documents)
        reviews = {**self.documents, **changed}
        if any(identity not in self.documents for identity in changed):
            order = {identity: place for place, identity in enumerate(session.reading.lists.document_ids())}
            reviews = {i: reviews[i] for i in sorted(reviews, key=lambda i: order.get(i, len(order)))}
        kept = {identity: review for identity, review in reviews.items() if review is not None}
        numbers = _Numbers(self.counts, self.decided, self.total, self.agreed_by_all)
        for identity, review in changed.items():
            numbers = numbers.plus(self.documents.get(identity), -1).plus(review, 1)
        return replace(self, documents=kept, layers=_faces(reviewer, kept), **numbers.as_fields())

    def similar(self, review_case: ReviewCase, limit: int = 5) -> list[ReviewCase]:
        """Return decided cases alike, the likest first: of the same kind and labels, then with like words."""
        from rapidfuzz import fuzz, process

        labels = _labels(review_case)
        alike = [
            one
            for one in self.cases
            if one.state == "decided"
            and one.case.kind == review_case.case.kind
            and one.case.id != review_case.case.id
            and _labels(one) == labels
        ]
        if len(alike) > MOST_COMPARED:
            alike = sorted(alike, key=_decided_when)[-MOST_COMPARED:]
        found = process.extract(
            review_case.quote, [one.quote for one in alike], scorer=fuzz.token_set_ratio, limit=limit
        )
        return [alike[place] for _, _, place in found]


@dataclass(frozen=True, slots=True)
class _Numbers:
    counts: Counter[str] = field(default_factory=Counter)
    decided: int = 0
    total: int = 0
    agreed: int = 0

    def plus(self, review: DocumentReview | None, sign: int) -> _Numbers:
        """Return the numbers with a document's added, or taken away where `sign` is -1."""
        if review is None or not review.cases:
            return self
        counts = Counter(self.counts)
        for one in review.cases:
            counts[one.case.kind] += sign if one.is_open else 0
        is_decided = sum(not one.is_open for one in review.cases)
        return _Numbers(
            Counter({kind: count for kind, count in counts.items() if count}),
            self.decided + sign * is_decided,
            self.total + sign * len(review.cases),
            self.agreed + sign * sum(one.agreed for one in review.cases),
        )

    def as_fields(self) -> dict[str, object]:
        """Return them under the names that the queue has for them."""
        return {
            "counts": self.counts,
            "decided": self.decided,
            "total": self.total,
            "agreed_by_all": self.agreed,
        }


def review(
    session: Session,
    *,
    round: str | None = None,
    documents: Iterable[str] | None = None,
    layers: Iterable[str] | None = None,
    check: Callable[[], None] = lambda: None,
    progress: Progress = no_progress,
) -> ReviewQueue:
    """Return the queue of a round (by id; None is the one in use), of some documents or layers or of all.

    A layer counts in a document where its status there is done, returned or approved; where nobody said how far it is
    (no status, or new), if it has annotations, as loaded layers have; and where something in it was decided on. One in
    progress is not compared: its annotator may still be changing it. `check` is called between documents and raises
    Cancelled where the work should stop.

    Raises NotFoundError for an unknown round, RefusedError for analysts where the round is not released.
    """
    _refuse_before_release(session, round)
    only_layers = None if layers is None else tuple(layers)
    only_documents = None if documents is None else tuple(documents)
    reviewer = Reviewer(session.reading, round, only_layers)
    worked_on = session.reading.decisions.documents_with_work()
    if only_documents is not None:
        worked_on &= set(only_documents)
    wanted = [identity for identity in session.reading.lists.document_ids() if identity in worked_on]
    found = _reviews(session, reviewer, wanted, check, progress)
    reviews = {identity: review for identity, review in found.items() if review is not None}
    counts: Counter[str] = Counter()
    numbers = _Numbers()
    for one in reviews.values():
        numbers = numbers.plus(one, 1)
    counts.update(numbers.counts)
    return ReviewQueue(
        reviewer.round,
        reviewer.gold.id,
        reviews,
        _faces(reviewer, reviews),
        only_layers,
        only_documents,
        counts,
        numbers.decided,
        numbers.total,
        numbers.agreed,
    )


def _replaced(changes: ChangeSet) -> set[str]:
    """Return the documents that a new version hides, or shows again where it goes."""
    rows = (change.record for change in changes.of("document"))
    return {row.supersedes for row in rows if isinstance(row, Document) and row.supersedes is not None}


def _refuse_before_release(session: Session, round_: str | None) -> None:
    if session.role == "lead":
        return
    current = session.reading.rows.get(Round, round_ or session.queries.project().round)
    if current is not None and not current.released:
        raise RefusedError("What other people tagged is not released yet. Ask a lead to release the round.")


def _reviews(
    session: Session,
    reviewer: Reviewer,
    documents: Iterable[str],
    check: Callable[[], None] = lambda: None,
    progress: Progress = no_progress,
) -> dict[str, DocumentReview | None]:
    """Return the reviews of documents by id, None for those that are out of sight or in which nothing counts."""
    wanted = list(documents)
    in_sight = session.reading.lists.in_sight(wanted)
    found: dict[str, DocumentReview | None] = {}
    for done, identity in enumerate(wanted):
        check()
        progress(done, len(wanted), "")
        with session.reading.moment():
            found[identity] = reviewer.review(identity) if identity in in_sight else None
    return found


def _faces(reviewer: Reviewer, reviews: Mapping[str, DocumentReview]) -> dict[str, LayerFace]:
    return reviewer.faces({layer for review in reviews.values() for layer in review.layers})


def _labels(review_case: ReviewCase) -> set[str]:
    return {annotation.label for annotation in review_case.case.annotations}


def _decided_when(review_case: ReviewCase) -> str:
    return review_case.decision.created if review_case.decision else ""


def ordered(cases: Sequence[ReviewCase], by: str = "kind", queue: ReviewQueue | None = None) -> list[ReviewCase]:
    """Return the cases ordered by one of `ORDERS`, otherwise as they were.

    By kind is in the order of core.cases.KINDS; by label that of the first label's name in the title; by annotator that
    of who is alone with what they have: the first layer whose version no other layer has. A `queue` gives the order of
    the layers, else it is that of each case.
    """
    if by == "document":
        return list(cases)
    if by == "kind":
        places = {kind: place for place, kind in enumerate(KINDS)}
        return sorted(cases, key=lambda one: places.get(one.case.kind, len(places)))
    if by == "label":
        return sorted(cases, key=lambda one: one.title.casefold())
    order = {layer: place for place, layer in enumerate(queue.layers)} if queue else {}
    return sorted(cases, key=lambda one: _dissenter(one, order))


def _dissenter(one: ReviewCase, order: Mapping[str, int]) -> int:
    """Return the place of the layer that differs from the others, or the number of layers where there is no such."""
    case = one.case
    versions = {layer: sorted((a.label, a.fragments) for a in case.of(layer)) for layer in case.layers}
    held = list(versions.values())
    alone = [layer for layer, version in versions.items() if held.count(version) == 1]
    places = [order.get(layer, case.layers.index(layer)) for layer in alone]
    return min(places, default=len(order) + len(case.layers))
