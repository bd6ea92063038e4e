"""A folder with an .xmi for each document, and TypeSystem.xml, which INCEpTION imports as layers. See `cas`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.cas import LOSES, held
from annotator.formats.datasets.cas.reading import entries_at
from annotator.formats.datasets.cas.types import as_xml, attribute_features
from annotator.formats.datasets.cas.writing import attributes_of, cas_of
from annotator.formats.datasets.cas.xmi import cas_of_xmi, xmi_of
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext
from annotator.formats.datasets.file_names import FileNames
from annotator.formats.datasets.output import Output

__all__ = ["LOSES", "held", "read", "write"]

_ENDINGS = (".xmi", ".xmi.gz")


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the documents, then the types that they use."""
    names, attributes = FileNames(("typesystem",)), dict.fromkeys(attribute_features(context.codebook))
    for entry in entries:
        output.path(f"{names.name(entry)}.xmi").write_bytes(xmi_of(cas_of(entry)))
        attributes.update(dict.fromkeys(sorted(attributes_of(entry))))
    output.open("TypeSystem.xml").write(as_xml(attributes))


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a folder, an archive or a file, numbered from 1. Raises as `entries_at` does."""
    return entries_at(path, _ENDINGS, cas_of_xmi, context)
