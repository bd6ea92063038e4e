"""What a merge does, document by document, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.session.merging import DocumentMerge
from annotator.ui.words import grouped

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

DOCUMENT, NEW, CHANGED, REMOVED, DECIDED, OTHERS, CONFLICTS = range(7)


class MergeModel(QAbstractTableModel):
    """A row for each document that something comes for, those with conflicts first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DocumentMerge] = []
        self._names = (
            *(self.tr("Document"), self.tr("New spans"), self.tr("Changed"), self.tr("Gone")),
            *(self.tr("Decided by the lead"), self.tr("Other changes"), self.tr("Conflicts")),
        )

    def set_rows(self, rows: Sequence[DocumentMerge]) -> None:
        """Show these documents."""
        self.beginResetModel()
        self._rows = sorted(rows, key=lambda row: (not row.conflicts, row.title.casefold(), row.document))
        self.endResetModel()

    def row(self, index: Index) -> DocumentMerge | None:
        """Return the document of an index."""
        return self._rows[index.row()] if index.isValid() else None

    # -- Qt

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return self._names[section]
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        column = index.column()
        if role == Role.DisplayRole:
            return " ".join(row.title.split()) if column == DOCUMENT else _shown(_number(row, column))
        if role == Role.AccessibleTextRole:
            shown = row.title if column == DOCUMENT else str(_number(row, column))
            return f"{self._names[column]}: {shown}"
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        return None


def _number(row: DocumentMerge, column: int) -> int:
    return (0, row.new, row.changed, row.removed, row.decided, row.others, row.conflicts)[column]


def _shown(number: int) -> str:
    return grouped(number) if number else "–"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == DOCUMENT else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
