"""Conflicts: rows that two people left differently. Both sides beside each other, one key takes one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QScrollArea, QSplitter, QVBoxLayout, QWidget

from annotator.session.conflict_rows import ConflictRow, ConflictSide
from annotator.ui.dialogs.conflict_words import field_name, field_value, table_name
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, Dialog, plain_button, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.undoing import add_undo_keys
from annotator.ui.panels.widgets import heading
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import grouped, local_time

SIZE = (940, 600)


class ConflictsDialog(Dialog):
    """`chosen` carries the id of a row and the revision that is taken, `bring_back` the id of a hidden row,
    `place_wanted` the id of a document and a code point in it.

    Who acts on them calls `set_conflicts` with what is left.
    """

    chosen = Signal(str, str)
    bring_back = Signal(str)
    place_wanted = Signal(str, int)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, conflicts: Sequence[ConflictRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conflicts: list[ConflictRow] = []
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list, bold=False))
        self.list.setAccessibleName(self.tr("Conflicts"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_current)
        self.list.itemActivated.connect(self._show_place)
        self.list.installEventFilter(self)
        self.about = plain_label("", wrap=True, scale="large")
        self.kind = heading("")
        self.sides = QWidget()
        self._column = QVBoxLayout(self.sides)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self.nothing = plain_label(self.tr("✓ No conflict is left."), state="success")
        self._lay_out()
        self.show_button = self.add_side_button(self.tr("&Show in the text"))
        self.show_button.clicked.connect(self._show_place)
        self.close_button = self.add_button(self.tr("Close"))
        add_undo_keys(self, self.undo_requested.emit, self.redo_requested.emit)
        self.keep_fitting(*SIZE)
        self.set_conflicts(conflicts)

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.sides)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(14, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.kind)
        column.addWidget(self.about)
        column.addSpacing(SMALL_GAP)
        column.addWidget(scroll, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(right)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([360, 560])
        self._splitter.setStretchFactor(1, 1)
        self.body.addWidget(self._splitter, 1)
        self.body.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)

    def set_conflicts(self, conflicts: Sequence[ConflictRow]) -> None:
        """Show what is left; the place in the list stays, but goes to what is listed again."""
        known = {one.row for one in self._conflicts}
        row = next((row for row, one in enumerate(conflicts) if one.row not in known), max(0, self.list.currentRow()))
        self._conflicts = list(conflicts)
        self.list.blockSignals(True)
        self.list.clear()
        for one in conflicts:
            detail = " · ".join(part for part in (table_name(one.table), one.title) if part)
            self.list.addItem(row_item(one.about or table_name(one.table), detail))
        self.list.blockSignals(False)
        count = len(conflicts)
        words = self.tr("1 conflict") if count == 1 else self.tr("{count} conflicts").format(count=grouped(count))
        self.set_title(
            self.tr("Conflicts"),
            self.tr("{count}. Two people changed the same thing without knowing of each other: take one side.").format(
                count=words
            )
            if count
            else "",
        )
        self._splitter.setVisible(bool(count))
        self.nothing.setVisible(not count)
        self.show_problem("")
        self.list.setCurrentRow(min(row, count - 1))
        self._show_current()
        (self.list if count else self.close_button).setFocus()

    def current(self) -> ConflictRow | None:
        """Return the conflict that is shown."""
        row = self.list.currentRow()
        return self._conflicts[row] if 0 <= row < len(self._conflicts) else None

    @Slot()
    def _show_current(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        one = self.current()
        self.show_button.setVisible(one is not None and one.document is not None)
        if one is None:
            return
        self.kind.setText(table_name(one.table).upper())
        self.about.setText(one.about)
        if one.waits:
            self._column.addWidget(self._hidden_card(one))
        else:
            for place, side in enumerate(one.sides):
                self._column.addWidget(self._card(one, place, side))
        self._column.addStretch(1)

    def _card(self, one: ConflictRow, place: int, side: ConflictSide) -> QFrame:
        words = self.tr("{key}   {person}, {time}").format(
            key=place + 1, person=side.author or self.tr("Somebody"), time=local_time(side.time)
        )
        if place == 0:
            words += " · " + self.tr("in force now")
        frame, column, row = _frame(words)
        if side.deleted:
            column.addWidget(plain_label(self.tr("Deleted it."), wrap=True))
        for field, value in side.values:
            column.addWidget(plain_label(field_name(field), muted=True, scale="small"))
            column.addWidget(plain_label(field_value(field, value) or "–", wrap=True, selectable=True))
        button = plain_button(self.tr("Take this one ({key})").format(key=place + 1))
        button.setObjectName(side.revision)
        button.clicked.connect(self._take_clicked)
        row.addWidget(button)
        frame.setAccessibleName(words)
        return frame

    def _hidden_card(self, one: ConflictRow) -> QFrame:
        frame, column, row = _frame(self.tr("Hidden"))
        text = self.tr("Somebody deleted what this belongs to while somebody else worked on it, so it cannot be shown.")
        column.addWidget(plain_label(text, wrap=True))
        button = plain_button(self.tr("Bring it back (1)"))
        button.clicked.connect(self._bring_back)
        row.addWidget(button)
        return frame

    @Slot()
    def _take_clicked(self) -> None:
        sender, one = self.sender(), self.current()
        if sender is not None and one is not None:
            self.chosen.emit(one.row, sender.objectName())

    @Slot()
    def _bring_back(self) -> None:
        one = self.current()
        if one is not None:
            self.bring_back.emit(one.row)

    def take(self, place: int) -> None:
        """Take the side with this number, counted from 1; for a hidden row, 1 brings it back."""
        one = self.current()
        if one is None:
            return
        if one.waits:
            if place == 1:
                self._bring_back()
        elif 1 <= place <= len(one.sides):
            self.chosen.emit(one.row, one.sides[place - 1].revision)

    @Slot()
    def _show_place(self) -> None:
        one = self.current()
        if one is not None and one.document is not None:
            self.done(0)
            self.place_wanted.emit(one.document, one.start)

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = single_key(event)
            if key is not None and key[0] is KeyCommand.DIGIT:
                self.take(key[1])
                return True
        return super().eventFilter(watched, event)


def _frame(title: str) -> tuple[QFrame, QVBoxLayout, QHBoxLayout]:
    """Return a card, the column in it for what it says, and the row at its bottom for a button."""
    frame = QFrame()
    frame.setProperty("bar", "popup")
    outer = QVBoxLayout(frame)
    outer.setContentsMargins(GAP, GAP - 2, GAP, GAP - 2)
    outer.setSpacing(4)
    outer.addWidget(plain_label(title, wrap=True, muted=True))
    column = QVBoxLayout()
    column.setSpacing(2)
    outer.addLayout(column)
    row = QHBoxLayout()
    row.addStretch(1)
    outer.addLayout(row)
    return frame, column, row
