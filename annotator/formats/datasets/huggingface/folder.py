"""Hugging Face datasets: a folder of JSON Lines or Parquet files with a dataset card, as `datasets` loads it.

https://huggingface.co/docs/datasets, and the sources of its JSON and Parquet loaders and of `Features`. There is a file
for each split; README.md says their columns, so that `load_dataset(folder)` gives stable types whatever is empty.
As documents a row has everything that a dataset line has. As tokens a row has words with tags for token
classification, and the text with the place of each word, so that it reads back.

Read are our folders, and those of others: see `columns` for what their columns may be called, `files` for how the data
files and their splits are found. Parquet and Arrow (`save_to_disk`) need pyarrow, JSON Lines nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.data_card import CardCounts
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, Line, numbered
from annotator.formats.datasets.holding import (
    EVERYTHING_OF_RELATIONS,
    EVERYTHING_OF_SPANS,
    OF_DOCUMENTS,
    OF_SOURCES,
    Holds,
    kept,
    loses,
)
from annotator.formats.datasets.huggingface import features
from annotator.formats.datasets.huggingface.card import card, croissant
from annotator.formats.datasets.huggingface.columns import COLUMNS, Rows
from annotator.formats.datasets.huggingface.files import DataFile, Dataset, dataset_at
from annotator.formats.datasets.huggingface.rows import document_row, tag_names, token_row
from annotator.formats.datasets.huggingface.shards import shards, split_of
from annotator.formats.datasets.huggingface.tables import classes_of, columns_of, rows
from annotator.formats.datasets.huggingface.values import NO_WORD, Reader
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.tokens import Tokens, apart, tokens_of

HOLDS = {
    "documents": Holds(
        frozenset(OF_DOCUMENTS),
        frozenset(OF_SOURCES),
        EVERYTHING_OF_SPANS,
        EVERYTHING_OF_RELATIONS,
        gaps=True,
        ids=True,
    ),
    "tokens": Holds(frozenset(OF_DOCUMENTS) - {"statuses"}, frozenset(OF_SOURCES)),
}

EDGES = "edges of spans inside of words or in white space"
OVERLAPS = "spans that share a word with a longer one"
FILES_LEFT_OUT = "files that were not read"

LOSES = loses(*HOLDS.values(), more=(EDGES, OVERLAPS, NO_WORD))


def held(line: Line, context: FormatContext) -> Entry:
    """Return what a row keeps of a line: all of it as a document, one label a word as tokens."""
    shape = context.options["shape"]
    entry = kept(line, HOLDS[shape], context.losses)
    return entry if shape == "documents" else _on_words(entry, context)


def _on_words(entry: Entry, context: FormatContext) -> Entry:
    """Return an entry whose spans begin and end with words and share none; what is not so is counted."""
    text, tokens = entry["text"], Tokens(tokens_of(entry["text"]))
    spans, runs = [], []
    for span in entry["spans"]:
        run = tokens.run(span)
        if run is None:
            context.losses.add(NO_WORD, _quoted(text, span))
        else:
            spans.append(span)
            runs.append(run)
    chosen = apart(runs)
    there = {number for number, _ in chosen}
    for number, span in enumerate(spans):
        if number not in there:
            context.losses.add(OVERLAPS, _quoted(text, span))
    found = []
    for number, run in chosen:
        stretch = tokens.stretch(run)
        if [stretch] != spans[number]["fragments"]:
            context.losses.add(EDGES, _quoted(text, spans[number]))
        found.append({**spans[number], "fragments": [stretch]})
    return numbered({**entry, "spans": found})  # type: ignore[typeddict-item]


def _quoted(text: str, span: Any) -> str:
    return f"“{shortened(' '.join(text[span['fragments'][0][0] : span['fragments'][-1][1]].split()), 40)}”"


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write a file for each split, README.md and croissant.json. Raises UserError where Parquet needs its library."""
    kind, shape = context.options["files"], context.options["shape"]
    names = {tag: number for number, tag in enumerate(tag_names(label.key for label in context.codebook.labels))}
    counts = CardCounts()

    def columns() -> Any:
        return features.DOCUMENTS if shape == "documents" else features.tokens(tuple(names))

    with shards(output, kind, columns) as made:
        for entry in entries:
            counts.add(entry)
            if shape == "documents":
                row = document_row(entry)
            else:
                _add_names(names, entry)
                row = token_row(entry, names if kind == "parquet" else None)
            made.add(split_of(entry.get("split")), row)
        written = made.closed()
    output.open("README.md").write(card(context, columns(), counts, written))
    output.open("croissant.json").write(croissant(context, columns(), counts, written))


def _add_names(names: dict[str, int], entry: Entry) -> None:
    """Add the tags of labels that the codebook does not have."""
    for span in entry["spans"]:
        if f"B-{span['label']}" not in names:
            for tag in tag_names([span["label"]])[1:]:
                names[tag] = len(names)


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a folder or a data file, numbered from 1 through all of its files.

    Raises:
        DatasetError: There are no data files, or one is broken from some place on; names it.
        UserError: A file cannot be opened, or needs a library that is not there.
    """
    dataset = dataset_at(path)
    for name in dataset.left_out:
        context.losses.add(FILES_LEFT_OUT, name)
    number = 0
    made: Rows | None = None
    for file in dataset.files:
        reader = _reader(file, dataset, context)
        made = Rows(reader) if made is None else made.with_reader(reader)
        for place, row in rows(file, COLUMNS):
            number = place if len(dataset.files) == 1 else number + 1
            try:
                yield number, _with_split(made.entry(row), file)
            except EntryError as error:
                yield number, BadEntry(_located(error, file, place) if len(dataset.files) > 1 else error)


def _reader(file: DataFile, dataset: Dataset, context: FormatContext) -> Reader:
    reader = Reader(file.name, {**dataset.classes, **classes_of(file)}, context.losses)
    reader.pass_over(name for name in columns_of(file) if name not in COLUMNS)
    return reader


def _with_split(entry: Entry, file: DataFile) -> Entry:
    """Return an entry with the split of its file where it says nothing of one itself."""
    if "split" not in entry and file.split is not None:
        entry["split"] = file.split
    return entry


def _located(error: EntryError, file: DataFile, place: int) -> EntryError:
    return EntryError("{file}, row {row}: {reason}", file=file.name, row=place, reason=str(error))
