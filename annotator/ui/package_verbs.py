"""What is done with hand-off files: issue packages, hand in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.errors import UserError
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.messages import MessageBar, error_text
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.packages import HandedIn, HandInReport, Issued
    from annotator.session.session import Session
    from annotator.ui.dialogs.hand_in import HandInDialog
    from annotator.ui.dialogs.issue_packages import IssueOptions, IssuePackagesDialog


@dataclass(frozen=True, slots=True)
class _Batch:
    """Packages that were made, and why others were not."""

    issued: tuple[Issued, ...]
    errors: tuple[UserError, ...]


class PackageVerbs(DialogVerbs):
    """Files are made in tasks. `place_wanted` carries the id of a document and a code point to show in it."""

    place_wanted = Signal(str, int)

    def __init__(self, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget) -> None:
        super().__init__(tasks, window)
        self._messages = messages
        self._settings = settings
        self.issue_dialog: IssuePackagesDialog | None = None
        self.hand_in_dialog: HandInDialog | None = None

    # -- issuing

    @Slot()
    def issue(self) -> None:
        """Ask for whom packages are to be made."""
        from annotator.ui.dialogs.issue_packages import IssuePackagesDialog

        with self._messages.showing_errors():
            session = self._verbs()
            folder = self._settings.folder_for_files(session.path.parent)
            dialog = IssuePackagesDialog(session.packages.recipients(), folder, self._window)
            dialog.issue_requested.connect(self._start_issuing)
            dialog.finished.connect(self._forget_issue_dialog)
            self.issue_dialog = dialog
            self._show(dialog)

    @Slot()
    def _forget_issue_dialog(self) -> None:
        self.issue_dialog = None

    @Slot(object)
    def _start_issuing(self, options: IssueOptions) -> None:
        if self.issue_dialog is not None:
            self._settings.export_folder = str(options.folder)
            job = partial(_issue_job, self._verbs(), options)
            task = self._work(self.issue_dialog, self.tr("Making packages"), job)
            task.finished.connect(self._show_issued)

    @Slot(object)
    def _show_issued(self, batch: _Batch) -> None:
        if self.issue_dialog is None:
            return
        problem = "\n".join(error_text(error) for error in batch.errors)
        if batch.issued:
            self.issue_dialog.show_result(batch.issued, problem)
        else:
            self.issue_dialog.show_error(problem)

    # -- handing in

    @Slot()
    def hand_in(self) -> None:
        """Look through the package and ask whether to hand in."""
        from annotator.ui.dialogs.hand_in import HandInDialog

        with self._messages.showing_errors():
            session = self._verbs()
            dialog = HandInDialog(self._settings.folder_for_files(session.path.parent), self._window)
            dialog.hand_in_requested.connect(self._start_handing_in)
            dialog.place_wanted.connect(self.place_wanted)
            dialog.finished.connect(self._forget_hand_in_dialog)
            self.hand_in_dialog = dialog
            self._show(dialog)
            task = self._tasks.start(self.tr("Looking through the documents"), partial(_report_job, session))
            task.progressed.connect(dialog.show_progress)
            task.finished.connect(dialog.show_report)
            task.failed.connect(dialog.abandon)
            task.cancelled.connect(dialog.abandon)
            dialog.cancel_requested.connect(task.cancel)

    @Slot()
    def _forget_hand_in_dialog(self) -> None:
        self.hand_in_dialog = None

    @Slot(object)
    def _start_handing_in(self, folder: Path) -> None:
        dialog = self.hand_in_dialog
        if dialog is not None:
            self._settings.export_folder = str(folder)
            task = self._work(dialog, self.tr("Handing in"), partial(_hand_in_job, self._verbs(), folder))
            task.finished.connect(dialog.show_result)


def _issue_job(session: Session, options: IssueOptions, progress: Progress, cancel: Cancel) -> _Batch:
    issued: list[Issued] = []
    errors: list[UserError] = []
    names = {one.id: one.name for one in session.packages.recipients()}
    total = len(options.annotators)
    for place, annotator in enumerate(options.annotators):
        progress(place, total, names.get(annotator, ""))
        try:
            issued.append(
                session.packages.issue(annotator, options.folder, with_digest=options.with_digest, cancel=cancel)
            )
        except UserError as error:
            errors.append(error)
    return _Batch(tuple(issued), tuple(errors))


def _report_job(session: Session, progress: Progress, cancel: Cancel) -> HandInReport:
    return session.packages.hand_in_report(progress, cancel)


def _hand_in_job(session: Session, folder: Path, progress: Progress, cancel: Cancel) -> HandedIn:
    return session.packages.hand_in(folder, progress, cancel)
