"""Importing: files are read in isolated children, looked at, and stored as one step.

`Examination` reads and stores nothing: it yields what each file would become. `Storing` takes what was chosen. An
import without a preview is the two, one document behind the other.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from annotator.analysis.duplicates import SketchIndex, are_near, least_shared, sketch
from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, compose, made
from annotator.core.errors import DocumentReadError, PasswordNeededError, UserError
from annotator.core.ids import new_id
from annotator.core.journal import JournalStep
from annotator.core.pages import encode_pages
from annotator.core.records import Document
from annotator.core.structure import encode_structure
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.source import ReadDocument
from annotator.formats.registry import document_formats
from annotator.session.annotations import shortened
from annotator.session.progress import Cancel, Progress
from annotator.storage.repository import Repository, now
from annotator.workers.pool import ParserPool
from annotator.workers.process import ReadCancelledError

if TYPE_CHECKING:
    from annotator.session.session import Session

_TELLING_SECONDS = 0.25
"""Seconds between two messages to the listeners while much is stored: a list of documents is laid out at each."""

_LIST_FORMATS = frozenset(known.name for known in document_formats() if known.lists)


@dataclass(frozen=True, slots=True)
class Twin:
    """A text that another one equals or resembles: its title and file, and whether they are the same to the letter."""

    title: str
    file: str
    same: bool

    def __str__(self) -> str:
        relation = "Its text is also that of" if self.same else "Its text is nearly that of"
        return f"{relation} “{self.title}” ({self.file})."


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A document that a file holds and that is not in the project yet. `source` is the hash of the file's bytes."""

    file: Path
    source: str
    read: ReadDocument
    twins: tuple[Twin, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person who imports should know: of the reader, and of texts that are here already."""
        return (*self.read.warnings, *map(str, self.twins))


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

    @property
    def needs_password(self) -> bool:
        """Whether a password would help."""
        return isinstance(self.error, PasswordNeededError)


Found = Candidate | Duplicate | Failure


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of each file; `step` is the id of the step in the history, empty where nothing was stored."""

    imported: tuple[Imported, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    failed: tuple[Failure, ...] = ()
    cancelled: bool = False
    step: str = ""


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


class Examination:
    """Reads files in children, a few ahead, and yields in their order what each would become."""

    def __init__(
        self,
        session: Session,
        files: list[Path],
        *,
        jobs: int,
        passwords: Mapping[Path, str],
        beside: Iterable[Candidate],
        progress: Progress,
        cancel: Cancel,
    ) -> None:
        self._session = session
        self._files = files
        self._jobs = jobs
        self._passwords = passwords
        self._progress = progress
        self._cancel = cancel
        self._done = 0
        self._batch: dict[str, Twin] = {}
        self._sketches = SketchIndex()
        for candidate in beside:
            self._note(sha256_hex(candidate.read.text.encode()), candidate.file, candidate.read)

    def __iter__(self) -> Iterator[Found]:
        self._sketch_what_is_here()
        waiting: deque[tuple[Path, str, Future[list[ReadDocument]]] | Found] = deque()
        with ParserPool(self._jobs) as pool:
            for path in self._files:
                waiting.append(self._begin(pool, path))
                while len(waiting) >= 2 * self._jobs:
                    yield from self._finish(waiting.popleft())
                if self._cancel.is_requested():
                    return
            while waiting and not self._cancel.is_requested():
                yield from self._finish(waiting.popleft())

    def _sketch_what_is_here(self) -> None:
        """Sketch the texts that came in some other way than by an import."""
        if self._session.read_only_reason:
            return
        blobs = self._session.reading.blobs
        for text in self._session.reading.sketches.missing():
            if self._cancel.is_requested():
                return
            values = sketch(blobs.get(text).decode())
            self._session.stream(partial(self._put_sketch, text, values))

    def _put_sketch(self, text: str, values: tuple[int, ...]) -> None:
        repository = self._session.repository
        with repository.transaction():
            repository.sketches.put(text, values)

    def _begin(self, pool: ParserPool, path: Path) -> tuple[Path, str, Future[list[ReadDocument]]] | Found:
        try:
            data = read_bytes(path)
        except DocumentReadError as error:
            return Failure(str(path), error)
        source = sha256_hex(data)
        for here in documents_with(self._session.reading, "source", source):
            if here.format not in _LIST_FORMATS:
                return Duplicate(str(path), here.id, here.title)
        stage = _Stages(self, path)
        password = self._passwords.get(path, "")
        return (
            path,
            source,
            pool.read(path.name, data, password=password, cancel=self._cancel.event, staged=stage.report),
        )

    def _finish(self, begun: tuple[Path, str, Future[list[ReadDocument]]] | Found) -> Iterator[Found]:
        if not isinstance(begun, tuple):
            self._done += 1
            yield begun
            return
        path, source, future = begun
        self.tell(path.name)
        try:
            documents = future.result()
        except ReadCancelledError:
            return
        except DocumentReadError as error:
            self._done += 1
            yield Failure(str(path), error)
            return
        self._done += 1
        for read in documents:
            yield self._candidate(path, source, read)

    def tell(self, what: str) -> None:
        """Say how far the examination is, and what is being read."""
        self._progress(self._done, len(self._files), what)

    def _candidate(self, path: Path, source: str, read: ReadDocument) -> Found:
        text = sha256_hex(read.text.encode())
        same = documents_with(self._session.reading, "text", text)
        for document in same:
            if document.source == source:
                return Duplicate(str(path), document.id, document.title)
        twins = tuple(Twin(document.title, document.file, True) for document in same)
        twins = twins or self._near(read) or self._near_in_batch(text, read)
        self._note(text, path, read)
        return Candidate(path, source, read, twins)

    def _note(self, text: str, path: Path, read: ReadDocument) -> None:
        self._batch.setdefault(text, Twin(read.title, path.name, True))
        self._sketches.put(text, read.sketch)

    def _near(self, read: ReadDocument) -> tuple[Twin, ...]:
        """Return the text of the project that is most like this one, if it is near."""
        if not read.sketch:
            return ()
        repository = self._session.reading
        for text in repository.sketches.sharing(read.sketch, least_shared(read.sketch))[:3]:
            documents = documents_with(repository, "text", text)
            if documents and are_near(read.text, repository.blobs.text(text)):
                return (Twin(documents[0].title, documents[0].file, False),)
        return ()

    def _near_in_batch(self, text: str, read: ReadDocument) -> tuple[Twin, ...]:
        if text in self._batch:
            return (self._batch[text],)
        nearest = self._sketches.nearest(read.sketch)
        return (replace(self._batch[nearest], same=False),) if nearest else ()


class _Stages:
    """Tells the stages of one file's reading, from the thread that reads it."""

    def __init__(self, examination: Examination, path: Path) -> None:
        self._examination = examination
        self._path = path

    def report(self, stage: str) -> None:
        if stage.startswith(("page", "row")):
            self._examination.tell(f"{self._path.name}, {stage}")


class Storing:
    """Stores candidates one transaction each, all of them in one step that `close` ends."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._step: JournalStep | None = None
        self._untold: list[ChangeSet] = []
        self._told = time.monotonic()
        self.imported: list[Imported] = []
        self.duplicates: list[Duplicate] = []
        self.failed: list[Failure] = []

    def take(self, found: Found) -> None:
        """Store a candidate, and note everything else."""
        match found:
            case Duplicate():
                self.duplicates.append(found)
            case Failure():
                self.failed.append(found)
            case Candidate():
                self._add(found)

    def _add(self, candidate: Candidate) -> None:
        """Store a candidate, or note that it came in meanwhile or that its file changed since it was read."""
        try:
            data = read_bytes(candidate.file)
        except DocumentReadError as error:
            self.failed.append(Failure(str(candidate.file), error))
            return
        if sha256_hex(data) != candidate.source:
            template = "“{file}” has changed since it was read: import it again."
            self.failed.append(Failure(str(candidate.file), DocumentReadError(template, file=candidate.file.name)))
            return
        changes = self._session.stream(lambda: self._store(candidate, data))
        if changes is not None:
            self._untold.append(changes)
        if time.monotonic() - self._told >= _TELLING_SECONDS:
            self._tell()

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
        return ImportResult(tuple(self.imported), tuple(self.duplicates), tuple(self.failed), cancelled, step)

    def _store(self, candidate: Candidate, data: bytes) -> ChangeSet | None:
        repository = self._session.repository
        document, blobs = new_document(candidate.read, data, candidate.file.name)
        for here in documents_with(repository, "source", candidate.source):
            if here.format not in _LIST_FORMATS or here.text == document.text:
                self.duplicates.append(Duplicate(str(candidate.file), here.id, here.title))
                return None
        twins = [Twin(twin.title, twin.file, True) for twin in documents_with(repository, "text", document.text)]
        changes = ChangeSet(f"Import “{shortened(document.title)}”", made(document))
        with repository.transaction():
            if self._step is None:
                self._session.join()
                self._step = repository.open_step("Import documents", self._session.author)
            repository.extend_step(self._step, changes, blobs=blobs)
            repository.sketches.put(document.text, candidate.read.sketch)
        warnings = replace(candidate, twins=tuple(twins) or candidate.twins).warnings
        self.imported.append(Imported(document, str(candidate.file), warnings))
        return changes

    def _close(self) -> None:
        if self._step is not None:
            with self._session.repository.transaction():
                self._session.repository.journal.close_step(self._step)


def documents_with(repository: Repository, column: str, value: str) -> list[Document]:
    """Return the documents in sight whose column has this value."""
    found = repository.rows.where(Document, column, value)
    in_sight = repository.lists.in_sight([document.id for document in found])
    return [document for document in found if document.id in in_sight]


def new_document(read: ReadDocument, source: bytes, file: str) -> tuple[Document, tuple[bytes, ...]]:
    """Return the record of a document that was read, and the bytes that it points to."""
    text, structure = read.text.encode(), encode_structure(read.structure)
    pages = () if read.pages is None else (encode_pages(read.pages),)
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
        pages=sha256_hex(pages[0]) if pages else None,
    )
    return document, (text, source, structure, *pages)


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


def _storable(name: str) -> str:
    """Return a name with what no database takes replaced: the bytes of a file name that are not UTF-8."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")


Take = Callable[[Found], None]
"""What is done with each finding of an examination, on the thread that examines."""
