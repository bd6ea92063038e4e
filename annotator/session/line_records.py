"""Turns dataset lines into the records that the project lacks, and refuses what cannot be brought in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.canonical import sha256_hex
from annotator.core.codebook import check_value
from annotator.core.coverage import covers, merged
from annotator.core.errors import DatasetError, UserError
from annotator.core.ids import derived_id, is_id, new_id
from annotator.core.inheritance import Inheritance
from annotator.core.records import (
    Annotation,
    Annotator,
    AttributeDefinition,
    AttributeValue,
    CodebookVersion,
    Document,
    Layer,
    Note,
    Project,
    ReadRange,
    Record,
    Relation,
    Round,
    Status,
)
from annotator.core.structure import Structure, encode_structure
from annotator.core.text import is_storable
from annotator.session.codebook import codebook_in_use
from annotator.session.dataset_lines import READ_STATUSES
from annotator.session.entity_names import EntityNames
from annotator.session.inherited import inheritance_of
from annotator.session.note_rows import note_id
from annotator.session.people import person_named
from annotator.storage.repository import Repository, now

if TYPE_CHECKING:
    from annotator.formats.datasets.reading import Reading
    from annotator.session.session import Session


class LineRecords:
    """Turns dataset lines into the records that the project lacks."""

    def __init__(self, session: Session, repository: Repository, reading: Reading, layer: str | None) -> None:
        self._session = session
        self._repository = repository
        self._rows = repository.rows
        self._lists = repository.lists
        self._file = reading.path.name
        self._layer = layer
        self._losses = reading.context.losses
        self._project = self._rows.all(Project)[0]
        self._codebook = codebook_in_use(repository)
        self._versions = {v.version: v.id for v in self._rows.all(CodebookVersion)}
        self._annotators = {a.id: a for a in self._rows.all(Annotator)}
        self._rounds = {r.name: r for r in self._rows.all(Round)}
        self._current_round = next(name for name, r in self._rounds.items() if r.id == self._project.round)
        self._round_names = {r.id: name for name, r in self._rounds.items()}
        self._layers = {layer.id: layer for layer in self._rows.all(Layer)}
        self._known_names = EntityNames(self._rows)
        self._people = {**_people_of(reading.path), **reading.context.names}
        self._pending: list[Record] = []
        self._made: set[str] = set()

    def of(self, number: int, line: Mapping[str, Any], blobs: list[bytes]) -> list[Record]:
        """Return the missing records of a line; the bytes that they point to are added to `blobs`.

        Raises DatasetError, naming the line.
        """
        try:
            _refuse_unstorable(line)
            return self._records(line, blobs)
        except DatasetError:
            raise
        except UserError as error:
            raise DatasetError(
                "{file}, line {line}: {reason} Nothing was changed.", file=self._file, line=number, reason=str(error)
            ) from error

    def _records(self, line: Mapping[str, Any], blobs: list[bytes]) -> list[Record]:
        document = self._document(line, blobs)
        self._count_lost_places(document, line)
        layers = {span["id"]: self._layer_of(span["layer"], span["round"]) for span in line["spans"]}
        made_annotations = self._annotations(document, line["spans"], layers)
        made_relations = self._relations(document, line["relations"], layers)
        statuses = self._statuses(document, line, layers)
        read = self._read_ranges(document, line, layers)
        pending, self._pending = self._pending, []
        return [*pending, *made_annotations, *made_relations, *statuses, *read]

    def _document(self, line: Mapping[str, Any], blobs: list[bytes]) -> str:
        identity = line["id"] if is_id(line["id"]) else derived_id(self._project.id, "document", line["id"])
        existing = self._rows.get(Document, identity)
        if existing is not None and existing.text != line["text_sha256"]:
            raise UserError(
                "document {id} is in the project with another text. Load into another project.", id=line["id"]
            )
        if existing is not None:
            return self._in_sight([existing.id], line["id"])
        same_text = [document.id for document in self._rows.where(Document, "text", line["text_sha256"])]
        here = [document for document in same_text if document not in self._made]
        if here:
            return self._in_sight(here, line["id"])
        if not line["text"]:
            raise UserError("document {id} has no text. Take the line out.", id=line["id"])
        self._made.add(identity)
        text = line["text"].encode()
        structure = encode_structure(Structure((), tuple((start, end) for start, end in line["sentences"])))
        blobs += [text, structure]
        source = line["source"]
        self._pending.append(
            Document(
                id=identity,
                title=source["title"] or source["file"] or line["id"],
                text=line["text_sha256"],
                characters=len(line["text"]),
                source=line["text_sha256"],
                structure=sha256_hex(structure),
                file=source["file"],
                format=source["format"],
                language=source["language"],
                date=source["date"],
                url=source["url"],
                created=now(),
            )
        )
        return identity

    def _in_sight(self, documents: list[str], identity: str) -> str:
        """Return the first of the documents that no newer version has replaced: nobody would see what is loaded."""
        in_sight = self._lists.in_sight(documents)
        for document in documents:
            if document in in_sight:
                return document
        raise UserError(
            "the text of document {id} was corrected in this project since. Take the line out, or load into another "
            "project.",
            id=identity,
        )

    def _count_lost_places(self, document: str, line: Mapping[str, Any]) -> None:
        """Count the spans whose boxes stay behind: they come with the PDF, which a dataset does not hold."""
        placed = [span["id"] for span in line["spans"] if span["pages"]]
        stored = self._rows.get(Document, document) if placed else None
        if stored is None or stored.pages is None:
            for span in placed:
                self._losses.add("place on a page", span)

    def _annotations(self, document: str, spans: list[Any], layers: dict[str, Layer]) -> list[Record]:
        ids = [self._span_id(document, span["id"], layers) for span in spans]
        existing = {a.id: a for a in self._rows.where_in(Annotation, "id", ids)}
        inheritance = self._inheritance(document)
        records: list[Record] = []
        for span in spans:
            annotation = self._annotation(document, span, layers)
            stored = existing.get(annotation.id)
            self._claim(annotation.id, document, stored, f"span {span['id']}")
            if stored is None:
                records += [annotation, *self._values(annotation, span, inheritance)]
                records += self._note("annotation", annotation.id, annotation, span["note"])
            elif (stored.fragments, stored.label) != (annotation.fragments, annotation.label):
                raise UserError("span {id} is in the project with other edges or another label.", id=span["id"])
        return records

    def _annotation(self, document: str, span: Mapping[str, Any], layers: dict[str, Layer]) -> Annotation:
        label = self._codebook.label_by_key(span["label"])
        layer = layers[span["id"]]
        version = self._versions.get(span["codebook"])
        if version is None and span["codebook"]:
            self._losses.add("codebook version", f"{span['id']}: {span['codebook']}")
        return Annotation(
            self._span_id(document, span["id"], layers),
            document,
            layer.id,
            label.id,
            self._annotator(span["annotator"]),
            version or self._project.codebook,
            span["created"] or now(),
            tuple((start, end) for start, end in span["fragments"]),
            span["origin"],
            span["score"],
            tuple(self._span_id(document, identity, layers) for identity in span["decided_from"]),
        )

    def _inheritance(self, document: str) -> Inheritance | None:
        """Return what the spans of a document that is here inherit; a line brings nothing that could be inherited."""
        stored = self._rows.get(Document, document)
        if stored is None:
            return None
        return inheritance_of(self._repository, self._codebook, stored, names=self._known_names)

    def _values(self, annotation: Annotation, span: Mapping[str, Any], inheritance: Inheritance | None) -> list[Record]:
        """Return a span's own values: a value that it inherits here anyway is none."""
        inherited = inheritance.of(span["label"], annotation.start) if inheritance else {}
        records: list[Record] = []
        for key, value in span["attributes"].items():
            if value is None:
                continue
            definition = self._codebook.attribute_by_key(key)
            checked = check_value(definition, value)
            named = self._known_names.name_of(checked) if definition.type == "entity" else checked
            if key in inherited and inherited[key].value == named:
                continue
            stored = self._stored(definition, checked)
            identity = derived_id(annotation.id, "attribute", definition.id)
            records.append(AttributeValue(identity, annotation.id, annotation.layer, definition.id, stored))
        return records

    def _stored(self, definition: AttributeDefinition, value: Any) -> Any:
        if definition.type != "entity":
            return value
        identity, new = self._known_names.found_or_new(value)
        if new is not None:
            self._pending.append(new)
        return identity

    def _note(self, kind: str, target: str, owner: Annotation | Relation, body: str) -> list[Record]:
        if not body:
            return []
        identity = note_id(kind, target, owner.annotator)
        return [Note(identity, kind, target, owner.document, owner.layer, owner.annotator, owner.created, body)]

    def _relations(self, document: str, relations: list[Any], layers: dict[str, Layer]) -> list[Record]:
        ids = [self._own_id("relation", layers[entry["from"]].id, document, entry["id"]) for entry in relations]
        existing = {relation.id: relation for relation in self._rows.where_in(Relation, "id", ids)}
        records: list[Record] = []
        for entry in relations:
            layer = layers[entry["from"]]
            if layer != layers[entry["to"]] or layer != self._layer_of(entry["layer"], self._round_names[layer.round]):
                raise UserError("relation {id} is not in the layer of both its spans.", id=entry["id"])
            relation = Relation(
                self._own_id("relation", layer.id, document, entry["id"]),
                document,
                layer.id,
                self._codebook.relation_by_key(entry["type"]).id,
                self._span_id(document, entry["from"], layers),
                self._span_id(document, entry["to"], layers),
                self._annotator(entry["annotator"]),
                entry["created"] or now(),
            )
            if relation.source == relation.target:
                raise UserError("relation {id} leads from a span to itself.", id=entry["id"])
            self._claim(relation.id, document, existing.get(relation.id), f"relation {entry['id']}")
            if relation.id not in existing:
                records += [relation, *self._note("relation", relation.id, relation, entry["note"])]
        return records

    def _statuses(self, document: str, line: Mapping[str, Any], layers: dict[str, Layer]) -> list[Record]:
        names = {span["layer"]: layers[span["id"]] for span in line["spans"]}
        records: dict[str, Record] = {}
        for entry in line["statuses"]:
            if entry["status"] == "new":
                continue
            layer = names.get(entry["layer"]) or self._layer_of(entry["layer"], self._current_round)
            identity = derived_id(document, "status", layer.id)
            if identity in records:
                self._losses.add("status of a second layer or round", f"{line['id']}: {entry['status']}")
            elif self._rows.get(Status, identity) is None:
                records[identity] = Status(identity, document, layer.id, entry["status"])
        return list(records.values())

    def _read_ranges(self, document: str, line: Mapping[str, Any], layers: dict[str, Layer]) -> list[Record]:
        """Return what was read, where it can be of one layer only; of a document that is done, its status says it."""
        if not line["read"] or any(entry["status"] in READ_STATUSES for entry in line["statuses"]):
            return []
        owners = {layer.id for layer in layers.values()}
        named = [entry["layer"] for entry in line["statuses"] if entry["status"] != "new"] if not owners else []
        for name in named or ([self._layer] if self._layer and not owners else []):
            owners.add(self._layer_of(name, self._current_round).id)
        if len(owners) != 1:
            self._losses.add("what was read", line["id"])
            return []
        owner = owners.pop()
        there = [row for row in self._rows.where(ReadRange, "document", document) if row.layer == owner]
        known = merged((row.start, row.end) for row in there)
        taken = {row.id for row in there}
        records: list[Record] = []
        for start, end in line["read"]:
            identity = derived_id(document, "read", owner, str(start), str(end))
            if not covers(known, start, end):  # a range that was changed since keeps the id of the one it was
                records.append(ReadRange(new_id() if identity in taken else identity, document, owner, start, end))
        return records

    def _claim(self, identity: str, document: str, stored: Annotation | Relation | None, what: str) -> None:
        """Raise UserError where an id means something else already, in the project or earlier in the file."""
        if identity in self._made or (stored is not None and stored.document != document):
            raise UserError("the id of {what} is that of something in another document. Change it.", what=what)
        if stored is None:
            self._made.add(identity)

    def _layer_of(self, name: str, round_name: str) -> Layer:
        current_round = self._round(round_name)
        if (self._layer or name) == "gold":
            return self._known_layer(derived_id(self._project.id, "gold", current_round), None, current_round)
        annotator = self._annotator(name) if self._layer is None else self._annotator_named(self._layer)
        return self._known_layer(derived_id(annotator, "layer", current_round), annotator, current_round)

    def _known_layer(self, identity: str, annotator: str | None, current_round: str) -> Layer:
        for layer in self._layers.values():
            if (layer.annotator, layer.round) == (annotator, current_round):
                return layer
        layer = Layer(identity, "gold" if annotator is None else "annotator", annotator, current_round)
        self._layers[identity] = layer
        self._pending.append(layer)
        return layer

    def _round(self, name: str) -> str:
        name = name or self._current_round
        if name not in self._rounds:
            made_round = Round(derived_id(self._project.id, "round", name), name, len(self._rounds) + 1)
            self._rounds[name] = made_round
            self._round_names[made_round.id] = name
            self._pending.append(made_round)
        return self._rounds[name].id

    def _annotator_named(self, name: str) -> str:
        person = person_named(name, self._annotators.values(), new_id())
        self._know(person.id, person.name)
        return person.id

    def _annotator(self, identity: str) -> str:
        own = identity if is_id(identity) else derived_id(self._project.id, "annotator", identity)
        name = self._people.get(identity) or (f"Annotator {identity[:8]}" if is_id(identity) else identity)
        self._know(own, name or "unknown")
        return own

    def _know(self, identity: str, name: str) -> None:
        if identity not in self._annotators:
            self._annotators[identity] = Annotator(identity, name, role="analyst")
            self._pending.append(self._annotators[identity])

    def _span_id(self, document: str, identity: str, layers: Mapping[str, Layer]) -> str:
        layer = layers.get(identity)
        return self._own_id("annotation", layer.id if layer else "", document, identity)

    def _own_id(self, kind: str, layer: str, document: str, identity: str) -> str:
        """Return an id of this program, which for those of others depends on the layer: each has its own."""
        return identity if is_id(identity) else derived_id(document, kind, layer, identity)


def _people_of(path: Path) -> dict[str, str]:
    """Return the names that the manifest beside a dataset gives to annotators' ids."""
    try:
        manifest = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text("utf-8"))
        people = {person["id"]: person["name"] for person in manifest["people"] if person["name"].strip()}
        return {identity: name for identity, name in people.items() if is_storable(name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _refuse_unstorable(line: Mapping[str, Any]) -> None:
    """Raise UserError where something other than the text, of which quotes are parts, holds NUL."""
    for place, value in line.items():
        if place != "text" and not _without_nul(value):
            raise UserError("{place} holds a NUL character. Take it out.", place=place)


def _without_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, Mapping):
        return all(_without_nul(part) for key, part in value.items() if key != "quote")
    return not isinstance(value, list) or all(map(_without_nul, value))
