"""What is done with whole documents: bring in, paste, describe, correct, finish, remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from annotator.core.errors import ReadOnlyError
from annotator.core.text_edits import Side, TextEdit, moved
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.annotate_page import AnnotatePage
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.dialogs.parts import theme_of
from annotator.ui.messages import Confirmation, MessageBar
from annotator.ui.tasks import TaskRunner
from annotator.ui.words import grouped, quoted, span_count

if TYPE_CHECKING:
    from annotator.session.importing import ImportResult
    from annotator.session.session import Session
    from annotator.session.versions import NewVersion
    from annotator.ui.dialogs.correct_text import CorrectTextDialog
    from annotator.ui.dialogs.import_dialog import ImportDialog


_TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A new version, the edits that made it of the one before, and the id of the step in the history."""

    version: NewVersion
    edits: Sequence[TextEdit]
    step: str


class DocumentVerbs(DialogVerbs):
    """Long work runs as a task; `document_wanted` carries the id of a document that should be on screen.

    `place_wanted` carries besides the code point that should be at its top, `revert_wanted` the id of a step of the
    history that should be taken back, `note_wanted` the id of a document whose notes should be shown.
    """

    document_wanted = Signal(str)
    place_wanted = Signal(str, int)
    revert_wanted = Signal(str)
    note_wanted = Signal(str)

    def __init__(
        self, page: AnnotatePage, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(tasks, window)
        self._page = page
        self._messages = messages
        self._settings = settings
        self.import_dialog: ImportDialog | None = None
        self._imported: tuple[str, str] | None = None
        self.correct_dialog: CorrectTextDialog | None = None
        self._last_step = ""
        self._removing = ""
        self.import_folder = ""

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        super().set_session(session)
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
        if session.package is not None:
            self._messages.warn(
                self.tr("The package fixes the documents; nothing was imported. Ask the lead for more.")
            )
            return
        if self.import_dialog is None:
            self._open_import(session)
        if files and self.import_dialog is not None:
            self.import_dialog.add_files(files)

    def _open_import(self, session: Session) -> None:
        from annotator.ui.dialogs.import_dialog import ImportDialog

        dialog = ImportDialog(
            session, self._tasks, theme_of(self._window), self._settings, self.import_folder, self._window
        )
        dialog.imported.connect(self._show_import)
        dialog.document_wanted.connect(self.document_wanted)
        dialog.finished.connect(self._forget_import_dialog)
        self.import_dialog = dialog
        self._show(dialog)

    @Slot()
    def _forget_import_dialog(self) -> None:
        """Say what came in only now: as long as the dialog was open, it told so itself and lay over the window."""
        if self.import_dialog is not None:
            self.import_folder = self.import_dialog.folder
        self.import_dialog = None
        imported, self._imported = self._imported, None
        if imported is not None:
            self._inform_of_step(*imported)

    @Slot(object)
    def _show_import(self, result: ImportResult) -> None:
        count = len(result.imported)
        if not count:
            return
        words = self.tr("1 document imported.") if count == 1 else self.tr("{count} documents imported.")
        self._imported = words.format(count=grouped(count)), result.step
        if self._page.document.document is None or count == 1:
            self.document_wanted.emit(result.imported[0].document.id)

    def _inform_of_step(self, text: str, step: str) -> None:
        """Say what was done, with a button that takes it back."""
        self._last_step = step
        self._messages.inform(text, self.tr("Undo"), self._undo_last_step)

    def _undo_last_step(self) -> None:
        self.revert_wanted.emit(self._last_step)

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
            version = session.queries.version(record)
            dialog = DocumentDialog(
                record,
                self._window,
                version=version,
                editable=not session.read_only_reason,
                attributes=[a for a in session.queries.codebook().attributes if a.inherits and not a.retired],
                values=session.queries.document_values(document),
                entities=session.queries.entity_choices,
            )
            dialog.described.connect(self.describe)
            dialog.note_wanted.connect(self.note_wanted)
            dialog.open()

    @Slot(str, dict, dict)
    def describe(self, document: str, fields: dict[str, Any], values: dict[str, Any] | None = None) -> None:
        """Correct a document's title, date, source or language, and the values that its spans inherit."""
        with self._messages.showing_errors():
            session = self._verbs()
            record = session.queries.document(document)
            title = self.tr("Describe {title}").format(title=quoted(fields.get("title", record.title), _TITLE_LENGTH))
            with session.group(title):
                session.documents.describe(document, **fields)
                for key, value in (values or {}).items():
                    session.documents.set_value(document, key, value)

    # -- the text of one document

    @Slot()
    def correct_text(self) -> None:
        """Let the text of the document on screen be corrected."""
        document = self._page.document.document
        if document is not None:
            self.correct_text_of(document.id)

    @Slot(str)
    def correct_text_of(self, document: str) -> None:
        """Let the text of a document be corrected; what is saved is a new version."""
        from annotator.ui.dialogs.correct_text import CorrectTextDialog

        with self._messages.showing_errors():
            content = self._verbs().queries.content(document)
            spans = [annotation.fragments for annotation in content.annotations]
            dialog = CorrectTextDialog(
                content.document,
                content.text,
                content.structure,
                spans,
                self._tasks,
                theme_of(self._window),
                self._window,
                place=self._place_in(document),
            )
            dialog.save_requested.connect(self._save_version)
            dialog.finished.connect(self._forget_correct_dialog)
            self.correct_dialog = dialog
            self._show(dialog)

    def _place_in(self, document: str) -> int:
        """Return the code point of a document that somebody is looking at: what is selected, or the first in sight."""
        current, selection = self._page.document.document, self._page.reading.selection()
        if current is None or current.id != document:
            return 0
        return selection[0] if selection else self._page.faces.top_position()

    @Slot()
    def _forget_correct_dialog(self) -> None:
        self.correct_dialog = None

    @Slot(str, object)
    def _save_version(self, document: str, edits: Sequence[TextEdit]) -> None:
        task = self._tasks.start("", partial(_correct_job, self._verbs(), document, edits))
        task.handles_failure = True
        task.finished.connect(self._show_version)
        task.failed.connect(self._keep_corrections)

    @Slot(object)
    def _keep_corrections(self, error: BaseException) -> None:
        if self.correct_dialog is not None:
            self.correct_dialog.show_error(error)

    @Slot(object)
    def _show_version(self, corrected: _Corrected) -> None:
        if self.correct_dialog is None:
            return
        self.correct_dialog.close_saved()
        version, current = corrected.version, self._page.document.document
        if current is not None and current.id == version.document.supersedes:
            place = moved(self._page.faces.top_position(), corrected.edits, Side.BEFORE)
            self.place_wanted.emit(version.document.id, place)
        one, several = self.tr("1 span waits for a new place."), self.tr("{count} spans wait for a new place.")
        lost = one if version.lost == 1 else several.format(count=grouped(version.lost)) if version.lost else ""
        self._inform_of_step(" ".join(filter(None, (self.tr("Corrected."), lost))), corrected.step)

    # -- taking documents out

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


def _paste_job(
    session: Session, text: str, title: str, date: str, url: str, _progress: Progress, _cancel: Cancel
) -> str:
    return session.documents.paste(text, title=title, date=date, url=url).id


def _correct_job(
    session: Session, document: str, edits: Sequence[TextEdit], _progress: Progress, _cancel: Cancel
) -> _Corrected:
    version = session.documents.correct(document, edits)
    return _Corrected(version, edits, session.history.last_step_of(version.document.id))
