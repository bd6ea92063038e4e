"""Importing: files are read in isolated children, looked at, and stored as one step.

`Examination` reads and tells what each file would become. `Storing` takes what was chosen. An import without a preview
is the two, one document behind the other.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, compose, made
from annotator.core.errors import DocumentReadError
from annotator.core.ids import new_id
from annotator.core.journal import JournalStep
from annotator.core.pages import encode_pages
from annotator.core.records import Document
from annotator.core.structure import encode_structure
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.source import ReadDocument
from annotator.formats.registry import document_formats
from annotator.session.annotations import shortened
from annotator.session.findings import Candidate, Duplicate, Failure, Found, Imported, ImportResult, Twin
from annotator.session.lineage import documents_with, newest_version
from annotator.storage.repository import Repository, now

if TYPE_CHECKING:
    from annotator.session.session import Session

_TELLING_SECONDS = 0.25
"""Seconds between two messages to the listeners while much is stored: a list of documents is laid out at each."""

LIST_FORMATS = frozenset(known.name for known in document_formats() if known.lists)
"""The names of the formats whose files hold many documents."""


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of file that can be imported: what it is called, and its endings, lower-case with their dot."""

    title: str
    endings: tuple[str, ...]


def source_kinds() -> tuple[SourceKind, ...]:
    """Return the kinds of files that can be imported."""
    return tuple(SourceKind(known.title, tuple(filter(None, known.endings))) for known in document_formats())


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and those in folders whose ending is that of a document, each once."""
    endings = {ending for known in document_formats() for ending in known.endings if ending}
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in endings)
        else:
            files.append(path)
    return list(dict.fromkeys(files))


class Storing:
    """Stores candidates one transaction each, all of them in one step that `close` ends."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._step: JournalStep | None = None
        self._bytes = ("", b"")
        self._untold: list[ChangeSet] = []
        self._told = time.monotonic()
        self._outcomes: list[Imported | Duplicate | Failure] = []

    def take(self, found: Found) -> None:
        """Store a candidate, and note everything else."""
        if isinstance(found, Candidate):
            self._add(found)
        else:
            self._outcomes.append(found)

    def _add(self, candidate: Candidate) -> None:
        """Store a candidate, or note that it came in meanwhile or that its file changed since it was read."""
        try:
            data = self._bytes_of(candidate)
        except DocumentReadError as error:
            self._outcomes.append(Failure(str(candidate.file), error))
            return
        changes = self._session.stream(lambda: self._store(candidate, data))
        if changes is not None:
            self._untold.append(changes)
        if time.monotonic() - self._told >= _TELLING_SECONDS:
            self._tell()

    def _bytes_of(self, candidate: Candidate) -> bytes:
        """Return the bytes of a candidate's file; the last ones are kept, since a list has thousands of documents.

        Raises DocumentReadError where the file cannot be read or has changed since it was examined.
        """
        if self._bytes[0] != candidate.source:
            data = read_bytes(candidate.file)
            if sha256_hex(data) != candidate.source:
                template = "“{file}” has changed since it was read: import it again."
                raise DocumentReadError(template, file=candidate.file.name)
            self._bytes = (candidate.source, data)
        return self._bytes[1]

    def close(self) -> None:
        """End the step."""
        self._session.stream(self._close)
        self._tell()

    def _tell(self) -> None:
        """Tell the listeners of what was stored since they were told last."""
        untold, self._untold = self._untold, []
        self._told = time.monotonic()
        if untold:
            title = untold[0].title if len(untold) == 1 else "Import documents"
            self._session.events.emit(compose(title, untold))

    def result(self, *, cancelled: bool) -> ImportResult:
        """Return what became of each file."""
        step = self._step.id if self._step is not None else ""
        return ImportResult(tuple(self._outcomes), cancelled, step)

    def _store(self, candidate: Candidate, data: bytes) -> ChangeSet | None:
        repository = self._session.repository
        here = document_of(repository, candidate.read, candidate.source)
        if here is not None:
            self._outcomes.append(Duplicate(str(candidate.file), here.id, here.title))
            return None
        document, blobs = new_document(candidate.read, candidate.source, candidate.file.name)
        if not repository.blobs.has(candidate.source):
            blobs += (data,)
        twins = [Twin(twin.title, twin.file, True) for twin in documents_with(repository, "text", document.text)]
        changes = ChangeSet(f"Import “{shortened(document.title)}”", made(document))
        self._session.refuse_what_is_not_permitted(changes)
        with repository.transaction():
            step = self._step or self._open_step()
            repository.extend_step(step, changes, blobs=blobs)
            repository.sketches.put(document.text, candidate.read.sketch)
        self._step = step
        warnings = replace(candidate, twins=tuple(twins) or candidate.twins).warnings
        self._outcomes.append(Imported(document, str(candidate.file), warnings))
        return changes

    def _open_step(self) -> JournalStep:
        self._session.join()
        return self._session.repository.open_step("Import documents", self._session.author)

    def _close(self) -> None:
        if self._step is not None:
            with self._session.repository.transaction():
                self._session.repository.journal.close_step(self._step)


def document_of(repository: Repository, read: ReadDocument, source: str) -> Document | None:
    """Return what a file with these bytes, or this row of a list, became before, in its newest version, or None.

    `source` is the hash of the file's bytes.
    """
    if read.format not in LIST_FORMATS:
        return next(iter(documents_with(repository, "source", source)), None)
    same_text = repository.rows.where(Document, "text", sha256_hex(read.text.encode()))
    row = next((document for document in same_text if document.source == source), None)
    return None if row is None else newest_version(repository, row)


def new_document(read: ReadDocument, source: str, file: str) -> tuple[Document, tuple[bytes, ...]]:
    """Return the record of a document that was read, and the bytes that it points to besides those of its file.

    `source` is the hash of the file's bytes, `file` its name.
    """
    text, structure = read.text.encode(), encode_structure(read.structure)
    pages = () if read.pages is None else (encode_pages(read.pages),)
    document = Document(
        id=new_id(),
        title=_storable(read.title),
        text=sha256_hex(text),
        characters=len(read.text),
        source=source,
        structure=sha256_hex(structure),
        file=_storable(file),
        format=read.format,
        language=_storable(read.language),
        date=_storable(read.date),
        url=_storable(read.url),
        created=now(),
        metadata=dict(read.metadata),
        pages=sha256_hex(pages[0]) if pages else None,
    )
    return document, (text, structure, *pages)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises DocumentReadError where it cannot be read, is no file, or is too large."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise DocumentReadError("“{file}” is no file. Choose a file or a folder.", file=str(path))
        check_size(path.name, found.st_size)
        return path.read_bytes()
    except OSError as error:
        raise DocumentReadError(
            "“{file}” cannot be read: {reason}. Check the file and its permissions.",
            file=str(path),
            reason=error.strerror or str(error),
        ) from error


def _storable(value: str) -> str:
    """Return a value with what no database takes replaced, such as the bytes of a file name that are not UTF-8."""
    return value.encode("utf-8", "replace").decode().replace("\0", "?")
