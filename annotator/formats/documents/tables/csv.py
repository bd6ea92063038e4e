"""CSV and TSV files of texts: each row becomes a document."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.encoding import decode_text
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.documents.tables.rows import MAXIMUM_CELL, check_row, is_known_header, row_documents

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 100_000
_SAMPLE_ROWS = 200
_CONSISTENT = 0.75
_FIELD_LIMIT = 8 * MAXIMUM_CELL
_IRREGULAR = "Quotes in this table are irregular: look whether its rows are whole."
_PROSE = 0.9
_ONE_COLUMN = "\x1f"
_PROGRESS_STEP = 5000


def read_csv(source: SourceFile) -> Iterator[ReadDocument]:
    """Yield the documents of a table of texts. Cells may be quoted with double quotes and hold newlines.

    Raises:
        DocumentReadError: The bytes are no text, no row has text, or the table is beyond a limit.
    """
    text, warnings = decode_text(source.name, source.data)
    text = text.removeprefix("\ufeff")
    delimiter = _declared(text)
    if delimiter:
        text = text.partition("\n")[2]
    delimiter = delimiter or _delimiter_of(source.name, text)
    try:
        rows = _rows(source, text, delimiter, strict=True)
    except csv.Error:
        rows, warnings = _irregular_rows(source, text, delimiter), (*warnings, _IRREGULAR)
    yield from row_documents(source, "csv", rows, warnings)


def _declared(text: str) -> str:
    """Return the delimiter that a first line such as “sep=;” declares, or an empty string."""
    line = text[:8].partition("\n")[0].strip(" \r")
    return line[4] if line.startswith("sep=") and len(line) == 5 else ""


def _rows(source: SourceFile, text: str, delimiter: str, *, strict: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    csv.field_size_limit(_FIELD_LIMIT)
    for row in csv.reader(_lines(text), delimiter=delimiter, strict=strict, skipinitialspace=True):
        rows.append(row)
        check_row(source.name, len(rows), row)
        if len(rows) % _PROGRESS_STEP == 0:
            source.progress(f"row {len(rows)}")
    return rows


def _irregular_rows(source: SourceFile, text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a table whose quotes break the rules, as spreadsheet programs read them."""
    try:
        return _rows(source, text, delimiter, strict=False)
    except csv.Error as error:
        raise DocumentReadError(
            "“{file}” cannot be read as a table ({reason}): look whether its quotes are closed.",
            file=source.name,
            reason=str(error),
        ) from error


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their newlines, without a second copy of the whole text."""
    place = 0
    while place < len(text):
        end = text.find("\n", place) + 1 or len(text)
        yield text[place:end]
        place = end


def _delimiter_of(name: str, text: str) -> str:
    """Return the delimiter that splits most rows alike, into as many columns as possible."""
    if PurePath(name).suffix.lower() == ".tsv" and "\t" in text[:_SAMPLE_CHARACTERS]:
        return "\t"
    scores = {delimiter: _score(text[:_SAMPLE_CHARACTERS], delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else _ONE_COLUMN


def _score(sample: str, delimiter: str) -> float:
    """Return how well a delimiter fits: the share of the rows with the usual width, and a little for the width.

    It is 0 where the rows differ too much, have one column, or are sentences, and 1 where nothing but the delimiter
    is in them.
    """
    widths: Counter[int] = Counter()
    later: list[str] = []
    known = 0
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        for place, row in enumerate(csv.reader(_lines(sample), delimiter=delimiter)):
            if place == _SAMPLE_ROWS:
                break
            if any(cell.strip() for cell in row):
                widths[len(row)] += 1
                later += row[1:]
                known = known or sum(map(is_known_header, row))
    except csv.Error:
        return 0.0
    if not widths:
        return 1.0
    if known < 2 and _is_prose(later):
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    share = count / widths.total()
    return share + min(width, 50) / 1000 if width > 1 and share >= _CONSISTENT else 0.0


def _is_prose(cells: list[str]) -> bool:
    """Say whether the cells after the first are parts of sentences: nearly all begin with a space."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(cell.startswith(" ") for cell in filled) > len(filled) * _PROSE
