"""What the parts of the window share that act on the project through dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.errors import NotFoundError
from annotator.ui.tasks import Job, Task, TaskRunner

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.dialogs.parts import Dialog
    from annotator.ui.dialogs.work_dialog import WorkDialog


class DialogVerbs(QObject):
    """Works on the project that is open; its dialogs close with that project, and their long work runs in tasks.

    `project_left` comes before another project, or none, is worked on.
    """

    project_left = Signal()

    def __init__(self, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._window = window
        self._session: Session | None = None

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self.project_left.emit()
        self._session = session

    def _verbs(self) -> Session:
        """Return the project that is open. Raises NotFoundError where none is."""
        if self._session is None:
            raise NotFoundError("Open a project first.")
        return self._session

    def _show(self, dialog: Dialog) -> None:
        """Open a dialog for as long as the project stays open."""
        self.project_left.connect(dialog.abandon)
        dialog.open()

    def _work(self, dialog: WorkDialog, title: str, job: Job) -> Task:
        """Start long work for a dialog, which shows how far it is and a failure, and can stop it.

        Who calls this connects `finished` of the task to what shows the result.
        """
        task = self._tasks.start(title, job)
        task.handles_failure = True
        task.progressed.connect(dialog.show_progress)
        task.failed.connect(dialog.show_failure)
        task.cancelled.connect(dialog.show_cancelled)
        dialog.cancel_requested.connect(task.cancel)
        return task
