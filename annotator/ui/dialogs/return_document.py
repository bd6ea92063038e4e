"""Giving a document back to an analyst, with words on why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import Dialog, Fields

_LINES_HEIGHT = 110


class ReturnDocumentDialog(Dialog):
    """`chosen` carries an annotator's id and the note."""

    chosen = Signal(str, str)

    def __init__(self, title: str, people: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Return a document"),
            self.tr("“{title}” goes back to be looked at again, with every decision on it.").format(title=title),
        )
        self.person = ComboBox()
        for identity, name in people:
            self.person.addItem(name, identity)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(_LINES_HEIGHT)
        self.note.setPlaceholderText(self.tr("What shall they look at?"))
        fields = Fields()
        fields.add_field(self.tr("&To"), self.person)
        name = fields.add_field(self.tr("&Note"), self.note)
        fields.setAlignment(name, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(fields)
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Return"))
        self.keep_fitting(480, 320)
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- Qt

    def accept(self) -> None:
        """Hand over to whom and why."""
        if self.person.currentIndex() < 0:
            self.show_problem(self.tr("Nobody has a layer in this document."))
            return
        self.chosen.emit(str(self.person.currentData()), self.note.toPlainText().strip())
        super().accept()
