"""The page view: a document's own pages with its spans, the second face of the text in the reading view.

The reading view stays the authority for selection, caret and selected span, shown or not: what is done here is handed
to it, and what it says is drawn here. So both are always in step, and whatever works on the one works on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from annotator.core.pages import PageLayout
from annotator.core.records import Label
from annotator.core.spans import Fragment, SpanMark
from annotator.ui.theme import Theme
from annotator.ui.views.page_coverage import PageCoverage
from annotator.ui.views.page_keyboard import PageKeyboard
from annotator.ui.views.page_links import PageLinks
from annotator.ui.views.page_painter import PagePainter
from annotator.ui.views.page_pictures import Draw, PictureStore
from annotator.ui.views.page_stack import GAP, bounded_zoom
from annotator.ui.views.page_surface import PageSurface
from annotator.ui.views.reading_mouse import ReadingMouse
from annotator.ui.views.reading_painter import Marking
from annotator.ui.views.reading_view import ReadingView
from annotator.ui.views.text_scroll_area import TextScrollArea
from annotator.ui.words import tool_tip

PICTURE_BYTES = 256 * 1024 * 1024
"""What the pictures of pages out of sight may take."""

ZOOM_STEP = 1.15
_PLACE_DELAY = 400
_ZOOM_DELAY = 90
"""Milliseconds after a change of zoom before sharper pictures are asked for."""
_WHEEL_NOTCH = 120
_LINE_PIXELS = 48
_MOST_LINKS = 20


class PageView(TextScrollArea):
    """Shows the pages. `moved` comes when another page is current or the zoom is another one."""

    moved = Signal()

    def __init__(
        self, reading: ReadingView, describe: Callable[[str], str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        """Take the view that holds the selection, and what tells of a span, by id, in a tool tip."""
        super().__init__(parent)
        self._reading = reading
        self._describe = describe
        self._theme = theme
        self._fit = "width"
        self._syncing = False
        self._told = (-1, 0.0)
        self._synced: int | None = None
        self._wanted_place: int | None = None
        self.surface = PageSurface(reading.page)
        self.stack = self.surface.stack
        self.pictures = PictureStore(PICTURE_BYTES, self)
        self.pictures.arrived.connect(self._show_picture)
        self._painter = PagePainter(theme)
        self._coverage = PageCoverage()
        self._links = PageLinks()
        self._set_up_widget()
        self.mouse = ReadingMouse(self, self.surface)
        self.keyboard = PageKeyboard(self, reading)
        self._set_up_timers()
        reading.selection_changed.connect(self._repaint)
        reading.span_selected.connect(self._repaint)
        reading.links_changed.connect(self._repaint)
        reading.revealed.connect(self.reveal)

    def _set_up_widget(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Pages of the document"))

    def _set_up_timers(self) -> None:
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self._place_timer = QTimer(self)
        self._place_timer.setSingleShot(True)
        self._place_timer.setInterval(_PLACE_DELAY)
        self._place_timer.timeout.connect(self.tell_place)

    # -- the document

    def set_pages(self, layout: PageLayout, draw: Draw | None) -> None:
        """Show other pages; `draw` makes their pictures.

        They come at the place that was asked for while there were none, else at that of the reading view.
        """
        place, self._wanted_place = self._wanted_place, None
        self.pictures.set_source(draw)
        self.surface.set_layout(layout)
        self._synced = None
        self._apply_fit(QPointF())
        if layout.pages and place is not None:
            self.scroll_to_top_position(place)
        else:
            self.go_to_reading_place()

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Set the labels by id: their colours and line patterns."""
        self._painter.set_labels(labels)
        self._repaint()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours around the pages."""
        self._theme = self._painter.theme = theme
        self._repaint()

    @Slot()
    def change_spans(self) -> None:
        """Draw the spans as they are now in the reading view."""
        self.surface.forget_marks()
        self._repaint()

    # -- the selection is that of the reading view

    def anchor(self) -> int:
        """Return where the selection began."""
        return self._reading.anchor()

    def select(self, start: int, end: int) -> None:
        """Select text; the caret goes to `end`."""
        self._reading.select(start, end)

    def set_caret(self, position: int) -> None:
        """Put the caret somewhere and select nothing."""
        self._reading.set_caret(position)

    def selected_mark(self) -> SpanMark | None:
        """Return the selected span, or None."""
        return self._reading.selected_mark()

    def selected_span(self) -> str | None:
        """Return the selected span's id, or None."""
        return self._reading.selected_span()

    def choose_span(self, span: str | None) -> None:
        """Select a span, or none, and leave caret and place as they are."""
        self._reading.choose_span(span)

    def pick(self, spans: list[str]) -> bool:
        """Take a click on spans, the innermost first, if one is to be picked; say whether it is."""
        return self._reading.pick(spans)

    def selection(self) -> Fragment | None:
        """Return the selected text, or None."""
        return self._reading.selection()

    def end_selection(self) -> None:
        """Say that the mouse has done selecting text."""
        self._reading.end_selection()

    def resize_span(self, span: str, fragments: tuple[Fragment, ...]) -> None:
        """Say that a span was given other fragments."""
        self._reading.resize_span(span, fragments)

    def handle_points(self, fragments: tuple[Fragment, ...]) -> dict[tuple[int, int], QPointF]:
        """Return where the handles of a span in sight are, by (fragment, 0 for its start or 1 for its end)."""
        return self.surface.handle_points(fragments)

    def page_point(self, point: QPointF) -> QPointF:
        """Return a point of the viewport as the surface counts: the same."""
        return point

    def is_text_at(self, point: QPointF) -> bool:
        """Say whether a point is on a page."""
        return self.surface.is_paper_at(point)

    # -- the place

    def current_page(self) -> int:
        """Return the number of the page that one is on, from 1; 0 where there are no pages."""
        return self.stack.current() + 1 if self.stack.pages else 0

    def page_count(self) -> int:
        """Return how many pages there are."""
        return len(self.stack.pages)

    @Slot(int)
    def go_to_page(self, number: int) -> None:
        """Bring the top of a page, counted from 1, to the top."""
        if 1 <= number <= len(self.stack.pages):
            top = self.stack.rect(number - 1).top() + self.stack.scrolled.y()
            self.scroll_to(self.stack.scrolled.x(), top - GAP)

    @Slot(int)
    def reveal(self, position: int) -> None:
        """Bring a position in sight, a third from the top, unless it is."""
        if self.isVisible() and not self.stack.pages:
            self._wanted_place = position
        rect = self.surface.caret_rect(position)
        if rect is None:
            return
        inside = rect.top() >= 8 and rect.bottom() <= self.stack.sight.height() - 8
        self._scroll_across(rect)
        if not inside:
            self._scroll_down(rect.top() - self.stack.sight.height() / 3)

    def keep_caret_in_sight(self) -> None:
        """Scroll just so far that the caret is in sight."""
        rect = self.surface.caret_rect(self._reading.caret())
        if rect is None:
            return
        self._scroll_across(rect)
        if rect.top() < 8:
            self._scroll_down(rect.top() - _LINE_PIXELS)
        elif rect.bottom() > self.stack.sight.height() - 8:
            self._scroll_down(rect.bottom() + _LINE_PIXELS - self.stack.sight.height())

    def caret_place(self, position: int) -> QRectF | None:
        """Return where a caret at a position is in the viewport, or None out of sight."""
        return self.surface.caret_rect(position)

    def _scroll_across(self, rect: QRectF) -> None:
        if not 0 <= rect.left() <= self.stack.sight.width():
            beyond = rect.left() - self.stack.sight.width() / 2
            self.scroll_to(self.stack.scrolled.x() + beyond, self.stack.scrolled.y())

    def _scroll_down(self, pixels: float) -> None:
        self.scroll_to(self.stack.scrolled.x(), self.stack.scrolled.y() + pixels)

    def scroll_by(self, pixels: float) -> None:
        """Scroll down, or up if negative."""
        self._scroll_down(pixels)

    def scroll_to(self, x: float, y: float) -> None:
        """Scroll to a place in pixels from the top left of all pages."""
        self.stack.scroll_to(x, y)
        self._show_place()

    def go_to_reading_place(self) -> None:
        """Bring the place of the reading view to the top, unless it came from here."""
        if self.stack.pages and self._reading.top_position() != self._synced:
            self.scroll_to_top_position(self._reading.top_position())
        self._show_place()

    def top_position(self) -> int:
        """Return the first code point in sight; while the pages are not here, the one that is to be."""
        return self.surface.top_position() if self.stack.pages else self._wanted_place or 0

    def scroll_to_top_position(self, position: int) -> None:
        """Bring a position's line to the top, now or when the pages are here."""
        if not self.stack.pages:
            self._wanted_place = position
            return
        self._synced = self._reading.top_position()
        rect = self.surface.caret_rect(position) if position > 0 else None
        self._scroll_down(rect.top() - 2.0 if rect is not None else -self.stack.scrolled.y())

    @Slot()
    def tell_place(self) -> None:
        """Bring the reading view to the place that is shown here."""
        self._place_timer.stop()
        if self.isVisible() and self.surface.has_words:
            self._reading.scroll_to_top_position(self.surface.top_position())
            self._synced = self._reading.top_position()
            self._reading.place_changed.emit()

    # -- the zoom

    @property
    def zoom(self) -> float:
        """The logical pixels per PDF point."""
        return self.stack.zoom

    def zoom_by(self, steps: float, held: QPointF | None = None) -> None:
        """Zoom in by so many steps, or out if negative; what is at `held` of the viewport stays there."""
        self._fit = ""
        self._set_zoom(bounded_zoom(self.stack.zoom * ZOOM_STEP**steps), held or self._middle())

    @Slot()
    def fit_width(self) -> None:
        """Let the pages take the width of the view, now and when it changes."""
        self._fit = "width"
        self._apply_fit(QPointF())

    @Slot()
    def fit_page(self) -> None:
        """Let a whole page take the view, now and when it changes."""
        page = self.current_page()
        self._fit = "page"
        self._apply_fit(QPointF())
        self.go_to_page(page)

    def _middle(self) -> QPointF:
        return QPointF(self.stack.sight.width() / 2, self.stack.sight.height() / 3)

    def _apply_fit(self, held: QPointF) -> None:
        if self.stack.pages and self._fit:
            wide = self._fit == "width"
            zoom = self.stack.zoom_to_width() if wide else self.stack.zoom_to_page(self.stack.current())
            self._set_zoom(zoom, held)

    def _set_zoom(self, zoom: float, held: QPointF) -> None:
        if zoom != self.stack.zoom:
            self.stack.set_zoom(zoom, held)
            self._show_place(_ZOOM_DELAY)

    # -- drawing

    def _show_place(self, delay: int = 0) -> None:
        """Bring the scroll bars in line, repaint, and ask for the pictures in `delay` ms."""
        self._syncing = True
        most, scrolled, sight = self.stack.most_scrolled(), self.stack.scrolled, self.stack.sight
        for bar, end, value, step in (
            (self.horizontalScrollBar(), most.x(), scrolled.x(), sight.width()),
            (self.verticalScrollBar(), most.y(), scrolled.y(), sight.height()),
        ):
            bar.setRange(0, round(end))
            bar.setPageStep(round(step))
            bar.setSingleStep(_LINE_PIXELS)
            bar.setValue(round(value))
        self._syncing = False
        self._place_timer.start()
        self._ask_timer.start(max(delay, self._ask_timer.remainingTime() if delay else 0))
        self._tell_moved()
        self._repaint()

    def _tell_moved(self) -> None:
        now = (self.current_page(), self.stack.zoom)
        if now != self._told:
            self._told = now
            words = self.tr("Page {page} of {count}").format(page=now[0], count=self.page_count())
            self.setAccessibleDescription(words)
            self.moved.emit()

    @Slot()
    def _ask_for_pictures(self) -> None:
        """Ask for the pages in sight, the current one first, and for the one that follows."""
        sight = self.stack.in_sight() if self.isVisible() else range(0)
        if not sight:
            self.pictures.want({})
            return
        ahead = range(sight.stop, min(sight.stop + 1, len(self.stack.pages)))
        pages = (self.stack.current(), *sight, *ahead)
        self.pictures.want(dict.fromkeys(pages, self.stack.zoom * self.viewport().devicePixelRatioF()))

    @Slot(int)
    def _show_picture(self, page: int) -> None:
        if page in self.stack.in_sight():
            self._repaint()

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    def _paint_links(self, painter: QPainter) -> None:
        mark, candidate = self.selected_mark(), self._reading.candidate()
        if mark is not None:
            self._links.paint(painter, self.surface, mark, self._reading.links_of_selected(_MOST_LINKS))
        if candidate is not None:
            self._links.outline(painter, self.surface, candidate)

    def _marking(self) -> Marking:
        mark, selection = self.selected_mark(), self._reading.selection()
        fragments = mark.fragments if mark else ()
        if self.mouse.pointer.handle is not None:
            fragments = self.mouse.pointer.resized
        return Marking(
            selection=selection,
            span=self.selected_span(),
            span_fragments=fragments,
            caret=self._reading.caret() if self.hasFocus() and selection is None else None,
            focused=self.hasFocus(),
            hovered_handle=self.mouse.hovered_handle,
        )

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.color("surface_alt"))
        marking = self._marking()
        for sheet in self.surface.sheets_in_sight():
            self._painter.paint_sheet(painter, self.stack, sheet, self.pictures, marking)
            self._coverage.paint(painter, self.stack, sheet, self._reading.page, self._reading.coverage.read)
        self._paint_links(painter)
        self.paint_focus_ring(painter, self._theme.color("focus"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the top of what is in sight, and the fit."""
        size = self.viewport().size()
        self.stack.resize(QSizeF(size))
        self._apply_fit(QPointF())
        self._show_place()

    def showEvent(self, event: QShowEvent) -> None:
        """Come to where the reading view is."""
        super().showEvent(event)
        self.go_to_reading_place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the place to whoever is shown instead."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._wanted_place = None

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bars."""
        if not self._syncing:
            self.scroll_to(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret."""
        super().focusOutEvent(event)
        self._repaint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the language, and of the screen's pixels."""
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("Pages of the document"))
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return room for a page."""
        return QSize(820, 640)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of the innermost span under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            under = self.surface.position_under(event.pos().x(), event.pos().y())
            span = self.surface.spans.innermost_at(under) if under is not None else None
            QToolTip.showText(event.globalPos(), tool_tip(self._describe(span)) if span else "", self.viewport())
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ask_timer.start(0)
        return super().viewportEvent(event)

    # -- Qt: input

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with Ctrl."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(event.angleDelta().y() / _WHEEL_NOTCH, event.position())
            event.accept()
        else:
            super().wheelEvent(event)
