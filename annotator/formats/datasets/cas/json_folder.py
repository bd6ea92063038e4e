"""A folder with a .json for each document, its types inside. See `cas`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.cas import LOSES, held
from annotator.formats.datasets.cas.json_cas import cas_of_json, json_of
from annotator.formats.datasets.cas.reading import entries_at
from annotator.formats.datasets.cas.types import attribute_features
from annotator.formats.datasets.cas.writing import attributes_of, cas_of
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext
from annotator.formats.datasets.file_names import FileNames
from annotator.formats.datasets.output import Output

__all__ = ["LOSES", "held", "read", "write"]


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the documents."""
    names = FileNames(("manifest", "exportedproject", "typesystem"))
    known = dict.fromkeys(attribute_features(context.codebook))
    for entry in entries:
        attributes = {**known, **dict.fromkeys(sorted(attributes_of(entry)))}
        output.path(f"{names.name(entry)}.json").write_bytes(json_of(cas_of(entry), attributes))


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a folder, an archive or a file, numbered from 1. Raises as `entries_at` does."""
    return entries_at(path, (".json", ".json.gz"), cas_of_json, context)
