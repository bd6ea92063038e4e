"""Numbers of annotations, as charts show them: counted by the database, for what a filter lets through."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotator.core.corpus_query import GOLD
from annotator.core.records import Annotator, AttributeDefinition, Entity, Layer
from annotator.session.corpus_places import together_counts

if TYPE_CHECKING:
    from annotator.session.corpus import Check, Corpus, CorpusView
    from annotator.storage.concordance import DocumentFacts

KINDS = ("label", "annotator", "document", "date", "site", "format", "language")
"""What annotations can be counted by, besides the values of an attribute, whose kind is `value:` and its id."""

COUNTED_TYPES = ("entity", "choice", "boolean", "number")
"""The types of attributes whose values can be counted."""

BARS = 12
"""How many bars a chart has at most, besides the one of all others."""
MATRIX = 10
"""How many rows and columns a matrix has at most."""
MONTHS = 60
"""So many bars over time at most; where there would be more, they stand for years."""

MOST_BETWEEN = 200
"""Over a longer time bars stand only for what there is."""

Narrows = tuple[tuple[str, Any], ...]
"""Fields of a CorpusFilter with the values that they get."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its parts by label id. `narrows` shows what was counted; empty where no filter can say it.

    `name` is empty where what is counted by is missing, such as a date.
    """

    name: str
    parts: Mapping[str, int]
    narrows: Narrows = ()

    @property
    def total(self) -> int:
        """Return the whole number."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Bars:
    """The largest bars, or all in order; `others` are how many more there are, and their sum."""

    bars: tuple[Bar, ...]
    others: int = 0
    others_total: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers by row and column; `narrows` by the same places. `left_out` counts what is in no row or column shown."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[int, int], int]
    narrows: Mapping[tuple[int, int], Narrows]
    left_out: int = 0


def bars(view: CorpusView, kind: str) -> Bars:
    """Return the bars of a kind (see `KINDS`)."""
    if kind.startswith("value:"):
        return _value_bars(view, kind.removeprefix("value:"))
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    facts: dict[Any, tuple[str, Narrows]] = {}
    for document, layer, label, number in view.corpus.concordance.groups(view.narrowing, view.source):
        key = {"label": label, "annotator": layer}.get(kind) or _of_document(document, kind)
        counts[key][label] += number
        if kind == "document":
            facts[key] = (document.title, (("documents", key),))
    if kind == "date":
        return _over_time(counts)
    if kind == "label":
        facts = {label.id: (label.name, (("labels", label.id),)) for label in view.corpus.labels()}
    elif kind == "annotator":
        return _by_person(view.corpus, counts)
    elif kind in ("site", "format", "language"):
        facts = {key: (key, ((f"{kind}s", key),) if key else ()) for key in counts}
    return _largest([Bar(facts[key][0], counts[key], facts[key][1]) for key in counts])


def _of_document(document: DocumentFacts, kind: str) -> str:
    return document.id if kind == "document" else getattr(document, kind)


def _largest(found: Iterable[Bar]) -> Bars:
    """Return the largest bars, those without a name last, and the others as one number."""
    ordered = sorted(found, key=lambda bar: (-bar.total, bar.name.casefold()))
    rest = ordered[BARS:]
    return Bars(tuple(ordered[:BARS]), len(rest), sum(bar.total for bar in rest))


def _by_person(corpus: Corpus, counts: Mapping[str, Counter[str]]) -> Bars:
    people, names = corpus.people(), {one.id: one.name for one in corpus.repository.rows.all(Annotator)}
    owners = {layer.id: layer.annotator for layer in corpus.repository.rows.all(Layer)}
    merged: dict[str, Counter[str]] = defaultdict(Counter)
    for layer, parts in counts.items():
        owner = owners[layer]
        merged[GOLD if owner is None else people[owner]].update(parts)
    return _largest(
        Bar("Gold" if who == GOLD else names[who], parts, (("annotators", who),)) for who, parts in merged.items()
    )


def _over_time(counts: Mapping[str, Counter[str]]) -> Bars:
    """Return bars by month, or by year where there would be many; documents without a date come last.

    Where all dates have a month, those between them are there as well. A date that is a year alone stays one.
    """
    dates = [date for date in counts if date]
    length = 7 if len(_between(dates, 7)) <= MONTHS else 4
    merged: dict[str, Counter[str]] = defaultdict(Counter)
    for date, parts in counts.items():
        merged[date[:length]].update(parts)
    made = [
        Bar(date, merged.get(date, {}), (("date_from", date), ("date_to", date), ("undated", False)))
        for date in _between([date for date in merged if date], length)
    ]
    if "" in merged:
        made.append(Bar("", merged[""], (("date_from", ""), ("date_to", ""), ("undated", True))))
    return Bars(tuple(made))


def _between(dates: Sequence[str], length: int) -> list[str]:
    """Return months (7 signs) or years (4 signs) from the first date to the last one, with those that are not so long.

    Raises nothing for dates of another form: they stand by themselves.
    """
    known = {date[:length] for date in dates}
    whole = sorted(date for date in known if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", date) and len(date) == length)
    if whole:
        first, last = (int(date[:4]) * 12 + int(date[5:7] or 1) - 1 for date in (whole[0], whole[-1]))
        if (last - first) // (1 if length == 7 else 12) <= MOST_BETWEEN:
            steps = range(first, last + 1, 1 if length == 7 else 12)
            known |= {f"{step // 12:04}-{step % 12 + 1:02}"[:length] for step in steps}
    return sorted(known)


def _value_bars(view: CorpusView, attribute: str) -> Bars:
    definition = _definition(view.corpus, attribute)
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    for value, label, number in view.corpus.concordance.value_groups(
        view.narrowing, (attribute,), view.corpus.limits(), view.source
    ):
        counts[value][label] += number
    names = value_names(view.corpus, definition, [value for value in counts if value is not None])
    return _largest(
        Bar("" if value is None else names[value], parts, () if value is None else (("values", (attribute, value)),))
        for value, parts in counts.items()
    )


def value_names(corpus: Corpus, attribute: AttributeDefinition, values: Sequence[str]) -> dict[str, str]:
    """Return what values, given as JSON, are called."""
    plain = {value: json.loads(value) for value in values}
    if attribute.type == "entity":
        entities = corpus.repository.rows.where_in(Entity, "id", [str(one) for one in plain.values()])
        known = {entity.id: entity.name for entity in entities}
        return {value: known.get(str(one), str(one)) for value, one in plain.items()}
    choices = dict(attribute.choices)
    yes_no = {True: "yes", False: "no"}
    return {
        value: yes_no[one] if isinstance(one, bool) else choices.get(str(one), str(one)) for value, one in plain.items()
    }


def _definition(corpus: Corpus, attribute: str) -> AttributeDefinition:
    found = corpus.repository.rows.get(AttributeDefinition, attribute)
    assert found is not None, attribute
    return found


def together(view: CorpusView, unit: str, check: Check) -> Matrix:
    """Return how often labels occur together in one layer, in a unit (one of core.corpus_query.UNITS)."""
    counts = together_counts(view.corpus, view.narrowing, unit, check)
    labels = [label for label in view.corpus.labels() if any(label.id in pair for pair in counts)]
    places = {label.id: place for place, label in enumerate(labels)}
    cells = {(places[one], places[other]): number for (one, other), number in counts.items()}
    narrows = {(places[one], places[other]): (("together", (one, other, unit)),) for one, other in counts}
    names = tuple(label.name for label in labels)
    return Matrix(names, names, cells, narrows)


def pairs(view: CorpusView, rows: str, columns: str, labels: Sequence[str] = ()) -> Matrix:
    """Return how often two attributes (by id) have which values together, such as who speaks of whom.

    The most frequent values are shown. `labels` are ids of the labels that count, or none for all.
    """
    corpus = view.corpus
    counts: Counter[tuple[str, str]] = Counter()
    for one, other, label, number in corpus.concordance.value_groups(
        view.narrowing, (rows, columns), corpus.limits(), view.source
    ):
        if one is not None and other is not None and (not labels or label in labels):
            counts[one, other] += number
    sides = [_frequent(counts, side) for side in (0, 1)]
    names = [
        value_names(corpus, _definition(corpus, attribute), values)
        for attribute, values in zip((rows, columns), sides, strict=True)
    ]
    cells, narrows, left_out = {}, {}, 0
    places = [{value: place for place, value in enumerate(side)} for side in sides]
    for (one, other), number in counts.items():
        if one not in places[0] or other not in places[1]:
            left_out += number
            continue
        place = places[0][one], places[1][other]
        cells[place] = number
        narrows[place] = (
            ("values", (rows, one)),
            ("values", (columns, other)),
            *(("labels", label) for label in labels),
        )
    shown = [tuple(names[side][value] for value in sides[side]) for side in (0, 1)]
    return Matrix(shown[0], shown[1], cells, narrows, left_out)


def _frequent(counts: Mapping[tuple[str, str], int], side: int) -> list[str]:
    sums: Counter[str] = Counter()
    for pair, number in counts.items():
        sums[pair[side]] += number
    return [value for value, _ in sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:MATRIX]]
