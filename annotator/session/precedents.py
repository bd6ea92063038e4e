"""What earlier decisions tell: examples kept under labels, reasons given before, and the digest for an analyst."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.core.basis import annotations_in, fragments_in, hull_of, values_in
from annotator.core.changes import RowChange
from annotator.core.records import (
    FINISHED,
    Annotation,
    Annotator,
    AttributeValue,
    Decision,
    Document,
    Fragment,
    Label,
    Layer,
    Note,
    Round,
    Status,
)
from annotator.core.same_people import ids_of
from annotator.session.review import return_note_id
from annotator.storage.repository import Repository

QUOTE_LENGTH = 300
"""Code points of a quote at most."""

Quoted = tuple[str, str]
"""The name of a label and the text that has it."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decision that is kept under the label `label` as an example: `quote` is its text on one line.

    `gold` is what was decided: label names with their texts, which may be nothing. `title` is the document's.
    """

    decision: Decision
    label: str
    quote: str
    gold: tuple[Quoted, ...]
    reason: str
    document: str
    title: str


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One decision as the analyst sees it: what they have, what gold has; either may be nothing.

    `start` and `end` are code points, half-open. `differs` says that gold is not what they have, values included.
    `by` is the name of who decided.
    """

    decision: str
    start: int
    end: int
    theirs: tuple[Quoted, ...]
    gold: tuple[Quoted, ...]
    differs: bool
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class DigestDocument:
    """The decisions on one document, in the order of the text; `note` is what came with its return."""

    document: str
    title: str
    entries: tuple[DigestEntry, ...]
    note: str = ""


def precedents(repository: Repository, label: str | None = None) -> list[Precedent]:
    """Return what is kept under a label (by id), or under any, the newest first."""
    rows = repository.rows
    if label is None:
        found = rows.where_in(Decision, "id", repository.decisions.precedents())
    else:
        found = rows.where(Decision, "precedent", label)
    in_sight = repository.lists.in_sight({decision.document for decision in found})
    found = [decision for decision in found if decision.document in in_sight]
    found.sort(key=_newest_last, reverse=True)
    return list(_as_precedents(repository, found))


def _newest_last(decision: Decision) -> tuple[str, str]:
    return decision.created, decision.id


def _as_precedents(repository: Repository, decisions: Sequence[Decision]) -> Iterator[Precedent]:
    reading = _Reading(repository)
    documents = {d.id: d for d in repository.rows.where_in(Document, "id", {one.document for one in decisions})}
    for decision in decisions:
        document = documents[decision.document]
        text = repository.blobs.text(document.text)
        gold = reading.gold_of([decision])
        yield Precedent(
            decision,
            decision.precedent or "",
            on_one_line(text, [hull_of(decision.basis)]),
            reading.quoted(text, [(a.label, a.fragments) for a in gold]),
            decision.reason,
            document.id,
            document.title,
        )


def moved_precedents(repository: Repository, labels: Mapping[str, str]) -> list[RowChange]:
    """Return the changes that put precedents under the labels that theirs were merged into, by id."""
    found = repository.rows.where_in(Decision, "precedent", list(labels))
    in_sight = repository.lists.in_sight({decision.document for decision in found})
    return [
        RowChange(decision, replace(decision, precedent=labels[decision.precedent or ""]))
        for decision in found
        if decision.document in in_sight
    ]


def digest(repository: Repository, annotator: str, *, in_package: bool = False) -> list[DigestDocument]:
    """Return what was decided on a person's work: on documents returned to them, and in practice rounds after hand-in.

    A package (`in_package`) holds no other decisions, so there all are shown, also once the document is done again. It
    comes from the decisions and the gold that the file holds, and nothing else. Documents with nothing to tell, no
    decision and no note, are left out.
    """
    rows = repository.rows
    people = ids_of(rows.all(Annotator), annotator)
    rounds = {one.id: one for one in rows.all(Round)}
    own = [layer for layer in rows.all(Layer) if layer.annotator in people]
    gold = {layer.round: layer.id for layer in rows.all(Layer) if layer.kind == "gold"}
    reading = _Reading(repository)
    found: list[DigestDocument] = []
    for layer in own:
        shown = FINISHED if rounds[layer.round].practice else frozenset({"returned"})
        statuses = [one for one in rows.where(Status, "layer", layer.id) if in_package or one.status in shown]
        in_sight = repository.lists.in_sight([one.document for one in statuses])
        own_layers = {one.id for one in own if one.round == layer.round}
        for document in rows.where_in(Document, "id", sorted(in_sight)):
            one = reading.digest_of(document, layer.id, own_layers, gold.get(layer.round, ""))
            if one.entries or one.note:
                found.append(one)
    return sorted(found, key=_digest_place)


def _digest_place(one: DigestDocument) -> tuple[str, str]:
    return one.title.casefold(), one.document


def on_one_line(text: str, fragments: Iterable[Fragment]) -> str:
    """Return the text of fragments, on one line and cut to a readable length."""
    line = " … ".join(" ".join(text[start : min(end, start + QUOTE_LENGTH)].split()) for start, end in fragments)
    return line if len(line) <= QUOTE_LENGTH else line[: QUOTE_LENGTH - 1].rstrip() + "…"


class _Reading:
    """Reads decisions as people read them."""

    def __init__(self, repository: Repository) -> None:
        self._rows = repository.rows
        self._blobs = repository.blobs
        self._labels: Mapping[str, str] = {label.id: label.name for label in self._rows.all(Label)}
        self._people: Mapping[str, str] = {person.id: person.name for person in self._rows.all(Annotator)}

    def gold_of(self, decisions: Sequence[Decision]) -> list[Annotation]:
        """Return the gold annotations that came of decisions, in the order of the text."""
        ids = [identity for decision in decisions for identity in decision.result]
        return sorted(self._rows.where_in(Annotation, "id", ids), key=lambda one: (one.start, one.end, one.id))

    def quoted(self, text: str, spans: Iterable[tuple[str, Sequence[Fragment]]]) -> tuple[Quoted, ...]:
        """Return spans, given by label id and fragments, with the label's name and their text."""
        return tuple((self._labels.get(label, "?"), on_one_line(text, fragments)) for label, fragments in spans)

    def digest_of(self, document: Document, layer: str, own_layers: set[str], gold_layer: str) -> DigestDocument:
        """Return the digest of one document for who has these layers."""
        decisions = [one for one in self._rows.where(Decision, "document", document.id) if one.layer == gold_layer]
        text = self._blobs.text(document.text) if decisions else ""
        gold = {annotation.id: annotation for annotation in self.gold_of(decisions)}
        values = self._values(gold)
        entries = [self._entry(one, text, own_layers, gold, values) for one in decisions]
        note = self._rows.get(Note, return_note_id(document.id, layer))
        place = sorted(entries, key=lambda entry: (entry.start, entry.end, entry.decision))
        return DigestDocument(document.id, document.title, tuple(place), note.body if note else "")

    def _values(self, annotations: Iterable[str]) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for value in self._rows.where_in(AttributeValue, "annotation", annotations):
            found.setdefault(value.annotation, {})[value.attribute] = value.value
        return found

    def _entry(
        self,
        decision: Decision,
        text: str,
        own_layers: set[str],
        gold: Mapping[str, Annotation],
        values: Mapping[str, dict[str, object]],
    ) -> DigestEntry:
        entries = [entry for entry in annotations_in(decision.basis).values() if entry["layer"] in own_layers]
        theirs = [(entry["label"], fragments_in(entry), values_in(entry)) for entry in entries]
        theirs.sort(key=lambda one: one[1])
        decided = [gold[identity] for identity in decision.result if identity in gold]
        decided.sort(key=lambda one: one.fragments)
        has = [(one.label, one.fragments, values.get(one.id, {})) for one in decided]
        start, end = hull_of(decision.basis)
        return DigestEntry(
            decision.id,
            start,
            end,
            self.quoted(text, [one[:2] for one in theirs]),
            self.quoted(text, [one[:2] for one in has]),
            theirs != has,
            decision.reason,
            self._people.get(decision.annotator, ""),
        )
