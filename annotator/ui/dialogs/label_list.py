"""Choose a label by typing its name, by its digit, or from the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget

from annotator.core.records import Label
from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.parts import Dialog, label_icon
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import label_with_digit

ROW = 34
MOST_ROWS = 12


class LabelListDialog(Dialog):
    """`chosen` carries the label's id. A digit chooses at once, as long as nothing is typed."""

    chosen = Signal(str)

    def __init__(self, labels: Sequence[Label], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Choose a label"))
        self._labels = [label for label in labels if not label.retired]
        self.choices = FilteredList()
        self.choices.filter.setPlaceholderText(self.tr("Type a name, or press a digit"))
        self.choices.filter.setAccessibleName(self.tr("Search labels"))
        self.choices.filter.installEventFilter(self)
        self.choices.list.setAccessibleName(self.tr("Labels"))
        self.choices.set_items(map(self._item, self._labels))
        self.choices.activated.connect(self._choose)
        self.body.addWidget(self.choices, 1)
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Choose"))
        rows = min(max(len(self._labels), 4), MOST_ROWS)
        self.setMinimumSize(340, 300)
        self.resize(380, 190 + rows * ROW)
        self.choices.setFocus()

    def _item(self, label: Label) -> QListWidgetItem:
        item = QListWidgetItem(label_icon(label, self), label_with_digit(label))
        item.setData(Qt.ItemDataRole.UserRole, label.id)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, label.name)
        return item

    @Slot(str)
    def _choose(self, label: str) -> None:
        self.chosen.emit(label)
        super().accept()

    def accept(self) -> None:
        label = self.choices.current_key()
        if label:
            self._choose(label)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self.choices.filter.text():
            command, digit = single_key(event) or (None, 0)
            for label in self._labels:
                if command is KeyCommand.DIGIT and label.digit == digit:
                    self._choose(label.id)
                    return True
        return super().eventFilter(watched, event)
