"""What several layers have in one document, laid side by side: which spans are one case, and how they differ.

The rule, pair by pair of layers. Each span is matched with at most one of the other layer, in passes:

1. spans with the same label on the same fragments;
2. spans on the same fragments;
3. spans with the same label that overlap, the largest overlap first;
4. any other spans that overlap, the largest overlap first.

The overlap of two spans is the share of code points that they have in common (intersection / union, fragments counted,
gaps not). Among equals the one earlier in the text goes first, then the lower id.

A case holds the spans that are matched with each other, over all layers. Then comes what one layer cut into several:
a span that found no match in a layer joins the case of the span of that layer that it overlaps most, where that span is
matched with at least `LEAST_MATCH` of overlap, this one overlaps it by at least `LEAST_PIECE`, and no two spans of one
layer that overlap would come together. So “Pledge over the whole sentence” and “Pledge, then Condition” are one case,
and a span as long as the document gathers nothing.

A relation belongs to the case of the span that it leads from. It is compared where every layer has something in the
case that it leads to.

The kind of a case is the first of these that holds: nesting (a layer has several spans), one_sided (a layer has none),
label, edges, attribute, relation, same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from annotator.core.cases import Case
from annotator.core.ids import derived_id
from annotator.core.records import Annotation, Fragment, Relation

LEAST_MATCH = 0.2
"""The share by which a span must overlap its own match so that further spans join their case."""

LEAST_PIECE = 0.05
"""The share by which a further span must overlap it."""

Values = Mapping[str, Mapping[str, Any]]
Pair = tuple[Annotation | None, Annotation | None]
_Found = tuple[float, Annotation, Annotation]


def matched_pairs(one: Iterable[Annotation], other: Iterable[Annotation]) -> list[Pair]:
    """Return each annotation of both sides once, with its match or with None, in the order of the text."""
    firsts, others = _in_text_order(one), _in_text_order(other)
    matches = _matches(firsts, others)
    taken = {match.id for match in matches.values()}
    pairs: list[Pair] = [(annotation, matches.get(annotation.id)) for annotation in firsts]
    pairs += [(None, annotation) for annotation in others if annotation.id not in taken]
    return sorted(pairs, key=_pair_place)


def cases(
    document: str,
    layers: Sequence[str],
    annotations: Iterable[Annotation],
    relations: Iterable[Relation],
    values: Values,
    gold_layer: str,
) -> list[Case]:
    """Return the cases of a document by this module's rule, in the order of the text.

    Args:
        document: the document's id.
        layers: ids of the layers to compare, in the order of the keys; annotations of others are passed over.
        annotations: what is tagged in the document.
        relations: the relations there.
        values: attribute values by annotation id and key.
        gold_layer: the id of the gold layer, from which the ids of the cases follow.
    """
    by_layer: dict[str, list[Annotation]] = {layer: [] for layer in layers}
    for annotation in _in_text_order(annotations):
        if annotation.layer in by_layer:
            by_layer[annotation.layer].append(annotation)
    groups = _grouped(by_layer)
    return _Cases(document, tuple(layers), groups, relations, values, gold_layer).all()


def overlap(one: Sequence[Fragment], other: Sequence[Fragment]) -> float:
    """Return the code points that two spans have in common, as a share (0 to 1) of those that either has."""
    common = _common(one, other)
    return common / (_length(one) + _length(other) - common) if common else 0.0


def _length(fragments: Sequence[Fragment]) -> int:
    return sum(end - start for start, end in fragments)


def _common(one: Sequence[Fragment], other: Sequence[Fragment]) -> int:
    if len(one) == 1 and len(other) == 1:
        return max(0, min(one[0][1], other[0][1]) - max(one[0][0], other[0][0]))
    total, left, right = 0, 0, 0
    while left < len(one) and right < len(other):
        total += max(0, min(one[left][1], other[right][1]) - max(one[left][0], other[right][0]))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return total


def _place(annotation: Annotation) -> tuple[int, int, str]:
    return annotation.start, annotation.end, annotation.id


def _pair_place(pair: Pair) -> tuple[tuple[int, int, str], ...]:
    return tuple(sorted(_place(annotation) for annotation in pair if annotation is not None))


def _in_text_order(annotations: Iterable[Annotation]) -> list[Annotation]:
    return sorted(annotations, key=_place)


def _matches(one: Sequence[Annotation], other: Sequence[Annotation]) -> dict[str, Annotation]:
    """Return the matches of the first side by id; both sides are in the order of the text."""
    matches: dict[str, Annotation] = {}
    for with_label in (True, False):
        one, other = _take_equal(one, other, matches, with_label=with_label)
    taken: set[str] = set()
    for _, left, right in sorted(_overlapping(one, other), key=_best_first):
        if left.id not in matches and right.id not in taken:
            matches[left.id] = right
            taken.add(right.id)
    return matches


def _take_equal(
    one: Sequence[Annotation], other: Sequence[Annotation], matches: dict[str, Annotation], *, with_label: bool
) -> tuple[list[Annotation], list[Annotation]]:
    """Match what has the same fragments, and the same label if asked to; return what is left of both sides."""
    waiting: dict[Any, list[Annotation]] = defaultdict(list)
    for annotation in reversed(other):
        waiting[_key(annotation, with_label)].append(annotation)
    left = []
    taken: set[str] = set()
    for annotation in one:
        equal = waiting.get(_key(annotation, with_label))
        if equal:
            matches[annotation.id] = match = equal.pop()
            taken.add(match.id)
        else:
            left.append(annotation)
    return left, [annotation for annotation in other if annotation.id not in taken]


def _key(annotation: Annotation, with_label: bool) -> tuple[object, str]:
    return annotation.fragments, annotation.label if with_label else ""


def _overlapping(one: Sequence[Annotation], other: Sequence[Annotation]) -> Iterator[_Found]:
    """Yield (overlap, annotation of the first side, annotation of the other) for all that overlap.

    Both sides are in the order of the text; each annotation meets only those that have not ended where it begins.
    """
    ones: list[Annotation] = []
    others: list[Annotation] = []
    first = second = 0
    while (first < len(one) and (second < len(other) or others)) or (second < len(other) and ones):
        is_first = second == len(other) or (first < len(one) and one[first].start <= other[second].start)
        new = one[first] if is_first else other[second]
        met = others if is_first else ones
        met[:] = [annotation for annotation in met if annotation.end > new.start]
        for annotation in met:
            share = overlap(new.fragments, annotation.fragments)
            if share:
                yield (share, new, annotation) if is_first else (share, annotation, new)
        (ones if is_first else others).append(new)
        first, second = first + is_first, second + (not is_first)


def _best_first(found: _Found) -> tuple[object, ...]:
    share, one, other = found
    return one.label != other.label, -share, sorted((_place(one), _place(other)))


class _Groups:
    """Annotations that belong together, joined two groups at a time."""

    def __init__(self, annotations: Iterable[Annotation]) -> None:
        self._group = {annotation.id: [annotation] for annotation in annotations}

    def __iter__(self) -> Iterator[list[Annotation]]:
        return iter({id(group): group for group in self._group.values()}.values())

    def join(self, one: Annotation, other: Annotation) -> None:
        """Put the groups of two annotations together."""
        first, second = self._group[one.id], self._group[other.id]
        if first is second:
            return
        if len(first) < len(second):
            first, second = second, first
        first += second
        for annotation in second:
            self._group[annotation.id] = first

    def would_collide(self, one: Annotation, other: Annotation) -> bool:
        """Say whether joining would bring two annotations of one layer together that overlap."""
        first, second = self._group[one.id], self._group[other.id]
        return first is not second and any(
            a.layer == b.layer and _common(a.fragments, b.fragments) for a in first for b in second
        )


def _grouped(by_layer: Mapping[str, list[Annotation]]) -> _Groups:
    groups = _Groups(annotation for annotations in by_layer.values() for annotation in annotations)
    pieces: list[_Found] = []
    for one, other in combinations(sorted(by_layer), 2):
        matches = _matches(by_layer[one], by_layer[other])
        back = {match.id: annotation for annotation in by_layer[one] if (match := matches.get(annotation.id))}
        for annotation in by_layer[one]:
            if annotation.id in matches:
                groups.join(annotation, matches[annotation.id])
        pieces += _pieces(by_layer[one], by_layer[other], matches, back)
        pieces += _pieces(by_layer[other], by_layer[one], back, matches)
    for _, piece, whole in sorted(pieces, key=_nearest_first):
        if not groups.would_collide(piece, whole):
            groups.join(piece, whole)
    return groups


def _nearest_first(found: _Found) -> tuple[object, ...]:
    share, piece, whole = found
    return -share, _place(piece), _place(whole)


def _pieces(
    one: Sequence[Annotation],
    other: Sequence[Annotation],
    matches: Mapping[str, Annotation],
    back: Mapping[str, Annotation],
) -> Iterator[_Found]:
    """Yield what found no match, with the annotation of the other side that it may be a piece of."""
    best: dict[str, _Found] = {}
    for found in _overlapping([annotation for annotation in one if annotation.id not in matches], other):
        known = best.get(found[1].id)
        if known is None or _nearest_first(found) < _nearest_first(known):
            best[found[1].id] = found
    for share, piece, whole in best.values():
        match = back.get(whole.id)
        if match is not None and share >= LEAST_PIECE and overlap(match.fragments, whole.fragments) >= LEAST_MATCH:
            yield share, piece, whole


class _Cases:
    """Makes the cases of one document of the groups of its annotations."""

    def __init__(
        self,
        document: str,
        layers: tuple[str, ...],
        groups: _Groups,
        relations: Iterable[Relation],
        values: Values,
        gold_layer: str,
    ) -> None:
        self._document = document
        self._layers = layers
        self._order = {layer: place for place, layer in enumerate(layers)}
        self._groups = list(groups)
        self._group_of = {a.id: place for place, group in enumerate(self._groups) for a in group}
        self._is_full = [len({a.layer for a in group}) == len(layers) for group in self._groups]
        self._values = values
        self._gold_layer = gold_layer
        self._from: dict[str, list[Relation]] = defaultdict(list)
        for relation in sorted(relations, key=_relation_place):
            if relation.source in self._group_of and relation.layer in self._order:
                self._from[relation.source].append(relation)

    def all(self) -> list[Case]:
        """Return them in the order of the text."""
        return sorted((self._case(group) for group in self._groups), key=_case_place)

    def _case(self, group: list[Annotation]) -> Case:
        annotations = tuple(sorted(group, key=self._case_order))
        relations = tuple(relation for annotation in annotations for relation in self._from.get(annotation.id, ()))
        return Case(
            derived_id(self._gold_layer, "case", *sorted(row.id for row in (*annotations, *relations))),
            self._document,
            self._kind(annotations),
            min(annotation.start for annotation in annotations),
            max(annotation.end for annotation in annotations),
            self._layers,
            annotations,
            relations,
            {a.id: self._values[a.id] for a in annotations if a.id in self._values},
        )

    def _case_order(self, annotation: Annotation) -> tuple[int, tuple[int, int, str]]:
        return self._order[annotation.layer], _place(annotation)

    def _kind(self, annotations: Sequence[Annotation]) -> str:
        present = {annotation.layer for annotation in annotations}
        if len(present) < len(annotations):
            return "nesting"
        if len(present) < len(self._layers):
            return "one_sided"
        if len({annotation.label for annotation in annotations}) > 1:
            return "label"
        if len({annotation.fragments for annotation in annotations}) > 1:
            return "edges"
        first = self._values.get(annotations[0].id, {})
        if any(self._values.get(annotation.id, {}) != first for annotation in annotations):
            return "attribute"
        related = self._related(annotations[0])
        return "relation" if any(self._related(annotation) != related for annotation in annotations) else "same"

    def _related(self, annotation: Annotation) -> set[tuple[str, int]]:
        """Return what an annotation is related to: types with cases in which every layer has something."""
        targets = (
            (relation.type, self._group_of.get(relation.target)) for relation in self._from.get(annotation.id, ())
        )
        return {(kind, group) for kind, group in targets if group is not None and self._is_full[group]}


def _relation_place(relation: Relation) -> tuple[str, str]:
    return relation.type, relation.id


def _case_place(case: Case) -> tuple[int, int, str]:
    return case.start, case.end, case.id
