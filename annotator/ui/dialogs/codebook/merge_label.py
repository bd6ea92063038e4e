"""Ask which label another one becomes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidgetItem, QWidget

from annotator.core.records import Label
from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.parts import Dialog, label_icon, plain_label
from annotator.ui.words import span_count


class MergeLabelDialog(Dialog):
    """`chosen` carries the id of the label that goes and of the one that its spans get."""

    chosen = Signal(str, str)

    def __init__(self, label: Label, others: Sequence[Label], spans: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._spans = label, spans
        self._names = {other.id: other.name for other in others}
        self.set_title(
            self.tr("Merge “{label}” into another label").format(label=label.name),
            self.tr("The other label takes its spans, attributes and relations. “{label}” stays, out of use.").format(
                label=label.name
            ),
        )
        self.choices = FilteredList()
        self.choices.filter.setPlaceholderText(self.tr("Type a name"))
        self.choices.filter.setAccessibleName(self.tr("Search labels"))
        self.choices.list.setAccessibleName(self.tr("Labels"))
        self.outcome = plain_label("", wrap=True)
        self.choices.current_changed.connect(self._tell)
        self.choices.activated.connect(self._choose)
        self.choices.set_items(map(self._item, others))
        self.body.addWidget(self.choices, 1)
        self.body.addWidget(self.outcome)
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Merge"))
        self.keep_fitting(440, 420)
        self.choices.setFocus()

    def _item(self, label: Label) -> QListWidgetItem:
        item = QListWidgetItem(label_icon(label, self), label.name)
        item.setData(Qt.ItemDataRole.UserRole, label.id)
        return item

    @Slot(str)
    def _tell(self, target: str) -> None:
        if not target:
            self.outcome.setText("")
            return
        words = (
            self.tr("{spans} will move to “{label}” when the codebook is saved.")
            if self._spans
            else self.tr("No span has it; nothing moves to “{label}”.")
        )
        self.outcome.setText(words.format(spans=span_count(self._spans), label=self._names[target]))

    @Slot(str)
    def _choose(self, target: str) -> None:
        self.chosen.emit(self._label.id, target)
        super().accept()

    def accept(self) -> None:
        target = self.choices.current_key()
        if target:
            self._choose(target)
