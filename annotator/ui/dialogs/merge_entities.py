"""Make two entities one: which is the other one, and which of the two names stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.analysis.similar_names import most_alike_first
from annotator.ui.dialogs.controls import RadioButton
from annotator.ui.dialogs.entity_rows import EntityDelegate, entity_item
from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped, one_line

if TYPE_CHECKING:
    from annotator.session.entity_names import EntityRow

SIZE = (460, 540)
_NAME_CHARACTERS = 48


class MergeEntitiesDialog(Dialog):
    """The most similar names come first, and the one that is used more stays unless somebody chooses.

    `chosen` carries the ids of the entity that goes and of the one that stays.
    """

    chosen = Signal(str, str)

    def __init__(self, row: EntityRow, others: Sequence[EntityRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Merge “{name}”").format(name=one_line(row.entity.name, _NAME_CHARACTERS)),
            self.tr("Spans that name either of the two will name the one that stays."),
        )
        self._row = row
        self._is_chosen = False
        self._others = {other.entity.id: other for other in others}
        self.other_stays, self.this_stays = RadioButton(), RadioButton()
        self._add_list(others)
        self.body.addSpacing(6)
        self.body.addWidget(heading(self.tr("Which name stays")))
        for radio in (self.other_stays, self.this_stays):
            radio.toggled.connect(self._show_consequence)
            radio.clicked.connect(self._keep_choice)
            self.body.addWidget(radio)
        self.consequence = plain_label("", wrap=True, muted=True, scale="small")
        self.body.addWidget(self.consequence)
        self.add_button(self.tr("Cancel"))
        self.merge_button = self.add_main_button(self.tr("Merge"))
        self.other_stays.setChecked(True)
        self.keep_fitting(*SIZE)
        self._show_other()
        self.choices.setFocus()

    def _add_list(self, others: Sequence[EntityRow]) -> None:
        self.choices = FilteredList()
        self.choices.filter.setPlaceholderText(self.tr("Search entities"))
        self.choices.filter.setAccessibleName(self.tr("Search entities"))
        self.choices.list.setAccessibleName(self.tr("The other entity"))
        self.choices.list.setItemDelegate(EntityDelegate(self.choices.list, bold=False))
        names = [(other.entity.name, *other.other_names) for other in others]
        places = most_alike_first((self._row.entity.name, *self._row.other_names), names)
        self.choices.set_items(entity_item(others[place]) for place in places)
        self.choices.current_changed.connect(self._show_other)
        self.choices.activated.connect(self._accept_current)
        self.body.addWidget(heading(self.tr("The other one")))
        self.body.addWidget(self.choices, 1)

    @property
    def _pair(self) -> tuple[EntityRow, EntityRow] | None:
        """Return the entity that goes and the one that stays."""
        other = self._others.get(self.choices.current_key())
        if other is None:
            return None
        return (self._row, other) if self.other_stays.isChecked() else (other, self._row)

    @Slot()
    def _show_other(self) -> None:
        other = self._others.get(self.choices.current_key())
        self.other_stays.setText(_radio_text(other) if other else "–")
        self.this_stays.setText(_radio_text(self._row))
        if not self._is_chosen:
            stays = self.other_stays if other is None or other.uses >= self._row.uses else self.this_stays
            stays.setChecked(True)
        self._show_consequence()

    @Slot()
    def _keep_choice(self) -> None:
        self._is_chosen = True

    @Slot()
    def _show_consequence(self) -> None:
        pair = self._pair
        self.merge_button.setEnabled(pair is not None)
        if pair is None:
            self.consequence.setText(self.tr("No entity is called so."))
            return
        gone, kept = (one_line(row.entity.name, _NAME_CHARACTERS) for row in pair)
        words = self.tr("“{gone}” becomes another name of “{kept}”. Values that change: {count}.")
        count = grouped(pair[0].uses + pair[0].hidden_uses)
        self.consequence.setText(words.format(gone=gone, kept=kept, count=count))

    @Slot()
    def _accept_current(self) -> None:
        self.accept()

    def accept(self) -> None:
        pair = self._pair
        if pair is not None:
            super().accept()
            self.chosen.emit(pair[0].entity.id, pair[1].entity.id)


def _radio_text(row: EntityRow) -> str:
    return one_line(row.entity.name, _NAME_CHARACTERS).replace("&", "&&")
