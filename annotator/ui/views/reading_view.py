"""The reading view: the text with its spans, lazily laid out, for reading, selecting and tagging.

The canonical text is the authority and is never read back from Qt. Positions in the interface are code points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QToolTip, QWidget

from annotator.core.boundaries import clause_bounds, grow, shrink
from annotator.core.links import LinkMark
from annotator.core.records import Label
from annotator.core.spans import Fragment, SpanMark
from annotator.core.structure import Structure
from annotator.ui.theme import Theme
from annotator.ui.views.reading_accessible import announce, install_accessible
from annotator.ui.views.reading_coverage import ReadingCoverage
from annotator.ui.views.reading_invisibles import tip_at
from annotator.ui.views.reading_keyboard import ReadingKeyboard
from annotator.ui.views.reading_layout import Inks, ReadingMetrics
from annotator.ui.views.reading_mouse import ReadingMouse
from annotator.ui.views.reading_page import Page
from annotator.ui.views.reading_painter import Marking, ReadingPainter, handle_points
from annotator.ui.views.reading_picking import Picking
from annotator.ui.views.text_scroll_area import Keyboard, TextScrollArea
from annotator.ui.words import tool_tip

_MARGIN = 72
_NARROW_MARGIN = 40
_PLACE_DELAY = 400


class ReadingView(TextScrollArea):
    """Shows one document and says what the reader does with it; changes nothing but the selection by itself."""

    selection_changed = Signal()
    selection_ended = Signal()
    """Text was selected with the mouse, whose button is up again."""
    span_selected = Signal(object)
    """The span's id, or None."""
    links_changed = Signal()
    """Other relations are to be drawn, here and in any other view of this text."""
    span_picked = Signal(object)
    """The ids of the spans clicked on while one is to be picked, the innermost first."""
    digit_pressed = Signal(int, bool)
    """The digit and whether Shift was held."""
    command_pressed = Signal(object, bool)
    """The KeyCommand of a single key other than a digit, and whether Shift was held."""
    escape_pressed = Signal()
    span_resized = Signal(str, object)
    """The span's id and its new fragments."""
    next_document_requested = Signal(int)
    """1 for the next document, -1 for the one before."""
    revealed = Signal(int)
    """The position that was to be brought in sight, here and in any other view of this text."""
    place_changed = Signal()
    """The reading place has come to rest somewhere else."""
    files_dropped = Signal(list)
    """Paths as text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: Mapping[str, Label] = {}
        self._describe: Callable[[str], str] = str
        self._condition_words: tuple[str, ...] = ()
        reading = theme.reading
        metrics = ReadingMetrics(theme.reading_font(), float(reading["line_height"]), int(reading["column"]))
        self.page = self.make_page(metrics)
        self.page.inks = Inks(theme.color("link"), theme.color("text_muted"))
        self._painter = self.make_painter(theme)
        self.coverage = ReadingCoverage(theme)
        self.mouse = ReadingMouse(self, self.page)
        self.keyboard = self.make_keyboard()
        self._anchor = self._caret = 0
        self._span: str | None = None
        self._picking: Picking | None = None
        self._grown: list[Fragment] = []
        self._syncing = False
        self._caret_on = True
        self._set_up_widget()
        self._set_up_timers()

    def make_page(self, metrics: ReadingMetrics) -> Page:
        """Return the page to show; called once, first."""
        return Page(metrics)

    def make_painter(self, theme: Theme) -> ReadingPainter:
        """Return what draws the page; called once."""
        return ReadingPainter(theme)

    def make_keyboard(self) -> Keyboard:
        """Return what takes the keys; called once."""
        return ReadingKeyboard(self)

    def _set_up_widget(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(self.tr("Text of the document"))
        install_accessible()

    def _set_up_timers(self) -> None:
        self._blink = QTimer(self)
        self._blink.timeout.connect(self._toggle_caret)
        self._prepare_timer = QTimer(self)
        self._prepare_timer.setSingleShot(True)
        self._prepare_timer.setInterval(0)
        self._prepare_timer.timeout.connect(self._prepare_spans)
        self._place_timer = QTimer(self)
        self._place_timer.setSingleShot(True)
        self._place_timer.setInterval(_PLACE_DELAY)
        self._place_timer.timeout.connect(self.place_changed)

    # -- the document

    def set_document(self, text: str, structure: Structure, title: str, subtitle: str) -> None:
        """Show a document from its top, without spans. `subtitle` is the muted line under the title."""
        self.page.set_document(text, structure, title, subtitle)
        self._painter.links.set_links(())
        self._anchor = self._caret = 0
        self._span = None
        self._grown.clear()
        self._fit()
        self.page.scroll_to_top()
        self.show_page()
        self.setAccessibleDescription(title)

    def clear(self) -> None:
        """Show nothing."""
        self.set_document("", Structure(), "", "")

    def set_spans(self, marks: Iterable[SpanMark]) -> None:
        """Replace all spans."""
        self.page.set_spans(marks)
        if self._span is not None and self._span not in self.page.spans:
            self.choose_span(None)
        self.show_page()

    def change_spans(self, removed: Iterable[str], put: Iterable[SpanMark]) -> None:
        """Take spans away by id, and add or replace others; repaints only what this touches."""
        before = [(dressed.laid.index, y, dressed.laid.height) for dressed, y in self.page.in_sight()]
        touched = set(self.page.change_spans(removed, put))
        if self._span is not None and self._span not in self.page.spans:
            self.choose_span(None)
        self.page.settle()
        after = [(dressed.laid.index, y, dressed.laid.height) for dressed, y in self.page.in_sight()]
        if before != after:
            self.show_page()
            return
        for index, y, height in after:
            if index in touched:
                self.viewport().update(QRect(0, int(y) - 4, self.viewport().width(), int(height) + 12))

    def set_links(self, marks: Iterable[LinkMark]) -> None:
        """Replace all relations."""
        self._painter.links.set_links(marks)
        self.viewport().update()

    def change_links(self, removed: Iterable[str], put: Iterable[LinkMark]) -> None:
        """Take relations away by id, and add or replace others."""
        self._painter.links.links.change(removed, put)
        self.viewport().update()
        self.links_changed.emit()

    def set_relation_names(self, names: Mapping[str, str]) -> None:
        """Set the names of relation types by id."""
        self._painter.links.names = dict(names)
        self.viewport().update()

    @property
    def links_are_shown(self) -> bool:
        """Say whether relations are drawn."""
        return self._painter.links.shown

    def links_of_selected(self, most: int) -> list[LinkMark]:
        """Return relations of the selected span that are drawn, at most so many each way."""
        links = self._painter.links
        return links.links.of(self._span, most) if links.shown and self._span is not None else []

    def candidate(self) -> SpanMark | None:
        """Return the span that is proposed while one is to be picked."""
        return self._picking.candidate if self._picking is not None else None

    def show_links(self, shown: bool) -> None:
        """Draw relations, or leave them out."""
        self._painter.links.shown = shown
        self.viewport().update()
        self.links_changed.emit()

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Set the labels by id: their colours, line patterns and initials."""
        self._labels = dict(labels)
        self._painter.set_labels(self._labels)
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.page.inks = Inks(theme.color("link"), theme.color("text_muted"))
        self._painter.set_theme(theme)
        self.coverage.theme = theme
        self._relayout()

    def set_reading_font(self, family: str, size: int, line_height: float, column: int) -> None:
        """Change the type.

        Args:
            family: a font family, or empty for the theme's.
            size: logical pixels.
            line_height: a multiple of the font's own line spacing.
            column: width of the text in characters.
        """
        font = QFont(family) if family else self._theme.reading_font()
        font.setPixelSize(size)
        self.page.metrics = ReadingMetrics(font, line_height, column)
        self._relayout()

    def set_condition_words(self, words: Sequence[str]) -> None:
        """Set the words before which clauses also break."""
        self._condition_words = tuple(words)

    def set_snapping(self, snapping: str) -> None:
        """Set what dragging selects by: words, sentences or characters; Ctrl while dragging switches it."""
        self.mouse.pointer.snapping = snapping

    # -- selection

    def selection(self) -> Fragment | None:
        """Return the selected text, or None."""
        start, end = sorted((self._anchor, self._caret))
        return (start, end) if start < end else None

    def select(self, start: int, end: int) -> None:
        """Select `[start, end)`; the caret goes to its end."""
        self._grown.clear()
        self._set_selection(start, end)

    def end_selection(self) -> None:
        """Say that the mouse has done selecting text."""
        if self.selection() is not None:
            self.selection_ended.emit()

    def caret(self) -> int:
        """Return the caret's position."""
        return self._caret

    def set_caret(self, position: int) -> None:
        """Put the caret somewhere and select nothing."""
        self.select(position, position)

    def anchor(self) -> int:
        """Return where the selection began; the caret is its other end."""
        return self._anchor

    def selected_mark(self) -> SpanMark | None:
        """Return the selected span, or None."""
        return self.page.spans.get(self._span)

    def selected_span(self) -> str | None:
        """Return the selected span's id, or None."""
        return self._span

    def select_span(self, span: str | None, reveal: bool = True) -> None:
        """Select a span, or none, instead of text; bring it in sight if wanted."""
        mark = self.page.spans.get(span)
        if mark is not None:
            self.set_caret(mark.start)
        self.choose_span(mark.id if mark else None)
        if mark is not None and reveal:
            self.reveal(mark.start)

    def clause_at_caret(self) -> Fragment | None:
        """Return the clause under the caret, or None where there is no text."""
        start, end = clause_bounds(self.page.text, self._caret, self.page.structure.sentences, self._condition_words)
        return (start, end) if start < end else None

    def grow_selection(self) -> None:
        """Grow the selection: word, clause, sentence, paragraph."""
        before = self.selection() or (self._caret, self._caret)
        after = grow(self.page.text, *before, self.page.structure.sentences, self._condition_words)
        if after != before:
            self._grown.append(before)
            self._set_selection(*after)

    def shrink_selection(self) -> None:
        """Take the last growth back, or shrink the selection around its start."""
        before = self.selection()
        if before is None:
            return
        if self._grown:
            after = self._grown.pop()
        else:
            structure = self.page.structure
            after = shrink(self.page.text, *before, before[0], structure.sentences, self._condition_words)
        self._set_selection(*after)

    def copy(self) -> None:
        """Copy the selected text, or else the selected span's, to the clipboard."""
        selection = self.selection()
        mark = self.selected_mark()
        if selection:
            QGuiApplication.clipboard().setText(self.page.text[selection[0] : selection[1]])
        elif mark:
            QGuiApplication.clipboard().setText(self.page.text[mark.start : mark.end])

    def _set_selection(self, anchor: int, caret: int) -> None:
        length = len(self.page.text)
        anchor, caret = max(0, min(anchor, length)), max(0, min(caret, length))
        if (anchor, caret) == (self._anchor, self._caret):
            return
        self._anchor, self._caret = anchor, caret
        self._restart_blink()
        self._place_timer.start()
        self.viewport().update()
        announce(self)
        self.selection_changed.emit()

    def choose_span(self, span: str | None) -> None:
        """Select a span, or none, and leave caret and place as they are."""
        if span == self._span:
            return
        self._span = span
        self.viewport().update()
        self.span_selected.emit(span)

    def set_picking(self, picking: Picking | None, preview: LinkMark | None = None) -> None:
        """Let clicks pick one of some spans instead of selecting, or let them select again.

        `preview` is the relation that the proposed span would have.
        """
        self._picking = picking
        self._painter.links.preview = preview
        self.viewport().update()
        self.links_changed.emit()

    def pick(self, spans: list[str]) -> bool:
        """Say which spans, the innermost first, were clicked on; False where none is to be picked."""
        if self._picking is not None:
            self.span_picked.emit(spans)
        return self._picking is not None

    def labels_at_caret(self) -> list[str]:
        """Return the names of the labels at the caret, the innermost first."""
        marks = [self.page.spans.get(span) for span in self.page.spans.outward_at(self._caret)]
        return [self._labels[mark.label].name for mark in marks if mark and mark.label in self._labels]

    def text_rect(self, position: int) -> QRectF | None:
        """Return where the character at a position is in the viewport, or None out of sight."""
        rect = self.page.character_rect(position)
        return None if rect is None else rect.translated(self._column_left(), 0)

    def caret_place(self, position: int) -> QRectF | None:
        """Return where a caret at a position is in the viewport, or None out of sight."""
        rect = self.page.caret_rect(position)
        return None if rect is None else rect.translated(self._column_left(), 0)

    # -- the place

    def reveal(self, position: int) -> None:
        """Bring a position in sight, a third from the top, unless it is."""
        rect = self.page.caret_rect(position)
        if rect is None or rect.top() < 8 or rect.bottom() > self.page.sight - 8:
            self.page.scroll_to(position, 1 / 3)
            self.show_page()
        self.revealed.emit(position)

    def top_position(self) -> int:
        """Return the first code point in sight."""
        return self.page.top_position()

    def scroll_to_top_position(self, position: int) -> None:
        """Bring a position's line to the top."""
        if position <= 0:
            self.page.scroll_to_top()
        else:
            self.page.scroll_to(min(position, len(self.page.text)))
        self.show_page()

    def keep_caret_in_sight(self) -> None:
        """Scroll just so far that the caret is in sight."""
        rect = self.page.caret_rect(self._caret)
        if rect is None:
            share = 0.1 if self._caret < self.page.top_position() else 0.85
            self.page.scroll_to(self._caret, share)
        elif rect.top() < 4:
            self.page.scroll_by(rect.top() - self.page.metrics.pitch)
        elif rect.bottom() > self.page.sight - 4:
            self.page.scroll_by(rect.bottom() - self.page.sight + self.page.metrics.pitch)
        self.show_page()

    def _column_left(self) -> float:
        return max(self._margin(), (self.viewport().width() - self.page.width) / 2)

    def _margin(self) -> float:
        return _MARGIN if self.viewport().width() >= 560 else _NARROW_MARGIN

    def _fit(self) -> None:
        self.page.sight = float(max(1, self.viewport().height()))
        room = self.viewport().width() - 2 * self._margin()
        self.page.set_width(max(120.0, min(room, self.page.metrics.column)))
        self._painter.links.room = self._column_left()

    def _relayout(self) -> None:
        at_top, place = self.page.at_top(), self.page.top_position()
        self.page.relayout()
        self._fit()
        if at_top:
            self.page.scroll_to_top()
        else:
            self.page.scroll_to(place)
        self.show_page()

    def show_page(self) -> None:
        """Lay out what is in sight, bring the scroll bar in line and repaint."""
        self.page.settle()
        bar = self.verticalScrollBar()
        if not bar.isSliderDown():
            self._syncing = True
            bar.setRange(0, max(0, round(self.page.height - self.page.sight)))
            bar.setPageStep(int(self.page.sight))
            bar.setSingleStep(self.page.metrics.pitch)
            bar.setValue(round(self.page.scrolled))
            self._syncing = False
        self.viewport().update()

    # -- caret

    def _prepare_spans(self) -> None:
        """Index the spans once the first picture of them is up."""
        self.page.spans.prepare()
        self._painter.links.links.prepare()

    def _toggle_caret(self) -> None:
        self._caret_on = not self._caret_on
        rect = self.page.caret_rect(self._caret)
        if rect is not None:
            shown = rect.translated(self._column_left(), 0).toAlignedRect()
            self.viewport().update(shown.adjusted(-2, -2, 2, 2))

    def _restart_blink(self) -> None:
        self._caret_on = True
        interval = QApplication.cursorFlashTime() // 2
        if self.hasFocus() and interval > 0:
            self._blink.start(interval)
        else:
            self._blink.stop()

    # -- Qt

    def _marking(self) -> Marking:
        mark = self.selected_mark()
        fragments = mark.fragments if mark else ()
        if self.mouse.pointer.handle is not None:
            fragments = self.mouse.pointer.resized
        shown = self.hasFocus() and self._caret_on and self.selection() is None
        return Marking(
            selection=self.selection(),
            span=self._span,
            span_fragments=fragments,
            caret=self._caret if shown else None,
            focused=self.hasFocus(),
            hovered_handle=self.mouse.hovered_handle,
            picking=self._picking,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.color("reading"))
        left = self._column_left()
        painter.save()
        painter.translate(left, 0)
        clip = QRectF(event.rect()).translated(-left, 0)
        self._painter.paint(painter, self.page, clip, self._marking())
        self.coverage.paint(painter, self.page, clip, -left, self.viewport().width() - left)
        painter.restore()
        self.paint_focus_ring(painter, self._theme.color("focus"))
        painter.end()
        if not (self.page.spans.prepared and self._painter.links.links.prepared):
            self._prepare_timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the column to the width; the line at the top stays there."""
        self._fit()
        self.show_page()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bar: exactly over short ways, by estimated heights over long ones."""
        if self._syncing:
            return
        bar = self.verticalScrollBar()
        if bar.isSliderDown() or abs(dy) > 3 * self.page.sight:
            self.page.jump(bar.value())
        else:
            self.page.scroll_by(-dy)
        self.show_page()
        self._place_timer.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._restart_blink()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret."""
        super().focusOutEvent(event)
        self._blink.stop()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint when the language or style changes."""
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("Text of the document"))
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return room for a column."""
        return QSize(820, 640)

    def page_point(self, point: QPointF) -> QPointF:
        """Return a point of the viewport from the top left of the text column."""
        return QPointF(point.x() - self._column_left(), point.y())

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of what is under the mouse: invisible characters by name, else the innermost span."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.tip_at(self.page_point(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and not event.buttons():
            self._hover_links(self.page_point(event.position()))
        elif event.type() == QEvent.Type.Leave:
            self._hover_links(None)
        return super().viewportEvent(event)

    def _hover_links(self, point: QPointF | None) -> None:
        if self._painter.links.hover(self.page, self._span, point):
            self.viewport().update()

    def tip_at(self, point: QPointF) -> str:
        """Return what there is to tell of a point of the page, or nothing."""
        names = tip_at(self._painter.invisibles, self.page, point)
        under = None if names else self.page.position_under(point.x(), point.y())
        span = None if under is None else self.page.spans.innermost_at(under)
        if span is not None:
            return tool_tip(self._describe(span))
        return names or tool_tip(self._painter.links.tip_at(self.page, self._span, point))

    def set_describe(self, describe: Callable[[str], str]) -> None:
        """Set what tells of a span by its id."""
        self._describe = describe

    # -- what the mouse needs

    def handle_points(self, fragments: tuple[Fragment, ...]) -> dict[tuple[int, int], QPointF]:
        """Return where the handles of a span in sight are, by (fragment, 0 for its start or 1 for its end)."""
        return handle_points(self.page, fragments)

    def resize_span(self, span: str, fragments: tuple[Fragment, ...]) -> None:
        """Say that a span was given other fragments."""
        self.span_resized.emit(span, fragments)

    def is_text_at(self, point: QPointF) -> bool:
        """Say whether a point of the page is over the text column."""
        return -20 <= point.x() <= self.page.width + 20

    def scroll_by(self, pixels: float) -> None:
        """Scroll down, or up if negative."""
        self.page.scroll_by(pixels)
        self.show_page()

    # -- Qt: input

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept files anywhere in the view."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files were dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)
