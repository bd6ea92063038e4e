"""XLSX: a workbook with a sheet of spans, one of documents with their texts and one of relations.

What the columns mean is in `tables.rows` and `tables.cells`. A text that is longer than a cell can be goes on in the
rows below its own, with “2 of 3” and so on in the column “part” (`tables.workbook_writing`). Written for spreadsheets,
a cell that would run as a formula gets an apostrophe; written for programs, it does not: then every text, which is a
string in either case, stands in its cell to the letter.

Read are also workbooks made by hand or by other programs (`tables.columns`): the sheets are known by their names or by
their headers, and one sheet is enough where each row has the text. Dates are read as ISO 8601.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.replacing import explained_failures
from annotator.formats.datasets.tables.cells import as_it_is, disarmed
from annotator.formats.datasets.tables.columns import OF_DOCUMENTS, OF_RELATIONS, OF_SPANS, recognised
from annotator.formats.datasets.tables.entries import Tables, entries_of
from annotator.formats.datasets.tables.rows import (
    DOCUMENT_COLUMNS,
    DOCUMENTS,
    KEYS,
    LOSES,
    RELATION_COLUMNS,
    RELATIONS,
    SPANS,
    SpanRows,
    document_row,
    held,
    relation_rows,
    span_columns,
)
from annotator.formats.datasets.tables.table import Table, table_of
from annotator.formats.datasets.tables.workbook_reading import WorkbookReader
from annotator.formats.datasets.tables.workbook_writing import WorkbookWriter

__all__ = ["LOSES", "held", "read", "write"]

UNREAD = "sheets that were not read"


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the workbook. Raises DatasetError where there are more spans than a sheet has rows."""
    safe = disarmed if context.options["use"] == "spreadsheet" else as_it_is
    with WorkbookWriter(output.open(), safe) as book:
        add_spans = book.sheet(SPANS, span_columns(context), KEYS[SPANS])
        add_documents = book.sheet(DOCUMENTS, DOCUMENT_COLUMNS, KEYS[DOCUMENTS])
        add_relations = book.sheet(RELATIONS, RELATION_COLUMNS, KEYS[RELATIONS])
        rows = SpanRows(context)
        for entry in entries:
            add_spans(rows.of(entry))
            add_documents([document_row(entry)])
            add_relations(relation_rows(entry))


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (row, entry); the row is that of the sheet of documents, where there is one.

    Raises DatasetError where the file is no workbook, or lacks a column without which nothing can be read.
    """
    with explained_failures(path, "read"), WorkbookReader(path) as book:
        yield from entries_of(_tables(book, path.name, context), context)


def _tables(book: WorkbookReader, file: str, context: FormatContext) -> Tables:
    found: dict[str, Table] = {}
    for name in book.sheets:
        table = table_of(f"“{file}”, sheet “{name}”", book.rows(name))
        if table is None:
            continue
        kind = name.casefold() if name.casefold() in KEYS else _kind(table)
        if kind not in found:
            found[kind] = table
        else:
            context.losses.add(UNREAD, shortened(name))
    if not found:
        raise DatasetError("“{file}” has no row in any sheet. Choose another file.", file=file)
    others = [table for kind, table in found.items() if kind not in (DOCUMENTS, RELATIONS)]
    spans = found.get(SPANS) or (others or list(found.values()))[0]
    return Tables(spans, found.get(DOCUMENTS), found.get(RELATIONS), "a sheet called “documents”")


def _kind(table: Table) -> str:
    """Return what a sheet holds by its header, nothing where it shows nothing."""
    spans = recognised(table.header, OF_SPANS)
    if "label" in spans or "labels" in spans:
        return SPANS
    relations = recognised(table.header, OF_RELATIONS)
    if all(role in relations for role in ("type", "from", "to")):
        return RELATIONS
    return DOCUMENTS if "text" in recognised(table.header, OF_DOCUMENTS) else ""
