"""Spans and relations as other people's columns have them, by the names that such columns usually have.

Read are lists of objects (start and end under any usual name, `offsets` of several pieces as BigBIO has them, offset
and length), of triples (start, end, label), one object of lists (how `datasets` before 4.0 stored a sequence of
objects), and any of these as JSON in a string. A label may be the number of a class, or a list of several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from annotator.formats.datasets.entries import EntryError, RelationEntry, SpanEntry
from annotator.formats.datasets.fields import position, taken_or
from annotator.formats.datasets.huggingface.rows import are_pages
from annotator.formats.datasets.huggingface.values import Reader, first_key, is_number, plain_text, stretch

_START = ("start", "start_offset", "start_char", "char_start", "begin", "start_index", "start_idx", "start_pos")
_START += ("start_position", "offset_start", "startOffset", "start_token")
_END = ("end", "end_offset", "end_char", "char_end", "stop", "end_index", "end_idx", "end_pos", "end_position")
_END += ("offset_end", "endOffset", "end_token")
_PIECES = ("fragments", "offsets", "span", "offset", "position", "indices")
_LABEL = ("label", "type", "labels", "entity_type", "entity_group", "tag", "class", "category", "label_name")
_LABEL += ("name", "entity")
_QUOTE = ("quote", "text", "value", "mention", "surface", "surface_form", "span_text", "entity_text", "string")
_QUOTE += ("span",)
_FROM = ("from", "from_id", "head", "head_id", "arg1_id", "arg1", "source", "subject")
_TO = ("to", "to_id", "tail", "tail_id", "arg2_id", "arg2", "target", "object")
_TYPE = ("type", "label", "relation", "relation_type", "name")

_TEXTS = ("annotator", "layer", "round", "created", "note")
_ORIGINS = ("manual", "imported", "suggested")
_SPAN_KEYS = {"id", "length", "origin", "score", "decided_from", "codebook", "attributes", "pages", *_TEXTS}
_RELATION_KEYS = {"id", "annotator", "layer", "created", "note"}


def is_listed(value: Any) -> bool:
    """Say whether a value may be a list of spans: text only where it is JSON."""
    return isinstance(value, list | dict) or (isinstance(value, str) and value.lstrip()[:1] in ("[", "{"))


def listed(value: Any, column: str) -> list[Any]:
    """Return what a column of spans holds as a list. Raises EntryError where it is no list in any way."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise EntryError("“{column}” is text that is no JSON.", column=column) from None
    if isinstance(value, dict):
        lists = {key: one for key, one in value.items() if isinstance(one, list)}
        if len({len(one) for one in lists.values()}) > 1:
            raise EntryError("the lists in “{column}” are not of one length.", column=column)
        is_one = not lists or bool({*_START, *_END} & (value.keys() - lists.keys()))
        value = [value] if is_one and value else _transposed(lists)
    if not isinstance(value, list):
        raise EntryError("“{column}” is {value!r:.40}, not a list of spans.", column=column, value=value)
    return value


def _transposed(lists: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(lists, one, strict=True)) for one in zip(*lists.values(), strict=True)]


def are_spans(items: Sequence[Any]) -> bool:
    """Say whether the items of a column look like spans, and not like labels of the whole text."""
    return bool(items) and all(isinstance(one, dict | list) for one in items)


class SpanColumn:
    """The spans of one row, in the order in which they stand there; one with several labels is as many spans.

    `indexed` says that start and end count words.
    """

    def __init__(self, reader: Reader, column: str, items: Sequence[Any], indexed: bool = False) -> None:
        self._reader = reader
        self._column = column
        self._indexed = indexed
        self.spans: list[SpanEntry] = []
        self._ids: dict[str, str] = {}
        self._by_place: list[str] = []
        self._are_named = _have_own_ids(items)
        for number, item in enumerate(items):
            made = list(self._made(item, number))
            self._by_place.append(made[0]["id"] if made else "")
            self.spans += made

    def _made(self, item: Any, number: int) -> Iterator[SpanEntry]:
        what = f"span {number + 1} of “{self._column}”"
        data = _from_triple(item, what) if isinstance(item, list) else item
        if not isinstance(data, dict):
            raise EntryError("{what} is {value!r:.40}, neither an object nor a triple.", what=what, value=item)
        key = first_key(data, _LABEL)
        if key is None:
            raise EntryError("{what} has no label.", what=what)
        given = data[key] if isinstance(data[key], list) else [data[key]]
        labels = [label for one in given if (label := self._reader.label(one, (self._column, key))) is not None]
        identity = plain_text(data["id"]) if self._are_named else f"s{number + 1}"
        self._ids[identity] = identity
        fragments = _fragments(data, what)
        for place, label in enumerate(labels):
            name = identity if place == 0 else f"{identity}.{place + 1}"
            made: Any = {"id": name, "label": label, "fragments": fragments, **self._more(data, key, what)}
            yield made
        self._reader.pass_over(data.keys() - _SPAN_KEYS - {*_START, *_END, *_PIECES, *_QUOTE, key}, self._column)

    def _more(self, data: Mapping[str, Any], label_key: str, what: str) -> dict[str, Any]:
        """Return what else of a span is known to mean something here."""
        more: dict[str, Any] = {}
        quote = next((data[key] for key in _QUOTE if key != label_key and data.get(key) is not None), None)
        if isinstance(quote, list) and len(quote) == 1:
            quote = quote[0]
        if isinstance(quote, str) and quote and not self._indexed:
            more["quote"] = quote
        more |= {key: plain_text(data[key]) for key in _TEXTS if data.get(key) is not None}
        if data.get("origin") in _ORIGINS:
            more["origin"] = data["origin"]
        if data.get("score") is not None:
            more["score"] = taken_or(data, "score", float, what, 0.0)
        if is_number(data.get("codebook")):
            more["codebook"] = data["codebook"]
        if data.get("attributes"):
            more["attributes"] = _attributes(data["attributes"], what)
        for key, is_right in (("decided_from", _are_texts), ("pages", are_pages)):
            if is_right(data.get(key)):
                more[key] = data[key]
        return more

    def relations(self, items: Sequence[Any], column: str) -> list[RelationEntry]:
        """Return the links of the row. Raises EntryError for one that ends at no span."""
        return [self._relation(item, f"relation {n} of “{column}”", n, column) for n, item in enumerate(items, 1)]

    def _relation(self, data: Any, what: str, number: int, column: str) -> RelationEntry:
        if not isinstance(data, dict):
            raise EntryError("{what} is {value!r:.40}, not an object.", what=what, value=data)
        kind, source, target = (first_key(data, names) for names in (_TYPE, _FROM, _TO))
        label = self._reader.label(data[kind], (column, kind)) if kind is not None else None
        if kind is None or label is None or source is None or target is None:
            raise EntryError("{what} has no type, or not two ends.", what=what)
        relation: Any = {
            "id": plain_text(data.get("id")) or f"r{number}",
            "type": label,
            "from": self._end(data[source], what),
            "to": self._end(data[target], what),
        }
        relation |= {key: plain_text(data[key]) for key in _RELATION_KEYS - {"id"} if data.get(key) is not None}
        self._reader.pass_over(data.keys() - _RELATION_KEYS - {kind, source, target}, column)
        return relation

    def _end(self, value: Any, what: str) -> str:
        """Return the id of the span that an end names, by id, or by its place from 0 where spans have no ids."""
        if isinstance(value, dict):
            value = value.get("id")
        found = self._ids.get(plain_text(value)) if self._are_named else None
        if found is None and not self._are_named and is_number(value) and 0 <= value < len(self._by_place):
            found = self._by_place[value]
        if not found:
            raise EntryError("{what} ends at {value!r:.40}, where there is no span.", what=what, value=value)
        return found


def _have_own_ids(items: Sequence[Any]) -> bool:
    """Say whether every item has an id of its own."""
    ids = [plain_text(item.get("id")) if isinstance(item, dict) else "" for item in items]
    return all(ids) and len(set(ids)) == len(ids)


def _from_triple(item: list[Any], what: str) -> dict[str, Any]:
    """Return (start, end, label), (label, start, end) or the first with more behind it as an object."""
    if len(item) >= 3 and is_number(item[0]) and is_number(item[1]) and isinstance(item[2], str | int):
        return {"start": item[0], "end": item[1], "label": item[2]}
    if len(item) == 3 and isinstance(item[0], str) and is_number(item[1]) and is_number(item[2]):
        return {"start": item[1], "end": item[2], "label": item[0]}
    raise EntryError("{what} is {value!r:.60}, not start, end and label.", what=what, value=item)


def _fragments(data: Mapping[str, Any], what: str) -> list[list[int]]:
    start, end = first_key(data, _START), first_key(data, _END)
    pieces = data.get("fragments")
    if pieces is None and start is not None and end is not None:
        return [[position(data[start], f"the start of {what}"), position(data[end], f"the end of {what}")]]
    if pieces is None and is_number(data.get("offset")) and is_number(data.get("length")):
        return [[data["offset"], data["offset"] + data["length"]]]
    key = first_key(data, _PIECES)
    pieces = data[key] if key else None
    if not isinstance(pieces, list) or not pieces:
        raise EntryError("{what} has no start and end.", what=what)
    if is_number(pieces[0]):
        pieces = [pieces]
    return sorted(stretch(piece, what) for piece in pieces)


def _attributes(value: Any, what: str) -> dict[str, Any]:
    """Return attributes, which stand as an object, or as keys with values in JSON."""
    if isinstance(value, dict):
        return {str(key): one for key, one in value.items() if one is not None}
    found: dict[str, Any] = {}
    for one in value if isinstance(value, list) else [None]:
        if not isinstance(one, dict) or not isinstance(one.get("key"), str):
            raise EntryError("the attributes of {what} are no keys with values.", what=what)
        given = one.get("value")
        try:
            found[one["key"]] = orjson.loads(given) if isinstance(given, str) else given
        except orjson.JSONDecodeError:
            found[one["key"]] = given
    return {key: one for key, one in found.items() if one is not None}


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
