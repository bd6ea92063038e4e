"""An operating system lock beside the project: one writer, and whoever comes second is told who it is."""

from __future__ import annotations

import getpass
import json
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(4096)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Held while a project is open for writing. The system frees it when the process ends, however it ends."""

    def __init__(self, project: Path) -> None:
        real = project.resolve()
        self._path = real.with_name(real.name + ".lock")
        self._file: IO[bytes] | None = None

    def acquire(self) -> str | None:
        """Take the lock and return None, or return who has it. Raises OSError where nothing can be locked here."""
        file = self._open_and_lock()
        if file is None:
            return self._holder()
        file.truncate(0)
        owner = {"user": _user(), "computer": platform.node(), "process": os.getpid()}
        file.write(json.dumps(owner).encode())
        file.flush()
        self._file = file
        return None

    def is_held(self) -> bool:
        """Say whether somebody has the lock, without leaving a trace."""
        try:
            with self._path.open("r+b") as file:
                _lock(file)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def _open_and_lock(self) -> IO[bytes] | None:
        """Return the locked file, or None. A file that its holder removed before it could be locked is left alone."""
        while True:
            file = self._path.open("a+b")
            try:
                _lock(file)
            except (BlockingIOError, PermissionError):
                file.close()
                return None
            except OSError:
                file.close()
                raise
            if self._is_still_there(file):
                return file
            file.close()

    def _is_still_there(self, file: IO[bytes]) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(file.fileno()))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._file is None:
            return
        with suppress(OSError):  # Windows removes no open file; it is used again then
            self._path.unlink()
        self._file.close()
        self._file = None

    def _holder(self) -> str:
        try:
            owner = json.loads(self._path.read_bytes())
            return f"{owner['user']} on {owner['computer']} (process {owner['process']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another window or program"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
