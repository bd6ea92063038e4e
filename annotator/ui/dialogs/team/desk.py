"""What the pages of the dialog share: the project, how something is done to it, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.errors import UserError
from annotator.core.records import Annotator, Round
from annotator.session.progress import Cancel, Progress
from annotator.ui.messages import error_text
from annotator.ui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.session.work_lists import PersonProgress, WorkTable


@dataclass(frozen=True, slots=True)
class TeamState:
    """What the dialog shows: of the round `chosen`, while the project is in the round `in_use`."""

    rounds: tuple[Round, ...]
    in_use: str
    chosen: str
    everybody: tuple[Annotator, ...]
    progress: tuple[PersonProgress, ...]
    work: WorkTable
    shows_spans: bool


def team_state(session: Session, chosen: str) -> TeamState:
    """Read what the dialog shows; an unknown round stands for the one in use."""
    queries = session.queries
    rounds = tuple(sorted(queries.rounds(), key=lambda one: one.position))
    in_use = queries.project().round
    place = chosen if any(one.id == chosen for one in rounds) else in_use
    return TeamState(
        rounds,
        in_use,
        place,
        tuple(queries.annotators()),
        tuple(queries.progress(place)),
        queries.work_table(place),
        bool(session.options.get("person_figures")),
    )


class TeamDesk(QObject):
    """Runs verbs and tells their problems; `changed` comes with a TeamState whenever there is another one."""

    changed = Signal(object)
    problem = Signal(str)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.editable = session.role == "lead" and not session.read_only_reason and session.package is None
        self._tasks = tasks
        self._chosen = ""
        self._reading: Task | None = None
        self._is_stale = False
        self.state: TeamState | None = None

    @property
    def chosen_round(self) -> str:
        """Return the id of the round that is looked at."""
        return self.state.chosen if self.state else self._chosen

    def choose_round(self, round: str) -> None:
        """Look at another round."""
        self._chosen = round
        self.read()

    def for_leads(self, *widgets: QWidget) -> None:
        """Hide widgets that only who may change things needs; they need not be in a window yet."""
        if not self.editable:
            for widget in widgets:
                widget.hide()

    def do(self, verb: Callable[[], object]) -> bool:
        """Do something at once; returns whether it was done, and tells why where it was not."""
        try:
            verb()
        except UserError as error:
            self.problem.emit(error_text(error))
            return False
        self.problem.emit("")
        return True

    def start(self, title: str, verb: Callable[[], object]) -> Task:
        """Do something that may take a while, beside the window."""
        task = self._tasks.start(title, partial(_job, verb))
        task.handles_failure = True
        task.failed.connect(self._tell)
        self.problem.emit("")
        return task

    def read(self) -> None:
        """Read again what is shown."""
        if self._reading is not None:
            self._is_stale = True
            return
        self._is_stale = False
        job = partial(team_state, self.session, self._chosen)
        self._reading = self._tasks.start(self.tr("Reading who has what"), partial(_job, job))
        self._reading.handles_failure = True
        self._reading.finished.connect(self._show)
        self._reading.failed.connect(self._fail)
        self._reading.cancelled.connect(self._fail)

    @Slot(object)
    def _show(self, state: TeamState) -> None:
        self._reading = None
        self.state = state
        self.changed.emit(state)
        if self._is_stale:
            self.read()

    @Slot()
    @Slot(object)
    def _fail(self, error: BaseException | None = None) -> None:
        self._reading = None
        if error is not None:
            self._tell(error)

    @Slot(object)
    def _tell(self, error: BaseException) -> None:
        self.problem.emit(error_text(error))


def _job(verb: Callable[[], object], _progress: Progress, _cancel: Cancel) -> object:
    return verb()
