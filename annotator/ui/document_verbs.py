"""What is done with whole documents: bring in, paste, describe, finish, remove, export."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from annotator.core.errors import NotFoundError, ReadOnlyError
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.annotate_page import AnnotatePage
from annotator.ui.dialogs.parts import is_dark
from annotator.ui.messages import Confirmation, MessageBar, error_text
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.theme import load_theme
from annotator.ui.words import grouped, span_count

if TYPE_CHECKING:
    from annotator.session.datasets import ExportResult
    from annotator.session.importing import ImportResult
    from annotator.session.session import Session
    from annotator.ui.dialogs.export import ExportDialog, ExportOptions
    from annotator.ui.dialogs.import_dialog import ImportDialog


class DocumentVerbs(QObject):
    """Long work runs as a task; `document_wanted` carries the id of a document that should be on screen.

    `revert_wanted` carries the id of a step of the history that should be taken back.
    """

    document_wanted = Signal(str)
    revert_wanted = Signal(str)

    def __init__(
        self, page: AnnotatePage, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._page = page
        self._tasks = tasks
        self._messages = messages
        self._settings = settings
        self._window = window
        self._session: Session | None = None
        self.import_dialog: ImportDialog | None = None
        self._imported_step = ""
        self.export_dialog: ExportDialog | None = None
        self._export_task: Task | None = None
        self._removing = ""
        self.import_folder = ""

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        if self.import_dialog is not None:
            self.import_dialog.abandon()
        self._session = session
        self.import_folder = str(session.path.parent) if session else ""

    # -- import

    @Slot()
    def choose_files(self) -> None:
        """Open the import dialog, where files and folders are chosen."""
        self.import_files([])

    @Slot(list)
    def import_files(self, files: list[str]) -> None:
        """Open the import dialog with files and folders, or add them to the one that is open."""
        session = self._session
        if session is None:
            self._messages.warn(self.tr("Open a project or make a new one first; then the files can be imported."))
            return
        if session.read_only_reason:
            self._messages.show_error(ReadOnlyError("{reason} Nothing was imported.", reason=session.read_only_reason))
            return
        if self.import_dialog is None:
            self._open_import(session)
        if files and self.import_dialog is not None:
            self.import_dialog.add_files(files)

    def _open_import(self, session: Session) -> None:
        from annotator.ui.dialogs.import_dialog import ImportDialog

        theme = load_theme("dark" if is_dark(self._window) else "light")
        dialog = ImportDialog(session, self._tasks, theme, self._settings, self.import_folder, self._window)
        dialog.imported.connect(self._show_import)
        dialog.document_wanted.connect(self.document_wanted)
        dialog.finished.connect(self._forget_import_dialog)
        self.import_dialog = dialog
        dialog.open()

    @Slot()
    def _forget_import_dialog(self) -> None:
        if self.import_dialog is not None:
            self.import_folder = self.import_dialog.folder
        self.import_dialog = None

    @Slot(object)
    def _show_import(self, result: ImportResult) -> None:
        count = len(result.imported)
        if not count:
            return
        words = self.tr("1 document imported.") if count == 1 else self.tr("{count} documents imported.")
        self._imported_step = result.step
        self._messages.inform(words.format(count=grouped(count)), self.tr("Undo"), self._undo_import)
        if self._page.document.document is None or count == 1:
            self.document_wanted.emit(result.imported[0].document.id)

    def _undo_import(self) -> None:
        self.revert_wanted.emit(self._imported_step)

    @Slot()
    def paste(self) -> None:
        """Make a document of the clipboard."""
        from annotator.ui.dialogs.paste import PasteDialog

        dialog = PasteDialog(QGuiApplication.clipboard().text(), self._window)
        dialog.accepted_document.connect(self.add_pasted)
        dialog.open()

    @Slot(str, str, str, str)
    def add_pasted(self, text: str, title: str, date: str, url: str) -> None:
        """Add pasted text as a document, in the background."""
        task = self._tasks.start(
            self.tr("Adding the pasted text"), partial(_paste_job, self._verbs(), text, title, date, url)
        )
        task.finished.connect(self._show_pasted)

    @Slot(object)
    def _show_pasted(self, document: str) -> None:
        self.document_wanted.emit(document)

    # -- one document

    @Slot()
    def toggle_done(self) -> None:
        """Say that the document on screen is done, or in progress again."""
        document = self._page.document.document
        if document is not None:
            done = self._page.document.status == "done"
            self.set_status(document.id, "in_progress" if done else "done")

    @Slot(str, str)
    def set_status(self, document: str, status: str) -> None:
        """Say where one stands with a document."""
        with self._messages.showing_errors():
            self._verbs().documents.set_status(document, status)

    @Slot()
    def show_properties(self) -> None:
        """Show what is known of the document on screen."""
        document = self._page.document.document
        if document is not None:
            self.show_properties_of(document.id)

    @Slot(str)
    def show_properties_of(self, document: str) -> None:
        """Show what is known of a document, and let it be corrected."""
        from annotator.ui.dialogs.document import DocumentDialog

        with self._messages.showing_errors():
            session = self._verbs()
            record = session.queries.document(document)
            dialog = DocumentDialog(record, self._window, editable=not session.read_only_reason)
            dialog.described.connect(self.describe)
            dialog.open()

    @Slot(str, dict)
    def describe(self, document: str, fields: dict[str, Any]) -> None:
        """Correct a document's title, date, source or language."""
        with self._messages.showing_errors():
            self._verbs().documents.describe(document, **fields)

    @Slot()
    def remove_current(self) -> None:
        """Ask whether to remove the document on screen."""
        document = self._page.document.document
        if document is not None:
            self.ask_to_remove(document.id)

    @Slot(str)
    def ask_to_remove(self, document: str) -> None:
        """Ask whether to remove a document with all that is tagged in it."""
        with self._messages.showing_errors():
            row = next(iter(self._verbs().queries.document_rows([document])), None)
            if row is None:
                return
            self._removing = document
            box = Confirmation(
                self._window,
                self.tr("Remove “{title}” from the project?").format(title=row.document.title),
                self.tr("{spans} go with it. Undo brings everything back.").format(spans=span_count(row.span_count)),
                self.tr("Remove"),
            )
            box.confirmed.connect(self._remove)
            box.open()

    @Slot()
    def _remove(self) -> None:
        with self._messages.showing_errors():
            current = self._page.document.document
            neighbour = self._neighbour(self._removing)
            self._verbs().documents.remove(self._removing)
            if neighbour is not None and current is not None and current.id == self._removing:
                self.document_wanted.emit(neighbour)

    def _neighbour(self, document: str) -> str | None:
        return self._page.documents.neighbour(document, 1) or self._page.documents.neighbour(document, -1)

    # -- export

    @Slot()
    def export(self) -> None:
        """Ask what to export and where to."""
        from annotator.ui.dialogs.export import ExportDialog

        with self._messages.showing_errors():
            session = self._verbs()
            folder = Path(self._settings.export_folder) if self._settings.export_folder else session.path.parent
            dialog = ExportDialog(session, folder, self._window)
            dialog.export_requested.connect(self._start_export)
            dialog.cancel_requested.connect(self._cancel_export)
            dialog.destroyed.connect(self._forget_export_dialog)
            self.export_dialog = dialog
            dialog.open()

    @Slot(object)
    def _start_export(self, options: ExportOptions) -> None:
        self._settings.export_folder = str(options.target.parent)
        task = self._tasks.start(self.tr("Exporting"), partial(_export_job, self._verbs(), options))
        task.handles_failure = True
        task.progressed.connect(self._export_progressed)
        task.finished.connect(self._export_finished)
        task.failed.connect(self._export_failed)
        task.cancelled.connect(self._export_cancelled)
        self._export_task = task

    @Slot()
    def _cancel_export(self) -> None:
        if self._export_task is not None:
            self._export_task.cancel()

    @Slot(int, int, str)
    def _export_progressed(self, done: int, total: int, what: str) -> None:
        if self.export_dialog is not None:
            self.export_dialog.show_progress(done, total, what)

    @Slot(object)
    def _export_finished(self, result: ExportResult) -> None:
        self._export_task = None
        if self.export_dialog is not None:
            self.export_dialog.show_result(result)

    @Slot(object)
    def _export_failed(self, error: BaseException) -> None:
        self._export_task = None
        if self.export_dialog is not None:
            self.export_dialog.show_error(error_text(error))

    @Slot()
    def _export_cancelled(self) -> None:
        self._export_task = None
        if self.export_dialog is not None:
            self.export_dialog.show_cancelled()

    @Slot()
    def _forget_export_dialog(self) -> None:
        self.export_dialog = None

    def _verbs(self) -> Session:
        if self._session is None:
            raise NotFoundError("Open a project first.")
        return self._session


def _paste_job(
    session: Session, text: str, title: str, date: str, url: str, _progress: Progress, _cancel: Cancel
) -> str:
    return session.documents.paste(text, title=title, date=date, url=url).id


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
