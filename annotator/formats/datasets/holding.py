"""What a format holds of a dataset line, and what is lost on the way into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import Entry, Line, SpanEntry, in_order, numbered
from annotator.formats.datasets.losses import LossCollector

OF_SPANS = {
    "attributes": "attribute values",
    "annotator": "who tagged a span",
    "layer": "the layer of a span",
    "round": "the round of a span",
    "origin": "the origin of a span that was not tagged by hand",
    "score": "scores",
    "decided_from": "which spans a decision was made on",
    "codebook": "the codebook version of a span",
    "created": "when a span was tagged",
    "note": "notes on spans",
    "pages": "places on pages",
}
OF_RELATIONS = {
    "annotator": "who linked two spans",
    "layer": "the layer of a relation",
    "created": "when two spans were linked",
    "note": "notes on relations",
}
OF_DOCUMENTS = {
    "id": "ids of documents",
    "sentences": "sentence boundaries",
    "read": "what was read and holds nothing (true negatives)",
    "status": "statuses of documents",
    "statuses": "statuses of documents by layer",
    "split": "the split of a document",
    "duplicate_group": "groups of like documents",
    "codebook": "the codebook's id and version",
}
OF_SOURCES = {
    "file": "file names of sources",
    "format": "formats of sources",
    "title": "titles",
    "date": "dates",
    "url": "addresses of sources",
    "language": "languages",
}
GAPS = "gaps in spans of several pieces"
RELATIONS = "relations"
IDS = "ids of spans and relations"
NEVER_IN_A_DATASET = (
    "original bytes of the sources",
    "format ranges (headings, lists, emphasis)",
    "history of changes",
    "notes on documents and labels",
)
"""What no format takes along, because the dataset line does not have it."""

EVERYTHING_OF_SPANS = frozenset(OF_SPANS)
EVERYTHING_OF_RELATIONS = frozenset(OF_RELATIONS)


@dataclass(frozen=True, slots=True)
class Holds:
    """The optional keys that a format has a place for; text, label and edges go without saying.

    `relations` is None where there can be none. `gaps` says whether a span may have several fragments, `ids` whether
    spans keep theirs.
    """

    document: frozenset[str] = frozenset()
    source: frozenset[str] = frozenset()
    span: frozenset[str] = frozenset()
    relations: frozenset[str] | None = None
    gaps: bool = False
    ids: bool = False

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of what this way of writing has no place for."""
        found = [kind for key, kind in OF_DOCUMENTS.items() if key not in self.document]
        found += [kind for key, kind in OF_SOURCES.items() if key not in self.source]
        found += [kind for key, kind in OF_SPANS.items() if key not in self.span]
        if self.relations is None:
            found.append(RELATIONS)
        else:
            found += [kind for key, kind in OF_RELATIONS.items() if key not in self.relations]
        found += [] if self.gaps else [GAPS]
        found += [] if self.ids else [IDS]
        return tuple(found)


EVERYTHING = Holds(
    frozenset(OF_DOCUMENTS), frozenset(OF_SOURCES), EVERYTHING_OF_SPANS, EVERYTHING_OF_RELATIONS, gaps=True, ids=True
)
"""What a format holds that has a place for all that a dataset line says."""


def loses(*ways: Holds, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the kinds of what files of a format may lack, whichever of the ways they are written in; each once."""
    return tuple(dict.fromkeys((*more, *(kind for way in ways for kind in way.kinds()), *NEVER_IN_A_DATASET)))


def kept(line: Line, holds: Holds, losses: LossCollector) -> Entry:
    """Return what a format keeps of a dataset line, its spans in order; the rest is counted."""
    _count(line, OF_DOCUMENTS, holds.document, losses, _title(line))
    _count(line["source"], OF_SOURCES, holds.source, losses, _title(line))
    spans = in_order(_kept_span(span, line, holds, losses) for span in line["spans"])
    entry: Entry = {"text": line["text"], "spans": spans}
    for key in OF_DOCUMENTS:
        if key in holds.document:
            entry[key] = line[key]  # type: ignore[literal-required]
    if holds.source:
        entry["source"] = {key: line["source"][key] for key in OF_SOURCES if key in holds.source}
    if holds.relations is not None:
        entry["relations"] = _kept_relations(line, holds.relations, losses)
    else:
        for relation in line["relations"]:
            losses.add(RELATIONS, f"{relation['type']} in {_title(line)}")
    if not holds.ids:
        if spans:
            losses.add(IDS, _title(line), len(spans) + len(entry.get("relations", ())))
        entry = numbered(entry)
    return entry


def _kept_span(span: Mapping[str, Any], line: Line, holds: Holds, losses: LossCollector) -> SpanEntry:
    _count(span, OF_SPANS, holds.span, losses, None, span["quote"])
    fragments = [list(fragment) for fragment in span["fragments"]]
    if len(fragments) > 1 and not holds.gaps:
        losses.add(GAPS, _quoted(span["quote"]))
        fragments = [[span["start"], span["end"]]]
    entry: SpanEntry = {"id": span["id"], "label": span["label"], "fragments": fragments}
    for key in OF_SPANS:
        if key in holds.span:
            entry[key] = _some(span[key]) if key == "attributes" else span[key]  # type: ignore[literal-required]
    return entry


def _kept_relations(line: Line, keys: Collection[str], losses: LossCollector) -> list[Any]:
    found = []
    wanted = [key for key in ("id", "type", "from", "to", *OF_RELATIONS) if key in _ENDS or key in keys]
    for relation in line["relations"]:
        _count(relation, OF_RELATIONS, keys, losses, f"{relation['type']} in {_title(line)}")
        found.append({key: relation[key] for key in wanted})
    return sorted(found, key=lambda one: one["id"])


_ENDS = frozenset(("id", "type", "from", "to"))


def _count(
    data: Mapping[str, Any],
    kinds: Mapping[str, str],
    kept_keys: Collection[str],
    losses: LossCollector,
    example: str | None,
    quote: str = "",
) -> None:
    for key, kind in kinds.items():
        if key not in kept_keys and _is_said(key, data[key]):
            losses.add(kind, example if example is not None else _quoted(quote))


def _is_said(key: str, value: Any) -> bool:
    """Say whether a value is more than the nothing that stands where nothing is known."""
    if key == "origin":
        return value != "manual"
    if key == "attributes":
        return any(one is not None for one in value.values())
    if key == "codebook":
        return value not in (0, {"id": "", "version": 0})
    return value is not None and value not in ("", [], {})


def _some(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _title(line: Line) -> str:
    return shortened(line["source"]["title"] or line["id"])


def _quoted(quote: str) -> str:
    return f"“{shortened(' '.join(quote.split()), 40)}”"
