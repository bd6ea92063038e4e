"""Many places tagged, relabelled or untagged at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.core.changes import RowChange, made
from annotator.core.errors import RefusedError
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotation, Project, Status
from annotator.core.spans import SpanMark, SpanSet, check_fragments
from annotator.storage.repository import Repository, now

EXISTING = ("skip", "relabel", "add")
"""What becomes of a place that one has tagged already: it stays where it touches a span, a span on the very same
characters gets the new label, or it gets one more tag."""

Place = tuple[str, int, int]
"""A document's id and `[start, end)` in code points."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """How many places were tagged anew, got another label, and stayed as they were."""

    made: int
    relabelled: int
    skipped: int


class BulkTags:
    """Works out the changes; rows are read document by document, never place by place.

    `layers` are one's own. New tags and statuses go into the first of them.
    """

    def __init__(self, repository: Repository, layers: Sequence[str], annotator: str, label: str) -> None:
        self._rows = repository.rows
        self._lists = repository.lists
        self._layers = layers
        self._layer = layers[0]
        self._annotator = annotator
        self._label = label
        self._codebook = repository.rows.all(Project)[0].codebook
        self._counts = dict.fromkeys(("made", "relabelled", "skipped"), 0)

    def changes(self, places: Sequence[Place], existing: str) -> tuple[list[RowChange], Tagged]:
        """Return the changes that tag places. Raises RefusedError for one that is not in its document."""
        by_document: dict[str, list[tuple[int, int]]] = {}
        for document, start, end in places:
            by_document.setdefault(document, []).append((start, end))
        lengths = self._lists.lengths_of(by_document)
        own = self._own(by_document)
        changes: list[RowChange] = []
        touched: list[str] = []
        for identity, ranges in by_document.items():
            if identity not in lengths:
                raise RefusedError("A document of these places is gone. Search again.")
            before = len(changes)
            places_here = self._checked(ranges, lengths[identity])
            changes += self._in_document(identity, places_here, own.get(identity, ()), existing)
            if len(changes) > before:
                touched.append(identity)
        return [*changes, *self._started(touched)], Tagged(**self._counts)

    def _own(self, documents: Iterable[str]) -> dict[str, list[Annotation]]:
        """Return one's own annotations by document."""
        found: dict[str, list[Annotation]] = {}
        for annotation in self._rows.where_in(Annotation, "document", documents):
            if annotation.layer in self._layers:
                found.setdefault(annotation.document, []).append(annotation)
        return found

    def _checked(self, ranges: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
        for place in ranges:
            check_fragments((place,), length)
        return list(dict.fromkeys(ranges))

    def _in_document(
        self, document: str, ranges: Sequence[tuple[int, int]], own: Sequence[Annotation], existing: str
    ) -> Iterator[RowChange]:
        exact: dict[tuple[tuple[int, int], ...], list[Annotation]] = {}
        for annotation in own:
            exact.setdefault(annotation.fragments, []).append(annotation)
        spans = _spans(own) if own and existing == "skip" else None
        for place in ranges:
            stays = spans is not None and bool(spans.overlapping(*place))
            yield from self._at(document, place, exact.get((place,), []), stays=stays, existing=existing)

    def _at(
        self, document: str, place: tuple[int, int], there: Sequence[Annotation], *, stays: bool, existing: str
    ) -> Iterator[RowChange]:
        if stays or any(annotation.label == self._label for annotation in there):
            self._counts["skipped"] += 1
        elif there and existing == "relabel":
            self._counts["relabelled"] += 1
            yield RowChange(there[-1], replace(there[-1], label=self._label, codebook=self._codebook))
        else:
            self._counts["made"] += 1
            yield from made(
                Annotation(
                    *(new_id(), document, self._layer, self._label, self._annotator, self._codebook, now()), (place,)
                )
            )

    def _started(self, documents: Sequence[str]) -> Iterator[RowChange]:
        """Yield the changes that put new documents in progress."""
        own = [s for s in self._rows.where_in(Status, "document", documents) if s.layer in self._layers]
        stored = {s.document: s for s in own if s.layer == self._layer}
        elsewhere = {s.document for s in own if s.status != "new"} - stored.keys()
        for document in documents:
            before = stored.get(document)
            if document not in elsewhere and (before is None or before.status == "new"):
                after = Status(derived_id(document, "status", self._layer), document, self._layer, "in_progress")
                yield RowChange(before, after)


def _spans(annotations: Sequence[Annotation]) -> SpanSet:
    spans = SpanSet([SpanMark(one.id, one.fragments, one.label, order) for order, one in enumerate(annotations)])
    spans.prepare()
    return spans


def relabelled(records: Sequence[Annotation], label: str, codebook: str) -> list[RowChange]:
    """Return the changes that give annotations another label."""
    return [RowChange(r, replace(r, label=label, codebook=codebook)) for r in records if r.label != label]
