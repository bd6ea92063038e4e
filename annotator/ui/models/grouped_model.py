"""Rows under headings, as the search and the consistency check show them."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


class GroupedRole(IntEnum):
    """What a row tells: what it shows, and how many rows a heading has (0 for a row under one)."""

    ROW = Qt.ItemDataRole.UserRole
    COUNT = Qt.ItemDataRole.UserRole + 1


class GroupedModel(QAbstractListModel):
    """A list some of whose rows head others."""

    def is_heading(self, place: int) -> bool:
        """Say whether the row at a place is a heading."""
        raise NotImplementedError

    def step(self, index: Index, step: int) -> QModelIndex:
        """Return the next row under a heading (1) or the one before (-1) from a row; an invalid index at the ends."""
        count = self.rowCount()
        place = index.row() + step if index.isValid() else (0 if step > 0 else count - 1)
        while 0 <= place < count and self.is_heading(place):
            place += step
        return self.index(place) if 0 <= place < count else QModelIndex()
