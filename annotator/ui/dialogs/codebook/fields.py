"""Fields of a form: each shows one value of an entry, and says when somebody wants another.

How to add a field: a subclass with `load(value)`, `value()` and `set_writable(writable)` that emits `edited` when a
person, not `load`, changes it; its place is in the form of its entry (`label_page`, `attribute_page`, …).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QIcon, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.parts import set_state
from annotator.ui.panels.widgets import GrowingTextEdit

FRAME = 14
MOST_LINES = 9


class Field(QWidget):
    """One value. `field` is the widget that takes the keyboard."""

    edited = Signal()

    def __init__(self, field: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.field: QWidget = field or self
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        if field is not None:
            self._column.addWidget(field)
            self.setFocusProxy(field)

    def load(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return what is shown now."""
        raise NotImplementedError

    def set_writable(self, writable: bool) -> None:
        """Say whether it can be changed."""
        self.setEnabled(writable)

    def set_wrong(self, wrong: bool) -> None:
        """Mark the value as one that cannot be saved."""
        set_state(self.field, "error" if wrong else "")


class LineField(Field):
    """One line of text."""

    def __init__(self, parent: QWidget | None = None, *, width: int = 0) -> None:
        self.line = QLineEdit()
        super().__init__(self.line, parent)
        if width:
            self.line.setFixedWidth(width)
        self.line.textEdited.connect(self._edit)

    @Slot()
    def _edit(self) -> None:
        self.edited.emit()

    def load(self, value: str) -> None:
        if self.line.text().strip() != value:
            self.line.setText(value)
            self.line.setCursorPosition(0)

    def value(self) -> str:
        return self.line.text().strip()

    def set_writable(self, writable: bool) -> None:
        self.line.setReadOnly(not writable)
        self.line.setProperty("muted", not writable)


class TextField(Field):
    """A paragraph or more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.text = GrowingTextEdit(frame=FRAME, most=MOST_LINES)
        super().__init__(self.text, parent)
        self._loading = False
        self.text.textChanged.connect(self._edit)

    @Slot()
    def _edit(self) -> None:
        if not self._loading:
            self.edited.emit()

    def load(self, value: Any) -> None:
        if self.value() != value:
            self._show(str(value))

    def _show(self, text: str) -> None:
        self._loading = True
        self.text.setPlainText(text)
        self._loading = False

    def value(self) -> Any:
        return self.text.toPlainText().strip()

    def set_writable(self, writable: bool) -> None:
        self.text.setReadOnly(not writable)


class ListField(TextField):
    """Several texts, one a line; what nobody touches stays as it is, line breaks inside a text included."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored: tuple[str, ...] = ()
        self._touched = False

    @Slot()
    def _edit(self) -> None:
        self._touched = self._touched or not self._loading
        super()._edit()

    def load(self, value: tuple[str, ...]) -> None:
        if self.value() != value:
            self._stored, self._touched = value, False
            self._show("\n".join(" ".join(text.split()) for text in value))

    def value(self) -> tuple[str, ...]:
        if not self._touched:
            return self._stored
        return tuple(line.strip() for line in self.text.toPlainText().splitlines() if line.strip())

    def add(self, text: str) -> None:
        """Put another text at the end, unless it is there."""
        line, present = " ".join(text.split()), self.text.toPlainText().rstrip()
        if line and line not in present.splitlines():
            self.text.setPlainText(f"{present}\n{line}" if present else line)


class CalmComboBox(ComboBox):
    """A list to choose from that the mouse wheel does not change, because it stands in a page that scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceField(Field):
    """One of several values."""

    def __init__(self, choices: Iterable[tuple[Any, str]] = (), parent: QWidget | None = None) -> None:
        self.box = CalmComboBox()
        self.box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(14)
        super().__init__(self.box, parent)
        self._values: list[Any] = []
        self.set_choices((value, name, None) for value, name in choices)
        self.box.activated.connect(self._edit)

    @Slot()
    def _edit(self) -> None:
        self.edited.emit()

    def set_choices(self, choices: Iterable[tuple[Any, str, QIcon | None]]) -> None:
        """Offer these values by their names."""
        shown = self.value()
        self.box.clear()
        self._values = []
        for value, name, icon in choices:
            self._values.append(value)
            self.box.addItem(icon or QIcon(), name)
        if shown in self._values:
            self.load(shown)

    def load(self, value: Any) -> None:
        self.box.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def value(self) -> Any:
        place = self.box.currentIndex()
        return self._values[place] if 0 <= place < len(self._values) else None


class FlagField(Field):
    """Yes or no, with its words beside the box."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        self.box = CheckBox(words)
        super().__init__(self.box, parent)
        self.box.clicked.connect(self._edit)

    @Slot()
    def _edit(self) -> None:
        self.edited.emit()

    def load(self, value: bool) -> None:
        self.box.setChecked(value)

    def value(self) -> bool:
        return self.box.isChecked()
