"""One document of brat: what its lines say, completed by the record that this program wrote of it.

Where somebody worked in brat since, the lines count: what was deleted is gone, what was changed has changed. A T or R
line is the one that was written under its id if it is still at that place, or links those ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from annotator.core.attribute_values import parsed_number
from annotator.formats.datasets.brat.names import word
from annotator.formats.datasets.brat.places import joined, near_quote, pieces_of
from annotator.formats.datasets.brat.standoff import Bound, standoff
from annotator.formats.datasets.brat.writing import FLAG, note_of, text_hash, words_of
from annotator.formats.datasets.checks import are_ordered, shortened
from annotator.formats.datasets.entries import Entry, EntryError, RelationEntry, SpanEntry
from annotator.formats.datasets.extras import (
    document_of_extras,
    relation_of_extras,
    span_of_extras,
)
from annotator.formats.datasets.fields import checked, position, taken, taken_or
from annotator.formats.datasets.losses import LossCollector
from annotator.formats.datasets.units import Fragments, counted_otherwise, flat, says

UNKNOWN_LINES = "lines that are in no form of brat's"
LOOSE = "relations, attributes and notes on what is not there"
NOTES = "AnnotatorNotes"
_BOM = "\ufeff"


class Document:
    """A text with its lines. `record` is the line of documents.jsonl, None where there is none."""

    def __init__(
        self,
        stem: str,
        text: str,
        ann: str,
        record: Mapping[str, Any] | None,
        losses: LossCollector,
        types: Mapping[str, str],
    ) -> None:
        self._stem = stem
        self._losses = losses
        self._types = types
        self._text = text
        self._record = record or {}
        self._is_same = self._record.get("text_sha256") == text_hash(text) if record else False
        self._lines = standoff(ann)
        self._shift = 1 if text.startswith(_BOM) and not self._is_same else 0
        self._written = {id_: one for one in self._recorded("spans") if (id_ := one.get("brat"))}
        self._spans: dict[str, SpanEntry] = {}

    def entry(self) -> Entry:
        """Return the document. Raises EntryError that says what is wrong with a line or the record."""
        self._add_spans()
        self._add_attributes()
        relations = self._relations()
        self._add_notes(relations)
        for line in self._lines.unknown:
            self._losses.add(UNKNOWN_LINES, shortened(line))
        spans = [*self._spans.values(), *self._unseen_spans()]
        there = {span["id"] for span in spans}
        relations += self._unseen_relations(there)
        entry: Entry = {"text": self._text[self._shift :], "spans": spans, "relations": list(relations)}
        return {**entry, **self._about()}  # type: ignore[typeddict-item]

    def _recorded(self, key: str) -> list[Mapping[str, Any]]:
        return [checked(one, dict, "a record") for one in taken_or(self._record, key, list, "documents.jsonl", [])]

    def _about(self) -> dict[str, Any]:
        name = self._stem.rpartition("/")[2]
        if not self._record:
            return {"source": {"file": f"{self._stem}.txt", "title": name}}
        about = document_of_extras(taken_or(self._record, "document", dict, "documents.jsonl", {}), {})
        identity = taken_or(self._record, "id", str, "documents.jsonl", "")
        return {"id": identity, **about} if identity else about

    def _add_spans(self) -> None:
        bounds = list(self._lines.bounds.values())
        if any(bound.quote is not None and not says(bound.pieces, self._text, bound.quote) for bound in bounds):
            self._convert(bounds)
        for bound in bounds:
            if not any(start < end for start, end in bound.pieces):
                self._losses.add("spans without any text", f"{bound.id} {bound.type} in {self._stem}")
                continue
            self._spans[bound.id] = self._span(bound)

    def _convert(self, bounds: list[Bound]) -> None:
        """Put places into code points, where all of them are counted in another unit."""
        quoted = [(bound.pieces, bound.quote) for bound in bounds if bound.quote is not None]
        plain = flat(self._text)
        if all(says(pieces, plain, flat(quote)) for pieces, quote in quoted):
            return
        without_mark = self._text.removeprefix(_BOM)
        if self._shift and all(says(pieces, flat(without_mark), flat(quote)) for pieces, quote in quoted):
            self._text, self._shift = without_mark, 0
            return
        if convert := counted_otherwise(self._text, quoted):
            for bound in bounds:
                bound.pieces = convert(bound.pieces)

    def _span(self, bound: Bound) -> SpanEntry:
        record = self._record_of(bound)
        pieces = [piece for piece in bound.pieces if piece[0] < piece[1]]
        if record is None:
            span: SpanEntry = {"id": bound.id, "label": bound.type, "fragments": self._fragments(pieces)}
            quote = self._quote(bound, pieces)
            return span if quote is None else {**span, "quote": quote}
        fragments = _fragments(record)
        label = taken(record, "label", str, "a span")
        extras = span_of_extras({key: value for key, value in record.items() if key not in _PLACE}, bound.id)
        if pieces != pieces_of(fragments, self._text):
            fragments, extras = self._fragments(pieces), {**extras, "pages": []}
        return {
            "id": taken(record, "id", str, "a span"),
            "label": label if word(label) == bound.type else bound.type,
            "fragments": fragments,
            **extras,
        }  # type: ignore[return-value]

    def _record_of(self, bound: Bound) -> Mapping[str, Any] | None:
        """Return what was written of a line, unless it is another one by now."""
        record = self._written.get(bound.id)
        if record is None or not self._is_same:
            return None
        low, high = bound.pieces[0][0], bound.pieces[-1][1]
        return record if any(start < high and low < end for start, end in _fragments(record)) else None

    def _fragments(self, pieces: Fragments) -> Fragments:
        shifted = [[max(0, start - self._shift), end - self._shift] for start, end in pieces]
        return joined(shifted, self._text[self._shift :])

    def _quote(self, bound: Bound, pieces: Fragments) -> str | None:
        """Return what the line says that the span covers, None where it is right."""
        if bound.quote is None or says(pieces, flat(self._text), flat(bound.quote)):
            return None
        return near_quote(pieces[0][0] - self._shift, bound.quote, self._text[self._shift :])

    def _span_of(self, identity: str) -> SpanEntry | None:
        """Return the span that an id means: of an event its trigger."""
        return self._spans.get(self._lines.triggers.get(identity, identity))

    def _add_attributes(self) -> None:
        found: dict[str, dict[str, list[str]]] = {}
        for target, key, value in self._lines.attributes:
            span = self._span_of(target)
            if span is None:
                self._losses.add(LOOSE, f"{key} of {target} in {self._stem}")
            else:
                identity = self._lines.triggers.get(target, target)
                found.setdefault(identity, {}).setdefault(key, []).append(value)
        for identity, span in self._spans.items():
            self._take_values(span, found.get(identity, {}))

    def _take_values(self, span: SpanEntry, found: dict[str, list[str]]) -> None:
        """Give a span the values of its lines; a value that was written and is still there is kept as it was."""
        values = {}
        for key, value in span.get("attributes", {}).items():
            lines = words_of(value)
            if not lines or found.get(word(key)) == lines:
                values[key] = value
                found.pop(word(key), None)
        names = {word(key): key for key in (*self._types, *span.get("attributes", {}))} if found else {}
        for name, lines in found.items():
            key = names.get(name, name)
            values[key] = _value(lines, self._types.get(key, ""))
        if values or "attributes" in span:
            span["attributes"] = values

    def _relations(self) -> list[RelationEntry]:
        written = {id_: one for one in self._recorded("relations") if (id_ := one.get("brat"))}
        found: list[RelationEntry] = []
        for number, link in enumerate(self._lines.links, 1):
            source, target = self._span_of(link.source), self._span_of(link.target)
            if source is None or target is None:
                self._losses.add(LOOSE, f"{link.type} from {link.source} to {link.target} in {self._stem}")
                continue
            ends = {"from": source["id"], "to": target["id"]}
            record = written.get(link.id, {})
            if all(record.get(end) == identity for end, identity in ends.items()):
                found.append(self._recorded_relation(record, ends, link.type))
            else:
                found.append({"id": link.id or f"link{number}", "type": link.type, **ends})  # type: ignore[typeddict-item]
        return found

    def _recorded_relation(self, record: Mapping[str, Any], ends: dict[str, str], name: str) -> RelationEntry:
        extras = relation_of_extras({key: value for key, value in record.items() if key not in _ENDS}, "a relation")
        kind = taken(record, "type", str, "a relation")
        return {"id": "", **extras, **ends, "type": kind if word(kind) == name else name}  # type: ignore[return-value]

    def _add_notes(self, relations: list[RelationEntry]) -> None:
        by_id = {link.id: relation for link, relation in zip(self._known_links(), relations, strict=True)}
        found: dict[str, list[str]] = {}
        for target, kind, text in self._lines.notes:
            target = self._lines.triggers.get(target, target)
            if target not in self._spans and target not in by_id:
                self._losses.add(LOOSE, f"note on {target} in {self._stem}")
            elif text:
                found.setdefault(target, []).append(text if kind == NOTES else f"{kind}: {text}")
        for identity, one in (*self._spans.items(), *by_id.items()):
            note = "\n".join(found.get(identity, []))
            if note != note_of(one.get("note", "")):
                one["note"] = note

    def _known_links(self) -> list[Any]:
        return [link for link in self._lines.links if self._span_of(link.source) and self._span_of(link.target)]

    def _unseen_spans(self) -> list[SpanEntry]:
        """Return the spans of the record that brat cannot show, such as of a line break alone."""
        if not self._is_same:
            return []
        return [_whole_span(one) for one in self._recorded("spans") if "brat" not in one]

    def _unseen_relations(self, there: set[str]) -> list[RelationEntry]:
        found = []
        for one in self._recorded("relations"):
            if "brat" not in one and one.get("from") in there and one.get("to") in there:
                ends = {end: taken(one, end, str, "a relation") for end in ("from", "to")}
                found.append(self._recorded_relation(one, ends, word(taken(one, "type", str, "a relation"))))
        return found


_PLACE = ("brat", "id", "label", "fragments")
_ENDS = ("brat", "type", "from", "to")


def _whole_span(record: Mapping[str, Any]) -> SpanEntry:
    extras = span_of_extras({key: value for key, value in record.items() if key not in _PLACE}, "a span")
    names = {key: taken(record, key, str, "a span") for key in ("id", "label")}
    return {**names, "fragments": _fragments(record), **extras}  # type: ignore[return-value]


def _fragments(record: Mapping[str, Any]) -> Fragments:
    found = []
    for one in taken(record, "fragments", list, "a span"):
        pair = checked(one, list, "a fragment")
        if len(pair) != 2:
            raise EntryError("a fragment has {count} places.", count=len(pair))
        found.append([position(place, "a place of a fragment") for place in pair])
    if not found or not are_ordered(found):
        raise EntryError("the fragments of a span are not in order.")
    return found


def _value(lines: list[str], kind: str) -> Any:
    """Return the value of an attribute from its lines."""
    if kind in ("choices", "texts"):
        return [one for one in lines if one != FLAG]
    value = lines[-1] if len(lines) == 1 else "; ".join(one for one in lines if one != FLAG)
    if kind == "boolean" or value == FLAG:
        return value.lower() not in ("false", "no", "0")
    number = parsed_number(value) if kind == "number" else None
    return value if number is None or not math.isfinite(number) else number
