"""Rows of a table of documents as entries without spans."""

from __future__ import annotations

from typing import Any

from annotator.formats.datasets.entries import Entry, EntryError
from annotator.formats.datasets.fields import checked
from annotator.formats.datasets.tables.cells import json_value, whole
from annotator.formats.datasets.tables.columns import Columns

_STATUSES = frozenset(("new", "in_progress", "done", "returned", "approved"))
_SOURCE = ("file", "format", "title", "date", "url", "language")


def source_of(columns: Columns, row: list[Any]) -> dict[str, str]:
    """Return what a row says of a document's source."""
    return {key: columns.text(row, key) for key in _SOURCE if key in columns}


def document_of(columns: Columns, row: list[Any], identity: str) -> Entry:
    """Return the document of a row; `identity` is the role of the column that names it.

    Raises EntryError where there is no text, or a cell does not hold what its column should.
    """
    text = columns.text(row, "text")
    if not text:
        raise EntryError("there is no text.")
    entry: Entry = {"text": text, "source": source_of(columns, row), "spans": []}
    if name := columns.text(row, identity):
        entry["id"] = name
    for key in ("split", "duplicate_group"):
        if key in columns:
            entry[key] = columns.text(row, key) or None
    if "status" in columns:
        status = columns.text(row, "status")
        entry["status"] = status if status in _STATUSES else None
    for key in ("read", "sentences"):
        if key in columns:
            entry[key] = ranges(json_value(columns.cell(row, key), f"“{key}”") or [], f"“{key}”")
    if "statuses" in columns:
        entry["statuses"] = _statuses(json_value(columns.cell(row, "statuses"), "“statuses”") or [])
    if "codebook" in columns and "codebook_version" in columns:
        version = whole(columns.cell(row, "codebook_version"), "“codebook_version”") or 0
        entry["codebook"] = {"id": columns.text(row, "codebook"), "version": version}
    return entry


def _statuses(data: Any) -> list[dict[str, str]]:
    found = []
    for one in checked(data, list, "“statuses”"):
        given = checked(one, dict, "a part of “statuses”")
        layer, status = given.get("layer"), given.get("status")
        if not isinstance(layer, str) or not isinstance(status, str) or status not in _STATUSES:
            raise EntryError("a part of “statuses” is {found}, not a layer with its status.", found=f"{given!r:.60}")
        found.append({"layer": layer, "status": status})
    return found


def ranges(data: Any, what: str) -> list[list[int]]:
    """Return pairs of positions. Raises EntryError for anything else."""
    for pair in checked(data, list, what):
        if not _is_range(pair):
            raise EntryError("a part of {what} is {found}, not a start and an end.", what=what, found=f"{pair!r:.40}")
    return data


def _is_range(pair: Any) -> bool:
    return (
        type(pair) is list
        and len(pair) == 2
        and type(pair[0]) is int
        and type(pair[1]) is int
        and pair[0] >= 0
        and pair[1] >= 0
    )
