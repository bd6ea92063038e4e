"""A DocBin file as its sections: unpacked into a file, found there by walking over msgpack, read piece by piece.

Source: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

import struct
import zlib
from array import array
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.replacing import explained_failures

_CHUNK = 1024 * 1024
_IN_MEMORY = 8 * 1024 * 1024
_MOST_TIMES, _ALWAYS = 400, 256 * 1024 * 1024
"""How many times as large as the file its content may be, and bytes that it may always have."""

_LENGTHS = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
_EXTENSIONS = {0xC7: ">B", 0xC8: ">H", 0xC9: ">I"}
_COUNTS = {0xDC: (">H", 1), 0xDD: (">I", 1), 0xDE: (">H", 2), 0xDF: (">I", 2)}
_FIXED = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
_FIXED |= {0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8, 0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17}


class MalformedError(ValueError):
    """The bytes are not what the format asks for."""


def unpacked(data: bytes, *, as_lists: bool = False) -> Any:
    """Return the plain data of msgpack, with tuples for lists, since they may be keys, unless lists are asked for.

    Raises MalformedError, also for lists that are keys where they cannot be.
    """
    from srsly.msgpack import unpackb
    from srsly.msgpack.exceptions import UnpackException

    try:
        return unpackb(data, object_pairs_hook=dict, raw=False, use_list=as_lists, strict_map_key=False)
    except (UnpackException, ValueError, TypeError, OverflowError) as error:
        raise MalformedError(str(error)) from error


class Sections:
    """The content of a file, used as a context. `values` are small sections, `places` where (from, to) large ones are.

    Raises DatasetError for a file that is none of spaCy's, or damaged.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self.places: dict[str, tuple[int, int]] = {}
        try:
            with explained_failures(path, "read"):
                self._unpack(path)
            self._walk()
        except (MalformedError, struct.error) as error:
            self.close()
            raise self.damaged(str(error)) from error
        except BaseException:
            self.close()
            raise

    def damaged(self, reason: str) -> DatasetError:
        """Return what to raise for a file that is not as it should be."""
        return DatasetError(
            "“{file}” is no DocBin of spaCy, or was damaged or cut off ({reason}). Get it again from where it came, or "
            "save it again with spaCy.",
            file=self._name,
            reason=reason,
        )

    def _unpack(self, path: Path) -> None:
        inflate = zlib.decompressobj()
        most = max(_ALWAYS, path.stat().st_size * _MOST_TIMES)
        with path.open("rb") as packed:
            while not inflate.eof:
                data = inflate.unconsumed_tail or packed.read(_CHUNK)
                try:
                    piece = inflate.decompress(data, _CHUNK)
                except zlib.error as error:
                    raise MalformedError("it is not packed with zlib") from error
                if not data and not piece and not inflate.eof:
                    raise MalformedError("it ends too early")
                self._file.write(piece)
                if self._file.tell() > most:
                    raise MalformedError(f"its content is more than {_MOST_TIMES} times as large as the file")
        self._end = self._file.tell()

    def _walk(self) -> None:
        self._file.seek(0)
        for _ in range(self._map_size()):
            start = self._file.tell()
            self._skip()
            key = unpacked(self.read(start, self._file.tell()))
            start = self._file.tell()
            self._skip()
            if isinstance(key, str):
                self.places[key] = start, self._file.tell()

    def _map_size(self) -> int:
        head = self._byte()
        if 0x80 <= head <= 0x8F:
            return head & 0x0F
        if head in (0xDE, 0xDF):
            return self._number(_COUNTS[head][0])
        raise MalformedError("it does not begin as it should")

    def value(self, name: str, default: Any = None) -> Any:
        """Return a section that is small enough for memory. Raises MalformedError."""
        if name not in self.places:
            return default
        return unpacked(self.read(*self.places[name]))

    def binary(self, name: str) -> tuple[int, int]:
        """Return from where to where the bytes of a section go. Raises MalformedError where it has none."""
        if name not in self.places:
            raise MalformedError(f"it has no {name}")
        start, end = self.places[name]
        self._file.seek(start)
        head = self._byte()
        if head not in _LENGTHS:
            raise MalformedError(f"its {name} are no bytes")
        self._number(_LENGTHS[head])
        return self._file.tell(), end

    def items(self, name: str) -> array[int] | None:
        """Return where each item of a list begins, and where the last one ends; None where there is no list."""
        if name not in self.places:
            return None
        self._file.seek(self.places[name][0])
        head = self._byte()
        if 0x90 <= head <= 0x9F:
            count = head & 0x0F
        elif head in (0xDC, 0xDD):
            count = self._number(_COUNTS[head][0])
        else:
            return None
        found = array("q", [self._file.tell()])
        for _ in range(count):
            self._skip()
            found.append(self._file.tell())
        return found

    def read(self, start: int, end: int) -> bytes:
        """Return bytes of the content."""
        place = self._file.tell()
        self._file.seek(start)
        data = self._file.read(end - start)
        self._file.seek(place)
        return data

    def _skip(self) -> None:
        """Go behind one value, however much it holds."""
        left = 1
        while left:
            left += self._enter() - 1

    def _enter(self) -> int:
        """Go behind the head of a value, and its bytes if it has some; returns how many values it holds."""
        head = self._byte()
        if head <= 0x7F or head >= 0xE0:
            return 0
        if head <= 0x8F:
            return 2 * (head & 0x0F)
        if head <= 0x9F:
            return head & 0x0F
        if head <= 0xBF:
            return self._jump(head & 0x1F)
        if head in _FIXED:
            return self._jump(_FIXED[head])
        if head in _LENGTHS:
            return self._jump(self._number(_LENGTHS[head]))
        if head in _EXTENSIONS:
            return self._jump(self._number(_EXTENSIONS[head]) + 1)
        if head not in _COUNTS:
            raise MalformedError("it holds a value of no kind that there is")
        kind, times = _COUNTS[head]
        return times * self._number(kind)

    def _jump(self, length: int) -> int:
        place = self._file.tell() + length
        if place > self._end:
            raise MalformedError("it ends too early")
        self._file.seek(place)
        return 0

    def _byte(self) -> int:
        data = self._file.read(1)
        if not data:
            raise MalformedError("it ends too early")
        return data[0]

    def _number(self, kind: str) -> int:
        (number,) = struct.unpack(kind, self._file.read(struct.calcsize(kind)))
        return number

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def __enter__(self) -> Sections:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
