"""Where a format's writer puts its files."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from annotator.core.errors import BugError


class Output:
    """A folder that nobody sees yet, used as a context while it is written.

    The main file, or the folder itself, gets the name of the target. A format of one file writes `main`; one of several
    files, beside each other or in a folder, takes `path` or `open`.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._handles = ExitStack()

    @property
    def main(self) -> Path:
        """The file of the target's name, or the folder of a format that makes one: what its reader is given."""
        return self._folder if self._folder.name == self._name else self._folder / self._name

    @property
    def stem(self) -> str:
        """The target's name without its ending, for files that come beside it."""
        return Path(self._name).stem

    def path(self, name: str) -> Path:
        """Return where a file of this name goes, with its folders made. `name` may have several parts, by “/”."""
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts or not parts.parts:
            raise BugError(f"{name!r} lies outside of the folder that is written")
        path = self._folder.joinpath(*parts.parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def open(self, name: str | None = None) -> BinaryIO:
        """Open a new file for writing, the main one without a name; it is closed when the context ends."""
        path = self.main if name is None else self.path(name)
        return self._handles.enter_context(path.open("xb", buffering=1024 * 1024))

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *_: object) -> None:
        self._handles.close()
