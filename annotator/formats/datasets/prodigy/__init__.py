"""Prodigy: examples as JSON Lines, with tokens, spans and relations.

Read are exports of `db-out` from `ner`, `spans`, `relations`, `textcat` and `choice` tasks, and tasks for import. All
examples of one text make one document, since each annotator and each binary question has an example of its own; who
answered (`_annotator_id`, `_session_id`) is the layer. Accepted examples give their spans; rejected ones were read and
give none; ignored ones are left out and counted. A label or chosen options without spans label the whole text.

Written is an example for each layer of a document; `token_end`, `head` and `child` are tokens included in the spans, as
in Prodigy. What it has no place for stands in an object of its own, which Prodigy hands through. Hashes are left for
Prodigy to make. Offsets are code points, half-open.

Source: https://prodi.gy/docs/api-interfaces and https://prodi.gy/docs/api-recipes; the example of
https://support.prodi.gy/t/6467.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext, Line
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.prodigy.examples import examples_of
from annotator.formats.datasets.prodigy.reading import entries_of

LOSES = loses(EVERYTHING)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the examples keep of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write one example a line."""
    file = output.open()
    for entry in entries:
        for example in examples_of(entry):
            file.write(encode_line(example))


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line or item, entry) for each text. Raises DatasetError where the file is no JSON from some place on."""
    return entries_of(path, context)
