"""The attributes of one span: those that are set, inherited or required, and a way to every other one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from annotator.core.inheritance import Inherited
from annotator.core.records import AttributeDefinition
from annotator.ui.panels.attribute_editors import AttributeEditor, Entities, make_editor
from annotator.ui.panels.attribute_words import MISSING_SIGN, missing_words, origin_words
from annotator.ui.panels.widgets import finish_typing, plain_label, restyle
from annotator.ui.words import tool_tip

NAME_WIDTH = 84
_NAME_TOP = 4


class AttributeForm(QWidget):
    """Rows stay as long as the same span is shown, also when their value is cleared: the focus keeps its place.

    `add_button` is for its owner to place, and `following` to say what Tab reaches after it. `edited` carries the
    span's id, an attribute's key, and the value that somebody wants, None to clear it.
    """

    edited = Signal(str, str, object)

    def __init__(self, entities: Entities, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entities = entities
        self._shown: tuple[str, str] | None = None
        self._attributes: dict[str, AttributeDefinition] = {}
        self._editors: dict[str, AttributeEditor] = {}
        self._names: dict[str, QLabel] = {}
        self._values: Mapping[str, Any] = {}
        self._inherited: Mapping[str, Inherited] = {}
        self._writable = True
        self._rows: QWidget | None = None
        self.following: tuple[QWidget, ...] = ()
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._add)
        self.add_button = QToolButton(self)
        self.add_button.setText(self.tr("+ Attribute"))
        self.add_button.setProperty("role", "flat")
        self.add_button.setProperty("quiet", True)
        self.add_button.setAccessibleName(self.tr("Add an attribute"))
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add_button.setMenu(self._menu)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    @property
    def editors(self) -> Mapping[str, AttributeEditor]:
        """Return the editors on screen by attribute key."""
        return self._editors

    def set_writable(self, writable: bool) -> None:
        """Say whether values can be changed."""
        self._writable = writable
        self.add_button.setVisible(writable)
        if self._rows is not None:
            self._rows.setEnabled(writable)

    def show_values(
        self,
        span: tuple[str, str],
        attributes: Sequence[AttributeDefinition],
        values: Mapping[str, Any],
        inherited: Mapping[str, Inherited] | None = None,
    ) -> None:
        """Show a span's own values by attribute key, and what it inherits where it has none.

        `span` is its id and its label's, which decide the attributes.
        """
        if span != self._shown and self._rows is not None:
            finish_typing(self._rows)
        if span != self._shown or [*self._attributes.values()] != [*attributes]:
            self._shown = span
            self._attributes = {attribute.key: attribute for attribute in attributes}
            self._start_rows()
        self._values, self._inherited = values, inherited or {}
        for key, attribute in self._attributes.items():
            if key in self._editors or key in values or key in self._inherited or attribute.required:
                self._show_value(self._row(key))
        self._fill_menu()

    def _show_value(self, editor: AttributeEditor) -> None:
        attribute = editor.attribute
        inherited = self._inherited.get(attribute.key)
        own, value = self._values.get(attribute.key), inherited.value if inherited else None
        editor.show_value(own, value, origin_words(inherited) if inherited else "")
        missing = attribute.required and own is None and value is None
        name = self._names[attribute.key]
        name.setText(f"{MISSING_SIGN} {attribute.name}" if missing else attribute.name)
        name.setToolTip(tool_tip("\n".join(filter(None, (missing_words() if missing else "", attribute.description)))))
        editor.field.setAccessibleName(f"{attribute.name}: {missing_words()}" if missing else attribute.name)
        state = "warning" if missing else ""
        if (name.property("state") or "") != state:
            name.setProperty("state", state)
            name.setProperty("muted", not missing)
            restyle(name)

    def _start_rows(self) -> None:
        self._editors = {}
        self._names = {}
        if self._rows is not None:
            self._layout.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
        self._rows = QWidget(self)
        self._rows.setEnabled(self._writable)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnMinimumWidth(0, NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._layout.insertWidget(0, self._rows)

    def _row(self, key: str) -> AttributeEditor:
        """Return the editor of an attribute, made at its place in the codebook's order if it is not there."""
        if key in self._editors:
            return self._editors[key]
        assert self._rows is not None
        attribute = self._attributes[key]
        place = list(self._attributes).index(key)
        name = plain_label(attribute.name, self._rows, muted=True, scale="small")
        name.setWordWrap(True)
        name.setMinimumWidth(name.fontMetrics().horizontalAdvance(_longest_word(attribute.name)) + 4)
        editor = make_editor(attribute, self._rows, self._entities)
        editor.edited.connect(self._edit)
        name.setBuddy(editor)
        name.setContentsMargins(0, _NAME_TOP, 0, 0)
        self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, place, 1)
        name.show()
        editor.show()
        self._editors[key], self._names[key] = editor, name
        self._order_focus()
        return editor

    def _order_focus(self) -> None:
        editors = [self._editors[key].field for key in self._attributes if key in self._editors]
        for before, after in pairwise((*editors, self.add_button, *self.following)):
            QWidget.setTabOrder(before, after)

    def _fill_menu(self) -> None:
        self._menu.clear()
        for key, attribute in self._attributes.items():
            if key not in self._editors:
                action = self._menu.addAction(attribute.name.replace("&", "&&"))
                action.setData(key)
                action.setToolTip(tool_tip(attribute.description))
        self.add_button.setVisible(self._writable and not self._menu.isEmpty())

    @Slot(QAction)
    def _add(self, action: QAction) -> None:
        self.add_attribute(str(action.data()))

    def add_attribute(self, key: str) -> None:
        """Show a row for an attribute that is not set, and put the focus there."""
        editor = self._row(key)
        self._show_value(editor)
        self._fill_menu()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _edit(self, value: object) -> None:
        editor: QObject = self.sender()
        if isinstance(editor, AttributeEditor) and self._shown is not None:
            span = self._shown
            self.edited.emit(span[0], editor.attribute.key, value)
            if self._shown == span and self._editors.get(editor.attribute.key) is editor:
                self._show_value(editor)


def _longest_word(text: str) -> str:
    return max(text.split(), key=len, default="")
