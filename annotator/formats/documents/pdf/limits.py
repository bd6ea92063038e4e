"""What one PDF may make of the machine: how far a stream may inflate and how much of one page is carried out.

pdfminer unpacks a stream whole, whatever it grows to, and carries out repeated content as often as a page asks for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MAXIMUM_STREAM = 48 * 1024 * 1024
"""Bytes that one stream may unpack to."""

MAXIMUM_CONTENT = 1_000_000
"""Bytes of drawing orders of one page; what follows is not carried out. They take some 3 µs each."""

MAXIMUM_REPEATED = 600_000
"""Bytes of drawing orders that one page carries out for a second time or more."""

MAXIMUM_GLYPHS = 200_000
"""Glyphs of one page; a densely printed newspaper page has some 30,000."""

_SLOW_FILTER_BYTES = 2 * 1024 * 1024
_CHUNK = 4 * 1024 * 1024


class PdfLimitError(Exception):
    """A stream or a page of the file is larger than any honest one."""


class _CappedZlib:
    """Stands in for the zlib module where pdfminer unpacks streams."""

    error = zlib.error
    decompressobj = staticmethod(zlib.decompressobj)

    @staticmethod
    def decompress(data: bytes) -> bytes:
        """Return the unpacked data, or its sound beginning: pdfminer's own rescue takes quadratic time."""
        unpacker = zlib.decompressobj()
        parts: list[bytes] = []
        size = 0
        pending = data
        while pending and not unpacker.eof:
            try:
                part = unpacker.decompress(pending, _CHUNK)
            except zlib.error:
                break
            size += len(part)
            _check_size(size)
            parts.append(part)
            pending = unpacker.unconsumed_tail
            if not part and not pending:
                break
        return b"".join(parts)


@contextmanager
def limited_streams() -> Iterator[None]:
    """Cap what pdfminer unpacks while the context is open; PdfLimitError is raised inside it.

    pdfminer offers no hook, so the functions that it looks up in its own module are exchanged and put back.
    """
    from pdfminer import pdftypes

    module: Any = pdftypes
    former = {name: getattr(module, name) for name in ("zlib", "lzwdecode", "rldecode")}
    module.zlib = _CappedZlib
    module.lzwdecode = _capped(former["lzwdecode"])
    module.rldecode = _capped(former["rldecode"])
    try:
        yield
    finally:
        for name, value in former.items():
            setattr(module, name, value)


def _capped(decode: Any) -> Any:
    def capped(data: bytes) -> bytes:
        # These two are decoded byte by byte in Python: a larger stream would take longer than a page may.
        if len(data) > _SLOW_FILTER_BYTES:
            raise PdfLimitError
        unpacked = decode(data)
        _check_size(len(unpacked))
        return unpacked

    return capped


def _check_size(size: int) -> None:
    if size > MAXIMUM_STREAM:
        raise PdfLimitError
