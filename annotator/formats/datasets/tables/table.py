"""A table as it is read: its header, and its rows one by one, divided rows whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, EntryError
from annotator.formats.datasets.tables.cells import armed, shown
from annotator.formats.datasets.tables.columns import key_of
from annotator.formats.datasets.tables.rows import KEYS, PART

Numbered = tuple[int, list[Any]]
"""A row with its number in its table, from 1, the header counted."""

_MARK = re.compile(r"(\d{1,6}) of (\d{1,6})")
_KEYS = frozenset(name for names in KEYS.values() for name in names)


@dataclass(frozen=True)
class Table:
    """A table; `title` names it in messages. `rows` can be gone through once."""

    title: str
    header: Sequence[str]
    rows: Iterator[Numbered] = field(repr=False)

    def at(self, number: int, error: EntryError) -> BadEntry:
        """Return what is wrong with a row."""
        return BadEntry(EntryError("{table}, row {row}: {reason}", table=self.title, row=number, reason=str(error)))

    def shown_header(self) -> str:
        """Return the names of the columns, for messages."""
        return shortened(", ".join(filter(None, self.header)), 200) or "none"


def table_of(title: str, rows: Iterable[Numbered]) -> Table | None:
    """Return a table whose first row that is not blank is the header; None where all are blank."""
    filled = filter(_is_filled, rows)
    first = next(filled, None)
    if first is None:
        return None
    header = [shown(cell) for cell in first[1]]
    whole = _joined(title, header, map(_armed, filled))
    return Table(title, header, whole)


def _is_filled(numbered: Numbered) -> bool:
    return any(cell not in (None, "") for cell in numbered[1])


def _armed(numbered: Numbered) -> Numbered:
    number, row = numbered
    return number, [armed(cell) if cell.__class__ is str and cell[:1] == "'" else cell for cell in row]


def _joined(title: str, header: Sequence[str], rows: Iterator[Numbered]) -> Iterator[Numbered]:
    """Yield rows, those as one that were divided because a cell can hold no more."""
    names = [key_of(name) for name in header]
    if PART not in names:
        yield from rows
        return
    place = names.index(PART)
    keys = [index for index, name in enumerate(names) if name in _KEYS]
    pending: Numbered | None = None
    part = parts = 0
    for number, row in rows:
        mark = _MARK.fullmatch(shown(row[place]).strip()) if place < len(row) else None
        this, of = (int(mark[1]), int(mark[2])) if mark else (1, 1)
        if pending and 1 < this == part + 1 and of == parts and _agree(pending[1], row, keys):
            _append(pending[1], row, {place, *keys})
            part = this
            continue
        if this != 1 or part != parts:
            raise _not_in_order(title, number)
        if pending:
            yield pending
        pending, part, parts = (number, row), this, of
    if part != parts:
        raise _not_in_order(title, pending[0] if pending else 0)
    if pending:
        yield pending


def _agree(one: Sequence[Any], other: Sequence[Any], places: Sequence[int]) -> bool:
    return all(_cell(one, place) == _cell(other, place) for place in places)


def _cell(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _append(whole: list[Any], row: Sequence[Any], without: set[int]) -> None:
    whole += [None] * (len(row) - len(whole))
    for place, cell in enumerate(row):
        if place not in without and cell not in (None, ""):
            whole[place] = shown(whole[place]) + shown(cell)


def _not_in_order(title: str, number: int) -> DatasetError:
    return DatasetError(
        "{table}, row {row}: the parts of a long row do not follow each other. Sort the table so that they do (column "
        "“part”), or take the file as it was exported.",
        table=title,
        row=number,
    )
