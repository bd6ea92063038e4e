"""WebAnno TSV 3, which WebAnno and INCEpTION export: one file, a folder, an archive, or an export of a project.

Spans, slots, chains and relations come in as those of any CAS do (see `layers`); see `tsv` for the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.formats.datasets.cas.reading import entries_at
from annotator.formats.datasets.cas.tsv import cas_of_tsv
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext
from annotator.formats.datasets.holding import Holds, loses

_HOLDS = Holds(frozenset({"sentences"}), span=frozenset({"attributes", "annotator", "layer"}), relations=frozenset())

LOSES = loses(_HOLDS)


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of each document, numbered from 1. Raises as `entries_at` does."""
    return entries_at(path, (".tsv",), cas_of_tsv, context)
