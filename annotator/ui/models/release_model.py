"""What differs between two releases, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.session.release_comparison import SpanChange
from annotator.ui.words import one_line

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

DOCUMENT, KIND, QUOTE, BEFORE, AFTER = range(5)
KINDS = ("added", "removed", "relabelled", "moved")

_LONGEST = 200


class ReleaseModel(QAbstractTableModel):
    """A row for each span that differs, by document and place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SpanChange] = []
        self._names = (
            *(self.tr("Document"), self.tr("What"), self.tr("Span")),
            *(self.tr("Before"), self.tr("After")),
        )
        self._kinds: dict[str, str] = dict(
            zip(KINDS, (self.tr("added"), self.tr("removed"), self.tr("relabelled"), self.tr("moved")), strict=True)
        )

    def set_rows(self, rows: Sequence[SpanChange]) -> None:
        """Show these changes."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, index: Index) -> SpanChange | None:
        """Return the change of an index."""
        return self._rows[index.row()] if index.isValid() else None

    # -- Qt

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self._names[section]
        if orientation == Qt.Orientation.Horizontal and role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row = self.row(index)
        if row is None or role not in (Role.DisplayRole, Role.AccessibleTextRole):
            return None
        column = index.column()
        shown = (row.title, self._kinds.get(row.kind, row.kind), row.quote, row.before or "–", row.after or "–")[column]
        words = one_line(shown, _LONGEST)
        return f"{self._names[column]}: {words}" if role == Role.AccessibleTextRole else words
