"""Fields that hold lists: choices of an attribute, and the labels that something is for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from annotator.core.codebook_edits import free_key
from annotator.core.records import AttributeDefinition, Label
from annotator.ui.dialogs.check_sign import CheckDelegate
from annotator.ui.dialogs.codebook.fields import Field
from annotator.ui.dialogs.parts import in_a_row, label_icon, plain_button, plain_label
from annotator.ui.panels.attribute_editors import AttributeEditor, make_editor

ROW = 28
MOST_ROWS = 7

Choices = tuple[tuple[str, str], ...]


class _Table(QTableWidget):
    """Tab leaves it, as it leaves every field of the form."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.state() != QTableWidget.State.EditingState:
            item = self.currentItem()
            if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
                item.setText("")
                return
        super().keyPressEvent(event)


class ChoicesField(Field):
    """Pairs of a name and the value that is stored; a row whose name is empty is none.

    Somebody who types a name only gets a value made of it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self.table = _Table(0, 2)
        super().__init__(self.table, parent)
        self._writable = True
        self.table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Stored as")])
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.itemChanged.connect(self._edit)
        self.add_button = plain_button(self.tr("Add a choice"))
        self.add_button.clicked.connect(self.start_row)
        self.remove_button = plain_button(self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the choice"))
        self.remove_button.clicked.connect(self._remove)
        self._buttons = in_a_row(self.add_button, self.remove_button, plain_label(""))
        self._buttons.layout().setStretch(2, 1)  # type: ignore[union-attr]
        self._column.addWidget(self._buttons)

    def load(self, value: Choices) -> None:
        if self.value() == value and (value or not self.table.rowCount()):
            return
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for stored, name in value:
            self._append(name, stored)
        self.table.blockSignals(False)
        self._fit()

    def value(self) -> Choices:
        pairs = ((self._text(row, 1), self._text(row, 0)) for row in range(self.table.rowCount()))
        return tuple(pair for pair in pairs if pair[0] and pair[1])

    def set_writable(self, writable: bool) -> None:
        self._writable = writable
        triggers = QTableWidget.EditTrigger
        usual = triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.SelectedClicked
        self.table.setEditTriggers(usual if writable else triggers.NoEditTriggers)
        self._buttons.setVisible(writable)

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _append(self, name: str, stored: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(name))
        self.table.setItem(row, 1, QTableWidgetItem(stored))

    def _fit(self) -> None:
        rows = min(max(self.table.rowCount(), 2), MOST_ROWS)
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + rows * ROW + 4)

    @Slot()
    def start_row(self) -> None:
        """Begin another choice."""
        self.table.blockSignals(True)
        self._append("", "")
        self.table.blockSignals(False)
        self._fit()
        last = self.table.model().index(self.table.rowCount() - 1, 0)
        self.table.scrollToBottom()
        self.table.setCurrentIndex(last)
        self.table.setFocus()
        self.table.edit(last)

    @Slot()
    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            self._fit()
            self.edited.emit()

    @Slot(QTableWidgetItem)
    def _edit(self, item: QTableWidgetItem) -> None:
        row = item.row()
        if item.column() == 0 and item.text().strip() and not self._text(row, 1):
            used = [self._text(other, 1) for other in range(self.table.rowCount()) if other != row]
            self.table.blockSignals(True)
            self.table.setItem(row, 1, QTableWidgetItem(free_key(item.text(), used, "choice")))
            self.table.blockSignals(False)
        self.edited.emit()


class LabelsField(Field):
    """The keys of the labels that something is for; none ticked stands for every label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.list = QListWidget()
        super().__init__(self.list, parent)
        self.remark = plain_label("", muted=True, scale="small")
        self._column.addWidget(self.remark)
        self._writable = True
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(QSize(10, 10))
        self.list.setItemDelegate(CheckDelegate(self.list))
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.itemChanged.connect(self._edit)

    def set_labels(self, labels: Iterable[Label], ticked: Collection[str]) -> None:
        """Offer these labels with some ticked by key; those out of use are left out unless they are ticked."""
        self.list.blockSignals(True)
        self.list.clear()
        for label in labels:
            if label.retired and label.key not in ticked:
                continue
            item = QListWidgetItem(label_icon(label, self), label.name)
            item.setData(Qt.ItemDataRole.UserRole, label.key)
            item.setCheckState(Qt.CheckState.Checked if label.key in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        rows = min(max(self.list.count(), 1), 6)
        self.list.setFixedHeight(rows * ROW + 8)
        self._remark()

    def load(self, value: tuple[str, ...]) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            ticked = item.data(Qt.ItemDataRole.UserRole) in value
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._remark()

    def value(self) -> tuple[str, ...]:
        ticked = (item for item in self._items() if item.checkState() == Qt.CheckState.Checked)
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked)

    def set_writable(self, writable: bool) -> None:
        self.list.setEnabled(writable)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    @Slot()
    def _edit(self) -> None:
        self._remark()
        self.edited.emit()

    def _remark(self) -> None:
        self.remark.setText("" if self.value() else self.tr("None is ticked: for every label."))
        self.remark.setVisible(not self.value())


class DefaultField(Field):
    """The value that a new span gets, entered as it is on spans."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        self._editor: AttributeEditor | None = None
        self._attribute: AttributeDefinition | None = None
        self._value: Any = None
        self._writable = True

    def set_attribute(self, attribute: AttributeDefinition) -> None:
        """Enter a value of this attribute's type and choices."""
        same = self._attribute is not None and (self._attribute.type, self._attribute.choices) == (
            attribute.type,
            attribute.choices,
        )
        if same and self._attribute is not None and self._attribute.id == attribute.id:
            return
        self._attribute = attribute
        if self._editor is not None:
            self._column.removeWidget(self._editor)
            self._editor.hide()
            self._editor.deleteLater()
        self._editor = make_editor(attribute, self, _no_entities)
        self._editor.edited.connect(self._edit)
        self._editor.setEnabled(self._writable)
        self._column.addWidget(self._editor)
        self.field = self._editor.field
        self.field.setAccessibleName(self.tr("Default"))
        self.setFocusProxy(self.field)
        self._editor.set_stored(self._value)

    def load(self, value: Any) -> None:
        self._value = value
        if self._editor is not None:
            self._editor.set_stored(value)

    def value(self) -> Any:
        return self._value

    def set_writable(self, writable: bool) -> None:
        self._writable = writable
        if self._editor is not None:
            self._editor.setEnabled(writable)

    @Slot(object)
    def _edit(self, value: Any) -> None:
        self._value = value
        self.edited.emit()


def _no_entities() -> list[Any]:
    return []
