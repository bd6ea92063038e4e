"""Putting text into a document of Qt's in place of what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QTextCursor, QTextDocument


@contextmanager
def filling(document: QTextDocument, tab: float) -> Iterator[QTextCursor]:
    """Give a cursor at the beginning of the emptied document, laid out at the end only; tabs are `tab` pixels wide."""
    document.setUndoRedoEnabled(False)
    document.clear()
    option = document.defaultTextOption()
    option.setTabStopDistance(tab)
    document.setDefaultTextOption(option)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    yield cursor
    cursor.endEditBlock()
