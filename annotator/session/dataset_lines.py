"""The project as dataset lines: one plain dict per document, in the shape of the dataset line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from annotator.core.coverage import merged
from annotator.core.inheritance import Inheritance, effective
from annotator.core.pages import PageLayout
from annotator.core.records import (
    Annotator,
    CodebookVersion,
    Document,
    Entity,
    Fragment,
    Layer,
    Note,
    ReadRange,
    Relation,
    Round,
    Status,
)
from annotator.session.entity_names import EntityNames
from annotator.session.inherited import inheritance_of, turns_in
from annotator.session.layouts import layout_of

if TYPE_CHECKING:
    from annotator.session.session import Session

READ_STATUSES = ("done", "approved")
"""A document with one of these was read to its end, so what is untagged in it is a true negative."""


class DatasetLines:
    """Iterates over the lines of an export, one document at a time.

    Args:
        session: the open project.
        layers: the layers whose annotations go out.
        statuses: only documents that have one of these in one of the layers; None takes all.
        names: whether annotators' names may go out (in `people`).
        single: whether the export is of one layer, whose status the line carries.
    """

    def __init__(
        self,
        session: Session,
        layers: Sequence[Layer],
        statuses: Sequence[str] | None,
        *,
        names: bool,
        single: bool,
    ) -> None:
        self._repository = session.reading
        self._rows = session.reading.rows
        self._names = names
        self._single = single
        self._layers = {layer.id: layer for layer in layers}
        self.project = session.queries.project()
        self.codebook = session.queries.codebook()
        rounds = {r.id: r.name for r in self._rows.all(Round)}
        self._layer_names = {i: layer_name(layer) for i, layer in self._layers.items()}
        self._round_names = {i: rounds[layer.round] for i, layer in self._layers.items()}
        self._labels = {label.id: label.key for label in self.codebook.labels}
        self._types = {relation.id: relation.key for relation in self.codebook.relations}
        self._versions = {v.id: v.version for v in self._rows.all(CodebookVersion)}
        self._attributes = {a.id: (a.key, self._decoder(a.type)) for a in self.codebook.attributes}
        self._blank = dict.fromkeys(a.key for a in self.codebook.attributes)
        self._entities = {entity.id: entity.name for entity in self._rows.all(Entity)}
        self._known_names = EntityNames(self._rows)
        self.ids = self._repository.lists.document_ids()
        """The documents whose lines there are, in order."""
        if statuses is not None:
            known = self._repository.lists.statuses_in(list(self._layers))
            self.ids = [i for i in self.ids if not known.get(i, {"new"}).isdisjoint(statuses)]

    def narrow(self, documents: Sequence[str]) -> None:
        """Have only lines of these documents from now on."""
        self.ids = list(documents)

    def document_count(self) -> int:
        """Return how many lines there are."""
        return len(self.ids)

    def span_count(self, labels: Sequence[str] | None = None) -> int:
        """Return how many annotations there are, of these labels (keys) or of all."""
        wanted = None if labels is None else {i for i, key in self._labels.items() if key in labels}
        counts = self._repository.lists.annotation_counts_in(self.ids, list(self._layers), wanted)
        return sum(counts.values())

    def people(self) -> list[dict[str, str]]:
        """Return the names of the exported layers' annotators, or nothing where names stay here."""
        wanted = {layer.annotator for layer in self._layers.values()}
        people = [a for a in self._rows.all(Annotator) if a.id in wanted] if self._names else []
        return [{"id": a.id, "name": a.name} for a in people]

    def names(self) -> dict[str, str]:
        """Return the names by id."""
        return {person["id"]: person["name"] for person in self.people()}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for identity in self.ids:
            document = self._rows.get(Document, identity)
            if document is not None:
                yield self.of(document)

    def of(self, document: Document) -> dict[str, Any]:
        """Return the line of one document, as it stands at one moment whoever works on it meanwhile."""
        with self._repository.moment():
            return self._line(document)

    def _line(self, document: Document) -> dict[str, Any]:
        text = self._repository.blobs.get(document.text).decode()
        structure = json.loads(self._repository.blobs.get(document.structure))
        notes = {note.target: note.body for note in self._rows.where(Note, "document", document.id)}
        statuses = {s.layer: s.status for s in self._rows.where(Status, "document", document.id) if s.status != "new"}
        own = {layer: statuses.get(layer, "new") for layer in self._layers if layer in statuses or self._single}
        is_read = any(status in READ_STATUSES for status in own.values())
        return {
            "schema": "annotator-jsonl/1",
            "id": document.id,
            "text": text,
            "text_sha256": document.text,
            "offset_unit": "codepoint",
            "source": {
                "file": document.file,
                "format": document.format,
                "title": document.title,
                "date": document.date,
                "url": document.url,
                "language": document.language,
            },
            "spans": self._spans(document, text, notes, self._inheritance(document, structure)),
            "relations": self._relations(document.id, notes),
            "sentences": structure["sentences"],
            "read": [[0, len(text)]] if is_read else self._read(document.id),
            "codebook": {"id": self.codebook.id, "version": self.codebook.version},
            "status": next(iter(own.values()), "new") if self._single else None,
            "statuses": [
                {"layer": self._layer_names[layer], "status": own[layer]}
                for layer in sorted(own, key=lambda layer: (self._layer_names[layer], self._round_names[layer]))
            ],
            "split": None,
            "duplicate_group": None,
        }

    def _read(self, document: str) -> list[list[int]]:
        """Return what the annotators of the exported layers have read, ordered and disjoint."""
        rows = self._rows.where(ReadRange, "document", document)
        return [list(part) for part in merged((row.start, row.end) for row in rows if row.layer in self._layers)]

    def _inheritance(self, document: Document, structure: dict[str, Any]) -> Inheritance:
        return inheritance_of(self._repository, self.codebook, document, turns_in(structure), self._known_names)

    def _spans(
        self, document: Document, text: str, notes: dict[str, str], inheritance: Inheritance
    ) -> list[dict[str, Any]]:
        values = self._values(document.id)
        blanks = _Blanks(self._blank, inheritance)
        spans = []
        annotations = self._rows.annotations(document.id, list(self._layers))
        pages = self._pages(document) if annotations else None
        for annotation in annotations:
            start, end = annotation.fragments[0][0], annotation.fragments[-1][1]
            own = values.get(annotation.id)
            label = self._labels[annotation.label]
            blank = blanks.of(label, start)
            spans.append(
                {
                    "id": annotation.id,
                    "label": label,
                    "start": start,
                    "end": end,
                    "fragments": [list(fragment) for fragment in annotation.fragments],
                    "quote": text[start:end],
                    "attributes": blank | own if own else blank,
                    "annotator": annotation.annotator,
                    "layer": self._layer_names[annotation.layer],
                    "round": self._round_names[annotation.layer],
                    "origin": annotation.origin,
                    "score": annotation.score,
                    "decided_from": list(annotation.decided_from),
                    "codebook": self._versions[annotation.codebook],
                    "created": annotation.created,
                    "note": notes.get(annotation.id, ""),
                    "pages": pages.of(annotation.fragments) if pages else [],
                }
            )
        return spans

    def _pages(self, document: Document) -> PageBoxes | None:
        layout = layout_of(self._repository, document)
        return None if layout is None else PageBoxes(layout)

    def _values(self, document: str) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for annotation, attribute, value in self._repository.lists.attribute_values(document):
            key, decode = self._attributes[attribute]
            found.setdefault(annotation, {})[key] = decode(value)
        return found

    def _decoder(self, kind: str) -> Callable[[str], Any]:
        return (lambda value: self._entity(json.loads(value))) if kind == "entity" else json.loads

    def _entity(self, identity: str) -> str:
        if identity not in self._entities:  # named for the first time since the export began
            self._entities = {entity.id: entity.name for entity in self._rows.all(Entity)}
        return self._entities[identity]

    def _relations(self, document: str, notes: dict[str, str]) -> list[dict[str, Any]]:
        records = [r for r in self._rows.where(Relation, "document", document) if r.layer in self._layers]
        return [
            {
                "id": relation.id,
                "type": self._types[relation.type],
                "from": relation.source,
                "to": relation.target,
                "annotator": relation.annotator,
                "layer": self._layer_names[relation.layer],
                "created": relation.created,
                "note": notes.get(relation.id, ""),
            }
            for relation in sorted(records, key=lambda relation: (relation.created, relation.id))
        ]


class _Blanks:
    """The attributes of spans without values of their own: every key of the codebook, with what is inherited."""

    def __init__(self, blank: dict[str, Any], inheritance: Inheritance) -> None:
        self._blank = blank
        self._inheritance = inheritance
        self._filled: dict[int, dict[str, Any]] = {}
        self.of = self._with_inherited if inheritance else self._empty

    def _empty(self, _label: str, _start: int) -> dict[str, Any]:
        return self._blank

    def _with_inherited(self, label: str, start: int) -> dict[str, Any]:
        """Return what spans of a label in the same turn share; the inheritance keeps its answers, so ids tell them."""
        inherited = self._inheritance.of(label, start)
        filled = self._filled.get(id(inherited))
        if filled is None:
            filled = self._filled[id(inherited)] = self._blank | effective({}, inherited)
        return filled


class PageBoxes:
    """Finds the boxes of spans on the pages of one document."""

    def __init__(self, layout: PageLayout) -> None:
        pages = [(page.extent(), number, PageLayout((page,))) for number, page in enumerate(layout.pages, 1)]
        self._pages = [(*extent, number, page) for extent, number, page in pages if extent]

    def of(self, fragments: Sequence[Fragment]) -> list[dict[str, Any]]:
        """Return each page that shows some of the fragments, with the boxes in PDF points, one a line stretch."""
        found: dict[int, list[list[float]]] = {}
        for start, end in fragments:
            for first, last, number, page in self._pages:
                if first < end and start < last:
                    for _, boxes in page.boxes(start, end):
                        found.setdefault(number, []).extend([round(edge, 2) for edge in box] for box in boxes)
        return [{"page": number, "boxes": found[number]} for number in sorted(found)]


def layer_name(layer: Layer) -> str:
    """Return what a dataset calls a layer: gold, or its annotator's id. Its round stands beside it."""
    return layer.annotator or "gold"
