"""A document as the lines of its .ann, and as the record of documents.jsonl that has all the rest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from annotator.formats.datasets.brat.names import word
from annotator.formats.datasets.brat.places import pieces_of
from annotator.formats.datasets.entries import Entry, SpanEntry
from annotator.formats.datasets.extras import extras_of_document, extras_of_relation, extras_of_span

INDEX = "documents.jsonl"
"""The file beside the documents, which brat does not look at."""

FLAG = ""
"""What stands for the value of an attribute that brat only has or has not."""

_VALUE = re.compile(r"[^\s\x00-\x1f\x7f]+")


def words_of(value: Any) -> list[str]:
    """Return the values that brat has for the value of an attribute, none where it cannot have it."""
    if value is True:
        return [FLAG]
    if isinstance(value, list):
        values = [word for one in value if one is not True for word in words_of(one)]
        return values if len(values) == len(value) else []
    if not isinstance(value, str | int | float) or value is False:
        return []
    shown = str(value)
    return [shown] if _VALUE.fullmatch(shown) else []


def note_of(note: str) -> str:
    """Return a note on one line."""
    return " ".join(note.split())


def text_hash(text: str) -> str:
    """Return what tells whether a text was changed."""
    return hashlib.sha256(text.encode()).hexdigest()


def ann_and_record(entry: Entry, name: str) -> tuple[bytes, dict[str, Any]]:
    """Return the .ann of a document as bytes, and its record."""
    lines = _Lines()
    spans = [_span(span, entry["text"], lines) for span in entry["spans"]]
    numbers = {one["id"]: one["brat"] for one in spans if "brat" in one}
    relations = [_relation(one, numbers, lines) for one in entry.get("relations", ())]
    record = {
        "file": f"{name}.txt",
        "id": entry.get("id", ""),
        "text_sha256": text_hash(entry["text"]),
        "document": extras_of_document(entry, ("id",)),
        "spans": spans,
        "relations": relations,
    }
    return lines.data(), record


class _Lines:
    """The lines of one .ann, with their numbers."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._numbers: dict[str, int] = {}

    def add(self, letter: str, rest: str) -> str:
        """Add a line and return its id."""
        number = self._numbers[letter] = self._numbers.get(letter, 0) + 1
        self._lines.append(f"{letter}{number}\t{rest}\n")
        return f"{letter}{number}"

    def data(self) -> bytes:
        return "".join(self._lines).encode()


def _span(span: SpanEntry, text: str, lines: _Lines) -> dict[str, Any]:
    """Add the lines of a span and return its record; `brat` is its id there, missing where brat cannot show it."""
    record = {"id": span["id"], "label": span["label"], "fragments": span["fragments"], **extras_of_span(span)}
    pieces = pieces_of(span["fragments"], text)
    if not pieces:
        return record
    places = ";".join(f"{start} {end}" for start, end in pieces)
    quote = " ".join([text[start:end] for start, end in pieces])
    identity = lines.add("T", f"{word(span['label'])} {places}\t{quote}")
    _add_attributes(span.get("attributes", {}), identity, lines)
    _add_note(span.get("note", ""), identity, lines)
    return {"brat": identity, **record}


def _add_attributes(attributes: Mapping[str, Any], identity: str, lines: _Lines) -> None:
    for key, value in attributes.items():
        for one in words_of(value):
            lines.add("A", f"{word(key)} {identity} {one}".rstrip(" "))


def _add_note(note: str, identity: str, lines: _Lines) -> None:
    if shown := note_of(note):
        lines.add("#", f"AnnotatorNotes {identity}\t{shown}")


def _relation(relation: Any, numbers: Mapping[str, str], lines: _Lines) -> dict[str, Any]:
    ends = {"type": relation["type"], "from": relation["from"], "to": relation["to"]}
    record = {**extras_of_relation(relation), **ends}
    if ends["from"] not in numbers or ends["to"] not in numbers:
        return record
    source, target = numbers[ends["from"]], numbers[ends["to"]]
    identity = lines.add("R", f"{word(relation['type'])} Arg1:{source} Arg2:{target}\t")
    _add_note(relation.get("note", ""), identity, lines)
    return {"brat": identity, **record}
