"""Relating spans, and taking relations apart."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Codebook
from annotator.core.records import Annotation
from annotator.ui.gestures.desk import Desk
from annotator.ui.views.reading_keys import KeyCommand

_DIALOG_GAP = 24

RelateChoice = tuple[str, str, str, list[tuple[str, str]]]
"""A span's id, its label's name, its quote, and (key, name) of the relation types that may lead to it."""


class Relating(QObject):
    """Relations from the selected span."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.on_key(KeyCommand.RELATE, self.relate)
        desk.page.inspector.relate_requested.connect(self.relate)
        desk.page.inspector.unrelate_requested.connect(self.unrelate)

    @Slot()
    def relate(self) -> None:
        """Ask for a span to relate the selected one to, and for the relation; it can be clicked in the text too."""
        source, codebook = self._desk.document.selected_span, self._desk.document.codebook
        if source is None or codebook is None:
            self._desk.messages.inform(self.tr("Select the span from which the relation leads."))
            return
        from annotator.ui.dialogs.relate import RelateDialog

        quote, choices = self._desk.document.quote(source), self._relate_choices(source, codebook)
        dialog = RelateDialog(source.id, quote, choices, self._desk.reading)
        dialog.chosen.connect(self.add_relation)
        dialog.ended.connect(self._end_relating)
        self._desk.document.selected.connect(dialog.pick)
        self._desk.document.opened.connect(dialog.reject)
        self._desk.document.spans_changed.connect(dialog.reject)
        _put_at_the_right(dialog, self._desk.page)
        dialog.show()

    @Slot(str)
    def _end_relating(self, source: str) -> None:
        if self._desk.document.annotation(source) is not None:
            self._desk.select(source)
        self._desk.back_to_text()

    def _relate_choices(self, source: Annotation, codebook: Codebook) -> list[RelateChoice]:
        """Return the other spans of the same layer, the nearest first, with what the codebook allows to each."""
        keys = {label.id: label.key for label in codebook.labels}
        names = {label.id: label.name for label in codebook.labels}
        allowed = {
            label.id: [
                (relation.key, relation.name)
                for relation in codebook.relations
                if not relation.retired and codebook.allowed(relation, keys[source.label], label.key)
            ]
            for label in codebook.labels
        }
        others = [a for a in self._desk.document.annotations() if a.id != source.id and a.layer == source.layer]
        others.sort(key=lambda other: abs(other.start - source.start))
        return [(a.id, names[a.label], self._desk.document.quote(a), allowed[a.label]) for a in others]

    @Slot(str, str, str)
    def add_relation(self, source: str, type_key: str, target: str) -> None:
        """Relate two spans by a relation type's key."""
        with self._desk.messages.showing_errors():
            self._desk.session.relations.relate(source, type_key, target)

    @Slot(str)
    def unrelate(self, relation: str) -> None:
        """Remove a relation."""
        with self._desk.messages.showing_errors():
            self._desk.session.relations.unrelate(relation)


def _put_at_the_right(dialog: QWidget, page: QWidget) -> None:
    """Open a dialog over the right of the page, so that the text stays in sight."""
    corner = page.mapToGlobal(page.rect().topRight())
    dialog.move(corner.x() - dialog.width() - _DIALOG_GAP, corner.y() + _DIALOG_GAP)
