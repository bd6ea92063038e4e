"""How labelled data of others becomes that of a project: which name means which label, and what to do with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.codebook import Codebook, check_value
from annotator.core.codebook_edits import free_key, new_label, new_relation, with_entry
from annotator.core.errors import NotFoundError, UserError
from annotator.core.records import Label, RelationType

if TYPE_CHECKING:
    from annotator.formats.datasets.losses import Loss, LossCollector
    from annotator.formats.datasets.reading import Problem, Reading
    from annotator.formats.datasets.summary import Summary


@dataclass(frozen=True, slots=True)
class UsedName:
    """A label or relation type of a file: how often it is used, and the key in the codebook that it means, if any."""

    name: str
    count: int
    key: str | None


@dataclass(frozen=True, slots=True)
class LoadExamination:
    """What a labelled file holds, before it comes in.

    `attributes` and `layers` are the names that it uses with how often. `moved` spans lie beside their quotes and will
    be put where these stand; `problems` cannot come in.
    """

    file: Path
    format: str
    documents: int
    spans: int
    relations: int
    labels: tuple[UsedName, ...]
    relation_types: tuple[UsedName, ...]
    attributes: Mapping[str, int]
    layers: Mapping[str, int]
    moved: int
    problems: tuple[Problem, ...]
    losses: tuple[Loss, ...]


def examination_of(reading: Reading, summary: Summary, codebook: Codebook) -> LoadExamination:
    """Return what a reading found, with what its names seem to mean in a codebook."""

    def used(counts: Mapping[str, int], entries: Sequence[Label | RelationType]) -> tuple[UsedName, ...]:
        return tuple(UsedName(name, count, meaning(name, entries)) for name, count in sorted(counts.items()))

    return LoadExamination(
        reading.path,
        reading.format.name,
        *summary.counts,
        used(summary.labels, codebook.labels),
        used(summary.relation_types, codebook.relations),
        dict(sorted(summary.attributes.items())),
        dict(sorted(summary.layers.items())),
        reading.moved,
        tuple(reading.problems),
        reading.context.losses.losses(),
    )


LEFT_OUT = ""
"""What a name means whose spans or relations stay behind."""


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What the person decided before a file comes in.

    `labels` and `relations` give for a name in the file the key in the codebook, or `LEFT_OUT`. Names that they do not
    have are taken for the entry that is called so, if there is one. With `add`, the codebook gets what it lacks;
    without it, that is refused. `layer` takes all annotations: gold or an annotator's name; None keeps the file's.
    `skip` lets the rest come in where something of the file is wrong. `near` matches a text that is here a little
    differently: its spans are looked for in the text that is here.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, str] = field(default_factory=dict)
    add: bool = False
    layer: str | None = None
    skip: bool = False
    near: bool = False


def meaning(name: str, entries: Iterable[Label | RelationType]) -> str | None:
    """Return the key of the entry in use that a name of another program means: by key, by name, or like one of them."""
    known = [one for one in entries if not one.retired]
    wanted = name.strip().casefold()
    for one in known:
        if one.key == name.strip():
            return one.key
    for one in known:
        if wanted in (one.key.casefold(), one.name.casefold()):
            return one.key
    like = free_key(name, (), "label")
    return next((one.key for one in known if one.key == like), None)


_KINDS: dict[str, tuple[Any, Any, Any]] = {
    "label": (attrgetter("labels"), Codebook.label_by_key, new_label),
    "relation type": (attrgetter("relations"), Codebook.relation_by_key, new_relation),
}
"""How a codebook lists its entries of a kind, finds one by its key, and makes a new one of a name."""


class Meanings:
    """The meanings of a file's names in a codebook, by a plan; `codebook` is the one with what was added.

    Raises NotFoundError for a name that the plan gives a meaning that is not in the codebook.
    """

    def __init__(self, codebook: Codebook, plan: LoadPlan, labels: Iterable[str], relations: Iterable[str]) -> None:
        self.codebook = codebook
        self.added: list[str] = []
        """The names of the labels and relation types that the codebook did not have."""
        self._adds = plan.add
        self._labels = {name: self._key(name, plan.labels, "label") for name in sorted(labels)}
        self._relations = {name: self._key(name, plan.relations, "relation type") for name in sorted(relations)}

    def _key(self, name: str, chosen: Mapping[str, str], kind: str) -> str:
        """Return the key of the entry of a kind (see `_KINDS`) that a name means, or `LEFT_OUT`."""
        entries, by_key, new = _KINDS[kind]
        if name in chosen:
            return by_key(self.codebook, chosen[name]).key if chosen[name] != LEFT_OUT else LEFT_OUT
        known = entries(self.codebook)
        found = meaning(name, known)
        if found is not None:
            return found
        if not self._adds:
            raise NotFoundError(
                "The codebook has no {kind} “{name}”. Say which one it means, leave it out, or let it be added; there "
                "are: {known}.",
                kind=kind,
                name=name,
                known=", ".join(sorted(one.key for one in known)),
            )
        return self._added(new(self.codebook, _entry_name(name)))

    def _added(self, entry: Label | RelationType) -> str:
        self.codebook = with_entry(self.codebook, entry)
        self.added.append(entry.name)
        return entry.key

    def of(self, line: Mapping[str, Any], losses: LossCollector, own: str) -> dict[str, Any]:
        """Return a line in the words of the codebook; `own` is the id of whoever brings in what says no layer."""
        spans = [self._span(span, losses, own) for span in line["spans"] if self._is_wanted(span, losses)]
        layers = {span["id"]: span["layer"] for span in spans}
        relations = []
        for relation in line["relations"]:
            kind = self._relations[relation["type"]]
            if kind == LEFT_OUT:
                losses.add("relations that were left out", relation["type"])
            elif relation["from"] in layers and relation["to"] in layers:
                layer = relation["layer"] or layers[relation["from"]]
                annotator = relation["annotator"] or _person(layer, own)
                relations.append({**relation, "type": kind, "layer": layer, "annotator": annotator})
            else:
                losses.add("relations of spans that were left out", relation["type"])
        return {**line, "spans": spans, "relations": relations}

    def _is_wanted(self, span: Mapping[str, Any], losses: LossCollector) -> bool:
        if self._labels[span["label"]] == LEFT_OUT:
            losses.add("spans whose label was left out", span["label"])
            return False
        return True

    def _span(self, span: Mapping[str, Any], losses: LossCollector, own: str) -> dict[str, Any]:
        annotator = span["annotator"] or _person(span["layer"], own)
        return {
            **span,
            "label": self._labels[span["label"]],
            "attributes": self._attributes(span, losses),
            "annotator": annotator,
            "layer": span["layer"] or annotator,
        }

    def _attributes(self, span: Mapping[str, Any], losses: LossCollector) -> dict[str, Any]:
        found = {}
        for key, value in span["attributes"].items():
            if value is None:
                continue
            try:
                found[key] = check_value(self.codebook.attribute_by_key(key), value)
            except NotFoundError:
                losses.add("attributes that the codebook does not have", key)
            except UserError:
                losses.add("values that do not fit their attribute", f"{key}: {value!r:.40}")
        return found


def _person(layer: str, own: str) -> str:
    return own if layer in ("", "gold") else layer


def _entry_name(name: str) -> str:
    return " ".join(name.replace("_", " ").split())[:80] or "label"
