"""What a dataset holds, counted while it is written or read, and the manifest that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import orjson


class Counts(NamedTuple):
    """How much a dataset holds."""

    documents: int
    spans: int
    relations: int


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What was written: the data file first, then schema and manifest; `sha256` is that of the data file."""

    documents: int
    spans: int
    relations: int
    files: tuple[Path, ...]
    sha256: str


@dataclass(slots=True)
class Summary:
    """What a dataset uses, each with how often. `attributes` counts the values that are not null."""

    documents: int = 0
    spans: int = 0
    relations: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    attributes: Counter[str] = field(default_factory=Counter)
    relation_types: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counts:
        """Return the three totals."""
        return Counts(self.documents, self.spans, self.relations)

    def add(self, line: Mapping[str, Any]) -> None:
        """Count a line, all but its attributes."""
        spans, relations = line["spans"], line["relations"]
        self.documents += 1
        self.spans += len(spans)
        self.relations += len(relations)
        self.labels.update(map(itemgetter("label"), spans))
        self.relation_types.update(map(itemgetter("type"), relations))
        for items in (spans, relations):
            self.layers.update(map(itemgetter("layer"), items))
            self.annotators.update(map(itemgetter("annotator"), items))

    def add_attributes(self, line: Mapping[str, Any]) -> None:
        """Count the attributes that have a value."""
        for span in line["spans"]:
            self.attributes.update(key for key, value in span["attributes"].items() if value is not None)

    def as_data(self) -> dict[str, Any]:
        """Return the counts as a manifest has them."""
        return {
            "counts": self.counts._asdict(),
            "labels": dict(sorted(self.labels.items())),
            "relation_types": dict(sorted(self.relation_types.items())),
            "layers": dict(sorted(self.layers.items())),
            "annotators": dict(sorted(self.annotators.items())),
        }


def manifest_bytes(given: Mapping[str, Any], summary: Summary, sha256: str, files: Mapping[str, str]) -> bytes:
    """Return the manifest of a dataset of one or more files, each with its SHA-256 by its name."""
    measured = {"data": {"sha256": sha256, "files": dict(sorted(files.items()))}, **summary.as_data()}
    return indented(measured | dict(given) | measured)


def indented(data: Any) -> bytes:
    """Return data as JSON for people."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
