"""The strip that asks for the password of a locked PDF, so that its pages can be drawn. It is kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from annotator.ui.panels.widgets import plain_label, strip


class PasswordStrip(QWidget):
    """A line and a field above the pages; `given` carries what was typed."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = plain_label("", self)
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(self.tr("Password of the PDF"))
        self.field.setMaximumWidth(180)
        self.field.returnPressed.connect(self._give)
        button = QPushButton(self.tr("Show the pages"), self)
        button.clicked.connect(self._give)
        frame = strip("strip", self)
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 5, 14, 5)
        row.addWidget(self._message, 1)
        row.addWidget(self.field)
        row.addWidget(button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self._was_given = False
        self.hide()

    def ask(self) -> None:
        """Come up, or say that the password was wrong."""
        wrong = self.tr("This password does not open the PDF.")
        self._message.setText(wrong if self._was_given else self.tr("The PDF is locked with a password."))
        self.show()

    def dismiss(self) -> None:
        """Go away and forget what was typed."""
        self._was_given = False
        self.field.clear()
        self.hide()

    @Slot()
    def _give(self) -> None:
        self._was_given = True
        self.given.emit(self.field.text())
        self.field.selectAll()
