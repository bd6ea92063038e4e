"""The work behind the import dialog: files are read and documents stored beside the window.

Reading leaves its findings in a box, which a timer of the window empties: so there is one signal for many files, and
never more at once than the window takes in without a stop.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from annotator.core.errors import UserError
from annotator.core.text_edits import TextEdit
from annotator.session.corrections import corrected
from annotator.session.findings import Candidate, Duplicate, Failure, Found, Imported, ImportResult
from annotator.session.importing import files_in
from annotator.session.progress import Cancel, Progress
from annotator.session.session import Session
from annotator.ui.tasks import Task, TaskRunner

INTERVAL_MS = 80
"""Milliseconds between two batches of findings."""

BATCH = 400
"""Findings that the window takes in at once."""

READINGS = 2
"""Readings that run at the same time; one more waits for its turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A candidate with what was corrected in it; `fields` are the keywords of `session.corrections.corrected`."""

    candidate: Candidate
    edits: tuple[TextEdit, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of each order: the id of a document, a finding that says why not, or None where it was cancelled."""

    outcomes: tuple[str | Duplicate | Failure | None, ...]
    result: ImportResult


@dataclass(eq=False)
class _Reading:
    """One run over some files; its thread fills the queues and at last sets `ended`, the window empties them."""

    paths: list[Path]
    passwords: Mapping[Path, str]
    beside: tuple[Candidate, ...]
    known: frozenset[Path]
    listed: deque[list[Path]] = field(default_factory=deque)
    found: deque[Found] = field(default_factory=deque)
    progress: tuple[int, int, str] = (0, 0, "")
    task: Task | None = None
    ended: bool = False

    def note(self, done: int, total: int, what: str) -> None:
        self.progress = (done, total, what)


class ImportWork(QObject):
    """Reads files and stores documents for one dialog, which owns it.

    `listed` carries the files (Path) that are going to be read, `found` findings of session.importing in their order,
    `progressed` how many files of how many are read and the names at hand; `read_ended` comes when nothing is being
    read any more. `stored` carries a Stored, `failed` why nothing could be stored.
    """

    listed = Signal(list)
    found = Signal(list)
    progressed = Signal(int, int, list)
    read_ended = Signal()
    storing_progressed = Signal(int, int, str)
    stored = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._readings: list[_Reading] = []
        self._storing: Task | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._take_in)

    @property
    def is_reading(self) -> bool:
        """Say whether files are being read or wait for it."""
        return bool(self._readings)

    @property
    def is_storing(self) -> bool:
        """Say whether documents are being stored."""
        return self._storing is not None

    def read(
        self,
        paths: Sequence[Path],
        *,
        beside: Sequence[Candidate] = (),
        known: Iterable[Path] = (),
        passwords: Mapping[Path, str] | None = None,
    ) -> None:
        """Read files and folders, without the files that are `known`; what equals a candidate `beside` is told of."""
        self._readings.append(_Reading(list(paths), passwords or {}, tuple(beside), frozenset(known)))
        self._start_next()
        self._timer.start()

    def store(self, orders: Sequence[Order]) -> None:
        """Store documents as one step."""
        task = self._tasks.start("", partial(_store_job, self._session, list(orders)))
        task.handles_failure = True
        task.progressed.connect(self.storing_progressed)
        task.finished.connect(self._end_storing)
        task.cancelled.connect(self._end_storing)
        task.failed.connect(self._fail_storing)
        self._storing = task

    def cancel_reading(self) -> None:
        """Stop reading; what was found so far stays."""
        for reading in self._readings:
            if reading.task is None:
                reading.ended = True
            else:
                reading.task.cancel()

    def cancel_storing(self) -> None:
        """Stop storing; what is stored stays."""
        if self._storing is not None:
            self._storing.cancel()

    def _start_next(self) -> None:
        running = [reading for reading in self._readings if reading.task is not None and not reading.ended]
        waiting = [reading for reading in self._readings if reading.task is None and not reading.ended]
        for reading in waiting[: READINGS - len(running)]:
            reading.task = self._tasks.start("", partial(_read_job, self._session, reading))

    @Slot()
    def _take_in(self) -> None:
        room = BATCH
        for reading in self._readings:
            while reading.listed:
                self.listed.emit(reading.listed.popleft())
            batch = [reading.found.popleft() for _ in range(min(room, len(reading.found)))]
            room -= len(batch)
            if batch:
                self.found.emit(batch)
        self._tell_progress()
        if all(reading.ended and not reading.found and not reading.listed for reading in self._readings):
            self._readings.clear()
            self._timer.stop()
            self.read_ended.emit()
        else:
            self._start_next()

    def _tell_progress(self) -> None:
        told = [reading.progress for reading in self._readings]
        names = [what for (_, _, what), reading in zip(told, self._readings, strict=True) if what and not reading.ended]
        self.progressed.emit(sum(done for done, _, _ in told), sum(total for _, total, _ in told), names)

    @Slot(object)
    def _end_storing(self, stored: Stored) -> None:
        self._storing = None
        self.stored.emit(stored)

    @Slot(object)
    def _fail_storing(self, error: BaseException) -> None:
        self._storing = None
        self.failed.emit(error)


def _read_job(session: Session, reading: _Reading, _progress: Progress, cancel: Cancel) -> None:
    try:
        files = [file for file in files_in(reading.paths) if file not in reading.known]
        reading.listed.append(files)
        reading.note(0, len(files), "")
        session.documents.examine(
            files,
            reading.found.append,
            jobs=max(2, min(4, os.cpu_count() or 2)),
            passwords=reading.passwords,
            beside=reading.beside,
            progress=reading.note,
            cancel=cancel,
        )
    finally:
        reading.ended = True


def _store_job(session: Session, orders: list[Order], progress: Progress, cancel: Cancel) -> Stored:
    outcomes: list[str | Duplicate | Failure | None] = [None] * len(orders)
    places: list[int] = []
    candidates: list[Candidate] = []
    for place, order in enumerate(orders):
        try:
            candidates.append(corrected(order.candidate, order.edits, **order.fields))
            places.append(place)
        except UserError as error:
            outcomes[place] = Failure(str(order.candidate.file), error)
    result = session.documents.add(candidates, progress=progress, cancel=cancel)
    for place, outcome in zip(places, result.outcomes, strict=False):
        outcomes[place] = outcome.document.id if isinstance(outcome, Imported) else outcome
    return Stored(tuple(outcomes), result)
