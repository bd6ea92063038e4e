"""The fields of the import dialog that say what a document is: title, date, language and source."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from annotator.ui.dialogs.dates import DateField
from annotator.ui.dialogs.import_entries import Entry
from annotator.ui.dialogs.parts import GAP, plain_label, set_state
from annotator.ui.panels.widgets import ElidingLineEdit


class Facts(QWidget):
    """Title, date, language and source of a document; `changed` carries the name and value of a field."""

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.url, self.language = ElidingLineEdit(), ElidingLineEdit(), QLineEdit()
        self.date = DateField()
        self.language.setPlaceholderText(self.tr("Such as en or uk"))
        self.url.setPlaceholderText(self.tr("https://… (optional)"))
        self._lines = {"title": self.title, "date": self.date.line, "language": self.language, "url": self.url}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)
        self._add(grid, self.tr("&Title"), self.title, self.title, 0, 0, 3)
        self._add(grid, self.tr("&Date"), self.date, self.date.line, 1, 0)
        self._add(grid, self.tr("&Language"), self.language, self.language, 1, 2)
        self._add(grid, self.tr("Source &URL"), self.url, self.url, 2, 0, 3)
        for line in self._lines.values():
            line.textChanged.connect(self._tell)
        self._name_of = {id(line): name for name, line in self._lines.items()}
        self._quiet = False

    def show_entry(self, entry: Entry) -> None:
        """Show an entry's values."""
        self._quiet = True
        for name, line in self._lines.items():
            line.setText(entry.field(name))
            line.setCursorPosition(0)
        self._quiet = False
        self.show_problem(entry.problem()[0])

    def show_problem(self, name: str) -> None:
        """Mark the field with this name as wrong; an empty name marks none."""
        for field, line in self._lines.items():
            set_state(line, "error" if field == name else "")

    def focus(self, name: str) -> None:
        """Put the cursor into the field with this name."""
        self._lines[name].setFocus()

    def _add(
        self, grid: QGridLayout, name: str, row: QWidget, field: QLineEdit, line: int, column: int, span: int = 1
    ) -> None:
        label = plain_label(name, muted=True)
        label.setBuddy(field)
        field.setAccessibleName(name.replace("&", ""))
        grid.addWidget(label, line, column)
        grid.addWidget(row, line, column + 1, 1, span)

    @Slot()
    def _tell(self) -> None:
        line = self.sender()
        if not self._quiet and isinstance(line, QLineEdit):
            self.changed.emit(self._name_of[id(line)], line.text().strip())
