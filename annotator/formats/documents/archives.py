"""ZIP archives from outside: office files and e-books, read in memory within limits that are counted, not believed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.source import storable
from annotator.formats.zip_entries import UNREADABLE, problem_of

MAXIMUM_ENTRIES = 10_000
MAXIMUM_ENTRY_BYTES = 64 * 1024 * 1024
MAXIMUM_BYTES = 512 * 1024 * 1024
"""What all entries together may hold when unpacked."""

MAXIMUM_RATIO = 200
"""Unpacked bytes for each packed one; an honest office file has 5 to 50."""

_RATIO_COUNTS_FROM = 1024 * 1024
_CHUNK = 256 * 1024
_LONGEST_SHOWN = 80
_UNREADABLE = (*UNREADABLE, OSError)


class Archive:
    """A ZIP archive held in memory; nothing is ever unpacked to disk.

    Sizes are counted while reading, because what the directory says of them may be wrong. A member that is read twice
    counts once.
    """

    def __init__(self, name: str, data: bytes) -> None:
        """Open the archive `data` of the file `name` and check its directory.

        Raises:
            DocumentReadError: The archive is damaged, has too many entries, or one that may not be there: with a path
                that leads elsewhere, a name that stands there twice, a link, or an encrypted one.
        """
        self._name = name
        self._size = len(data)
        self._sizes: dict[str, int] = {}
        self._total = 0
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _UNREADABLE as error:
            raise _damaged(name, error) from error
        self._entries = self._checked_entries()

    def names(self) -> tuple[str, ...]:
        """Return the members' names in the order of the directory, without folders."""
        return tuple(self._entries)

    def read(self, member: str) -> bytes:
        """Return what a member holds.

        Raises:
            DocumentReadError: There is no such member, it is damaged, or it is beyond a limit.
        """
        entry = self._entries.get(member)
        if entry is None:
            raise DocumentReadError(
                "“{file}” lacks its part “{member}”: get it again from where it came.",
                file=self._name,
                member=_shown(member),
            )
        before = self._total - self._sizes.get(member, 0)
        content = bytearray()
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    content += chunk
                    self._check_growth(entry, len(content), before)
        except _UNREADABLE as error:
            raise _damaged(self._name, error) from error
        self._sizes[member] = len(content)
        self._total = before + len(content)
        return bytes(content)

    def checked(self, wanted: Callable[[str], bool] = lambda _member: True) -> bytes:
        """Return a new archive, not compressed, of the members that `wanted` accepts by name; each is read once.

        For libraries that open the archive themselves: what they get is whole and within the limits.

        Raises:
            DocumentReadError: A wanted member is damaged or beyond a limit.
        """
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as clean:
            for member in filter(wanted, self._entries):
                clean.writestr(zipfile.ZipInfo(member), self.read(member))
        return target.getvalue()

    def _checked_entries(self) -> dict[str, zipfile.ZipInfo]:
        listed = self._zip.infolist()
        if len(listed) > MAXIMUM_ENTRIES:
            raise DocumentReadError(
                "“{file}” holds {count} parts and the limit is {limit}: save its text anew and import that.",
                file=self._name,
                count=len(listed),
                limit=MAXIMUM_ENTRIES,
            )
        entries: dict[str, zipfile.ZipInfo] = {}
        for entry in listed:
            problem = "stands in it twice" if entry.filename in entries else problem_of(entry, entry.orig_filename)
            if problem:
                raise DocumentReadError(
                    "“{file}” is refused because its part “{member}” {problem}: save its text anew and import that.",
                    file=self._name,
                    member=_shown(entry.orig_filename),
                    problem=problem,
                )
            entries[entry.filename] = entry
        return {member: entry for member, entry in entries.items() if not entry.is_dir()}

    def _check_growth(self, entry: zipfile.ZipInfo, size: int, before: int) -> None:
        """Raise DocumentReadError if `size` bytes of the entry, after `before` bytes of others, are too much."""
        packed = max(1, min(entry.compress_size, self._size))
        too_dense = size > _RATIO_COUNTS_FROM and size > packed * MAXIMUM_RATIO
        if too_dense or size > MAXIMUM_ENTRY_BYTES or before + size > MAXIMUM_BYTES:
            raise DocumentReadError(
                "“{file}” unpacks to far more than it should (its part “{member}”): save its text anew and import "
                "that.",
                file=self._name,
                member=_shown(entry.filename),
            )


def _damaged(name: str, error: Exception) -> DocumentReadError:
    return DocumentReadError(
        "“{file}” is damaged or was cut off ({reason}): get it again from where it came.",
        file=name,
        reason=storable(str(error)) or "no directory",
    )


def _shown(member: str) -> str:
    """Return a member's name for a message: the beginning, without what a message cannot show."""
    visible = "".join(character if character.isprintable() else "\ufffd" for character in member)
    return visible if len(visible) <= _LONGEST_SHOWN else visible[:_LONGEST_SHOWN] + "…"
