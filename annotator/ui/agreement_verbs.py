"""The window of agreement: opened, told of changes, closed with the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from annotator.core.changes import ChangeSet
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.ui.dialogs.agreement import AgreementDialog

_TABLES = (
    "annotation",
    "relation",
    "status",
    "layer",
    "round",
    "document",
    "decision",
    "label",
    "annotator",
    "project",
)


class AgreementVerbs(DialogVerbs):
    """`document_wanted` carries the id of a document to show."""

    document_wanted = Signal(str)

    def __init__(self, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(tasks, window)
        self.dialog: AgreementDialog | None = None

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Let the dialog say that its figures are of before."""
        if self.dialog is not None and isValid(self.dialog) and changes.touches(*_TABLES):
            self.dialog.mark_stale()

    @Slot()
    def show(self) -> None:
        """Show how far layers agree, beside the window."""
        from annotator.ui.dialogs.agreement import AgreementDialog

        session = self._verbs()
        if self.dialog is not None and isValid(self.dialog):
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        self.dialog = AgreementDialog(session, self._tasks, self._window)
        self.dialog.document_wanted.connect(self.document_wanted)
        self.dialog.finished.connect(self._forget)
        self.project_left.connect(self.dialog.abandon)
        self.dialog.show()

    @Slot()
    def _forget(self) -> None:
        self.dialog = None
