"""What is made for people to read: reports, and the page about the project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.annotate_page import AnnotatePage
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.core.report import PageBlock
    from annotator.session.session import Session
    from annotator.ui.dialogs.about_project import AboutProjectDialog
    from annotator.ui.dialogs.report import ReportDialog, ReportOptions


@dataclass(frozen=True, slots=True)
class _Made:
    """A report that was written, and what it holds."""

    file: Path
    documents: int
    spans: int


class ReportVerbs(DialogVerbs):
    """Reports are made in tasks; the diary is written by verbs."""

    def __init__(
        self, page: AnnotatePage, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(tasks, window)
        self._page = page
        self._messages = messages
        self._settings = settings
        self.report_dialog: ReportDialog | None = None
        self.about_dialog: AboutProjectDialog | None = None

    # -- reports

    @Slot()
    def make(self) -> None:
        """Ask what to report on and where to."""
        from annotator.ui.dialogs.report import ReportDialog

        with self._messages.showing_errors():
            session = self._verbs()
            folder = self._settings.folder_for_files(session.path.parent)
            dialog = ReportDialog(session, self._page.document.document, folder, self._window)
            dialog.report_requested.connect(self._start)
            dialog.finished.connect(self._forget_report_dialog)
            self.report_dialog = dialog
            self._show(dialog)

    @Slot(object)
    def _start(self, options: ReportOptions) -> None:
        if self.report_dialog is not None:
            self._settings.export_folder = str(options.target.parent)
            job = partial(_report_job, self._verbs(), options)
            task = self._work(self.report_dialog, self.tr("Making the report"), job)
            task.finished.connect(self._finished)

    @Slot(object)
    def _finished(self, made: _Made) -> None:
        if self.report_dialog is not None:
            self.report_dialog.show_result(made.file, made.documents, made.spans)

    @Slot()
    def _forget_report_dialog(self) -> None:
        self.report_dialog = None

    # -- about this project

    @Slot()
    def about(self) -> None:
        """Show the page about the project; leads may write in it."""
        from annotator.ui.dialogs.about_project import AboutProjectDialog

        with self._messages.showing_errors():
            session = self._verbs()
            may_write = session.role == "lead" and not session.read_only_reason and session.package is None
            target = session.path.with_name(f"About {session.path.stem}.html")
            dialog = AboutProjectDialog(str(target), self._window, editable=may_write)
            dialog.purpose_written.connect(self._write_purpose)
            dialog.entry_written.connect(self._write_entry)
            dialog.entry_deleted.connect(self._delete_entry)
            dialog.save_requested.connect(self._save_about)
            dialog.finished.connect(self._forget_about_dialog)
            self.about_dialog = dialog
            self._show_written()
            self._read_page()
            self._show(dialog)

    @Slot()
    def _forget_about_dialog(self) -> None:
        self.about_dialog = None

    def _show_written(self, chosen: str = "") -> None:
        session, dialog = self._verbs(), self.about_dialog
        if dialog is not None:
            dialog.show_written(session.queries.project().purpose, session.diary.entries(), chosen)

    def _read_page(self) -> None:
        task = self._tasks.start("", partial(_about_job, self._verbs()))
        task.finished.connect(self._show_page)

    @Slot(object)
    def _show_page(self, blocks: list[PageBlock]) -> None:
        if self.about_dialog is not None:
            self.about_dialog.show_page(blocks)

    @Slot(str)
    def _write_purpose(self, text: str) -> None:
        with self._messages.showing_errors():
            self._verbs().about.set_purpose(text)
            self._read_page()

    @Slot(str, str)
    def _write_entry(self, entry: str, body: str) -> None:
        with self._messages.showing_errors():
            diary = self._verbs().diary
            stored = diary.edit(entry, body) if entry else diary.write(body)
            self._show_written(stored.id)
            self._read_page()

    @Slot(str)
    def _delete_entry(self, entry: str) -> None:
        with self._messages.showing_errors():
            self._verbs().diary.delete(entry)
            self._show_written()
            self._read_page()

    @Slot(str)
    def _save_about(self, file: str) -> None:
        task = self._tasks.start(self.tr("Saving the page"), partial(_save_job, self._verbs(), Path(file)))
        task.finished.connect(self._tell_saved)

    @Slot(object)
    def _tell_saved(self, file: Path) -> None:
        self._messages.inform(self.tr("Saved as {file}.").format(file=file.name))


def _report_job(session: Session, options: ReportOptions, progress: Progress, cancel: Cancel) -> _Made:
    report = session.reports.collect(
        documents=options.documents,
        layer=options.layer,
        statuses=options.statuses,
        words=options.words,
        progress=progress,
        cancel=cancel,
    )
    if options.format == "pdf":
        from annotator.ui.report_pdf import write_pdf

        def told(done: int, total: int, title: str) -> None:
            cancel.check()
            progress(done, total, title)

        content = write_pdf(report, told, paper=options.paper)
    else:
        content = session.reports.render(report, options.format, progress=progress, cancel=cancel)
    cancel.check()
    session.reports.save(content, options.target)
    return _Made(options.target, len(report.documents), report.span_count)


def _about_job(session: Session, _progress: Progress, _cancel: Cancel) -> list[PageBlock]:
    return session.reports.about()


def _save_job(session: Session, file: Path, _progress: Progress, _cancel: Cancel) -> Path:
    session.reports.save(session.reports.render_about("md" if file.suffix == ".md" else "html"), file)
    return file
