"""What the right of a review says of a case, put together from the queue, the codebook and the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.core.cases import Case
from annotator.core.choices import applicable
from annotator.core.codebook import Codebook
from annotator.core.records import Decision, Fragment, Label
from annotator.ui.models.review_words import (
    FindSpan,
    decision_words,
    differing_values,
    face_name,
    isolated,
    summary,
    tr,
)
from annotator.ui.words import local_time, one_line, quoted

if TYPE_CHECKING:
    from annotator.session.precedents import Precedent
    from annotator.session.review_queue import LayerFace, ReviewCase, ReviewQueue

_MOST_DIGITS = 9
_QUOTE = 60


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer that can be taken: by which digit, whose it is, and what it has here."""

    layer: str
    digit: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that was decided alike: its document and id, and what became of it in words."""

    document: str
    case: str
    words: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A label as the codebook has it, with what was kept as precedents under it."""

    label: Label
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecideFacts:
    """All that the panel shows of a case. `applies` are choices that can be made, `chosen` the one that was made:
    a choice's name, or the id of the layer that was taken. `agreement` are names of labels with figures in words.
    """

    layers: tuple[LayerRow, ...] = ()
    applies: frozenset[str] = frozenset()
    chosen: str = ""
    state: str = ""
    codebook: int = 0
    definitions: tuple[Definition, ...] = ()
    agreement: tuple[tuple[str, str], ...] = ()
    alike: tuple[Alike, ...] = ()


class ReviewFacts:
    """Words on the cases of one queue. `names` says whether people are named, `own` is one's own annotator id."""

    def __init__(self, queue: ReviewQueue, codebook: Codebook, people: Mapping[str, str], own: str, *, names: bool):
        self._queue = queue
        self._codebook = codebook
        self._people = people
        self._own, self._names = own, names

    def face(self, layer: str) -> LayerFace | None:
        """Return the face of a layer, or of the layer that stands for it."""
        faces = self._queue.layers
        return faces.get(layer) or next((face for face in faces.values() if layer in face.others), None)

    def name(self, layer: str) -> str:
        """Return whose layer it is."""
        face = self.face(layer)
        return face_name(face, names=self._names, own=self._own) if face else "?"

    def digits(self, layers: Sequence[str]) -> dict[str, int]:
        """Return the digit that takes each of a case's layers: its letter’s place while digits are enough."""
        order = {layer: place for place, layer in enumerate(self._queue.layers, 1)}
        if all(order.get(layer, _MOST_DIGITS + 1) <= _MOST_DIGITS for layer in layers):
            return {layer: order[layer] for layer in layers}
        return {layer: place for place, layer in enumerate(layers[:_MOST_DIGITS], 1)}

    def legend(self, layers: Sequence[str]) -> list[tuple[str, str]]:
        """Return the letter and the name of each layer."""
        return [(face.letter, self.name(layer)) for layer in layers if (face := self.face(layer))]

    def labels_of(self, case: Case) -> list[Label]:
        """Return the labels that a case is about, in the order of the codebook."""
        wanted = {annotation.label for annotation in case.annotations}
        return [label for label in self._codebook.labels if label.id in wanted]

    def words(self, decision: Decision) -> str:
        """Return what was decided, such as the name of whose version was taken."""
        chosen = decision.basis.get("chosen") or ()
        return decision_words(decision, self.name(chosen[0]) if chosen else "")

    def of(
        self,
        one: ReviewCase,
        text: str,
        alike: Sequence[ReviewCase],
        precedents: Mapping[str, Sequence[Precedent]],
        agreement: Mapping[str, str],
        find: FindSpan,
        *,
        writable: bool,
    ) -> DecideFacts:
        """Return all that is shown of a case; `precedents` and words on `agreement` are by label id.

        `find` returns an annotation of the document by id.
        """
        case, digits = one.case, self.digits(one.case.layers)
        differing = differing_values(case) if case.kind == "attribute" else {}
        rows = [
            LayerRow(
                layer, digits[layer], self.name(layer), summary(case, layer, text, self._codebook, differing, find)
            )
            for layer in case.layers
            if layer in digits
        ]
        labels = self.labels_of(case)
        return DecideFacts(
            tuple(rows),
            frozenset(applicable(case)) if writable else frozenset(),
            _chosen(one.decision),
            self.state(one),
            self._codebook.version,
            tuple(Definition(label, tuple(map(_example, precedents.get(label.id, ())))) for label in labels),
            tuple((label.name, words) for label in labels if (words := agreement.get(label.id))),
            tuple(Alike(other.case.document, other.case.id, self._alike(other)) for other in alike),
        )

    def state(self, one: ReviewCase) -> str:
        """Return what became of a case, or nothing where it was never decided."""
        decision = one.decision
        if decision is None:
            return ""
        who = self._people.get(decision.annotator, "?")
        if one.state == "reopened":
            words = tr("Something changed since {name} decided it ({choice}). Gold stays until it is decided anew.")
            return words.format(name=who, choice=self.words(decision))
        words = tr("{choice}, decided by {name} · {time}")
        return words.format(choice=self.words(decision), name=who, time=local_time(decision.created))

    def _alike(self, one: ReviewCase) -> str:
        words = self.words(one.decision) if one.decision else ""
        reason = one.decision.reason if one.decision else ""
        taken = f"{words}, {one_line(reason, _QUOTE)}" if reason else words
        return f"\u200e{isolated(quoted(one.quote, _QUOTE))} → {taken}"


def _chosen(decision: Decision | None) -> str:
    """Return which row is ticked: that of a layer by its id, or of a choice by its name."""
    if decision is None:
        return ""
    chosen = decision.basis.get("chosen") or ("",)
    return str(chosen[0]) if decision.choice == "layer" else decision.choice


def _example(precedent: Precedent) -> str:
    reason = f" – {one_line(precedent.reason, _QUOTE)}" if precedent.reason else ""
    return f"{isolated(quoted(precedent.quote, _QUOTE))}{reason}"


def ground_of(case: Case) -> tuple[Fragment, ...]:
    """Return the text that a case is about: what any of its spans covers, or its hull where it has none."""
    pieces = sorted(fragment for annotation in case.annotations for fragment in annotation.fragments)
    found: list[Fragment] = []
    for start, end in pieces:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found) or ((case.start, case.end),)
