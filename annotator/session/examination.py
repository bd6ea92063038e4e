"""Looking at files before they are imported: isolated children read them, and nothing is stored but sketches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.analysis.duplicates import SketchIndex, sketch
from annotator.core.canonical import sha256_hex
from annotator.core.errors import DocumentReadError
from annotator.formats.documents.source import ReadDocument
from annotator.session.findings import Candidate, Duplicate, Failure, Found, Twin
from annotator.session.importing import LIST_FORMATS, document_of, read_bytes
from annotator.session.lineage import documents_with
from annotator.session.near_texts import near_document
from annotator.session.progress import Cancel, Progress
from annotator.storage.sql import portions
from annotator.workers.pool import ParserPool
from annotator.workers.process import ReadCancelledError

if TYPE_CHECKING:
    from annotator.session.session import Session

_SKETCHES = 50
"""Sketches that are stored in one transaction."""

_COMPARED = 3
"""Texts that are compared word by word, of those whose sketches are most alike."""


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
        for texts in portions(self._session.reading.sketches.missing(), _SKETCHES):
            if self._cancel.is_requested():
                return
            values = {text: sketch(self._session.reading.blobs.text(text)) for text in texts}
            self._session.stream(partial(self._put_sketches, values))

    def _put_sketches(self, sketches: Mapping[str, tuple[int, ...]]) -> None:
        repository = self._session.repository
        with repository.transaction():
            for text, values in sketches.items():
                repository.sketches.put(text, values)

    def _begin(self, pool: ParserPool, path: Path) -> tuple[Path, str, Future[list[ReadDocument]]] | Found:
        try:
            data = read_bytes(path)
        except DocumentReadError as error:
            return Failure(str(path), error)
        source = sha256_hex(data)
        for here in documents_with(self._session.reading, "source", source):
            if here.format not in LIST_FORMATS:
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
        here = document_of(self._session.reading, read, source)
        if here is not None:
            return Duplicate(str(path), here.id, here.title)
        same = documents_with(self._session.reading, "text", text)
        twins = tuple(Twin(document.title, document.file, True) for document in same)
        twins = twins or self._near(read) or self._near_in_batch(text, read)
        self._note(text, path, read)
        return Candidate(path, source, read, twins)

    def _note(self, text: str, path: Path, read: ReadDocument) -> None:
        self._batch.setdefault(text, Twin(read.title, path.name, True))
        self._sketches.put(text, read.sketch)

    def _near(self, read: ReadDocument) -> tuple[Twin, ...]:
        """Return the text of the project that is most like this one, if it is near."""
        document = near_document(self._session.reading, read.text, read.sketch, _COMPARED)
        return () if document is None else (Twin(document.title, document.file, False),)

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
