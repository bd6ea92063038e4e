"""QualCoder projects, read only: the folder `NAME.qda` or the database `data.qda` in it.

A coding is a span with its memo as a note; its coder is its annotator and layer. Positions are those of the program,
which counts code points where it searches and UTF-16 units where people select; the text of each coding tells which.
Texts of PDFs and transcripts are sources like any other. Attributes of files become facts of the document where they
are called date, url, or language.

Source: https://github.com/ccbogel/QualCoder, the tables of databases v1 to v11.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, SpanEntry
from annotator.formats.datasets.foreign import ForeignRows, Grouped, dicts, opened, require, text_of, whole
from annotator.formats.datasets.holding import NEVER_IN_A_DATASET

DATABASE = "data.qda"
LOSES = (
    "codings of pictures, sounds and films",
    "annotations without a code",
    "attributes of files",
    *NEVER_IN_A_DATASET,
)

_SOURCE = ("id", "name", "fulltext", "mediapath", "memo", "owner", "date")
_CODING = ("cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important", "ctid")
_NEEDED = {
    "source": ("id", "name", "fulltext"),
    "code_text": ("cid", "fid", "pos0", "pos1"),
    "code_name": ("cid", "name"),
}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T_](\d\d:\d\d:\d\d)")
_FACTS = {"date": "date", "datum": "date", "url": "url", "link": "url", "language": "language", "sprache": "language"}
_WHITE = re.compile(r"\s")


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number of the source in the project, entry). Raises DatasetError where this is no such project."""
    database = path / DATABASE if path.is_dir() else path
    if path.is_dir() and not database.is_file():
        raise DatasetError(
            "The folder “{name}” holds no {file}: it is no QualCoder project.", name=path.name, file=DATABASE
        )
    with opened(database, context.database) as rows:
        require(rows, _NEEDED, path.name, "QualCoder")
        _count_what_stays(rows, context)
        yield from _entries(rows, context)


def _entries(rows: ForeignRows, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    codes = {row["cid"]: text_of(row["name"]) for row in dicts(rows, "code_name", ("cid", "name"))}
    facts = _facts(rows, context)
    ordered = dicts(rows, "code_text", _CODING, ("fid", "pos0", "pos1", "cid"))
    grouped = Grouped(ordered, "fid")
    for source in dicts(rows, "source", _SOURCE, ("id",)):
        number = whole(source["id"]) or 0
        codings = grouped.of(number)
        if not text_of(source["fulltext"]):
            if source["mediapath"]:
                context.losses.add("sources without text", text_of(source["name"]))
            continue
        try:
            yield number, _entry(source, codings, codes, facts.get(number, {}), context)
        except EntryError as error:
            yield number, BadEntry(error)
    if grouped.finish():
        context.losses.add("codings of sources that are not there", "in the whole project", grouped.loose)


def _entry(
    source: Mapping[str, Any],
    codings: list[dict[str, Any]],
    codes: Mapping[Any, str],
    facts: dict[str, str],
    context: FormatContext,
) -> Entry:
    name, text = text_of(source["name"]), text_of(source["fulltext"])
    spans = []
    for number, coding in enumerate(codings, 1):
        label = codes.get(coding["cid"])
        if not label:
            context.losses.add("codings of codes that are not there", name)
            continue
        spans.append(_span(coding, label, text, number))
        if coding["important"]:
            context.losses.add("marks of important codings", label)
    source_facts = {"title": name, "file": text_of(source["mediapath"]).rpartition("/")[2], **facts}
    return {"text": text, "spans": spans, "source": source_facts, "relations": []}


def _span(coding: Mapping[str, Any], label: str, text: str, number: int) -> SpanEntry:
    start, end = whole(coding["pos0"]), whole(coding["pos1"])
    if start is None or end is None or start < 0:
        raise EntryError(
            "a coding of “{label}” is at {start} to {end}, which is no place.",
            label=label,
            start=f"{coding['pos0']!r:.20}",
            end=f"{coding['pos1']!r:.20}",
        )
    owner = text_of(coding["owner"])
    span: SpanEntry = {
        "id": f"s{number}",
        "label": label,
        "fragments": [[start, end]],
        "annotator": owner,
        "layer": owner,
        "created": time_of(coding["date"]),
        "note": text_of(coding["memo"]),
    }
    quote = _quote(text_of(coding["seltext"]), text[start:end])
    if quote:
        span["quote"] = quote
    return span


def _quote(selected: str, covered: str) -> str:
    """Return what a coding covers as the text has it: the window where it was selected changes white space."""
    if _WHITE.sub(" ", selected) == _WHITE.sub(" ", covered):
        return covered
    return selected.replace("\u2029", "\n")


def time_of(value: Any) -> str:
    """Return a time as ISO 8601, nothing where there is none."""
    found = _TIME.match(text_of(value))
    return f"{found[1]}T{found[2]}" if found else ""


def _facts(rows: ForeignRows, context: FormatContext) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in dicts(rows, "attribute", ("name", "attr_type", "value", "id")):
        number, value, name = whole(row["id"]), text_of(row["value"]), text_of(row["name"])
        if row["attr_type"] != "file" or number is None or not value:
            continue
        key = _FACTS.get(name.strip().casefold())
        if key:
            found.setdefault(number, {})[key] = value
        else:
            context.losses.add("attributes of files", name)
    return found


def _count_what_stays(rows: ForeignRows, context: FormatContext) -> None:
    kinds = Counter[str]()
    for table in ("code_image", "code_av"):
        kinds["codings of pictures, sounds and films"] += sum(1 for _ in dicts(rows, table, ("cid",)))
    kinds["annotations without a code"] = sum(1 for _ in dicts(rows, "annotation", ("anid",)))
    kinds["cases"] = sum(1 for _ in dicts(rows, "cases", ("caseid",)))
    for kind, count in kinds.items():
        if count:
            context.losses.add(kind, "in the whole project", count)
