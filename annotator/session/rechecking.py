"""Spans to look at again: their label's definition or rules are others than those they were tagged under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.core.codebook_comparison import MEANING, meaning
from annotator.core.records import Annotation, CodebookVersion, Document, Label
from annotator.core.rowdata import deep_tuple
from annotator.storage.repository import Repository

MOST = 500
"""How many spans a list shows at most."""

AROUND = 160
"""Code points before and after a span that are shown with it."""

_Texts = tuple[str, str, str]
"""A span's own text, and some before and after it."""

Definitions = Mapping[str, Any]
"""What a label means: `definition`, `includes`, `excludes` and `boundary`."""


@dataclass(frozen=True, slots=True)
class RecheckItem:
    """A span with its text, and what its label meant in the version of the codebook that it was tagged under.

    `lead` and `trail` are some text before and after it.
    """

    annotation: Annotation
    document: Document
    quote: str
    lead: str
    trail: str
    version: int
    before: Definitions


@dataclass(frozen=True, slots=True)
class RecheckGroup:
    """A label whose meaning changed, how many of its spans wait, and the first of them."""

    label: Label
    count: int
    items: tuple[RecheckItem, ...]


def recheck_counts(repository: Repository, layers: Sequence[str] | None = None) -> dict[str, int]:
    """Return the number of spans to look at again by label id; labels without any are not there."""
    count = repository.uses.annotation_count
    counts = {label.id: count(label.id, [*old], layers) for label, old in _changed(repository)}
    return {label: count for label, count in counts.items() if count}


def recheck_groups(repository: Repository, most: int = MOST, layers: Sequence[str] | None = None) -> list[RecheckGroup]:
    """Return the labels with spans to look at again, in the codebook's order, with `most` spans in all."""
    groups: list[RecheckGroup] = []
    for label, old in _changed(repository):
        count = repository.uses.annotation_count(label.id, [*old], layers)
        room = most - sum(len(group.items) for group in groups)
        ids = repository.uses.annotations(label.id, [*old], max(room, 0), layers) if count else []
        if count:
            groups.append(RecheckGroup(label, count, tuple(_items(repository, ids, old))))
    return groups


def old_meanings(repository: Repository) -> dict[str, frozenset[str]]:
    """Return, by label id, the codebook versions in which a label meant something else than it does now."""
    return {label.id: frozenset(old) for label, old in _changed(repository)}


def span_quotes(repository: Repository, label: str, limit: int, layers: Sequence[str] | None = None) -> list[str]:
    """Return the texts of the first spans of a label, each once."""
    found = repository.rows.where_in(Annotation, "id", repository.uses.annotations(label, limit=limit, layers=layers))
    return list(dict.fromkeys(quote for _, _, (quote, _, _) in _quoted(repository, found)))


_Old = Mapping[str, tuple[int, Definitions]]
"""The number of a codebook version and what a label meant in it, by the version's row."""


def _changed(repository: Repository) -> Iterator[tuple[Label, _Old]]:
    """Yield each label with the versions in which it meant something else than it does now."""
    old: dict[str, dict[str, tuple[int, Definitions]]] = defaultdict(dict)
    for version in repository.rows.all(CodebookVersion):
        for entry in version.content["labels"]:
            old[entry["id"]][version.id] = version.version, {name: deep_tuple(entry[name]) for name in MEANING}
    for label in sorted(repository.rows.all(Label), key=lambda label: label.position):
        others = {i: found for i, found in old[label.id].items() if tuple(found[1].values()) != meaning(label)}
        if others:
            yield label, others


def _items(repository: Repository, ids: list[str], old: _Old) -> Iterator[RecheckItem]:
    found = {one.id: one for one in repository.rows.where_in(Annotation, "id", ids)}
    for annotation, document, texts in _quoted(repository, [found[i] for i in ids]):
        yield RecheckItem(annotation, document, *texts, *old[annotation.codebook])


def _quoted(repository: Repository, found: list[Annotation]) -> Iterator[tuple[Annotation, Document, _Texts]]:
    documents = {d.id: d for d in repository.rows.where_in(Document, "id", {a.document for a in found})}
    texts: dict[str, str] = {}
    for annotation in found:
        document = documents[annotation.document]
        if document.text not in texts:
            texts[document.text] = repository.blobs.text(document.text)
        text = texts[document.text]
        quote = " … ".join(text[start:end] for start, end in annotation.fragments)
        lead, trail = (
            text[max(0, annotation.start - AROUND) : annotation.start],
            text[annotation.end : annotation.end + AROUND],
        )
        yield annotation, document, (quote, lead, trail)
