"""What the names in a labelled file mean in the codebook: a row for each name, with a list to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QWheelEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from annotator.session.load_plan import LEFT_OUT, UsedName
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, ElidedLabel, plain_label
from annotator.ui.words import grouped, one_line, tool_tip

ADDED = "\0"
"""Stands in the list for what the codebook gets; no key of a codebook can be it."""

_SHOWN_NAME = 60


@dataclass(frozen=True, slots=True)
class Meaning:
    """Something of the codebook that a name may mean."""

    key: str
    name: str
    icon: QIcon | None = None


class _Choice(ComboBox):
    """A list that the wheel does not change while it scrolls what is around it."""

    # -- Qt

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NameRows(QScrollArea):
    """`may_add` says whether the codebook can get what it lacks; otherwise that is left out unless somebody chooses."""

    def __init__(self, meanings: Sequence[Meaning], *, may_add: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meanings = meanings
        self._may_add = may_add
        self._kept: dict[str, str] = {}
        self.choices: dict[str, ComboBox] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_names(self, names: Iterable[UsedName]) -> None:
        """List names; what was chosen for one before stays."""
        self._kept |= self._chosen()
        self.choices = {}
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, GAP, GAP, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(SMALL_GAP)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        row = 0
        for row, one in enumerate(names, 1):
            name = ElidedLabel(one.name)
            name.setToolTip(tool_tip(one.name))
            choice = self._choice(one)
            self.choices[one.name] = choice
            grid.addWidget(name, row, 0)
            grid.addWidget(plain_label(grouped(one.count), muted=True), row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(choice, row, 2)
        grid.setRowStretch(row + 1, 1)
        self.setWidget(holder)

    def _choice(self, one: UsedName) -> ComboBox:
        choice = _Choice()
        choice.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(18)
        choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        choice.setAccessibleName(self.tr("Meaning of “{name}”").format(name=one_line(one.name, _SHOWN_NAME)))
        for meaning in self._meanings:
            if meaning.icon is None:
                choice.addItem(one_line(meaning.name, _SHOWN_NAME), meaning.key)
            else:
                choice.addItem(meaning.icon, one_line(meaning.name, _SHOWN_NAME), meaning.key)
        if one.key is None and self._may_add:
            choice.addItem(self.tr("Add it to the codebook"), ADDED)
        choice.addItem(self.tr("Leave it out"), LEFT_OUT)
        usual = one.key if one.key is not None else ADDED if self._may_add else LEFT_OUT
        choice.setCurrentIndex(max(0, choice.findData(self._kept.get(one.name, usual))))
        return choice

    def _chosen(self) -> dict[str, str]:
        return {name: choice.currentData() for name, choice in self.choices.items()}

    def plan(self) -> dict[str, str]:
        """Return for each name the key that it means, or LEFT_OUT; those that are added are not there."""
        return {name: key for name, key in self._chosen().items() if key != ADDED}

    def adds(self) -> bool:
        """Say whether the codebook gets anything."""
        return ADDED in self._chosen().values()
