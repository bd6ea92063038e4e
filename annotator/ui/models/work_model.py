"""Who has which document: documents as rows, people as columns, sorted and narrowed without a widget in any cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.core.records import STATUSES, Annotator
from annotator.ui.words import QT_TRANSLATE_NOOP, status_name, tool_tip, tr

if TYPE_CHECKING:
    from annotator.session.work_lists import Stand, WorkTable

Index = QModelIndex | QPersistentModelIndex

STATUS_ROLE = Qt.ItemDataRole.UserRole
"""The status of a cell, or nothing where nothing is assigned or begun."""

STATES = {
    "": QT_TRANSLATE_NOOP("words", "All documents"),
    "free": QT_TRANSLATE_NOOP("words", "Nobody has them"),
    "shared": QT_TRANSLATE_NOOP("words", "Two or more people have them"),
    **dict.fromkeys(STATUSES, ""),
    "empty": QT_TRANSLATE_NOOP("words", "Done, no spans"),
}
"""How documents can be narrowed; a status means that somebody has a document with it."""


def state_name(state: str) -> str:
    """Return what a way to narrow documents is called."""
    return tr(STATES[state]) if STATES[state] else status_name(state)


def stand_text(stand: Stand) -> str:
    """Return where somebody stands with a document, in words."""
    name = tr("{status}, no spans").format(status=status_name(stand.status)) if stand.is_empty else ""
    name = name or status_name(stand.status)
    return name if stand.assignment else tr("{status} (not assigned)").format(status=name)


class WorkModel(QAbstractTableModel):
    """Shows a WorkTable; the first column is the title, then there is one for each person."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: WorkTable | None = None
        self._people: list[Annotator] = []
        self._order: list[int] = []
        self._words: list[str] = []
        self._state = ""
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def set_table(self, table: WorkTable) -> None:
        """Show other work; how it is sorted and narrowed stays."""
        people = list(table.people)
        if [one.id for one in people] == [one.id for one in self._people] and self._table is not None:
            self.layoutAboutToBeChanged.emit()
            kept = [(index, self.document(index)) for index in self.persistentIndexList()]
            self._take(table, people)
            rows = {self._document(row): row for row in range(len(self._order))}
            for old, document in kept:
                row = rows.get(document)
                self.changePersistentIndex(old, QModelIndex() if row is None else self.index(row, old.column()))
            self.layoutChanged.emit()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(people))
            return
        self.beginResetModel()
        self._take(table, people)
        self.endResetModel()

    def narrow(self, words: str, state: str) -> None:
        """Show only documents whose title has all the words and that are in one of `STATES`."""
        self.beginResetModel()
        self._words, self._state = words.casefold().split(), state
        self._arrange()
        self.endResetModel()

    def _take(self, table: WorkTable, people: list[Annotator]) -> None:
        self._table, self._people = table, people
        self._arrange()

    def _arrange(self) -> None:
        if self._table is None:
            return
        documents = self._table.documents
        self._order = [place for place in range(len(documents)) if self._is_shown(place)]
        column, order = self._sorted
        if column < 0:
            return
        keys = {place: self._key(place, column) for place in self._order}
        self._order.sort(key=keys.__getitem__, reverse=order == Qt.SortOrder.DescendingOrder)

    def _key(self, place: int, column: int) -> tuple[int, str]:
        assert self._table is not None
        document, title, _ = self._table.documents[place]
        if column == 0:
            return 0, title.casefold()
        stand = self._table.stands.get((document, self._people[column - 1].id))
        return (STATUSES.index(stand.status) if stand else len(STATUSES)), title.casefold()

    def _is_shown(self, place: int) -> bool:
        assert self._table is not None
        document, title, _ = self._table.documents[place]
        folded = title.casefold() if self._words else ""
        if not all(word in folded for word in self._words):
            return False
        if not self._state:
            return True
        shared = self._table.shared.get(document)
        if shared is None:
            return self._state == "free"
        if self._state in ("free", "shared"):
            return shared.holders == 0 if self._state == "free" else shared.holders > 1
        return shared.is_empty if self._state == "empty" else self._state in shared.statuses

    # -- reading cells

    def document(self, index: Index) -> str:
        """Return the id of a row's document."""
        return self._document(index.row())

    def _document(self, row: int) -> str:
        assert self._table is not None
        return self._table.documents[self._order[row]][0]

    def person(self, index: Index) -> Annotator | None:
        """Return the person of a column; the title has none."""
        return self._people[index.column() - 1] if index.column() else None

    def stand(self, index: Index) -> Stand | None:
        """Return where the person of a cell stands with its document, or None where it is not theirs."""
        person = self.person(index)
        if person is None or self._table is None:
            return None
        return self._table.stands.get((self.document(index), person.id))

    def documents(self, indexes: Iterable[Index]) -> list[str]:
        """Return the documents of the rows of some cells, each once."""
        return list(dict.fromkeys(self.document(index) for index in indexes))

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() or self._table is None else 1 + len(self._people)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        name = self._people[section - 1].name if 0 < section <= len(self._people) else tr("Document")
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._table is None:
            return None
        _, title, characters = self._table.documents[self._order[index.row()]]
        if index.column() == 0:
            if role == Qt.ItemDataRole.DisplayRole:
                return title
            if role == Qt.ItemDataRole.ToolTipRole:
                return tool_tip(f"{title}\n{tr('{count} characters').format(count=f'{characters:,}')}")
            return None
        stand = self.stand(index)
        if role == STATUS_ROLE:
            return stand.status if stand else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return stand_text(stand) if stand else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            person = self.person(index)
            words = stand_text(stand) if stand else tr("not assigned")
            return f"{title}, {person.name if person else ''}: {words}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self.document(index)) for index in self.persistentIndexList()]
        self._sorted = column, order
        self._arrange()
        rows = {self._document(row): row for row in range(len(self._order))} if kept else {}
        for old, document in kept:
            self.changePersistentIndex(old, self.index(rows[document], old.column()))
        self.layoutChanged.emit()
