"""The places that a search found, each ticked or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from annotator.session.occurrences import Occurrence

OCCURRENCE = Qt.ItemDataRole.UserRole
IS_FIRST = Qt.ItemDataRole.UserRole + 1
"""Whether the place is the first one of its document in the list."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class OccurrenceModel(QAbstractListModel):
    """`ticks_changed` comes when other places are ticked, or there are others."""

    ticks_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: list[Occurrence] = []
        self._ticked: set[int] = set()

    @property
    def places(self) -> Sequence[Occurrence]:
        """Return all places in their order."""
        return self._places

    def ticked(self) -> list[Occurrence]:
        """Return the ticked places in their order."""
        return [self._places[row] for row in sorted(self._ticked)]

    def tick_count(self) -> int:
        """Return how many places are ticked."""
        return len(self._ticked)

    def clear(self) -> None:
        """Hold nothing."""
        self.beginResetModel()
        self._places, self._ticked = [], set()
        self.endResetModel()
        self.ticks_changed.emit()

    def add(self, places: Sequence[Occurrence]) -> None:
        """Add places at the end, ticked."""
        if not places:
            return
        first, after = len(self._places), len(self._places) + len(places)
        self.beginInsertRows(QModelIndex(), first, after - 1)
        self._places += places
        self._ticked.update(range(first, after))
        self.endInsertRows()
        self.ticks_changed.emit()

    def tick(self, rows: Iterable[int], on: bool) -> None:
        """Tick places by row, or take their ticks away."""
        changed = {row for row in rows if 0 <= row < len(self._places)}
        self._ticked = self._ticked | changed if on else self._ticked - changed
        if changed:
            roles = [Qt.ItemDataRole.CheckStateRole]
            self.dataChanged.emit(self.index(min(changed)), self.index(max(changed)), roles)
            self.ticks_changed.emit()

    def is_ticked(self, row: int) -> bool:
        """Say whether a place is ticked."""
        return row in self._ticked

    # -- Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, place = index.row(), self._places[index.row()]
        if role == OCCURRENCE:
            return place
        if role == IS_FIRST:
            return row == 0 or self._places[row - 1].document != place.document
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if row in self._ticked else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(f"{place.before}{place.words}{place.after}".split())
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable
