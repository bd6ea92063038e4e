"""Sentences or paragraphs, one a line of JSON, each with the labels of the spans in it: for text classification.

A line has `id`, `document`, `text`, `start` and `end` (code points of the document's text, half-open), `paragraph` (a
number that goes up where a line of the document ends), `level`, `labels` (keys, sorted, each once), `read` (whether all
of it is known as read, so that no label is a true negative), `split`, and title, date, address and language of the
document. What a span needs for its label to count is chosen at the export (`text_units.units_with`).

Read back, the lines of a document are put where they stood; what stood between them is blank. Files of other programs
may have the labels under `labels` or `label`, as a list or as one, or with numbers under `cats`, and no positions: then
the texts of a document follow each other line by line, and a text without a document is one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from annotator.core.coverage import covers, touches
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, Line, SpanEntry, numbered
from annotator.formats.datasets.fields import checked, position, taken, taken_or
from annotator.formats.datasets.holding import Holds, kept, loses
from annotator.formats.datasets.json_items import objects
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.tables.spooled import SpooledRows
from annotator.formats.datasets.tables.table import Numbered
from annotator.formats.datasets.text_units import Unit, units_of, units_with

BETWEEN = "white space, and what else is in no row"
INSIDE = "where in its row a span lies"
REPEATED = "spans with the label of another one in their row"
BY_THE_RULE = "spans whose label no row has by the rule"
LEFT_OUT = "rows that are not read and have no label"
PARTLY_READ = "what was read of rows that were not read as a whole"

_SOURCE = ("title", "date", "url", "language")
_PARAGRAPHS = Holds(document=frozenset({"id", "split", "read"}), source=frozenset(_SOURCE))
_SENTENCES = Holds(document=_PARAGRAPHS.document | {"sentences"}, source=_PARAGRAPHS.source)
_FARTHEST = 100_000_000
"""Code points; a row that claims to stand behind that would make a text of blanks."""

LOSES = loses(_PARAGRAPHS, more=(BETWEEN, INSIDE, REPEATED, BY_THE_RULE, LEFT_OUT, PARTLY_READ))


def held(line: Line, context: FormatContext) -> Entry | None:
    """Return what rows keep of a document: whole sentences or paragraphs with labels; None where it has no row."""
    is_by_sentence, losses, text = context.options["level"] == "sentence", context.losses, line["text"]
    entry = kept(line, _SENTENCES if is_by_sentence else _PARAGRAPHS, losses)
    units = units_of(text, line["sentences"] if is_by_sentence else None)
    read: list[Unit] = [(start, end) for start, end in line["read"]]
    labels = _labels_of(line, units, context)
    rows = [
        (unit, found)
        for unit, found in zip(units, labels, strict=True)
        if found or context.options["unread"] == "keep" or covers(read, *unit)
    ]
    name = shortened(line["source"]["title"] or line["id"])
    if len(rows) < len(units):
        losses.add(LEFT_OUT, name, len(units) - len(rows))
    if not rows:
        return None
    units = [unit for unit, _ in rows]
    entry["text"] = _blanked(text, units)
    if entry["text"] != text:
        losses.add(BETWEEN, name)
    entry["read"] = [list(unit) for unit in units if covers(read, *unit)]
    if partly := sum(touches(read, *unit) and not covers(read, *unit) for unit in units):
        losses.add(PARTLY_READ, name, partly)
    if is_by_sentence:
        entry["sentences"] = [list(unit) for unit in units]
    entry["spans"] = [span for unit, found in rows for span in _spans(unit, found)]
    return numbered(entry)


def _labels_of(line: Line, units: Sequence[Unit], context: FormatContext) -> list[list[str]]:
    """Return the labels of each unit, sorted; what of the spans that does not say is counted."""
    found: list[set[str]] = [set() for _ in units]
    for span in line["spans"]:
        quote = f"“{shortened(' '.join(span['quote'].split()), 40)}”"
        places = units_with(span, units, context.options["rule"])
        if not places:
            context.losses.add(BY_THE_RULE, quote)
        elif [units[place] for place in places] != [(start, end) for start, end in span["fragments"]]:
            context.losses.add(INSIDE, quote)
        if any(span["label"] in found[place] for place in places):
            context.losses.add(REPEATED, quote)
        for place in places:
            found[place].add(span["label"])
    return [sorted(labels) for labels in found]


def _spans(unit: Sequence[int], labels: Iterable[str]) -> list[SpanEntry]:
    return [{"id": f"{unit[0]}.{label}", "label": label, "fragments": [list(unit)]} for label in labels]


def _blanked(text: str, units: Sequence[Unit]) -> str:
    """Return a text with blanks for what is in no unit, line ends where there was one, and nothing after the last."""
    pieces, place = [], 0
    for start, end in units:
        pieces += [_gap(start - place, is_line_end="\n" in text[place:start]), text[start:end]]
        place = end
    return "".join(pieces)


def _gap(length: int, *, is_line_end: bool) -> str:
    return ("\n" if is_line_end else " ") * length


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write one object a row."""
    file = output.open()
    level = context.options["level"]
    for entry in entries:
        for row in _rows(entry, level):
            file.write(encode_line(row))


def _rows(entry: Entry, level: str) -> Iterator[dict[str, Any]]:
    text, identity, source = entry["text"], entry.get("id", ""), entry.get("source", {})
    labels: dict[int, list[str]] = {}
    for span in entry["spans"]:
        labels.setdefault(span["fragments"][0][0], []).append(span["label"])
    read = {start for start, _ in entry.get("read", ())}
    paragraph = place = 0
    for start, end in units_of(text, None) if level == "paragraph" else entry.get("sentences", ()):
        paragraph += "\n" in text[place:start]
        place = end
        yield {
            "id": f"{identity}:{start}-{end}",
            "document": identity,
            "text": text[start:end],
            "start": start,
            "end": end,
            "paragraph": paragraph,
            "level": level,
            "labels": labels.get(start, []),
            "read": start in read,
            "split": entry.get("split"),
            **{key: source.get(key, "") for key in _SOURCE},
        }


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line, entry), the line being one of the document's, which may stand anywhere in the file.

    Raises DatasetError where the file is no JSON from some place on.
    """
    rows = ((_name(number, data), number, [data]) for number, data in objects(path))
    with SpooledRows(rows) as spooled:
        for name in spooled.names():
            found: list[_Row] = []
            numbered_rows = _in_order(spooled.take(name))
            for number, (data,) in numbered_rows:
                try:
                    found.append(_row(data, found))
                except EntryError as error:
                    yield number, BadEntry(error)
            if found:
                yield numbered_rows[0][0], _entry_or_problem(found)


def _in_order(rows: list[Numbered]) -> list[Numbered]:
    """Return the rows of a document as they stand in it, where all say so: a file for training may be shuffled."""
    starts = [data.get("start") for _, (data,) in rows]
    if all(type(start) is int for start in starts):
        return [row for _, row in sorted(zip(starts, rows, strict=True), key=itemgetter(0))]
    return rows


def _entry_or_problem(rows: Sequence[_Row]) -> Entry | BadEntry:
    try:
        return _entry(rows)
    except EntryError as error:
        return BadEntry(error)


def _name(number: int, data: Mapping[str, Any]) -> str:
    """Return what tells the document of a row from others: its name, else the number of the row."""
    document = data.get("document")
    return f"n{document}" if isinstance(document, str | int) and document != "" else f"r{number}"


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    text: str
    is_new_line: bool
    data: Mapping[str, Any]
    labels: Sequence[str]


def _row(data: Mapping[str, Any], before: Sequence[_Row]) -> _Row:
    """Return a row at its place after those before. Raises EntryError where it has none."""
    text = taken(data, "text" if "text" in data else "sentence", str, "the row")
    if not text.strip():
        raise EntryError("the row has no text.")
    last = before[-1].end if before else 0
    start = last + bool(before)
    if data.get("start") is not None:
        start = position(data["start"], "“start”")
        end = position(taken(data, "end", int, "the row"), "“end”")
        if end - start != len(text):
            raise EntryError(
                "the row is {start} to {end} and has a text of {length} characters.",
                start=start,
                end=end,
                length=len(text),
            )
    if not last <= start < _FARTHEST:
        raise EntryError("the row begins at {start}, and the one before ends at {last}.", start=start, last=last)
    paragraph = data.get("paragraph")
    earlier = before[-1].data.get("paragraph") if before else 0
    is_new_line = start - last > 1 if paragraph is None or earlier is None else paragraph != earlier
    if data.get("start") is None:
        is_new_line = True
    return _Row(start, start + len(text), text, is_new_line, data, _labels(data))


def _labels(data: Mapping[str, Any]) -> list[str]:
    key = next((key for key in ("labels", "label", "cats") if data.get(key) is not None), "")
    given = data.get(key, [])
    if isinstance(given, dict):
        given = [
            name for name, value in given.items() if value is True or (value.__class__ in (int, float) and value >= 0.5)
        ]
    found = []
    for label in given if isinstance(given, list) else [given]:
        if isinstance(label, list | dict):
            raise EntryError("a label is {label}, not a name: this is no file of rows.", label=f"{label!r:.40}")
        name = str(label) if type(label) is int else checked(label, str, "a label")
        if name.strip():
            found.append(name)
    return sorted(set(found))


def _entry(rows: Sequence[_Row]) -> Entry:
    first = rows[0].data
    pieces, place = [], 0
    for row in rows:
        pieces += [_gap(row.start - place, is_line_end=row.is_new_line), row.text]
        place = row.end
    entry: Entry = {"text": "".join(pieces), "spans": [], "source": {}}
    entry["source"] = {key: taken_or(first, key, str, "the row", "") for key in _SOURCE if key in first}
    identity = first.get("document") or (first.get("id") if len(rows) == 1 else None)
    if isinstance(identity, str | int) and identity != "":
        entry["id"] = str(identity)
    if "split" in first:
        entry["split"] = taken_or(first, "split", str, "the row", None)  # type: ignore[arg-type]
    if "read" in first:
        entry["read"] = [[row.start, row.end] for row in rows if row.data.get("read") is True]
    if first.get("level") == "sentence":
        entry["sentences"] = [[row.start, row.end] for row in rows]
    entry["spans"] = [span for row in rows for span in _spans((row.start, row.end), row.labels)]
    return numbered(entry)
