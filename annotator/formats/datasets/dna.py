"""Discourse Network Analyzer, versions 2 and 3: `.dna` databases, read only.

A statement is a span whose label is its type; its variables become attributes where the codebook has some that are
called so, and lines of its note where not. The coder is annotator and layer; statement links become relations.
Positions are those of Java, which counts UTF-16 units.

Source: https://github.com/leifeld/dna, `SqlConnection.java` of version 2 and `Sql.java` of version 3.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, SpanEntry
from annotator.formats.datasets.foreign import ForeignRows, Grouped, dicts, opened, present, require, text_of, whole
from annotator.formats.datasets.holding import NEVER_IN_A_DATASET
from annotator.formats.datasets.selection_places import Counting, Quoted, SourceText, judged

LOSES = ("authors, sections and types of documents", "regular expressions that highlight", *NEVER_IN_A_DATASET)
LINK = "linked"

_NEEDED = {"documents": ("id", "title", "text"), "statements": ("id", "start", "stop"), "statementtypes": ("label",)}
_DOCUMENT = ("id", "title", "text", "author", "source", "section", "type", "date", "notes")
_DATA = ("databoolean", "datainteger", "datashorttext", "datalongtext")
_USUAL = Counting(crlf=True, units=True)
_EVIDENCE = 60
_MILLISECONDS = 100_000_000_000
"""A date that is larger than this counts milliseconds (version 2), not seconds (version 3)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"https?://\S+")
_Row = dict[str, Any]


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number of the document in the project, entry). Raises DatasetError where this is no such project."""
    with opened(path, context.database) as rows:
        require(rows, _NEEDED, path.name, "Discourse Network Analyzer")
        project = _Project(rows, context)
        evidence = []
        for number, (document, statements) in enumerate(project.documents()):
            if number >= _EVIDENCE:
                break
            evidence.append((SourceText(text_of(document["text"])), _quoted(statements)))
        counting = judged(evidence, _USUAL).counting
        for document, statements in project.documents():
            place = whole(document["id"]) or 0
            try:
                yield place, project.entry(document, statements, counting)
            except EntryError as error:
                yield place, BadEntry(error)
        if project.loose:
            context.losses.add("statements of documents that are not there", path.name, project.loose)


def _quoted(statements: list[_Row]) -> list[Quoted]:
    places = [(whole(row["start"]), whole(row["stop"])) for row in statements]
    return [Quoted(start, stop, "") for start, stop in places if start is not None and stop is not None]


class _Project:
    def __init__(self, rows: ForeignRows, context: FormatContext) -> None:
        self._rows = rows
        self._context = context
        self._document_column = _first(rows, "statements", ("documentid", "document"))
        self._type_column = _first(rows, "statements", ("statementtypeid", "type"))
        coders = "coders" if rows.columns("coders") else "coder"
        self._coders = {row["id"]: text_of(row["name"]) for row in dicts(rows, coders, ("id", "name"))}
        self._types = {row["id"]: text_of(row["label"]) for row in dicts(rows, "statementtypes", ("id", "label"))}
        self._known = {one.name.casefold(): one.key for one in context.codebook.attributes}
        self._known |= {one.key.casefold(): one.key for one in context.codebook.attributes}
        self._values = self._all_values()
        self.loose = 0
        """How many statements belong to no document, once all of these were given."""
        self._links: dict[Any, list[Any]] = defaultdict(list)
        for row in dicts(rows, "statementlinks", ("sourceid", "targetid")):
            self._links[row["sourceid"]].append(row["targetid"])

    def documents(self) -> Iterator[tuple[_Row, list[_Row]]]:
        """Yield each document with its statements."""
        wanted = ("id", "start", "stop", "coder", self._type_column, self._document_column)
        ordered = dicts(self._rows, "statements", wanted, (self._document_column, "start", "id"))
        grouped = Grouped(ordered, self._document_column)
        for document in dicts(self._rows, "documents", _DOCUMENT, ("id",)):
            yield document, grouped.of(whole(document["id"]) or 0)
        self.loose = grouped.finish()

    def _all_values(self) -> dict[Any, dict[str, Any]]:
        """Return the values of each statement by the names of its variables."""
        rows = self._rows
        names, kinds = {}, {}
        for row in dicts(rows, "variables", ("id", "variable", "datatype")):
            names[row["id"]], kinds[row["id"]] = text_of(row["variable"]), text_of(row["datatype"])
        entities: dict[Any, str] = {}
        for table, column in (("attributes", "value"), ("entities", "value"), ("entities", "name")):
            if column in rows.columns(table):
                entities |= {row["id"]: text_of(row[column]) for row in dicts(rows, table, ("id", column))}
        found: dict[Any, dict[str, Any]] = defaultdict(dict)
        for table in _DATA:
            for row in dicts(rows, table, ("statementid", "variableid", "value", "entity")):
                variable = row["variableid"]
                value = row["entity"] if row["value"] is None else row["value"]
                if table == "datashorttext" and isinstance(value, int):
                    value = entities.get(value, value)
                elif table == "databoolean" or kinds.get(variable) == "boolean":
                    value = bool(value)
                if value in (None, ""):
                    continue
                if variable in names:
                    found[row["statementid"]][names[variable]] = value
                else:
                    self._context.losses.add("values of variables that are not there", text_of(value))
        return found

    def entry(self, document: _Row, statements: list[_Row], counting: Counting) -> Entry:
        """Return the entry of a document. Raises EntryError."""
        source = SourceText(text_of(document["text"]))
        spans = [self._span(row, source, counting) for row in statements]
        if any(text_of(document[key]) for key in ("author", "section", "type")):
            self._context.losses.add("authors, sections and types of documents", text_of(document["title"]))
        return {
            "text": source.text,
            "spans": spans,
            "source": _facts(document),
            "relations": self._relations(statements),
        }

    def _relations(self, statements: list[_Row]) -> list[Any]:
        coders = {row["id"]: row["coder"] for row in statements}
        found: list[Any] = []
        for source, coder in coders.items():
            for target in self._links.get(source, ()):
                if target not in coders or target == source:
                    self._context.losses.add("links between statements of two documents", str(source))
                elif coders[target] != coder:
                    self._context.losses.add("links between statements of two coders", str(source))
                else:
                    ends = {"from": f"s{source}", "to": f"s{target}"}
                    found.append({"id": f"r{source}-{target}", "type": LINK, **ends})
        return found

    def _span(self, row: _Row, source: SourceText, counting: Counting) -> SpanEntry:
        start, stop = whole(row["start"]), whole(row["stop"])
        if start is None or stop is None or start < 0:
            raise EntryError("statement {id} has no place in its text.", id=f"{row['id']!r:.20}")
        coder = self._coders.get(row["coder"], "")
        kind = row[self._type_column]
        attributes, note = self._said(self._values.get(row["id"], {}))
        return {
            "id": f"s{row['id']}",
            "label": self._types.get(kind) or (text_of(kind) if isinstance(kind, str) else "statement"),
            "fragments": [list(source.place(start, stop, counting))],
            "attributes": attributes,
            "annotator": coder,
            "layer": coder,
            "note": note,
        }

    def _said(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """Return the values that have an attribute in the codebook, and the others as lines."""
        attributes, lines = {}, []
        for name, value in values.items():
            key = self._known.get(name.casefold())
            if key:
                attributes[key] = value
            else:
                shown = ("yes" if value else "no") if isinstance(value, bool) else text_of(value)
                lines.append(f"{name}: {shown}")
        return attributes, "\n".join(lines)


def _first(rows: ForeignRows, table: str, columns: tuple[str, ...]) -> str:
    return (present(rows, table, columns) or [columns[0]])[0]


def _facts(document: _Row) -> dict[str, str]:
    """Return the facts of a document; its notes often hold the address that it is from."""
    facts = {"title": text_of(document["title"]), "date": _date(document["date"])}
    for key in ("source", "notes"):
        address = _ADDRESS.search(text_of(document[key]))
        if address:
            return {**facts, "url": address[0]}
    return facts


def _date(value: Any) -> str:
    number = whole(value)
    if number is None:
        return ""
    seconds = number / 1000 if abs(number) > _MILLISECONDS else number
    try:
        return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    except OverflowError:
        return ""
