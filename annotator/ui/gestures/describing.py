"""Attributes of the selected span by keys, and those that are asked for after tagging."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from annotator.core.inheritance import effective
from annotator.ui.gestures.desk import Desk
from annotator.ui.gestures.tagging import Tagging
from annotator.ui.views.reading_keys import KeyCommand


class Describing(QObject):
    """Opens the keys of the inspector. `asks` says whether tagging asks for the attributes that want it."""

    def __init__(self, desk: Desk, tagging: Tagging) -> None:
        super().__init__(desk)
        self._desk = desk
        self.asks = True
        desk.on_key(KeyCommand.ATTRIBUTES, self.start)
        desk.page.inspector.left.connect(desk.back_to_text)
        tagging.tagged.connect(self.ask)

    @Slot()
    def start(self) -> None:
        """Show a key at each attribute of the selected span."""
        if self._desk.document.selected_span is None:
            self._desk.messages.inform(self.tr("Select the span whose attributes you want to set, then press A."))
        elif self._desk.session.read_only_reason:
            self._desk.messages.inform(self._desk.session.read_only_reason)
        else:
            self._show_inspector()
            self._desk.page.inspector.start_keys()

    @Slot(str)
    def ask(self, annotation: str) -> None:
        """Ask for the attributes of a new span that tagging asks for and that it has no value of."""
        span, codebook = self._desk.document.annotation(annotation), self._desk.document.codebook
        label = self._desk.document.label_of(span) if span else None
        if not self.asks or span is None or label is None or codebook is None:
            return
        known = effective(self._desk.document.values(span.id), self._desk.document.inherited(span))
        wanted = [a.key for a in codebook.attributes_for(label.key) if a.asked and a.key not in known]
        if wanted and span == self._desk.document.selected_span:
            self._show_inspector()
            self._desk.page.inspector.ask(wanted)

    def _show_inspector(self) -> None:
        if self._desk.page.history_is_shown or self._desk.page.unplaced_is_shown:
            self._desk.page.show_history(False)
            self._desk.context_changed.emit()
