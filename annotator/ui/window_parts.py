"""The parts of the window, made and put together. Importing this imports everything that the window needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from annotator.ui.actions.window_actions import Actions
from annotator.ui.agreement_verbs import AgreementVerbs
from annotator.ui.annotate_page import AnnotatePage
from annotator.ui.command_finder import CommandFinder
from annotator.ui.dataset_verbs import DatasetVerbs
from annotator.ui.document_verbs import DocumentVerbs
from annotator.ui.entity_verbs import EntityVerbs
from annotator.ui.gestures.attribute_pass import AttributePass
from annotator.ui.gestures.checking import Checking
from annotator.ui.gestures.codebook_editing import CodebookEditing
from annotator.ui.gestures.covering import Covering
from annotator.ui.gestures.deleting import Deleting
from annotator.ui.gestures.describing import Describing
from annotator.ui.gestures.desk import Desk
from annotator.ui.gestures.finding import Finding
from annotator.ui.gestures.noting import Noting
from annotator.ui.gestures.relating import Relating
from annotator.ui.gestures.repeating import Repeating
from annotator.ui.gestures.searching import Searching
from annotator.ui.gestures.shaping import Shaping
from annotator.ui.gestures.sighting import Sighting
from annotator.ui.gestures.staying import Staying
from annotator.ui.gestures.tagging import Tagging
from annotator.ui.gestures.travelling import Travelling
from annotator.ui.gestures.versions import Versions
from annotator.ui.gestures.watching import Watching
from annotator.ui.load_verbs import LoadVerbs
from annotator.ui.merge_verbs import MergeVerbs
from annotator.ui.messages import MessageBar
from annotator.ui.models.command_model import CommandModel
from annotator.ui.models.on_screen import on_screen_folder
from annotator.ui.package_verbs import PackageVerbs
from annotator.ui.panels.status_line import StatusLine
from annotator.ui.panels.top_bar import TopBar
from annotator.ui.panes import Panes
from annotator.ui.people_verbs import PeopleVerbs
from annotator.ui.preferences import Preferences
from annotator.ui.project_page import PageTools
from annotator.ui.project_pages import ProjectPages
from annotator.ui.project_verbs import CodebookReader, ProjectVerbs
from annotator.ui.report_verbs import ReportVerbs
from annotator.ui.review_verbs import ReviewVerbs
from annotator.ui.start_page import StartPage
from annotator.ui.tasks import TaskRunner
from annotator.ui.text_menu import TextMenu

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class WindowParts:
    """Makes the parts, lays them out in the window, and connects them to each other.

    A part is made inside the one that holds it: Qt dresses anew what moves to another parent, with all that it holds.
    """

    def __init__(self, window: MainWindow, read_codebook: CodebookReader) -> None:
        settings, theme = window.settings, window.theme
        self.tasks = TaskRunner(window)
        self.commands = CommandModel(window)
        self.entities = EntityVerbs(self.tasks, window)
        self.centre = QWidget(window)
        self.pages = QStackedWidget(self.centre)
        self.page = AnnotatePage(self.entities.choices, theme, self.pages)
        self.start_page = StartPage(theme, self.pages)
        self.messages = MessageBar(window)
        self.banner = MessageBar(self.centre)
        self.status = StatusLine(window)
        self.projects = ProjectVerbs(settings, self.tasks, self.messages, read_codebook, window)
        self.documents = DocumentVerbs(self.page, self.tasks, self.messages, settings, window)
        self.datasets = DatasetVerbs(self.tasks, self.messages, settings, window)
        self.projects.session_changed.connect(self.datasets.set_session)
        self.loading = LoadVerbs(self.tasks, self.messages, settings, window)
        self.projects.session_changed.connect(self.loading.set_session)
        self.reports = ReportVerbs(self.page, self.tasks, self.messages, settings, window)
        self.projects.session_changed.connect(self.reports.set_session)
        self.desk = Desk(self.page, self.messages, window)
        self.tagging = Tagging(self.desk)
        self.staying = Staying(self.desk, self.tagging)
        self.describing = Describing(self.desk, self.tagging)
        self.sighting = Sighting(self.desk, self.tagging)
        self.relating = Relating(self.desk)
        self.deleting = Deleting(self.desk)
        self.repeating = Repeating(self.desk, self.tasks)
        self.shaping = Shaping(self.desk)
        self.travelling = Travelling(self.desk)
        self.versions = Versions(self.desk, self.tasks, window)
        self.finding = Finding(self.desk)
        self.attribute_pass = AttributePass(self.desk, self.tasks, self.entities.choices)
        self.searching = Searching(self.desk, self.tasks)
        self.projects.session_changed.connect(self.searching.set_session)
        self.checking = Checking(self.desk, self.tasks)
        self.projects.session_changed.connect(self.checking.set_session)
        self.watching = Watching(self.desk, on_screen_folder(), on=settings.show_on_screen and window.state.keeps)
        self.covering = Covering(self.desk, self.status)
        self.noting = Noting(self.desk, self.tasks, window)
        self.agreement = AgreementVerbs(self.tasks, window)
        self.codebook_editing = CodebookEditing(self.desk, self.tasks, window)
        self.packages = PackageVerbs(self.tasks, self.messages, settings, window)
        self.projects.session_changed.connect(self.packages.set_session)
        self.people = PeopleVerbs(self.tasks, window)
        self.projects.session_changed.connect(self.people.set_session)
        self.merging = MergeVerbs(self.tasks, self.messages, window)
        self.projects.session_changed.connect(self.merging.set_session)
        self.finder = CommandFinder(self.commands, self.page.document, self.tasks, window)
        tools = PageTools(self.tasks, self.messages, settings)
        self.project_pages = ProjectPages(self.pages, self.page, tools, theme, window)
        self.reviewing = ReviewVerbs(self.project_pages, window)
        self.projects.session_changed.connect(self.reviewing.set_session)
        self.top_bar = TopBar(self.commands, theme, self.centre)
        self.panes = Panes(self, window)
        self.preferences = Preferences(self, window)
        slots = {
            "window": window,
            "panes": self.panes,
            "preferences": self.preferences,
            "projects": self.projects,
            "documents": self.documents,
            "datasets": self.datasets,
            "loading": self.loading,
            "reports": self.reports,
            "desk": self.desk,
            "sighting": self.sighting,
            "staying": self.staying,
            "tagging": self.tagging,
            "describing": self.describing,
            "relating": self.relating,
            "deleting": self.deleting,
            "repeating": self.repeating,
            "shaping": self.shaping,
            "travelling": self.travelling,
            "versions": self.versions,
            "finding": self.finding,
            "entities": self.entities,
            "attribute_pass": self.attribute_pass,
            "searching": self.searching,
            "checking": self.checking,
            "watching": self.watching,
            "covering": self.covering,
            "noting": self.noting,
            "agreement": self.agreement,
            "codebook_editing": self.codebook_editing,
            "packages": self.packages,
            "merging": self.merging,
            "people": self.people,
            "faces": self.page.faces,
            "pages": self.project_pages,
            "review": self.reviewing,
        }
        self.actions = Actions(window, slots)
        self.text_menu = TextMenu(self.actions, self.tagging, window)
        for view in (self.page.reading, self.page.faces.page_view):
            view.menu_requested.connect(self.text_menu.open_at)
        self._lay_out(window)
        self._connect_top()
        self._connect_pages(window)
        self._state = window.state
        self.page.faces.restore(self._state.choices())
        self.page.faces.changed.connect(self._note_faces)
        self.page.document_panel.restore(self._state.choices())
        self.page.document_panel.choices_changed.connect(self._note_documents)
        self.relating.restore(self._state.choices())
        self.relating.choices_changed.connect(self._note_relations)

    def _lay_out(self, window: MainWindow) -> None:
        window.setCentralWidget(self.centre)
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(self.page)
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top_bar, self.banner):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self.messages.float_over(self.pages)
        window.setStatusBar(self.status)

    def _connect_top(self) -> None:
        self.top_bar.set_menu(self.actions.menu)
        self.top_bar.follow(self.actions["export"], self.actions["hand_in"])
        self.top_bar.export_requested.connect(self.datasets.export)
        self.top_bar.hand_in_requested.connect(self.packages.hand_in)
        self.packages.place_wanted.connect(self.desk.show_place)
        self.datasets.place_wanted.connect(self.desk.show_place)
        self.merging.place_wanted.connect(self.desk.show_place)
        self.merging.open_wanted.connect(self.projects.open_as_project)
        self.projects.update_offered.connect(self.merging.update)
        self.projects.returns_offered.connect(self.merging.merge_files)
        self.top_bar.search.opened.connect(self.finder.prepare)
        self.top_bar.search.chosen.connect(self.finder.run)
        self.top_bar.search.left.connect(self.desk.back_to_text)
        self.top_bar.search.left.connect(self.project_pages.take_focus)
        self.travelling.show_elsewhere(self.project_pages.show_place)
        self.top_bar.page_requested.connect(self.project_pages.show)
        self.project_pages.shown.connect(self.top_bar.show_page)
        self.project_pages.shown.connect(self.status.show_page)
        self.project_pages.place_wanted.connect(self.desk.open_document)
        self.project_pages.span_wanted.connect(self.desk.open_span)
        self.merging.digest_wanted.connect(self.reviewing.show_digest)
        self.reviewing.place_wanted.connect(self.desk.show_place)
        self.desk.shown.connect(self.project_pages.show_annotate)
        self.finder.set_actions(self.actions)
        self.finder.document_wanted.connect(self.desk.open_document)
        self.finder.label_wanted.connect(self.tagging.apply_label)
        self.documents.document_wanted.connect(self.desk.open_document)
        self.documents.place_wanted.connect(self.desk.open_document)
        self.documents.revert_wanted.connect(self.travelling.revert)
        self.loading.revert_wanted.connect(self.travelling.revert)
        self.documents.note_wanted.connect(self.noting.note_on)
        self.projects.session_changed.connect(self.noting.close)
        self.projects.session_changed.connect(self.agreement.set_session)
        self.desk.changed.connect(self.agreement.apply)
        self.agreement.document_wanted.connect(self.desk.open_document)

    def _note_faces(self) -> None:
        self._state.remember_choices(self.page.faces.choices())

    def _note_documents(self) -> None:
        self._state.remember_choices(self.page.document_panel.choices())

    def _note_relations(self) -> None:
        self._state.remember_choices(self.relating.choices())

    def _connect_pages(self, window: MainWindow) -> None:
        start, panel = self.start_page, self.page.document_panel
        start.new_requested.connect(self.projects.new)
        start.open_requested.connect(self.projects.open)
        start.sample_requested.connect(self.projects.sample)
        start.project_chosen.connect(self.projects.open_path)
        start.files_dropped.connect(window.drop_files)
        panel.import_requested.connect(self.documents.choose_files)
        panel.status_requested.connect(self.documents.set_status)
        panel.properties_requested.connect(self.documents.show_properties_of)
        panel.correction_requested.connect(self.documents.correct_text_of)
        panel.remove_requested.connect(self.documents.ask_to_remove)
        self.page.reading.escape_pressed.connect(self.messages.hide)
        self.page.reading.files_dropped.connect(window.drop_files)
        self.page.history_panel.close_requested.connect(window.toggle_history)
