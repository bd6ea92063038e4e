"""People and their work: who is here, in which rounds, who has which documents and how far everybody is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from annotator.core.changes import ChangeSet
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import Dialog, in_a_row, plain_label
from annotator.ui.dialogs.team.desk import TeamDesk, TeamState
from annotator.ui.dialogs.team.people_page import PeoplePage
from annotator.ui.dialogs.team.rounds_page import RoundsPage
from annotator.ui.dialogs.team.sharing_page import SharingPage
from annotator.ui.dialogs.team.work_page import WorkPage
from annotator.ui.dialogs.undoing import add_undo_keys
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.session.session import Session

SIZE = (1040, 680)
LEAST = (720, 500)
_TOLD_OF = ("annotator", "round", "project", "assignment", "status", "annotation", "document", "layer")


class PeopleDialog(Dialog):
    """For leads to change, for others to look at; analysts see people, rounds and their own progress."""

    def __init__(self, session: Session, tasks: TaskRunner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("People and work"))
        self._session = session
        self.desk = TeamDesk(session, tasks, self)
        self.round = ComboBox()
        self.round.setMinimumWidth(200)
        name = plain_label(self.tr("&Round"), muted=True)
        name.setBuddy(self.round)
        self.round.setAccessibleName(self.tr("Round whose work is shown"))
        self.round.activated.connect(self._choose_round)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.people = PeoplePage(self.desk, theme)
        self.rounds = RoundsPage(self.desk)
        self.sharing = SharingPage(self.desk, theme)
        self.work = WorkPage(self.desk, theme)
        self.tabs.addTab(self.people, self.tr("People"))
        if session.role == "lead":
            self.tabs.addTab(self.work, self.tr("Documents"))
            self.work.sharing_wanted.connect(self._share_selected)
        if self.desk.editable:
            self.tabs.addTab(self.sharing, self.tr("Share out"))
        self.tabs.addTab(self.rounds, self.tr("Rounds"))
        self.tabs.currentChanged.connect(self._take_selection)
        for page in (self.sharing, self.work):
            if self.tabs.indexOf(page) < 0:
                page.setParent(self)
                page.hide()
        top = in_a_row(name, self.round)
        self.tabs.setCornerWidget(top)
        self.body.addWidget(self.tabs, 1)
        self.add_button(self.tr("Close"))
        self.desk.changed.connect(self._show)
        self.desk.problem.connect(self.show_problem)
        add_undo_keys(self, self.undo, self.redo)
        self.keep_fitting(*SIZE)
        self.setMinimumSize(*LEAST)
        self.desk.read()

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Take over what a ChangeSet says of people and work."""
        if changes.touches(*_TOLD_OF):
            self.desk.read()

    @Slot(object)
    def _show(self, state: TeamState) -> None:
        self.round.clear()
        for one in state.rounds:
            in_use = self.tr("{name} (in use)").format(name=one.name)
            self.round.addItem(in_use if one.id == state.in_use else one.name, one.id)
        self.round.setCurrentIndex(self.round.findData(state.chosen))

    @Slot()
    def _choose_round(self) -> None:
        self.desk.choose_round(str(self.round.currentData()))

    @Slot()
    def _share_selected(self) -> None:
        self.sharing.set_selected(self.work.selected_documents())
        self.sharing.choose_selected()
        self.tabs.setCurrentWidget(self.sharing)

    @Slot()
    def _take_selection(self) -> None:
        if self.tabs.currentWidget() is self.sharing:
            self.sharing.set_selected(self.work.selected_documents())

    @Slot()
    def undo(self) -> None:
        """Take back one's own last step."""
        self.desk.do(partial(self._session.history.undo))

    @Slot()
    def redo(self) -> None:
        """Put back what was undone last."""
        self.desk.do(partial(self._session.history.redo))
