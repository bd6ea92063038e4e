"""Bring documents in: choose files, see what they would become, correct it, and only then store it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from annotator.session.importing import Duplicate, Failure, ImportResult
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.import_entries import CAN_BE_RETRIED, Entry, State
from annotator.ui.dialogs.import_list import ImportList
from annotator.ui.dialogs.import_model import ImportModel
from annotator.ui.dialogs.import_pages import DropPage, name_filters
from annotator.ui.dialogs.import_preview import ImportPreview
from annotator.ui.dialogs.import_progress import ProgressLine
from annotator.ui.dialogs.keys import KeysDialog
from annotator.ui.dialogs.parts import Dialog
from annotator.ui.import_work import ImportWork, Stored
from annotator.ui.messages import Confirmation, error_text
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, one_line

SIZE = (1120, 720)
LEAST_WIDTH = 780
_SPLIT = (380, 700)


class ImportDialog(Dialog):
    """Reads and stores beside the window, and stays open as long as something needs a look.

    `imported` carries the ImportResult of each storing, `document_wanted` the id of a document to be shown.
    """

    imported = Signal(object)
    document_wanted = Signal(str)

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        theme: Theme,
        settings: Settings,
        folder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._settings = settings
        self._orders: list[Entry] = []
        self.model = ImportModel(self)
        self.work = ImportWork(session, tasks, self)
        self.list = ImportList(self.model, theme)
        self.preview = ImportPreview(tasks, theme)
        self.drop_page = DropPage()
        self.progress = ProgressLine()
        self.set_title(self.tr("Import documents"))
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._restore_size()
        self._show_state()
        self.drop_page.files_button.setFocus()

    def _lay_out(self) -> None:
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.preview)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes(list(_SPLIT))
        self.list.setMinimumWidth(220)
        self.preview.setMinimumWidth(450)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.drop_page)
        self.pages.addWidget(self.splitter)
        self.body.addWidget(self.pages, 1)
        self.body.addWidget(self.progress)
        self.files_button = self.add_side_button(self.tr("Add &files…"))
        self.folder_button = self.add_side_button(self.tr("Add f&older…"))
        self.retry_button = self.add_side_button(self.tr("&Retry failed"))
        self.close_button = self.add_button(self.tr("Close"))
        self.import_button = self.add_main_button(self.tr("Import"))

    def _connect(self) -> None:
        self.model.changed.connect(self._show_state)
        self.list.selected.connect(self.preview.show_entry)
        self.preview.document.changed.connect(self._corrected)
        self.preview.locked.unlock_requested.connect(self._unlock)
        self.preview.message.open_requested.connect(self._show_document)
        self.progress.stop_requested.connect(self.stop)
        self.work.listed.connect(self._take_files)
        self.work.found.connect(self.model.take)
        self.work.progressed.connect(self._show_reading)
        self.work.read_ended.connect(self._end_reading)
        self.work.storing_progressed.connect(self.progress.show_storing)
        self.work.stored.connect(self._take_stored)
        self.work.failed.connect(self._show_failure)
        for button in (self.files_button, self.drop_page.files_button):
            button.clicked.connect(self.choose_files)
        for button in (self.folder_button, self.drop_page.folder_button):
            button.clicked.connect(self.choose_folder)
        self.retry_button.clicked.connect(self.retry)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.show_keys)

    # -- choosing

    @Slot()
    def choose_files(self) -> None:
        """Ask for files to add."""
        dialog = FileDialog(self, self.tr("Add files"), self.folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(name_filters())
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails, True)
        dialog.filesSelected.connect(self.add_files)
        dialog.open()

    @Slot()
    def choose_folder(self) -> None:
        """Ask for a folder to add, with all that can be read in it."""
        dialog = FileDialog(self, self.tr("Add a folder"), self.folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.filesSelected.connect(self.add_files)
        dialog.open()

    @Slot(list)
    def add_files(self, files: Sequence[str]) -> None:
        """Read files and folders and list what they hold; what is listed already is not read again."""
        paths = [Path(file) for file in files]
        if paths:
            self.folder = str(paths[0].parent)
            self.show_problem("")
            self.work.read(paths, beside=self.model.candidates(), known=self.model.settled_files())
            self.progress.begin()

    @Slot(list)
    def _take_files(self, files: list[Path]) -> None:
        if not files and not self.model.entries:
            self.show_problem(self.tr("There is nothing in it that can be imported. Choose other files or folders."))
        self.model.add_files(files)

    @Slot()
    def retry(self) -> None:
        """Read the files that failed, and those that were not read, once more."""
        self._read_again([entry for entry in self.model.entries if entry.state in CAN_BE_RETRIED], {})

    @Slot(object, str)
    def _unlock(self, entry: Entry, password: str) -> None:
        self._read_again([entry], {entry.file: password})

    def _read_again(self, entries: Iterable[Entry], passwords: dict[Path, str]) -> None:
        beside = self.model.candidates()
        self.work.read(self.model.read_again(entries), beside=beside, passwords=passwords)
        self.progress.begin()

    # -- reading

    @Slot(int, int, list)
    def _show_reading(self, done: int, total: int, names: list[str]) -> None:
        self.model.show_stages(names)
        if not self.work.is_storing:
            self.progress.show_reading(done, total, names)

    @Slot()
    def _end_reading(self) -> None:
        self.model.give_up_reading()
        if not self.work.is_storing:
            self.progress.hide()
        self._show_state()

    @Slot()
    def stop(self) -> None:
        """Stop storing, or else reading; what is done so far stays."""
        self.progress.show_stopping()
        if self.work.is_storing:
            self.work.cancel_storing()
        else:
            self.work.cancel_reading()

    # -- what can be done

    @Slot()
    def _show_state(self) -> None:
        counts = self.model.counts()
        if self.model.entries and self.pages.currentWidget() is self.drop_page:
            self.pages.setCurrentWidget(self.splitter)
            self.list.view.setFocus()
        for button in (self.files_button, self.folder_button):
            button.setVisible(bool(self.model.entries))
        self.retry_button.setVisible(any(counts[state] for state in CAN_BE_RETRIED))
        self.retry_button.setText(self.tr("&Retry failed") if counts[State.FAILED] else self.tr("&Read the rest"))
        self._show_main_button(len(self.model.coming_in()))
        self.preview.show_entry(self.list.current())

    def _show_main_button(self, coming: int) -> None:
        words = self.tr("&Import 1 document") if coming == 1 else self.tr("&Import {count} documents")
        self.import_button.setText(words.format(count=grouped(coming)) if coming else self.tr("&Import"))
        self.import_button.setVisible(bool(self.model.entries))
        self.import_button.setEnabled(bool(coming) and not self.work.is_storing)
        nothing_yet = not self.model.entries
        done = not coming and not nothing_yet and not self.work.is_reading
        default = self.drop_page.files_button if nothing_yet else self.close_button if done else self.import_button
        default.setDefault(True)

    @Slot()
    def _corrected(self) -> None:
        self.show_problem("")
        entry = self.list.current()
        if entry is not None:
            self.model.update(entry)

    def _problem_now(self, entries: Iterable[Entry]) -> bool:
        """Show the first entry that cannot be stored as it is, and say whether there is one."""
        for entry in entries:
            name, words = entry.problem()
            text = entry.corrections.text
            if not name and text is not None and all(paragraph.left_out for paragraph in text.paragraphs):
                words = self.tr("All of its text is left out. Take a paragraph in again, or uncheck the document.")
            if words:
                self.list.show_only(None)
                self.list.select(entry)
                self.show_problem(words)
                if name:
                    self.preview.document.facts.show_problem(name)
                    self.preview.document.facts.focus(name)
                return True
        return False

    # -- storing

    def accept(self) -> None:
        """Import what is ready and checked."""
        self.preview.finish_editing()
        entries = self.model.coming_in()
        if not entries or self.work.is_storing or self._problem_now(entries):
            return
        self._orders = entries
        self.list.view.setFocus()
        self.work.store([entry.order() for entry in entries])
        self.progress.begin()
        self.progress.show_storing(0, len(entries), "")
        self._show_state()

    @Slot(object)
    def _take_stored(self, stored: Stored) -> None:
        entries, self._orders = self._orders, []
        for entry, outcome in zip(entries, stored.outcomes, strict=True):
            match outcome:
                case str():
                    entry.take_document(outcome)
                case Duplicate():
                    entry.take_duplicate(outcome)
                case Failure():
                    entry.take_failure(outcome)
        if not self.work.is_reading:
            self.progress.hide()
        self.model.update_all()
        self.imported.emit(stored.result)
        if self._is_finished(stored):
            super().accept()
        else:
            self._show_outcome(stored.result)

    def _is_finished(self, stored: Stored) -> bool:
        """Say whether everything came in and nothing is left that needs a look."""
        counts = self.model.counts()
        open_states = (State.READING, State.FAILED, State.LOCKED, State.UNREAD)
        all_in = all(isinstance(outcome, str) for outcome in stored.outcomes)
        return all_in and not any(counts[state] for state in open_states)

    def _show_outcome(self, result: ImportResult) -> None:
        count = len(result.imported)
        words = self.tr("1 document imported.") if count == 1 else self.tr("{count} documents imported.")
        parts = [words.format(count=grouped(count))]
        if result.cancelled:
            parts.append(self.tr("You stopped it: what was imported before stays, the rest is still here."))
        counts = self.model.counts()
        failed, locked = counts[State.FAILED], counts[State.LOCKED]
        if failed:
            parts.append(self.tr("Files that failed: {count}. The list says why.").format(count=grouped(failed)))
        if locked:
            parts.append(self.tr("Files that need a password: {count}.").format(count=grouped(locked)))
        if failed or locked:
            self.list.show_only(State.FAILED if failed else State.LOCKED)
        self.set_title(self.tr("Import documents"), " ".join(parts))

    @Slot(object)
    def _show_failure(self, error: BaseException) -> None:
        self._orders = []
        if not self.work.is_reading:
            self.progress.hide()
        self._show_state()
        self.show_problem(error_text(error))

    # -- keys and closing

    @Slot(str)
    def _show_document(self, document: str) -> None:
        """Show a document of the project, and get out of its way where nothing here is still to be done."""
        idle = not (self.work.is_reading or self.work.is_storing)
        if idle and not self.model.coming_in() and not self._unsaved():
            self._close_for_good()
        self.document_wanted.emit(document)

    @Slot()
    def show_keys(self) -> None:
        """Show the keys of this dialog."""
        files = [
            ("Space", self.tr("Check or uncheck the document")),
            ("Enter", self.tr("Import what is checked")),
            ("Esc", self.tr("Stop reading; then close")),
        ]
        text = self.preview.document.tools.keys()
        KeysDialog([(self.tr("Files"), files), (self.tr("Text"), text)], self).open()

    def reject(self) -> None:
        """Stop what runs; where nothing runs, close, and ask first where corrections would be lost."""
        if self.work.is_storing or (self.work.is_reading and self.progress.stop.isEnabled()):
            self.stop()
            return
        corrected = self._unsaved()
        if not corrected:
            self._close_for_good()
            return
        names = self.tr("The corrections to {count} documents are lost, and nothing more is imported.")
        one = self.tr("The corrections to “{title}” are lost, and nothing more is imported.")
        lost = (
            one.format(title=one_line(corrected[0].title, 60))
            if len(corrected) == 1
            else names.format(count=len(corrected))
        )
        box = Confirmation(self, self.tr("Close without importing?"), lost, self.tr("Close"))
        box.confirmed.connect(self._close_for_good)
        box.open()

    def _unsaved(self) -> list[Entry]:
        """Return the entries whose corrections are not stored."""
        return [entry for entry in self.model.entries if entry.is_corrected and entry.state is not State.IMPORTED]

    @Slot()
    def _close_for_good(self) -> None:
        super().reject()

    def abandon(self) -> None:
        """Stop everything and close without a question, as the project does."""
        self.work.cancel_storing()
        self._close_for_good()

    def _restore_size(self) -> None:
        self.keep_fitting(*SIZE)
        self.setMinimumWidth(LEAST_WIDTH)
        self.restoreGeometry(_stored(self._settings, "import"))
        self.fit_on_screen()
        self.splitter.restoreState(_stored(self._settings, "import_splitter"))

    # -- Qt

    def done(self, result: int) -> None:
        self.work.cancel_reading()
        window = self._settings.window
        window["import"] = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        window["import_splitter"] = bytes(self.splitter.saveState().toBase64().data()).decode("ascii")
        super().done(result)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event):
            event.acceptProposedAction()
            self.drop_page.set_dragging(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_page.set_dragging(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_page.set_dragging(False)
        files = _local_files(event)
        if files:
            event.acceptProposedAction()
            self.add_files(files)


def _stored(settings: Settings, name: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(settings.window.get(name, "").encode("ascii", "ignore")))


def _local_files(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
