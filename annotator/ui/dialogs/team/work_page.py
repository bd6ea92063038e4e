"""Who has which document, to look at and to assign by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.core.records import STATUSES
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import SMALL_GAP, plain_button, plain_label
from annotator.ui.dialogs.team.desk import TeamDesk, TeamState
from annotator.ui.models.work_model import STATES, STATUS_ROLE, WorkModel, state_name
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, status_name

if TYPE_CHECKING:
    from annotator.session.session import Session

_PERSON_WIDTH = 172
_TITLE_WIDTH = 280
_DOT = 8


class StandDelegate(QStyledItemDelegate):
    """A dot of the status before its name."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.column():
            option.rect.adjust(_DOT + 6, 0, 0, 0)  # type: ignore[attr-defined]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = option.rect  # type: ignore[attr-defined]
        super().paint(painter, option, index)
        status = index.data(STATUS_ROLE) if index.column() else ""
        if not status:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(f"status_{status}"))
        painter.drawEllipse(QPointF(rect.left() + 7 + _DOT / 2, rect.center().y() + 0.5), _DOT / 2, _DOT / 2)
        painter.restore()


class WorkView(QTableView):
    """The table; Space and a double click want the selected cells assigned, or taken back."""

    toggled = Signal()

    @Slot()
    def fit_title(self) -> None:
        """Give the titles what room the people leave."""
        people = self.horizontalHeader().count() - 1
        if people >= 0:
            self.setColumnWidth(0, max(_TITLE_WIDTH, self.viewport().width() - _PERSON_WIDTH * people))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.toggled.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_title()


class WorkPage(QWidget):
    """Documents by people; `sharing_wanted` asks to share the selected documents out."""

    sharing_wanted = Signal()

    def __init__(self, desk: TeamDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.model = WorkModel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(SMALL_GAP + 2)
        layout.addLayout(self._filters())
        self.view = self._make_view(theme)
        layout.addWidget(self.view, 1)
        layout.addLayout(self._foot())
        desk.changed.connect(self._show)
        self._show_selection()

    def _filters(self) -> QHBoxLayout:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Words of the title"))
        self.filter.setAccessibleName(self.tr("Narrow the documents by words of the title"))
        self.filter.setClearButtonEnabled(True)
        self.state = ComboBox()
        self.state.setAccessibleName(self.tr("Which documents are shown"))
        for state in STATES:
            self.state.addItem(state_name(state), state)
        self.filter.textChanged.connect(self._narrow)
        self.state.currentIndexChanged.connect(self._narrow)
        row = QHBoxLayout()
        row.setSpacing(SMALL_GAP)
        row.addWidget(self.filter, 1)
        row.addWidget(self.state)
        return row

    def _make_view(self, theme: Theme) -> WorkView:
        view = WorkView()
        view.setModel(self.model)
        view.setItemDelegate(StandDelegate(theme, view))
        view.setAccessibleName(self.tr("Who has which document"))
        view.setShowGrid(False)
        view.setAlternatingRowColors(True)
        view.setWordWrap(False)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        view.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        view.setTabKeyNavigation(False)
        view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(30)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        view.horizontalHeader().setDefaultSectionSize(_PERSON_WIDTH)
        view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        view.toggled.connect(self.toggle)
        view.doubleClicked.connect(self.toggle)
        view.selectionModel().selectionChanged.connect(self._show_selection)
        self.model.modelReset.connect(view.fit_title)
        return view

    def _foot(self) -> QHBoxLayout:
        self.count = plain_label("", muted=True, scale="small")
        self.toggle_button = plain_button(self.tr("Assign or take back (Space)"))
        self.status_button = plain_button(self.tr("Status…"))
        self.share_button = plain_button(self.tr("Share out…"))
        self.toggle_button.clicked.connect(self.toggle)
        self.status_button.clicked.connect(self._open_statuses)
        self.share_button.clicked.connect(self.sharing_wanted)
        row = QHBoxLayout()
        row.setSpacing(SMALL_GAP)
        row.addWidget(self.count, 1)
        self._desk.for_leads(self.share_button, self.status_button, self.toggle_button)
        for button in (self.share_button, self.status_button, self.toggle_button):
            row.addWidget(button)
        return row

    @Slot(object)
    def _show(self, state: TeamState) -> None:
        self.model.set_table(state.work)
        self._show_selection()

    @Slot()
    def _narrow(self) -> None:
        self.model.narrow(self.filter.text(), str(self.state.currentData()))
        self._show_selection()

    def selected_documents(self) -> list[str]:
        """Return the ids of the documents in which anything is selected, in the order of the table."""
        return self.model.documents(sorted(self.view.selectedIndexes()))

    @Slot()
    def _show_selection(self) -> None:
        selection = self.view.selectionModel().selection()
        ranges = [selection.at(place) for place in range(selection.count())]
        rows = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        shown = self.tr("{count} documents").format(count=grouped(self.model.rowCount()))
        chosen = self.tr("{count} selected").format(count=grouped(len(rows)))
        self.count.setText(f"{shown} · {chosen}" if rows else shown)
        self.share_button.setEnabled(bool(rows))
        has_person = any(one.right() > 0 for one in ranges)
        self.toggle_button.setEnabled(has_person)
        self.status_button.setEnabled(has_person)

    # -- doing

    @Slot()
    @Slot(QModelIndex)
    def toggle(self, _index: QModelIndex | None = None) -> None:
        """Take the selected cells back where all of them are assigned; else assign those that are not."""
        cells = [cell for cell in self.view.selectedIndexes() if cell.column()]
        if not self._desk.editable or not cells:
            return
        stands = {cell: self.model.stand(cell) for cell in cells}
        assigned = [stand.assignment for stand in stands.values() if stand is not None and stand.assignment]
        session, round = self._desk.session, self._desk.chosen_round
        if len(assigned) == len(cells):
            self._desk.start(self.tr("Taking assignments back"), partial(session.assignments.unassign, assigned))
            return
        pairs = [
            (self.model.document(cell), person.id)
            for cell in cells
            if (person := self.model.person(cell)) and not ((stand := stands[cell]) and stand.assignment)
        ]
        assignments = session.assignments
        verb = partial(assignments.assign_pairs, pairs, round)
        if len(pairs) == 1:
            verb = partial(assignments.assign_one, *pairs[0], round)
        self._desk.start(self.tr("Assigning"), verb)

    @Slot()
    def _open_statuses(self) -> None:
        menu = QMenu(self)
        for status in STATUSES:
            menu.addAction(status_name(status)).setData(status)
        menu.triggered.connect(self._set_status)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.status_button.mapToGlobal(self.status_button.rect().bottomLeft()))

    @Slot(QAction)
    def _set_status(self, action: QAction) -> None:
        self.set_status(str(action.data()))

    def set_status(self, status: str) -> None:
        """Set the status of the selected cells."""
        chosen: dict[str, list[str]] = defaultdict(list)
        for cell in self.view.selectedIndexes():
            person = self.model.person(cell)
            if person is not None:
                chosen[person.id].append(self.model.document(cell))
        job = partial(_set_statuses, self._desk.session, self._desk.chosen_round, chosen, status)
        self._desk.start(self.tr("Setting statuses"), job)


def _set_statuses(session: Session, round: str, chosen: Mapping[str, Sequence[str]], status: str) -> None:
    with session.group(f"Set statuses to {status.replace('_', ' ')}"):
        for person, documents in chosen.items():
            session.work.set_status(documents, person, status, round)
