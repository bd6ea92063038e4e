"""Link a span to another one: which, and by what relation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.parts import Dialog, Fields, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.panels.widgets import heading
from annotator.ui.words import quoted

RelateChoice = tuple[str, str, str, Sequence[tuple[str, str]]]
"""A span that may be the target: its id, the name of its label, its quote, and (key, name) of each relation type that
the codebook allows to it."""

QUOTE_CHARACTERS = 160
SIZE = (400, 520)
"""Narrow, so that it leaves the text beside it in sight."""


class RelateDialog(Dialog):
    """Offers only what the codebook allows. `chosen` carries source, the relation type's key, and target.

    `ended` carries the source, also where nothing was chosen. It is not modal: `pick` takes a span that somebody
    clicked in the text meanwhile.
    """

    chosen = Signal(str, str, str)
    ended = Signal(str)

    def __init__(
        self, source: str, source_quote: str, choices: Sequence[RelateChoice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Relate to another span"), self.tr("Click the other span in the text, or choose it here.")
        )
        self._source = source
        self.finished.connect(self._end)
        self._types = {identity: tuple(types) for identity, _, _, types in choices if types}
        self._wanted = ""
        self.body.addWidget(heading(self.tr("From")))
        self.body.addWidget(plain_label(quoted(source_quote, QUOTE_CHARACTERS), wrap=True))
        self.body.addSpacing(6)
        self._add_targets(choices)
        self._add_type()
        self.add_button(self.tr("Cancel"))
        self.relate_button = self.add_main_button(self.tr("Relate"))
        self.keep_fitting(*SIZE)
        self._target_changed(self.targets.current_key())
        if not self._types:
            self.show_problem(self.tr("The codebook allows no relation from this span to another one here."))
        self.targets.setFocus()

    def _add_targets(self, choices: Sequence[RelateChoice]) -> None:
        self.targets = FilteredList()
        self.targets.filter.setPlaceholderText(self.tr("Search spans"))
        self.targets.filter.setAccessibleName(self.tr("Search spans"))
        self.targets.list.setAccessibleName(self.tr("Spans that it can be related to"))
        self.targets.list.setItemDelegate(TwoLineDelegate(self.targets.list, bold=False))
        self.targets.set_items(row_item(f"“{quote}”", label, key=key) for key, label, quote, types in choices if types)
        self.targets.current_changed.connect(self._target_changed)
        self.targets.activated.connect(self._target_activated)
        self.body.addWidget(heading(self.tr("To")))
        self.body.addWidget(self.targets, 1)

    def _add_type(self) -> None:
        self.type = ComboBox()
        self.type.activated.connect(self._type_activated)
        fields = Fields()
        fields.add_field(self.tr("Re&lation"), self.type)
        self.body.addSpacing(6)
        self.body.addLayout(fields)

    @Slot(str)
    def _target_changed(self, target: str) -> None:
        self.type.clear()
        for key, name in self._types.get(target, ()):
            self.type.addItem(name, key)
        self.type.setCurrentIndex(max(0, self.type.findData(self._wanted)) if self.type.count() else -1)
        self.type.setEnabled(self.type.count() > 1)
        self.relate_button.setEnabled(self.type.count() > 0)

    @Slot()
    def _type_activated(self) -> None:
        self._wanted = self.type.currentData()

    @Slot(str)
    def _target_activated(self, target: str) -> None:
        self.accept()

    @Slot(object)
    def pick(self, target: str | None) -> None:
        """Make a span of the text the target; Enter then relates."""
        if target is None or target == self._source:
            return
        if target not in self._types:
            self.show_problem(self.tr("The codebook allows no relation to this span."))
            return
        self.show_problem("")
        self.targets.filter.clear()
        self.targets.set_current_key(target)
        self.activateWindow()
        self.relate_button.setFocus()

    @Slot()
    def _end(self) -> None:
        self.ended.emit(self._source)

    def accept(self) -> None:
        target, type_key = self.targets.current_key(), self.type.currentData()
        if target and type_key:
            super().accept()
            self.chosen.emit(self._source, type_key, target)
