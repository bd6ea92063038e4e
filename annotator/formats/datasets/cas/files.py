"""The documents of a folder, a ZIP archive or one file, and whose work each CAS of them is.

In a project that INCEpTION or WebAnno exported, `annotation/DOCUMENT/PERSON.…` is a layer of that person and
`curation/DOCUMENT/CURATION_USER.…` is gold; these may be archives themselves. Elsewhere each file is a document.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.folders import Archive, Files, Folder, files_at

GOLD = "gold"

_PROJECT = re.compile(r"(?:.*/)?(annotation|curation)/(.+)/([^/]+?)\.(?:xmi|json|tsv|zip)(?:\.gz)?")
_INITIAL = "INITIAL_CAS"
_NO_DOCUMENTS = re.compile(r"(exportedproject.*|manifest|typesystem|project.*)\.(json|xmi|xml)", re.IGNORECASE)
_MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One CAS of a document. `person` is whose work it is, `GOLD` for the curated one, empty where nobody says."""

    person: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Unit:
    """A document by its name, with all that was made of it."""

    name: str
    parts: tuple[Part, ...]


@contextmanager
def units_at(path: Path, endings: tuple[str, ...]) -> Iterator[list[Unit]]:
    """Give the documents of a place; `endings` are those of files with a CAS.

    Raises DatasetError where there are none, and for an archive that is damaged or cannot be trusted.
    """
    if path.is_file() and path.suffix.lower() != ".zip":
        yield [Unit(_stem(path.name, endings), (Part("", _Content(_Single(path), path.name, endings)),))]
        return
    with files_at(path) as files:
        units = _units(files, endings)
        if not units:
            raise DatasetError(
                "“{name}” has no files that end in {endings}. Choose the folder or the export that has them.",
                name=path.name,
                endings=", ".join(endings),
            )
        yield units


class _Single(Folder):
    """One file, without a look at what lies beside it."""

    def __init__(self, path: Path) -> None:
        self.root = path.parent
        self.names = {path.name}


def _units(files: Files, endings: tuple[str, ...]) -> list[Unit]:
    names = sorted((name for name in files.names if _is_visible(name)), key=_in_order)
    of_project: dict[str, dict[str, Part]] = {}
    for name in names:
        if (match := _PROJECT.fullmatch(name)) and name.lower().endswith((*endings, ".zip")):
            person = GOLD if match[1] == "curation" else match[3]
            of_project.setdefault(match[2], {})[person] = Part(person, _Content(files, name, endings))
    if of_project:
        return [Unit(name, _without_initial(parts)) for name, parts in of_project.items()]
    plain = [
        name
        for name in names
        if name.lower().endswith(endings) and not _NO_DOCUMENTS.fullmatch(PurePosixPath(name).name)
    ]
    return [Unit(_stem(name, endings), (Part("", _Content(files, name, endings)),)) for name in plain]


def _without_initial(parts: dict[str, Part]) -> tuple[Part, ...]:
    """Leave out what a document was imported with, where people went on with it; an unsigned part has no person."""
    people = [part for person, part in parts.items() if person != _INITIAL]
    return tuple(people) or tuple(Part("", part.read) for part in parts.values())


@dataclass(frozen=True, slots=True)
class _Content:
    """Reads one file when it is called, also out of an archive or a gzip file."""

    files: Files
    name: str
    endings: tuple[str, ...]

    def __call__(self) -> bytes:
        data = self.files.read(self.name)
        if self.name.lower().endswith(".gz"):
            return _unpacked(data)
        return self._of_archive(data) if self.name.lower().endswith(".zip") else data

    def _of_archive(self, data: bytes) -> bytes:
        try:
            archive = Archive(Path(self.name), zipfile.ZipFile(io.BytesIO(data)))
        except zipfile.BadZipFile as error:
            raise EntryError("it is no ZIP archive, or a damaged one.") from error
        except DatasetError as error:
            raise EntryError("{reason}", reason=str(error)) from error
        found = [name for name in sorted(archive.names) if name.lower().endswith(self.endings)]
        found = [name for name in found if not _NO_DOCUMENTS.fullmatch(PurePosixPath(name).name)]
        if not found:
            raise EntryError("it has no file that ends in {endings}.", endings=", ".join(self.endings))
        try:
            return archive.read(found[0])
        except DatasetError as error:
            raise EntryError("{reason}", reason=str(error)) from error


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise EntryError("it is no gzip file, or a damaged one.") from error
    if len(content) > _MOST_BYTES:
        raise EntryError("it is far larger than a text should be.")
    return content


def _is_visible(name: str) -> bool:
    """Say whether a path is not one of those that systems leave behind."""
    return not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _stem(name: str, endings: tuple[str, ...]) -> str:
    ending = max((one for one in endings if name.lower().endswith(one)), key=len, default="")
    return name[: len(name) - len(ending)] if ending else name.rpartition(".")[0] or name


def _in_order(name: str) -> list[tuple[bool, str]]:
    return [(not part.isdigit(), part.zfill(20)) for part in re.split(r"(\d+)", name)]
