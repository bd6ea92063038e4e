"""Brings a dataset's lines into the project: everything is checked first, then everything is stored, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.journal import JournalStep
from annotator.formats.datasets.losses import Loss, LossCollector
from annotator.session.line_records import LineRecords
from annotator.session.progress import Cancel, Progress
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session

BATCH = 50
"""How many documents are stored at a time; all batches are one transaction."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A place of the file that could not be brought in with certainty, and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What is new in the project (or would be), what the file could not say, and what is unsure."""

    documents: int
    spans: int
    relations: int
    losses: tuple[Loss, ...] = ()
    unsure: tuple[Unsure, ...] = ()


class Loading:
    """One load of one file."""

    def __init__(
        self, session: Session, reader: Any, path: Path, layer: str | None, progress: Progress, cancel: Cancel
    ) -> None:
        self._session = session
        self._reader = reader
        self._path = path
        self._layer = layer
        self._progress = progress
        self._cancel = cancel
        self._losses = LossCollector()
        self._counts = {"document": 0, "annotation": 0, "relation": 0}

    def run(self, *, dry_run: bool) -> LoadResult:
        """Check the whole file, then store it unless this is a dry run."""
        summary = self._reader.check(self._path, losses=self._losses, cancel=self._cancel.check)
        if dry_run:
            self._session.stream(lambda: self._rehearse(summary.documents))
        else:
            changes = self._session.stream(lambda: self._store(summary.documents))
            if changes:
                self._session.events.emit(changes)
        return LoadResult(
            self._counts["document"], self._counts["annotation"], self._counts["relation"], self._losses.losses()
        )

    def _rehearse(self, total: int) -> None:
        with self._session.repository.rehearsal():
            self._store(total)

    def _store(self, total: int) -> ChangeSet:
        repository, title = self._session.repository, f"Load “{self._path.name}”"
        shown: list[RowChange] = []
        with repository.transaction():
            self._session.join()
            step = repository.open_step(title, self._session.author)
            records = LineRecords(self._session, repository, self._path, self._layer, self._losses)
            for batch in _batches(self._reader.read(self._path), BATCH):
                self._cancel.check()
                self._progress(self._counts["document"], total, self._path.name)
                shown += self._store_batch(repository, step, records, batch)
            if not shown:
                repository.journal.drop_step(step)
                return ChangeSet(title, ())
            repository.journal.close_step(step)
        return ChangeSet(title, tuple(shown))

    def _store_batch(
        self, repository: Repository, step: JournalStep, records: LineRecords, batch: list[tuple[int, Any]]
    ) -> list[RowChange]:
        changes: list[RowChange] = []
        blobs: list[bytes] = []
        for number, line in batch:
            changes += made(*records.of(number, line, blobs))
        change_set = ChangeSet(step.title, tuple(changes))
        self._session.refuse_what_is_not_permitted(change_set)
        repository.extend_step(step, change_set, blobs=blobs)
        for change in changes:
            if change.table in self._counts:
                self._counts[change.table] += 1
        return changes


def _batches(lines: Iterable[tuple[int, Any]], size: int) -> Iterable[list[tuple[int, Any]]]:
    batch: list[tuple[int, Any]] = []
    for item in lines:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
