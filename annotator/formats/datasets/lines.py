"""Lines of JSON as bytes: one way to write them, one way to read them, and why a line cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import LineError

LONGEST_LINE = 256 * 1024 * 1024
"""Bytes; a longer line is refused before it is held in memory."""

_BOM = b"\xef\xbb\xbf"
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME

_LINE_ENDS = tuple((character.encode(), f"\\u{ord(character):04x}".encode()) for character in "\u0085\u2028\u2029")
"""Characters that some readers take for the end of a line, as UTF-8, and how JSON writes them instead."""


def encode_line(data: Any) -> bytes:
    """Return the data as one line of JSON in UTF-8 with its LF.

    Raises:
        TypeError: If JSON cannot hold the data, lone surrogates included. NaN is not noticed: it becomes null.
    """
    line = orjson.dumps(data, option=_OPTIONS)
    for raw, escaped in _LINE_ENDS:
        # Looking for the first and last byte alone is ten times faster than looking for the sequence.
        if raw[-1:] in line and raw[:1] in line:
            line = line.replace(raw, escaped)
    return line


def decode_line(line: bytes) -> Any:
    """Return the data of one line.

    Raises:
        LineError: If it is no JSON that every program reads alike: not UTF-8, NaN, a lone surrogate.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _why_unreadable(line, error) from None


def numbered_lines(handle: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank with their numbers from 1, cut at LF only, a BOM before the first dropped.

    Raises:
        DatasetError: For a line longer than `LONGEST_LINE`.
    """
    number = 0
    while line := handle.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise DatasetError(
                "{file}, line {line}: the line is longer than {limit} MB. Is it one document per line? Split it.",
                file=name,
                line=number,
                limit=LONGEST_LINE // 1024**2,
            )
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.isspace() and line:
            yield number, line


class _NotANumberError(ValueError):
    """JSON has no NaN and no infinity."""


def _refuse_constant(name: str) -> None:
    raise _NotANumberError(name)


def _why_unreadable(line: bytes, error: orjson.JSONDecodeError) -> LineError:
    try:
        data = json.loads(line.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError as undecodable:
        return LineError("the line is not UTF-8 (at byte {byte}). Save the file as UTF-8.", byte=undecodable.start + 1)
    except _NotANumberError as constant:
        return LineError("{value} is no JSON number. Write null instead.", value=str(constant))
    except json.JSONDecodeError as broken:
        return LineError(
            "the line is broken JSON at character {column} ({reason}).", column=broken.colno, reason=broken.msg
        )
    except RecursionError:
        return LineError("the JSON is nested too deeply.")
    if _holds_surrogate(data):
        return LineError("a string holds half a character (a lone surrogate, \\ud800 to \\udfff).")
    return LineError("the line is no valid JSON ({reason}).", reason=str(error))


def _holds_surrogate(data: Any) -> bool:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
