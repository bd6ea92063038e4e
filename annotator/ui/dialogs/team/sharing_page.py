"""Sharing documents out: which ones, to whom, how many twice; what each gets is shown before it happens."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QSlider,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.dialogs.check_sign import CheckDelegate
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, in_a_row, plain_button, plain_label
from annotator.ui.dialogs.team.desk import TeamDesk, TeamState
from annotator.ui.dialogs.team.people_list import person_color
from annotator.ui.panels.widgets import dot_icon, heading, restyle
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, tool_tip

if TYPE_CHECKING:
    from annotator.session.assignments import AssignmentPlan

_DELAY = 120
"""Milliseconds after a change until what each would get is counted."""

_STEP = 5
"""Per cent."""


class SharingPage(QWidget):
    """The choices at the left, what comes of them at the right."""

    def __init__(self, desk: TeamDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._theme = theme
        self._selected: list[str] = []
        self._seed = 0
        self.plan: AssignmentPlan | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self._count)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GAP, 0, 0)
        row.setSpacing(2 * GAP)
        row.addLayout(self._choices(), 1)
        row.addLayout(self._preview(), 1)
        desk.changed.connect(self._show)

    def _choices(self) -> QVBoxLayout:
        self.documents = ComboBox()
        self.documents.setAccessibleName(self.tr("Which documents"))
        self.documents.addItem(self.tr("All that nobody has in this round"), "free")
        self.documents.addItem("", "selected")
        self.documents.currentIndexChanged.connect(self._plan_soon)
        self.people = QListWidget()
        self.people.setAccessibleName(self.tr("To whom"))
        self.people.setItemDelegate(CheckDelegate(self.people))
        self.people.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.itemChanged.connect(self._plan_soon)
        self.overlap = QSlider(Qt.Orientation.Horizontal)
        self.overlap.setRange(0, 100 // _STEP)
        self.overlap.setPageStep(2)
        self.overlap.setAccessibleName(self.tr("Share of documents that two people get"))
        self.overlap.valueChanged.connect(self._show_overlap)
        self.share = plain_label("")
        self.share.setMinimumWidth(44)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(SMALL_GAP)
        column.addWidget(heading(self.tr("Documents")))
        column.addWidget(self.documents)
        column.addSpacing(GAP)
        column.addWidget(heading(self.tr("To whom")))
        column.addWidget(self.people, 1)
        column.addSpacing(GAP)
        column.addWidget(heading(self.tr("Two people get")))
        column.addWidget(in_a_row(self.overlap, self.share))
        text = self.tr("What two people tag without seeing each other tells how far they agree.")
        column.addWidget(plain_label(text, wrap=True, muted=True, scale="small"))
        self._show_overlap()
        return column

    def _preview(self) -> QVBoxLayout:
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([self.tr("Person"), self.tr("Documents"), self.tr("Characters")])
        self.table.setAccessibleName(self.tr("What each person would get"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.summary = plain_label("", wrap=True, muted=True, scale="small")
        self.again_button = plain_button(self.tr("Share out otherwise"))
        self.again_button.clicked.connect(self._share_otherwise)
        self.assign_button = plain_button(self.tr("Assign"))
        self.assign_button.setProperty("role", "primary")
        restyle(self.assign_button)
        self.assign_button.clicked.connect(self.assign)
        column = QVBoxLayout()
        column.setSpacing(SMALL_GAP)
        column.addWidget(heading(self.tr("What each would get")))
        column.addWidget(self.table, 1)
        column.addWidget(self.summary)
        row = QHBoxLayout()
        row.setSpacing(SMALL_GAP)
        row.addStretch(1)
        row.addWidget(self.again_button)
        row.addWidget(self.assign_button)
        column.addLayout(row)
        return column

    # -- choices

    def set_selected(self, documents: list[str]) -> None:
        """Offer these documents, by id."""
        self._selected = documents
        text = self.tr("Selected in Documents ({count})").format(count=grouped(len(documents)))
        self.documents.setItemText(1, text)
        self._plan_soon()

    def choose_selected(self) -> None:
        """Share out the selected documents."""
        self.documents.setCurrentIndex(1)

    @Slot(object)
    def _show(self, state: TeamState) -> None:
        checked, known = set(self.chosen_people()), set(self._listed_people())
        self.people.blockSignals(True)
        self.people.clear()
        for one in state.work.people:
            item = QListWidgetItem(dot_icon(person_color(one, self._theme), 10, self), one.name)
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            item.setToolTip(tool_tip(one.name))
            is_checked = one.id in checked if one.id in known else one.role == "analyst"
            item.setCheckState(Qt.CheckState.Checked if is_checked else Qt.CheckState.Unchecked)
            self.people.addItem(item)
        self.people.blockSignals(False)
        self._plan_soon()

    def chosen_people(self) -> list[str]:
        """Return the ids of the people that are ticked."""
        items = [self.people.item(row) for row in range(self.people.count())]
        return [i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() == Qt.CheckState.Checked]

    def _listed_people(self) -> list[str]:
        return [self.people.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.people.count())]

    def share_of_overlap(self) -> float:
        """Return the share of documents that two people get, 0 to 1."""
        return self.overlap.value() * _STEP / 100

    @Slot()
    def _show_overlap(self) -> None:
        self.share.setText(f"{self.overlap.value() * _STEP} %")
        if hasattr(self, "assign_button"):
            self._plan_soon()

    @Slot()
    def _share_otherwise(self) -> None:
        self._seed += 1
        self._plan_soon()

    @Slot()
    def _plan_soon(self) -> None:
        self.plan = None
        self.assign_button.setEnabled(False)
        self._timer.start()

    # -- what comes of them

    def _arguments(self) -> tuple[list[str] | None, list[str], float, str, int]:
        documents = self._selected if self.documents.currentData() == "selected" else None
        people = self.chosen_people()
        overlap = self.share_of_overlap() if len(people) > 1 else 0.0
        return documents, people, overlap, self._desk.chosen_round, self._seed

    @Slot()
    def _count(self) -> None:
        if self._desk.state is None:
            return
        if not self.chosen_people():
            self._show_plan(None)
            return
        task = self._desk.start(
            self.tr("Counting what each would get"),
            partial(self._desk.session.queries.assignment_plan, *self._arguments()),
        )
        task.finished.connect(self._show_plan)

    @Slot(object)
    def _show_plan(self, plan: AssignmentPlan | None) -> None:
        self.plan = plan
        state = self._desk.state
        if state is None:
            return
        allotments = plan.allotments if plan else ()
        lengths = {document: characters for document, _, characters in state.work.documents}
        numbers, loads = Counter[str](), Counter[str]()
        for one in allotments:
            numbers[one.annotator] += 1
            loads[one.annotator] += lengths.get(one.document, 0)
        rows = [one for one in state.work.people if one.id in set(self.chosen_people())]
        self.table.setRowCount(len(rows))
        for row, one in enumerate(rows):
            name = QTableWidgetItem(dot_icon(person_color(one, self._theme), 10, self), one.name)
            self.table.setItem(row, 0, name)
            for column, number in ((1, numbers[one.id]), (2, loads[one.id])):
                cell = QTableWidgetItem(grouped(number))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, cell)
        self.summary.setText(self._summary(plan))
        self.assign_button.setEnabled(bool(allotments))

    def _summary(self, plan: AssignmentPlan | None) -> str:
        if plan is None:
            return self.tr("Tick the people who get documents.")
        if not plan.allotments:
            if not plan.left_alone:
                return self.tr("There is no document to share out.")
            if plan.left_alone == 1:
                return self.tr("Nothing is left to share out: the document is assigned already and stays as it is.")
            nothing = self.tr("Nothing is left to share out: all {count} documents are assigned already.")
            return nothing.format(count=grouped(plan.left_alone))
        documents = len({one.document for one in plan.allotments})
        twice = sum(one.second for one in plan.allotments)
        parts = [
            self.tr("{count} documents, {twice} of them to two people.").format(
                count=grouped(documents), twice=grouped(twice)
            )
        ]
        if plan.left_alone:
            stay = self.tr("{count} are assigned already and stay as they are.")
            parts.append(stay.format(count=grouped(plan.left_alone)))
        return " ".join(parts)

    @Slot()
    def assign(self) -> None:
        """Do what is shown."""
        if self.plan is not None:
            self.assign_button.setEnabled(False)
            self._desk.start(self.tr("Assigning"), partial(self._desk.session.assignments.assign, *self._arguments()))
