"""Tables of text as files that a spreadsheet opens: CSV (RFC 4180) and XLSX (ECMA-376).

A cell that a spreadsheet would run as a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from annotator.core.errors import UserError

KINDS = ("csv", "xlsx")

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds."""

MOST_ROWS = 1_048_576
"""Rows that a sheet holds."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula, also where white space stands before it."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def write_table(
    target: Path, kind: str, title: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool = True
) -> int:
    """Write a table in place of what is there, whole or not at all, and return the number of rows.

    Args:
        target: the file.
        kind: one of `KINDS`.
        title: the name of the sheet.
        header: the names of the columns.
        rows: the rows, which may raise to stop; they are taken one by one.
        mark: whether CSV begins with a byte order mark, by which spreadsheets know UTF-8.

    Raises:
        UserError: the file cannot be written, or a sheet cannot hold so many rows.
    """
    with _in_place_of(target) as file:
        if kind == "csv":
            return _write_csv(file, header, rows, mark=mark)
        return _write_xlsx(file, title, header, rows)


@contextmanager
def _in_place_of(target: Path) -> Iterator[BinaryIO]:
    """Yield a file under another name beside the target, which takes its place in the end."""
    temporary = target.with_name(f".{uuid4().hex[:8]}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise UserError(
            "{file} cannot be written: {reason}. Choose another place.",
            file=target.name,
            reason=error.strerror or str(error),
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_csv(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if mark else "utf-8", newline="", errors="replace")
    writer = csv.writer(text)
    writer.writerow([guarded(name) for name in header])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([guarded(cell) for cell in row])
    text.flush()
    text.detach()
    return count


def _write_xlsx(file: BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title).strip("' ")[:31] or "Table")
    sheet.append([_cell(name) for name in header])
    count = 0
    try:
        for count, row in enumerate(rows, 1):
            if count >= MOST_ROWS:
                raise UserError(
                    "A sheet holds {most} rows, and there are more. Narrow the table, or export it as CSV.",
                    most=f"{MOST_ROWS - 1:,}",
                )
            sheet.append([_cell(cell) for cell in row])
    except BaseException:
        sheet.close()
        raise
    book.save(file)
    return count


def _cell(text: str) -> str:
    return guarded(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))[:LONGEST]
