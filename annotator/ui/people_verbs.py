"""People and work: the dialog, which follows what happens to the project while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from annotator.core.changes import ChangeSet
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.dialogs.people import PeopleDialog
    from annotator.ui.main_window import MainWindow


class PeopleVerbs(QObject):
    """Opens the dialog, and closes it with its project."""

    def __init__(self, tasks: TaskRunner, window: MainWindow) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._window = window
        self._session: Session | None = None
        self.dialog: PeopleDialog | None = None

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        if self.dialog is not None:
            self.dialog.reject()
        self._session = session

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Let the dialog take over what a ChangeSet says."""
        if self.dialog is not None:
            self.dialog.apply(changes)

    @Slot()
    def show(self) -> None:
        """Open the dialog."""
        from annotator.ui.dialogs.people import PeopleDialog

        if self._session is None or self.dialog is not None:
            return
        self.dialog = PeopleDialog(self._session, self._tasks, self._window.theme, self._window)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    @Slot()
    def _forget(self) -> None:
        self.dialog = None
