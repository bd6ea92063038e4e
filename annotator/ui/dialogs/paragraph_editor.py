"""The small editor that opens in the place of a paragraph."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.core.text import Utf16Positions

_SPLIT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ParagraphEditor(QPlainTextEdit):
    """Plain text on one line that wraps. Enter is done, Ctrl+Enter splits at the caret, Esc takes everything back."""

    done = Signal()
    left = Signal()
    grown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.before = ""
        self.split_at: int | None = None
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.setAccessibleName(self.tr("Text of the paragraph"))
        self.document().documentLayout().documentSizeChanged.connect(self.grown)

    def show_text(self, text: str) -> None:
        """Begin with a text that Qt shows as it is."""
        self.setPlainText(text)
        self.before = self.raw_text()
        self.document().setUndoRedoEnabled(True)

    def raw_text(self) -> str:
        """Return what stands in the editor, place for place, with the spaces that it has."""
        return self.document().toRawText()

    def wanted_height(self) -> int:
        """Return the height at which nothing has to be scrolled, in pixels."""
        rows = self.document().documentLayout().documentSize().height()
        return round(rows * self.fontMetrics().lineSpacing()) + 20

    def split(self) -> None:
        """Be done, with the paragraph cut in two at the caret."""
        self.split_at = Utf16Positions(self.raw_text()).to_code_points(self.textCursor().position())
        self.done.emit()

    # -- Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_typing(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _SPLIT_KEYS:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.split()
            else:
                self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split("\n")))


def _is_typing(event: QKeyEvent) -> bool:
    """Say whether a key is the editor's own; the letter after Alt belongs to a button, and F1 to the dialog."""
    return event.modifiers() != Qt.KeyboardModifier.AltModifier and event.key() != Qt.Key.Key_F1
