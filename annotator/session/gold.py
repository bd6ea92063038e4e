"""The gold layer of one document as decisions make it: rows before, what is decided, rows after."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotator.analysis.comparison import matched_pairs
from annotator.core.basis import annotations_in, basis_of
from annotator.core.cases import Case
from annotator.core.changes import RowChange, deleted
from annotator.core.choices import GoldSpan, every_version, joined_span, spans_of_layers
from annotator.core.ids import derived_id
from annotator.core.records import (
    Annotation,
    AttributeValue,
    Decision,
    Fragment,
    Label,
    Note,
    Project,
    Record,
    Relation,
)
from annotator.session.review_documents import DocumentWork, Judged, Reviewer
from annotator.storage.repository import Repository, now

_Key = tuple[str, str]


class GoldDocument:
    """Holds the gold rows and the decisions of a document while it is decided; `changes` says what became of them.

    A gold row that is made again by the same decision keeps its id, so what was written on it stays. Two leads who
    decide alike in two copies of a project make rows with the same ids.
    """

    def __init__(self, repository: Repository, reviewer: Reviewer, work: DocumentWork, person: str) -> None:
        rows = repository.rows
        self._repository = repository
        self._reviewer = reviewer
        self._work = work
        self._person = person
        self._layer = reviewer.gold.id
        self._codebook = rows.all(Project)[0].codebook
        values = rows.where_in(AttributeValue, "annotation", [annotation.id for annotation in work.gold])
        relations = [one for one in rows.where(Relation, "document", work.document.id) if one.layer == self._layer]
        everything: tuple[Record, ...] = (*work.gold, *values, *relations, *work.decisions)
        self._before: dict[_Key, Record] = {(row.table, row.id): row for row in everything}
        self._after = dict(self._before)
        self._values: dict[str, set[str]] = defaultdict(set)
        for value in values:
            self._values[value.annotation].add(value.id)
        self._standing: dict[str, set[str]] = defaultdict(set)
        for annotation in work.gold:
            for origin in annotation.decided_from:
                self._standing[origin].add(annotation.id)
        self._undecided = self._without_decision()
        self._touched: set[str] = set()
        self._new: list[str] = []

    def _without_decision(self) -> dict[tuple[str, tuple[Fragment, ...]], Annotation]:
        """Return what gold has without a decision, as loaded gold is, by label and fragments."""
        decided = {identity for decision in self._work.decisions for identity in decision.result}
        return {(a.label, a.fragments): a for a in self._work.gold if not a.decided_from and a.id not in decided}

    def settle(
        self, judged: Judged, choice: str, spans: Sequence[GoldSpan], chosen: Sequence[str], reason: str
    ) -> Decision:
        """Put spans in the place of all that gold had for a case, and the decision in that of former ones.

        A reason and a precedent stay where the choice does.
        """
        for former in judged.decisions:
            self.withdraw(former)
        case = judged.case
        self._drop_standing_for({annotation.id for annotation in case.annotations})
        ids = tuple(dict.fromkeys(self._put(case, span) for span in spans))
        last = judged.decisions[-1] if judged.decisions else None
        kept = last if last is not None and last.choice == choice else None
        decision = Decision(
            case.id,
            case.document,
            self._layer,
            case.kind,
            choice,
            self._person,
            now(),
            basis_of(case, self._work.raw, chosen),
            ids,
            reason or (kept.reason if kept else ""),
            kept.precedent if kept else None,
        )
        self._after["decision", decision.id] = decision
        self._new.append(decision.id)
        return decision

    def withdraw(self, decision: Decision) -> None:
        """Take a decision and the gold that came of it away."""
        self._after.pop(("decision", decision.id), None)
        for identity in decision.result:
            self._drop(identity)
        self._drop_standing_for(set(annotations_in(decision.basis)))

    def _drop_standing_for(self, origins: set[str]) -> None:
        for origin in origins:
            for annotation in list(self._standing.get(origin, ())):
                self._drop(annotation)

    def _drop(self, annotation: str) -> None:
        row = self._after.pop(("annotation", annotation), None)
        if not isinstance(row, Annotation):
            return
        self._touched.add(annotation)
        self._drop_values(annotation)
        for origin in row.decided_from:
            self._standing[origin].discard(annotation)

    def _drop_values(self, annotation: str) -> None:
        for value in self._values.pop(annotation, ()):
            del self._after["attribute_value", value]

    def _put(self, case: Case, span: GoldSpan) -> str:
        annotation = self._row(case, span)
        self._drop(annotation.id)
        self._after["annotation", annotation.id] = annotation
        self._touched.add(annotation.id)
        for origin in annotation.decided_from:
            self._standing[origin].add(annotation.id)
        for attribute, value in span.values.items():
            identity = derived_id(annotation.id, "attribute", attribute)
            row = AttributeValue(identity, annotation.id, self._layer, attribute, value)
            self._after["attribute_value", identity] = row
            self._values[annotation.id].add(identity)
        return annotation.id

    def _row(self, case: Case, span: GoldSpan) -> Annotation:
        identity = derived_id(self._layer, "gold", case.id, span.label, json.dumps(span.fragments))
        before = self._before.get(("annotation", identity))
        if before is None:
            before = self._undecided.pop((span.label, span.fragments), None)
        if not isinstance(before, Annotation):
            return Annotation(
                identity,
                case.document,
                self._layer,
                span.label,
                self._person,
                self._codebook,
                now(),
                span.fragments,
                decided_from=span.decided_from,
            )
        if (before.label, before.fragments, before.decided_from) == (span.label, span.fragments, span.decided_from):
            return before
        return replace(before, annotator=self._person, codebook=self._codebook, decided_from=span.decided_from)

    def changes(self) -> list[RowChange]:
        """Return what became of the rows; relations and the results of new decisions are settled first."""
        self._relate()
        changes = [
            RowChange(self._before.get(key), self._after.get(key))
            for key in dict.fromkeys([*self._before, *self._after])
            if self._before.get(key) != self._after.get(key)
        ]
        gone = [change.row for change in changes if change.after is None]
        return [*changes, *deleted(*self._repository.rows.where_in(Note, "target", gone))]

    def span_count(self) -> int:
        """Return how many annotations gold has."""
        return sum(isinstance(row, Annotation) for row in self._after.values())

    def decision(self, identity: str) -> Decision:
        """Return a decision as it is stored; after `changes`."""
        found = self._after["decision", identity]
        assert isinstance(found, Decision)
        return found

    def _relate(self) -> None:
        """Let gold have the relations that were decided on and whose ends it has, as far as touched spans go."""
        wanted = self._wanted_relations()
        for row in list(self._after.values()):
            if isinstance(row, Relation) and not self._may_stay(row, wanted):
                del self._after["relation", row.id]
        there = {(r.type, r.source, r.target) for r in self._after.values() if isinstance(r, Relation)}
        document = self._work.document.id
        for identity, (kind, source, target) in wanted.items():
            is_new = (kind, source, target) not in there and not self._touched.isdisjoint((source, target))
            if is_new:
                stored = self._before.get(("relation", identity))
                row = stored or Relation(identity, document, self._layer, kind, source, target, self._person, now())
                self._after["relation", identity] = row
        for identity in self._new:
            self._complete(identity, wanted)

    def _may_stay(self, relation: Relation, wanted: Mapping[str, tuple[str, str, str]]) -> bool:
        ends = (relation.source, relation.target)
        if any(("annotation", end) not in self._after for end in ends):
            return False
        is_derived = relation.id == self._relation_id(relation.type, *ends)
        return not is_derived or relation.id in wanted or self._touched.isdisjoint(ends)

    def _relation_id(self, kind: str, source: str, target: str) -> str:
        return derived_id(self._layer, "gold", kind, source, target)

    def _wanted_relations(self) -> dict[str, tuple[str, str, str]]:
        """Return type and ends of the relations that the decisions ask for and gold can have, by id.

        A relation is decided on with the span that it leads from.
        """
        stands = {
            origin: row for row in self._after.values() if isinstance(row, Annotation) for origin in row.decided_from
        }
        wanted = {}
        for decision in [row for row in self._after.values() if isinstance(row, Decision)]:
            chosen = decision.basis.get("chosen", ())
            for entry in decision.basis.get("relations", {}).values():
                source, target = stands.get(entry["source"]), stands.get(entry["target"])
                if entry["layer"] not in chosen or source is None or target is None or source.id == target.id:
                    continue
                if self._is_allowed(entry["type"], source, target):
                    place = (entry["type"], source.id, target.id)
                    wanted[self._relation_id(*place)] = place
        return wanted

    def _is_allowed(self, kind: str, source: Annotation, target: Annotation) -> bool:
        known = self._reviewer.relation_types.get(kind)
        return known is not None and all(
            not ends or not self._lineage(annotation.label).isdisjoint(ends)
            for ends, annotation in ((known.sources, source), (known.targets, target))
        )

    def _lineage(self, label: str | None) -> set[str]:
        """Return the keys of a label and of those above it."""
        keys: set[str] = set()
        while label is not None:
            found: Label | None = self._reviewer.labels.get(label)
            if found is None or found.key in keys:
                break
            keys.add(found.key)
            label = found.parent
        return keys

    def _complete(self, identity: str, wanted: Mapping[str, tuple[str, str, str]]) -> None:
        """Name in a new decision's result the relations that lead to or from its spans."""
        decision = self._after.get(("decision", identity))
        if not isinstance(decision, Decision):
            return
        spans = set(decision.result)
        related = [
            one
            for one, (_, source, target) in wanted.items()
            if not spans.isdisjoint((source, target)) and ("relation", one) in self._after
        ]
        self._after["decision", identity] = replace(decision, result=(*decision.result, *related))


def spans_for(work: DocumentWork, case: Case, choice: str, chosen: Sequence[str]) -> list[GoldSpan]:
    """Return the spans that a choice other than edit makes of a case; it has to apply."""
    if choice == "neither":
        return []
    if choice in ("union", "intersection"):
        return [joined_span(case, choice, work.raw)]
    if choice == "both":
        return every_version(case, work.raw)
    return spans_of_layers(case, chosen, work.raw, _matches(case, chosen))


def _matches(case: Case, chosen: Sequence[str]) -> dict[str, list[Annotation]]:
    """Return what the annotations of the chosen layers are matched with in the others, by their id."""
    found: dict[str, list[Annotation]] = {}
    for own in chosen:
        for layer in case.layers:
            if layer in chosen:
                continue
            for one, other in matched_pairs(case.of(own), case.of(layer)):
                if one is not None and other is not None:
                    found.setdefault(one.id, []).append(other)
    return found
