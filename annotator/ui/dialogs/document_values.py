"""The fields of what a document passes on to its spans: who speaks, how it is attributed, and what a codebook adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.attribute_values import check_value
from annotator.core.errors import UserError
from annotator.core.records import AttributeDefinition
from annotator.ui.dialogs.parts import Fields
from annotator.ui.panels.attribute_editors import AttributeEditor, Entities, make_editor


class DocumentValues(QObject):
    """One field for each attribute, with what is in it by now; `edited` comes with every change."""

    edited = Signal()

    def __init__(
        self,
        attributes: Sequence[AttributeDefinition],
        stored: Mapping[str, Any],
        entities: Entities,
        parent: QWidget,
        *,
        editable: bool,
    ) -> None:
        super().__init__(parent)
        self._stored = dict(stored)
        self._now = dict(stored)
        self.editors: dict[str, AttributeEditor] = {}
        for attribute in attributes:
            editor = make_editor(attribute, parent, entities)
            editor.set_framed()
            editor.show_value(stored.get(attribute.key))
            editor.setEnabled(editable)
            editor.edited.connect(self._take)
            self.editors[attribute.key] = editor

    def add_to(self, fields: Fields) -> None:
        """Add a row for each attribute."""
        for editor in self.editors.values():
            fields.add_row(editor.attribute.name.replace("&", "&&"), editor, editor.field)
            editor.field.setAccessibleName(editor.attribute.name)

    @Slot(object)
    def _take(self, value: object) -> None:
        editor: QObject = self.sender()
        if isinstance(editor, AttributeEditor):
            self._now[editor.attribute.key] = value
            editor.show_value(value)
            self.edited.emit()

    def changed(self) -> dict[str, Any]:
        """Return the values that differ from what is stored by attribute key, None for one that was cleared.

        Raises UserError for one that does not fit.
        """
        for editor in self.editors.values():
            editor.commit()
        found = {}
        for key, editor in self.editors.items():
            value = check_value(editor.attribute, self._now.get(key))
            if value != self._stored.get(key):
                found[key] = value
        return found

    def misfit(self) -> AttributeEditor | None:
        """Return the first editor whose value does not fit, or None."""
        for key, editor in self.editors.items():
            try:
                check_value(editor.attribute, self._now.get(key))
            except UserError:
                return editor
        return None
