"""Mouse events on a text: they turn what the Pointer finds into selections and signals.

The reading view and the view of the pages share this; each is a `MouseView`.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from annotator.core.spans import Fragment, SpanMark
from annotator.ui.views.reading_pointer import Pointer, Surface

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MouseView(Protocol):
    """What the mouse needs of a view. Positions are code points, points are pixels as its surface counts them."""

    def viewport(self) -> QWidget:
        """Return the widget that gets the events."""
        ...

    def page_point(self, point: QPointF) -> QPointF:
        """Return a point of the viewport as the surface counts."""
        ...

    def is_text_at(self, point: QPointF) -> bool:
        """Say whether a point, as the surface counts, is over the text."""
        ...

    def scroll_by(self, pixels: float) -> None:
        """Scroll down, or up if negative."""
        ...

    def handle_points(self, fragments: tuple[Fragment, ...]) -> dict[tuple[int, int], QPointF]:
        """Return where the handles of a span are, as the surface counts."""
        ...

    def resize_span(self, span: str, fragments: tuple[Fragment, ...]) -> None:
        """Say that a span was given other fragments."""
        ...

    def anchor(self) -> int:
        """Return where the selection began."""
        ...

    def select(self, start: int, end: int) -> None:
        """Select text; the caret goes to `end`."""
        ...

    def set_caret(self, position: int) -> None:
        """Put the caret somewhere and select nothing."""
        ...

    def selected_mark(self) -> SpanMark | None:
        """Return the selected span."""
        ...

    def selected_span(self) -> str | None:
        """Return the selected span's id."""
        ...

    def selection(self) -> Fragment | None:
        """Return the selected text, or None."""
        ...

    def choose_span(self, span: str | None) -> None:
        """Select a span, or none."""
        ...

    def end_selection(self) -> None:
        """Say that the mouse has done selecting text."""
        ...

    def pick(self, spans: list[str]) -> bool:
        """Take a click on spans, the innermost first, if one is to be picked; say whether it is."""
        ...


class ReadingMouse:
    """Turns a view's mouse events into selections and signals; scrolls while dragging beyond the edge.

    A selection has ended with the drag, or when a double click can become no triple one any more.
    """

    def __init__(self, view: MouseView, surface: Surface) -> None:
        self._view = view
        self._surface = surface
        self.pointer = Pointer(surface, view.handle_points)
        self.hovered_handle: tuple[int, int] | None = None
        self._clicked_place: int | None = None
        self._switch = False
        self._auto_scroll = QTimer(view.viewport())
        self._auto_scroll.setInterval(30)
        self._auto_scroll.timeout.connect(self._scroll_on)
        self._ending = QTimer(view.viewport())
        self._ending.setSingleShot(True)
        self._ending.timeout.connect(view.end_selection)

    # -- events

    def press(self, event: QMouseEvent) -> None:
        """Take a handle, or begin a click or a drag."""
        self._ending.stop()
        point = self._view.page_point(event.position())
        mark = self._view.selected_mark()
        handle = self.pointer.handle_at(point, mark.fragments) if mark else None
        if handle is not None and mark is not None:
            self.pointer.take_handle(handle, mark.fragments)
        elif self.pointer.is_third_press(point):
            self._view.select(*self.pointer.press_third(point))
        elif event.modifiers() & _SHIFT:
            self.pointer.press_on_selection(self._view.anchor(), point)
            self._drag_to(point, switch=bool(event.modifiers() & _CTRL))
        else:
            self.pointer.press(point)

    def move(self, event: QMouseEvent) -> None:
        """Select on, move the handle, or show what is under the mouse."""
        point = self._view.page_point(event.position())
        if not event.buttons() & Qt.MouseButton.LeftButton or not self.pointer.busy:
            self._hover(point)
            return
        self._switch = bool(event.modifiers() & _CTRL)
        self._drag_to(point, switch=self._switch)
        outside = not 0 <= event.position().y() <= self._view.viewport().height()
        if outside and not self._auto_scroll.isActive():
            self._auto_scroll.start()

    def release(self, event: QMouseEvent) -> None:
        """Finish: a resized span, a selection or a click."""
        self._auto_scroll.stop()
        mark = self._view.selected_mark()
        if self.pointer.handle is not None:
            fragments = self.pointer.drop_handle()
            self._view.viewport().update()
            if mark is not None and fragments != mark.fragments:
                self._view.resize_span(mark.id, fragments)
            return
        dragged = self.pointer.dragging
        if self.pointer.release():
            self._click(self._view.page_point(event.position()))
        else:
            self._ending.start(0 if dragged else QApplication.doubleClickInterval())

    def press_twice(self, event: QMouseEvent) -> None:
        """Select the word."""
        self._ending.stop()
        self._view.select(*self.pointer.press_again(self._view.page_point(event.position())))

    def leave(self) -> None:
        """Let no handle look hovered."""
        self.hovered_handle = None
        self._view.viewport().update()

    def aim(self, place: QPointF) -> None:
        """Select what a menu at a place of the viewport is about: the innermost span there, or else selected text."""
        point = self._view.page_point(place)
        under = self._surface.position_under(point.x(), point.y())
        selection = self._view.selection()
        if under is None or (selection is not None and selection[0] <= under < selection[1]):
            return
        outward = self._surface.spans.outward_at(under)
        self._view.set_caret(self._surface.position_between(point.x(), point.y()))
        if self._view.selected_span() not in outward:
            self._view.choose_span(outward[0] if outward else None)

    def cancel(self) -> bool:
        """Give up dragging a handle; say whether one was dragged."""
        if self.pointer.handle is None:
            return False
        self.pointer.drop_handle()
        self._view.viewport().update()
        return True

    # -- clicks

    def _click(self, point: QPointF) -> None:
        """Select the innermost span, on another click at the same place the next one outward; or set the caret."""
        under = self._surface.position_under(point.x(), point.y())
        outward = self._surface.spans.outward_at(under) if under is not None else []
        if self._view.pick(outward):
            return
        again = under is not None and under == self._clicked_place
        self._clicked_place = under
        self._view.set_caret(self._surface.position_between(point.x(), point.y()))
        if not outward:
            self._view.choose_span(None)
        elif again and (chosen := self._view.selected_span()) in outward:
            self._view.choose_span(outward[(outward.index(chosen) + 1) % len(outward)])
        else:
            self._view.choose_span(outward[0])

    # -- dragging

    def _drag_to(self, point: QPointF, *, switch: bool) -> None:
        if self.pointer.handle is not None:
            self.pointer.drag_handle(point, switch_snapping=switch)
            self._view.viewport().update()
            return
        dragged = self.pointer.drag(point, switch_snapping=switch)
        if dragged is not None:
            self._view.select(*dragged)

    def _scroll_on(self) -> None:
        point = QPointF(self._view.viewport().mapFromGlobal(QCursor.pos()))
        beyond = min(point.y(), 0.0) + max(point.y() - self._view.viewport().height(), 0.0)
        if not self.pointer.busy or not beyond:
            self._auto_scroll.stop()
            return
        self._view.scroll_by(max(-40.0, min(40.0, beyond / 2)))
        self._drag_to(self._view.page_point(point), switch=self._switch)

    def _hover(self, point: QPointF) -> None:
        mark = self._view.selected_mark()
        handle = self.pointer.handle_at(point, mark.fragments) if mark else None
        if handle != self.hovered_handle:
            self.hovered_handle = handle
            self._view.viewport().update()
        shape = Qt.CursorShape.IBeamCursor if self._view.is_text_at(point) else Qt.CursorShape.ArrowCursor
        self._view.viewport().setCursor(Qt.CursorShape.SizeHorCursor if handle is not None else shape)
