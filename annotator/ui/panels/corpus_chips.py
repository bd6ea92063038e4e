"""What narrows the table of all annotations, as chips that take themselves away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from annotator.ui.panels.chip_scroll import ChipScroll
from annotator.ui.words import one_line, tool_tip

Chip = tuple[str, Any, str]
"""A field of a CorpusFilter, one value of it or None for all, and its words."""

_LONGEST = 48


class CorpusChips(ChipScroll):
    """`removed` carries the field and the value of a chip; with an empty field, everything."""

    removed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[Chip] = []
        self.setAccessibleName(self.tr("Filters"))
        self.hide()

    @property
    def chips(self) -> Sequence[Chip]:
        """Return what is shown."""
        return self._chips

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these."""
        self._chips = list(chips)
        while (item := self.flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, (_, _, words) in enumerate(self._chips):
            self._add(f"{one_line(words, _LONGEST)}  ✕", words, number)
        if len(self._chips) > 1:
            self._add(self.tr("Clear all"), self.tr("Show everything"), -1)
        self.setVisible(bool(self._chips))
        self.updateGeometry()

    def _add(self, text: str, name: str, number: int) -> None:
        button = QToolButton(self.holder)
        button.setText(text.replace("&", "&&"))
        button.setProperty("role", "chip" if number >= 0 else "flat")
        button.setProperty("number", number)
        removing = self.tr("Take the filter away: {name}").format(name=name) if number >= 0 else name
        button.setAccessibleName(removing)
        button.setToolTip(tool_tip(removing))
        button.clicked.connect(self._remove)
        self.flow.addWidget(button)
        button.show()

    @Slot()
    def _remove(self) -> None:
        button = self.sender()
        number = button.property("number") if button is not None else -1
        if number is None or number < 0:
            self.removed.emit("", None)
        elif number < len(self._chips):
            field, value, _ = self._chips[number]
            self.removed.emit(field, value)
