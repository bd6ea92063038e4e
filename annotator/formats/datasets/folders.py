"""The files of a folder or of a ZIP archive alike, for formats of many small files. Nothing is unpacked to the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from annotator.core.errors import DatasetError
from annotator.formats.datasets.replacing import explained_failures
from annotator.formats.zip_entries import UNREADABLE, problem_of

_MOST_FILES = 500_000
_MOST_BYTES = 256 * 1024 * 1024
_MOST_RATIO = 500


class Files(Protocol):
    """Where documents are: `names` are paths by “/”; `read` gives what one holds, and raises DatasetError."""

    names: set[str]

    def read(self, name: str) -> bytes:
        """Return what a file holds."""
        ...


@dataclass
class Folder:
    """A folder with all below it; links that lead out of it are no part of it."""

    root: Path
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        root = self.root.resolve()
        for path in self.root.rglob("*"):
            if path.is_file() and path.resolve().is_relative_to(root):
                self.names.add(path.relative_to(self.root).as_posix())
                _check_count(self.root.name, len(self.names))

    def read(self, name: str) -> bytes:
        """Return what a file holds."""
        path = self.root / name
        with explained_failures(path, "read"):
            if path.stat().st_size > _MOST_BYTES:
                raise _too_large(name)
            return path.read_bytes()


class Archive:
    """A ZIP archive; sizes are counted while reading, since what it says of them may be wrong."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        _check_count(path.name, len(archive.infolist()))
        for entry in archive.infolist():
            is_twice = entry.filename in self._entries
            problem = "stands in it twice" if is_twice else problem_of(entry, entry.orig_filename, any_packing=True)
            if problem:
                raise DatasetError(
                    "“{file}” is refused because its part “{part}” {problem}. Pack the folder anew.",
                    file=path.name,
                    part=f"{entry.orig_filename!r:.80}",
                    problem=problem,
                )
            self._entries[entry.filename] = entry
        self.names = {name for name, entry in self._entries.items() if not entry.is_dir()}

    def read(self, name: str) -> bytes:
        """Return what a part holds."""
        entry = self._entries[name]
        most = min(_MOST_BYTES, 1024 * 1024 + _MOST_RATIO * max(1, entry.compress_size))
        try:
            with self._archive.open(entry) as stream:
                content = stream.read(most + 1)
        except UNREADABLE as error:
            raise _damaged(self._path.name, error) from error
        if len(content) > most:
            raise _too_large(name)
        return content


@contextmanager
def files_at(path: Path) -> Iterator[Files]:
    """Give the files of a folder or an archive. Raises DatasetError for one that is damaged or cannot be trusted."""
    if path.is_dir():
        yield Folder(path)
        return
    with explained_failures(path, "read"), path.open("rb") as handle:
        try:
            archive = zipfile.ZipFile(handle)
        except UNREADABLE as error:
            raise _damaged(path.name, error) from error
        yield Archive(path, archive)


def _check_count(name: str, count: int) -> None:
    if count > _MOST_FILES:
        raise DatasetError(
            "“{file}” holds more than {count} files. Choose a smaller one.", file=name, count=_MOST_FILES
        )


def _too_large(name: str) -> DatasetError:
    return DatasetError("“{file}” is far larger than a text should be. Take it out, then try again.", file=name)


def _damaged(name: str, error: Exception) -> DatasetError:
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return DatasetError(
        "“{file}” is no ZIP archive, or a damaged one ({reason}). Get it again.", file=name, reason=reason
    )
