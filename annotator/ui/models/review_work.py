"""The queue of a review, built beside the window and kept current: only what a change touches is compared anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.session.progress import Cancel, Progress
from annotator.ui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from annotator.session.review_queue import ReviewQueue
    from annotator.session.session import Session

_AT_ONCE = 2
"""Documents that are compared while one waits; more go beside the window."""
_MOST_MISSED = 50


class ReviewWork(QObject):
    """`changed` says that there is another queue, `building` whether one is being built."""

    changed = Signal()
    building = Signal(bool)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._queue: ReviewQueue | None = None
        self._task: Task | None = None
        self._waiting: list[ChangeSet] = []
        self._stale = True
        self._asleep = True

    @property
    def queue(self) -> ReviewQueue | None:
        """Return the queue as far as it is known, or None before the first one is built."""
        return self._queue

    @property
    def is_building(self) -> bool:
        """Say whether a queue is being built."""
        return self._task is not None

    @property
    def is_awake(self) -> bool:
        """Say whether changes are followed."""
        return not self._asleep

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none; nothing is compared before `wake`."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._session, self._queue = session, None
        self._waiting, self._stale = [], True
        self.changed.emit()

    def wake(self) -> None:
        """Compare what has changed since, and from now on as it changes."""
        self._asleep = False
        self._catch_up()

    def sleep(self) -> None:
        """Compare nothing until `wake`."""
        self._asleep = True

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed."""
        self._waiting.append(changes)
        if len(self._waiting) > _MOST_MISSED:
            self._waiting, self._stale = [], True
        self._catch_up()

    def _catch_up(self) -> None:
        session = self._session
        if self._asleep or session is None or self._task is not None:
            return
        touched: set[str] = set()
        for changes in self._waiting:
            found = None if self._queue is None else self._queue.touched(session, changes)
            if found is None:
                self._stale = True
                break
            touched |= found
        self._waiting = []
        if self._stale or self._queue is None or len(touched) > _AT_ONCE:
            self._build(touched)
        elif touched:
            self._queue = self._queue.updated(session, sorted(touched))
            self.changed.emit()

    def _build(self, touched: set[str]) -> None:
        """Build the queue, or compare many documents anew, beside the window."""
        session, queue, whole = self._session, self._queue, self._stale
        assert session is not None

        def job(report: Progress, cancel: Cancel) -> ReviewQueue:
            if whole or queue is None:
                return session.queries.review(check=cancel.check, progress=report)
            return queue.updated(session, sorted(touched))

        self._stale = False
        self._task = self._tasks.start(self.tr("Comparing the layers"), job)
        self._task.finished.connect(self._take)
        self._task.failed.connect(self._give_up)
        self._task.cancelled.connect(self._give_up)
        self.building.emit(True)

    @Slot(object)
    def _take(self, queue: ReviewQueue) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        self._queue = queue
        self.building.emit(False)
        self.changed.emit()
        self._catch_up()

    @Slot()
    @Slot(object)
    def _give_up(self, _error: object = None) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        self._stale = True
        self.building.emit(False)
        self.changed.emit()
