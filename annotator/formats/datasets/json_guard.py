"""A guard before a JSON parser that streams: what would crash it, or what it would change without a word.

It runs out of stack where arrays are nested too deeply, and puts a question mark for half a character (RFC 8259,
section 8.2: a lone surrogate has no meaning that everybody shares).
"""

from __future__ import annotations

import re
from typing import BinaryIO

DEEPEST = 500
"""Levels of arrays and objects; no dataset needs a tenth of them."""

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"')
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))
_PAIR = re.compile(rb"\[\]|\{\}|\[\}|\{\]")

_BEGINS = rb"(?<!\\)(?:\\\\)*"
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(_BEGINS + _HIGH + rb"(?!" + _LOW + rb")|(?<!" + _HIGH + rb")" + _BEGINS + _LOW)
_KEPT, _ESCAPED = 64, 6
"""Bytes of the last piece that are looked at once more, and the bytes of one escape."""


class UnsafeJsonError(ValueError):
    """The JSON is not one that the parser may see; the message says why, as the end of a sentence."""


class JsonGuard:
    """A file of JSON that is read in pieces; what must not be parsed raises UnsafeJsonError before it is handed on."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._open = b""
        self._is_in_string = False
        self._half_escape = b""
        self._last: bytes | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`."""
        data = self._handle.read(size)
        self._refuse_depth(data)
        self._refuse_halves(data)
        return data

    def _refuse_depth(self, data: bytes) -> None:
        plain = _ESCAPE.sub(b"", self._half_escape + data)
        self._half_escape = b"\\" if plain.endswith(b"\\") else b""
        quoted = (b'"' if self._is_in_string else b"") + plain.translate(None, _NOT_STRUCTURE)
        structure, is_open, _ = _STRING.sub(b"", quoted).partition(b'"')
        self._is_in_string = bool(is_open)
        left, rounds = self._open + structure, 0
        while rounds <= DEEPEST and (shorter := _PAIR.sub(b"", left)) != left:
            left, rounds = shorter, rounds + 1
        self._open = left.rstrip(b"]}")
        if rounds > DEEPEST or len(self._open) > DEEPEST:
            raise UnsafeJsonError("the JSON is nested too deeply")

    def _refuse_halves(self, data: bytes) -> None:
        before = self._last or b""
        seen, self._last = before + data, (before + data)[-_KEPT:]
        if b"\\u" not in seen:
            return
        first = 0 if len(before) < _KEPT else 2 * _ESCAPED
        last = len(seen) - (_ESCAPED if data else 0)
        if any(first <= found.start() and found.end() <= last for found in _HALF.finditer(seen)):
            raise UnsafeJsonError("a string holds half a character (a lone surrogate, \\ud800 to \\udfff)")
