"""JSON files of other programs, one object at a time, whichever way the file lays them out.

Lines of JSON, one array, one object over many lines, and several objects after each other are told apart by their
beginning. Nothing but the object at hand is in memory. An array that has each of its items on a line of its own is
read line by line, which is ten times as fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.json_guard import JsonGuard, UnsafeJsonError
from annotator.formats.datasets.lines import LONGEST_LINE, decode_line, numbered_lines
from annotator.formats.datasets.replacing import explained_failures

_BOM = b"\xef\xbb\xbf"
_HEAD = 1024 * 1024
"""Bytes looked at to tell how a file is laid out."""

_END = object()


def items(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (number, data): the number of the line from 1 where there is one object a line, else of the object.

    Raises:
        DatasetError: The file is empty, or is no JSON that every program reads alike from some place on; names it.
        UserError: The file cannot be opened.
    """
    with explained_failures(path, "read"), path.open("rb", buffering=1024 * 1024) as handle:
        found = False
        for item in _items(handle, path.name):
            found = True
            yield item
        if not found:
            raise DatasetError("{file} is empty: there is nothing in it. Choose another file.", file=path.name)


def objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield (number, object) as `items` does. Raises DatasetError also for anything that is no object."""
    for number, data in items(path):
        if not isinstance(data, dict):
            raise DatasetError(
                "{file}, item {number}: {found!r:.40} stands where an object should. Is this the right format?",
                file=path.name,
                number=number,
                found=data,
            )
        yield number, data


def _items(handle: BinaryIO, name: str) -> Iterator[tuple[int, Any]]:
    head = handle.read(_HEAD)
    handle.seek(len(_BOM) if head.startswith(_BOM) else 0)
    beginning = head.removeprefix(_BOM).lstrip()
    if not beginning:
        return
    if beginning[:1] != b"[" and _is_lines(beginning, whole=len(head) < _HEAD):
        handle.seek(0)
        yield from _lines(handle, name)
        return
    if beginning[:1] != b"[":
        yield from _streamed(handle, name, "")
        return
    start, done = handle.tell(), 0
    for data in _lines_of_array(handle):
        if data is _END:
            return
        done += 1
        yield done, data
    handle.seek(start)
    yield from (item for item in _streamed(handle, name, "item") if item[0] > done)


def _lines_of_array(handle: BinaryIO) -> Iterator[Any]:
    """Yield the items of an array as long as each has a line of its own, then `_END` if there was nothing else."""
    if handle.readline(_HEAD).strip() != b"[":
        return
    is_divided = True
    while (line := handle.readline(LONGEST_LINE).strip()) != b"]":
        if line.startswith(b",") is is_divided:
            return
        is_divided = line.endswith(b",")
        try:
            data = decode_line(line.strip(b","))
        except LineError:
            return
        yield data
    if not is_divided and not handle.read(_HEAD).strip():
        yield _END


def _is_lines(beginning: bytes, *, whole: bool) -> bool:
    """Say whether the first line is an object of its own; a line longer than what was looked at is taken for one."""
    line, end, _ = beginning.partition(b"\n")
    if not end and not whole:
        return True
    try:
        decode_line(line)
    except LineError:
        return False
    return True


def _lines(handle: BinaryIO, name: str) -> Iterator[tuple[int, Any]]:
    for number, line in numbered_lines(handle, name):
        try:
            data = decode_line(line)
        except LineError as problem:
            raise DatasetError(
                "{file}, line {line}: " + problem.template, file=name, line=number, **problem.fields
            ) from problem
        yield number, data


def _streamed(handle: BinaryIO, name: str, prefix: str) -> Iterator[tuple[int, Any]]:
    number = 0
    try:
        for data in ijson.items(JsonGuard(handle), prefix, use_float=True, multiple_values=not prefix):
            number += 1
            yield number, data
    except UnsafeJsonError as error:
        raise DatasetError(
            "{file}, after item {number}: {reason}.", file=name, number=number, reason=str(error)
        ) from error
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise DatasetError(
            "{file}: the JSON is broken after item {number} ({reason}).",
            file=name,
            number=number,
            reason=" ".join(str(error).split())[:120] or type(error).__name__,
        ) from error
