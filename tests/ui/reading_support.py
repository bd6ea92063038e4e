"""A reading view to test, with labels, and ways to point at places in its text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.core.records import Label
from annotator.core.structure import Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_view import ReadingView

LABELS = {
    "pledge": Label("pledge", "pledge", "Pledge", 1, "#0b7a5c", "#3ecf9f", "solid", "P", 0),
    "condition": Label("condition", "condition", "Condition", 2, "#8a5a0c", "#e2a93b", "dash", "C", 1),
    "criticism": Label("criticism", "criticism", "Criticism", 3, "#b93a0e", "#ff8a5c", "dot", "K", 2),
    "signal": Label("signal", "signal", "Signal", 4, "#5f3dc4", "#a58bff", "dash-dot", "S", 3),
}

STATEMENT = (
    "Ministers will send new generators before winter when parliament approves the budget. "
    "They criticised the delay and warned that any attack would be answered.\n\n"
    "The second paragraph names no dates, and nobody asked for one.\n"
    "A third line closes the text."
)

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def make_view(qtbot, text: str = STATEMENT, structure: Structure | None = None, title: str = "") -> ReadingView:
    """Return a shown and focused view of a text."""
    view = ReadingView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(760, 560)
    view.set_labels(LABELS)
    view.show()
    view.setFocus()
    view.set_document(text, structure or Structure(), title, "")
    return view


def middle_of(view: ReadingView, position: int) -> QPoint:
    """Return the middle of a character in the viewport."""
    rect = view.text_rect(position)
    assert rect is not None, f"{position} is out of sight"
    return rect.center().toPoint()


def before(view: ReadingView, position: int) -> QPoint:
    """Return a point just behind the left edge of a character."""
    rect = view.text_rect(position)
    assert rect is not None
    return QPoint(int(rect.left()) + 1, int(rect.center().y()))


def click(view: ReadingView, position: int) -> None:
    """Click on a character, long after any click before."""
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NO_MODIFIER, middle_of(view, position), 900)


def drag(view: ReadingView, start: QPoint, end: QPoint, modifiers=NO_MODIFIER, *, release: bool = True) -> None:
    """Press at one point and move to another."""
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, NO_MODIFIER, start)
    _move(view, QPointF(start + end) / 2, modifiers)
    _move(view, QPointF(end), modifiers)
    if release:
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, modifiers, end)


def _move(view: ReadingView, point: QPointF, modifiers) -> None:
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    place = view.viewport().mapToGlobal(point)
    event = QMouseEvent(QEvent.Type.MouseMove, point, place, Qt.MouseButton.NoButton, left, modifiers)
    QApplication.sendEvent(view.viewport(), event)


def press(view: QWidget, key, modifiers=NO_MODIFIER, text: str = "", scan_code: int = 0) -> None:
    """Press a key, at a place on the keyboard if given (X11 key code)."""
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan_code, 0, 0, text)
    QApplication.sendEvent(view, event)
