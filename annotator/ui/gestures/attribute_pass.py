"""The attribute pass: the spans of the document as a grid, in which attributes are set for many at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from annotator.ui.gestures.desk import Desk
from annotator.ui.panels.attribute_editors import Entities


class AttributePass(QObject):
    """Opens the grid."""

    def __init__(self, desk: Desk, entities: Entities) -> None:
        super().__init__(desk)
        self._desk = desk
        self._entities = entities

    @Slot()
    def open(self) -> None:
        """Open the grid of the document's spans."""
