"""Versions of a document: importing an edited one, placing spans that found no place in it, and comparing two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from annotator.core.anchors import Place
from annotator.core.boundaries import trim
from annotator.core.changes import ChangeSet
from annotator.core.records import Fragment, Unplaced
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.parts import theme_of
from annotator.ui.gestures.desk import Desk
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.session.edited_versions import VersionReport
    from annotator.session.session import Session
    from annotator.session.unplaced import UnplacedSpan
    from annotator.session.versions import NewVersion
    from annotator.ui.dialogs.compare_versions import CompareVersionsDialog
    from annotator.ui.dialogs.new_version import NewVersionDialog


@dataclass(frozen=True, slots=True)
class _Stored:
    version: NewVersion
    report: VersionReport


class Versions(QObject):
    """Long work runs beside the window; the panel of unplaced spans stands in the inspector's place."""

    def __init__(self, desk: Desk, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(desk)
        self._desk, self._tasks, self._window = desk, tasks, window
        self.panel, self._banner = desk.page.unplaced_panel, desk.page.unplaced_banner
        self.dialog: NewVersionDialog | None = None
        self.compare_dialog: CompareVersionsDialog | None = None
        self._folder = ""
        self._known: dict[str, UnplacedSpan] = {}
        self._task: Task | None = None
        desk.document.opened.connect(self._show_document)
        desk.changed.connect(self._apply)
        desk.page.document_panel.version_requested.connect(self.import_version_of)
        desk.page.right.currentChanged.connect(self._count)
        self.panel.shown.connect(self._show_place)
        self.panel.place_wanted.connect(self.place)
        self.panel.dismiss_wanted.connect(self.dismiss)
        self.panel.close_requested.connect(self.close_panel)
        desk.reading.installEventFilter(self)

    # -- an edited version

    @Slot()
    def import_version(self) -> None:
        """Import an edited version of the document on screen."""
        document = self._desk.document.document
        if document is not None:
            self.import_version_of(document.id)

    @Slot(str)
    def import_version_of(self, document: str) -> None:
        """Import an edited version of a document: ask for its file, and show what it would change."""
        from annotator.ui.dialogs.new_version import NewVersionDialog

        with self._desk.messages.showing_errors():
            session = self._desk.session
            record = session.queries.document(document)
            folder = self._folder or str(session.path.parent)
            dialog = NewVersionDialog(session, record, self._tasks, theme_of(self._window), folder, self._window)
            dialog.import_requested.connect(self._store)
            dialog.finished.connect(self._forget_dialog)
            self.dialog = dialog
            dialog.open()

    @Slot()
    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self._folder = self.dialog.folder
        self.dialog = None

    @Slot(object)
    def _store(self, report: VersionReport) -> None:
        task = self._tasks.start("", partial(_store_job, self._desk.session, report))
        task.handles_failure = True
        task.finished.connect(self._show_version)
        task.failed.connect(self._keep_dialog)

    @Slot(object)
    def _keep_dialog(self, error: BaseException) -> None:
        if self.dialog is not None:
            self.dialog.show_error(error)
        else:
            self._desk.messages.show_error(error)

    @Slot(object)
    def _show_version(self, stored: _Stored) -> None:
        version, report = stored.version, stored.report
        if self.dialog is not None:
            self.dialog.close_stored()
        current = self._desk.document.document
        if current is not None and current.id == report.document.id:
            place = report.placing.position(self._desk.page.faces.top_position())
            self._desk.open_document(version.document.id, place)
        moved, lost = len(report.annotations) - version.lost, version.lost
        text = self.tr("New version of “{title}”: {moved} spans moved along.").format(
            title=version.document.title, moved=grouped(moved)
        )
        if lost:
            text += " " + self.tr("{count} wait for a place.").format(count=grouped(lost))
        self._desk.messages.inform(text)

    # -- spans without a place

    @Slot()
    def show_unplaced(self) -> None:
        """Show the spans of earlier versions that wait for a place in the document on screen."""
        document = self._desk.document.document
        if document is None:
            return
        if not self._unplaced_count(document.id):
            self._desk.messages.inform(self.tr("No span of an earlier version waits for a place here."))
            return
        self._desk.messages.withdraw_information()
        self._desk.page.show_unplaced(True)
        self._load()
        self.panel.list.setFocus()

    @Slot()
    def close_panel(self) -> None:
        """Show the inspector again."""
        self._desk.page.show_unplaced(False)
        self._desk.back_to_text()

    @Slot()
    def _show_document(self) -> None:
        self._known = {}
        if self._desk.document.document is None:
            self._abandon_dialogs()
        self._count()
        if self._desk.page.unplaced_is_shown:
            self._load_or_close()

    def _abandon_dialogs(self) -> None:
        """Close what works on a project that is being closed."""
        if self.dialog is not None:
            self.dialog.abandon()
        if self.compare_dialog is not None:
            self.compare_dialog.reject()

    @Slot(object)
    def _apply(self, changes: ChangeSet) -> None:
        if not changes.touches("unplaced"):
            return
        self._count()
        if self._desk.page.unplaced_is_shown:
            self._load_or_close()

    @Slot()
    def _count(self) -> None:
        """Tell above the text how many wait, unless the panel does so already."""
        document = self._desk.document.document
        count = self._unplaced_count(document.id) if document else 0
        shown = 0 if self._desk.page.unplaced_is_shown else count
        self._banner.show_count(document.id if document else "", shown, self.show_unplaced)

    def _load_or_close(self) -> None:
        """Show what is left; where nothing waits any more, go back to the text."""
        document = self._desk.document.document
        if document is None or not self._unplaced_count(document.id):
            had = bool(self.panel.spans())
            self.close_panel()
            if had and document is not None:
                self._desk.messages.inform(self.tr("Every span has its place."))
        else:
            self._load()

    def _load(self) -> None:
        document = self._desk.document.document
        assert document is not None
        rows = self._desk.session.reading.rows.where(Unplaced, "document", document.id)
        waiting = {row.annotation for row in rows}
        if waiting <= set(self._known):
            self._show_spans([span for identity, span in self._known.items() if identity in waiting])
            return
        if not self.panel.spans():
            self.panel.show_waiting()
        task = self._tasks.start("", partial(_load_job, self._desk.session, document.id))
        task.finished.connect(self._take_spans)
        self._task = task

    def _unplaced_count(self, document: str) -> int:
        from annotator.session.unplaced import unplaced_count

        return unplaced_count(self._desk.session, document)

    @Slot(object)
    def _take_spans(self, spans: list[UnplacedSpan]) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        self._known = {span.annotation.id: span for span in spans}
        if self._desk.page.unplaced_is_shown:
            self._show_spans(spans)

    def _show_spans(self, spans: list[UnplacedSpan]) -> None:
        content, codebook = self._desk.document.content, self._desk.document.codebook
        if content is not None and codebook is not None:
            self.panel.show_spans(spans, content.text, {label.id: label for label in codebook.labels})

    @Slot(object)
    def _show_place(self, place: Place | None) -> None:
        """Select in the text where the span may stand."""
        if not self._desk.page.unplaced_is_shown:
            return
        if place is None:
            self._desk.reading.set_caret(self._desk.reading.caret())
            return
        start, end = place.fragments[0][0], place.fragments[-1][1]
        self._desk.reading.select(start, end)
        self._desk.reading.reveal(start)

    @Slot(str)
    def place(self, annotation: str) -> None:
        """Put a span at the selected text, which is that of the chosen place unless somebody selected another."""
        fragments = self._wanted()
        if not fragments:
            self._desk.messages.inform(self.tr("Select the text in which the span stands now."))
            return
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.place(annotation, fragments)

    def _wanted(self) -> tuple[Fragment, ...]:
        content, selection, place = self._desk.document.content, self._desk.reading.selection(), self.panel.candidate()
        if content is None or selection is None:
            return ()
        if place is not None and selection == (place.fragments[0][0], place.fragments[-1][1]):
            return place.fragments
        start, end = trim(content.text, *selection)
        return ((start, end),) if start < end else ()

    @Slot(str)
    def dismiss(self, annotation: str) -> None:
        """Let a span wait no longer."""
        with self._desk.messages.showing_errors():
            self._desk.session.annotations.dismiss_moved([annotation])

    # -- two versions

    @Slot()
    def compare(self) -> None:
        """Compare the document on screen with an earlier version of it."""
        from annotator.ui.dialogs.compare_versions import CompareVersionsDialog

        document = self._desk.document.document
        if document is None:
            return
        with self._desk.messages.showing_errors():
            from annotator.session.version_comparison import earlier_versions

            earlier = earlier_versions(self._desk.session, document.id)
            if not earlier:
                self._desk.messages.inform(self.tr("No earlier version of this document has spans."))
                return
            self.compare_dialog = CompareVersionsDialog(
                self._desk.session, document, earlier, self._tasks, theme_of(self._window), self._window
            )
            self.compare_dialog.finished.connect(self._forget_compare_dialog)
            self.compare_dialog.open()

    @Slot()
    def _forget_compare_dialog(self) -> None:
        self.compare_dialog = None

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter in the text place the current span at the selected text while the panel is open."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._places_with(event):
            self.panel.place()
            return True
        return super().eventFilter(watched, event)

    def _places_with(self, event: QKeyEvent) -> bool:
        if not self._desk.page.unplaced_is_shown or self.panel.current() is None:
            return False
        key = single_key(event)
        return key is not None and key[0] is KeyCommand.ENTER and self._desk.reading.selection() is not None


def _store_job(session: Session, report: VersionReport, _progress: Progress, _cancel: Cancel) -> _Stored:
    return _Stored(session.documents.replace_by(report), report)


def _load_job(session: Session, document: str, _progress: Progress, cancel: Cancel) -> list[UnplacedSpan]:
    from annotator.session.unplaced import unplaced_spans

    return unplaced_spans(session, document, cancel)
