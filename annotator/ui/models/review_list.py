"""The cases of a review as a list: filtered, ordered, and read only where they are in sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.ui.models.review_words import state_name
from annotator.ui.words import tool_tip

if TYPE_CHECKING:
    from annotator.session.review_queue import ReviewCase, ReviewQueue

TO_DECIDE = "to_decide"
"""The state of every case that somebody has to decide: open or reopened."""
STATES = (TO_DECIDE, "reopened", "decided", "")
"""What the list can be narrowed to; empty is every state."""

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

    def set_queue(self, queue: ReviewQueue | None) -> None:
        """List another queue, or none."""
        self._queue = queue
        self._list()

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

    def _list(self) -> None:
        from annotator.session.review_queue import ordered

        queue, chosen = self._queue, self._filter
        passing: list[ReviewCase] = []
        if queue is not None:
            layers = [face.id for face in queue.layers.values() if face.annotator == chosen.annotator]
            passing = [one for one in queue.cases if chosen.passes(one, layers)]
        self.counts = Counter(one.case.kind for one in passing)
        kept = [one for one in passing if not chosen.kind or one.case.kind == chosen.kind]
        rows = ordered(kept, chosen.order)
        if [one.case.id for one in rows] == [one.case.id for one in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self._replace(rows)

    def _replace(self, rows: list[ReviewCase]) -> None:
        """Show other rows; where only a few went, take out those, so that the list stays where it is."""
        kept = {one.case.id for one in rows}
        gone = [place for place, one in enumerate(self._rows) if one.case.id not in kept]
        remaining = [one.case.id for one in self._rows if one.case.id in kept]
        if len(gone) <= _FEW and remaining == [one.case.id for one in rows]:
            for place in reversed(gone):
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
            self._rows = rows
            self._index()
            return
        self.beginResetModel()
        self._rows = rows
        self._index()
        self.endResetModel()

    def _index(self) -> None:
        self._places = {one.case.id: place for place, one in enumerate(self._rows)}

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


_FEW = 3
