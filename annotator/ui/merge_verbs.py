"""What is done with files that came: merge what was handed in, take in a later package, resolve conflicts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.session.progress import Cancel, Progress
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import telling
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.session.merging import MergeReport
    from annotator.session.precedents import DigestDocument
    from annotator.session.session import Session
    from annotator.ui.dialogs.conflicts import ConflictsDialog
    from annotator.ui.dialogs.merge_files import MergeDialog


class MergeVerbs(DialogVerbs):
    """Merges run in tasks. `place_wanted` carries the id of a document and a code point, `open_wanted` a path."""

    place_wanted = Signal(str, int)
    open_wanted = Signal(str)
    digest_wanted = Signal()

    def __init__(self, tasks: TaskRunner, messages: MessageBar, window: QWidget) -> None:
        super().__init__(tasks, window)
        self._messages = messages
        self._digest_before: list[DigestDocument] = []
        self._brought_decisions = False
        self.merge_dialog: MergeDialog | None = None
        self.conflicts_dialog: ConflictsDialog | None = None

    def apply(self, changes: ChangeSet) -> None:
        """Show the conflicts that are left after a change."""
        if self.conflicts_dialog is not None and changes:
            self._show_conflicts()

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
            dialog.conflicts_wanted.connect(self.show_conflicts)
            dialog.open_wanted.connect(self.open_wanted)
            dialog.finished.connect(self._forget_merge_dialog)
            self.merge_dialog = dialog
            self._show(dialog)
            task = self._work(dialog, self.tr("Reading"), partial(_preview_job, session, paths))
            task.finished.connect(dialog.show_preview)

    @Slot(list)
    def _start_merge(self, files: list[Path]) -> None:
        dialog = self.merge_dialog
        if dialog is not None:
            task = self._work(dialog, self.tr("Merging"), partial(_merge_job, self._verbs(), files))
            task.finished.connect(dialog.show_result)

    @Slot(list)
    def _start_update(self, files: list[Path]) -> None:
        dialog = self.merge_dialog
        if dialog is not None:
            self._digest_before = self._verbs().queries.digest()
            task = self._work(dialog, self.tr("Updating"), partial(_update_job, self._verbs(), files))
            task.finished.connect(dialog.show_result)
            task.finished.connect(self._look_for_decisions)

    @Slot()
    def _look_for_decisions(self) -> None:
        if self._session is not None:
            self._brought_decisions = self._session.queries.digest() != self._digest_before

    @Slot()
    def _forget_merge_dialog(self) -> None:
        self.merge_dialog = None
        if self._brought_decisions:
            self._brought_decisions = False
            words = self.tr("Documents came back to you with what the lead decided.")
            self._messages.inform(words, self.tr("Show the decisions"), self.digest_wanted.emit)

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
            self._show(dialog)

    @Slot()
    def _forget_conflicts_dialog(self) -> None:
        self.conflicts_dialog = None

    def _show_conflicts(self) -> None:
        from annotator.session.conflict_rows import conflict_rows

        if self.conflicts_dialog is not None:
            self.conflicts_dialog.set_conflicts(conflict_rows(self._verbs()))

    @Slot(str, str)
    def _resolve(self, row: str, revision: str) -> None:
        with telling(self.conflicts_dialog):
            self._verbs().merging.resolve(row, revision)
            self._show_conflicts()

    @Slot(str)
    def _bring_back(self, row: str) -> None:
        with telling(self.conflicts_dialog):
            self._verbs().merging.bring_back(row)
            self._show_conflicts()

    @Slot()
    def _undo(self) -> None:
        with telling(self.conflicts_dialog):
            self._verbs().history.undo()
            self._show_conflicts()

    @Slot()
    def _redo(self) -> None:
        with telling(self.conflicts_dialog):
            self._verbs().history.redo()
            self._show_conflicts()


def _preview_job(session: Session, files: list[Path], progress: Progress, cancel: Cancel) -> MergeReport:
    return session.merging.preview(files, progress, cancel)


def _merge_job(session: Session, files: list[Path], progress: Progress, cancel: Cancel) -> MergeReport:
    return session.merging.merge(files, progress, cancel)


def _update_job(session: Session, files: list[Path], progress: Progress, cancel: Cancel) -> MergeReport:
    return session.packages.update(files, progress, cancel)
