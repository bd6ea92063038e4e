"""CSV: a table of spans, one a row, and beside it one of documents with their texts and one of relations.

For OUT.csv these are OUT.documents.csv and OUT.relations.csv; RFC 4180 with CRLF. What the columns mean is in
`tables.rows` and `tables.cells`. Written for spreadsheets a file begins with a byte order mark, and a cell that would
run as a formula gets an apostrophe; written for programs it has neither, so that positions count in the text as it
stands. The reader takes the apostrophe off in both.

Read are also tables made by hand or by other programs: separated by commas, semicolons, tabs or bars, in UTF-8, UTF-16
and older encodings, with headers in many words and languages (`tables.columns`). Among them the highlights that
Taguette exports (id, document, tag, content: https://gitlab.com/remram44/taguette, export.py) and the coded segments of
MAXQDA, when a table of documents with the texts lies beside them, and Label Studio's CSV, which has a task a row and
its regions as JSON in the column “label” (https://labelstud.io/guide/export.html).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.replacing import explained_failures
from annotator.formats.datasets.tables.cells import SUSPECT, Cell, as_it_is, disarmed, printed
from annotator.formats.datasets.tables.columns import OF_DOCUMENTS, OF_SPANS, key_of
from annotator.formats.datasets.tables.encodings import encoding_of
from annotator.formats.datasets.tables.entries import Tables, entries_of
from annotator.formats.datasets.tables.rows import (
    DOCUMENT_COLUMNS,
    DOCUMENTS,
    LOSES,
    RELATION_COLUMNS,
    RELATIONS,
    SpanRows,
    document_row,
    held,
    relation_rows,
    span_columns,
)
from annotator.formats.datasets.tables.table import Numbered, Table, table_of

__all__ = ["LOSES", "held", "read", "write"]

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_LONGEST_CELL = 64 * 1024 * 1024
"""Code points; a quote that is never closed makes a cell of all that follows."""

_HEAD = 64 * 1024
_KNOWN = frozenset((*OF_SPANS, *OF_DOCUMENTS))


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the three tables side by side."""
    with ExitStack() as closing:

        def table(name: str | None, columns: Iterable[str]) -> Callable[[Iterable[list[Cell]]], None]:
            text = io.TextIOWrapper(output.open(name), encoding="utf-8", newline="", write_through=False)
            closing.callback(text.detach)
            closing.callback(text.flush)
            return _appending(text, columns, context)

        add_spans = table(None, span_columns(context))
        ending = output.main.suffix
        add_documents = table(f"{output.stem}.{DOCUMENTS}{ending}", DOCUMENT_COLUMNS)
        add_relations = table(f"{output.stem}.{RELATIONS}{ending}", RELATION_COLUMNS)
        rows = SpanRows(context)
        for entry in entries:
            add_spans(rows.of(entry))
            add_documents([document_row(entry)])
            add_relations(relation_rows(entry))


def _appending(
    text: io.TextIOWrapper, columns: Iterable[str], context: FormatContext
) -> Callable[[Iterable[list[Cell]]], None]:
    """Return what adds rows to a table, whose header is written."""
    for_spreadsheets = context.options["use"] == "spreadsheet"
    if for_spreadsheets:
        text.write("\ufeff")
    write_rows = csv.writer(text, delimiter=SEPARATORS[context.options["separator"]]).writerows
    write_rows([columns])
    safe = disarmed if for_spreadsheets else as_it_is

    def special(cell: Cell) -> Cell:
        return printed(cell) if isinstance(cell, bool) else safe(cell)

    def add(rows: Iterable[list[Any]]) -> None:
        # For every cell: a call here would double the time that an export takes.
        write_rows(
            [
                special(cell) if (cell[:1] in SUSPECT if cell.__class__ is str else cell.__class__ is bool) else cell
                for cell in row
            ]
            for row in rows
        )

    return add


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (row, entry); the row is that of the table of documents, where there is one.

    Raises DatasetError where a file is no table, was cut off, or lacks a column without which nothing can be read.
    """
    with explained_failures(path, "read"), ExitStack() as closing:
        _refuse_other_table(path)
        beside = {name: path.with_name(f"{path.stem}.{name}{path.suffix}") for name in (DOCUMENTS, RELATIONS)}
        found = {name: _table(other, closing) for name, other in beside.items() if other.is_file()}
        tables = Tables(
            _table(path, closing), found.get(DOCUMENTS), found.get(RELATIONS), f"“{beside[DOCUMENTS].name}”"
        )
        yield from entries_of(tables, context)


def _refuse_other_table(path: Path) -> None:
    """Raise DatasetError for the table of documents or relations that lies beside one of spans."""
    stem, _, kind = path.stem.rpartition(".")
    if kind in (DOCUMENTS, RELATIONS) and (main := path.with_name(f"{stem}{path.suffix}")).is_file():
        raise DatasetError(
            "“{file}” is the table of {kind} that belongs to “{main}”. Choose that one: all are read together.",
            file=path.name,
            kind=kind,
            main=main.name,
        )


def _table(path: Path, closing: ExitStack) -> Table:
    handle = closing.enter_context(path.open(encoding=encoding_of(path), newline="", buffering=1024 * 1024))
    try:
        head = handle.read(_HEAD).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _broken(path.name, 1, error) from error
    handle.seek(0)
    table = table_of(f"“{path.name}”", _rows(handle, path.name, *_separator(head)))
    if table is None:
        raise DatasetError("“{file}” is empty: there is no row in it. Choose another file.", file=path.name)
    return table


def _rows(handle: io.TextIOWrapper, name: str, separator: str, skipped: int) -> Iterator[Numbered]:
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(handle, delimiter=separator, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            if number == 1 and row:
                row[0] = _without_mark(row[0])
            if number > skipped:
                yield number, row
    except (csv.Error, UnicodeDecodeError) as error:
        raise _broken(name, number + 1, error) from error


def _broken(name: str, row: int, error: Exception) -> DatasetError:
    return DatasetError(
        "“{file}”, row {row}: the table breaks off or its quotes are irregular ({reason}). Look whether all of the "
        "file is there and every quoted cell is closed.",
        file=name,
        row=row,
        reason=" ".join(str(error).split())[:120],
    )


def _without_mark(cell: str) -> str:
    """Return the first cell of a file without a byte order mark, and then without the quotes that hid behind it."""
    if not cell.startswith("\ufeff"):
        return cell
    cell = cell[1:]
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _separator(head: str) -> tuple[str, int]:
    """Return what separates the columns, and how many rows before the header only say so (“sep=;”)."""
    line = head.partition("\n")[0].strip("\r ")
    if line.startswith("sep=") and len(line) == 5:
        return line[4], 1
    return max(",;\t|", key=lambda separator: _fit(head, separator)), 0


def _fit(head: str, separator: str) -> tuple[int, int]:
    """Return how many names of columns are known when a header is separated so, and how many there are."""
    try:
        header = next((row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if any(row)), [])
    except csv.Error:
        return 0, 0
    return sum(key_of(name) in _KNOWN for name in header), len(header)
