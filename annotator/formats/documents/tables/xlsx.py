"""Excel files of texts: each row of the first sheet with text becomes a document. Formulas are never calculated."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.archives import Archive
from annotator.formats.documents.office.lock import unlocked
from annotator.formats.documents.source import ReadDocument, SourceFile, storable
from annotator.formats.documents.tables.rows import check_row, row_documents

_WIDEST = 256
_LAST_ROW = 1_048_576
"""No spreadsheet program has more rows; a file may claim any number."""

_PROGRESS_STEP = 200
_UNREADABLE = (
    *(SyntaxError, zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
)
_WANTED = (".xml", ".rels")
_UNWANTED = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/embeddings/", "xl/pivotCache/", "xl/externalLinks/")


def read_xlsx(source: SourceFile) -> Iterator[ReadDocument]:
    """Yield the documents of a spreadsheet; of formulas the last result counts, dates are in ISO 8601.

    Raises:
        PasswordNeededError: The file is locked, and the password is missing or wrong.
        DocumentReadError: The file is damaged, no row has text, or the table is beyond a limit.
    """
    archive = Archive(source.name, unlocked(source))
    data = archive.checked(lambda member: member.endswith(_WANTED) and not member.startswith(_UNWANTED))
    source.progress("rows")
    try:
        rows, sentences = _first_table(source, data)
    except _UNREADABLE as error:
        raise DocumentReadError(
            "“{file}” is damaged or no Excel file: open it in a spreadsheet program and save it as XLSX or CSV.",
            file=source.name,
        ) from error
    yield from row_documents(source, "xlsx", rows, sentences)


def _first_table(source: SourceFile, data: bytes) -> tuple[list[list[str]], list[str]]:
    """Return the rows of the first sheet with text, and a warning that names the others."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets: list[Any] = list(book.worksheets)
        for place, sheet in enumerate(sheets):
            rows = _rows(source, sheet)
            if any(any(row) for row in rows):
                return rows, _others([other.title for other in sheets[place + 1 :]])
    return [], []


def _rows(source: SourceFile, sheet: Any) -> list[list[str]]:
    """Return the rows of a sheet up to the last one that is not blank."""
    rows: list[list[str]] = []
    filled = 0
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(max_col=_WIDEST, values_only=True), 1):
        if number % _PROGRESS_STEP == 0:
            source.progress(f"row {number}")
        if number > _LAST_ROW:
            break
        cells = [] if values.count(None) == len(values) else _cells(values)
        if cells:
            check_row(source.name, number, cells)
            rows.extend([] for _blank in range(number - 1 - filled))
            rows.append(cells)
            filled = number
    return rows


def _cells(values: tuple[Any, ...]) -> list[str]:
    """Return a row's cells as text, without the blank ones at its end."""
    last = next(place for place in range(len(values), 0, -1) if values[place - 1] is not None)
    cells = [_shown(value) for value in values[:last]]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _shown(value: Any) -> str:
    """Return a cell's value as text."""
    from openpyxl.utils.escape import unescape

    match value:
        case None:
            return ""
        case str():
            return storable(unescape(value))
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case timedelta():
            return str(value)
    return str(value)


def _others(titles: list[str]) -> list[str]:
    return [f"Only the first sheet with text was read; left out: {', '.join(titles)}."] if titles else []
