"""Prodigy's examples as entries: all examples of one text are one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from annotator.core.coverage import merged
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, RelationEntry, SpanEntry
from annotator.formats.datasets.extras import OWN, document_of_extras, relation_of_extras, span_of_extras, text_of
from annotator.formats.datasets.fields import checked, position, taken, taken_or
from annotator.formats.datasets.json_items import objects
from annotator.formats.datasets.prodigy.examples import DOCUMENT, META_OF_SOURCE

IGNORED = "ignored examples"
REJECTED = "what was suggested in rejected examples"
UNLABELLED = "spans without a label"
LOOSE = "relations between words that are no spans"
DOUBLE = "spans that several examples of one text have alike"
OTHER = "other data of examples"

_KNOWN = frozenset(
    ("text", "tokens", "spans", "relations", "answer", "meta", "label", "accept", "options", "config", "path", OWN)
)
_BINARY_VIEWS = ("ner", "spans", "classification")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def entries_of(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line or item of its first example, entry) for each text, once its last example has come.

    The file is read twice, since examples of one text stand anywhere. Raises DatasetError where it is no JSON.
    """
    last = {_key(data): number for number, data in objects(path)}
    pending: dict[bytes, _Document] = {}
    for number, data in objects(path):
        key = _key(data)
        if data.get("answer") == "ignore":
            context.losses.add(IGNORED, _shown(data))
        else:
            try:
                document = pending.get(key) or _Document(data, number, context)
                document.add(data)
                pending[key] = document
            except EntryError as error:
                yield number, BadEntry(error)
        if last[key] == number and (whole := pending.pop(key, None)):
            yield whole.number, whole.entry()


def _key(data: Mapping[str, Any]) -> bytes:
    """Return what the examples of one text have alike: the id that this program wrote, or the text."""
    meta = data.get("meta")
    own = OWN in data and isinstance(meta, dict) and meta.get(DOCUMENT)
    return sha256(repr((own or "", None if own else data.get("text"))).encode(errors="replace")).digest()[:16]


def _shown(data: Mapping[str, Any]) -> str:
    return f"{text_of(data.get('text')):.40}"


class _Document:
    """A text with what its examples say of it."""

    def __init__(self, data: Mapping[str, Any], number: int, context: FormatContext) -> None:
        self.number = number
        self._text = taken(data, "text", str, "the example")
        self._losses = context.losses
        self._spans: list[SpanEntry] = []
        self._relations: list[RelationEntry] = []
        self._ids: set[str] = set()
        self._seen: set[tuple[Any, ...]] = set()
        self._source: dict[str, Any] = {}
        self._own: dict[str, Any] | None = None
        self._identity = ""
        self._read: list[tuple[int, int]] = []

    def entry(self) -> Entry:
        """Return the document."""
        entry: Entry = {"text": self._text, "spans": self._spans}
        if self._identity:
            entry["id"] = self._identity
        if self._own is None:
            entry["source"] = {key: text_of(value) for key, value in self._source.items()}
            entry["read"] = [list(part) for part in merged(self._read)]
        else:
            entry |= document_of_extras(self._own, self._source)  # type: ignore[typeddict-item]
        entry["relations"] = self._relations
        return entry

    def add(self, data: Mapping[str, Any]) -> None:
        """Add one example that was not ignored. Raises EntryError for what is none."""
        self._add_meta(data)
        self._add_read(data)
        if data.get("answer", "accept") == "reject":
            self._losses.add(REJECTED, _shown(data))
            return
        person = text_of(data.get("_annotator_id") or data.get("_session_id"))
        by_default = {"annotator": person, "layer": person}
        spans: list[SpanEntry] = []
        given = [checked(one, dict, "a span") for one in taken_or(data, "spans", list, "the example", [])]
        for one in given:
            self._add_span(one, data, spans, by_default)
        has_places = any("label" in one for one in given)
        for label in _of_whole_text(data, has_places):
            self._append({**by_default, "label": label, "fragments": [[0, len(self._text)]]}, spans)
        for one in taken_or(data, "relations", list, "the example", []):
            self._add_relation(checked(one, dict, "a relation"), spans, by_default, data)

    def _add_meta(self, data: Mapping[str, Any]) -> None:
        meta = taken_or(data, "meta", dict, "the example", {})
        own = taken_or(data, OWN, dict, "the example", {})
        if OWN in data:
            self._identity = text_of(meta.get(DOCUMENT))
            self._source = {key: meta.get(name) for key, name in META_OF_SOURCE.items()}
        elif not self._source:
            self._source = _source(meta)
        if "document" in own:
            self._own = taken(own, "document", dict, "the example")
            for one in taken_or(self._own, "relations", list, "the example", []):
                relation = checked(one, dict, "a relation")
                ends = [taken(relation, end, str, "a relation") for end in ("from", "to")]
                self._relate(taken(relation, "type", str, "a relation"), ends[0], ends[1], relation)
        elif OWN in data and self._own is None:
            self._own = {}
        for key in data:
            if key not in _KNOWN and not key.startswith("_"):
                self._losses.add(OTHER, key)

    def _add_read(self, data: Mapping[str, Any]) -> None:
        """Remember what somebody looked at: the whole text, or what one question with yes or no was about."""
        length = len(self._text)
        spans = [one for one in taken_or(data, "spans", list, "the example", []) if isinstance(one, dict)]
        view = data.get("_view_id")
        asked = data.get("_is_binary") is True or (not data.get("tokens") if view is None else view in _BINARY_VIEWS)
        places = [_edges(one, data) for one in spans] if asked and spans else [(0, length)]
        self._read += [(start, end) for start, end in places if start < end <= length]

    def _add_span(
        self, one: Mapping[str, Any], data: Mapping[str, Any], spans: list[SpanEntry], by_default: Mapping[str, Any]
    ) -> None:
        own = taken_or(one, OWN, dict, "a span", {})
        start, end = _edges(one, data)
        label = one.get("label")
        if label in (None, ""):
            self._losses.add(UNLABELLED, self._text[start:end][:40])
            return
        quote = one.get("text")
        span: dict[str, Any] = {"label": checked(label, str, "the label of a span"), "fragments": [[start, end]]}
        if isinstance(quote, str) and quote:
            span["quote"] = quote
        whole = next((found for found in spans if found["id"] == own.get("part_of")), None)
        if whole is not None:
            self._join(whole, span)
            return
        if own and "part_of" not in own:
            span |= span_of_extras(own, "a span")
            if isinstance(own.get("id"), str):
                span["id"] = own["id"]
        else:
            span |= by_default
        if one.get("score") is not None:
            span["score"] = checked(one["score"], float, "the score of a span")
        self._append(span, spans)

    def _append(self, span: dict[str, Any], spans: list[SpanEntry]) -> None:
        """Add a span to the document and to those of its example; one that is there already, only to the latter."""
        if "id" not in span:
            same = (span["layer"], span["label"], *span["fragments"][0])
            if same in self._seen:
                self._losses.add(DOUBLE, span["label"])
                spans += [one for one in self._spans if _sameness(one) == same][:1]
                return
            self._seen.add(same)
        identity = self._unused(span.pop("id", f"s{len(self._spans) + 1}"))
        made: SpanEntry = {"id": identity, **span}  # type: ignore[typeddict-item]
        self._spans.append(made)
        spans.append(made)

    def _join(self, span: SpanEntry, piece: Mapping[str, Any]) -> None:
        """Make a stretch a further piece of a span, as this program writes spans of several pieces."""
        pieces = [(span["fragments"][-1], span.pop("quote", None)), (piece["fragments"][0], piece.get("quote"))]
        span["fragments"].append(piece["fragments"][0])
        moved = [quote for (start, end), quote in pieces if quote is not None and self._text[start:end] != quote]
        if moved:
            span["quote"] = moved[0]

    def _unused(self, wanted: str) -> str:
        found, number = wanted, 1
        while found in self._ids:
            number += 1
            found = f"{wanted}.{number}"
        self._ids.add(found)
        return found

    def _add_relation(
        self,
        one: Mapping[str, Any],
        spans: list[SpanEntry],
        by_default: Mapping[str, Any],
        data: Mapping[str, Any],
    ) -> None:
        label = text_of(one.get("label")) or "related"
        own = taken_or(one, OWN, dict, "a relation", {})
        there = {span["id"] for span in spans}
        ends = [text_of(own.get(key)) for key in ("from", "to")]
        if not there.issuperset(ends):
            ends = [_end(one, name, spans, data) for name in ("head", "child")]
        if ends[0] is None or ends[1] is None:
            self._losses.add(LOOSE, label)
            return
        self._relate(label, ends[0], ends[1], own or None, by_default)

    def _relate(
        self, label: str, source: str, target: str, own: Any, by_default: Mapping[str, Any] | None = None
    ) -> None:
        said = dict(by_default or {}) if own is None else relation_of_extras(own, "a relation")
        identity = self._unused(said.pop("id", f"r{len(self._relations) + 1}"))
        relation: RelationEntry = {"id": identity, "type": label, "from": source, "to": target, **said}  # type: ignore[typeddict-item]
        self._relations.append(relation)


def _sameness(span: SpanEntry) -> tuple[Any, ...]:
    return (span.get("layer"), span["label"], *span["fragments"][0])


def _source(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the `meta` of somebody else's example say of the source, where it is text."""
    found = {key: meta[name] for key, name in META_OF_SOURCE.items() if isinstance(meta.get(name), str)}
    origin = meta.get("source")
    if isinstance(origin, str) and origin:
        found.setdefault("url" if "://" in origin else "file", origin)
    if not _DATE.fullmatch(found.get("date", "")):
        found.pop("date", None)
    return found


def _edges(span: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[int, int]:
    """Return where a span lies: its characters, or its tokens, of which the last one is included."""
    if "start" in span or "end" in span:
        start = position(taken(span, "start", float, "a span"), "the start of a span")
        return start, position(taken(span, "end", float, "a span"), "the end of a span")
    tokens = taken_or(data, "tokens", list, "the example", [])
    found = []
    for key, edge in (("token_start", "start"), ("token_end", "end")):
        number = position(taken(span, key, int, "a span"), f"“{key}” of a span")
        if number >= len(tokens):
            raise EntryError("a span has token {number}, and there are {count}.", number=number, count=len(tokens))
        token = checked(tokens[number], dict, "a token")
        found.append(position(taken(token, edge, int, "a token"), "an edge of a token"))
    return found[0], found[1]


def _of_whole_text(data: Mapping[str, Any], has_places: bool) -> list[str]:
    """Return the labels of a whole text: the options that were chosen, or the one label that was asked about."""
    accepted = data.get("accept")
    if accepted is not None:
        chosen = accepted if isinstance(accepted, list) else [accepted]
        labels = [str(one) if isinstance(one, int) else checked(one, str, "an accepted option") for one in chosen]
    else:
        label = data.get("label")
        labels = [] if label is None or has_places else [checked(label, str, "the label of the example")]
    return [label for label in dict.fromkeys(labels) if label and data.get("text")]


def _end(relation: Mapping[str, Any], name: str, spans: list[SpanEntry], data: Mapping[str, Any]) -> str | None:
    """Return the span at an end of a relation: the one that it repeats, or the one that its token is the last of."""
    said = taken_or(relation, f"{name}_span", dict, "a relation", {})
    place = [said.get("start"), said.get("end")]
    fitting = [span for span in spans if span["fragments"][0] == place]
    labelled = [span for span in fitting if span["label"] == said.get("label")]
    if not fitting:
        token = _token(relation.get(name), data)
        if token is not None:
            fitting = [span for span in spans if span["fragments"][0][1] == token[1]]
            fitting += [span for span in spans if span["fragments"][0][0] <= token[0] < span["fragments"][0][1]]
    found = next(iter([*labelled, *fitting]), None)
    return None if found is None else found["id"]


def _token(number: Any, data: Mapping[str, Any]) -> tuple[int, int] | None:
    tokens = data.get("tokens")
    if not isinstance(tokens, list) or not isinstance(number, int) or not 0 <= number < len(tokens):
        return None
    token = tokens[number]
    if not isinstance(token, dict) or not isinstance(token.get("start"), int) or not isinstance(token.get("end"), int):
        return None
    return token["start"], token["end"]
