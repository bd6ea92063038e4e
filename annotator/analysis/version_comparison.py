"""Which spans of one version of a text are still there in another one, in what words, and which came and went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from annotator.core.anchors import Placing
from annotator.core.records import Annotation, Fragment

_SHARED_LEAST = 0.5
"""Share of the shorter one of two spans that has to lie in the other for them to be the same one."""


class SpanOutcome(Enum):
    """What became of a span."""

    SAME = "same"
    CHANGED = "changed"
    DROPPED = "dropped"
    WAITING = "waiting"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class SpanChange:
    """A span of the earlier version, of the later one, or of both, with its words."""

    outcome: SpanOutcome
    old: Annotation | None
    new: Annotation | None
    old_quote: str = ""
    new_quote: str = ""

    @property
    def annotation(self) -> Annotation:
        """Return the span as it is now, or as it was."""
        found = self.new or self.old
        assert found is not None
        return found

    def has_label(self, label: str) -> bool:
        """Say whether it has, or had, a label by id."""
        return label in {one.label for one in (self.old, self.new) if one is not None}


def quote_of(text: str, fragments: Sequence[Fragment]) -> str:
    """Return the words of a span, its fragments joined by an ellipsis."""
    return " … ".join(text[start:end] for start, end in fragments)


def compare_spans(
    placing: Placing,
    old: Sequence[Annotation],
    new: Sequence[Annotation],
    moved: Mapping[str, str],
    waiting: Collection[str] = (),
) -> list[SpanChange]:
    """Return what became of the spans, in the order of the later text, those that went where they stood.

    Args:
        placing: the two texts.
        old: the spans of the earlier text.
        new: those of the later text.
        moved: the ids of old ones in the later text, where they moved along; the others are found by their place,
            among those of the same label and layer.
        waiting: the ids of old ones of which nobody has said yet where they stand in the later text.
    """
    by_id = {annotation.id: annotation for annotation in new}
    pairs = {one.id: by_id[moved[one.id]] for one in old if moved.get(one.id) in by_id}
    pairs |= _pairs_by_place(placing, [one for one in old if one.id not in pairs], new, pairs)
    old_text, new_text = placing.alignment.old.text, placing.alignment.new.text
    found: list[tuple[tuple[int, int, int], SpanChange]] = []
    reached = -1
    for one in sorted(old, key=lambda a: (a.start, a.end)):
        other = pairs.get(one.id)
        quote = quote_of(old_text, one.fragments)
        if other is None:
            outcome = SpanOutcome.WAITING if one.id in waiting else SpanOutcome.DROPPED
            found.append(((reached, 1, one.start), SpanChange(outcome, one, None, quote)))
            continue
        reached = other.start
        other_quote = quote_of(new_text, other.fragments)
        same = quote.split() == other_quote.split() and one.label == other.label
        outcome = SpanOutcome.SAME if same else SpanOutcome.CHANGED
        found.append(((other.start, 0, other.end), SpanChange(outcome, one, other, quote, other_quote)))
    paired = {other.id for other in pairs.values()}
    for other in new:
        if other.id not in paired:
            change = SpanChange(SpanOutcome.ADDED, None, other, "", quote_of(new_text, other.fragments))
            found.append(((other.start, 0, other.end), change))
    return [change for _, change in sorted(found, key=lambda item: item[0])]


def _pairs_by_place(
    placing: Placing, old: Sequence[Annotation], new: Sequence[Annotation], taken: Mapping[str, Annotation]
) -> dict[str, Annotation]:
    used = {other.id for other in taken.values()}
    free: dict[tuple[str, str], list[Annotation]] = {}
    for other in new:
        if other.id not in used:
            free.setdefault((other.layer, other.label), []).append(other)
    found: dict[str, Annotation] = {}
    for one in old:
        choices = free.get((one.layer, one.label), [])
        placed = placing.place(one.fragments) if choices else None
        if placed is None or placed.lost:
            continue
        start, end = placed.fragments[0][0], placed.fragments[-1][1]
        best = max(choices, key=lambda other: _shared(start, end, other))
        if _shared(start, end, best) >= _SHARED_LEAST:
            found[one.id] = best
            choices.remove(best)
    return found


def _shared(start: int, end: int, other: Annotation) -> float:
    both = min(end, other.end) - max(start, other.start)
    return both / min(end - start, other.end - other.start)
