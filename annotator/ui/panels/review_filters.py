"""What the cases of a review are narrowed to: label, document, annotator, state; and the order in which they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui.models.review_list import STATES, TO_DECIDE, CaseFilter
from annotator.ui.models.review_words import state_name, tr
from annotator.ui.panels.widgets import paint_arrow
from annotator.ui.words import QT_TRANSLATE_NOOP

Choice = tuple[str, str]
"""An id, and its name."""

_ORDERS = (
    ("kind", QT_TRANSLATE_NOOP("review", "Ordered by kind")),
    ("label", QT_TRANSLATE_NOOP("review", "Ordered by label")),
    ("document", QT_TRANSLATE_NOOP("review", "Ordered by document")),
    ("annotator", QT_TRANSLATE_NOOP("review", "Ordered by annotator")),
)


class _Box(QComboBox):
    """A list to choose from that gives way to its column, with an arrow."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_choices(self, choices: Sequence[Choice], chosen: str) -> None:
        """Show ids with their names; one that is gone counts as the first."""
        self.blockSignals(True)
        known = [(self.itemData(place), self.itemText(place)) for place in range(self.count())]
        if known != list(choices):
            self.clear()
            for identity, name in choices:
                self.addItem(name, identity)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(False)

    def chosen(self) -> str:
        """Return the id that is chosen."""
        return str(self.currentData() or "")

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrow(self)


class ReviewFilters(QWidget):
    """`chosen` carries a CaseFilter, its kind as it was given."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = CaseFilter()
        self.state = _Box(self.tr("State"), self)
        self.order = _Box(self.tr("Order"), self)
        self.label = _Box(self.tr("Label"), self)
        self.document = _Box(self.tr("Document"), self)
        self.annotator = _Box(self.tr("Annotator"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(4)
        for box in (self.state, self.order, self.label, self.document, self.annotator):
            box.currentIndexChanged.connect(self._choose)
            column.addWidget(box)

    def show_choices(
        self, chosen: CaseFilter, labels: Sequence[Choice], documents: Sequence[Choice], people: Sequence[Choice]
    ) -> None:
        """Show what there is to narrow to, and what is chosen."""
        self._filter = chosen
        names = {TO_DECIDE: state_name("open"), "": self.tr("Every state")}
        self.state.show_choices([(state, names.get(state) or state_name(state)) for state in STATES], chosen.state)
        self.order.show_choices([(order, tr(words)) for order, words in _ORDERS], chosen.order)
        self.label.show_choices([("", self.tr("Every label")), *labels], chosen.label)
        self.document.show_choices([("", self.tr("Every document")), *documents], chosen.document)
        self.annotator.show_choices([("", self.tr("Everybody")), *people], chosen.annotator)

    @Slot()
    def _choose(self) -> None:
        self._filter = replace(
            self._filter,
            label=self.label.chosen(),
            document=self.document.chosen(),
            annotator=self.annotator.chosen(),
            state=self.state.chosen(),
            order=self.order.chosen(),
        )
        self.chosen.emit(self._filter)
