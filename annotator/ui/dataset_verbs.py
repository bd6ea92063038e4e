"""What is done with datasets: export."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.datasets import ExportResult
    from annotator.session.session import Session
    from annotator.ui.dialogs.export import ExportDialog, ExportOptions


class DatasetVerbs(DialogVerbs):
    """Files are written in tasks."""

    def __init__(self, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget) -> None:
        super().__init__(tasks, window)
        self._messages = messages
        self._settings = settings
        self.export_dialog: ExportDialog | None = None

    @Slot()
    def export(self) -> None:
        """Ask what to export and where to."""
        from annotator.ui.dialogs.export import ExportDialog

        with self._messages.showing_errors():
            session = self._verbs()
            dialog = ExportDialog(session, self._settings.folder_for_files(session.path.parent), self._window)
            dialog.export_requested.connect(self._start_export)
            dialog.finished.connect(self._forget_export_dialog)
            self.export_dialog = dialog
            self._show(dialog)

    @Slot()
    def _forget_export_dialog(self) -> None:
        self.export_dialog = None

    @Slot(object)
    def _start_export(self, options: ExportOptions) -> None:
        dialog = self.export_dialog
        if dialog is not None:
            self._settings.export_folder = str(options.target.parent)
            task = self._work(dialog, self.tr("Exporting"), partial(_export_job, self._verbs(), options))
            task.finished.connect(dialog.show_result)


def _export_job(session: Session, options: ExportOptions, progress: Progress, cancel: Cancel) -> ExportResult:
    return session.datasets.export(
        options.target,
        options.format,
        layer=options.layer,
        statuses=options.statuses,
        names=options.names,
        progress=progress,
        cancel=cancel,
    )
