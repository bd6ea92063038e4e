"""A remark on many spans, or one that goes along with documents that are given back."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui.dialogs.parts import Dialog


class CorpusNoteDialog(Dialog):
    """`written` carries the text; `needed` says that it may not be empty."""

    written = Signal(str)

    def __init__(
        self, title: str, about: str, button: str, parent: QWidget | None = None, *, needed: bool = True
    ) -> None:
        super().__init__(parent)
        self.set_title(title, about)
        self._needed = needed
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(self.tr("Note"))
        self.field.setPlaceholderText(self.tr("Your note") if needed else self.tr("What to look at again (optional)"))
        self.field.setTabChangesFocus(True)
        self.body.addWidget(self.field, 1)
        self.add_button(self.tr("Cancel"))
        self.main_button = self.add_main_button(button)
        self.field.textChanged.connect(self._check)
        self._check()
        self.keep_fitting(480, 280)
        self.field.setFocus()

    @Slot()
    def _check(self) -> None:
        self.main_button.setEnabled(not self._needed or bool(self.field.toPlainText().strip()))

    # -- Qt

    def accept(self) -> None:
        """Hand the text over."""
        self.written.emit(self.field.toPlainText().strip())
        super().accept()
