"""What assistive technology learns of the reading view: its text, caret, and the spans at the caret.

Offsets are UTF-16 units of the whole text, as Qt's accessible interfaces count; everything else here counts code
points. The binding keeps `selection()` and `attributes()` of Qt's text interface, which answer through pointers,
out of reach of Python; the selection is announced by events and the spans stand in the interface's value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAttributesInterface,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInterface,
    QAccessibleTextSelectionEvent,
)
from PySide6.QtWidgets import QAccessibleWidget

from annotator.core.text import Utf16Positions

if TYPE_CHECKING:
    from annotator.ui.views.reading_view import ReadingView


class ReadingText(QAccessibleTextInterface):
    """The text interface of one reading view."""

    def __init__(self, view: ReadingView) -> None:
        super().__init__()
        self._view = ref(view)
        self._text: str | None = None
        self._positions = Utf16Positions("")

    def _current(self) -> ReadingView | None:
        view = self._view()
        if view is not None and view.page.text is not self._text:
            self._text = view.page.text
            self._positions = Utf16Positions(self._text)
        return view

    def to_units(self, position: int) -> int:
        """Return the UTF-16 offset of a code point."""
        self._current()
        return self._positions.to_units(position)

    def _to_code_points(self, offset: int) -> int:
        view = self._current()
        length = len(view.page.text) if view else 0
        return max(0, min(self._positions.to_code_points(offset), length))

    def text(self, startOffset: int, endOffset: int) -> str:  # noqa: N803
        view = self._current()
        if view is None:
            return ""
        return view.page.text[self._to_code_points(startOffset) : self._to_code_points(endOffset)]

    def characterCount(self) -> int:
        view = self._current()
        return self._positions.to_units(len(view.page.text)) if view else 0

    def cursorPosition(self) -> int:
        view = self._current()
        return self._positions.to_units(view.caret()) if view else 0

    def setCursorPosition(self, position: int) -> None:
        view = self._current()
        if view:
            view.set_caret(self._to_code_points(position))

    def selectionCount(self) -> int:
        return 0

    def addSelection(self, startOffset: int, endOffset: int) -> None:  # noqa: N803
        self.setSelection(0, startOffset, endOffset)

    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:  # noqa: N803
        view = self._current()
        if view and selectionIndex == 0:
            view.select(self._to_code_points(startOffset), self._to_code_points(endOffset))

    def removeSelection(self, selectionIndex: int) -> None:  # noqa: N803
        view = self._current()
        if view and selectionIndex == 0:
            view.set_caret(view.caret())

    def characterRect(self, offset: int) -> QRect:
        view = self._current()
        rect = view.text_rect(self._to_code_points(offset)) if view else None
        if view is None or rect is None:
            return QRect()
        shown = rect.toAlignedRect()
        return QRect(view.viewport().mapToGlobal(shown.topLeft()), shown.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        view = self._current()
        if view is None:
            return -1
        local = view.page_point(QPointF(view.viewport().mapFromGlobal(point)))
        position = view.page.position_under(local.x(), local.y())
        return -1 if position is None else self._positions.to_units(position)

    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:  # noqa: N803
        view = self._current()
        if view:
            view.reveal(self._to_code_points(startIndex))


class ReadingAttributes(QAccessibleAttributesInterface):
    """Names the labels of the spans at the caret, the innermost first."""

    def __init__(self, view: ReadingView) -> None:
        super().__init__()
        self._view = ref(view)

    def attributeKeys(self) -> list[QAccessible.Attribute]:
        return [QAccessible.Attribute.Custom]

    def attributeValue(self, key: QAccessible.Attribute) -> dict[str, str]:
        view = self._view()
        return {"labels": ", ".join(view.labels_at_caret()), "read": _read(view)} if view else {}


class AccessibleReadingView(QAccessibleWidget):
    """The accessible interface of one reading view."""

    def __init__(self, view: ReadingView) -> None:
        super().__init__(view, QAccessible.Role.EditableText)
        self._view = ref(view)
        self._text = ReadingText(view)
        self._attributes = ReadingAttributes(view)

    def text(self, t: QAccessible.Text) -> str:
        view = self._view()
        if view is None:
            return ""
        if t == QAccessible.Text.Name:
            return view.accessibleName()
        if t == QAccessible.Text.Description:
            return view.accessibleDescription()
        if t == QAccessible.Text.Value:
            return ", ".join(part for part in (*view.labels_at_caret(), _read(view)) if part)
        return ""

    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> object:  # type: ignore[override]
        """Return the part for one aspect. The binding takes the object itself for Qt's pointer."""
        if arg__1 == QAccessible.InterfaceType.TextInterface:
            return self._text
        if arg__1 == QAccessible.InterfaceType.AttributesInterface:
            return self._attributes
        return None


def _read(view: ReadingView) -> str:
    """Return the words for a paragraph that was marked as read, if the caret is in one."""
    return view.tr("read, nothing to tag") if view.coverage.is_read(view.caret()) else ""


_kept: list[AccessibleReadingView] = []
_installed: list[bool] = []


def install_accessible() -> None:
    """Let Qt ask here for the interface of a reading view; done once."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_make)


def _make(class_name: str, widget: QObject) -> QAccessibleInterface | None:
    """Make an interface, which Qt owns; it is kept here because Qt does not keep its Python half alive."""
    if class_name not in ("ReadingView", "LanesView"):
        return None
    interface = AccessibleReadingView(widget)  # type: ignore[arg-type]
    _kept.append(interface)
    return interface


def announce(view: ReadingView) -> None:
    """Tell assistive technology of the caret's and the selection's new place."""
    if not QAccessible.isActive():
        return
    text = QAccessible.queryAccessibleInterface(view).textInterface()
    if not isinstance(text, ReadingText):
        return
    selection = view.selection()
    if selection:
        event = QAccessibleTextSelectionEvent(view, text.to_units(selection[0]), text.to_units(selection[1]))
        QAccessible.updateAccessibility(event)
    QAccessible.updateAccessibility(QAccessibleTextCursorEvent(view, text.to_units(view.caret())))
