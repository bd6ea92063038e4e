"""The dataset line `annotator-jsonl/1` as types: what validates every line, and the JSON Schema beside the data.

The types are TypedDicts under pydantic, because a validated line stays plain data and costs a third of a
model instance. The order of the fields is the order of the keys in the file. What types cannot say
(quotes, bounds, references) is in `checks`, and belongs to the same validator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, InstanceOf, TypeAdapter, ValidationError, WithJsonSchema
from pydantic import with_config as with_settings
from typing_extensions import TypedDict

from annotator.formats.datasets.checks import LineError, check_meaning

SCHEMA = "annotator-jsonl/1"

Place = tuple[str | int, ...]
"""Where something stands in a line: keys and indexes from the outside in."""

_STRICT = ConfigDict(strict=True, allow_inf_nan=False, json_schema_extra={"additionalProperties": False})

Name = Annotated[str, Field(min_length=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Position = Annotated[int, Field(ge=0, description="code points of `text`")]
Range = Annotated[list[Position], Field(min_length=2, max_length=2, description="[start, end), half-open")]
Box = Annotated[list[float], Field(min_length=4, max_length=4, description="left, top, right, bottom in PDF points")]
Attributes = Annotated[
    InstanceOf[dict[str, Any]],
    WithJsonSchema({"type": "object", "description": "every key of the codebook, null where absent"}),
]
"""Any JSON object: a decoded line can hold no other keys or values, so they are not visited one by one."""

DocumentStatus = Literal["new", "in_progress", "done", "returned", "approved"]


@with_settings(_STRICT)
class DatasetSource(TypedDict):
    """Where a document came from; empty where unknown. `date` is ISO 8601, `language` BCP 47."""

    file: str
    format: str
    title: str
    date: str
    url: str
    language: str


@with_settings(_STRICT)
class DatasetPage(TypedDict):
    """Where on a page of the source a span stands; origin top left."""

    page: Annotated[int, Field(ge=1)]
    boxes: list[Box]


@with_settings(_STRICT)
class DatasetSpan(TypedDict):
    """One annotation; `start` and `end` are the hull of its fragments and `quote` the text of the hull."""

    id: Name
    label: Name
    start: Position
    end: Position
    fragments: Annotated[list[Range], Field(min_length=1)]
    quote: str
    attributes: Attributes
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


DatasetRelation = with_settings(_STRICT)(
    TypedDict(
        "DatasetRelation",
        {
            "id": Name,
            "type": Name,
            "from": Name,
            "to": Name,
            "annotator": str,
            "layer": str,
            "created": str,
            "note": str,
        },
    )
)
"""A directed link between two spans of the line, by their ids."""


@with_settings(_STRICT)
class DatasetCodebook(TypedDict):
    """The codebook that was in use at the export."""

    id: str
    version: int


@with_settings(_STRICT)
class DatasetLayerStatus(TypedDict):
    """Where a layer stands with the document."""

    layer: str
    status: DocumentStatus


@with_settings(_STRICT)
class DatasetDocument(TypedDict):
    """One line: a document with its spans and relations.

    `read` are the ranges that count as true negatives where nothing is tagged. `status` is that of the exported
    layer, null where several layers were exported.
    """

    schema: Literal["annotator-jsonl/1"]
    id: Name
    text: str
    text_sha256: Annotated[Sha256, Field(description="of the UTF-8 bytes of `text`")]
    offset_unit: Literal["codepoint"]
    source: DatasetSource
    spans: list[DatasetSpan]
    relations: list[DatasetRelation]
    sentences: list[Range]
    read: list[Range]
    codebook: DatasetCodebook
    status: DocumentStatus | None
    statuses: list[DatasetLayerStatus]
    split: str | None
    duplicate_group: str | None


_LINE: TypeAdapter[DatasetDocument] = TypeAdapter(Annotated[DatasetDocument, AfterValidator(check_meaning)])

DOCUMENT_KEYS = tuple(DatasetDocument.__annotations__)
SPAN_KEYS = tuple(DatasetSpan.__annotations__)
RELATION_KEYS = tuple(DatasetRelation.__annotations__)


def validated(line: Any) -> DatasetDocument:
    """Return the decoded line if every rule of the schema holds.

    Raises:
        LineError: Naming the first thing that is wrong, a key that the schema does not know included.
    """
    document, unknown = validated_without_unknown_keys(line)
    if unknown:
        raise LineError("the key {place} is not part of the format.", place=place_name(line, unknown[0]))
    return document


def validated_without_unknown_keys(line: Any) -> tuple[DatasetDocument, list[Place]]:
    """Return the line without the keys that the schema does not know, and the places of those.

    Raises:
        LineError: Naming the first other thing that is wrong.
    """
    try:
        document = _LINE.validate_python(line)
    except ValidationError as error:
        raise _structural_problem(error, line) from error
    # Counting keys after the fact costs a fifth of what pydantic needs to forbid them.
    sizes = zip(_objects(line), _objects(document), strict=True)
    if all(sum(map(len, given)) == sum(map(len, known)) for given, known in sizes):
        return document, []
    return document, list(_unknown_places(line, document, ()))


def _objects(line: Any) -> Iterator[Iterable[Any]]:
    yield line, line["source"], line["codebook"]
    yield line["spans"]
    yield line["relations"]
    yield line["statuses"]
    yield chain.from_iterable(span["pages"] for span in line["spans"] if span["pages"])


def _unknown_places(given: Any, known: Any, place: Place) -> Iterator[Place]:
    if isinstance(given, dict) and given is not known:
        for key, value in given.items():
            if key in known:
                yield from _unknown_places(value, known[key], (*place, key))
            else:
                yield (*place, key)
    elif isinstance(given, list):
        for i, (value, kept) in enumerate(zip(given, known, strict=True)):
            yield from _unknown_places(value, kept, (*place, i))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line, without the rules that JSON Schema cannot say."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "$comment": "Also true of every line: quote == text[start:end] in code points; fragments are ordered, apart "
        "and span start to end; ids are unique; relations end at spans of the line.",
        **{key: value for key, value in _LINE.json_schema().items() if key != "title"},
    }


def place_name(line: Any, place: Place) -> str:
    """Return a place such as ("spans", 3, "label") in words that name the span's id where it has one."""
    if len(place) >= 2 and place[0] in ("spans", "relations") and isinstance(place[1], int):
        kind = "span" if place[0] == "spans" else "relation"
        item = line[place[0]][place[1]]
        name = item.get("id") if isinstance(item, dict) else None
        owner = f"{kind} {name}" if isinstance(name, str) and name else f"{kind} number {place[1] + 1}"
        return " of ".join([*([".".join(map(str, place[2:]))] if place[2:] else []), owner])
    return ".".join(map(str, place)) or "the line"


def _structural_problem(error: ValidationError, line: Any) -> LineError:
    problem = error.errors()[0]
    place = place_name(line, problem["loc"])
    if problem["type"] == "missing":
        return LineError("the key {place} is missing.", place=place)
    return LineError("{place} is not what the format asks for: {reason}.", place=place, reason=problem["msg"])
