"""Spreadsheets as XLSX (ECMA-376), written row by row.

Every text is an inline string, so no cell is a formula. Characters that XML cannot hold, and CR, are written as _xHHHH_
(ST_Xstring, ECMA-376 part 1, 22.9.2.19). A row with a cell that is longer than a spreadsheet can hold goes on in rows
below it, which repeat the columns that name it and count themselves in the last column.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, BinaryIO
from xml.sax.saxutils import escape

from annotator.core.errors import DatasetError
from annotator.formats.datasets.tables.cells import Cell
from annotator.formats.datasets.tables.rows import PART
from annotator.formats.tables import MOST_ROWS

LONGEST = 32_000
"""UTF-16 units of a cell: 32,767 is what spreadsheets hold, and an apostrophe may come before them."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
    '<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_WIDTHS = {"text": 80, "quote": 60, "title": 40, "note": 30, "from_quote": 40, "to_quote": 40}


class WorkbookWriter:
    """A workbook with sheets that grow together, used as a context: it is whole at the end of it."""

    def __init__(self, target: BinaryIO, safe: Callable[[Cell], Cell]) -> None:
        """`safe` is what becomes of each text before it is written."""
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._sheets: list[tuple[str, IO[bytes], _Lines]] = []
        self._safe = safe
        self._open = ExitStack()

    def sheet(
        self, name: str, columns: Sequence[str], keys: Sequence[str]
    ) -> Callable[[Iterable[Sequence[Cell]]], None]:
        """Begin a sheet and return what adds rows to it; `keys` are the columns that the parts of a row repeat."""
        file: IO[bytes] = self._open.enter_context(TemporaryFile(buffering=1024 * 1024))  # noqa: SIM115
        header = (*columns, PART)
        file.write(_beginning(header).encode())
        line = _Lines(name, header, self._safe)
        self._sheets.append((name, file, line))
        file.write(line.of(header, style=' s="1"').encode())
        places = tuple(columns.index(key) for key in keys)

        def add(rows: Iterable[Sequence[Cell]]) -> None:
            for row in rows:
                for part in _divided(row, places):
                    file.write(line.of(part).encode())

        return add

    def __enter__(self) -> WorkbookWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._open, self._archive:
            if kind is None:
                self._finish()

    def _finish(self) -> None:
        names = [name for name, _, _ in self._sheets]
        for path, content in _frame(names):
            self._archive.writestr(path, content)
        for number, (_, file, lines) in enumerate(self._sheets, 1):
            file.write(f'</sheetData><autoFilter ref="{lines.extent()}"/></worksheet>'.encode())
            file.seek(0)
            member = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            with self._archive.open(member, "w", force_zip64=True) as packed:
                shutil.copyfileobj(file, packed, 1024 * 1024)


class _Lines:
    """Makes the XML of the rows of one sheet."""

    def __init__(self, name: str, header: Sequence[str], safe: Callable[[Cell], Cell]) -> None:
        self._name = name
        self._letters = [letters(place) for place in range(len(header))]
        self._safe = safe
        self._number = 0

    def extent(self) -> str:
        """Return the corners of what was made."""
        return f"A1:{self._letters[-1]}{self._number}"

    def of(self, row: Sequence[Cell], style: str = "") -> str:
        """Return a row. Raises DatasetError where a sheet can hold no more."""
        self._number += 1
        number = self._number
        if number > MOST_ROWS:
            raise DatasetError(
                "The sheet “{name}” can hold {most} rows, and there are more. Export fewer documents, or as CSV.",
                name=self._name,
                most=f"{MOST_ROWS:,}",
            )
        cells = []
        for letter, cell in zip(self._letters, row, strict=False):
            if cell is None or cell == "":
                continue
            if cell.__class__ is str:
                text = xml_text(self._safe(cell))
                cells.append(
                    f'<c r="{letter}{number}" t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'
                )
            elif cell.__class__ is bool:
                cells.append(f'<c r="{letter}{number}" t="b"><v>{cell:d}</v></c>')
            else:
                cells.append(f'<c r="{letter}{number}"><v>{cell!r}</v></c>')
        return f'<row r="{number}">{"".join(cells)}</row>'


def xml_text(text: Cell) -> str:
    """Return a text as XML content, with what XML cannot hold as _xHHHH_."""
    text = str(text)
    if _UNWRITABLE.search(text):
        text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text)


def _divided(row: Sequence[Cell], keys: Sequence[int]) -> Iterator[Sequence[Cell]]:
    """Yield a row as the rows that a sheet can hold."""
    if all(cell.__class__ is not str or len(cell) <= LONGEST // 2 for cell in row):  # type: ignore[arg-type]
        yield row
        return
    pieces = [
        _pieces(cell) if isinstance(cell, str) and place not in keys else [cell] for place, cell in enumerate(row)
    ]
    parts = max(map(len, pieces))
    if parts == 1:
        yield row
        return
    for part in range(parts):
        cells = [
            row[place] if place in keys else found[part] if part < len(found) else None
            for place, found in enumerate(pieces)
        ]
        yield [*cells, f"{part + 1} of {parts}"]


def _pieces(text: str) -> list[Cell]:
    found: list[Cell] = []
    place = 0
    while place < len(text):
        piece = text[place : place + LONGEST]
        piece = piece[: LONGEST - sum(character > "\uffff" for character in piece)]
        found.append(piece)
        place += len(piece)
    return found or [""]


def letters(place: int) -> str:
    """Return what spreadsheets call a column, counted from 0."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


def _beginning(header: Sequence[str]) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{_WIDTHS.get(name, max(14, len(name) + 4))}" customWidth="1"/>'
        for number, name in enumerate(header, 1)
    )
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts of the package that say where the sheets are."""
    numbered = list(enumerate(names, 1))
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>',
    )
    yield (
        "_rels/.rels",
        f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    sheets = "".join(f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in numbered)
    yield (
        "xl/workbook.xml",
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in numbered
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship '
        f'Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
