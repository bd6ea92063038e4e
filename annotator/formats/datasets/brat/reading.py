"""Folders of brat as entries: each text with its lines, and with its record in documents.jsonl where we wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.brat.document import Document
from annotator.formats.datasets.brat.files import ANNOTATIONS, stems_of
from annotator.formats.datasets.brat.writing import INDEX
from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext
from annotator.formats.datasets.folders import Files, Folder, files_at
from annotator.formats.datasets.lines import decode_line

Found = Iterator[tuple[int, Entry | BadEntry]]


def entries_of(path: Path, context: FormatContext) -> Found:
    """Yield (number, entry) of a folder, an archive, or one file with what lies beside it."""
    if path.suffix.lower() in (*ANNOTATIONS, ".txt") and not path.is_dir():
        yield from _beside(path, context)
        return
    with files_at(path) as files:
        stems = stems_of(files)
        if not stems:
            raise DatasetError(
                "“{name}” has no annotations of brat (files that end in .ann). Choose the folder that has them.",
                name=path.name,
            )
        yield from _all(files, stems, context)


def _beside(path: Path, context: FormatContext) -> Found:
    files = _Siblings(path)
    if not any(name.endswith(ANNOTATIONS) for name in files.names):
        raise DatasetError("There is no “{name}” beside the text.", name=f"{path.stem}.ann")
    record = next((one for stem, one in _records(files, "") if stem == path.stem), None)
    yield 1, _read(files, path.stem, record, context)


class _Siblings(Folder):
    """One document of a folder, without a look at all the others."""

    def __init__(self, path: Path) -> None:
        self.root = path.parent
        names = [f"{path.stem}{ending}" for ending in (".txt", *ANNOTATIONS)]
        self.names = {name for name in (*names, path.stem, path.name, INDEX) if (self.root / name).is_file()}


def _all(files: Files, stems: list[str], context: FormatContext) -> Found:
    """Yield the documents that records name in their order, then the others."""
    number, waiting = 0, dict.fromkeys(stems)
    for name in sorted(name for name in files.names if PurePosixPath(name).name == INDEX):
        folder = name.removesuffix(INDEX)
        for stem, record in _records(files, folder):
            if stem in waiting:
                del waiting[stem]
                number += 1
                yield number, _read(files, stem, record, context)
    for stem in waiting:
        number += 1
        yield number, _read(files, stem, None, context)


def _records(files: Files, folder: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (path without ending, record) of each line of a documents.jsonl. Raises DatasetError for a broken line."""
    name = f"{folder}{INDEX}"
    if name not in files.names:
        return
    with _opened(files, name) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = decode_line(line)
            except LineError as problem:
                raise DatasetError(
                    "{file}, line {line}: " + problem.template + " Take the file away to read without it.",
                    **{**problem.fields, "file": name, "line": number},
                ) from problem
            file = record.get("file") if isinstance(record, dict) else None
            if isinstance(file, str) and file.endswith(".txt"):
                yield folder + file.removesuffix(".txt"), record


@contextmanager
def _opened(files: Files, name: str) -> Iterator[Any]:
    """Give the lines of a file: one at a time from a folder."""
    if isinstance(files, Folder):
        with (files.root / name).open("rb", buffering=1024 * 1024) as handle:
            yield handle
    else:
        yield files.read(name).split(b"\n")


def _read(files: Files, stem: str, record: Mapping[str, Any] | None, context: FormatContext) -> Entry | BadEntry:
    try:
        text = _text(files, stem if stem.endswith(".txt") and stem in files.names else f"{stem}.txt")
        parts = [_text(files, name) for ending in ANNOTATIONS if (name := f"{stem}{ending}") in files.names]
        return Document(stem, text, "\n".join(parts), record, context.losses, context.attribute_types()).entry()
    except EntryError as error:
        return BadEntry(EntryError("{file}: {reason}", file=f"{stem}.ann", reason=str(error)))


def _text(files: Files, name: str) -> str:
    if name not in files.names:
        raise EntryError("there is no “{name}” beside it, which has the text.", name=PurePosixPath(name).name)
    data = files.read(name)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise EntryError(
            "“{name}” is not UTF-8 (at byte {byte}): save it as UTF-8.", name=name, byte=error.start + 1
        ) from None
