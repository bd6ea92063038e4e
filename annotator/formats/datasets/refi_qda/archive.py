"""Project files of REFI-QDA, which are ZIP archives from outside: read part by part, never unpacked to the disk.

Sizes are counted while a part is read, since what the directory says of them may be wrong. Names are compared without
regard to case, and with either kind of slash, because exporters write both.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO, Any

from annotator.core.errors import DatasetError
from annotator.formats.zip_entries import UNREADABLE, problem_of

MOST_PARTS = 100_000
LARGEST_TEXT = 64 * 1024 * 1024
"""Bytes that the text of one source may have."""

LARGEST_PROJECT = 2 * 1024 * 1024 * 1024
"""Bytes that the description of the project may have; it is read as a stream."""

_RATIO = 500
"""Unpacked bytes for each packed one; thousands of codings that are nearly alike have 40."""

_RATIO_COUNTS_FROM = 8 * 1024 * 1024


class QdaArchive:
    """An open project file. Raises DatasetError that names file and part for everything that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except UNREADABLE as error:
            raise DatasetError(
                "“{file}” is no REFI-QDA project: it is damaged, or no ZIP archive ({reason}). Export it anew.",
                file=self.name,
                reason=str(error)[:80] or type(error).__name__,
            ) from error
        try:
            self._parts = self._checked()
        except DatasetError:
            self._zip.close()
            raise
        self._by_last_name = {name.rpartition("/")[2]: name for name in reversed(self._parts)}

    def __enter__(self) -> QdaArchive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def project(self) -> str:
        """Return the name of the part that describes the project."""
        found = "project.qde" if "project.qde" in self._parts else next(iter(self._projects()), None)
        if found is None:
            raise DatasetError(
                "“{file}” holds no project.qde: it is no REFI-QDA project. Choose another file or format.",
                file=self.name,
            )
        return found

    def _projects(self) -> list[str]:
        return sorted((name for name in self._parts if name.endswith(".qde")), key=lambda name: name.count("/"))

    def found(self, address: str) -> str | None:
        """Return the part that an address in the project means, however it is written; None for files outside."""
        if address.lower().startswith(("absolute:", "http:", "https:", "file:")):
            return None
        wanted = address.lower().replace("\\", "/").removeprefix("internal:").removeprefix("relative:").lstrip("/")
        for name in (f"sources/{wanted}", wanted):
            if name in self._parts:
                return name
        return self._by_last_name.get(wanted.rpartition("/")[2]) if wanted else None

    def has(self, part: str) -> bool:
        """Say whether there is a part of this name."""
        return part in self._parts

    def open(self, part: str, limit: int = LARGEST_PROJECT) -> io.BufferedReader:
        """Return a part as a stream that refuses to grow beyond reason."""
        entry = self._parts[part]
        try:
            stream = self._zip.open(entry)
        except UNREADABLE as error:
            raise self._damaged(part, error) from error
        return io.BufferedReader(_Counted(self, entry, stream, limit), 256 * 1024)

    def read(self, part: str) -> bytes:
        """Return all bytes of a part, of the size of a text at most."""
        with self.open(part, LARGEST_TEXT) as stream:
            return stream.read()

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        listed = self._zip.infolist()
        if len(listed) > MOST_PARTS:
            raise DatasetError(
                "“{file}” has {count} parts, and the limit is {limit}. Export a smaller project.",
                file=self.name,
                count=len(listed),
                limit=MOST_PARTS,
            )
        parts: dict[str, zipfile.ZipInfo] = {}
        for entry in listed:
            name = entry.orig_filename.replace("\\", "/").lower()
            problem = "stands in it twice" if name in parts else problem_of(entry, name)
            if problem:
                raise self._refused(entry.orig_filename, problem)
            if not name.endswith("/"):
                parts[name] = entry
        return parts

    def _refused(self, part: str, problem: str) -> DatasetError:
        return DatasetError(
            "“{file}” is refused because its part {part} {problem}. Export the project anew.",
            file=self.name,
            part=f"{part!r:.80}",
            problem=problem,
        )

    def _damaged(self, part: str, error: Exception) -> DatasetError:
        return self._refused(part, f"is damaged ({str(error)[:80] or type(error).__name__})")


class _Counted(io.RawIOBase):
    def __init__(self, archive: QdaArchive, entry: zipfile.ZipInfo, stream: IO[bytes], limit: int) -> None:
        self._archive = archive
        self._entry = entry
        self._stream = stream
        self._limit = limit
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._entry.orig_filename
        try:
            data = self._stream.read(len(buffer))
        except UNREADABLE as error:
            raise self._archive._damaged(part, error) from error
        buffer[: len(data)] = data
        self._size += len(data)
        dense = self._size > _RATIO_COUNTS_FROM and self._size > max(1, self._entry.compress_size) * _RATIO
        if dense or self._size > self._limit:
            raise self._archive._refused(part, "unpacks to far more than it should")
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
