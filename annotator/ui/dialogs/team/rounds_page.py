"""The rounds of the project: begin one, go to another, let analysts see one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QListWidget, QWidget

from annotator.core.records import Round
from annotator.ui.dialogs.controls import CheckBox
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, plain_button, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.team.desk import TeamDesk, TeamState
from annotator.ui.dialogs.team.entry_page import EntryPage


class RoundsPage(EntryPage):
    """The list at the left, the round that is current at the right."""

    def __init__(self, desk: TeamDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._round: Round | None = None
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setAccessibleName(self.tr("Rounds"))
        self.list.currentItemChanged.connect(self._show_round)
        self._lay_out(self.list, self.tr("Round"))
        hint = self.tr("Name of a new round, such as pilot")
        self._offer_new(self.tr("Name of a new round"), hint, self.tr("Begin the round"))
        self.name.setReadOnly(not desk.editable)
        self._add_right()
        desk.changed.connect(self._show)

    def _add_right(self) -> None:
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
        for box, text in ((self.practice, about), (self.released, open_to)):
            self.right.addSpacing(SMALL_GAP)
            self.right.addWidget(box)
            self.right.addWidget(plain_label(text, wrap=True, muted=True, scale="small"))
            box.setEnabled(self._desk.editable)
        self.right.addSpacing(GAP)
        self._desk.for_leads(self.switch_button, self.remove_button)
        for button in (self.switch_button, self.remove_button):
            self.right.addWidget(button)
        self.right.addStretch(1)

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
        self._show_name(self._round.name)
        self.practice.setChecked(self._round.practice)
        self.released.setChecked(self._round.released)
        self.switch_button.setEnabled(self._round.id != state.in_use)
        self.remove_button.setEnabled(self._round.id != state.in_use)

    def _current(self) -> Round | None:
        return self._round

    def _make(self, name: str) -> None:
        """Begin a round; the project goes to it."""
        self._desk.session.rounds.begin(name)
        self._round = None
        self._desk.choose_round("")

    def _give_name(self, entry: str, name: str) -> Round:
        return self._desk.session.rounds.rename(entry, name)

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
