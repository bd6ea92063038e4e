"""What a choice on a case makes of it: the spans that go to gold, and which choices apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.basis import RawValues
from annotator.core.canonical import canonical_json
from annotator.core.cases import Case
from annotator.core.fragments import with_fragment
from annotator.core.records import Annotation, Fragment

Fragments = tuple[Fragment, ...]
Matches = Mapping[str, Sequence[Annotation]]
"""Which annotations of other layers each annotation is matched with, by its id."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A span for gold: `decided_from` are the annotations that it stands for, `values` as stored, by attribute id."""

    label: str
    fragments: Fragments
    decided_from: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


def applicable(case: Case) -> set[str]:
    """Return the choices that a case admits: of layer (any of `case.layers`), neither, union, intersection, both, edit
    and agreed.

    Union and intersection need one label on different edges, both needs two versions or more, agreed all layers alike.
    """
    choices = {"neither", "edit"}
    if case.annotations:
        choices.add("layer")
    if case.kind == "same" and len(case.layers) > 1:
        choices.add("agreed")
    versions = {(annotation.label, annotation.fragments) for annotation in case.annotations}
    if len(versions) > 1:
        choices.add("both")
    if len({label for label, _ in versions}) == 1 and len(versions) > 1:
        choices.add("union")
        if _intersection(case):
            choices.add("intersection")
    return choices


def _present(case: Case) -> list[str]:
    return [layer for layer in case.layers if case.of(layer)]


def union_of(annotations: Iterable[Annotation]) -> Fragments:
    """Return the fragments that cover what any of the annotations covers."""
    found: Fragments = ()
    for annotation in annotations:
        for fragment in annotation.fragments:
            found = with_fragment(found, fragment)
    return found


def _intersection(case: Case) -> Fragments:
    """Return the fragments that every layer with something here covers; may be empty."""
    sides = [union_of(case.of(layer)) for layer in _present(case)]
    common = sides[0]
    for side in sides[1:]:
        pairs = ((max(one[0], other[0]), min(one[1], other[1])) for one in common for other in side)
        common = tuple(sorted((start, end) for start, end in pairs if start < end))
    return common


def spans_of_layers(case: Case, layers: Sequence[str], raw: RawValues, matches: Matches) -> list[GoldSpan]:
    """Return the spans of some layers that have the same, each once; they stand for what is matched with them too."""
    versions: dict[tuple[str, Fragments], list[Annotation]] = {}
    for layer in layers:
        for annotation in case.of(layer):
            versions.setdefault((annotation.label, annotation.fragments), []).append(annotation)
    found = []
    taken: set[str] = {annotation.id for group in versions.values() for annotation in group}
    for (label, fragments), group in versions.items():
        own = [annotation.id for annotation in group]
        others = [m.id for annotation in group for m in matches.get(annotation.id, ()) if m.id not in taken]
        taken |= set(others)
        found.append(GoldSpan(label, fragments, tuple(dict.fromkeys([*own, *others])), _values(group, raw)))
    return found


def joined_span(case: Case, choice: str, raw: RawValues) -> GoldSpan:
    """Return the one span of the choice union or intersection, which has to apply; it stands for all that is here.

    Where values differ, those win that most have, and among them those of the earlier layer.
    """
    fragments = union_of(case.annotations) if choice == "union" else _intersection(case)
    origins = tuple(annotation.id for annotation in case.annotations)
    return GoldSpan(case.annotations[0].label, fragments, origins, _values(case.annotations, raw))


def every_version(case: Case, raw: RawValues) -> list[GoldSpan]:
    """Return each distinct version, of all layers; it stands for those that are exactly like it."""
    return spans_of_layers(case, case.layers, raw, {})


def _values(annotations: Sequence[Annotation], raw: RawValues) -> dict[str, Any]:
    keys = dict.fromkeys(key for annotation in annotations for key in raw.get(annotation.id, {}))
    return {key: _most_common([raw.get(annotation.id, {}).get(key) for annotation in annotations]) for key in keys}


def _most_common(values: Sequence[Any]) -> Any:
    given = [value for value in values if value is not None]
    counts = Counter(canonical_json(value) for value in given)
    return max(given, key=lambda value: counts[canonical_json(value)])


def agreeing(case: Case, least: int | None, case_of: Mapping[str, str]) -> tuple[str, ...]:
    """Return the layers that have the same here, or none: all, or with `least` the greatest group of at least so many.

    Layers that have nothing are no such group, and two groups of one size are none. `case_of` is the case of each
    annotation of the document, by id: relations to one case are alike.
    """
    if case.kind == "same" and len(case.layers) > 1:
        return case.layers if least is None or len(case.layers) >= least else ()
    if least is None:
        return ()
    groups: dict[str, list[str]] = {}
    for layer in _present(case):
        groups.setdefault(_version(case, layer, case_of), []).append(layer)
    sizes = sorted((len(group) for group in groups.values()), reverse=True)
    if not sizes or sizes[0] < max(least, 2) or sizes[1:2] == sizes[:1]:
        return ()
    return tuple(max(groups.values(), key=len))


def _version(case: Case, layer: str, case_of: Mapping[str, str]) -> str:
    """Return all that a layer has here, as text: labels, fragments, values, and where its relations lead."""
    annotations = case.of(layer)
    places = {annotation.id: place for place, annotation in enumerate(annotations)}
    spans = [(one.label, one.fragments, case.values.get(one.id, {})) for one in annotations]
    links = [
        (r.type, places[r.source], str(places.get(r.target, case_of.get(r.target, r.target))))
        for r in case.relations_of(layer)
    ]
    return canonical_json([spans, sorted(links)])
