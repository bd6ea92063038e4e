"""A document as a row of our own columns (`features.DOCUMENTS`, `features.tokens`), and back.

Values of attributes are JSON in a string, because the values of a column have one type. A row that has exactly these
columns with these types is read here; any other one, and one of these that somebody changed, by `columns` or `words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

import orjson
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic import with_config as with_settings
from typing_extensions import TypedDict

from annotator.formats.datasets.entries import Entry, SpanEntry, hull
from annotator.formats.datasets.model import (
    DatasetCodebook,
    DatasetLayerStatus,
    DatasetPage,
    DatasetRelation,
    DatasetSource,
    DocumentStatus,
    Name,
    Position,
    Range,
)
from annotator.formats.datasets.tokens import OUTSIDE, Run, Tokens, iob2, tokens_of

Row = Mapping[str, Any]

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)


@with_settings(_STRICT)
class _Attribute(TypedDict):
    key: str
    value: str


@with_settings(_STRICT)
class _Span(TypedDict):
    """A span of the dataset line with its attributes as a list."""

    id: Name
    label: Name
    start: Position
    end: Position
    fragments: Annotated[list[Range], Field(min_length=1)]
    quote: str
    attributes: list[_Attribute]
    annotator: str
    layer: str
    round: str
    origin: Literal["manual", "imported", "suggested"]
    score: float | None
    decided_from: list[str]
    codebook: int
    created: str
    note: str
    pages: list[DatasetPage]


@with_settings(_STRICT)
class _Document(TypedDict):
    id: Name
    text: str
    source: DatasetSource
    spans: list[_Span]
    relations: list[DatasetRelation]
    sentences: list[Range]
    read: list[Range]
    codebook: DatasetCodebook
    status: DocumentStatus | None
    statuses: list[DatasetLayerStatus]
    split: str | None
    duplicate_group: str | None


@lru_cache(maxsize=1)
def _documents() -> TypeAdapter[Any]:
    return TypeAdapter(_Document)


@lru_cache(maxsize=1)
def _pages() -> TypeAdapter[Any]:
    return TypeAdapter(list[DatasetPage])


def are_pages(value: Any) -> bool:
    """Say whether a value is a list of places on pages as the dataset line has them."""
    try:
        _pages().validate_python(value)
    except ValidationError:
        return False
    return isinstance(value, list)


def document_row(entry: Entry) -> dict[str, Any]:
    """Return an entry with everything in it as a row of `features.DOCUMENTS`."""
    text = entry["text"]
    return {**entry, "spans": [_span_row(span, text) for span in entry["spans"]]}


def _span_row(span: SpanEntry, text: str) -> dict[str, Any]:
    start, end = hull(span)
    values = [{"key": key, "value": encoded(value)} for key, value in span.get("attributes", {}).items()]
    return {**span, "start": start, "end": end, "quote": text[start:end], "attributes": values}


def encoded(value: Any) -> str:
    """Return a value as JSON."""
    return _known_encoded(value) if isinstance(value, str | bool | int) else orjson.dumps(value).decode()


@lru_cache(maxsize=4096, typed=True)
def _known_encoded(value: str | bool | int) -> str:
    return orjson.dumps(value).decode()


def decoded(value: str) -> Any:
    """Return the value of a piece of JSON. Raises JSONDecodeError."""
    return orjson.loads(value) if value.startswith(("[", "{")) else _known_decoded(value)


@lru_cache(maxsize=4096)
def _known_decoded(value: str) -> Any:
    """Return a value that nobody can change: the same ones stand in thousands of spans."""
    return orjson.loads(value)


def own_entry(row: Row) -> Entry | None:
    """Return the entry of a row of `features.DOCUMENTS`, or None where it is none to the letter."""
    if row.keys() != _Document.__annotations__.keys():
        return None
    try:
        entry = _documents().validate_python(row)
        for span in entry["spans"]:
            values = span["attributes"]
            span["attributes"] = {one["key"]: decoded(one["value"]) for one in values}
            if len(span["attributes"]) != len(values) or hull(span) != (span.pop("start"), span.pop("end")):
                return None
    except (ValidationError, orjson.JSONDecodeError):
        return None
    return entry


def token_runs(spans: Iterable[SpanEntry], tokens: Tokens) -> list[Run | None]:
    """Return the tokens of each span; None for one that covers none."""
    return [tokens.run(span) for span in spans]


_AS_THEY_ARE = ("sentences", "read", "codebook", "status", "split", "duplicate_group")


def token_row(entry: Entry, names: Mapping[str, int] | None) -> dict[str, Any]:
    """Return an entry without overlaps as a row of `features.tokens`, its tags by `names` as numbers where given."""
    text = entry["text"]
    tokens = Tokens(tokens_of(text))
    runs = [run for run in token_runs(entry["spans"], tokens) if run is not None]
    tags: list[Any] = iob2(len(tokens.places), runs)
    return {
        "id": entry.get("id", ""),
        "tokens": [text[start:end] for start, end in tokens.places],
        "ner_tags": tags if names is None else [names[tag] for tag in tags],
        "offsets": [list(place) for place in tokens.places],
        "text": text,
        "source": entry.get("source", {}),
        **{key: entry.get(key) for key in _AS_THEY_ARE},
    }


def tag_names(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that labels need, the one for no label first."""
    return (OUTSIDE, *(f"{letter}-{label}" for label in labels for letter in "BI"))
