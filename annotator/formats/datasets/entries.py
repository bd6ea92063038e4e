"""What a file of a dataset format says of one document, before and after it is a whole dataset line.

An entry is a dataset line with gaps: it has the keys that its format holds and no others. Writers get entries, readers
give them. Positions are code points of the entry's text, half-open.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, Required, TypedDict

from annotator.core.codebook import Codebook
from annotator.core.errors import UserError
from annotator.core.ids import is_id
from annotator.formats.datasets.data_card import CardFacts
from annotator.formats.datasets.foreign import DatabaseOpener
from annotator.formats.datasets.losses import LossCollector

Line = Mapping[str, Any]
"""A whole line in the shape of `model.DatasetDocument`."""


class SpanEntry(TypedDict, total=False):
    """A span. `quote` is what the file says that it covers: it is held against the text and not kept.

    `attributes` has the values that are not null.
    """

    id: Required[str]
    label: Required[str]
    fragments: Required[list[list[int]]]
    quote: str
    attributes: dict[str, Any]
    annotator: str
    layer: str
    round: str
    origin: str
    score: float | None
    decided_from: list[str]
    codebook: int
    created: str
    note: str
    pages: list[Any]


RelationEntry = TypedDict(
    "RelationEntry",
    {
        "id": Required[str],
        "type": Required[str],
        "from": Required[str],
        "to": Required[str],
        "annotator": NotRequired[str],
        "layer": NotRequired[str],
        "created": NotRequired[str],
        "note": NotRequired[str],
    },
)
"""A directed link between two spans of the entry, by their ids."""


class Entry(TypedDict, total=False):
    """A document. Its spans come in the order of `in_order`."""

    id: str
    text: Required[str]
    source: dict[str, str]
    spans: Required[list[SpanEntry]]
    relations: list[RelationEntry]
    sentences: list[list[int]]
    read: list[list[int]]
    codebook: dict[str, Any]
    status: str | None
    statuses: list[dict[str, str]]
    split: str | None
    duplicate_group: str | None


class EntryError(UserError):
    """What is wrong with one document of a file: a sentence that goes on after file and place are named."""


@dataclass(frozen=True, slots=True)
class BadEntry:
    """A document that a reader could not read, in the place of its entry: the rest of the file is still there."""

    reason: EntryError


@dataclass(frozen=True)
class FormatContext:
    """What a format may ask for besides the data.

    `options` has a value for every option of the format. `names` are those of annotators by id, where they may go out;
    a reader adds here those that its file gives. `facts` are for formats with a data card of their own. `database`
    opens the databases of other programs, for the formats that are such.
    """

    codebook: Codebook
    options: Mapping[str, str] = field(default_factory=dict)
    losses: LossCollector = field(default_factory=LossCollector)
    title: str = ""
    names: dict[str, str] = field(default_factory=dict)
    facts: CardFacts = field(default_factory=CardFacts)
    database: DatabaseOpener | None = None

    def attribute_types(self) -> dict[str, str]:
        """Return the type of each attribute of the codebook by its key."""
        return {attribute.key: attribute.type for attribute in self.codebook.attributes}


def hull(span: SpanEntry) -> tuple[int, int]:
    """Return where a span begins and ends, gaps included."""
    return span["fragments"][0][0], span["fragments"][-1][1]


def in_order(spans: Iterable[SpanEntry]) -> list[SpanEntry]:
    """Return spans by place, the longer first, then by label and id."""
    return sorted(spans, key=lambda s: (s["fragments"][0][0], -s["fragments"][-1][1], s["label"], s["id"]))


def compared(entry: Entry) -> Entry:
    """Return an entry as two of them are compared: everything in order, without the quotes that a file gives."""
    spans = [{key: value for key, value in span.items() if key != "quote"} for span in in_order(entry["spans"])]
    found: Entry = {**entry, "spans": spans}  # type: ignore[typeddict-item]
    if "relations" in entry:
        found["relations"] = sorted(entry["relations"], key=lambda relation: relation["id"])
    return found


def numbered(entry: Entry) -> Entry:
    """Return an entry with its spans called s1, s2, … and its relations r1, r2, …: what a format without ids keeps."""
    spans = in_order(entry["spans"])
    new = {span["id"]: f"s{number}" for number, span in enumerate(spans, 1)}
    found: Entry = {**entry, "spans": [{**span, "id": new[span["id"]]} for span in spans]}
    if "relations" in entry:
        renamed = [{**one, "from": new[one["from"]], "to": new[one["to"]]} for one in entry["relations"]]
        renamed.sort(key=lambda one: (one["from"], one["to"], one["type"]))
        found["relations"] = [{**one, "id": f"r{number}"} for number, one in enumerate(renamed, 1)]  # type: ignore[typeddict-item]
    return found


def with_lasting_ids(entry: Entry) -> Entry:
    """Return an entry whose spans and relations have ids that follow from what they are.

    Those that are ids of this program stay. Others are numbers within one file: the same number means another span in
    the next file about the same text. Raises EntryError where an id is used twice.
    """
    ids = Counter(one["id"] for one in (*entry["spans"], *entry.get("relations", ())))
    twice = next((identity for identity, count in ids.items() if count > 1), None)
    if twice is not None:
        raise EntryError("the id {id} is used twice.", id=twice)
    seen: Counter[str] = Counter()
    new: dict[str, str] = {}
    spans = []
    for span in in_order(entry["spans"]):
        new[span["id"]] = _lasting(span["id"], _span_name(span), seen)
        spans.append({**span, "id": new[span["id"]]})
    relations = []
    for one in entry.get("relations", ()):
        ends = {"from": new.get(one["from"], one["from"]), "to": new.get(one["to"], one["to"])}
        name = f"{one['type']} {ends['from']} → {ends['to']} {one.get('layer', '')} {one.get('annotator', '')}".rstrip()
        relations.append({**one, **ends, "id": _lasting(one["id"], name, seen)})
    decided = [
        {**s, "decided_from": [new.get(i, i) for i in s["decided_from"]]} if "decided_from" in s else s for s in spans
    ]
    return {**entry, "spans": decided, "relations": relations}  # type: ignore[typeddict-item]


def _lasting(identity: str, name: str, seen: Counter[str]) -> str:
    if is_id(identity):
        return identity
    seen[name] += 1
    return name if seen[name] == 1 else f"{name} ({seen[name]})"


def _span_name(span: SpanEntry) -> str:
    places = ", ".join(f"{start}–{end}" for start, end in span["fragments"])
    return " ".join(filter(None, (span["label"], places, span.get("layer", ""), span.get("annotator", ""))))


_SPAN: dict[str, Any] = {
    "attributes": {},
    "annotator": "",
    "layer": "",
    "round": "",
    "origin": "imported",
    "score": None,
    "decided_from": [],
    "codebook": 0,
    "created": "",
    "note": "",
    "pages": [],
}
_RELATION = {"annotator": "", "layer": "", "created": "", "note": ""}
_SOURCE = {"file": "", "format": "", "title": "", "date": "", "url": "", "language": ""}


def completed(entry: Entry, identity: str = "") -> dict[str, Any]:
    """Return an entry as a whole dataset line, with nothing where it says nothing.

    Where it has no id, it gets `identity`, or the hash of its text.

    An empty layer stands for that of whoever brings the file in, an empty round for the one in use, and the codebook
    version 0 for the one in use.
    """
    text = entry["text"]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    relations = [{**_RELATION, **relation} for relation in entry.get("relations", ())]
    return {
        "schema": "annotator-jsonl/1",
        "id": entry.get("id") or identity or sha256,
        "text": text,
        "text_sha256": sha256,
        "offset_unit": "codepoint",
        "source": {**_SOURCE, **entry.get("source", {})},
        "spans": [_whole_span(span, text) for span in in_order(entry["spans"])],
        "relations": relations,
        "sentences": entry.get("sentences", []),
        "read": entry.get("read", []),
        "codebook": entry.get("codebook", {"id": "", "version": 0}),
        "status": entry.get("status"),
        "statuses": entry.get("statuses", []),
        "split": entry.get("split"),
        "duplicate_group": entry.get("duplicate_group"),
    }


def _whole_span(span: SpanEntry, text: str) -> dict[str, Any]:
    start, end = hull(span)
    return {**_SPAN, **span, "start": start, "end": end, "quote": text[start:end]}
