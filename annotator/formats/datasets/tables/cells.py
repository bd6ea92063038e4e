"""What stands in one cell of a table of spans, and what a cell says.

A cell holds text, a number or a truth value; an empty one says nothing. What a cell cannot say in the way that people
write it (a list whose parts hold a semicolon, a text that reads like a number) stands in it as JSON after “json:”.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from annotator.core.attribute_values import parsed_number
from annotator.formats.datasets.entries import EntryError
from annotator.formats.tables import guarded

Cell = str | int | float | bool | None

_JSON = "json:"
_LISTS = frozenset(("choices", "texts"))
_TEXTS = frozenset(("choice", "entity", "text", "date"))
PLAIN_TEXTS = _TEXTS - {"date"}
"""Types of attributes whose cells say what stands in them, but for those that begin with “json:”."""

_FLAGS = {"true": True, "yes": True, "wahr": True, "vrai": True, "verdadero": True, "так": True, "да": True}
_FLAGS |= {"false": False, "no": False, "falsch": False, "faux": False, "falso": False, "ні": False, "нет": False}
_FLAGS |= {"1": True, "0": False}
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SUSPECT = frozenset("'=+-@＝＋－＠") | {chr(i) for i in range(0x3001) if chr(i).isspace()}
"""Characters with which a cell has to begin to be any that a spreadsheet might run."""

_LARGEST = 2**53


def disarmed(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: `armed` gives the text back to the letter."""
    if isinstance(cell, str) and cell and cell[0] in SUSPECT and _would_run(cell.lstrip("'")):
        return f"'{cell}"
    return cell


def as_it_is(cell: Cell) -> Cell:
    """Return a cell to the letter, but for the few texts of which `armed` would take an apostrophe."""
    if isinstance(cell, str) and cell[:1] == "'" and _would_run(cell.lstrip("'")):
        return f"'{cell}"
    return cell


def armed(cell: Any) -> Any:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    if isinstance(cell, str) and cell[:1] == "'" and _would_run(cell.lstrip("'")):
        return cell[1:]
    return cell


def _would_run(text: str) -> bool:
    return guarded(text) != text


def json_text(value: Any) -> str:
    """Return a value as JSON for a cell."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_value(cell: Any, what: str) -> Any:
    """Return what a cell holds as JSON, None where it is empty. Raises EntryError for anything else."""
    if cell in ("", None):
        return None
    try:
        return json.loads(str(cell), parse_constant=_refused)
    except (ValueError, RecursionError):
        raise EntryError("{what} is {found}, which is no JSON.", what=what, found=f"{cell!r:.40}") from None


def _refused(name: str) -> None:
    raise ValueError(name)


def attribute_cell(kind: str, value: Any) -> Cell:
    """Return the cell of an attribute's value. `kind` is the attribute's type in the codebook."""
    if value is None:
        return None
    if _is_plain(kind, value):
        return value
    cell = _natural(value)
    for form in (cell,) if isinstance(cell, str) else (cell, printed(cell)):
        found = attribute_value(kind, form)
        if found != value or type(found) is not type(value):
            return _JSON + json_text(value)
    return cell


def printed(cell: Cell) -> str:
    """Return a cell as files of text have it."""
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def _is_plain(kind: str, value: Any) -> bool:
    """Say at once of most values that their cells will say what they are; the others have to be tried."""
    if value.__class__ is str:
        return kind in PLAIN_TEXTS and value != "" and value[0] != "j"
    return (kind == "boolean" and value.__class__ is bool) or (
        kind == "number" and value.__class__ is int and -_LARGEST < value < _LARGEST
    )


def attribute_value(kind: str, cell: Any) -> Any:
    """Return what a cell says of an attribute of this type, None where it is empty."""
    if cell in ("", None):
        return None
    if isinstance(cell, str):
        return _FLAGS[cell] if kind == "boolean" and cell in _FLAGS else _said(kind, cell)
    if kind == "boolean" and cell in (0, 1):
        return bool(cell)
    if kind in _TEXTS or kind in _LISTS:
        text = shown(cell)
        return [text] if kind in _LISTS else text
    return cell


def _said(kind: str, cell: str) -> Any:
    if kind in PLAIN_TEXTS and cell[:1] != "j":
        return cell
    if cell.startswith(_JSON):
        try:
            return json.loads(cell[len(_JSON) :], parse_constant=_refused)
        except (ValueError, RecursionError):
            return cell
    if kind in _LISTS:
        return _listed(cell)
    if kind == "boolean":
        return _FLAGS.get(cell.strip().casefold(), cell)
    if kind == "number":
        number = _number(cell.strip())
        return cell if number is None else number
    if kind == "date" and (day := _DAY_FIRST.fullmatch(cell.strip())):
        return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    return cell


def _listed(cell: str) -> list[Any]:
    if cell.lstrip().startswith("["):
        try:
            found = json.loads(cell, parse_constant=_refused)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return found
    return [part for part in map(str.strip, cell.replace("\n", ";").split(";")) if part]


def _natural(value: Any) -> Cell:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) > _LARGEST:
        return None
    return value if isinstance(value, str | int | float | bool) else None


def _number(text: str) -> int | float | None:
    if len(text) < 16 and text.isascii() and text.isdecimal():
        return int(text)
    found = parsed_number(text)
    return parsed_number(text.replace(",", ".")) if found is None and text.count(",") == 1 else found


def shown(cell: Any) -> str:
    """Return a cell as text: nothing where it is empty, whole numbers without a point."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST:
        return str(int(cell))
    return str(cell)


def whole(cell: Any, what: str) -> int | None:
    """Return the whole number in a cell, None where it is empty. Raises EntryError for anything else."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str) and not cell.strip():
        return None
    number = _number(cell.strip()) if isinstance(cell, str) else cell
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, int) and not isinstance(number, bool) and abs(number) <= _LARGEST:
        return number
    raise EntryError("{what} is {found}, not a whole number.", what=what, found=f"{cell!r:.40}")


def decimal(cell: Any, what: str) -> float | None:
    """Return the number in a cell, None where it is empty. Raises EntryError for anything else."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    number = _number(cell.strip()) if isinstance(cell, str) else cell
    if isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number):
        return float(number)
    raise EntryError("{what} is {found}, not a number.", what=what, found=f"{cell!r:.40}")
