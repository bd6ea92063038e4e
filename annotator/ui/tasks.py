"""Work beside the window: jobs take and return plain values, and never touch a widget."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from annotator.session.progress import Cancel, Cancelled, Progress

WORKERS = 3

Job = Callable[[Progress, Cancel], Any]
"""Runs in a thread of its own: reports through its first argument, stops when its second one asks."""


class Task(QObject):
    """One job on its way. Its signals come in the thread of the window; exactly one of the last three does."""

    progressed = Signal(int, int, str)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.handles_failure = False
        """Whether somebody shows the failure who listens to this task alone."""
        self._cancel = Cancel()

    @property
    def cancel_request(self) -> Cancel:
        """Return what the job looks at to see whether it should stop."""
        return self._cancel

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._cancel.request()


class TaskRunner(QObject):
    """Runs jobs in a few threads and owns the signals that tell of them.

    `failed` carries the task and the error, unless the task's own listener handles it; whether that is the user's
    problem or ours is for its listener to say.
    """

    started = Signal(object)
    progressed = Signal(object, int, int, str)
    finished = Signal(object)
    failed = Signal(object, object)
    _reported = Signal(object, int, int, str)
    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="task")
        self._running: dict[Task, Future[Any]] = {}
        self._reported.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[Task, ...]:
        """Return the tasks that have not ended, oldest first."""
        return tuple(self._running)

    def start(self, title: str, job: Job) -> Task:
        """Start a job; `title` says what it does. Connect to the task's signals at once: none comes before."""
        task = Task(title, self)

        def report(done: int, total: int, what: str) -> None:
            self._reported.emit(task, done, total, what)

        def end(future: Future[Any]) -> None:
            self._ended.emit(task, future)

        future = self._pool.submit(job, report, task.cancel_request)
        self._running[task] = future
        self.started.emit(task)
        future.add_done_callback(end)
        return task

    def stop_all(self) -> None:
        """Cancel every job and wait until all have ended; their last signals still come."""
        for task, future in list(self._running.items()):
            task.cancel()
            future.cancel()
        for future in list(self._running.values()):
            if not future.cancelled():
                future.exception()

    def close(self) -> None:
        """Stop everything; nothing can be started afterwards."""
        self.stop_all()
        self._pool.shutdown()

    @Slot(object, int, int, str)
    def _pass_on(self, task: Task, done: int, total: int, what: str) -> None:
        if task in self._running:
            task.progressed.emit(done, total, what)
            self.progressed.emit(task, done, total, what)

    @Slot(object, object)
    def _end(self, task: Task, future: Future[Any]) -> None:
        if self._running.pop(task, None) is None:
            return
        error = Cancelled() if future.cancelled() else future.exception()
        if error is None:
            task.finished.emit(future.result())
        elif isinstance(error, Cancelled):
            task.cancelled.emit()
        else:
            task.failed.emit(error)
            if not task.handles_failure:
                self.failed.emit(task, error)
        self.finished.emit(task)
        task.deleteLater()
