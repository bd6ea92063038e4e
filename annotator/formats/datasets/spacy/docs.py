"""Documents of a DocBin file as entries, read one at a time.

Spans are those of `doc.ents` and of every group of `doc.spans`; what stands in several of them is one. Categories that
apply label the whole text. Of user data, what this program wrote comes back, and of others what names a source.
Read are files of spaCy 2.2 and later: without span groups, with a list of them (3.0), with a map of them (3.4), with
and without user data, and where it is not known which words a space follows.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, RelationEntry, SpanEntry
from annotator.formats.datasets.extras import OWN, document_of_extras, relation_of_extras, span_of_extras
from annotator.formats.datasets.spacy.packing import BEGINS, INSIDE, SPAN
from annotator.formats.datasets.spacy.sections import MalformedError, Sections, unpacked

JOINED = "texts that were joined from words with spaces"
GRAMMAR = "parts of speech, lemmas and syntax"
NAMELESS = "spans whose label the file does not name"
GONE = "relations of spans that are gone"
OTHER = "other user data"

_SOURCE_KEYS = {
    **dict.fromkeys(("title", "headline"), "title"),
    "date": "date",
    **dict.fromkeys(("url", "link"), "url"),
    **dict.fromkeys(("file", "filename", "file_name"), "file"),
    **dict.fromkeys(("lang", "language"), "language"),
}
_GRAMMAR = ("TAG", "POS", "LEMMA", "DEP", "MORPH")


def docbin_entries(path: Path, name: str, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of each document. Raises DatasetError where the file is damaged."""
    with Sections(path, name) as sections:
        try:
            docs = _Docs(sections)
            for number in range(docs.count):
                try:
                    yield number + 1, _Doc(docs, number, context).entry()
                except EntryError as error:
                    yield number + 1, BadEntry(error)
        except (MalformedError, struct.error) as error:
            raise sections.damaged(str(error)) from error


class _Docs:
    """What all documents of a file share, and where each of them stands."""

    def __init__(self, sections: Sections) -> None:
        from spacy.attrs import IDS

        self._sections = sections
        attributes = sections.value("attrs")
        if not isinstance(attributes, tuple) or not attributes or not all(type(one) is int for one in attributes):
            raise MalformedError("it does not say which attributes its tokens have")
        by_number = {number: key for key, number in IDS.items()}
        self.columns = {by_number.get(one, str(one)): place for place, one in enumerate(attributes)}
        self._width = len(attributes)
        if "ORTH" not in self.columns:
            raise MalformedError("its tokens have no words")
        self._names = self._strings()
        self._tokens, self._spaces = sections.binary("tokens"), sections.binary("spaces")
        self._starts = self._places()
        self.count = len(self._starts) - 1
        self._lists = {key: self._items(key) for key in ("cats", "flags", "span_groups", "user_data")}

    def _strings(self) -> dict[int, str]:
        from spacy.strings import StringStore

        strings = self._sections.value("strings")
        if not isinstance(strings, tuple) or not all(isinstance(one, str) for one in strings):
            raise MalformedError("it has no list of strings")
        store = StringStore()
        try:
            return {0: "", **{store.add(string): string for string in strings}}
        except UnicodeEncodeError as error:
            raise MalformedError("a string holds half a character") from error

    def _places(self) -> Sequence[int]:
        start, end = self._sections.binary("lengths")
        data = self._sections.read(start, end)
        if len(data) % 4:
            raise MalformedError("its lengths are cut off")
        lengths = np.frombuffer(data, dtype="<i4")
        found = [0, *np.cumsum(lengths, dtype=np.int64).tolist()]
        sizes = [end - start for start, end in (self._tokens, self._spaces)]
        if (lengths < 0).any() or sizes != [found[-1] * 8 * self._width, found[-1]]:
            raise MalformedError("it has more or fewer tokens than it says")
        return found

    def _items(self, name: str) -> array[int] | None:
        found = self._sections.items(name)
        if found is not None and len(found) - 1 != self.count:
            raise MalformedError(f"it has {len(found) - 1} {name} for {self.count} documents")
        return found

    def tokens(self, number: int) -> tuple[Any, list[bool]]:
        """Return the numbers of a document's tokens, a row each, and whether a space follows each."""
        first, after = self._starts[number], self._starts[number + 1]
        start, size = self._tokens[0], 8 * self._width
        data = self._sections.read(start + first * size, start + after * size)
        spaces = self._sections.read(self._spaces[0] + first, self._spaces[0] + after)
        return np.frombuffer(data, dtype="<u8").reshape(-1, self._width), [one != 0 for one in spaces]

    def item(self, name: str, number: int) -> Any:
        """Return what a list says of a document, None where there is no list. Raises EntryError."""
        places = self._lists[name]
        if places is None:
            return None
        return _plain(self._sections.read(places[number], places[number + 1]), name)

    def name(self, number: int) -> str:
        """Return the string that a number stands for. Raises EntryError where the file has none for it."""
        found = self._names.get(number)
        if found is None:
            raise EntryError("the file has no word for the number {number}.", number=number)
        return found

    def names(self, numbers: Sequence[int]) -> list[str]:
        """Return the strings of numbers, as `name`."""
        names = self._names
        try:
            return [names[number] for number in numbers]
        except KeyError:
            return [self.name(number) for number in numbers]

    def knows(self, number: int) -> bool:
        """Say whether the file names a number that is something."""
        return number != 0 and number in self._names


class _Doc:
    """One document of a file."""

    def __init__(self, docs: _Docs, number: int, context: FormatContext) -> None:
        self._docs, self._number, self._losses = docs, number, context.losses
        self._rows, spaces = docs.tokens(number)
        words = docs.names(self._column("ORTH").tolist())
        flags = docs.item("flags", number)
        self._is_joined = isinstance(flags, Mapping) and bool(flags.get("has_unknown_spaces"))
        if self._is_joined:
            spaces = [place < len(words) - 1 for place in range(len(words))]
        self._words = words
        lengths = [len(word) + space for word, space in zip(words, spaces, strict=True)]
        self._starts = list(accumulate(lengths, initial=0))
        self._text = "".join(word + " " if space else word for word, space in zip(words, spaces, strict=True))
        self._user_data = self._read_user_data()
        own = self._user_data.get(OWN)
        self._own: Mapping[str, Any] = own if isinstance(own, Mapping) else {}
        said = self._own.get("spans")
        self._own_spans: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
        self._spans: list[SpanEntry] = []
        self._ids: set[str] = set()
        self._seen: set[tuple[Any, ...]] = set()

    def _column(self, name: str) -> Any:
        return self._rows[:, self._docs.columns[name]]

    def entry(self) -> Entry:
        """Return the document. Raises EntryError for what cannot be one."""
        self._add_groups()
        self._add_entities()
        self._add_categories()
        self._count_rest()
        source = self._source()
        entry: Entry = {"text": self._text, "spans": self._spans, "source": source}
        if self._own:
            entry |= document_of_extras(self._own.get("document", {}), source)  # type: ignore[typeddict-item]
            entry["relations"] = self._relations()
        elif sentences := self._sentences():
            entry["sentences"] = sentences
        identity = self._own.get("id") or self._user_data.get("id") or self._user_data.get("doc_id")
        if isinstance(identity, str | int) and identity:
            entry["id"] = str(identity)
        return entry

    def _read_user_data(self) -> dict[Any, Any]:
        packed = self._docs.item("user_data", self._number)
        if not isinstance(packed, bytes):
            return {}
        with suppress(MalformedError):  # what this program wrote has no lists that are keys
            found = unpacked(packed, as_lists=True)
            if isinstance(found, dict):
                return found
        found = _plain(packed, "user data")
        if not isinstance(found, Mapping):
            return {}
        return {_name_of(key): _listed(value) if key == OWN else value for key, value in found.items()}

    def _add_groups(self) -> None:
        groups = _groups(self._docs.item("span_groups", self._number))
        for key, items in groups:
            for item in items:
                name, _, label, first, after, start, end = SPAN.unpack(item)
                place = self._place(first, after)
                known = self._docs.name(name) if self._docs.knows(name) else ""
                own = self._own_spans.get(known)
                if not self._docs.knows(label):
                    self._losses.add(NAMELESS, f"“{shortened(self._text[start:end], 40)}”")
                    continue
                attributes = {"spans_key": key} if own is None and len(groups) > 1 else {}
                self._add(place, self._docs.name(label), own, attributes)

    def _place(self, first: int, after: int) -> tuple[int, int]:
        if not 0 <= first < after < len(self._starts):
            raise EntryError(
                "a span goes from token {first} to {after} of {count}.",
                first=first,
                after=after,
                count=len(self._words),
            )
        return self._starts[first], self._starts[after - 1] + len(self._words[after - 1])

    def _add(
        self, place: tuple[int, int], label: str, own: Any, attributes: Mapping[str, Any], score: float | None = None
    ) -> None:
        start, end = place
        text = self._text[start:end]
        trimmed = (start + len(text) - len(text.lstrip()), start + len(text.rstrip()), label)
        if own is None and (trimmed in self._seen or not text):
            return
        self._seen.add(trimmed)
        identity = own.get("id") if isinstance(own, Mapping) else None
        if not isinstance(identity, str) or not identity:
            identity = f"s{len(self._spans) + 1}"
        if identity in self._ids:
            if own is not None:
                return
            identity = f"{identity}.{len(self._spans) + 1}"
        self._ids.add(identity)
        span: SpanEntry = {"id": identity, "label": label, "fragments": [[start, end]]}
        if own is not None:
            span |= span_of_extras(own, f"span {identity}")  # type: ignore[typeddict-item]
            span["fragments"] = _fragments(own, place)
        if attributes:
            span["attributes"] = {**span.get("attributes", {}), **attributes}
        if score is not None:
            span["score"] = score
        self._spans.append(span)

    def _add_entities(self) -> None:
        if not {"ENT_IOB", "ENT_TYPE"} <= self._docs.columns.keys():
            return
        tags, types = self._column("ENT_IOB"), self._column("ENT_TYPE")
        inside = np.flatnonzero((tags == BEGINS) | (tags == INSIDE)).tolist()
        runs: list[list[int]] = []
        for token in inside:
            goes_on = runs and tags[token] == INSIDE and runs[-1][1] == token and types[token] == types[runs[-1][0]]
            if goes_on:
                runs[-1][1] = token + 1
            else:
                runs.append([token, token + 1])
        for first, after in runs:
            label = int(types[first])
            if self._docs.knows(label):
                self._add(self._place(first, after), self._docs.name(label), None, self._linked(first))
            else:
                self._losses.add(NAMELESS, f"“{shortened(self._words[first], 40)}”")

    def _linked(self, token: int) -> dict[str, str]:
        """Return what an entity is said to be in a knowledge base, and its own id."""
        found = {}
        for column, key in (("ENT_KB_ID", "kb_id"), ("ENT_ID", "ent_id")):
            if column in self._docs.columns and self._docs.knows(number := int(self._column(column)[token])):
                found[key] = self._docs.name(number)
        return found

    def _add_categories(self) -> None:
        cats = self._docs.item("cats", self._number)
        if not isinstance(cats, Mapping) or not self._text:
            return
        for label, score in cats.items():
            is_number = isinstance(score, int | float) and math.isfinite(score)
            if isinstance(label, str) and label and is_number and score >= 0.5:
                self._add((0, len(self._text)), label, None, {}, None if score == 1 else float(score))

    def _count_rest(self) -> None:
        example = shortened(self._text, 40)
        if self._is_joined:
            self._losses.add(JOINED, example)
        if any(name in self._docs.columns and self._column(name).any() for name in _GRAMMAR):
            self._losses.add(GRAMMAR, example)
        others = [str(key) for key in self._user_data if key not in (OWN, "id", "doc_id") and key not in _SOURCE_KEYS]
        for key in others:
            self._losses.add(OTHER, shortened(key, 40))

    def _source(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, name in _SOURCE_KEYS.items():
            value = self._user_data.get(key)
            if isinstance(value, str) and value:
                found.setdefault(name, value)
        return found

    def _sentences(self) -> list[list[int]]:
        if "SENT_START" not in self._docs.columns or not self._words:
            return []
        begins = np.flatnonzero(self._column("SENT_START") == 1).tolist()
        if not begins:
            return []
        places = [self._starts[token] for token in begins] + [len(self._text)]
        found = []
        for start, end in pairwise(places):
            end = start + len(self._text[start:end].rstrip())
            if start < end:
                found.append([start, end])
        return found

    def _relations(self) -> list[RelationEntry]:
        said = self._own.get("relations", [])
        found: list[RelationEntry] = []
        for number, one in enumerate(said if isinstance(said, list) else [], 1):
            if not isinstance(one, Mapping):
                raise EntryError("relation {number} of “{own}” is no object.", number=number, own=OWN)
            ends = [one.get("from"), one.get("to")]
            kind = one.get("type")
            if not self._ids.issuperset(ends) or not isinstance(kind, str) or not kind:
                self._losses.add(GONE, str(kind))
                continue
            extras = {"id": f"r{number}", **relation_of_extras(one, f"relation {number}")}
            found.append({"type": kind, "from": ends[0], "to": ends[1], **extras})  # type: ignore[typeddict-item]
        return found


def _plain(data: bytes, what: str) -> Any:
    try:
        return unpacked(data)
    except MalformedError as error:
        raise EntryError("its {what} cannot be read ({reason}).", what=what, reason=str(error)) from error


def _name_of(key: Any) -> Any:
    """Return the name of an extension attribute of a whole document, which spaCy keeps as ("._.", name, None, None)."""
    if isinstance(key, tuple) and len(key) == 4 and key[0] == "._." and key[2] is None:
        return key[1]
    return key


def _listed(value: Any) -> Any:
    """Return plain data with lists in the place of tuples."""
    if isinstance(value, tuple):
        return [_listed(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _listed(one) for key, one in value.items()}
    return value


def _groups(packed: Any) -> list[tuple[str, Sequence[bytes]]]:
    """Return the span groups of a document by their keys. Raises EntryError."""
    data = _plain(packed, "span groups") if isinstance(packed, bytes) and packed else ()
    if isinstance(data, Mapping):
        pairs = [(group, keys[0] if isinstance(keys, tuple) and keys else None) for group, keys in data.items()]
    else:
        pairs = [(group, None) for group in data] if isinstance(data, tuple) else []
    found = []
    for group, key in pairs:
        said = _plain(group, "span group") if isinstance(group, bytes) else None
        items = said.get("spans") if isinstance(said, Mapping) else None
        if not isinstance(said, Mapping) or not isinstance(items, tuple):
            raise EntryError("one of its span groups is none.")
        if not all(isinstance(one, bytes) and len(one) == SPAN.size for one in items):
            raise EntryError("a span of its span groups is cut off.")
        found.append((key if isinstance(key, str) else str(said.get("name", "")), items))
    return found


def _fragments(own: Mapping[str, Any], place: tuple[int, int]) -> list[list[int]]:
    """Return the pieces of a span as this program wrote them, if they still have its edges."""
    said = own.get("fragments")
    are_pairs = isinstance(said, list) and all(
        isinstance(one, list) and len(one) == 2 and all(type(edge) is int for edge in one) for one in said
    )
    if are_pairs and said and (said[0][0], said[-1][1]) == place:
        return said
    return [list(place)]
