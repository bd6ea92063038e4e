"""The labels beside the selected text: type to narrow them, choose with Enter, a digit or a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QListWidgetItem, QVBoxLayout, QWidget

from annotator.core.records import Label
from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.parts import label_icon
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import label_with_digit

_WIDTH = 300
_ROW = 30
_MOST_ROWS = 10
_LEAST_ROWS = 3
_FRAME = 66
"""Pixels that the line to type in and the margins take."""
_GAP = 6
_INDENT = "   "


class LabelPopup(QFrame):
    """Lies over its parent. `chosen` carries a label's id; `left` says that the text gets the keyboard back.

    It closes when something else gets the keyboard.
    """

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._labels: Sequence[Label] = ()
        self.setObjectName("popup")
        self.setProperty("bar", "popup")
        self.setAccessibleName(self.tr("Choose a label"))
        self.choices = FilteredList()
        self.choices.filter.setPlaceholderText(self.tr("Type a name, or press a digit"))
        self.choices.filter.setAccessibleName(self.tr("Search labels"))
        self.choices.filter.installEventFilter(self)
        self.choices.list.setAccessibleName(self.tr("Labels"))
        self.choices.list.itemClicked.connect(self._click)
        self.choices.activated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.choices)
        self.hide()

    def open_at(self, place: QRect, labels: Sequence[Label]) -> None:
        """Show the labels in use below a place of the parent, or above it where there is no room."""
        self._labels = [label for label in labels if not label.retired]
        self.choices.filter.clear()
        self.choices.set_items(map(self._item, self._labels))
        rows = min(max(len(self._labels), 2), _MOST_ROWS)
        wanted, least = _FRAME + rows * _ROW, _FRAME + min(rows, _LEAST_ROWS) * _ROW
        below, above = self._host.height() - place.bottom() - 2 * _GAP, place.top() - 2 * _GAP
        height = min(wanted, max(below, above, least))
        self.resize(QSize(_WIDTH, height).boundedTo(self._host.size()))
        self.move(self._corner(place))
        self.show()
        self.raise_()
        self.choices.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    def _corner(self, place: QRect) -> QPoint:
        room = self._host.rect()
        top = place.bottom() + _GAP
        if top + self.height() > room.bottom():
            top = max(0, place.top() - _GAP - self.height())
        return QPoint(
            max(0, min(place.left(), room.right() - self.width())), max(0, min(top, room.bottom() - self.height()))
        )

    def _item(self, label: Label) -> QListWidgetItem:
        item = QListWidgetItem(label_icon(label, self), _INDENT * self._depth(label) + label_with_digit(label))
        item.setData(Qt.ItemDataRole.UserRole, label.id)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, label.name)
        item.setToolTip(label.name)
        return item

    def _depth(self, label: Label) -> int:
        above = {known.id: known.parent for known in self._labels}
        depth, parent = 0, label.parent
        while parent is not None and depth < len(above):
            depth, parent = depth + 1, above.get(parent)
        return depth

    @Slot(QListWidgetItem)
    def _click(self, item: QListWidgetItem) -> None:
        self._choose(str(item.data(Qt.ItemDataRole.UserRole)))

    @Slot(str)
    def _choose(self, label: str) -> None:
        if label and self.isVisible():
            self._leave()
            self.chosen.emit(label)

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    @Slot(QWidget, QWidget)
    def _watch_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and not self.isAncestorOf(now):
            self.hide()

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._watch_focus, Qt.ConnectionType.UniqueConnection)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._press(event):
            return True
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        """Do what a key in the line to type in asks for; say whether it asked for anything."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.choices.current_key())
            return True
        command, digit = (single_key(event) or (None, 0)) if not self.choices.filter.text() else (None, 0)
        if command is not KeyCommand.DIGIT:
            return False
        self._choose(next((label.id for label in self._labels if label.digit == digit), ""))
        return True
