"""Files that appear whole or not at all: written under other names, flushed to the disk, then renamed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedReader, BufferedWriter, FileIO
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from annotator.core.errors import UserError


class FileSet:
    """Several files of one folder that replace what is there together, or not at all.

    Used as a context: what was not installed by its end is removed. The first file created is the main one and
    is renamed last.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = f"{uuid4().hex[:8]}.tmp"
        self._temporaries: dict[Path, Path] = {}
        self._old: dict[Path, Path] = {}
        self._handles = ExitStack()

    def __enter__(self) -> FileSet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # a full disk reports once more what it could not take
            self._handles.close()
        for temporary in self._temporaries.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        for path, old in self._old.items():
            if path.exists():
                with suppress(OSError):
                    old.unlink(missing_ok=True)

    def create(self, name: str) -> tuple[BufferedWriter, BufferedReader[FileIO]]:
        """Return a new file that will be called `name`: once open for writing, once for reading what was written.

        Raises:
            OSError: Also where a folder has that name: it would be moved out of the way.
        """
        if (self._folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        temporary = self._folder / f".{self._token}.{len(self._temporaries)}"
        writer = self._handles.enter_context(temporary.open("xb"))
        self._temporaries[self._folder / name] = temporary
        return writer, self._handles.enter_context(BufferedReader(temporary.open("rb", buffering=0), 1024 * 1024))

    def add(self, name: str, content: bytes) -> None:
        """Write a small file that will be called `name`."""
        writer, _ = self.create(name)
        writer.write(content)
        flush_to_disk(writer)

    def adopt(self, path: Path) -> None:
        """Take over a finished file of the same disk, which will be called as it is now."""
        self._temporaries[self._folder / path.name] = path

    def install(self) -> list[Path]:
        """Give every file its name and return the names; if a step fails, the files that were there are put back."""
        self._handles.close()
        with ExitStack() as undo:
            for path, temporary in reversed(self._temporaries.items()):
                self._keep_old(path)
                undo.callback(self._put_back, path)
                temporary.replace(path)
            flush_folder(self._folder)
            undo.pop_all()
        return list(self._temporaries)

    def _keep_old(self, path: Path) -> None:
        if not path.exists():
            return
        old = path.with_name(f".{self._token}.old.{len(self._old)}")
        try:
            os.link(path, old)
        except OSError:
            path.rename(old)  # a disk without links, such as a USB stick
        self._old[path] = old

    def _put_back(self, path: Path) -> None:
        if path in self._old:
            self._old[path].replace(path)
        else:
            path.unlink(missing_ok=True)


def flush_to_disk(handle: BufferedWriter) -> None:
    """Return when the disk has what was written."""
    handle.flush()
    os.fsync(handle.fileno())


def flush_folder(folder: Path) -> None:
    """Return when the disk has the folder's names; Windows cannot be asked for that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_REMEDIES = {
    errno.ENOSPC: "The disk is full. Free some space, or choose another disk.",
    errno.EDQUOT: "Your share of the disk is used up. Free some space, or choose another disk.",
    errno.EACCES: "You may not write there. Choose another folder.",
    errno.EPERM: "You may not write there. Choose another folder.",
    errno.EROFS: "The disk is read-only. Choose another folder.",
    errno.ENOENT: "The folder does not exist. Make it, or choose another one.",
    errno.ENOTDIR: "The folder does not exist. Make it, or choose another one.",
    errno.EISDIR: "There is a folder of that name. Choose another name.",
    errno.ENAMETOOLONG: "The name is too long. Choose a shorter one.",
}


@contextmanager
def explained_failures(path: Path, verb: str) -> Iterator[None]:
    """Turn an OSError about `path` into a sentence. `verb` is "written" or "read".

    Raises:
        UserError: In its place, with what to do.
    """
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "Check the disk and the folder, then try again.")
        raise UserError(
            "{path} could not be {verb} ({reason}). {remedy}",
            path=str(path),
            verb=verb,
            reason=error.strerror or str(error),
            remedy=remedy,
        ) from error
