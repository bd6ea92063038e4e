"""Which labels and layers are shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from annotator.core.records import Layer
from annotator.core.sight import Sight
from annotator.ui.gestures.desk import Desk
from annotator.ui.gestures.tagging import Tagging


class Sighting(QObject):
    """What is hidden stays hidden from document to document; a label that is put on a span is shown again."""

    def __init__(self, desk: Desk, tagging: Tagging) -> None:
        super().__init__(desk)
        self._desk = desk
        self._button = desk.page.label_bar.sight
        self._button.changed.connect(self.look)
        desk.document.opened.connect(self._read_choices)
        tagging.label_used.connect(self._show_label)

    @Slot(object)
    def look(self, sight: Sight) -> None:
        """Show other labels and layers."""
        self._desk.document.set_sight(sight)
        self._button.set_sight(sight)

    @Slot()
    def show_everything(self) -> None:
        """Hide nothing any more."""
        self.look(Sight())

    @Slot()
    def choose(self) -> None:
        """Open the menu of labels and layers."""
        self._button.showMenu()

    @Slot(str)
    def _show_label(self, label: str) -> None:
        sight = self._desk.document.sight
        if label in sight.hidden_labels:
            self.look(sight.with_label(label, shown=True))

    @Slot()
    def _read_choices(self) -> None:
        codebook = self._desk.document.codebook
        if codebook is None:
            self.look(Sight())
            return
        labels = [label for label in codebook.labels if not label.retired]
        self._button.set_choices(labels, self._layers())

    def _layers(self) -> list[tuple[str, str]]:
        queries = self._desk.session.queries
        names = {person.id: person.name for person in queries.annotators()}
        rounds = {known.id: known.name for known in queries.rounds()}
        return [(layer.id, self._layer_name(layer, names, rounds)) for layer in queries.layers()]

    def _layer_name(self, layer: Layer, names: dict[str, str], rounds: dict[str, str]) -> str:
        person = self.tr("Gold") if layer.annotator is None else names.get(layer.annotator, layer.annotator)
        if layer.annotator == self._desk.session.person.id:
            person = self.tr("{name} (you)").format(name=person)
        return f"{person} · {rounds[layer.round]}" if len(rounds) > 1 else person
