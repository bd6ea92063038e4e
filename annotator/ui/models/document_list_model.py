"""The documents of a project as a list that grows by pages, in the order in which they came."""

from __future__ import annotations

from bisect import bisect_left
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.core.records import Document
from annotator.ui.words import span_count, status_name, tool_tip

if TYPE_CHECKING:
    from annotator.session.queries import DocumentRow
    from annotator.session.session import Session

PAGE = 200

Index = QModelIndex | QPersistentModelIndex


class DocumentRole(IntEnum):
    """What a row tells besides its title."""

    ID = Qt.ItemDataRole.UserRole
    STATUS = Qt.ItemDataRole.UserRole + 1
    DETAIL = Qt.ItemDataRole.UserRole + 2
    IS_OPEN = Qt.ItemDataRole.UserRole + 3


def _key(row: DocumentRow) -> tuple[str, str]:
    return row.document.created, row.document.id


class DocumentListModel(QAbstractListModel):
    """Rows are read a page at a time by key, and again only where a ChangeSet touches them.

    `totals_changed` carries how many documents are done (or approved) and how many there are.
    """

    totals_changed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._rows: list[DocumentRow] = []
        self._complete = True
        self._open: str | None = None

    def set_session(self, session: Session | None) -> None:
        """Show another project's documents, or none."""
        self._session = session
        self._open = None
        self._read_again()
        self._count()

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Take over what a ChangeSet says of documents, statuses and numbers of spans."""
        if self._session is None or not changes.touches("document", "status", "annotation", "label"):
            return
        older = {change.record.supersedes for change in changes.of("document") if isinstance(change.record, Document)}
        touched = sorted({*changes.documents(), *filter(None, older)})
        if len(touched) > PAGE:
            self._read_again()
        else:
            rows = self._session.queries.document_rows(touched)
            for gone in set(touched) - {row.document.id for row in rows}:
                self._take_out(gone)
            for row in rows:
                self._put(row)
        if changes.touches("document", "status"):
            self._count()

    def set_open(self, document: str | None) -> None:
        """Mark the document that is on screen."""
        before, self._open = self._open, document
        for identity in (before, document):
            index = self.index_of(identity)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def index_of(self, document: str | None) -> QModelIndex:
        """Return a document's place among the rows that were read, or an invalid one."""
        for place, row in enumerate(self._rows):
            if row.document.id == document:
                return self.index(place)
        return QModelIndex()

    def document(self, index: Index) -> Document | None:
        """Return the document at a place."""
        return self._rows[index.row()].document if index.isValid() else None

    def neighbour(self, document: str | None, step: int) -> str | None:
        """Return the id of the document `step` places on, or None beyond the ends; without a document, the first."""
        index = self.index_of(document)
        place = index.row() + step if index.isValid() else 0
        if place >= len(self._rows):
            self.fetchMore(QModelIndex())
        return self._rows[place].document.id if 0 <= place < len(self._rows) else None

    def status(self, document: str) -> str:
        """Return the person's status of a document that was read; else it is new."""
        index = self.index_of(document)
        return self._rows[index.row()].status if index.isValid() else "new"

    def _read_again(self) -> None:
        self.beginResetModel()
        self._rows = []
        self._complete = self._session is None
        self.endResetModel()
        self.fetchMore(QModelIndex())

    def _count(self) -> None:
        if self._session is None:
            self.totals_changed.emit(0, 0)
            return
        counts = self._session.queries.status_counts()
        self.totals_changed.emit(counts.get("done", 0) + counts.get("approved", 0), sum(counts.values()))

    def _take_out(self, document: str) -> None:
        index = self.index_of(document)
        if index.isValid():
            self.beginRemoveRows(QModelIndex(), index.row(), index.row())
            del self._rows[index.row()]
            self.endRemoveRows()

    def _put(self, row: DocumentRow) -> None:
        index = self.index_of(row.document.id)
        if index.isValid():
            self._rows[index.row()] = row
            self.dataChanged.emit(index, index)
            return
        place = bisect_left(self._rows, _key(row), key=_key)
        if place == len(self._rows) and not self._complete:
            return
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, row)
        self.endInsertRows()

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._complete

    def fetchMore(self, parent: Index) -> None:
        if self._session is None or self._complete:
            return
        after = self._rows[-1].document if self._rows else None
        page = self._session.queries.documents(after=after, limit=PAGE)
        self._complete = len(page) < PAGE
        if page:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._rows += page
            self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.document.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(row.document.title)
        if role == DocumentRole.ID:
            return row.document.id
        if role == DocumentRole.STATUS:
            return row.status
        if role == DocumentRole.IS_OPEN:
            return row.document.id == self._open
        if role == DocumentRole.DETAIL:
            return self._detail(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.document.title}, {self._detail(row)}"
        return None

    @staticmethod
    def _detail(row: DocumentRow) -> str:
        count = row.span_count
        name = status_name(row.status)
        return f"{name} · {span_count(count)}" if count else name
