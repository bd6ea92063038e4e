"""The frame of the pages of people and of rounds: a list, and beside it the entry that is current."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.core.records import Annotator, Round
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, Fields, in_a_row, plain_button
from annotator.ui.dialogs.team.desk import TeamDesk
from annotator.ui.panels.widgets import heading

_SIDE_WIDTH = 330


class EntryPage(QWidget):
    """The list with a line for a new entry at the left; at the right the fields, of which the name is the first.

    Its subclass lays it out and goes on in `left` and in `right`.
    """

    def __init__(self, desk: TeamDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def _lay_out(self, entries: QWidget, title: str) -> None:
        self.left = QVBoxLayout()
        self.left.setSpacing(SMALL_GAP)
        self.left.addWidget(entries, 1)
        self.side = QWidget()
        self.side.setFixedWidth(_SIDE_WIDTH)
        self.right = QVBoxLayout(self.side)
        self.right.setContentsMargins(0, 0, 0, 0)
        self.right.setSpacing(SMALL_GAP + 2)
        self.name = QLineEdit()
        self.name.editingFinished.connect(self._rename)
        self.fields = Fields()
        self.fields.add_field(self.tr("&Name"), self.name)
        self.right.addWidget(heading(title))
        self.right.addLayout(self.fields)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GAP, 0, 0)
        row.setSpacing(2 * GAP)
        row.addLayout(self.left, 1)
        row.addWidget(self.side)

    def _offer_new(self, name: str, hint: str, button: str) -> None:
        """Add the line for a new entry, for leads only."""
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(hint)
        self.new_name.setAccessibleName(name)
        self.new_name.returnPressed.connect(self.add)
        self.add_button = plain_button(button)
        self.add_button.clicked.connect(self.add)
        self.new_row = in_a_row(self.new_name, self.add_button)
        self._desk.for_leads(self.new_row)
        self.left.addWidget(self.new_row)

    def _show_name(self, name: str) -> None:
        """Show what the entry is called, unless somebody is typing another name."""
        if not (self.name.hasFocus() and self.name.isModified()):
            self.name.setText(name)

    def _current(self) -> Annotator | Round | None:
        """Return the entry that is current."""
        raise NotImplementedError

    def _make(self, name: str) -> object:
        """Make an entry of this name."""
        raise NotImplementedError

    def _give_name(self, entry: str, name: str) -> object:
        """Call an entry otherwise."""
        raise NotImplementedError

    @Slot()
    def add(self) -> None:
        """Make an entry by the name that was typed."""
        if self._desk.do(partial(self._make, self.new_name.text())):
            self.new_name.clear()

    @Slot()
    def _rename(self) -> None:
        entry = self._current()
        if entry is None or self.name.text() == entry.name or self.name.isReadOnly():
            return
        if not self._desk.do(partial(self._give_name, entry.id, self.name.text())):
            self.name.setText(entry.name)
        self.name.setModified(False)
