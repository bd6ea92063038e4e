"""A question under the text that stops nobody: Enter does it, Esc leaves everything as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from annotator.ui.panels.widgets import plain_label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionStrip(QWidget):
    """`confirmed` comes when the answer is yes, `closed` in either case, after it."""

    confirmed = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "float")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Question"))
        self._text = plain_label("", self)
        self._text.setWordWrap(True)
        self.yes_button = QPushButton(self)
        self.yes_button.setProperty("role", "danger")
        self.yes_button.clicked.connect(self._confirm)
        self.no_button = QPushButton(self)
        self.no_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 10, 8)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.yes_button)
        layout.addWidget(self.no_button)
        self.hide()

    @property
    def text(self) -> str:
        """Return the question, or nothing where there is none."""
        return "" if self.isHidden() else self._text.text()

    def ask(self, question: str, yes: str, no: str) -> None:
        """Ask; `yes` and `no` are the buttons."""
        self._text.setText(question)
        self.yes_button.setText(self.tr("{answer}  (Enter)").format(answer=yes))
        self.no_button.setText(self.tr("{answer}  (Esc)").format(answer=no))
        self.setAccessibleDescription(question)
        self.show()
        self.yes_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _confirm(self) -> None:
        self.confirmed.emit()
        self.hide()

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or (event.key() in _ENTER and self.no_button.hasFocus()):
            self.hide()
        elif event.key() in _ENTER:
            self._confirm()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.closed.emit()
