"""Sheets of XLSX files, row by row: what is in memory is one row, and the texts that cells share.

XML is read without entities, document types or network. Formulas are never calculated: their last result counts.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

from annotator.core.errors import DatasetError

_MOST_MEMBERS = 10_000
_LARGEST_PART = 16 * 1024 * 1024
_LARGEST_STRINGS = 256 * 1024 * 1024
_LONGEST_ROW = 32 * 1024 * 1024
_LARGEST_DENSE = 256 * 1024 * 1024
_DENSEST = 300
_WIDEST = 4096
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COLUMN = re.compile("[A-Z]{1,3}")
_WHOLE = re.compile("-?[0-9]{1,17}")
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_ENCRYPTED = 0x1
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, SyntaxError),
    *(ValueError, LookupError, RuntimeError, OverflowError),
)


class WorkbookReader:
    """A workbook, used as a context; sheets may be read side by side."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises DatasetError where it is no workbook, or one that unpacks to too much."""
        self._name = f"“{path.name}”"
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise DatasetError(
                "{file} is no XLSX file, is locked with a password, or is damaged. Save it as XLSX or CSV.",
                file=self._name,
            ) from error
        try:
            self._check()
            with self._explained():
                self._read_frame()
        except BaseException:
            self._archive.close()
            raise

    def _read_frame(self) -> None:
        book = self._member_of_type("", "officeDocument") or "xl/workbook.xml"
        links = self._links(book)
        workbook = self._parsed(book)
        self._starts_1904 = any(node.get("date1904") in ("1", "true") for node in workbook.iter("{*}workbookPr"))
        self.sheets: dict[str, str] = {}
        for sheet in workbook.iter("{*}sheet"):
            link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            if links.get(link, ("", ""))[0].endswith("/worksheet"):
                self.sheets[str(sheet.get("name") or len(self.sheets) + 1)] = links[link][1]
        self._strings = self._shared_strings(self._member_of_type(book, "sharedStrings"))
        self._dates = self._date_styles(self._member_of_type(book, "styles"))

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Any]]]:
        """Yield the numbers of the rows of a sheet, from 1, with their cells; rows without cells are left out.

        Raises DatasetError where the file breaks off or is none.
        """
        number = 0
        with self._explained(sheet):
            for row in self._elements(self.sheets[sheet], "{*}row"):
                given = row.get("r")
                number = int(given) if given and given.isdigit() else number + 1
                cells = self._cells(row)
                if cells:
                    yield number, cells

    def _cells(self, row: Any) -> list[Any]:
        found: list[Any] = []
        space = row.tag[:-3]
        for cell in row.iterchildren(f"{space}c"):
            value = self._value(cell, space)
            if value is None:
                continue
            reference = cell.get("r")
            place = _place(_COLUMN.match(reference)[0]) if reference and _COLUMN.match(reference) else len(found)  # type: ignore[index]
            if place >= _WIDEST:
                continue
            if place >= len(found):
                found.extend([None] * (place - len(found)))
                found.append(value)
            else:
                found[place] = value
        return found

    def _value(self, cell: Any, space: str) -> Any:
        kind = cell.get("t")
        if kind == "inlineStr":
            texts = cell.find(f"{space}is")
            return None if texts is None else _unescaped(_text_of(texts, space))
        value = cell.findtext(f"{space}v")
        if not value:
            return None
        if kind == "s":
            return self._strings[int(value)]
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "e":
            return None
        if kind in ("str", "d"):
            return _unescaped(value)
        number = int(value) if _WHOLE.fullmatch(value) else float(value)
        if self._dates and int(cell.get("s") or 0) in self._dates:
            return self._date(number)
        return number if number == number and abs(number) < 2**63 else None

    def _date(self, number: float) -> Any:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        found = from_excel(number, MAC_EPOCH if self._starts_1904 else WINDOWS_EPOCH)
        if isinstance(found, datetime):
            is_day = not (found.hour or found.minute or found.second)
            return found.date().isoformat() if is_day else found.isoformat(timespec="seconds")
        return str(found)

    def _shared_strings(self, member: str) -> list[str]:
        if not member:
            return []
        if self._archive.getinfo(member).file_size > _LARGEST_STRINGS:
            raise DatasetError(
                "{file} has more text than can be read from one workbook. Save its sheets as CSV, or split it.",
                file=self._name,
            )
        return [_unescaped(_text_of(element, element.tag[:-2])) for element in self._elements(member, "{*}si")]

    def _date_styles(self, member: str) -> frozenset[int]:
        """Return the numbers of the cell styles that show a number as a date."""
        if not member:
            return frozenset()
        styles = self._parsed(member)
        own = {node.get("numFmtId"): node.get("formatCode") or "" for node in styles.iter("{*}numFmt")}
        formats = styles.find("{*}cellXfs")
        found = set()
        for place, style in enumerate(() if formats is None else formats):
            number = style.get("numFmtId") or "0"
            if _is_date(own[number]) if number in own else int(number) in _BUILT_IN_DATES:
                found.add(place)
        return frozenset(found)

    def _member_of_type(self, owner: str, kind: str) -> str:
        links = self._links(owner)
        found = (target for type_, target in links.values() if type_.endswith(f"/{kind}"))
        return next((target for target in found if target in self._members), "")

    def _links(self, owner: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(owner)
        member = posixpath.join(folder, "_rels", f"{name}.rels")
        if member not in self._members:
            return {}
        return {
            link.get("Id", ""): (link.get("Type", ""), posixpath.normpath(posixpath.join("/", folder, target))[1:])
            for link in self._parsed(member).iter("{*}Relationship")
            if (target := link.get("Target", "")) and link.get("TargetMode") != "External"
        }

    def _parsed(self, member: str) -> Any:
        from lxml import etree

        if self._archive.getinfo(member).file_size > _LARGEST_PART:
            raise ValueError("too large")
        with self._archive.open(member) as file:
            tree = etree.parse(file, etree.XMLParser(**_SAFE))
        _refuse_document_type(tree)
        return tree.getroot()

    def _elements(self, member: str, tag: str) -> Iterator[Any]:
        """Yield the elements of a name, each gone once the next one is asked for."""
        from lxml import etree

        with self._archive.open(member) as file:
            bounded = _Bounded(file)
            for _, element in etree.iterparse(bounded, tag=tag, **_SAFE):
                if bounded.is_first:
                    _refuse_document_type(element.getroottree())
                bounded.restart()
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _check(self) -> None:
        members = self._archive.infolist()
        self._members = frozenset(member.filename for member in members)
        dense = (
            member
            for member in members
            if member.file_size > _LARGEST_DENSE and member.file_size > member.compress_size * _DENSEST
        )
        if len(members) > _MOST_MEMBERS or next(dense, None) is not None:
            raise DatasetError("{file} unpacks to far more than it should. Save it anew.", file=self._name)
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise DatasetError("{file} is locked with a password. Save it without one.", file=self._name)

    @contextmanager
    def _explained(self, sheet: str = "") -> Iterator[None]:
        try:
            yield
        except DatasetError:
            raise
        except _UNREADABLE as error:
            raise DatasetError(
                "{file} is damaged or no XLSX file ({reason}). Open it in a spreadsheet program and save it as XLSX or "
                "CSV.",
                file=f"{self._name}, sheet “{sheet}”," if sheet else self._name,
                reason=" ".join(str(error).split())[:100] or type(error).__name__,
            ) from error

    def __enter__(self) -> WorkbookReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()


_SAFE: Any = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class _Bounded:
    """A file that must not go on for long without one of the elements that are looked for: all since are in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._read = 0
        self.is_first = True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises ValueError where too many have come since the last element."""
        found = self._file.read(size)
        self._read += len(found)
        if self._read > _LONGEST_ROW:
            raise ValueError("a row of it is too long")
        return found

    def restart(self) -> None:
        """Count anew: an element has come."""
        self._read = 0
        self.is_first = False


def _refuse_document_type(tree: Any) -> None:
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise ValueError("it declares a document type")


def _text_of(element: Any, space: str) -> str:
    """Return the text of a string, its runs joined, without the readings of Asian characters."""
    if len(element) == 1 and element[0].tag == f"{space}t":
        return element[0].text or ""
    found = []
    for child in element:
        if child.tag == f"{space}t":
            found.append(child.text or "")
        elif child.tag == f"{space}r":
            found.append(child.findtext(f"{space}t") or "")
    return "".join(found)


def _unescaped(text: str) -> str:
    if "_x" not in text or not _ESCAPED.search(text):
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _is_date(code: str) -> bool:
    from openpyxl.styles.numbers import is_date_format

    return is_date_format(code)


@cache
def _place(column: str) -> int:
    """Return the place of a column from 0."""
    found = 0
    for letter in column:
        found = found * 26 + ord(letter) - 64
    return found - 1
