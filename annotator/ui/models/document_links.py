"""The relations of the document on screen, by id and by the spans at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator.core.records import Annotation, Relation


@dataclass(frozen=True, slots=True)
class Link:
    """A relation as seen from one of its ends; `type` is the id of its relation type, `other` the other end."""

    relation: str
    type: str
    name: str
    outgoing: bool
    other: Annotation


class DocumentLinks:
    """Finds the relations of a span without looking at all of them."""

    def __init__(self, relations: Iterable[Relation] = ()) -> None:
        self._relations: dict[str, Relation] = {}
        self._by_span: dict[str, dict[str, None]] = {}
        for relation in relations:
            self.put(relation)

    def put(self, relation: Relation) -> None:
        """Add a relation, or replace the one with its id."""
        self.discard(relation.id)
        self._relations[relation.id] = relation
        for span in (relation.source, relation.target):
            self._by_span.setdefault(span, {})[relation.id] = None

    def discard(self, relation: str) -> None:
        """Remove a relation if it is there."""
        gone = self._relations.pop(relation, None)
        if gone is not None:
            for span in (gone.source, gone.target):
                self._by_span[span].pop(relation, None)

    def get(self, relation: str) -> Relation | None:
        """Return a relation by id."""
        return self._relations.get(relation)

    def __iter__(self) -> Iterator[Relation]:
        return iter(self._relations.values())

    def of(self, span: str) -> list[Relation]:
        """Return the relations with this span at either end, in the order in which they came."""
        return [self._relations[relation] for relation in self._by_span.get(span, ())]
