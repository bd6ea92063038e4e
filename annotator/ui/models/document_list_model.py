"""The documents of a project as a list that grows by pages, in the order in which they came."""

from __future__ import annotations

from bisect import bisect_left
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.core.records import Document
from annotator.ui.words import span_count, status_name, tool_tip, tr

if TYPE_CHECKING:
    from annotator.session.document_queries import DocumentRow
    from annotator.session.session import Session

PAGE = 200

_CHANGES_OWN = ("assignment", "project", "annotator", "document")
_TOLD_OF = ("document", "status", "annotation", "label", *_CHANGES_OWN)

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

    Where documents are assigned to oneself, the list can be of those alone. `totals_changed` carries how many of the
    documents that are listed are done (or approved) and how many there are, `own_changed` how many are assigned.
    """

    totals_changed = Signal(int, int)
    own_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._rows: list[DocumentRow] = []
        self._complete = True
        self._open: str | None = None
        self._own: list[str] = []
        self._wants_own = True
        self._next_own = 0

    def set_session(self, session: Session | None) -> None:
        """Show another project's documents, or none."""
        self._session = session
        self._open = None
        self._read_own()
        self._read_again()
        self._count()

    @property
    def shows_own(self) -> bool:
        """Say whether the list is of what is assigned to oneself."""
        return self._wants_own and bool(self._own)

    def set_own(self, wanted: bool) -> None:
        """List only what is assigned to oneself, if anything is, or everything."""
        if wanted != self._wants_own:
            self._wants_own = wanted
            self._read_again()
            self._count()

    def _read_own(self) -> None:
        self._own = self._session.queries.own_documents() if self._session is not None else []
        self.own_changed.emit(len(self._own))

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Take over what a ChangeSet says of documents, statuses and numbers of spans."""
        if self._session is None or not changes.touches(*_TOLD_OF):
            return
        own = self._own
        if changes.touches(*_CHANGES_OWN):
            self._read_own()
        if self._own != own or changes.touches("project", "annotator"):
            self._read_again()
            self._count()
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
        self._next_own = 0
        self._complete = self._session is None
        self.endResetModel()
        self.fetchMore(QModelIndex())

    def _count(self) -> None:
        if self._session is None:
            self.totals_changed.emit(0, 0)
            return
        counts = self._session.queries.status_counts(self._own if self.shows_own else None)
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
        if self.shows_own and row.document.id not in self._own:
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
        page = self._next_page(self._session)
        if page:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._rows += page
            self.endInsertRows()

    def _next_page(self, session: Session) -> list[DocumentRow]:
        if self.shows_own:
            ids = self._own[self._next_own : self._next_own + PAGE]
            self._next_own += len(ids)
            self._complete = self._next_own >= len(self._own)
            return session.queries.document_rows(ids)
        after = self._rows[-1].document if self._rows else None
        page = session.queries.documents(after=after, limit=PAGE)
        self._complete = len(page) < PAGE
        return page

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.document.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{row.document.title}\n{self._detail(row)}")
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
        if row.is_empty:
            name = tr("{status}, no spans").format(status=name)
        return f"{name} · {span_count(count)}" if count else name
