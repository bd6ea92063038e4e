"""The cells of the attribute grid: how they look, and the line in which one types into them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.core.records import AttributeDefinition
from annotator.ui.models.attribute_grid import AttributeGridModel
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.panels.entity_completion import completion_of, set_up
from annotator.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Draws a frame around the current cell; `typed` carries what somebody typed into it, None for nothing."""

    typed = Signal(object)

    def __init__(self, grid: AttributeGridModel, entities: Entities, theme: Theme, table: QTableView) -> None:
        super().__init__(table)
        self._grid = grid
        self._table = table
        self._entities = entities
        self._theme = theme

    def _completer(self, attribute: AttributeDefinition, editor: QLineEdit) -> QCompleter | None:
        """Return what completes a value of the attribute."""
        if attribute.type == "entity":
            return QCompleter(completion_of(self._entities()).model, editor)
        lines = [name for _, name in attribute.choices]
        if attribute.type == "boolean":
            lines = [self.tr("Yes"), self.tr("No")]
        return QCompleter(lines, editor) if lines and attribute.type != "choices" else None

    def _meant(self, attribute: AttributeDefinition, text: str) -> Any:
        if attribute.type == "boolean":
            return {self.tr("Yes"): True, self.tr("No"): False}.get(text, text or None)
        if attribute.type == "entity":
            return completion_of(self._entities()).meant(text) or None
        return text or None

    # -- Qt

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        attribute = self._grid.columns[index.column()]
        hints = {"date": self.tr("YYYY-MM-DD"), "texts": self.tr("one; another"), "choices": self.tr("one; another")}
        editor = QLineEdit(parent)
        editor.setAccessibleName(attribute.name)
        editor.setPlaceholderText(hints.get(attribute.type, ""))
        completer = self._completer(attribute, editor)
        if completer is not None:
            set_up(completer)
            editor.setCompleter(completer)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.text() != index.data(Qt.ItemDataRole.EditRole):
            self.typed.emit(self._meant(self._grid.columns[index.column()], editor.text().strip()))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)  # type: ignore[attr-defined]

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index == self._table.currentIndex():
            painter.setPen(QPen(self._theme.color("focus" if self._table.hasFocus() else "border_strong"), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))  # type: ignore[attr-defined]
