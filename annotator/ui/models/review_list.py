"""The cases of a review as a list: filtered, ordered, and read only where they are in sight."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.ui.models.review_words import state_name
from annotator.ui.words import tool_tip

if TYPE_CHECKING:
    from annotator.session.review_queue import DocumentReview, ReviewCase, ReviewQueue

TO_DECIDE = "to_decide"
"""The state of every case that somebody has to decide: open or reopened."""
STATES = (TO_DECIDE, "reopened", "decided", "")
"""What the list can be narrowed to; empty is every state."""

_FEW_DOCUMENTS = 20
_FEW_ROWS = 400

Index = QModelIndex | QPersistentModelIndex


class CaseRole(IntEnum):
    """What a row tells besides its quote."""

    DETAIL = Qt.ItemDataRole.UserRole
    STATE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are listed and in which order; an empty field lets all through.

    `label`, `document` and `annotator` are ids, `state` is one of `STATES`, `order` one of review_queue.ORDERS.
    """

    kind: str = ""
    label: str = ""
    document: str = ""
    annotator: str = ""
    state: str = TO_DECIDE
    order: str = "kind"

    @property
    def narrows(self) -> bool:
        """Say whether it lets fewer through than one begins with, the kind apart."""
        return replace(self, kind="", order="kind") != CaseFilter()

    def passes(self, one: ReviewCase, layers: Iterable[str]) -> bool:
        """Say whether a case is listed, its kind apart; `layers` are those of the annotator."""
        if self.state == TO_DECIDE:
            if not one.is_open:
                return False
        elif self.state and one.state != self.state:
            return False
        case = one.case
        if self.document and case.document != self.document:
            return False
        if self.label and all(annotation.label != self.label for annotation in case.annotations):
            return False
        return not self.annotator or any(layer in case.layers for layer in layers)


class ReviewList(QAbstractListModel):
    """Holds a queue and lists those of its cases that the filter lets through."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: ReviewQueue | None = None
        self._filter = CaseFilter()
        self._passing: list[ReviewCase] = []
        self._rows: list[ReviewCase] = []
        self._places: dict[str, int] = {}
        self.counts: Counter[str] = Counter()

    @property
    def filter(self) -> CaseFilter:
        """Return what the list is narrowed to."""
        return self._filter

    @property
    def cases(self) -> Sequence[ReviewCase]:
        """Return the cases as they are listed."""
        return self._rows

    def set_filter(self, chosen: CaseFilter) -> None:
        """Narrow the list, or order it otherwise."""
        if chosen != self._filter:
            self._filter = chosen
            self._list()

    def case(self, index: Index) -> ReviewCase | None:
        """Return the case at a place."""
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, identity: str | None) -> QModelIndex:
        """Return the place of a case by id, or an invalid one."""
        place = self._places.get(identity or "")
        return QModelIndex() if place is None else self.index(place)

    def set_queue(self, queue: ReviewQueue | None) -> None:
        """List another queue, or none; where it differs in a few documents only, only those are looked at."""
        before, self._queue = self._queue, queue
        changed = _changed_documents(before, queue)
        if changed is None or len(changed) > _FEW_DOCUMENTS:
            self._list()
        elif changed and queue is not None:
            self._list_again(queue, changed)

    def _list(self) -> None:
        """Look at every case."""
        self._passing = self._passing_in(None if self._queue is None else self._queue.documents.values())
        self.counts = Counter(one.case.kind for one in self._passing)
        self._show_passing()

    def _list_again(self, queue: ReviewQueue, documents: set[str]) -> None:
        """Look at the cases of these documents."""
        order = {document: place for place, document in enumerate(queue.documents)}
        kept = [one for one in self._passing if one.case.document not in documents and one.case.document in order]
        for document in documents & order.keys():
            place = bisect_left(kept, order[document], key=lambda one: order[one.case.document])
            kept[place:place] = self._passing_in([queue.documents[document]])
        self._passing = kept
        self.counts = Counter(one.case.kind for one in kept)
        self._show_passing()

    def _passing_in(self, reviews: Iterable[DocumentReview] | None) -> list[ReviewCase]:
        queue, chosen = self._queue, self._filter
        if queue is None or reviews is None:
            return []
        layers = [face.id for face in queue.layers.values() if face.annotator == chosen.annotator]
        return [one for review in reviews for one in review.cases if chosen.passes(one, layers)]

    def _show_passing(self) -> None:
        from annotator.session.review_queue import ordered

        kind = self._filter.kind
        kept = [one for one in self._passing if one.case.kind == kind] if kind else self._passing
        self._replace(ordered(kept, self._filter.order, self._queue))

    def _replace(self, rows: list[ReviewCase]) -> None:
        """Show other rows; where only a few came, went or changed, touch only those: the list stays where it is."""
        before = self._rows
        first = 0
        least = min(len(before), len(rows))
        while first < least and before[first] is rows[first]:
            first += 1
        last, last_before = len(rows), len(before)
        while last > first and last_before > first and before[last_before - 1] is rows[last - 1]:
            last, last_before = last - 1, last_before - 1
        if last - first > _FEW_ROWS or last_before - first > _FEW_ROWS:
            self.beginResetModel()
            self._take(rows)
            self.endResetModel()
            return
        if [one.case.id for one in before[first:last_before]] == [one.case.id for one in rows[first:last]]:
            self._take(rows)
            if first < last:
                self.dataChanged.emit(self.index(first), self.index(last - 1))
            return
        if last_before > first:
            self.beginRemoveRows(QModelIndex(), first, last_before - 1)
            self._take([*before[:first], *before[last_before:]])
            self.endRemoveRows()
        if last > first:
            self.beginInsertRows(QModelIndex(), first, last - 1)
            self._take(rows)
            self.endInsertRows()

    def _take(self, rows: list[ReviewCase]) -> None:
        self._rows = rows
        self._places = {one.case.id: place for place, one in enumerate(rows)}

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"“{one.quote}”"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{one.quote}\n{one.title}")
        if role == CaseRole.DETAIL:
            return one.title if one.state == "open" else f"{state_name(one.state)} · {one.title}"
        if role == CaseRole.STATE:
            return one.state
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one.quote}, {one.title}, {state_name(one.state)}"
        return None


def _changed_documents(before: ReviewQueue | None, after: ReviewQueue | None) -> set[str] | None:
    """Return the documents in which two queues differ, or None where everything may differ."""
    if before is None or after is None or before.layers.keys() != after.layers.keys():
        return None
    gone = before.documents.keys() - after.documents.keys()
    return {*gone, *(one for one, review in after.documents.items() if before.documents.get(one) is not review)}
