"""Work beside the window: what comes back, and in which thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from annotator.core.errors import RefusedError
from annotator.session.progress import Cancel, Progress
from annotator.ui.tasks import Task, TaskRunner


class Ear(QObject):
    """Hears the signals of a task, and in which thread."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.heard: list[tuple[str, Any]] = []
        self.threads: set[int] = set()
        task.progressed.connect(self.progressed)
        task.finished.connect(self.finished)
        task.failed.connect(self.failed)
        task.cancelled.connect(self.cancelled)

    def _hear(self, kind: str, value: Any) -> None:
        self.heard.append((kind, value))
        self.threads.add(threading.get_ident())

    @Slot(int, int, str)
    def progressed(self, done: int, total: int, what: str) -> None:
        self._hear("progress", (done, total, what))

    @Slot(object)
    def finished(self, result: object) -> None:
        self._hear("finished", result)

    @Slot(object)
    def failed(self, error: object) -> None:
        self._hear("failed", error)

    @Slot()
    def cancelled(self) -> None:
        self._hear("cancelled", None)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


def _until_idle(qtbot: QtBot, runner: TaskRunner) -> None:
    qtbot.waitUntil(lambda: not runner.running)


def test_a_job_runs_elsewhere_and_is_heard_here(qtbot: QtBot, runner: TaskRunner) -> None:
    def job(progress: Progress, _cancel: Cancel) -> int:
        progress(1, 2, "half")
        return threading.get_ident()

    ear = Ear(runner.start("counting", job))
    _until_idle(qtbot, runner)
    assert [kind for kind, _ in ear.heard] == ["progress", "finished"]
    assert ear.heard[0][1] == (1, 2, "half")
    assert ear.heard[1][1] != threading.get_ident()
    assert ear.threads == {threading.get_ident()}


def test_a_job_that_ends_at_once_is_still_heard(qtbot: QtBot, runner: TaskRunner) -> None:
    ears = [Ear(runner.start("nothing", lambda _p, _c: 7)) for _ in range(50)]
    _until_idle(qtbot, runner)
    assert [ear.heard for ear in ears] == [[("finished", 7)]] * 50


def test_a_failure_is_told_once_to_everybody(qtbot: QtBot, runner: TaskRunner) -> None:
    error = RefusedError("No.")

    def job(_progress: Progress, _cancel: Cancel) -> None:
        raise error

    with qtbot.waitSignal(runner.failed) as failed:
        ear = Ear(runner.start("failing", job))
    assert ear.heard == [("failed", error)]
    assert failed.args is not None and failed.args[1] is error


def test_a_task_whose_listener_shows_its_failure_tells_nobody_else(qtbot: QtBot, runner: TaskRunner) -> None:
    def job(_progress: Progress, _cancel: Cancel) -> None:
        raise RefusedError("No.")

    told: list[object] = []
    runner.failed.connect(lambda _task, error: told.append(error))
    task = runner.start("failing", job)
    task.handles_failure = True
    _until_idle(qtbot, runner)
    assert told == []


def test_cancelling_ends_a_job(qtbot: QtBot, runner: TaskRunner) -> None:
    begun = threading.Event()

    def job(_progress: Progress, cancel: Cancel) -> None:
        begun.set()
        while True:
            cancel.check()

    task = runner.start("endless", job)
    ear = Ear(task)
    assert begun.wait(5)
    task.cancel()
    _until_idle(qtbot, runner)
    assert ear.heard == [("cancelled", None)]


def test_stopping_everything_ends_what_runs_and_what_waits(qtbot: QtBot, runner: TaskRunner) -> None:
    def job(_progress: Progress, cancel: Cancel) -> None:
        while True:
            cancel.check()

    ears = [Ear(runner.start("endless", job)) for _ in range(8)]
    runner.stop_all()
    _until_idle(qtbot, runner)
    assert all(ear.heard == [("cancelled", None)] for ear in ears)
