"""The window: its parts put together. What is done is in `projects`, `documents` and the gestures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from annotator.settings import Settings
from annotator.ui.theme import Theme, apply_theme, load_theme, palette
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
_POINT = 96 / 72
"""Logical pixels in a point."""


class MainWindow(QMainWindow):
    """An empty frame at first, so that it is on screen at once; `assemble` puts the parts into it.

    `painted` comes once, after the first paint: the moment for heavy work. With `keep_settings` False, preferences are
    neither restored nor written.
    """

    painted = Signal()

    def __init__(self, settings: Settings, read_codebook: CodebookReader, *, keep_settings: bool = True) -> None:
        super().__init__()
        self.settings = settings
        self.theme = load_theme(_theme_name(settings.theme))
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

        self._apply_theme(self.theme)
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
        self._set_reading_type()
        self._set_hands()
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
        self._show_person()
        self.status.show_project(session.path.name if session else "", writable=writable)
        self.status.show_hint(self.page.document.codebook, writable=writable)
        self.setWindowTitle(f"{session.path.stem} — Annotator" if session else "Annotator")
        if session is not None:
            self._listen(session)
            if session.read_only_reason:
                self.banner.keep(self.tr("{reason} You can read, not change.").format(reason=session.read_only_reason))
            self._return_to_place(session)
        self._show_context()

    def _show_person(self) -> None:
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
        facts = set()
        if session is not None:
            writable = not session.read_only_reason
            facts |= {"project"} | ({"writable"} if writable else set())
            facts |= self._facts_of_role(session)
            if self.parts.project_pages.current in ("", "annotate"):
                facts |= self._facts_of_text(writable=writable)
        self.actions_table.set_facts(facts)
        tabs = ("annotate", *(("review",) if "review" in facts else ()), "corpus")
        self.top_bar.show_tabs(tabs if session is not None else ())
        self.actions_table["history"].setChecked(self.page.history_is_shown)
        self.actions_table["relations"].setChecked(self.page.reading.links_are_shown)

    def _facts_of_text(self, *, writable: bool) -> set[str]:
        """Return what can be done with the text that is annotated, while it is on screen."""
        facts, document, faces = set(), self.page.document, self.page.faces
        if document.document is not None:
            facts |= {"document"} | ({"editable"} if writable else set())
            session = self.projects.session
            facts |= {"free document"} if writable and session is not None and session.package is None else set()
        facts |= ({"pages"} if faces.has_pages else set()) | ({"shown pages"} if faces.shows_pages else set())
        if document.selected_span is not None:
            facts |= {"span"} | ({"editable span"} if writable else set())
        return facts

    @staticmethod
    def _facts_of_role(session: Session) -> set[str]:
        """Return what the person may do as a lead, or as somebody who has a package to hand in."""
        writable = not session.read_only_reason
        if session.package is not None:
            return {"package"} if writable else set()
        is_lead = session.role == "lead"
        facts = {"free documents"} if writable else set()
        facts |= {"lead"} if writable and is_lead else set()
        return facts | ({"review"} if is_lead or any(one.released for one in session.queries.rounds()) else set())

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
        """Open a project that was dropped, import everything else."""
        if files and all(file.endswith(RETURN_SUFFIX) for file in files):
            self.projects.open_returns(files)
        elif len(files) == 1 and files[0].endswith(PROJECT_SUFFIX):
            self.projects.open_path(files[0])
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
    def next_pane(self) -> None:
        """Put the focus into the next pane."""
        self._step_pane(1)

    @Slot()
    def previous_pane(self) -> None:
        """Put the focus into the pane before."""
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        panes = self._panes()
        focus = QApplication.focusWidget()
        here = next((i for i, (pane, _) in enumerate(panes) if focus is pane or _is_in(focus, pane)), None)
        place = 0 if here is None else (here + step) % len(panes)
        panes[place][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _panes(self) -> list[tuple[QWidget, QWidget]]:
        """Return each pane with what takes its focus, in the order of F6."""
        page = self.page
        other = self.parts.project_pages.current_page()
        if other is not None:
            return [*other.panes(), (self.top_bar, self.top_bar.search)]
        if self.pages.currentWidget() is not page:
            return [(self.start_page, self.start_page.new_card), (self.top_bar, self.top_bar.search)]
        note, add_button = page.inspector.note_field.face(), page.inspector.attributes.add_button
        inspector = note if page.document.selected_span else add_button
        right = page.history_panel.list if page.history_is_shown else inspector
        right = page.unplaced_panel.list if page.unplaced_is_shown else right
        panes: list[tuple[QWidget, QWidget]] = [(page.left, page.left_focus())]
        if page.document.document is not None:
            panes.append((page.faces, page.faces.face()))
        if right.isVisible():
            panes.append((page.right, right))
        return [*panes, (self.top_bar, self.top_bar.search)]

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

    @Slot()
    def show_settings(self) -> None:
        """Show the preferences."""
        from annotator.ui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self.settings, self)
        dialog.changed.connect(self.take_settings)
        dialog.open()

    @Slot(object)
    def take_settings(self, chosen: Settings) -> None:
        """Apply and save preferences that were chosen."""
        from annotator.ui.dialogs.settings import SHOWN

        for name in SHOWN:
            setattr(self.settings, name, getattr(chosen, name))
        self.state.save()
        self._show_person()
        self._set_theme(load_theme(_theme_name(self.settings.theme)))
        self._set_reading_type()
        self._set_hands()
        self.parts.watching.set_on(self.settings.show_on_screen and self.state.keeps)

    @Slot()
    def toggle_theme(self) -> None:
        """Change between light and dark."""
        self.settings.theme = "light" if self.theme.dark else "dark"
        self.state.save()
        self._set_theme(load_theme(self.settings.theme))

    @Slot()
    def larger_text(self) -> None:
        """Make the text that is read, or the pages, larger."""
        self._scale_text(1)

    @Slot()
    def smaller_text(self) -> None:
        """Make the text that is read, or the pages, smaller."""
        self._scale_text(-1)

    def _scale_text(self, points: int) -> None:
        if self.page.faces.shows_pages:
            self.page.faces.page_view.zoom_by(points)
            return
        self.settings.reading_size = min(max(self.settings.reading_size + points, 8.0), 32.0)
        self.state.save()
        self._set_reading_type()

    def _set_theme(self, theme: Theme) -> None:
        self._apply_theme(theme)
        self.page.set_theme(theme)
        self.parts.project_pages.set_theme(theme)
        self.start_page.set_theme(theme)
        self.top_bar.search.set_theme(theme)

    def _apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setPalette(palette(theme))
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, theme)

    def _set_hands(self) -> None:
        """Let the gestures follow the preferences."""
        self.page.reading.set_snapping(self.settings.snapping)
        self.tagging.trim = self.settings.trim
        self.describing.asks = self.settings.ask_attributes

    def _set_reading_type(self) -> None:
        settings = self.settings
        self.page.reading.set_reading_font(
            settings.reading_family,
            round(settings.reading_size * _POINT),
            settings.reading_line_height,
            settings.reading_columns,
        )
        for page in self.parts.project_pages.made():
            page.take_settings()

    # -- Qt

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
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


def _theme_name(wanted: str) -> str:
    if wanted != "system":
        return wanted
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def _is_in(widget: QWidget | None, pane: QWidget) -> bool:
    return widget is not None and pane.isAncestorOf(widget)


def _local_files(event: QDropEvent) -> list[str]:
    return [str(Path(url.toLocalFile())) for url in event.mimeData().urls() if url.isLocalFile()]
