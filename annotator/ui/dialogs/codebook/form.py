"""The form of one entry: its fields by name, and under each what keeps it from being saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.core.codebook_edits import Entry
from annotator.ui.dialogs.codebook.fields import Field
from annotator.ui.dialogs.parts import GAP, plain_label
from annotator.ui.panels.widgets import heading

NAME_WIDTH = 96


class EntryForm(QScrollArea):
    """Shows an entry and hands over each changed copy of it by `edited`.

    A field may stand for several values of the record: its name is then that of all of them, joined by "+".
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fields: dict[str, Field] = {}
        self.problems: dict[str, QLabel] = {}
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}
        self._entry: Entry | None = None
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(18, 4, 14, 12)
        self._column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnMinimumWidth(0, NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self.setWidget(content)

    @property
    def entry(self) -> Entry | None:
        """Return the entry as it was last shown."""
        return self._entry

    def add_heading(self, text: str) -> None:
        """Begin a group of fields."""
        title = heading(text)
        title.setContentsMargins(0, 10, 0, 0)
        self._grid.addWidget(title, self._grid.rowCount(), 0, 1, 2)

    def add(self, name: str, caption: str, field: Field, *below: QWidget) -> None:
        """Add a field for the record's value `name`; a caption with "&" takes the keyboard there."""
        row = self._grid.rowCount()
        label = plain_label(caption, wrap=True, muted=True)
        label.setBuddy(field)
        label.setContentsMargins(0, 6, 0, 0)
        field.field.setAccessibleName(caption.replace("&", ""))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(field)
        for widget in below:
            column.addWidget(widget)
        problem = plain_label("", wrap=True, state="error", scale="small")
        problem.hide()
        column.addWidget(problem)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(holder, row, 1)
        field.setObjectName(name)
        field.edited.connect(self._edit)
        self.fields[name] = field
        self.problems[name] = problem
        self._rows[name] = (label, holder)

    def set_row_visible(self, name: str, visible: bool) -> None:
        """Show or hide a field with its caption."""
        for widget in self._rows[name]:
            widget.setVisible(visible)

    def show_entry(self, entry: Entry, writable: Mapping[str, bool], *, editable: bool) -> None:
        """Show an entry; `writable` says of single fields that they cannot be changed though others can."""
        if self._entry is not None and self._entry.id != entry.id:
            self.verticalScrollBar().setValue(0)
        self._entry = entry
        for name, field in self.fields.items():
            field.load(_value(entry, name))
            field.set_writable(editable and writable.get(name, True))

    def show_problem(self, field: str, text: str) -> None:
        """Say under a field what is wrong with it; an empty text takes that away."""
        for name, problem in self.problems.items():
            wrong = bool(text) and field in name.split("+")
            problem.setText(text if wrong else "")
            problem.setVisible(wrong)
            self.fields[name].set_wrong(wrong)

    def go_to(self, field: str) -> None:
        """Put the focus into a field."""
        for name, found in self.fields.items():
            if field in name.split("+"):
                found.field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.ensureWidgetVisible(found)

    @Slot()
    def _edit(self) -> None:
        field = self.sender()
        if self._entry is not None and isinstance(field, Field):
            names = field.objectName().split("+")
            values = field.value() if len(names) > 1 else (field.value(),)
            self._entry = replace(self._entry, **dict(zip(names, values, strict=True)))
            self.edited.emit(self._entry)


def _value(entry: Entry, name: str) -> Any:
    names = name.split("+")
    values = tuple(getattr(entry, one) for one in names)
    return values if len(names) > 1 else values[0]
