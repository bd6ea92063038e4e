"""What is done with labelled data that came: look at it, say what its names mean, bring it in."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.errors import UserError
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner
from annotator.ui.words import grouped, span_count

if TYPE_CHECKING:
    from annotator.session.load_plan import LoadPlan
    from annotator.session.session import Session
    from annotator.ui.dialogs.load import LoadDialog
    from annotator.ui.load_work import LabelledFile, LoadReport


class LoadVerbs(DialogVerbs):
    """Files are read in tasks. `revert_wanted` carries the id of a step that should be taken back."""

    revert_wanted = Signal(str)

    def __init__(self, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget) -> None:
        super().__init__(tasks, window)
        self._messages = messages
        self._settings = settings
        self._steps: list[str] = []
        self.load_dialog: LoadDialog | None = None

    def are_labelled(self, files: list[str]) -> bool:
        """Say whether all of the files have the ending of labelled data, which no document has."""
        if self._session is None or not files:
            return False
        endings = tuple(self._session.datasets.labelled_endings())
        return all(file.lower().endswith(endings) for file in files)

    @Slot()
    def choose_files(self) -> None:
        """Open the dialog, where files and folders are chosen."""
        self.load_files([])

    @Slot(list)
    def load_files(self, files: list[str]) -> None:
        """Look at labelled files, if any are given yet, and ask what their names mean."""
        from annotator.ui.dialogs.load import LoadDialog

        with self._messages.showing_errors():
            session = self._verbs()
            session.repository  # noqa: B018 - refuses at once where the project is read-only
            dialog = LoadDialog(session, self._window)
            dialog.examine_requested.connect(self._examine)
            dialog.rehearse_requested.connect(self._rehearse)
            dialog.load_requested.connect(self._load)
            dialog.save_requested.connect(self._save)
            dialog.finished.connect(self._forget_dialog)
            self.load_dialog = dialog
            self._show(dialog)
            dialog.add_files(files)

    @Slot()
    def _forget_dialog(self) -> None:
        self.load_dialog = None

    @Slot(list)
    def _examine(self, files: list[LabelledFile]) -> None:
        from annotator.ui.load_work import examine

        if self.load_dialog is not None:
            task = self._work(self.load_dialog, self.tr("Reading"), partial(examine, self._verbs(), files))
            task.finished.connect(self.load_dialog.show_examined)

    @Slot(list, object)
    def _rehearse(self, files: list[LabelledFile], plan: LoadPlan) -> None:
        if self.load_dialog is not None:
            job = partial(_load_job, self._verbs(), files, plan, True)
            task = self._work(self.load_dialog, self.tr("Checking"), job)
            task.finished.connect(self.load_dialog.show_rehearsal)

    @Slot(list, object)
    def _load(self, files: list[LabelledFile], plan: LoadPlan) -> None:
        if self.load_dialog is not None:
            job = partial(_load_job, self._verbs(), files, plan, False)
            task = self._work(self.load_dialog, self.tr("Loading"), job)
            task.finished.connect(self.load_dialog.show_result)
            task.finished.connect(self._tell)

    @Slot(object)
    def _tell(self, report: LoadReport) -> None:
        """Say what came in, with a button that takes it back."""
        self._steps = report.steps()
        documents = sum(one.documents for one in report.results)
        spans = sum(one.spans for one in report.results)
        if not self._steps:
            self._messages.inform(self.tr("Everything in it is here already; nothing was changed."))
            return
        new = self.tr("1 new document") if documents == 1 else self.tr("{count} new documents")
        words = self.tr("Loaded: {documents}, {spans}.")
        text = words.format(documents=new.format(count=grouped(documents)), spans=span_count(spans))
        self._messages.inform(text, self.tr("Undo"), self._undo)

    def _undo(self) -> None:
        for step in reversed(self._steps):
            self.revert_wanted.emit(step)

    @Slot(str, str)
    def _save(self, file: str, text: str) -> None:
        task = self._tasks.start(self.tr("Saving the list"), partial(_save_job, Path(file), text))
        task.finished.connect(self._tell_saved)

    @Slot(object)
    def _tell_saved(self, file: Path) -> None:
        self._messages.inform(self.tr("Saved as {file}.").format(file=file.name))


def _load_job(
    session: Session, files: list[LabelledFile], plan: LoadPlan, rehearse: bool, progress: Progress, cancel: Cancel
) -> LoadReport:
    from annotator.ui.load_work import load

    return load(session, files, plan, progress, cancel, rehearse=rehearse)


def _save_job(file: Path, text: str, _: Progress, __: Cancel) -> Path:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            "“{file}” cannot be written: {reason}. Choose another.", file=str(file), reason=reason
        ) from error
    return file
