"""What an export would hold and lose, looked up in the background while its options are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from annotator.core.errors import UserError
from annotator.core.recipes import ExportRecipe
from annotator.session.dataset_exports import ExportPreview, ExportResult
from annotator.session.datasets import Selectable
from annotator.session.progress import Cancel, Progress
from annotator.session.session import Session
from annotator.ui.tasks import Task, TaskRunner

DELAY = 120
"""Milliseconds after the last change of an option until the look at it begins."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one job found; `number` says for which change it was."""

    number: int
    found: ExportPreview | ExportResult | Selectable | UserError


class ExportLook(QObject):
    """First come counts and lines (`previewed`), then losses and sides (`counted`); `failed` carries a UserError.

    `progressed` says how many documents were counted, and of how many. `facts_found` carries what a layer can be
    narrowed to.
    """

    previewed = Signal(object)
    counted = Signal(object)
    progressed = Signal(int, int)
    failed = Signal(object)
    facts_found = Signal(object)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._runner = tasks
        self._recipe: ExportRecipe | None = None
        self._number = 0
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._begin)

    @property
    def is_waiting(self) -> bool:
        """Say whether something is still to come."""
        return self._timer.isActive() or self._task is not None

    def look(self, recipe: ExportRecipe) -> None:
        """Look at a recipe soon; what was looked at before is of no interest any more."""
        self.stop()
        self._recipe = recipe
        self._timer.start()

    def find_facts(self, layer: str | None) -> None:
        """Find what a layer can be narrowed to."""
        task = self._runner.start("", partial(_facts_job, self._session, layer))
        task.finished.connect(self._tell_facts)

    @Slot()
    def stop(self) -> None:
        """Look no further."""
        self._timer.stop()
        self._number += 1
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot()
    def _begin(self) -> None:
        assert self._recipe is not None
        self._task = self._runner.start("", partial(_preview_job, self._session, self._recipe, self._number))
        self._task.finished.connect(self._tell_preview)

    @Slot(object)
    def _tell_preview(self, looked: _Looked) -> None:
        if looked.number != self._number or self._recipe is None:
            return
        self._task = None
        if isinstance(looked.found, UserError):
            self.failed.emit(looked.found)
            return
        self.previewed.emit(looked.found)
        self._task = self._runner.start("", partial(_count_job, self._session, self._recipe, self._number))
        self._task.progressed.connect(self._pass_on)
        self._task.finished.connect(self._tell_counts)

    @Slot(int, int, str)
    def _pass_on(self, done: int, total: int, _: str) -> None:
        if self.sender() is self._task:
            self.progressed.emit(done, total)

    @Slot(object)
    def _tell_counts(self, looked: _Looked) -> None:
        if looked.number == self._number:
            self._task = None
            (self.failed if isinstance(looked.found, UserError) else self.counted).emit(looked.found)

    @Slot(object)
    def _tell_facts(self, looked: _Looked) -> None:
        if isinstance(looked.found, Selectable):
            self.facts_found.emit(looked.found)


def _preview_job(session: Session, recipe: ExportRecipe, number: int, _: Progress, __: Cancel) -> _Looked:
    try:
        return _Looked(number, session.datasets.preview(recipe=recipe))
    except UserError as error:
        return _Looked(number, error)


def _count_job(session: Session, recipe: ExportRecipe, number: int, progress: Progress, cancel: Cancel) -> _Looked:
    try:
        found = session.datasets.export_recipe(Path(), recipe, dry_run=True, progress=progress, cancel=cancel)
        return _Looked(number, found)
    except UserError as error:
        return _Looked(number, error)


def _facts_job(session: Session, layer: str | None, _: Progress, __: Cancel) -> _Looked:
    try:
        return _Looked(0, session.datasets.selectable(layer))
    except UserError as error:
        return _Looked(0, error)
