"""Accepting many cases at once: how many layers have to agree, and how many cases that would decide."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.words import grouped


class AcceptAgreedDialog(Dialog):
    """`accepted_rule` carries how many layers have to agree at least, 0 for all."""

    accepted_rule = Signal(int)

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Accept what is agreed on"),
            self.tr("Decides every open case on which the layers have the same, as one step. Ctrl+Z takes it back."),
        )
        self._group = QButtonGroup(self)
        self._counts: Mapping[int, int] = {}
        self.rules: dict[int, QRadioButton] = {}
        for rule in (0, *range(most - 1, 1, -1)):
            words = self.tr("All layers that are compared there agree")
            if rule:
                words = self.tr("At least {count} layers agree, and no other group is as large").format(count=rule)
            button = QRadioButton(words, self)
            self._group.addButton(button, rule)
            self.rules[rule] = button
            self.body.addWidget(button)
        self.rules[0].setChecked(True)
        self._group.idClicked.connect(self._show_count)
        self.count = plain_label(self.tr("Counting…"), wrap=True, muted=True)
        self.body.addSpacing(6)
        self.body.addWidget(self.count)
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel"))
        self.accept_button = self.add_main_button(self.tr("Accept"))
        self.accept_button.setEnabled(False)
        self.keep_fitting(500, 270)

    @Slot(object)
    def show_counts(self, counts: Mapping[int, int]) -> None:
        """Show how many cases each rule would decide."""
        self._counts = counts
        self._show_count()

    @Slot()
    def _show_count(self) -> None:
        rule = self._group.checkedId()
        if rule not in self._counts:
            return
        count = self._counts[rule]
        one, several = self.tr("1 case would be decided."), self.tr("{count} cases would be decided.")
        nothing = self.tr("There is no such case.")
        self.count.setText(nothing if not count else one if count == 1 else several.format(count=grouped(count)))
        words = self.tr("Accept 1 case") if count == 1 else self.tr("Accept {count} cases")
        self.accept_button.setText(words.format(count=grouped(count)) if count else self.tr("Accept"))
        self.accept_button.setEnabled(count > 0)

    # -- Qt

    def accept(self) -> None:
        """Hand over the rule."""
        self.accepted_rule.emit(self._group.checkedId())
        super().accept()
