"""The results of one annotation of Label Studio as spans and relations.

Results with the same id are one region: what it is labelled with, and answers about it (`choices`, `textarea`, …),
which become attributes. Several labels make several spans. A region without labels is labelled by its choices or the
last steps of its taxonomy paths, and so is the whole text by choices and taxonomies about all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.formats.datasets.entries import EntryError, FormatContext, RelationEntry, SpanEntry
from annotator.formats.datasets.extras import OWN, relation_of_extras, span_of_extras, text_of
from annotator.formats.datasets.fields import checked, taken, taken_or
from annotator.formats.datasets.label_studio.controls import Control, controls_of
from annotator.formats.datasets.label_studio.texts import Body, Place, UnplacedError

LABELLING = frozenset(("labels", "hypertextlabels", "paragraphlabels"))
"""Types of results that give labels to a stretch of text."""

_LABELS_OF = {"choices": "choices", "taxonomy": "taxonomy"}
_ANSWERS = {
    **_LABELS_OF,
    "textarea": "text",
    "rating": "rating",
    "number": "number",
    "datetime": "datetime",
    "pairwise": "selected",
}
"""Types of results that answer something, with the key of the answer."""

ABOUT_TEXT = LABELLING | _ANSWERS.keys()

UNNAMED_RELATION = "related"
"""The type of a relation that nobody gave a label."""

UNPLACED = "regions that stand nowhere in the text"
UNLABELLED = "regions without a label"
NO_LABELS = "answers about a whole document that are no labels"
PATHS = "steps above the last one in taxonomies"
DIRECTIONS = "relations in both directions (one is kept)"
LOOSE = "relations to regions that are not there"


@dataclass
class Work:
    """One annotation or prediction: who made it and when, and what it says by default of its spans."""

    identity: str
    results: list[Mapping[str, Any]]
    of_spans: Mapping[str, Any]
    score: float | None = None


@dataclass
class _Region:
    """Results of one id; `where` names it in messages."""

    identity: str
    where: str
    labelling: list[Mapping[str, Any]] = field(default_factory=list)
    answers: list[Mapping[str, Any]] = field(default_factory=list)

    def value(self) -> Mapping[str, Any] | None:
        """Return the first value with a place, or None for what is about the whole text."""
        values = (taken(one, "value", dict, self.where) for one in (*self.labelling, *self.answers))
        return next((value for value in values if "start" in value or "globalOffsets" in value), None)

    def own(self) -> Mapping[str, Any] | None:
        """Return what this program wrote into the region, or None."""
        for one in (*self.labelling, *self.answers):
            own = taken_or(one, "meta", dict, self.where, {}).get(OWN)
            if own is not None:
                return checked(own, dict, f"“{OWN}” of {self.where}")
        return None


class Regions:
    """Collects the spans and relations of one text, annotation after annotation."""

    def __init__(self, body: Body, context: FormatContext, task: str) -> None:
        self.spans: list[SpanEntry] = []
        self.relations: list[RelationEntry] = []
        self.controls: dict[str, Control] = {one.name: one for one in controls_of(context.codebook).values()}
        self._body = body
        self._losses = context.losses
        self._task = task
        self._ids: set[str] = set()

    def add(self, work: Work) -> None:
        """Add what one annotation says. Raises EntryError for what is no result."""
        made: dict[str, list[str]] = {}
        parts: list[tuple[str, _Region]] = []
        by_id: dict[str, SpanEntry] = {}
        for region in _regions(work):
            own = region.own()
            parent = own.get("part_of") if own else None
            if isinstance(parent, str):
                parts.append((parent, region))
                continue
            spans = self._spans(region, own, work)
            made[region.identity] = [span["id"] for span in spans]
            by_id |= {span["id"]: span for span in spans}
        for parent, region in parts:
            if made.get(parent):
                self._join(by_id[made[parent][0]], region)
            else:
                made[region.identity] = [span["id"] for span in self._spans(region, None, work)]
        for one in work.results:
            if one.get("type") == "relation":
                self._add_relations(one, made, work)

    def add_across(self, relations: Any) -> None:
        """Add relations between annotations, as this program writes them. Raises EntryError for other things."""
        for one in checked(relations, list, "the relations between annotations"):
            relation = checked(one, dict, "a relation")
            ends = [taken(relation, key, str, "a relation") for key in ("from", "to")]
            self._relate(taken(relation, "type", str, "a relation"), ends[0], ends[1], relation)

    def _spans(self, region: _Region, own: Mapping[str, Any] | None, work: Work) -> list[SpanEntry]:
        labels, answers = self._labels(region)
        if not labels:
            return []
        place = self._place(region)
        if place is None:
            return []
        base = self._base(region, own, work)
        given = {**base.get("attributes", {}), **dict(map(self._attribute, answers))}
        if given:
            base["attributes"] = given
        spans = []
        identity = self._new_id(region, work)
        for label in labels:
            name = self._unused(identity) if spans else identity
            span: SpanEntry = {"id": name, "label": label, "fragments": [list(place[:2])], **base}  # type: ignore[typeddict-item]
            if place.quote is not None:
                span["quote"] = place.quote
            spans.append(span)
        self.spans += spans
        return spans

    def _labels(self, region: _Region) -> tuple[list[str], list[Mapping[str, Any]]]:
        """Return the labels of a region, and the results that are answers about it."""
        found: list[str] = []
        for one in region.labelling:
            value = taken(one, "value", dict, region.where)
            given = value.get(str(one["type"]), value.get("labels", []))
            found += [_label(label, region) for label in checked(given, list, "labels")]
        labels = list(dict.fromkeys(label for label in found if label))
        if labels:
            return labels, region.answers
        is_placed = region.value() is not None
        labelling = [
            one
            for one in region.answers
            if one["type"] in _LABELS_OF and not (is_placed and one.get("from_name") in self.controls)
        ]
        found = [label for one in labelling for label in self._chosen(one, region.where)]
        rest = [one for one in region.answers if one not in labelling]
        if not found:
            for one in rest or [None]:
                name = text_of(one.get("from_name")) if one else region.identity
                self._losses.add(UNLABELLED if is_placed else NO_LABELS, f"{name} of {self._task}")
        return list(dict.fromkeys(found)), rest

    def _chosen(self, result: Mapping[str, Any], where: str) -> list[str]:
        """Return choices, of nested ones and of taxonomy paths the last steps."""
        given = taken(result, "value", dict, where).get(_LABELS_OF[str(result["type"])], [])
        found = []
        for one in [given] if isinstance(given, str) else checked(given, list, f"the choices of {where}"):
            path = one if isinstance(one, list) else [one]
            steps = [checked(step, str, f"a choice of {where}") for step in path]
            if len(steps) > 1:
                self._losses.add(PATHS, " > ".join(steps))
            found += [step for step in steps[-1:] if step]
        return found

    def _place(self, region: _Region) -> Place | None:
        """Return where a region lies; what is about the whole text covers it. Raises EntryError for no positions."""
        value = region.value()
        if value is None:
            if not self._body.text:
                self._losses.add(UNPLACED, self._task)
                return None
            return Place(0, len(self._body.text), None)
        try:
            return self._body.place(value)
        except UnplacedError:
            self._losses.add(UNPLACED, f"{region.where} of {self._task}: {text_of(value.get('text')):.40}")
            return None

    def _base(self, region: _Region, own: Mapping[str, Any] | None, work: Work) -> dict[str, Any]:
        first = (*region.labelling, *region.answers)[0]
        base = dict(work.of_spans) if own is None else span_of_extras(own, region.where)
        notes = taken_or(first, "meta", dict, region.where, {}).get("text")
        note = "\n".join(one for one in notes if isinstance(one, str)) if isinstance(notes, list) else text_of(notes)
        if note or own is not None:
            base["note"] = note
        score = first.get("score", work.score)
        if score is not None:
            base["score"] = checked(score, float, f"the score of {region.where}")
        return base

    def _attribute(self, result: Mapping[str, Any]) -> tuple[str, Any]:
        """Return an answer about a region as an attribute, in the values of the codebook where it knows the name."""
        name = text_of(result.get("from_name"))
        value = taken(result, "value", dict, f"the answer “{name}”")
        given = value.get(_ANSWERS[str(result["type"])])
        control = self.controls.get(name)
        if control is not None:
            return control.attribute.key, control.decoded(given)
        if result["type"] == "textarea":
            return name, "\n".join(map(text_of, given)) if isinstance(given, list) else given
        if result["type"] == "taxonomy" and isinstance(given, list):
            given = [path[-1] if isinstance(path, list) and path else path for path in given]
        return name, given[0] if isinstance(given, list) and len(given) == 1 else given

    def _join(self, span: SpanEntry, region: _Region) -> None:
        """Make a region a further piece of a span, as this program writes spans of several pieces."""
        place = self._place(region)
        if place is None:
            return
        text = self._body.text
        pieces = [
            (span["fragments"][-1], span.pop("quote", None)),
            ([place.start, place.end], place.quote),
        ]
        span["fragments"].append([place.start, place.end])
        moved = [quote for (start, end), quote in pieces if quote is not None and text[start:end] != quote]
        if moved:
            span["quote"] = moved[0]

    def _new_id(self, region: _Region, work: Work) -> str:
        """Return the id of a region; regions that came from one prediction have the same one in many annotations."""
        wanted = region.identity
        if wanted in self._ids:
            wanted = f"{wanted}@{work.identity}"
        return self._unused(wanted)

    def _unused(self, wanted: str) -> str:
        found, number = wanted, 1
        while found in self._ids:
            number += 1
            found = f"{wanted}.{number}"
        self._ids.add(found)
        return found

    def _add_relations(self, result: Mapping[str, Any], made: Mapping[str, list[str]], work: Work) -> None:
        ends = [made.get(taken(result, key, str, "a relation"), []) for key in ("from_id", "to_id")]
        labels = taken_or(result, "labels", list, "a relation", [])
        types = [checked(label, str, "the label of a relation") for label in labels if label] or [UNNAMED_RELATION]
        if not ends[0] or not ends[1]:
            self._losses.add(LOOSE, f"{types[0]} of {self._task}", len(types))
            return
        if result.get("direction") == "bi":
            self._losses.add(DIRECTIONS, f"{types[0]} of {self._task}")
        source, target = (ends[1][0], ends[0][0]) if result.get("direction") == "left" else (ends[0][0], ends[1][0])
        own = taken_or(result, "meta", dict, "a relation", {}).get(OWN, [])
        said = [one for one in own if isinstance(one, dict)] if isinstance(own, list) else []
        left = list(types)
        for one in said:
            if one.get("type") in types:
                self._relate(one["type"], source, target, one)
                left = [label for label in left if label != one["type"]]
        by_default = {key: work.of_spans[key] for key in ("annotator", "layer", "created") if key in work.of_spans}
        for label in left:
            self._relate(label, source, target, None, by_default)

    def _relate(
        self, label: str, source: str, target: str, own: Any, by_default: Mapping[str, Any] | None = None
    ) -> None:
        said = dict(by_default or {}) if own is None else relation_of_extras(own, "a relation")
        identity = said.pop("id", None) or f"relation {len(self.relations) + 1}"
        relation: RelationEntry = {"id": self._unused(identity), "type": label, "from": source, "to": target, **said}  # type: ignore[typeddict-item]
        self.relations.append(relation)


def _label(given: Any, region: _Region) -> str:
    return given if type(given) is str else checked(given, str, f"a label of {region.where}")


def _regions(work: Work) -> Iterable[_Region]:
    """Return the regions of an annotation in order. Results without an id are regions of their own."""
    regions: dict[str, _Region] = {}
    places: dict[str, _Region] = {}
    for number, one in enumerate(work.results, 1):
        kind = one.get("type")
        if kind not in ABOUT_TEXT:
            continue
        given = one.get("id")
        identity = str(given) if isinstance(given, str | int) and given != "" else ""
        place = "" if identity else _place_key(one)
        region = regions.get(identity) if identity else places.get(place) if kind not in LABELLING and place else None
        if region is None:
            name = identity or f"{work.identity}.{number}"
            region = regions[name] = _Region(name, f"region {name}")
            if not identity and place:
                places[place] = region
        (region.labelling if kind in LABELLING else region.answers).append(one)
    return regions.values()


def _place_key(result: Mapping[str, Any]) -> str:
    value = result.get("value")
    if not isinstance(value, dict) or "start" not in value:
        return ""
    keys = ("start", "end", "startOffset", "endOffset")
    return repr([result.get("to_name"), *(value.get(key) for key in keys)])


def results_of(annotation: Mapping[str, Any], where: str) -> list[Mapping[str, Any]]:
    """Return the results of an annotation. Raises EntryError where they are no list of objects."""
    given = taken_or(annotation, "result", list, where, [])
    found: list[Mapping[str, Any]] = [checked(one, dict, f"a result of {where}") for one in given]
    if any(isinstance(one.get("type"), list | dict) for one in found):
        raise EntryError("a result of {where} has a type that is no text.", where=where)
    return found
