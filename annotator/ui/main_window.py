"""The window: its parts put together. What is done is in `projects`, `documents` and the gestures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from annotator.settings import Settings
from annotator.ui.actions.facts import facts_of
from annotator.ui.theme import Theme, apply_theme, load_theme, palette, theme_name
from annotator.ui.window_state import WindowState

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.session.session import Session
    from annotator.ui.project_verbs import CodebookReader
    from annotator.ui.session_bridge import SessionBridge
    from annotator.ui.tasks import Task
    from annotator.ui.window_parts import WindowParts

SIZE = (1440, 900)
LEAST_SIZE = (900, 560)
_TITLE_BAR = 40
"""Logical pixels left free above the window for what the window manager draws."""
PROJECT_SUFFIX = ".annodb"
RETURN_SUFFIX = ".annoreturn"


class MainWindow(QMainWindow):
    """An empty frame at first, so that it is on screen at once; `assemble` puts the parts into it.

    `painted` comes once, after the first paint: the moment for heavy work. With `keep_settings` False, preferences are
    neither restored nor written.
    """

    painted = Signal()

    def __init__(self, settings: Settings, read_codebook: CodebookReader, *, keep_settings: bool = True) -> None:
        super().__init__()
        self.settings = settings
        self.theme = load_theme(theme_name(settings.theme))
        self.state = WindowState(settings, self, keep=keep_settings)
        self._read_codebook = read_codebook
        self._parts: WindowParts | None = None
        self._bridge: SessionBridge | None = None
        self._was_painted = False
        self._waiting = ""
        self.setWindowTitle("Annotator")
        self.setAcceptDrops(True)
        self.resize(*SIZE)
        self.setMinimumSize(*LEAST_SIZE)
        self.state.restore_geometry(self)
        self.setPalette(palette(self.theme))

    @property
    def parts(self) -> WindowParts:
        """Return the parts; the first time, make them."""
        if self._parts is None:
            self.assemble()
        assert self._parts is not None
        return self._parts

    def assemble(self) -> None:
        """Make the parts and show the start page."""
        from annotator.ui.window_parts import WindowParts

        self.set_theme(self.theme)
        self._parts = parts = WindowParts(self, self._read_codebook)
        self.tasks, self.messages, self.banner, self.status = parts.tasks, parts.messages, parts.banner, parts.status
        self.page, self.start_page, self.pages = parts.page, parts.start_page, parts.pages
        self.top_bar, self.actions_table, self.finder = parts.top_bar, parts.actions, parts.finder
        self.projects, self.documents, self.desk = parts.projects, parts.documents, parts.desk
        self.staying, self.sighting = parts.staying, parts.sighting
        self.repeating = parts.repeating
        self.describing = parts.describing
        self.tagging, self.relating, self.travelling = parts.tagging, parts.relating, parts.travelling
        self.finding = parts.finding
        self.versions = parts.versions
        self.entities, self.attribute_pass = parts.entities, parts.attribute_pass
        self.projects.session_changed.connect(self._show_session)
        self.desk.place_changed.connect(self._remember_place)
        self.desk.context_changed.connect(self._show_context)
        parts.project_pages.shown.connect(self._show_context)
        self.tasks.started.connect(self._show_work)
        self.tasks.progressed.connect(self._show_progress)
        self.tasks.finished.connect(self._end_work)
        self.tasks.failed.connect(self._show_failure)
        self.status.cancel_requested.connect(self._cancel_work)
        if self.state.restore_splitter(self.page.splitter):
            self.page.splitter.keep_widths()
        parts.preferences.follow()
        self._show_session(None)

    def begin_when_painted(self, project: Path | None) -> None:
        """As soon as the frame is on screen, make the parts and open a project, if one is given."""
        room = self.screen().availableGeometry().size()
        self.resize(self.size().boundedTo(QSize(room.width(), room.height() - _TITLE_BAR)))
        self._waiting = "" if project is None else str(project)
        self.painted.connect(self._begin)

    @Slot()
    def _begin(self) -> None:
        self.assemble()
        if self._waiting:
            self.projects.open_path(self._waiting)

    @Slot()
    def _tell_painted(self) -> None:
        self.painted.emit()

    def pretend_writable(self) -> None:
        """Look as if the project could be changed, for a picture."""
        session = self.projects.session
        self.page.set_writable(True)
        self.status.show_project(session.path.name if session else "", writable=True)
        self.status.show_hint(self.page.document.codebook, writable=True)
        self.banner.hide()
        facts = {"project", "writable", "document", "editable", "span", "editable span"}
        self.actions_table.set_facts(facts | {"free documents", "free document"})

    # -- the project on screen

    @Slot(object)
    def _show_session(self, session: Session | None) -> None:
        if self._bridge is not None:
            self._bridge.close()
            self._bridge.deleteLater()
            self._bridge = None
        self.banner.hide()
        self.messages.hide()
        for part in (self.entities, self.desk, self.documents, self.finder, self.parts.project_pages):
            part.set_session(session)
        writable = session is not None and not session.read_only_reason
        self.start_page.set_recent(self.settings.recent)
        if session is None:
            self.pages.setCurrentWidget(self.start_page)
        self.top_bar.show_project(session is not None, session is not None and session.package is not None)
        self.show_person()
        self.status.show_project(session.path.name if session else "", writable=writable)
        self.status.show_hint(self.page.document.codebook, writable=writable)
        self.setWindowTitle(f"{session.path.stem} — Annotator" if session else "Annotator")
        if session is not None:
            self._listen(session)
            if session.read_only_reason:
                self.banner.keep(self.tr("{reason} You can read, not change.").format(reason=session.read_only_reason))
            self._return_to_place(session)
        self._show_context()

    def show_person(self) -> None:
        """Show who works here; in a package that is whom it is for, whatever the preferences say."""
        session = self.projects.session
        name = self.settings.annotator_name
        self.top_bar.show_person(name if session is None or session.package is None else session.person.name)

    def _listen(self, session: Session) -> None:
        from annotator.ui.session_bridge import SessionBridge

        self._bridge = SessionBridge(session, self)
        self._bridge.changed.connect(self._apply)

    @Slot(object)
    def _apply(self, changes: ChangeSet) -> None:
        self.entities.apply(changes)
        self.desk.apply(changes)
        self.finder.apply(changes)
        self.parts.project_pages.apply(changes)
        self.parts.merging.apply(changes)
        self.parts.people.apply(changes)
        self.status.show_hint(self.page.document.codebook, writable=True)

    def _return_to_place(self, session: Session) -> None:
        place = self.state.place(session.queries.project().id)
        known = place is not None and bool(session.queries.document_rows([place.document]))
        if place is not None and known:
            self.desk.open_document(place.document, place.position)
        else:
            self.desk.step_document(1)

    @Slot(str, int)
    def _remember_place(self, document: str, position: int) -> None:
        session = self.projects.session
        if session is not None:
            self.state.remember_place(session.queries.project().id, document, position)

    @Slot()
    def _show_context(self) -> None:
        session = self.projects.session
        is_annotating = self.parts.project_pages.current in ("", "annotate")
        facts = facts_of(session, self.page if is_annotating else None)
        self.actions_table.set_facts(facts)
        tabs = ("annotate", *(("review",) if "review" in facts else ()), "corpus")
        self.top_bar.show_tabs(tabs if session is not None else ())
        self.actions_table["history"].setChecked(self.page.history_is_shown)
        self.actions_table["relations"].setChecked(self.page.reading.links_are_shown)

    # -- what runs

    @Slot(object)
    def _show_work(self, task: Task) -> None:
        if task.title:
            self.status.show_work(task.title)

    @Slot(object, int, int, str)
    def _show_progress(self, task: Task, done: int, total: int, what: str) -> None:
        if task.title:
            self.status.show_progress(done, total, what)

    @Slot(object)
    def _end_work(self, _task: Task) -> None:
        titled = [task for task in self.tasks.running if task.title]
        if titled:
            self.status.show_work(titled[-1].title)
        else:
            self.status.end_work()

    @Slot()
    def _cancel_work(self) -> None:
        for task in self.tasks.running:
            task.cancel()

    @Slot(object, object)
    def _show_failure(self, _task: Task, error: BaseException) -> None:
        self.messages.show_error(error)

    # -- actions of the window itself

    @Slot(list)
    def drop_files(self, files: list[str]) -> None:
        """Open a project that was dropped, load labelled data, import everything else."""
        if files and all(file.endswith(RETURN_SUFFIX) for file in files):
            self.projects.open_returns(files)
        elif len(files) == 1 and files[0].endswith(PROJECT_SUFFIX):
            self.projects.open_path(files[0])
        elif self.parts.loading.are_labelled(files):
            self.parts.loading.load_files(files)
        elif files:
            self.documents.import_files(files)

    @Slot()
    def toggle_history(self) -> None:
        """Show the history in the inspector's place, or the inspector again."""
        self.page.show_history(not self.page.history_is_shown)
        self.desk.refresh_history()
        self._show_context()

    @Slot()
    def focus_search(self) -> None:
        """Go to the search field at the top."""
        self.top_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_bar.search.selectAll()

    @Slot()
    def open_menu(self) -> None:
        """Open the menu at the top left."""
        self.top_bar.menu_button.showMenu()

    @Slot()
    def show_keys(self) -> None:
        """Show every key that applies now."""
        from annotator.ui.dialogs.keys import KeysDialog
        from annotator.ui.key_list import key_groups

        document, page = self.page.document, self.parts.project_pages.current_page()
        in_text = document.document is not None and page is None
        groups = key_groups(self.actions_table, document.codebook, document=in_text, single_keys=page is None)
        groups = [*(page.key_groups() if page is not None else ()), *groups]
        KeysDialog(groups, self).open()

    @Slot()
    def show_about(self) -> None:
        """Show what this program is."""
        from annotator.ui.dialogs.about import AboutDialog

        AboutDialog(self).open()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the window and of everything that a style sheet colours."""
        self.theme = theme
        self.setPalette(palette(theme))
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, theme)

    # -- Qt

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self._tell_painted)
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._parts is not None:
            self.desk.back_to_text()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _local_files(event)
        if files:
            event.acceptProposedAction()
            self.drop_files(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._parts is not None:
            self.desk.leave()
            self.state.remember_window(self, self.page.splitter)
            self.projects.close_project()
            self.tasks.close()
            self.state.save()
        super().closeEvent(event)


def _local_files(event: QDropEvent) -> list[str]:
    return [str(Path(url.toLocalFile())) for url in event.mimeData().urls() if url.isLocalFile()]
