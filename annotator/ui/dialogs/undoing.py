"""Undo and redo inside a dialog, by the keys of the window, which cannot act while the dialog lies over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

UNDO, REDO = "Ctrl+Z", "Ctrl+Shift+Z"


def add_undo_keys(dialog: QWidget, undo: Callable[[], object], redo: Callable[[], object]) -> None:
    """Let the keys act in a dialog."""
    for keys, act in ((UNDO, undo), (REDO, redo)):
        QShortcut(QKeySequence(keys), dialog).activated.connect(act)


def leaves_undo_to_the_dialog(line: QLineEdit, event: QKeyEvent) -> bool:
    """Keep a line from taking Ctrl+Z, as a ShortcutOverride, where nothing was typed that it could take back."""
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    if event.type() != QEvent.Type.ShortcutOverride or event.key() != Qt.Key.Key_Z:
        return False
    undo = event.modifiers() == control and not line.isUndoAvailable()
    redo = event.modifiers() == control | shift and not line.isRedoAvailable()
    if undo or redo:
        event.ignore()
    return undo or redo
