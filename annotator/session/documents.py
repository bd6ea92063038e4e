"""Verbs on documents: import, paste, describe, set the status, remove."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import DocumentReadError, RefusedError, UserError
from annotator.core.ids import derived_id, new_id
from annotator.core.journal import JournalStep
from annotator.core.records import STATUSES, Document, Note, Status
from annotator.core.structure import encode_structure
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.source import ReadDocument
from annotator.formats.registry import document_formats
from annotator.session.annotations import delete_annotations, found, refuse_unstorable, shortened
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now
from annotator.workers.pool import ParserPool
from annotator.workers.process import ReadCancelledError


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that became a document, with what the reader had to say."""

    document: Document
    file: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file whose bytes are already in the project as the document with this id."""

    file: str
    document: str
    title: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    file: str
    error: UserError


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of each file."""

    imported: tuple[Imported, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    failed: tuple[Failure, ...] = ()
    cancelled: bool = False


class Documents(Verbs):
    """Documents come in through isolated readers and stay as they were frozen."""

    def import_files(
        self,
        paths: Iterable[Path],
        *,
        jobs: int = 2,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> ImportResult:
        """Import files, and folders with all that is readable in them, as one step.

        Each document is committed when it is read, so cancelling keeps what is done. Nothing is raised for a file
        that cannot be read: it is among the failures. Raises ReadOnlyError.
        """
        return _Import(self, jobs, progress, cancel or Cancel()).run(_files(paths))

    def paste(self, text: str, *, title: str, date: str = "", url: str = "") -> Document:
        """Make a document of pasted text.

        Raises RefusedError where the same text is already here, DocumentReadError where there is no text.
        """
        data = text.encode("utf-8", "replace")
        with ParserPool(1) as pool:
            read = pool.read("pasted text.txt", data).result()
        read = replace(read, title=title.strip() or read.title, date=date.strip(), url=url.strip())
        return self._add_pasted(read, data)

    @verb
    def _add_pasted(self, read: ReadDocument, data: bytes) -> Outcome[Document]:
        refuse_unstorable(read.title + read.date + read.url)
        document, blobs = new_document(read, data, "pasted text")
        for existing in self.session.repository.rows.where(Document, "text", document.text):
            raise RefusedError("This text is already here as “{title}”.", title=existing.title)
        return Outcome(ChangeSet(f"Paste “{shortened(document.title)}”", made(document)), document, blobs)

    @verb
    def describe(
        self,
        document: str,
        *,
        title: str | None = None,
        date: str | None = None,
        url: str | None = None,
        language: str | None = None,
    ) -> Outcome[Document]:
        """Correct a document's title, date (ISO 8601), source URL or language; None leaves a field as it is."""
        before = found(self.session.repository, Document, document, "document")
        given = {"title": title, "date": date, "url": url, "language": language}
        values = {name: value.strip() for name, value in given.items() if value is not None}
        if not values.get("title", before.title):
            raise RefusedError("A document needs a title. Type one.")
        refuse_unstorable("".join(values.values()))
        after = replace(before, **values)
        changes = (RowChange(before, after),) if after != before else ()
        return Outcome(ChangeSet(f"Describe “{shortened(after.title)}”", changes), after)

    @verb
    def set_status(self, document: str, status: str) -> Outcome[None]:
        """Say where one stands with a document: one of core.records.STATUSES."""
        if status not in STATUSES:
            raise RefusedError(
                "“{status}” is no status. Use one of: {known}.", status=status, known=", ".join(STATUSES)
            )
        repository = self.session.repository
        record = found(repository, Document, document, "document")
        layer = self.session.own_layer(repository).id
        identity = derived_id(document, "status", layer)
        before = repository.rows.get(Status, identity)
        after = Status(identity, document, layer, status)
        changes = (RowChange(before, after),) if after != before else ()
        return Outcome(ChangeSet(f"“{shortened(record.title)}” is {status.replace('_', ' ')}", changes), None)

    @verb
    def remove(self, document: str) -> Outcome[int]:
        """Take a document out with everything on it; returns how many annotations went. Undo brings it all back."""
        repository = self.session.repository
        record = found(repository, Document, document, "document")
        annotations = repository.rows.annotations(document)
        changes = delete_annotations(repository, annotations)
        gone = {change.row for change in changes}
        notes = [note for note in repository.rows.where(Note, "document", document) if note.id not in gone]
        statuses = repository.rows.where(Status, "document", document)
        changes += deleted(*notes, *statuses, record)
        return Outcome(ChangeSet(f"Remove “{shortened(record.title)}”", tuple(changes)), len(annotations))


def new_document(read: ReadDocument, source: bytes, file: str) -> tuple[Document, tuple[bytes, ...]]:
    """Return the record of a document that was read, and the bytes that it points to."""
    text, structure = read.text.encode(), encode_structure(read.structure)
    document = Document(
        id=new_id(),
        title=_storable(read.title),
        text=sha256_hex(text),
        characters=len(read.text),
        source=sha256_hex(source),
        structure=sha256_hex(structure),
        file=_storable(file),
        format=read.format,
        language=read.language,
        date=read.date,
        url=read.url,
        created=now(),
        metadata=dict(read.metadata),
    )
    return document, (text, source, structure)


def _storable(name: str) -> str:
    """Return a name with what no database takes replaced: the bytes of a file name that are not UTF-8."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")


def _files(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and those in folders whose ending is that of a document, each once."""
    endings = {ending for known in document_formats() for ending in known.endings if ending}
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in endings)
        else:
            files.append(path)
    return list(dict.fromkeys(files))


class _Import:
    """One import: files are read in children a few ahead, and committed in their order."""

    def __init__(self, verbs: Documents, jobs: int, progress: Progress, cancel: Cancel) -> None:
        self._session = verbs.session
        self._jobs = jobs
        self._progress = progress
        self._cancel = cancel
        self._step: JournalStep | None = None
        self._imported: list[Imported] = []
        self._duplicates: list[Duplicate] = []
        self._failed: list[Failure] = []

    def run(self, files: list[Path]) -> ImportResult:
        self._session.repository  # noqa: B018 - refuses at once where the project is read-only
        waiting: deque[tuple[Path, bytes, Future[ReadDocument]]] = deque()
        remaining = iter(files)
        with ParserPool(self._jobs) as pool:
            try:
                for path in remaining:
                    self._submit(pool, path, waiting)
                    while len(waiting) >= 2 * self._jobs:
                        self._finish(*waiting.popleft(), len(files))
                    if self._cancel.is_requested():
                        break
                while waiting and not self._cancel.is_requested():
                    self._finish(*waiting.popleft(), len(files))
            finally:
                self._session.stream(self._close)
        self._progress(len(files), len(files), "")
        return ImportResult(
            tuple(self._imported), tuple(self._duplicates), tuple(self._failed), self._cancel.is_requested()
        )

    def _submit(self, pool: ParserPool, path: Path, waiting: deque[tuple[Path, bytes, Future[ReadDocument]]]) -> None:
        try:
            data = _read_bytes(path)
        except DocumentReadError as error:
            self._failed.append(Failure(str(path), error))
            return
        if self._session.stream(lambda: self._is_here(path, sha256_hex(data))):
            return
        waiting.append((path, data, pool.read(path.name, data, self._cancel.event)))

    def _finish(self, path: Path, data: bytes, future: Future[ReadDocument], total: int) -> None:
        done = len(self._imported) + len(self._duplicates) + len(self._failed)
        self._progress(done, total, path.name)
        try:
            read = future.result()
        except ReadCancelledError:
            return
        except DocumentReadError as error:
            self._failed.append(Failure(str(path), error))
            return
        changes = self._session.stream(lambda: self._store(path, data, read))
        if changes is not None:
            self._session.events.emit(changes)

    def _is_here(self, path: Path, source: str) -> bool:
        """Note a file whose bytes, by their hash, are here; asked again when it is stored, as a twin may come first."""
        existing = self._session.repository.rows.where(Document, "source", source)
        if existing:
            self._duplicates.append(Duplicate(str(path), existing[0].id, existing[0].title))
        return bool(existing)

    def _store(self, path: Path, data: bytes, read: ReadDocument) -> ChangeSet | None:
        repository = self._session.repository
        document, blobs = new_document(read, data, path.name)
        if self._is_here(path, document.source):
            return None
        same_text = repository.rows.where(Document, "text", document.text)
        changes = ChangeSet(f"Import “{shortened(document.title)}”", made(document))
        with repository.transaction():
            if self._step is None:
                self._session.join()
                self._step = repository.open_step("Import documents", self._session.author)
            repository.extend_step(self._step, changes, blobs=blobs)
        twins = tuple(f"Its text is also that of “{twin.title}” ({twin.file})." for twin in same_text)
        self._imported.append(Imported(document, str(path), read.warnings + twins))
        return changes

    def _close(self) -> None:
        if self._step is not None:
            with self._session.repository.transaction():
                self._session.repository.journal.close_step(self._step)


def _read_bytes(path: Path) -> bytes:
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
