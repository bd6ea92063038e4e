"""A review queue as plain data for machines and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotator.session.review_documents import ReviewCase
from annotator.session.review_queue import ReviewQueue

if TYPE_CHECKING:
    from annotator.session.session import Session


def as_data(session: Session, queue: ReviewQueue) -> list[dict[str, Any]]:
    """Return every case with its whole text and what each layer has there."""
    labels = {label.id: label.key for label in session.queries.codebook().labels}
    found = []
    for document, review in queue.documents.items():
        text = session.reading.blobs.text(session.queries.document(document).text) if review.cases else ""
        found += [_case(one, text, queue, labels) for one in review.cases]
    return found


def _case(one: ReviewCase, text: str, queue: ReviewQueue, labels: Mapping[str, str]) -> dict[str, Any]:
    case = one.case
    return {
        "id": case.id,
        "document": case.document,
        "kind": case.kind,
        "start": case.start,
        "end": case.end,
        "quote": text[case.start : case.end],
        "state": one.state,
        "choice": one.decision.choice if one.decision and not one.is_open else None,
        "layers": [
            {
                "layer": layer,
                "annotator": queue.layers[layer].annotator,
                "name": queue.layers[layer].name,
                "labels": [labels.get(annotation.label, annotation.label) for annotation in case.of(layer)],
            }
            for layer in case.layers
        ],
    }


def as_lines(queue: ReviewQueue) -> Iterator[str]:
    """Yield a line for each case."""
    for one in queue.cases:
        place = f"{one.case.document}  {one.case.start}:{one.case.end}"
        yield f"{one.state:<9} {one.case.kind:<10} {place}  {one.title}  “{one.quote}”"
