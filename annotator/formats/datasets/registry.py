"""The table of dataset formats.

How to add a format:
1. write `formats/datasets/NAME.py` with `write()` and `read()` side by side (see jsonl.py);
2. add its line to `_FORMATS` with everything that it cannot hold;
3. add a round trip to `tests/formats/test_dataset_NAME.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from annotator.core.errors import UserError


@dataclass(frozen=True, slots=True)
class DatasetFormat:
    """What the program knows of a format before it is used.

    `extensions` carry their dot, the usual one first. `loses` names what a project holds and a file of this
    format cannot.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    reads: bool
    writes: bool
    loses: tuple[str, ...]
    module: str

    def implementation(self) -> ModuleType:
        """Return the module with the format's `read` and `write`, imported on first use only."""
        return import_module(self.module)


_FORMATS = (
    DatasetFormat(
        name="jsonl",
        title="Annotator JSONL, verified (annotator-jsonl/1)",
        extensions=(".jsonl",),
        reads=True,
        writes=True,
        loses=(
            "original bytes of the sources",
            "format ranges (headings, lists, emphasis)",
            "front matter other than title, date and URL",
            "history of changes",
            "names of annotators and entities, unless asked for",
            "notes on documents and labels",
        ),
        module="annotator.formats.datasets.jsonl",
    ),
)


def dataset_formats() -> tuple[DatasetFormat, ...]:
    """Return every format in the order in which lists show them."""
    return _FORMATS


def format_named(name: str) -> DatasetFormat:
    """Return the format of this name. Raises UserError that lists the names there are."""
    for entry in _FORMATS:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in _FORMATS)
    raise UserError("There is no dataset format “{name}”. Choose one of: {known}.", name=name, known=known)
