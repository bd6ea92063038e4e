"""The steps of a project as a list, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.ui.words import local_time, tool_tip

if TYPE_CHECKING:
    from annotator.session.history import HistoryEntry

LIMIT = 500

Index = QModelIndex | QPersistentModelIndex

TIME_ROLE = Qt.ItemDataRole.UserRole + 1
UNDONE_ROLE = Qt.ItemDataRole.UserRole + 2
CAN_REVERT_ROLE = Qt.ItemDataRole.UserRole + 3


class HistoryModel(QAbstractListModel):
    """Shows the entries that it is given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[HistoryEntry] = []

    def set_entries(self, entries: list[HistoryEntry]) -> None:
        """Show these entries."""
        if not entries and not self._entries:
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, index: Index) -> HistoryEntry | None:
        """Return the entry at a place."""
        return self._entries[index.row()] if index.isValid() else None

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index)
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(entry.title)
        if role == TIME_ROLE:
            return f"{entry.annotator} · {local_time(entry.time)}"
        if role == UNDONE_ROLE:
            return entry.undone
        if role == CAN_REVERT_ROLE:
            return entry.can_revert
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self.tr(", taken back") if entry.undone else ""
            return f"{entry.title}{state}, {entry.annotator}, {local_time(entry.time)}"
        return None
