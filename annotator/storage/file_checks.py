"""Tells whether a file is a project of this program, before a query touches it."""

from __future__ import annotations

import struct
from pathlib import Path

from peewee import SqliteDatabase

from annotator.core.errors import ProjectFileError
from annotator.storage import database as sqlite
from annotator.storage.migrate import foreign_parts, newest_version

_MAGIC = b"SQLite format 3\0"


def check_header(path: Path) -> None:
    """Raise ProjectFileError unless this is a file, and its first hundred bytes are those of a project."""
    header = b""
    try:
        if path.is_file() or not path.exists():
            with path.open("rb") as file:
                header = file.read(100)
    except FileNotFoundError:
        raise ProjectFileError("There is no project “{name}”. Check the path.", name=str(path)) from None
    except OSError as error:
        raise ProjectFileError(
            "“{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror or str(error)
        ) from error
    application = struct.unpack(">I", header[68:72])[0] if len(header) == 100 else 0
    if not header.startswith(_MAGIC) or application != sqlite.APPLICATION_ID:
        raise ProjectFileError(
            "“{name}” is not an annotator project. Projects end in .annodb and are made with New project.",
            name=path.name,
        )


def refuse_foreign_parts(database: SqliteDatabase, path: Path, version: int) -> None:
    """Raise ProjectFileError where a file's schema is not that of its version, to the letter."""
    foreign = foreign_parts(database, version)
    if foreign:
        raise ProjectFileError(
            "“{name}” is not built as this program builds projects ({part}), so it is not opened. "
            "Restore a backup, or ask whoever sent it for another copy.",
            name=path.name,
            part=foreign[0],
        )


def version_error(path: Path, version: int) -> ProjectFileError:
    """Return the error of a file whose schema is newer, or older, than it may be here."""
    if version > newest_version():
        return ProjectFileError(
            "“{name}” was written by a newer version of this program (schema {version}, this one knows {known}). "
            "Update the program; the file was not touched.",
            name=path.name,
            version=version,
            known=newest_version(),
        )
    return ProjectFileError(
        "“{name}” has an older format (schema {version}) and cannot be brought up to date here. "
        "Open it once where it can be written.",
        name=path.name,
        version=version,
    )
