"""The attributes of the selected span by keys alone: a letter opens one, a digit chooses its value.

It stands in the place of the form while it has the focus. It shows the list of attributes, or one of them that is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from annotator.core.attribute_values import parsed_number
from annotator.core.inheritance import Inherited
from annotator.core.records import AttributeDefinition
from annotator.ui.panels.attribute_editors import AttributeEditor, Entities, make_editor, next_flag
from annotator.ui.panels.attribute_words import MISSING_SIGN, missing_words, origin_words, value_words
from annotator.ui.panels.keyed_list import KEYS, KeyedList, KeyedRow
from annotator.ui.panels.widgets import finish_typing, plain_label
from annotator.ui.theme import Theme

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def attribute_keys(attributes: Sequence[AttributeDefinition]) -> dict[str, str]:
    """Return the key of each attribute: the first letter of its name that is free, else any letter or digit.

    The attributes come in the order of the codebook; those of every label take their letters first, so that they have
    the same ones for each label. Beyond 35 attributes there is no key left.
    """
    taken: dict[str, str] = {}
    for attribute in sorted(attributes, key=lambda attribute: bool(attribute.labels)):
        wished = (*attribute.name.casefold(), *attribute.key, *ascii_lowercase, *KEYS)
        free = (character for character in wished if character in KEYS and character not in taken.values())
        letter = next((character for character in free if character in ascii_lowercase), None)
        taken[attribute.key] = letter or next((c for c in KEYS if c not in taken.values()), "")
    return taken


def choice_keys(attribute: AttributeDefinition) -> list[tuple[str, str, str]]:
    """Return (key, value, name) of what can be chosen: digits, then letters; small numbers have their own digit."""
    choices = attribute.choices
    if attribute.type == "number" and all(len(value) == 1 and value.isdigit() for value, _ in choices):
        return [(value, value, name) for value, name in choices]
    keys = [*KEYS, *("" for _ in choices)]
    return [(key, value, name) for key, (value, name) in zip(keys, choices, strict=False)]


class AttributeKeys(QWidget):
    """`edited` is that of AttributeForm. `left` asks for the text to have the focus; `ended` comes whenever it is over.

    What is asked after tagging is opened one after the other: Esc and Enter skip one.
    """

    edited = Signal(str, str, object)
    left = Signal()
    ended = Signal()

    def __init__(self, entities: Entities, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entities = entities
        self._span: tuple[str, str] | None = None
        self._attributes: dict[str, AttributeDefinition] = {}
        self._values: Mapping[str, Any] = {}
        self._inherited: Mapping[str, Inherited] = {}
        self._keys: dict[str, str] = {}
        self._open: str | None = None
        self._asked: list[str] | None = None
        self._editor: AttributeEditor | None = None
        self.active = False
        self._going_on = QTimer(self)
        self._going_on.setSingleShot(True)
        self._going_on.timeout.connect(self._go_on)
        self._heading = plain_label("", self)
        self._heading.setWordWrap(True)
        self._hint = plain_label("", self, muted=True, scale="small")
        self._hint.setWordWrap(True)
        self.list = KeyedList(theme, self)
        self.list.chosen.connect(self._choose)
        self.list.accepted.connect(self._accept)
        self.list.cleared.connect(self._clear)
        self.list.left.connect(self._leave)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        for part in (self._heading, self.list, self._hint):
            self._layout.addWidget(part)

    @property
    def open_attribute(self) -> str | None:
        """Return the key of the attribute that is open, or None where the list is shown."""
        return self._open if self.active else None

    @property
    def editor(self) -> AttributeEditor | None:
        """Return the field of the open attribute where its value is typed."""
        return self._editor

    @property
    def heading(self) -> QLabel:
        """Return the line that says what is shown."""
        return self._heading

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.list.set_theme(theme)

    def show_values(
        self,
        span: tuple[str, str],
        attributes: Sequence[AttributeDefinition],
        values: Mapping[str, Any],
        inherited: Mapping[str, Inherited],
    ) -> None:
        """Take over a span's values; another span than before, or another codebook, ends the keys."""
        if span != self._span or [*self._attributes.values()] != [*attributes]:
            finish_typing(self)
            self.end()
            self._span = span
            self._attributes = {attribute.key: attribute for attribute in attributes}
            self._keys = attribute_keys(attributes)
        self._values, self._inherited = values, inherited
        if self.active:
            self._refresh()

    # -- beginning and ending

    def start(self) -> None:
        """Show the list of attributes and take the focus."""
        self._begin(None)
        self._show_list()

    def ask(self, keys: Sequence[str]) -> None:
        """Open these attributes one after the other, those that have got a value left out."""
        self._begin(list(keys))
        self._ask_next()

    def _begin(self, asked: list[str] | None) -> None:
        application = QApplication.instance()
        if not self.active and isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)
        self.active, self._asked, self._open = True, asked, None

    def end(self) -> None:
        """Give way to the form."""
        if not self.active:
            return
        self.active, self._asked, self._open = False, None, None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._follow_focus)
        self._drop_editor()
        self.ended.emit()

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        inside = now is None or now is self or self.isAncestorOf(now) or now.window() is not self.window()
        if self.active and not inside:
            self.end()

    def _finish(self) -> None:
        self.end()
        self.left.emit()

    # -- what is shown

    def _show_list(self) -> None:
        self._open = None
        self._drop_editor()
        self._refresh(fresh=True)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_attribute(self, key: str) -> None:
        self._open = key
        self._drop_editor()
        attribute = self._attributes[key]
        if attribute.choices or attribute.type == "boolean":
            self._refresh(fresh=True)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._type_in(attribute)

    def _type_in(self, attribute: AttributeDefinition) -> None:
        self._editor = make_editor(attribute, self, self._entities)
        self._editor.edited.connect(self._take_typed)
        for field in (self._editor.field, *self._editor.field.findChildren(QWidget)):
            field.installEventFilter(self)
        self._layout.insertWidget(1, self._editor)
        self._show_typed(self._editor)
        self._editor.show()
        self._editor.setFocus(Qt.FocusReason.TabFocusReason)  # as Tab does, so that typing replaces what is there
        self._refresh(fresh=True)

    def _drop_editor(self) -> None:
        """Take the field away; what was typed and not stored is gone."""
        self._going_on.stop()
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.blockSignals(True)
            self._hold_focus(editor)
            self._layout.removeWidget(editor)
            editor.hide()
            editor.deleteLater()

    def _hold_focus(self, going: QWidget) -> None:
        """Keep the focus here when a widget that has it goes away: it would leave, and end the keys."""
        focus = QApplication.focusWidget()
        if focus is not None and (focus is going or going.isAncestorOf(focus)):
            self.list.show()
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh(self, *, fresh: bool = False) -> None:
        attribute = self._attributes.get(self._open) if self._open else None
        self._heading.setText(self._heading_words(attribute))
        self._hint.setText(self._hint_words(attribute))
        self.list.setVisible(self._editor is None)
        if self._editor is not None:
            self._show_typed(self._editor)
        elif attribute is None:
            self.list.setAccessibleName(self.tr("Attributes, each with its key"))
            self.list.set_rows([self._attribute_row(each) for each in self._attributes.values()], fresh=fresh)
        else:
            self.list.setAccessibleName(self.tr("{attribute}: choose by key").format(attribute=attribute.name))
            self.list.set_rows(self._choice_rows(attribute), fresh=fresh)

    def _show_typed(self, editor: AttributeEditor) -> None:
        key = editor.attribute.key
        inherited = self._inherited.get(key)
        value, words = (inherited.value, origin_words(inherited)) if inherited else (None, "")
        editor.show_value(self._values.get(key), value, words)

    def _heading_words(self, attribute: AttributeDefinition | None) -> str:
        if attribute is None:
            return self.tr("Press a key to open an attribute")
        if self._asked is None:
            return attribute.name
        left = [key for key in self._asked if not self._has_value(key)]
        if len(left) < 2:
            return f"{attribute.name}?"
        return self.tr("{attribute}? ({count} more)").format(attribute=attribute.name, count=len(left) - 1)

    def _hint_words(self, attribute: AttributeDefinition | None) -> str:
        if attribute is None:
            return self.tr("Esc: back to the text")
        if self._asked is not None:
            return (
                self.tr("Esc or Enter: skip") if self._editor is None else self.tr("Enter: store or skip · Esc: skip")
            )
        if self._editor is not None:
            return self.tr("Enter: store and go on · Esc: back to the text")
        if attribute.type == "choices":
            return self.tr("A key ticks · Enter: go on · Delete: clear · Esc: back to the text")
        return self.tr("Enter: go on · Delete: clear · Esc: back to the text")

    def _attribute_row(self, attribute: AttributeDefinition) -> KeyedRow:
        own, inherited = self._values.get(attribute.key), self._inherited.get(attribute.key)
        value = inherited.value if own is None and inherited else own
        missing = attribute.required and value is None
        words = missing_words() if missing else value_words(attribute, value)
        origin = origin_words(inherited) if own is None and inherited else ""
        return KeyedRow(
            attribute.key,
            self._keys[attribute.key],
            f"{MISSING_SIGN} {attribute.name}" if missing else attribute.name,
            self.tr("required") if missing else words or "–",
            muted=own is None and not missing,
            missing=missing,
            tip="\n".join(part for part in (words, origin, attribute.description) if part),
        )

    def _choice_rows(self, attribute: AttributeDefinition) -> list[KeyedRow]:
        own, inherited = self._values.get(attribute.key), self._inherited.get(attribute.key)
        value = inherited.value if own is None and inherited else own
        chosen = {str(part) for part in value} if isinstance(value, list | tuple) else {_text_of(value)}
        offered = choice_keys(attribute)
        if attribute.type == "boolean":
            offered = [("1", "true", value_words(attribute, True)), ("2", "false", value_words(attribute, False))]
        return [
            KeyedRow(given, key, name, muted=own is None, ticked=given in chosen, boxed=attribute.type == "choices")
            for key, given, name in offered
        ]

    # -- what is pressed

    @Slot(str)
    def _choose(self, row: str) -> None:
        if self._open is not None:
            self._set_choice(self._attributes[self._open], row)
            return
        attribute = self._attributes[row]
        if attribute.type == "boolean":
            inherited = self._inherited.get(row)
            self._emit(row, next_flag(self._values.get(row), inherited.value if inherited else None))
        else:
            self._open_attribute(row)

    def _set_choice(self, attribute: AttributeDefinition, value: str) -> None:
        if attribute.type == "choices":
            self._emit(attribute.key, self._toggled(attribute, value))
            return
        chosen: Any = value
        if attribute.type == "boolean":
            chosen = value == "true"
        elif attribute.type == "number":
            chosen = parsed_number(value)
        self._emit(attribute.key, chosen)
        self._go_on()

    def _toggled(self, attribute: AttributeDefinition, value: str) -> list[str] | None:
        inherited = self._inherited.get(attribute.key)
        now = self._values.get(attribute.key) or (inherited.value if inherited else [])
        return [known for known, _ in attribute.choices if (known in now) != (known == value)] or None

    @Slot()
    def _clear(self) -> None:
        if self._open is not None:
            self._emit(self._open, None)

    @Slot()
    def _accept(self) -> None:
        """Go on from what is open; from the list, go back to the text."""
        if self._open is None:
            self._finish()
        else:
            self._go_on()

    @Slot()
    def _leave(self) -> None:
        """Skip what is asked; else go back to the text."""
        if self._asked is None:
            self._finish()
        else:
            self._go_on()

    @Slot(object)
    def _take_typed(self, value: object) -> None:
        if self.active and self._open is not None:
            self._emit(self._open, value)
            self._going_on.start()

    @Slot()
    def _go_on(self) -> None:
        """Ask for the next attribute, or show the list again."""
        if not self.active:
            return
        if self._asked is None:
            self._show_list()
            return
        self._asked = self._asked[self._asked.index(self._open) + 1 :] if self._open in self._asked else self._asked
        self._ask_next()

    def _ask_next(self) -> None:
        left = [key for key in self._asked or () if not self._has_value(key)]
        if left:
            self._open_attribute(left[0])
        else:
            self._finish()

    def _has_value(self, key: str) -> bool:
        return self._values.get(key) is not None or key in self._inherited

    def _emit(self, key: str, value: object) -> None:
        if self._span is not None:
            self.edited.emit(self._span[0], key, value)

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the field in which a value is typed: Enter goes on, Esc leaves."""
        if self._editor is None or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in _ENTERS:
            self._going_on.start()
        elif event.key() == Qt.Key.Key_Escape:
            if self._asked is None:
                self._editor.commit()
            self._leave()
            return True
        return False


def _text_of(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
