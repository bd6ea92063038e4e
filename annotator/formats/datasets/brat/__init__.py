"""brat standoff: a folder with NAME.txt and NAME.ann for each document, and the configuration that brat needs.

Written are annotation.conf and visual.conf from the codebook, and documents.jsonl, which brat does not look at: it has
what brat has no place for (ids, people, layers, dates, attributes of free text). Where the two differ when they are
read again, somebody worked in brat, and what brat says counts. brat's files are made of lines, so a span over a line
break is written as a fragment for each line, as brat does it.

Read are a folder with its folders, one .ann (or its .txt) and a .zip of such a folder: T with several fragments, R, *,
A, M, E, N and notes; .a1 and .a2 of the BioNLP tasks; columns that are parted by tab stops alone, or by spaces.
Fragments that are parted by a line break alone are one. Offsets are code points, half-open; files that count UTF-16
units, bytes or CRLF as one are told by the text that they repeat.

Source: https://brat.nlplab.org/standoff.html, https://brat.nlplab.org/configuration.html, and the parsers of brat's
server (annotation.py, projectconfig.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.brat.configuration import Configuration
from annotator.formats.datasets.brat.reading import entries_of
from annotator.formats.datasets.brat.writing import INDEX, ann_and_record
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext, Line
from annotator.formats.datasets.file_names import FileNames
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output

LOSES = loses(EVERYTHING)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the folder keeps of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write a text and its annotations for each document, then the configuration."""
    names, configuration = FileNames(), Configuration(context.codebook)
    index = output.open(INDEX)
    for entry in entries:
        name = names.name(entry)
        configuration.add(entry)
        ann, record = ann_and_record(entry, name)
        output.path(f"{name}.txt").write_bytes(entry["text"].encode())
        output.path(f"{name}.ann").write_bytes(ann)
        index.write(encode_line(record))
    output.open("annotation.conf").write(configuration.annotation())
    output.open("visual.conf").write(configuration.visual())


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a folder, an archive or a file, numbered from 1.

    Raises:
        DatasetError: There are no annotations, the archive cannot be trusted, or documents.jsonl is broken.
        UserError: A file cannot be opened.
    """
    return entries_of(path, context)
