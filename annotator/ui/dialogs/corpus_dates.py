"""Dates that narrow the table of all annotations: of the documents, and of the tagging."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.ui.dialogs.dates import DateField
from annotator.ui.dialogs.parts import Dialog, Fields


class CorpusDatesDialog(Dialog):
    """`chosen` carries four dates: of the document from and to, tagged from and to; each may be empty."""

    chosen = Signal(str, str, str, str)

    def __init__(self, dates: tuple[str, str, str, str] = ("", "", "", ""), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Dates"), self.tr("A day, a month or a year; both ends are included."))
        names = (
            self.tr("Document &from"),
            self.tr("Document &to"),
            self.tr("Tagged f&rom"),
            self.tr("Tagged t&o"),
        )
        self.fields = [DateField(date) for date in dates]
        grid = Fields()
        for name, field in zip(names, self.fields, strict=True):
            grid.add_row(name, field, field.line)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Show"))
        self.keep_fitting(420, 280)
        self.fields[0].line.setFocus()

    # -- Qt

    def accept(self) -> None:
        """Hand the dates over, unless one is none."""
        if False in {field.is_valid() for field in self.fields}:
            self.show_problem(self.tr("Write dates as 2031-02-03, 2031-02 or 2031."))
            return
        self.chosen.emit(*(field.text() for field in self.fields))
        super().accept()
