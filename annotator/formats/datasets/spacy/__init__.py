"""spaCy: DocBin files for training, one for each split; older JSON of spaCy comes in too.

Written is a folder with train.spacy, dev.spacy and test.spacy. All spans stand in `doc.spans` (see `spans_key`), also
nested and identical ones; `doc.ents` has those of them that share no word, of several the longest, without white space
at their edges, since spaCy's entity recogniser takes no others. Words are cut at the edges of spans, so each span
begins and ends with a token, and white space is in tokens of its own where one space does not say it: `doc.text` is the
text to the letter. What spaCy has no place for stands in `doc.user_data` under a key of its own, as plain data.

Read are files and folders of DocBin from spaCy 2.2 on (`docs`), the JSON that spaCy 2 trained on, and lists of texts
with `entities` (`older`). Files are decoded as the plain data that they are: nothing in them is executed.

Source: https://spacy.io/api/docbin, https://spacy.io/api/spangroup and https://spacy.io/api/data-formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, Line
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.spacy.files import data_files, file_of
from annotator.formats.datasets.spacy.older import older_entries

LOSES = loses(EVERYTHING)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the files keep of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write a file for each split. Raises DatasetError for one that would be larger than the format allows."""
    from annotator.formats.datasets.spacy.packing import DocBinWriter

    with ExitStack() as open_files:
        writers: dict[str, DocBinWriter] = {}
        for entry in entries:
            name = file_of(entry.get("split"))
            if name not in writers:
                writer = DocBinWriter(output.path(name), context.options["spans_key"])
                writers[name] = open_files.enter_context(writer)
            writers[name].add(entry)
        for writer in writers.values():
            writer.finish()


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a folder or a file, numbered from 1 through all of its files.

    Raises:
        DatasetError: There are no files, or one is damaged; names it.
    """
    files = data_files(path)
    number = 0
    for file, name, split in files:
        for place, entry in _entries(file, name, context):
            number += 1
            if isinstance(entry, BadEntry):
                yield number, _located(entry, name, place) if len(files) > 1 else entry
                continue
            if split is not None and "split" not in entry:
                entry["split"] = split
            yield number, entry


def _entries(file: Path, name: str, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    if file.suffix.lower() in (".json", ".jsonl"):
        return older_entries(file, context)
    from annotator.formats.datasets.spacy.docs import docbin_entries

    return docbin_entries(file, name, context)


def _located(bad: BadEntry, file: str, place: int) -> BadEntry:
    return BadEntry(EntryError("{file}, document {place}: {reason}", file=file, place=place, reason=str(bad.reason)))
