"""People and work: the dialog, which follows what happens to the project while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from annotator.core.changes import ChangeSet
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.ui.dialogs.people import PeopleDialog
    from annotator.ui.main_window import MainWindow


class PeopleVerbs(DialogVerbs):
    """Opens the dialog, and closes it with its project."""

    def __init__(self, tasks: TaskRunner, window: MainWindow) -> None:
        super().__init__(tasks, window)
        self._main_window = window
        self.dialog: PeopleDialog | None = None

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
        self.dialog = PeopleDialog(self._session, self._tasks, self._main_window.theme, self._window)
        self.dialog.finished.connect(self._forget)
        self._show(self.dialog)

    @Slot()
    def _forget(self) -> None:
        self.dialog = None
