"""Tags of the sample texts: `NAME.tags.toml` beside `NAME.md`, with spans named by the words they quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError
from annotator.core.records import Fragment
from annotator.formats.codebooks import read_toml

FORMAT = "annotator-tags/1"


@dataclass(frozen=True, slots=True)
class SampleSpan:
    """One tagged span. `quotes` are its fragments in order; `occurrence` counts from 1 and is that of the first."""

    key: str
    label: str
    quotes: tuple[str, ...]
    occurrence: int = 1
    attributes: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class SampleRelation:
    """A relation between two spans, by their keys."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class SampleTags:
    """The whole tagging of one sample."""

    spans: tuple[SampleSpan, ...]
    relations: tuple[SampleRelation, ...]


def read_tags(path: Path) -> SampleTags:
    """Return the tags of a file. Raises DatasetError, naming the file and the entry."""
    data = read_toml(path, DatasetError)
    if data.get("format") != FORMAT:
        raise DatasetError("{file} holds no tags: it must begin with format = “{format}”.", file=path, format=FORMAT)
    _refuse_unknown(path, "the file", data, ("format", "spans", "relations"))
    spans = tuple(_span(path, f"span {n}", entry) for n, entry in _tables(path, data, "spans"))
    keys = [span.key for span in spans]
    for key in keys:
        if keys.count(key) > 1:
            raise DatasetError("{file}: two spans have the key “{key}”; give one of them another.", file=path, key=key)
    relations = tuple(_relation(path, f"relation {n}", entry, keys) for n, entry in _tables(path, data, "relations"))
    return SampleTags(spans, relations)


def locate(span: SampleSpan, text: str) -> tuple[Fragment, ...]:
    """Return the span's fragments in the canonical text, in code points; each is sought after the one before.

    Raises DatasetError where the text does not hold a quote.
    """
    fragments: list[Fragment] = []
    end = 0
    for number, quote in enumerate(span.quotes):
        start = text.find(quote, end)
        for _ in range(span.occurrence - 1 if number == 0 else 0):
            start = text.find(quote, start + 1) if start >= 0 else -1
        if start < 0:
            raise DatasetError("The text does not hold “{quote}” of span “{key}”.", quote=quote, key=span.key)
        end = start + len(quote)
        fragments.append((start, end))
    return tuple(fragments)


def _tables(path: Path, data: Mapping[str, Any], name: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    entries = data.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise DatasetError("{file}: “{name}” must be a list of tables, [[{name}]].", file=path, name=name)
    return enumerate(entries, start=1)


def _span(path: Path, entry: str, data: Mapping[str, Any]) -> SampleSpan:
    _refuse_unknown(path, entry, data, ("key", "label", "quote", "quotes", "occurrence", "attributes", "note"))
    if ("quote" in data) == ("quotes" in data):
        raise DatasetError("{file}: {entry} must have either “quote” or “quotes”.", file=path, entry=entry)
    quotes = data["quotes"] if "quotes" in data else [data["quote"]]
    if not isinstance(quotes, list) or not quotes or not all(isinstance(quote, str) and quote for quote in quotes):
        raise _wrong(path, entry, "quotes", "a list of texts")
    occurrence = data.get("occurrence", 1)
    if type(occurrence) is not int or occurrence < 1:
        raise _wrong(path, entry, "occurrence", "a whole number from 1")
    attributes = data.get("attributes", {})
    if not isinstance(attributes, Mapping):
        raise _wrong(path, entry, "attributes", "a table")
    note = data.get("note", "")
    if not isinstance(note, str):
        raise _wrong(path, entry, "note", "text")
    key, label = _word(path, entry, data, "key"), _word(path, entry, data, "label")
    return SampleSpan(key, label, tuple(quotes), occurrence, attributes, note)


def _relation(path: Path, entry: str, data: Mapping[str, Any], keys: Iterable[str]) -> SampleRelation:
    _refuse_unknown(path, entry, data, ("type", "from", "to"))
    type_, source, target = (_word(path, entry, data, name) for name in ("type", "from", "to"))
    for key in (source, target):
        if key not in keys:
            raise DatasetError(
                "{file}: {entry} names the span “{key}”, which is not there.", file=path, entry=entry, key=key
            )
    return SampleRelation(type_, source, target)


def _word(path: Path, entry: str, data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(path, entry, name, "a word")
    return value


def _refuse_unknown(path: Path, entry: str, data: Mapping[str, Any], known: Iterable[str]) -> None:
    for name in sorted(set(data) - set(known)):
        raise DatasetError("{file}: {entry} has the unknown field “{field}”.", file=path, entry=entry, field=name)


def _wrong(path: Path, entry: str, name: str, need: str) -> DatasetError:
    return DatasetError("{file}: “{field}” of {entry} must be {need}.", file=path, field=name, entry=entry, need=need)
