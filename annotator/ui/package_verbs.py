"""What is done with hand-off files: issue packages, hand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.errors import NotFoundError, UserError
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.messages import MessageBar, error_text
from annotator.ui.tasks import Task, TaskRunner

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


class PackageVerbs(QObject):
    """Files are made in tasks. `place_wanted` carries the id of a document and a code point to show in it."""

    place_wanted = Signal(str, int)

    def __init__(self, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._settings = settings
        self._window = window
        self._session: Session | None = None
        self._task: Task | None = None
        self.issue_dialog: IssuePackagesDialog | None = None
        self.hand_in_dialog: HandInDialog | None = None

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self._session = session
        for dialog in (self.issue_dialog, self.hand_in_dialog):
            if dialog is not None:
                dialog.done(0)

    def _folder(self, session: Session) -> Path:
        kept = Path(self._settings.export_folder) if self._settings.export_folder else None
        return kept if kept is not None and kept.is_dir() else session.path.parent

    def _verbs(self) -> Session:
        if self._session is None:
            raise NotFoundError("Open a project first.")
        return self._session

    @Slot()
    def cancel(self) -> None:
        """Stop what runs for a dialog."""
        if self._task is not None:
            self._task.cancel()

    def _start(self, title: str, job: Callable[[Progress, Cancel], object]) -> Task:
        self._task = self._tasks.start(title, job)
        self._task.handles_failure = True
        return self._task

    # -- issuing

    @Slot()
    def issue(self) -> None:
        """Ask for whom packages are to be made."""
        from annotator.ui.dialogs.issue_packages import IssuePackagesDialog

        with self._messages.showing_errors():
            session = self._verbs()
            dialog = IssuePackagesDialog(session.packages.recipients(), self._folder(session), self._window)
            dialog.issue_requested.connect(self._start_issuing)
            dialog.cancel_requested.connect(self.cancel)
            dialog.finished.connect(self._forget_issue_dialog)
            self.issue_dialog = dialog
            dialog.open()

    @Slot()
    def _forget_issue_dialog(self) -> None:
        self.issue_dialog = None

    @Slot(object)
    def _start_issuing(self, options: IssueOptions) -> None:
        self._settings.export_folder = str(options.folder)
        task = self._start(self.tr("Making packages"), partial(_issue_job, self._verbs(), options))
        dialog = self.issue_dialog
        assert dialog is not None
        task.progressed.connect(dialog.show_progress)
        task.cancelled.connect(dialog.show_cancelled)
        task.finished.connect(self._show_issued)
        task.failed.connect(self._show_issue_failure)

    @Slot(object)
    def _show_issued(self, batch: _Batch) -> None:
        if self.issue_dialog is None:
            return
        problem = "\n".join(error_text(error) for error in batch.errors)
        if batch.issued:
            self.issue_dialog.show_result(batch.issued, problem)
        else:
            self.issue_dialog.show_error(problem)

    @Slot(object)
    def _show_issue_failure(self, error: BaseException) -> None:
        if self.issue_dialog is not None:
            self.issue_dialog.show_error(error_text(error))

    # -- handing in

    @Slot()
    def hand_in(self) -> None:
        """Look through the package and ask whether to hand in."""
        from annotator.ui.dialogs.hand_in import HandInDialog

        with self._messages.showing_errors():
            session = self._verbs()
            dialog = HandInDialog(self._folder(session), self._window)
            dialog.hand_in_requested.connect(self._start_handing_in)
            dialog.place_wanted.connect(self.place_wanted)
            dialog.cancel_requested.connect(self.cancel)
            dialog.finished.connect(self._forget_hand_in_dialog)
            self.hand_in_dialog = dialog
            dialog.open()
            task = self._start(self.tr("Looking through the documents"), partial(_report_job, session))
            task.progressed.connect(dialog.show_progress)
            task.finished.connect(self._show_report)
            task.failed.connect(self._fail_report)
            task.cancelled.connect(self._close_hand_in)

    @Slot()
    def _forget_hand_in_dialog(self) -> None:
        self.hand_in_dialog = None

    @Slot(object)
    def _show_report(self, report: HandInReport) -> None:
        if self.hand_in_dialog is not None:
            self.hand_in_dialog.show_report(report)

    @Slot(object)
    def _fail_report(self, error: BaseException) -> None:
        self._close_hand_in()
        self._messages.show_error(error)

    @Slot()
    def _close_hand_in(self) -> None:
        if self.hand_in_dialog is not None:
            self.hand_in_dialog.done(0)

    @Slot(object)
    def _start_handing_in(self, folder: Path) -> None:
        self._settings.export_folder = str(folder)
        task = self._start(self.tr("Handing in"), partial(_hand_in_job, self._verbs(), folder))
        dialog = self.hand_in_dialog
        assert dialog is not None
        task.progressed.connect(dialog.show_progress)
        task.cancelled.connect(dialog.show_cancelled)
        task.finished.connect(self._show_handed_in)
        task.failed.connect(self._show_hand_in_failure)

    @Slot(object)
    def _show_handed_in(self, handed: HandedIn) -> None:
        if self.hand_in_dialog is not None:
            self.hand_in_dialog.show_result(handed)

    @Slot(object)
    def _show_hand_in_failure(self, error: BaseException) -> None:
        if self.hand_in_dialog is not None:
            self.hand_in_dialog.show_error(error_text(error))


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
