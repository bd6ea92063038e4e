"""The records of a project: frozen rows that travel between the layers.

How to add a table:
1. add its record here (fields in column order, `id` first) and name it in `RECORDS`;
2. add a migration in `storage/migrations/` that creates the table;
3. add a case to `tests/storage/test_records.py`.

Ids are UUID text. Times are ISO 8601 UTC text and only for display, never for order.
Positions are code points of the document's canonical text, half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

Fragment = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Project:
    """The one row that says what this file is; `codebook` and `round` are those in use.

    `purpose` says in a lead's words what the project is for. `options` are choices that hold for everybody in it, by
    name (see session.options).
    """

    table: ClassVar[str] = "project"
    id: str
    title: str
    created: str
    codebook: str
    round: str
    purpose: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotator:
    """A person. `same_as` names the annotator that this one was joined to, or None.

    `role` is lead or analyst: an analyst changes only what is their own. `color` is #rrggbb, or empty for the colour
    that follows from the id.
    """

    table: ClassVar[str] = "annotator"
    id: str
    name: str
    same_as: str | None = None
    role: str = "lead"
    color: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A pass of annotation, such as pilot or production.

    In a `practice` round an analyst sees after hand-in where gold differs. When a lead has `released` it, analysts see
    what the others tagged in it, and how far they agree.
    """

    table: ClassVar[str] = "round"
    id: str
    name: str
    position: int
    practice: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True)
class CodebookVersion:
    """One immutable version of the codebook; `content` is the whole of it (see core.codebook)."""

    table: ClassVar[str] = "codebook"
    id: str
    codebook: str
    version: int
    name: str
    created: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it stands now. Its id is stable across codebook versions.

    `digit` is the key 1 to 9 that tags with it, or None. `light` and `dark` are #rrggbb.
    `pattern` is the underline: solid, dash, dot or dash-dot. `initial` stands in the margin.
    """

    table: ClassVar[str] = "label"
    id: str
    key: str
    name: str
    digit: int | None
    light: str
    dark: str
    pattern: str
    initial: str
    position: int
    parent: str | None = None
    retired: bool = False
    definition: str = ""
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    boundary: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """An attribute of annotations.

    `type` is one of choice, choices, entity, number, date, text, texts, boolean. `choices` are (value, name)
    pairs. `labels` are label keys; empty means every label. `default` is stored when a span is tagged. `asked` says
    that tagging asks for it; the others wait for the attribute pass. `inherits` says where a span without a value
    of its own has it from (see core.inheritance): "" nowhere, "document", or "turn", which is the turn's speaker
    and else the document.
    """

    table: ClassVar[str] = "attribute_definition"
    id: str
    key: str
    name: str
    type: str
    position: int
    choices: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    description: str = ""
    retired: bool = False
    asked: bool = False
    inherits: str = ""


@dataclass(frozen=True, slots=True)
class RelationType:
    """A directed relation; `sources` and `targets` are the label keys allowed at its ends, empty means every one."""

    table: ClassVar[str] = "relation_type"
    id: str
    key: str
    name: str
    position: int
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    description: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that speaks or is spoken to."""

    table: ClassVar[str] = "entity"
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of an entity."""

    table: ClassVar[str] = "alias"
    id: str
    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """Canonical text, frozen at import. `text`, `source`, `structure` and `pages` are hashes of blobs.

    `text` is UTF-8, `source` the original bytes, `structure` the canonical JSON of a core.structure.Structure,
    `pages` the JSON of a core.pages.PageLayout or None where the source has no pages.
    `characters` counts code points. `date` is ISO 8601 or empty, `language` a BCP 47 tag or empty.
    """

    table: ClassVar[str] = "document"
    id: str
    title: str
    text: str
    characters: int
    source: str
    structure: str
    file: str
    format: str
    language: str
    date: str
    url: str
    created: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    supersedes: str | None = None
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentValue:
    """What an attribute is in a document unless a span says otherwise; an entity attribute holds the entity's id."""

    table: ClassVar[str] = "document_value"
    id: str
    document: str
    attribute: str
    value: Any


@dataclass(frozen=True, slots=True)
class Layer:
    """One annotator's annotations in one round; `kind` is annotator or gold (then `annotator` is None)."""

    table: ClassVar[str] = "layer"
    id: str
    kind: str
    annotator: str | None
    round: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """One label on one span. `fragments` are ordered, apart from each other, and at least one.

    `origin` is manual, imported or suggested, `score` a suggestion's probability.
    `codebook` is the codebook version it was made under, `annotator` who made it.
    """

    table: ClassVar[str] = "annotation"
    id: str
    document: str
    layer: str
    label: str
    annotator: str
    codebook: str
    created: str
    fragments: tuple[Fragment, ...]
    origin: str = "manual"
    score: float | None = None
    decided_from: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """First code point of the hull."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Code point after the hull's last."""
        return self.fragments[-1][1]


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One attribute's value on one annotation; an entity attribute holds the entity's id."""

    table: ClassVar[str] = "attribute_value"
    id: str
    annotation: str
    layer: str
    attribute: str
    value: Any


@dataclass(frozen=True, slots=True)
class Relation:
    """A directed link between two annotations of one document and layer."""

    table: ClassVar[str] = "relation"
    id: str
    document: str
    layer: str
    type: str
    source: str
    target: str
    annotator: str
    created: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on the row `target` of the table `kind` (annotation, relation, document or label), as Markdown."""

    table: ClassVar[str] = "note"
    id: str
    kind: str
    target: str
    document: str | None
    layer: str | None
    annotator: str
    created: str
    body: str


@dataclass(frozen=True, slots=True)
class Status:
    """Where a layer's annotator stands with a document: new, in_progress, done, returned or approved."""

    table: ClassVar[str] = "status"
    id: str
    document: str
    layer: str
    status: str


@dataclass(frozen=True, slots=True)
class ReadRange:
    """Text that a layer's annotator has read and that holds nothing to tag: `[start, end)` in code points.

    With documents that are done, these are the true negatives of a dataset.
    """

    table: ClassVar[str] = "read_range"
    id: str
    document: str
    layer: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody keeps; `query` is its criteria as plain data (see session.searches)."""

    table: ClassVar[str] = "saved_search"
    id: str
    name: str
    annotator: str
    created: str
    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An annotation of an older version of `document` that waits for a place in it; `layer` is the annotation's."""

    table: ClassVar[str] = "unplaced"
    id: str
    document: str
    layer: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A document that an annotator is to tag in a round."""

    table: ClassVar[str] = "assignment"
    id: str
    round: str
    document: str
    annotator: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a case, which is what layers have at one place of a document (see core.cases).

    `layer` is the gold layer that it belongs to. `basis` holds what was decided on: annotations and relations as they
    were, by id, as plain data. `result` are the ids of the gold annotations and relations that came of it. `choice` is
    one of core.cases.CHOICES. `precedent` is the id of the label whose precedent it is, or None.
    """

    table: ClassVar[str] = "decision"
    id: str
    document: str
    layer: str
    kind: str
    choice: str
    annotator: str
    created: str
    basis: Mapping[str, Any] = field(default_factory=dict)
    result: tuple[str, ...] = ()
    reason: str = ""
    precedent: str | None = None


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """What a lead wrote about the course of the project, as Markdown."""

    table: ClassVar[str] = "diary_entry"
    id: str
    annotator: str
    created: str
    body: str


@dataclass(frozen=True, slots=True)
class Release:
    """A dataset that left the project: `file` is a bare name, `sha256` the hash of its bytes, `details` its counts."""

    table: ClassVar[str] = "release"
    id: str
    annotator: str
    created: str
    file: str
    format: str
    sha256: str
    codebook: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a dataset is made, kept under a name: `content` is the data of a core.recipes.ExportRecipe."""

    table: ClassVar[str] = "recipe"
    id: str
    name: str
    annotator: str
    created: str
    content: Mapping[str, Any]


Record = (
    Project
    | Annotator
    | Round
    | CodebookVersion
    | Label
    | AttributeDefinition
    | RelationType
    | Entity
    | Alias
    | Document
    | DocumentValue
    | Layer
    | Annotation
    | AttributeValue
    | Relation
    | Note
    | Status
    | ReadRange
    | SavedSearch
    | Unplaced
    | Assignment
    | Decision
    | DiaryEntry
    | Release
    | Recipe
)

RECORDS: tuple[type[Record], ...] = (
    Project,
    Annotator,
    Round,
    CodebookVersion,
    Label,
    AttributeDefinition,
    RelationType,
    Entity,
    Alias,
    Document,
    DocumentValue,
    Layer,
    Annotation,
    AttributeValue,
    Relation,
    Note,
    Status,
    ReadRange,
    SavedSearch,
    Unplaced,
    Assignment,
    Decision,
    DiaryEntry,
    Release,
    Recipe,
)
"""Every journalled table, parents before children."""

STATUSES = ("new", "in_progress", "done", "returned", "approved")
FINISHED = frozenset(("done", "returned", "approved"))
"""Statuses of a document whose annotator has been through with it once."""

ROLES = ("lead", "analyst")
