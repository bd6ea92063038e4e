"""What the directory of a ZIP archive from outside may list: no path that leads out of it, no link, no locked part."""

from __future__ import annotations

import stat
import zipfile
import zlib

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What the standard library raises for an archive that is damaged, besides OSError."""

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


def problem_of(entry: zipfile.ZipInfo, path: str, *, any_packing: bool = False) -> str:
    """Return what is wrong with an entry, to follow its name in a sentence, or an empty string.

    `path` is the name that it is looked up by; `any_packing` lets every method pass that the standard library reads.
    """
    drive = len(path) > 1 and path[1] == ":"
    if not path or path.startswith("/") or drive or "\\" in path or "\0" in path or ".." in path.split("/"):
        return "has a path that leads out of it"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if entry.flag_bits & _ENCRYPTED:
        return "is locked with a password"
    return "" if any_packing or entry.compress_type in _METHODS else "is packed in an unusual way"
