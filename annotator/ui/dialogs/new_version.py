"""Import an edited version of a document: choose its file, see what changed and what becomes of the spans, take it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStackedWidget, QWidget

from annotator.core.errors import PasswordNeededError
from annotator.core.records import Document, Fragment
from annotator.core.version_changes import ChangeKind, ParagraphChange, paragraph_changes
from annotator.session.edited_versions import VersionReport
from annotator.session.progress import Cancel, Progress
from annotator.session.session import Session
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.import_pages import name_filters
from annotator.ui.dialogs.import_progress import ProgressLine
from annotator.ui.dialogs.parts import Dialog, ElidedLabel, Figures, in_a_row, plain_button, plain_label
from annotator.ui.dialogs.side_by_side import Side, SideBySide, SideRow
from annotator.ui.messages import error_text
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import QT_TRANSLATE_NOOP, grouped, one_line, tr

SIZE = (1040, 720)
_CONTEXT = 1
"""Unchanged paragraphs that are shown on both sides of a change."""

_MOST_ROWS = 4_000
_BEGINNING = 110
"""Code points of an unchanged paragraph that are shown."""

_KINDS = {
    ChangeKind.SAME: QT_TRANSLATE_NOOP("words", "Unchanged"),
    ChangeKind.CHANGED: QT_TRANSLATE_NOOP("words", "Changed"),
    ChangeKind.MOVED: QT_TRANSLATE_NOOP("words", "Moved"),
    ChangeKind.ADDED: QT_TRANSLATE_NOOP("words", "Added"),
    ChangeKind.REMOVED: QT_TRANSLATE_NOOP("words", "Removed"),
}


class NewVersionDialog(Dialog):
    """Reads the file beside the window. `import_requested` carries the VersionReport to be stored.

    The answer is `close_stored` or `show_error`.
    """

    import_requested = Signal(object)

    def __init__(
        self,
        session: Session,
        document: Document,
        tasks: TaskRunner,
        theme: Theme,
        folder: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._document, self._tasks = session, document, tasks
        self._task: Task | None = None
        self._is_storing = False
        self.folder = folder
        self.report: VersionReport | None = None
        self.set_title(
            self.tr("Import an edited version"),
            self.tr(
                "It takes the place of the document. Spans whose words are unchanged move along; undo takes it back."
            ),
        )
        self.name = ElidedLabel(document.title)
        self.figures = Figures(
            (
                self.tr("spans move"),
                self.tr("need you to choose their place"),
                self.tr("have lost their text"),
                self.tr("paragraphs changed"),
                self.tr("added"),
                self.tr("removed"),
            )
        )
        self.warning = plain_label("", wrap=True, state="warning")
        self.warning.hide()
        self.changes = SideBySide(theme)
        self.changes.setAccessibleName(self.tr("What changed, the earlier text at the left"))
        self.progress = ProgressLine()
        self.progress.stop_requested.connect(self.stop)
        self._file = ""
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(self.tr("Password of the file"))
        self.password.setAccessibleName(self.tr("Password of the file"))
        self.password.returnPressed.connect(self.unlock)
        self.unlock_button = plain_button(self.tr("Open"))
        self.unlock_button.clicked.connect(self.unlock)
        self._lock = in_a_row(self.password, self.unlock_button)
        self._lock.hide()
        self._pages = QStackedWidget()
        self._build()
        self.setAcceptDrops(True)
        self.keep_fitting(*SIZE)
        self._show_state()

    def _build(self) -> None:
        hint = plain_label(self.tr("Choose the file of the edited version, or drop it here."), muted=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(hint)
        self._pages.addWidget(self.changes)
        for widget in (self.name, self.figures, self.warning):
            self.body.addWidget(widget)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self.progress)
        self.body.addWidget(self._lock)
        self.choose_button = self.add_side_button(self.tr("Choose the file…"))
        self.choose_button.clicked.connect(self.choose_file)
        self.add_button(self.tr("Cancel"))
        self.import_button = self.add_main_button(self.tr("Import this version"))

    @Slot()
    def choose_file(self) -> None:
        """Ask for the file."""
        dialog = FileDialog(self, self.tr("The edited version"), self.folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(name_filters())
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails, True)
        dialog.fileSelected.connect(self.read)
        dialog.open()

    @Slot(str)
    def read(self, file: str) -> None:
        """Read a file and find the spans in it; a reading that runs is given up."""
        self._read(file, "")

    @Slot()
    def unlock(self) -> None:
        """Read the locked file with the password that was typed."""
        if self._lock.isVisible() and self.password.text():
            self._read(self._file, self.password.text())

    def _read(self, file: str, password: str) -> None:
        if self._is_storing:
            return
        self.stop()
        self._file = file
        self._lock.hide()
        self.password.clear()
        self.report = None
        self.folder = str(Path(file).parent)
        self.show_problem("")
        task = self._tasks.start("", partial(_examine_job, self._session, self._document.id, Path(file), password))
        task.handles_failure = True
        task.progressed.connect(self._show_progress)
        task.finished.connect(self._take_report)
        task.failed.connect(self._take_failure)
        self._task = task
        self.progress.begin()
        self._show_state()

    @Slot()
    def stop(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            self._end_reading()

    def _end_reading(self) -> None:
        self._task = None
        self.progress.hide()
        self._show_state()

    @Slot(int, int, str)
    def _show_progress(self, done: int, _total: int, what: str) -> None:
        reading, placing = self.tr("Reading {file}…").format(file=what), self.tr("Looking for the spans…")
        self.progress.text.set_full_text(placing if done else reading)

    @Slot(object)
    def _take_failure(self, error: BaseException) -> None:
        if self.sender() is self._task:
            self._end_reading()
            self.show_problem(error_text(error))
            if isinstance(error, PasswordNeededError):
                self._lock.show()
                self.password.setFocus()

    @Slot(object)
    def _take_report(self, examined: tuple[VersionReport, list[ParagraphChange]]) -> None:
        if self.sender() is self._task:
            self._task = None
            self.progress.hide()
            self.show_report(*examined)

    def show_report(self, report: VersionReport, changes: list[ParagraphChange]) -> None:
        """Show what changed, and what would become of the spans."""
        self.report = report
        rows = change_rows(changes, report.old_text, report.candidate.read.text)
        kinds = [change.kind for change in changes]
        counts = (kinds.count(kind) for kind in (ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.REMOVED))
        self.figures.set_numbers(report.sure, report.unsure, report.lost, *counts)
        self._show_state()
        self.changes.show_rows(rows, (self.tr("Earlier"), report.candidate.file.name))
        self.changes.setFocus()

    def _show_state(self) -> None:
        report = self.report
        self.import_button.setEnabled(report is not None and not self._is_storing)
        unlike = report is not None and report.is_unlike
        self.import_button.setText(self.tr("Import it all the same") if unlike else self.tr("Import this version"))
        self.choose_button.setEnabled(not self._is_storing)
        self._pages.setCurrentIndex(1 if report else 0)
        self.figures.setVisible(report is not None)
        text = ""
        if report is not None and report.is_unlike:
            text = self.tr("This looks like another document: only {share} % of the words are the same.").format(
                share=round(100 * report.similarity)
            )
        elif report is not None and report.candidate.warnings:
            text = "\n".join(report.candidate.warnings[:3])
        self.warning.setText(text)
        self.warning.setVisible(bool(text))

    def accept(self) -> None:
        """Ask for the version to be stored."""
        if self.report is not None and not self._is_storing:
            self._is_storing = True
            self._show_state()
            self.import_requested.emit(self.report)

    def close_stored(self) -> None:
        """Go away: the version is stored."""
        self._is_storing = False
        super().accept()

    def show_error(self, error: BaseException) -> None:
        """Say why nothing was stored."""
        self._is_storing = False
        self._show_state()
        self.show_problem(error_text(error))

    def abandon(self) -> None:
        """Close, whatever goes on."""
        self.stop()
        super().reject()

    # -- Qt

    def reject(self) -> None:
        if not self._is_storing:
            self.abandon()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(_files(event)) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _files(event)
        if len(files) == 1:
            event.acceptProposedAction()
            self.read(files[0])


def change_rows(changes: list[ParagraphChange], old: str, new: str) -> list[SideRow]:
    """Return what changed as rows, the unchanged paragraphs between folded into one line."""
    shown = set()
    for place, change in enumerate(changes):
        if change.kind is not ChangeKind.SAME:
            shown.update(range(place - _CONTEXT, place + _CONTEXT + 1))
    rows: list[SideRow] = []
    folded = 0
    for place, change in enumerate(changes):
        if place not in shown:
            folded += 1
            continue
        rows += [_fold(folded)] if folded else []
        folded = 0
        rows.append(_change_row(change, old, new))
        if len(rows) >= _MOST_ROWS:
            folded = len(changes) - place - 1
            break
    return [*rows, _fold(folded)] if folded else rows


def _fold(count: int) -> SideRow:
    one, several = tr("1 unchanged paragraph"), tr("{count} unchanged paragraphs").format(count=grouped(count))
    return SideRow("fold", one if count == 1 else several)


def _change_row(change: ParagraphChange, old: str, new: str) -> SideRow:
    """Return a paragraph as a row; of an unchanged one the beginning is enough."""
    if change.kind is ChangeKind.SAME and change.old and change.new:
        before, after = (one_line(t[slice(*place)], _BEGINNING) for t, place in ((old, change.old), (new, change.new)))
        return SideRow(change.kind.value, tr(_KINDS[change.kind]), Side(before), Side(after))
    marked = change.kind in (ChangeKind.CHANGED, ChangeKind.MOVED)
    return SideRow(
        change.kind.value,
        tr(_KINDS[change.kind]),
        _side(old, change.old, change.gone if marked else ()),
        _side(new, change.new, change.come if marked else ()),
    )


def _side(text: str, place: Fragment | None, marks: tuple[Fragment, ...]) -> Side | None:
    if place is None:
        return None
    start, end = place
    return Side(text[start:end], tuple((low - start, high - start) for low, high in marks))


def _examine_job(
    session: Session, document: str, path: Path, password: str, progress: Progress, cancel: Cancel
) -> tuple[VersionReport, list[ParagraphChange]]:
    report = session.documents.examine_version(document, path, password=password, progress=progress, cancel=cancel)
    return report, paragraph_changes(report.placing.alignment)


def _files(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
