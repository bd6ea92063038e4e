"""One document under review: which layers count in it, its cases, and what became of each."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from annotator.analysis.comparison import cases
from annotator.core.basis import Known, RawValues, annotations_in, hull_of, is_unchanged
from annotator.core.cases import Case
from annotator.core.errors import NotFoundError
from annotator.core.ids import derived_id
from annotator.core.person_colours import person_colours
from annotator.core.records import (
    FINISHED,
    Annotation,
    Annotator,
    AttributeDefinition,
    Decision,
    Document,
    Entity,
    Label,
    Layer,
    Project,
    Relation,
    RelationType,
    Round,
    Status,
)
from annotator.core.same_people import letter_of, resolved
from annotator.session.case_titles import CaseTitles
from annotator.storage.repository import Repository

State = Literal["open", "decided", "reopened"]

QUOTE_LENGTH = 300
"""Code points of a case's quote at most."""


@dataclass(frozen=True, slots=True)
class LayerFace:
    """How a compared layer shows: `letter` is A, B, C, … over the whole queue, `name` its annotator's.

    `color` is #rrggbb as a lead chose it, or empty; `colors` are those to show, for light and for dark ground.
    `others` are further layers of the same person in the round, of annotators that were joined; what is tagged in
    them counts as this layer's.
    """

    id: str
    letter: str
    name: str
    annotator: str
    color: str = ""
    others: tuple[str, ...] = ()
    colors: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A case with what became of it.

    `title` is what differs, such as “Pledge ↔ Pledge + Condition”; `quote` the text on one line, cut to a readable
    length; `paragraph` the number of the paragraph in which it begins, from 1. `state` is reopened where something
    that was decided on has changed since; gold stays as it was until it is decided anew. `decision` is what was
    decided last, or None. `agreed` says that all compared layers, two or more, have the same.
    """

    case: Case
    title: str
    quote: str
    paragraph: int
    state: State
    decision: Decision | None
    agreed: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide it: it is open or reopened."""
        return self.state != "decided"


@dataclass(frozen=True, slots=True)
class DocumentReview:
    """The cases of one document in the order of the text. `layers` are compared in it, in the order of the keys.

    `single` says that only one layer counts: there is nothing to compare, and approving copies it to gold. It has
    cases only once something in it was decided, so that what is changed later comes up again. `status` is that of the
    gold layer.
    """

    document: str
    title: str
    layers: tuple[str, ...]
    cases: tuple[ReviewCase, ...]
    single: bool
    status: str = "new"

    @property
    def open_count(self) -> int:
        """Return how many cases somebody has to decide."""
        return sum(one.is_open for one in self.cases)


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, whether it is decided, and the decisions on anything in it, the latest last."""

    case: Case
    state: State
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class DocumentWork:
    """All that is needed to compare and decide in one document.

    `annotations` and `relations` are those of the compared layers, a second layer of one person counted as the first;
    `raw` holds their values as stored, and those of gold. `gold` is what the gold layer has, `statuses` the status of
    each layer.
    """

    document: Document
    layers: tuple[str, ...]
    annotations: tuple[Annotation, ...]
    relations: tuple[Relation, ...]
    raw: RawValues
    gold: tuple[Annotation, ...]
    decisions: tuple[Decision, ...]
    statuses: Mapping[str, str]
    judged: tuple[Judged, ...]


def gold_layer_of(project: Project, layers: Iterable[Layer], round_: str) -> Layer:
    """Return a round's gold layer, stored or about to be."""
    for layer in layers:
        if layer.kind == "gold" and layer.round == round_:
            return layer
    return Layer(derived_id(project.id, "gold", round_), "gold", None, round_)


class Reviewer:
    """Compares the layers of a round, one document at a time, as the project stands.

    Args:
        repository: where to read.
        round_: the round's id; None is the one in use. Raises NotFoundError where there is none.
        layers: only these layers; None takes all of the round.
    """

    def __init__(
        self, repository: Repository, round_: str | None = None, layers: Collection[str] | None = None
    ) -> None:
        rows = repository.rows
        self._repository = repository
        project = rows.all(Project)[0]
        self.round = round_ or project.round
        if rows.get(Round, self.round) is None:
            raise NotFoundError("There is no round “{id}” in this project.", id=self.round)
        self.people = {person.id: person for person in rows.all(Annotator)}
        every = rows.all(Layer)
        self.gold = gold_layer_of(project, every, self.round)
        self.labels = {label.id: label for label in rows.all(Label)}
        self.attributes = {definition.id: definition for definition in rows.all(AttributeDefinition)}
        self.relation_types = {one.id: one for one in rows.all(RelationType)}
        self._titles = CaseTitles(self.labels, {one.key: one.name for one in self.attributes.values()})
        own = [layer for layer in every if layer.kind == "annotator" and layer.round == self.round]
        self._order = sorted(own, key=self._layer_place)
        self._first = self._first_layers(layers)

    def _layer_place(self, layer: Layer) -> tuple[str, str]:
        return self._name(layer).casefold(), layer.id

    def _person(self, layer: Layer) -> str:
        return resolved(self.people.values(), layer.annotator or "")

    def _name(self, layer: Layer) -> str:
        person = self.people.get(self._person(layer)) or self.people.get(layer.annotator or "")
        return person.name if person is not None else layer.id

    def _first_layers(self, only: Collection[str] | None) -> dict[str, str]:
        """Return, by layer, the first layer of the same person in the round, for those to compare."""
        first: dict[str, str] = {}
        found: dict[str, str] = {}
        for layer in self._order:
            person = self._person(layer)
            first.setdefault(person, layer.id)
            found[layer.id] = first[person]
        if only is None:
            return found
        wanted = {found[layer] for layer in only if layer in found}
        return {layer: own for layer, own in found.items() if own in wanted}

    def faces(self, used: Collection[str]) -> dict[str, LayerFace]:
        """Return how layers show, those that are used, in the order of the keys."""
        faces: dict[str, LayerFace] = {}
        for layer in self._order:
            if layer.id not in used or self._first.get(layer.id) != layer.id:
                continue
            person = self.people.get(self._person(layer)) or Annotator(layer.annotator or "", self._name(layer))
            others = tuple(i for i, first in self._first.items() if first == layer.id and i != layer.id)
            faces[layer.id] = LayerFace(
                layer.id, letter_of(len(faces)), person.name, person.id, person.color, others, person_colours(person)
            )
        return faces

    def layers_of(self, annotator: str) -> tuple[str, ...]:
        """Return the layers of a person, by any of their ids, in the round."""
        person = resolved(self.people.values(), annotator)
        return tuple(layer.id for layer in self._order if self._person(layer) == person)

    def with_joined(self, layers: Iterable[str], statuses: Mapping[str, str]) -> tuple[str, ...]:
        """Return the layers with the further ones of the same people that have a status of their own."""
        wanted = set(layers)
        return tuple(
            layer for layer, first in self._first.items() if layer in wanted or (first in wanted and layer in statuses)
        )

    def review(self, document: str) -> DocumentReview | None:
        """Return the review of a document, or None where no layer counts in it."""
        work = self.work(document)
        if work is None or not work.layers:
            return None
        shown = self._shown(work) if work.judged else ()
        status = work.statuses.get(self.gold.id, "new")
        return DocumentReview(document, work.document.title, work.layers, shown, len(work.layers) == 1, status)

    def _shown(self, work: DocumentWork) -> tuple[ReviewCase, ...]:
        text = self._repository.blobs.text(work.document.text)
        starts = _paragraph_starts(text)
        return tuple(
            ReviewCase(
                one.case,
                self._titles.of(one.case),
                " ".join(text[one.case.start : min(one.case.end, one.case.start + QUOTE_LENGTH)].split()),
                max(1, bisect_right(starts, one.case.start)),
                one.state,
                one.decisions[-1] if one.decisions else None,
                one.case.kind == "same" and len(one.case.layers) > 1,
            )
            for one in work.judged
        )

    def work(self, document: str) -> DocumentWork | None:
        """Return a document with its cases, judged, or None where there is no such document."""
        rows = self._repository.rows
        record = rows.get(Document, document)
        if record is None:
            return None
        every = rows.annotations(document, [*self._first, self.gold.id])
        decisions = [one for one in rows.where(Decision, "document", document) if one.layer == self.gold.id]
        decisions.sort(key=_decision_place)
        statuses = {one.layer: one.status for one in rows.where(Status, "document", document)}
        layers = self._counting(every, statuses, decisions)
        annotations = tuple(self._as_first(a) for a in every if self._first.get(a.layer) in layers)
        if not layers:
            return DocumentWork(record, (), (), (), {}, (), (), statuses, ())
        links = rows.where(Relation, "document", document)
        relations = tuple(self._as_first(one) for one in links if self._first.get(one.layer) in layers)
        raw = self._raw(document) if every else {}
        gold = tuple(annotation for annotation in every if annotation.layer == self.gold.id)
        judged: tuple[Judged, ...] = ()
        if len(layers) > 1 or decisions:
            judged = self._judged(record, layers, annotations, relations, raw, decisions)
            there = {one.id for one in (*gold, *links)}
            judged = tuple(_opened_where(judged, _left_over(gold, decisions), there))
        return DocumentWork(record, layers, annotations, relations, raw, gold, tuple(decisions), statuses, judged)

    def single_cases(self, work: DocumentWork) -> tuple[Judged, ...]:
        """Return the cases of a document in which one layer counts, one for each of its annotations."""
        return self._judged(
            work.document, work.layers, work.annotations, work.relations, work.raw, list(work.decisions)
        )

    def _counting(
        self, annotations: Iterable[Annotation], statuses: Mapping[str, str], decisions: Iterable[Decision]
    ) -> tuple[str, ...]:
        tagged = {annotation.layer for annotation in annotations}
        decided_on = {entry["layer"] for one in decisions for entry in annotations_in(one.basis).values()}
        counting = set()
        for layer, first in self._first.items():
            status = statuses.get(layer, "new")
            if status in FINISHED or layer in decided_on or (status == "new" and layer in tagged):
                counting.add(first)
        return tuple(layer for layer, first in self._first.items() if layer == first and layer in counting)

    def _as_first(self, row: Any) -> Any:
        first = self._first[row.layer]
        return row if first == row.layer else replace(row, layer=first)

    def _raw(self, document: str) -> dict[str, dict[str, Any]]:
        raw: dict[str, dict[str, Any]] = defaultdict(dict)
        for annotation, attribute, value in self._repository.lists.attribute_values(document):
            raw[annotation][attribute] = json.loads(value)
        return dict(raw)

    def _judged(
        self,
        document: Document,
        layers: tuple[str, ...],
        annotations: Sequence[Annotation],
        relations: Sequence[Relation],
        raw: RawValues,
        decisions: list[Decision],
    ) -> tuple[Judged, ...]:
        names = self._entity_names(raw, decisions)
        known = self._known(names)
        shown = self._shown_values(annotations, raw, names)
        found = cases(document.id, layers, annotations, relations, shown, self.gold.id)
        by_annotation: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            for identity in annotations_in(decision.basis):
                by_annotation[identity].append(decision)
        judged = [_judge(case, by_annotation, raw, known) for case in found]
        met = {decision.id for one in judged for decision in one.decisions}
        judged += [
            Judged(self._emptied(decision, layers), "reopened", (decision,))
            for decision in decisions
            if decision.id not in met and annotations_in(decision.basis)
        ]
        return tuple(sorted(judged, key=_judged_place))

    def _emptied(self, decision: Decision, layers: tuple[str, ...]) -> Case:
        """Return the case of a decision of which nothing is left that was decided on."""
        start, end = hull_of(decision.basis)
        identity = derived_id(self.gold.id, "case", decision.id)
        return Case(identity, decision.document, "one_sided", start, end, layers, ())

    def _entity_names(self, raw: RawValues, decisions: Iterable[Decision]) -> dict[str, str]:
        entity = {i for i, definition in self.attributes.items() if definition.type == "entity"}
        used = {value for values in raw.values() for key, value in values.items() if key in entity}
        for decision in decisions:
            for entry in annotations_in(decision.basis).values():
                used |= {one["value"] for one in entry.get("values", ()) if one["attribute"] in entity}
        return {one.id: one.name for one in self._repository.rows.where_in(Entity, "id", sorted(used))}

    def _known(self, names: Mapping[str, str]) -> Known:
        labels = frozenset(label.id for label in self.labels.values() if not label.retired)
        entity = frozenset(i for i, definition in self.attributes.items() if definition.type == "entity")
        return Known(labels, self.attributes, names, entity)

    def _shown_values(
        self, annotations: Iterable[Annotation], raw: RawValues, names: Mapping[str, str]
    ) -> dict[str, dict[str, Any]]:
        return {
            annotation.id: {
                self.attributes[key].key: names.get(value, value) if self.attributes[key].type == "entity" else value
                for key, value in raw[annotation.id].items()
            }
            for annotation in annotations
            if annotation.id in raw
        }


def _judge(case: Case, by_annotation: Mapping[str, list[Decision]], raw: RawValues, known: Known) -> Judged:
    related = {one.id: one for annotation in case.annotations for one in by_annotation.get(annotation.id, ())}
    decisions = tuple(sorted(related.values(), key=_decision_place))
    if not decisions:
        return Judged(case, "open", ())
    only = decisions[0]
    is_compared_now = only.choice == "single" and len(case.layers) > 1
    if len(decisions) == 1 and not is_compared_now and is_unchanged(only.basis, case, raw, known):
        return Judged(case, "decided", decisions)
    return Judged(case, "reopened", decisions)


def _left_over(gold: Iterable[Annotation], decisions: Iterable[Decision]) -> set[str]:
    """Return what gold spans stand for that no decision names: two leads decided differently, and one is in force."""
    named = {identity for decision in decisions for identity in decision.result}
    return {origin for one in gold if one.id not in named for origin in one.decided_from}


def _opened_where(judged: Iterable[Judged], left_over: Collection[str], there: Collection[str]) -> Iterator[Judged]:
    """Open the decided cases of which gold has something that was not decided, or lacks what was; `there` is by id."""
    for one in judged:
        lacks = any(identity not in there for decision in one.decisions for identity in decision.result)
        has_more = any(annotation.id in left_over for annotation in one.case.annotations)
        yield replace(one, state="reopened") if one.state == "decided" and (lacks or has_more) else one


def _decision_place(decision: Decision) -> tuple[str, str]:
    return decision.created, decision.id


def _judged_place(judged: Judged) -> tuple[int, int, str]:
    return judged.case.start, judged.case.end, judged.case.id


def _paragraph_starts(text: str) -> list[int]:
    """Return where the lines begin that are not blank."""
    starts, place = [], 0
    for line in text.split("\n"):
        if line and not line.isspace():
            starts.append(place)
        place += len(line) + 1
    return starts
