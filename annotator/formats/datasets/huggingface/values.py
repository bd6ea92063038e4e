"""Taking values out of rows of other people's columns, whatever they are called; what is passed over is told once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.fields import position
from annotator.formats.datasets.huggingface.files import Classes
from annotator.formats.datasets.losses import LossCollector

LEFT_OUT = "columns that were not read"
NUMBERS = "labels that are numbers without names"
JOINED = "texts that were joined from words with spaces"
REPEATED_IDS = "ids of documents that stand there twice"
NO_WORD = "spans without a word"

Row = Mapping[str, Any]


@dataclass
class Reader:
    """What holds for all rows of a file: the names of its classes, and where to tell what is passed over."""

    file: str
    classes: Classes
    losses: LossCollector
    told: set[str] = field(default_factory=set)

    def pass_over(self, names: Iterable[str], inside: str = "") -> None:
        """Tell once of each column or key that nothing is made of."""
        for name in names:
            place = f"{inside}.{name}" if inside else name
            if place not in self.told:
                self.told.add(place)
                self.losses.add(LEFT_OUT, place)

    def class_name(self, value: int, path: tuple[str, ...]) -> str | None:
        """Return the name of a class, or None where nothing says any. Raises EntryError for a number that has none."""
        names = self.classes.get(path)
        if names is None:
            return None
        if not 0 <= value < len(names):
            raise EntryError(
                "“{column}” is {value}, and the names go from 0 to {last}.",
                column=".".join(path),
                value=value,
                last=len(names) - 1,
            )
        return names[value]

    def label(self, value: Any, path: tuple[str, ...]) -> str | None:
        """Return a label that stands as text or as a number; None where it says that there is none.

        Raises EntryError for anything else.
        """
        if isinstance(value, float) and value.is_integer():
            return self.label(int(value), path)
        if value is None or value == "" or (is_number(value) and value < 0):
            return None
        if isinstance(value, str):
            return value
        if not is_number(value):
            raise EntryError("“{column}” is {value!r:.40}, which is no label.", column=".".join(path), value=value)
        name = self.class_name(int(value), path)
        if name is None:
            self.losses.add(NUMBERS, str(value))
        return str(value) if name is None else name


def is_number(value: Any) -> bool:
    """Say whether a value is a whole number, and not true or false."""
    return isinstance(value, int) and not isinstance(value, bool)


def first_key(row: Row, names: Iterable[str]) -> str | None:
    """Return the first of the names that the row has a value under."""
    return next((name for name in names if row.get(name) is not None), None)


def plain_text(value: Any) -> str:
    """Return what a value says in words; nothing for lists and objects."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def stretch(value: Any, what: str) -> list[int]:
    """Return [start, end] of a list of two, or of an object with these keys. Raises EntryError for anything else."""
    if isinstance(value, dict) and {"start", "end"} <= value.keys():
        value = [value["start"], value["end"]]
    if not isinstance(value, list) or len(value) != 2:
        raise EntryError("{what} is {value!r:.40}, not a start and an end.", what=what, value=value)
    return [position(value[0], f"the start of {what}"), position(value[1], f"the end of {what}")]
