"""Dataset lines as Label Studio's tasks: a task a document, an annotation a layer of it, a region a fragment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.datasets.entries import Entry, FormatContext, SpanEntry
from annotator.formats.datasets.extras import OWN, extras_of_document, extras_of_relation, extras_of_span
from annotator.formats.datasets.label_studio.config import Used
from annotator.formats.datasets.label_studio.controls import LABELS, TEXT, Control, controls_of

DATA_OF_SOURCE = {key: key for key in ("title", "date", "url", "language", "file", "format")}
"""Where the data of a task say where its text is from."""

DOCUMENT = "document"
"""The key of a task's data for the id of the document."""

NO_SPANS = frozenset(("done", "approved"))
"""A layer with one of these statuses and no span gets an annotation without regions: somebody looked."""

_Group = tuple[str, str]


class Tasks:
    """Makes tasks one by one, and remembers what they use."""

    def __init__(self, context: FormatContext) -> None:
        self.used = Used()
        self._controls = controls_of(context.codebook)
        self._names = context.names
        self._by_email = context.options["people"] == "email"
        self._tasks = 0
        self._annotations = 0

    def task(self, entry: Entry) -> dict[str, Any]:
        """Return the task of a document."""
        self._tasks += 1
        source = {DATA_OF_SOURCE[key]: value for key, value in entry.get("source", {}).items()}
        groups = self._groups(entry)
        among, across = _relations(entry)
        own = extras_of_document(entry, ("id", "source"))
        if across:
            own["relations"] = across
        return {
            "id": self._tasks,
            "data": {"text": entry["text"], DOCUMENT: entry.get("id", ""), **source},
            "annotations": [
                self._annotation(group, spans, entry["text"], among.get(group, [])) for group, spans in groups.items()
            ],
            "predictions": [],
            "meta": {OWN: own},
        }

    def _groups(self, entry: Entry) -> dict[_Group, list[SpanEntry]]:
        groups: dict[_Group, list[SpanEntry]] = {}
        for span in entry["spans"]:
            groups.setdefault(_group(span), []).append(span)
        layers = {layer for layer, _ in groups}
        for status in entry.get("statuses", ()):
            if status["layer"] not in layers and status["status"] in NO_SPANS:
                groups[status["layer"], ""] = []
        return groups

    def _annotation(
        self, group: _Group, spans: list[SpanEntry], text: str, relations: list[dict[str, Any]]
    ) -> dict[str, Any]:
        self._annotations += 1
        taken = {span["id"] for span in spans}
        result = [one for span in spans for one in self._regions(span, text, taken)]
        self.used.relations.update(label for relation in relations for label in relation["labels"])
        found = {
            "id": self._annotations,
            "result": [*result, *relations],
            "was_cancelled": False,
            "ground_truth": group[0] == "gold",
        }
        people = {span.get("annotator", "") for span in spans} or {group[0]}
        if self._by_email and len(people) == 1 and (person := people.pop()):
            found["completed_by"] = {"email": self._names.get(person, person)}
        return found

    def _regions(self, span: SpanEntry, text: str, taken: set[str]) -> Iterator[dict[str, Any]]:
        """Yield a region for each fragment, those after the first as parts of it, then what its controls gave."""
        identity, label = span["id"], span["label"]
        self.used.labels.add(label)
        given, rest = self._given(span.get("attributes", {}))
        note, score = span.get("note"), span.get("score")
        meta: dict[str, Any] = {"text": [note]} if note else {}
        meta[OWN] = extras_of_span({**span, "attributes": rest}, ("note", "score"))
        for number, (start, end) in enumerate(span["fragments"]):
            region: dict[str, Any] = {
                "id": identity if number == 0 else _free(f"{identity}~{number + 1}", taken),
                "from_name": LABELS,
                "to_name": TEXT,
                "type": "labels",
                "origin": "manual",
                "value": {"start": start, "end": end, "text": text[start:end], "labels": [label]},
                "meta": meta if number == 0 else {OWN: {"part_of": identity}},
            }
            if number:
                region["parentID"] = identity
            elif score is not None:
                region["score"] = score
            yield region
        start, end = span["fragments"][0]
        for control, value in given:
            yield {
                "id": identity,
                "from_name": control.name,
                "to_name": TEXT,
                "type": control.kind,
                "origin": "manual",
                "value": {"start": start, "end": end, "text": text[start:end], control.key: value},
            }

    def _given(self, attributes: Mapping[str, Any]) -> tuple[list[tuple[Control, Any]], dict[str, Any]]:
        """Return the values that controls can give, and the others."""
        given: list[tuple[Control, Any]] = []
        rest = {}
        for key, value in attributes.items():
            control = self._controls.get(key)
            encoded = None if control is None else control.encoded(value)
            if control is None or encoded is None:
                rest[key] = value
            else:
                self.used.attributes.add(key)
                given.append((control, encoded))
        return given, rest


def _group(span: SpanEntry) -> _Group:
    return span.get("layer", ""), span.get("round", "")


def _free(identity: str, taken: set[str]) -> str:
    while identity in taken:
        identity += "~"
    taken.add(identity)
    return identity


def _relations(entry: Entry) -> tuple[dict[_Group, list[dict[str, Any]]], list[dict[str, Any]]]:
    """Return the relations of each annotation, and those that lead from one to another, which no annotation can have.

    Label Studio shows one relation from a region to another, with as many labels as it takes.
    """
    groups = {span["id"]: _group(span) for span in entry["spans"]}
    among: dict[_Group, dict[tuple[str, str], dict[str, Any]]] = {}
    across = []
    for one in entry.get("relations", ()):
        ends, group = (one["from"], one["to"]), groups[one["from"]]
        if group != groups[one["to"]]:
            across.append({"type": one["type"], "from": one["from"], "to": one["to"], **extras_of_relation(one)})
            continue
        relation = among.setdefault(group, {}).setdefault(
            ends,
            {
                "type": "relation",
                "from_id": ends[0],
                "to_id": ends[1],
                "direction": "right",
                "labels": [],
                "meta": {OWN: []},
            },
        )
        if one["type"] not in relation["labels"]:
            relation["labels"].append(one["type"])
        relation["meta"][OWN].append({"type": one["type"], **extras_of_relation(one)})
    return {group: list(found.values()) for group, found in among.items()}, across
