"""REFI-QDA projects (`.qdpx`): how programs for qualitative analysis exchange coded texts.

Written is one text source for each document with a selection and a coding for each piece of a span, codes with their
colours and descriptions, users, variables with facts of the documents, and links for relations. What the standard has
no place for stands in a part of its own, `annotator.jsonl`, which other programs pass over.

Read are the exports of NVivo, ATLAS.ti, MAXQDA, QualCoder, Quirkos, Taguette and others: text sources, the text of
PDFs, and transcripts. Bare file names and either kind of slash in the place of `internal://` addresses, byte order
marks, UTF-16 and one-byte texts, comments as descriptions, as notes and as linked notes are taken; how positions are
counted is told by what selections are called (`selection_places.py`). Positions are code points, half-open.

Source: https://www.qdasoftware.org, Project Exchange 1.0 with the schema of March 2019, and what those programs write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext, Line
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.refi_qda.archive import QdaArchive
from annotator.formats.datasets.refi_qda.project import examined
from annotator.formats.datasets.refi_qda.sources import entries_of
from annotator.formats.datasets.refi_qda.writing import write_project
from annotator.formats.datasets.replacing import explained_failures

LOSES = loses(EVERYTHING)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what a project keeps of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the project file."""
    write_project(entries, output, context)


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number of the source, entry). Raises DatasetError where the file is no project, or is not safe to read."""
    with explained_failures(path, "read"), QdaArchive(path) as archive:
        yield from entries_of(archive, examined(archive, context), context)
