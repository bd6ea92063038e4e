"""What is done with files that came: merge what was handed in, take in a later package, resolve conflicts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.core.errors import NotFoundError, UserError
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.messages import MessageBar, error_text
from annotator.ui.tasks import Job, Task, TaskRunner

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.session.merging import MergeReport
    from annotator.session.precedents import DigestDocument
    from annotator.session.session import Session
    from annotator.ui.dialogs.conflicts import ConflictsDialog
    from annotator.ui.dialogs.merge_files import MergeDialog


class MergeVerbs(QObject):
    """Merges run in tasks. `place_wanted` carries the id of a document and a code point, `open_wanted` a path."""

    place_wanted = Signal(str, int)
    open_wanted = Signal(str)
    digest_wanted = Signal()

    def __init__(self, tasks: TaskRunner, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._window = window
        self._session: Session | None = None
        self._task: Task | None = None
        self._digest_before: list[DigestDocument] = []
        self._brought_decisions = False
        self.merge_dialog: MergeDialog | None = None
        self.conflicts_dialog: ConflictsDialog | None = None

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self._session = session
        for dialog in (self.merge_dialog, self.conflicts_dialog):
            if dialog is not None:
                dialog.done(0)

    def apply(self, changes: ChangeSet) -> None:
        """Show the conflicts that are left after a change."""
        if self.conflicts_dialog is not None and changes:
            self._show_conflicts()

    def _verbs(self) -> Session:
        if self._session is None:
            raise NotFoundError("Open a project first.")
        return self._session

    @Slot()
    def cancel(self) -> None:
        """Stop what runs for the dialog."""
        if self._task is not None:
            self._task.cancel()

    # -- merging

    @Slot()
    def merge(self) -> None:
        """Ask for the files to merge."""
        dialog = FileDialog(self._window, self.tr("Merge files that were handed in"), self._folder())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        returns = self.tr("Handed-in files and projects (*.annoreturn *.annodb)")
        dialog.setNameFilters([returns, self.tr("All files (*)")])
        dialog.filesSelected.connect(self.merge_files)
        dialog.open()

    def _folder(self) -> str:
        return "" if self._session is None else str(self._session.path.parent)

    @Slot(list)
    def merge_files(self, files: list[str]) -> None:
        """Show what merging these files would do, and ask."""
        self._open(files, updates=False)

    @Slot(str)
    def update(self, file: str) -> None:
        """Show what a later package brings, and ask."""
        self._open([file], updates=True)

    def _open(self, files: list[str], *, updates: bool) -> None:
        from annotator.ui.dialogs.merge_files import MergeDialog

        with self._messages.showing_errors():
            session = self._verbs()
            session.repository  # noqa: B018 - refuses at once where the project is read-only
            paths = [Path(file) for file in files]
            dialog = MergeDialog(paths, self._window, updates=updates)
            dialog.merge_requested.connect(self._start_update if updates else self._start_merge)
            dialog.cancel_requested.connect(self.cancel)
            dialog.conflicts_wanted.connect(self.show_conflicts)
            dialog.open_wanted.connect(self.open_wanted)
            dialog.finished.connect(self._forget_merge_dialog)
            self.merge_dialog = dialog
            dialog.open()
            task = self._start(self.tr("Reading"), partial(_preview_job, session, paths))
            task.finished.connect(self._show_preview)

    def _start(self, title: str, job: Job) -> Task:
        task = self._tasks.start(title, job)
        task.handles_failure = True
        task.progressed.connect(self._show_progress)
        task.failed.connect(self._show_failure)
        task.cancelled.connect(self._show_cancelled)
        self._task = task
        return task

    @Slot(list)
    def _start_merge(self, files: list[Path]) -> None:
        task = self._start(self.tr("Merging"), partial(_merge_job, self._verbs(), files))
        task.finished.connect(self._show_result)

    @Slot(list)
    def _start_update(self, files: list[Path]) -> None:
        self._digest_before = self._verbs().queries.digest()
        task = self._start(self.tr("Updating"), partial(_update_job, self._verbs(), files))
        task.finished.connect(self._show_update)

    @Slot()
    def _forget_merge_dialog(self) -> None:
        self.merge_dialog = None
        if self._brought_decisions:
            self._brought_decisions = False
            words = self.tr("Documents came back to you with what the lead decided.")
            self._messages.inform(words, self.tr("Show the decisions"), self.digest_wanted.emit)

    @Slot(int, int, str)
    def _show_progress(self, done: int, total: int, what: str) -> None:
        if self.merge_dialog is not None:
            self.merge_dialog.show_progress(done, total, what)

    @Slot(object)
    def _show_preview(self, report: MergeReport) -> None:
        if self.merge_dialog is not None:
            self.merge_dialog.show_preview(report)

    @Slot(object)
    def _show_result(self, report: MergeReport) -> None:
        if self.merge_dialog is not None:
            self.merge_dialog.show_result(report)

    @Slot(object)
    def _show_update(self, report: MergeReport) -> None:
        self._brought_decisions = self._verbs().queries.digest() != self._digest_before
        self._show_result(report)

    @Slot(object)
    def _show_failure(self, error: BaseException) -> None:
        if self.merge_dialog is not None:
            self.merge_dialog.show_error(error_text(error))

    @Slot()
    def _show_cancelled(self) -> None:
        if self.merge_dialog is not None:
            self.merge_dialog.show_cancelled()

    # -- conflicts

    @Slot()
    def show_conflicts(self) -> None:
        """Show what two people left differently."""
        from annotator.session.conflict_rows import conflict_rows
        from annotator.ui.dialogs.conflicts import ConflictsDialog

        with self._messages.showing_errors():
            dialog = ConflictsDialog(conflict_rows(self._verbs()), self._window)
            dialog.chosen.connect(self._resolve)
            dialog.bring_back.connect(self._bring_back)
            dialog.place_wanted.connect(self.place_wanted)
            dialog.undo_requested.connect(self._undo)
            dialog.redo_requested.connect(self._redo)
            dialog.finished.connect(self._forget_conflicts_dialog)
            self.conflicts_dialog = dialog
            dialog.open()

    @Slot()
    def _forget_conflicts_dialog(self) -> None:
        self.conflicts_dialog = None

    def _show_conflicts(self) -> None:
        from annotator.session.conflict_rows import conflict_rows

        if self.conflicts_dialog is not None:
            self.conflicts_dialog.set_conflicts(conflict_rows(self._verbs()))

    @Slot(str, str)
    def _resolve(self, row: str, revision: str) -> None:
        try:
            self._verbs().merging.resolve(row, revision)
            self._show_conflicts()
        except UserError as error:
            self._explain(error)

    @Slot(str)
    def _bring_back(self, row: str) -> None:
        try:
            self._verbs().merging.bring_back(row)
            self._show_conflicts()
        except UserError as error:
            self._explain(error)

    @Slot()
    def _undo(self) -> None:
        try:
            self._verbs().history.undo()
            self._show_conflicts()
        except UserError as error:
            self._explain(error)

    @Slot()
    def _redo(self) -> None:
        try:
            self._verbs().history.redo()
            self._show_conflicts()
        except UserError as error:
            self._explain(error)

    def _explain(self, error: UserError) -> None:
        if self.conflicts_dialog is not None:
            self.conflicts_dialog.show_problem(error_text(error))


def _preview_job(session: Session, files: list[Path], progress: Progress, cancel: Cancel) -> MergeReport:
    return session.merging.preview(files, progress, cancel)


def _merge_job(session: Session, files: list[Path], progress: Progress, cancel: Cancel) -> MergeReport:
    return session.merging.merge(files, progress, cancel)


def _update_job(session: Session, files: list[Path], progress: Progress, cancel: Cancel) -> MergeReport:
    return session.packages.update(files, progress, cancel)
