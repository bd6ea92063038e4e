"""The rounds of the project: begin one, go to another, let analysts see one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from annotator.core.records import Round
from annotator.ui.dialogs.controls import CheckBox
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, Fields, in_a_row, plain_button, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.team.desk import TeamDesk, TeamState
from annotator.ui.panels.widgets import heading

_SIDE_WIDTH = 330


class RoundsPage(QWidget):
    """The list at the left, the round that is current at the right."""

    def __init__(self, desk: TeamDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._round: Round | None = None
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setAccessibleName(self.tr("Rounds"))
        self.list.currentItemChanged.connect(self._show_round)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GAP, 0, 0)
        row.setSpacing(2 * GAP)
        row.addLayout(self._left(), 1)
        self.side = self._side()
        row.addWidget(self.side)
        desk.changed.connect(self._show)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.list, 1)
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(self.tr("Name of a new round, such as pilot"))
        self.new_name.setAccessibleName(self.tr("Name of a new round"))
        self.new_name.returnPressed.connect(self.begin)
        self.begin_button = plain_button(self.tr("Begin the round"))
        self.begin_button.clicked.connect(self.begin)
        new = in_a_row(self.new_name, self.begin_button)
        self._desk.for_leads(new)
        column.addWidget(new)
        return column

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP + 2)
        self.name = QLineEdit()
        self.name.editingFinished.connect(self._rename)
        self.name.setReadOnly(not self._desk.editable)
        fields = Fields()
        fields.add_field(self.tr("&Name"), self.name)
        self.practice = CheckBox(self.tr("For &practice"))
        self.practice.clicked.connect(self._set_practice)
        self.released = CheckBox(self.tr("Re&leased to analysts"))
        self.released.clicked.connect(self._set_released)
        about = self.tr("Whoever practises sees after handing in where gold differs, and why.")
        open_to = self.tr("Analysts then see what everybody tagged in this round, and how far they agree.")
        self.switch_button = plain_button(self.tr("Switch the project to this round"))
        self.switch_button.clicked.connect(self._switch)
        self.remove_button = plain_button(self.tr("Remove"))
        self.remove_button.clicked.connect(self._remove)
        column.addWidget(heading(self.tr("Round")))
        column.addLayout(fields)
        for box, text in ((self.practice, about), (self.released, open_to)):
            column.addSpacing(SMALL_GAP)
            column.addWidget(box)
            column.addWidget(plain_label(text, wrap=True, muted=True, scale="small"))
            box.setEnabled(self._desk.editable)
        column.addSpacing(GAP)
        self._desk.for_leads(self.switch_button, self.remove_button)
        for button in (self.switch_button, self.remove_button):
            column.addWidget(button)
        column.addStretch(1)
        return side

    @Slot(object)
    def _show(self, state: TeamState) -> None:
        current = self._round.id if self._round else state.in_use
        self.list.blockSignals(True)
        self.list.clear()
        for one in state.rounds:
            parts = [
                self.tr("the project is in it") if one.id == state.in_use else "",
                self.tr("for practice") if one.practice else "",
                self.tr("released to analysts") if one.released else self.tr("analysts see their own"),
            ]
            self.list.addItem(row_item(one.name, " · ".join(part for part in parts if part), key=one.id))
        rows = {one.id: place for place, one in enumerate(state.rounds)}
        self.list.setCurrentRow(rows.get(current, rows[state.in_use]))
        self.list.blockSignals(False)
        self._show_round()

    @Slot()
    def _show_round(self) -> None:
        state, item = self._desk.state, self.list.currentItem()
        if state is None or item is None:
            return
        identity = item.data(Qt.ItemDataRole.UserRole)
        self._round = next(one for one in state.rounds if one.id == identity)
        if not (self.name.hasFocus() and self.name.isModified()):
            self.name.setText(self._round.name)
        self.practice.setChecked(self._round.practice)
        self.released.setChecked(self._round.released)
        self.switch_button.setEnabled(self._round.id != state.in_use)
        self.remove_button.setEnabled(self._round.id != state.in_use)

    @Slot()
    def begin(self) -> None:
        """Begin a round by the name that was typed; the project goes to it."""
        if self._desk.do(partial(self._desk.session.rounds.begin, self.new_name.text())):
            self.new_name.clear()
            self._round = None
            self._desk.choose_round("")

    @Slot()
    def _rename(self) -> None:
        if self._round is None or self.name.text() == self._round.name or self.name.isReadOnly():
            return
        if not self._desk.do(partial(self._desk.session.rounds.rename, self._round.id, self.name.text())):
            self.name.setText(self._round.name)
        self.name.setModified(False)

    @Slot(bool)
    def _set_practice(self, practice: bool) -> None:
        if self._round is not None:
            self._desk.do(partial(self._desk.session.rounds.set_practice, self._round.id, practice))

    @Slot(bool)
    def _set_released(self, released: bool) -> None:
        if self._round is not None:
            rounds = self._desk.session.rounds
            self._desk.do(partial(rounds.release if released else rounds.close, self._round.id))

    @Slot()
    def _switch(self) -> None:
        if self._round is not None and self._desk.do(partial(self._desk.session.rounds.switch, self._round.id)):
            self._desk.choose_round("")

    @Slot()
    def _remove(self) -> None:
        if self._round is not None:
            self._desk.do(partial(self._desk.session.rounds.remove, self._round.id))
