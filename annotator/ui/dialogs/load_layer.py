"""Whose work labelled data is: as the file says, gold, one's own, or somebody else's."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from annotator.session.session import Session
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import SMALL_GAP, plain_label
from annotator.ui.words import grouped, one_line

AS_IN_FILE, SOMEBODY_ELSE = "", "\0"
"""Values of the list beside gold and the ids of people."""

_NAMED = 40
_LAYERS_NAMED = 6


class LayerChoice(QWidget):
    """A list of layers, a line for the name of somebody who is not in it, and what the files say. Leads choose."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Mapping[str, int] | None = None
        self.box = ComboBox()
        self.box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(16)
        self._list_layers(session)
        self.box.currentIndexChanged.connect(self._chosen)
        self.other = QLineEdit()
        self.other.setPlaceholderText(self.tr("Name of the person"))
        self.other.setAccessibleName(self.tr("Name of the person"))
        self.told = plain_label("", wrap=True, muted=True, scale="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        for widget in (self.box, self.other, self.told):
            column.addWidget(widget)
        self._show()

    def _list_layers(self, session: Session) -> None:
        person, is_lead = session.person, session.role == "lead"
        if is_lead:
            self.box.addItem(self.tr("As the file says"), AS_IN_FILE)
            self.box.addItem(self.tr("Gold"), "gold")
        self.box.addItem(self.tr("Mine ({name})").format(name=one_line(person.name, _NAMED)), person.id)
        if is_lead:
            for one in session.queries.annotators():
                if one.id != person.id:
                    self.box.addItem(one_line(one.name, _NAMED), one.id)
            self.box.addItem(self.tr("Somebody else…"), SOMEBODY_ELSE)

    def layer(self) -> str | None:
        """Return the layer that takes all annotations; None keeps those of the file."""
        chosen = self.box.currentData()
        return self.other.text().strip() if chosen == SOMEBODY_ELSE else chosen or None

    def problem(self) -> str:
        """Say what is missing, and take the keyboard; empty where all is well."""
        if self.layer() != "":
            return ""
        self.other.setFocus()
        return self.tr("Type the name of the person whose work it is.")

    def show_layers(self, counts: Mapping[str, int] | None) -> None:
        """Tell which layers the files name, each with how often; None where no file was read."""
        self._counts = counts
        self._show()

    @Slot()
    def _chosen(self) -> None:
        self._show()
        if not self.other.isHidden():
            self.other.setFocus()

    def _show(self) -> None:
        chosen, counts = self.box.currentData(), self._counts or {}
        self.other.setVisible(chosen == SOMEBODY_ELSE)
        named = [f"{one_line(name, _NAMED)} {grouped(count)}" for name, count in sorted(counts.items()) if name]
        words = self.tr("The file says: {layers}.").format(layers=", ".join(named[:_LAYERS_NAMED]))
        if not named:
            words = self.tr("The file does not say whose work it is; it becomes yours.")
        self.told.setText(words if chosen == AS_IN_FILE else self.tr("All annotations go there."))
        self.told.setVisible(self._counts is not None)
