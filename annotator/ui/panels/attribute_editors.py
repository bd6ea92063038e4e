"""One editor for each type of attribute. An editor shows a stored value and says when somebody wants another.

How to add a type:
1. write its editor: `set_stored(value)` and the signal `edited(value)`, None to clear; `show_value` shows besides
   what is inherited;
2. name it in `_EDITORS`;
3. add its case to `tests/ui/test_panels.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from annotator.core.records import AttributeDefinition
from annotator.ui.panels.entity_completion import EntityChoice, completion_of, set_up
from annotator.ui.panels.widgets import ElidingLineEdit, GrowingTextEdit, paint_arrow, restyle
from annotator.ui.words import tool_tip

_COMBO_EDGE = 12
"""Pixels at both ends of a box together that its text does not get."""

_BUTTON_EDGE = 24
"""Pixels at both ends of a button together that its text does not get."""

_TEXT_FRAME = 8
"""Pixels above and below a text without a frame of its own."""

Entities = Callable[[], Sequence[EntityChoice]]


class _CalmComboBox(QComboBox):
    """A box that the mouse wheel does not change, because it stands in a page that scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isEditable():
            super().paintEvent(event)
            self._paint_arrow()
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - _COMBO_EDGE
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = text  # type: ignore[attr-defined]
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        self._paint_arrow()

    def _paint_arrow(self) -> None:
        if not self.property("plain"):
            paint_arrow(self)


class _FlagBox(QCheckBox):
    """A box of three states that is seen on every background: ticked, empty, and a dash for what is not set."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        contents = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        option.rect = contents  # type: ignore[attr-defined]
        painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.PlaceholderText
        painter.setPen(QPen(self.palette().color(role), 1.2))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 3, 3)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.6))
        centre = QRectF(box).center()
        if self.checkState() == Qt.CheckState.Checked:
            signs = [centre + QPointF(-3, 0), centre + QPointF(-1, 2.4), centre + QPointF(3.2, -2.4)]
            painter.drawPolyline(signs)
        elif self.checkState() == Qt.CheckState.PartiallyChecked:
            painter.drawLine(centre + QPointF(-2.5, 0), centre + QPointF(2.5, 0))
        painter.end()


class AttributeEditor(QWidget):
    """The common part: a widget in a line of its own."""

    edited = Signal(object)

    def __init__(self, attribute: AttributeDefinition, parent: QWidget) -> None:
        super().__init__(parent)
        self.attribute = attribute
        self.field: QWidget = self
        self._inherited: Any = None
        self._is_inherited = False
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)

    def set_stored(self, value: Any) -> None:
        """Show the value as it is stored, None where there is none."""
        raise NotImplementedError

    def commit(self) -> None:
        """Say what was typed, if it differs from what is stored."""

    def show_value(self, own: Any, inherited: Any = None, origin: str = "") -> None:
        """Show a span's own value or else, muted, what it inherits; `origin` says in words where that comes from."""
        self._inherited = inherited
        self._is_inherited = own is None and inherited is not None
        self.set_stored(inherited if self._is_inherited else own)
        origin = origin if self._is_inherited else ""
        described = (self.attribute.description, origin)
        self.field.setAccessibleDescription(" ".join(part for part in described if part))
        tip = tool_tip("\n".join(part for part in (self._words(), origin) if part))
        for widget in self._shown_in():
            widget.setToolTip(tip)
            if bool(widget.property("inherited")) != self._is_inherited:
                widget.setProperty("inherited", self._is_inherited)
                restyle(widget)

    def set_framed(self) -> None:
        """Look like a field of a dialog, with a frame at all times."""
        for widget in self._shown_in():
            widget.setProperty("plain", False)
            restyle(widget)

    def _words(self) -> str:
        """Return the value as it is shown, where it may be cut."""
        return ""

    def _shown_in(self) -> tuple[QWidget, ...]:
        """Return the widgets that the value is written in."""
        return (self.field,)

    def _hold(self, widget: QWidget) -> None:
        widget.setAccessibleName(self.attribute.name)
        widget.setAccessibleDescription(self.attribute.description)
        self._line.addWidget(widget)
        self.setFocusProxy(widget)
        self.field = widget


class ChoiceEditor(AttributeEditor):
    """One of the choices, or none; also a number that the codebook spells out."""

    def __init__(self, attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> None:
        super().__init__(attribute, parent)
        self.box = _CalmComboBox(self)
        self.box.setProperty("plain", True)
        self.box.setMinimumContentsLength(6)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.addItem(self.tr("Not set"), None)
        for value, name in attribute.choices:
            self.box.addItem(name, value)
        self.box.activated.connect(self._choose)
        self._hold(self.box)

    def set_stored(self, value: Any) -> None:
        place = self.box.findData(None if value is None else str(value))
        self.box.setCurrentIndex(max(place, 0))
        self.box.setToolTip(tool_tip(self.box.currentText()))

    def _words(self) -> str:
        return self.box.currentText()

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.edited.emit(self.box.itemData(place))


class EntityEditor(AttributeEditor):
    """A name, completed from those that the project knows; an alias means the entity that has it."""

    def __init__(self, attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> None:
        super().__init__(attribute, parent)
        self._stored = ""
        self.box = _CalmComboBox(self)
        self.box.setProperty("plain", True)
        self.box.setEditable(True)
        self.box.setLineEdit(ElidingLineEdit(self.box))
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setMinimumContentsLength(6)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._completion = completion_of(entities())
        self.box.setModel(self._completion.model)
        completer = self.box.completer()
        assert completer is not None
        set_up(completer)
        self.box.activated.connect(self.commit)
        line = self.box.lineEdit()
        assert line is not None
        line.setProperty("plain", True)
        restyle(line)
        line.editingFinished.connect(self.commit)
        self._hold(self.box)

    def set_stored(self, value: Any) -> None:
        typing = self.box.hasFocus() and self.box.currentText() != self._stored
        self._stored = value or ""
        if not typing:
            self.box.setEditText(self._stored)

    def _words(self) -> str:
        return self.box.currentText()

    def _shown_in(self) -> tuple[QWidget, ...]:
        line = self.box.lineEdit()
        return (self.box,) if line is None else (self.box, line)

    @Slot()
    def commit(self) -> None:
        text = self._completion.meant(self.box.currentText())
        if self.box.currentText() != text:
            self.box.setEditText(text)
        if text != self._stored:
            self._stored = text
            self.edited.emit(text or None)


class FlagEditor(AttributeEditor):
    """Yes, no, or not set."""

    def __init__(self, attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> None:
        super().__init__(attribute, parent)
        self._value: bool | None = None
        self.check = _FlagBox(self)
        self.check.setTristate(True)
        self.check.clicked.connect(self._advance)
        self._hold(self.check)

    def set_stored(self, value: Any) -> None:
        self._value = value
        states = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked, None: Qt.CheckState.PartiallyChecked}
        words = {True: self.tr("Yes"), False: self.tr("No"), None: self.tr("Not set")}
        self.check.setCheckState(states[value])
        self.check.setText(words[value])

    @Slot()
    def _advance(self) -> None:
        value = next_flag(None if self._is_inherited else self._value, self._inherited)
        self.set_stored(value)
        self.edited.emit(value)


class LineEditor(AttributeEditor):
    """A number or a date, typed."""

    def __init__(self, attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> None:
        super().__init__(attribute, parent)
        self._stored = ""
        self.line = ElidingLineEdit(self)
        self.line.setProperty("plain", True)
        self.line.setPlaceholderText(self.tr("YYYY-MM-DD") if attribute.type == "date" else "")
        self.line.editingFinished.connect(self.commit)
        self._hold(self.line)

    def set_stored(self, value: Any) -> None:
        typing = self.line.hasFocus() and self.line.text() != self._stored
        self._stored = "" if value is None else str(value)
        if not typing:
            self.line.setText(self._stored)

    def _words(self) -> str:
        return self.line.text()

    @Slot()
    def commit(self) -> None:
        text = self.line.text().strip()
        if text != self._stored:
            self._stored = text
            self.edited.emit(text or None)


class TextEditor(AttributeEditor):
    """Some words that may wrap; several texts stand apart by semicolons."""

    def __init__(self, attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> None:
        super().__init__(attribute, parent)
        self.text = GrowingTextEdit(self, lines=False, frame=_TEXT_FRAME)
        self.text.setProperty("plain", True)
        self.text.committed.connect(self._commit)
        if attribute.type == "texts":
            self.text.setPlaceholderText(self.tr("one; another"))
        self._hold(self.text)

    def set_stored(self, value: Any) -> None:
        self.text.set_stored("; ".join(value) if isinstance(value, list | tuple) else value or "")

    def commit(self) -> None:
        self.text.commit()

    @Slot(str)
    def _commit(self, text: str) -> None:
        self.edited.emit(text.strip() or None)


class ChoicesEditor(AttributeEditor):
    """Several of the choices, ticked in a menu."""

    def __init__(self, attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> None:
        super().__init__(attribute, parent)
        self.button = QToolButton(self)
        self.button.setProperty("role", "flat")
        self.button.setMinimumWidth(_BUTTON_EDGE)
        self._chosen = ""
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.button)
        for value, name in attribute.choices:
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setData(value)
        self._menu.triggered.connect(self._toggle)
        self.button.setMenu(self._menu)
        self._hold(self.button)

    def set_stored(self, value: Any) -> None:
        chosen = set(value or ())
        for action in self._menu.actions():
            action.setChecked(action.data() in chosen)
        names = [name for known, name in self.attribute.choices if known in chosen]
        self._chosen = ", ".join(names) or self.tr("Not set")
        self.button.setToolTip(tool_tip(self._chosen))
        self._fit()

    def _words(self) -> str:
        return self._chosen

    def _fit(self) -> None:
        room = self.width() - _BUTTON_EDGE
        self.button.setText(self.fontMetrics().elidedText(self._chosen, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot(QAction)
    def _toggle(self, _action: QAction) -> None:
        self.edited.emit([action.data() for action in self._menu.actions() if action.isChecked()] or None)


def next_flag(own: bool | None, inherited: bool | None = None) -> bool | None:
    """Return what comes after a span's own yes, no or nothing; the first is what differs from what it inherits."""
    first = not inherited
    following: dict[bool | None, bool | None] = {None: first, first: not first, not first: None}
    return following[own]


_EDITORS: dict[str, type[AttributeEditor]] = {
    "choice": ChoiceEditor,
    "choices": ChoicesEditor,
    "entity": EntityEditor,
    "boolean": FlagEditor,
    "number": LineEditor,
    "date": LineEditor,
    "text": TextEditor,
    "texts": TextEditor,
}


def make_editor(attribute: AttributeDefinition, parent: QWidget, entities: Entities) -> AttributeEditor:
    """Return the editor of an attribute; `entities` is asked for the names that are known."""
    kind = ChoiceEditor if attribute.type == "number" and attribute.choices else _EDITORS[attribute.type]
    make: Callable[[AttributeDefinition, QWidget, Entities], AttributeEditor] = kind  # type: ignore[assignment]
    return make(attribute, parent, entities)
