"""The hits of a search as a list: each document, and under it what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from annotator.ui.models.grouped_model import GroupedModel, GroupedRole, Index
from annotator.ui.words import grouped, tool_tip, tr

if TYPE_CHECKING:
    from annotator.session.search import SearchHit


@dataclass(slots=True)
class _Row:
    hit: SearchHit
    count: int = 0

    @property
    def is_document(self) -> bool:
        return self.count > 0


class SearchModel(GroupedModel):
    """Rows come a page at a time; `more_wanted` asks for the hits after the last one."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._hits: list[SearchHit] = []
        self._complete = True
        self._waiting = False

    @property
    def hits(self) -> Sequence[SearchHit]:
        """Return the hits that are known, in order."""
        return self._hits

    @property
    def complete(self) -> bool:
        """Say whether there are no hits after the last one."""
        return self._complete

    def document_count(self) -> int:
        """Return how many documents the hits are in."""
        return sum(1 for row in self._rows if row.is_document)

    def set_hits(self, hits: Sequence[SearchHit], *, complete: bool) -> None:
        """Show other hits."""
        self._waiting = False
        if list(hits) == self._hits:
            self._complete = complete
            return
        self.beginResetModel()
        self._rows, self._hits, self._complete = [], [], complete
        self._append(hits, self._rows)
        self.endResetModel()

    def add_hits(self, hits: Sequence[SearchHit], *, complete: bool) -> None:
        """Show the next hits besides."""
        self._waiting, self._complete = False, complete
        heads = [place for place, row in enumerate(self._rows) if row.is_document]
        rows: list[_Row] = self._rows[heads[-1] :] if heads else []
        known = len(rows)
        self._append(hits, rows)
        if len(rows) > known:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - known - 1)
            self._rows += rows[known:]
            self.endInsertRows()
        if heads:
            self.dataChanged.emit(self.index(heads[-1]), self.index(heads[-1]))

    def _append(self, hits: Sequence[SearchHit], rows: list[_Row]) -> None:
        """Put hits under their documents; the last document of `rows` may go on."""
        head = next((row for row in reversed(rows) if row.is_document), None)
        for hit in hits:
            if head is None or (head.hit.document, head.hit.title) != (hit.document, hit.title):
                head = _Row(hit)
                rows.append(head)
            head.count += 1
            rows.append(_Row(hit))
            self._hits.append(hit)

    def place_of(self, hit: SearchHit) -> QModelIndex:
        """Return the row of a hit, or of one at the same place; else an invalid index."""
        for place, row in enumerate(self._rows):
            if not row.is_document and _place(row.hit) == _place(hit):
                return self.index(place)
        return QModelIndex()

    def is_heading(self, place: int) -> bool:
        """Say whether the row at a place is a document."""
        return self._rows[place].is_document

    def hit(self, index: Index) -> SearchHit | None:
        """Return the hit of a row; a document stands for its first one."""
        return self._rows[index.row()].hit if index.isValid() else None

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._complete and not self._waiting

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._waiting = True
            self.more_wanted.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == GroupedRole.ROW:
            return row.hit
        if role == GroupedRole.COUNT:
            return row.count
        if role == Qt.ItemDataRole.DisplayRole:
            return row.hit.title if row.is_document else row.hit.snippet
        if role == Qt.ItemDataRole.ToolTipRole and row.is_document:
            return tool_tip(row.hit.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.hit.title}, {hit_count(row.count)}" if row.is_document else row.hit.snippet
        return None


def hit_count(count: int) -> str:
    """Return a number of hits in words."""
    return tr("1 hit") if count == 1 else tr("{count} hits").format(count=grouped(count))


def _place(hit: SearchHit) -> tuple[str, int, int, str | None, str | None]:
    return hit.document, hit.start, hit.end, hit.span, hit.note
