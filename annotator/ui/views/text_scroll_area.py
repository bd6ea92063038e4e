"""What the reading view and the page view have in common as widgets: input handed on, and a ring for the focus."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractScrollArea

from annotator.ui.views.reading_mouse import ReadingMouse

_RING_ALPHA = 110


class Keyboard(Protocol):
    """What becomes of the keys of a view."""

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; say whether it asked for anything here."""
        ...

    def claims(self, event: QKeyEvent) -> bool:
        """Say whether a key must not become a shortcut of the window while the view has the focus."""
        ...

    def forget_column(self) -> None:
        """Let the next move up or down start a column of its own."""
        ...


class TextScrollArea(QAbstractScrollArea):
    """Hands the mouse to `mouse` and the keys to `keyboard`, which a subclass sets. Tab does not leave it."""

    menu_requested = Signal(QPoint)
    """Where on the screen a menu for what is selected shall open."""

    mouse: ReadingMouse
    keyboard: Keyboard

    def paint_focus_ring(self, painter: QPainter, colour: QColor) -> None:
        """Draw the ring that shows the focus, if the view has it."""
        if self.hasFocus():
            colour.setAlpha(_RING_ALPHA)
            painter.setPen(colour)
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, scroll, select, or say which single key was pressed."""
        if not self.keyboard.press(event):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.keyboard.forget_column()
            self.mouse.press(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on, or show what is under the mouse."""
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.mouse.release(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the word."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.mouse.press_twice(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: at the mouse, for what is there; from the keyboard, for what is selected."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.mouse.aim(QPointF(event.pos()))
        self.menu_requested.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Keep the view's own keys from becoming shortcuts of the window while it has the focus."""
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and self.keyboard.claims(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.Leave:
            self.mouse.leave()
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab for the way from span to span."""
        return False
