"""Paints the part of a page in sight: tints, selection, text, underlines, initials, outline, handles and caret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QStaticText

from annotator.core.records import Label
from annotator.core.spans import Fragment, SpanMark
from annotator.ui.text_positions import display_text
from annotator.ui.theme import Theme
from annotator.ui.views.reading_invisibles import InvisiblePainter
from annotator.ui.views.reading_layout import LANE_WIDTH, LaidBlock, lane_top
from annotator.ui.views.reading_links import ReadingLinks
from annotator.ui.views.reading_margin import MarginPainter
from annotator.ui.views.reading_page import DressedBlock, Page
from annotator.ui.views.reading_picking import Picking

HANDLE = 4.0
"""Radius of a handle in pixels."""

_PATTERNS = {"dash": ((0, 7),), "dot": ((0, 2),), "dash-dot": ((0, 7), (11, 2))}
"""Where the marks of a line pattern begin and how long they are, in pixels; 2 makes a round dot."""
_PERIODS = {"dash": 11, "dot": 5, "dash-dot": 17}
_TILES = 24
_OUTLINE_MARGIN = 3.0


@dataclass(slots=True)
class Marking:
    """What is marked in the text at the moment. Positions are code points of the document.

    `span_fragments` are those of the selected span, or where its dragged ends would leave them.
    """

    selection: Fragment | None = None
    span: str | None = None
    span_fragments: tuple[Fragment, ...] = ()
    caret: int | None = None
    focused: bool = False
    hovered_handle: tuple[int, int] | None = None
    picking: Picking | None = None

    def greys(self, span: str) -> bool:
        """Say whether a span is drawn without its colours, because it may not be picked."""
        return self.picking is not None and self.picking.greys(span, self.span)


@dataclass(slots=True)
class LabelLook:
    """How a label is drawn in the current theme. `underline` is a stretch of its line pattern, None if solid."""

    tint: QColor
    colour: QColor
    underline: QPixmap | None
    initial: QStaticText


class ReadingPainter:
    """Draws a page with a theme and labels; knows nothing of the widget but its painter."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.invisibles = InvisiblePainter(theme)
        self.links = ReadingLinks(theme)
        self._labels: Mapping[str, Label] = {}
        self._looks: dict[str, LabelLook] = {}
        self._ratio = 1.0
        self._small = theme.font("small")
        self._small.setPixelSize(9)
        self.margin = MarginPainter(theme, self._small, self.look)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = self.invisibles.theme = self.links.theme = self.margin.theme = theme
        self._looks.clear()

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Set the labels by id."""
        self._labels = labels
        self._looks.clear()

    def look(self, label: str) -> LabelLook:
        """Return how a label is drawn; one that is not known is grey."""
        found = self._looks.get(label)
        if found is None:
            found = self._looks[label] = self._make_look(self._labels.get(label))
        return found

    def _make_look(self, label: Label | None) -> LabelLook:
        if label is None:
            colour = self.theme.color("text_muted")
            return LabelLook(self.theme.color("selected_row"), colour, None, QStaticText("?"))
        colour = self.theme.label_color(label.light, label.dark)
        initial = QStaticText(display_text(label.initial))
        initial.setTextFormat(Qt.TextFormat.PlainText)
        initial.prepare(font=self._small)
        tint = self.theme.label_tint(label.light, label.dark)
        return LabelLook(tint, colour, self.pattern_tile(label.pattern, colour, self._ratio), initial)

    def pattern_tile(self, pattern: str, colour: QColor, ratio: float) -> QPixmap | None:
        """Return a stretch of a line pattern, or None where it is drawn solid."""
        return line_pattern(pattern, colour, ratio)

    def paint(self, painter: QPainter, page: Page, clip: QRectF, marking: Marking) -> None:
        """Paint what is in sight and in `clip`; the painter's origin is the top left of the text column in sight."""
        ratio = painter.device().devicePixelRatio()
        if ratio != self._ratio:
            self._ratio = ratio
            self._looks.clear()
        shown = [
            (dressed, y)
            for dressed, y in page.in_sight()
            if y + dressed.laid.height >= clip.top() and y <= clip.bottom()
        ]
        if page.anchor_block == 0 and page.anchor_offset < 0:
            self._header(painter, page)
        for dressed, y in shown:
            self._block(painter, page, dressed, y, clip.translated(0, -y), marking)
        self._margin_links(painter, page, clip)
        self.links.paint(painter, page, clip, marking.span)
        if marking.picking is not None and marking.picking.candidate is not None:
            self._candidate(painter, page, marking.picking.candidate)
        if marking.span_fragments:
            self._outline(painter, page, marking)
        if marking.caret is not None:
            rect = page.caret_rect(marking.caret)
            if rect is not None:
                painter.fillRect(rect, self.theme.color("caret"))

    # -- text

    def _header(self, painter: QPainter, page: Page) -> None:
        top = -page.anchor_offset - page.header.height
        if page.header.title:
            painter.setPen(self.theme.color("text"))
            page.header.title.draw(painter, QPointF(0, top))
        if page.header.subtitle:
            painter.setPen(self.theme.color("text_muted"))
            page.header.subtitle.draw(painter, QPointF(0, top))

    def _block(
        self, painter: QPainter, page: Page, dressed: DressedBlock, y: float, clip: QRectF, marking: Marking
    ) -> None:
        laid = dressed.laid
        painter.translate(0, y)
        first, last = laid.line_at(clip.top()), laid.line_at(clip.bottom())
        for piece in dressed.pieces:
            if first <= piece.line <= last and not marking.greys(piece.span):
                painter.fillRect(piece.left, piece.top, piece.width, piece.height, self.look(piece.label).tint)
        if marking.selection:
            self._selection(painter, laid, marking.selection, first, last)
        self._ornaments(painter, page, laid)
        painter.setPen(self.theme.color("text"))
        laid.layout.draw(painter, QPointF(0, 0), [], clip.adjusted(-400, -40, 400, 40))
        self._underlines(painter, dressed, first, last, marking)
        self.margin.paint(painter, dressed, first, last, marking.span)
        if laid.invisibles:
            self.invisibles.paint(painter, laid, first, last, marking.selection)
        painter.translate(0, -y)

    def _selection(self, painter: QPainter, laid: LaidBlock, selection: Fragment, first: int, last: int) -> None:
        start, end = selection
        if end <= laid.start or start > laid.end:
            return
        colour = self.theme.color("selection")
        low, high = laid.positions.to_units(start), laid.positions.to_units(end)
        for number in range(max(first, laid.line_of(low)), min(last, laid.line_of(high)) + 1):
            line = laid.lines[number]
            for left, right in laid.stretches(number, low, high):
                painter.fillRect(QRectF(left, line.top - 1, right - left, line.bottom - line.top + 2), colour)
        if end > laid.end >= start and first <= len(laid.lines) - 1 <= last:
            line = laid.lines[-1]
            x = laid.caret_x(line.end) - (5 if laid.right_to_left else 0)
            painter.fillRect(QRectF(x, line.top - 1, 5, line.bottom - line.top + 2), colour)

    def _ornaments(self, painter: QPainter, page: Page, laid: LaidBlock) -> None:
        for depth in range(laid.style.quote_level):
            x = depth * 18.0
            if laid.right_to_left:
                x = laid.width - x - 3
            painter.fillRect(QRectF(x, 0, 3, laid.height - laid.space_after), self.theme.color("border_strong"))
        if laid.style.marker:
            self._list_marker(painter, page, laid)
        subtitle = page.subtitle_under(laid.index)
        if subtitle:
            painter.setPen(self.theme.color("text_muted"))
            subtitle.draw(painter, QPointF(0, laid.height - laid.space_after))

    def _list_marker(self, painter: QPainter, page: Page, laid: LaidBlock) -> None:
        painter.setFont(page.metrics.font)
        painter.setPen(self.theme.color("text_muted"))
        line = laid.lines[0]
        height = line.bottom - line.top
        if laid.right_to_left:
            box = QRectF(laid.width - laid.indent + 8, line.top, 80, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, laid.style.marker)
        else:
            box = QRectF(laid.indent - 88, line.top, 80, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, laid.style.marker)

    # -- spans

    def _underlines(self, painter: QPainter, dressed: DressedBlock, first: int, last: int, marking: Marking) -> None:
        thickness = int(LANE_WIDTH)
        for piece in dressed.pieces:
            if first <= piece.line <= last:
                look = self.look(piece.label)
                if marking.greys(piece.span):
                    painter.fillRect(piece.left, piece.under, piece.width, 1, self.theme.color("border_strong"))
                elif look.underline is None:
                    painter.fillRect(piece.left, piece.under, piece.width, thickness, look.colour)
                else:
                    painter.drawTiledPixmap(piece.left, piece.under, piece.width, thickness, look.underline)

    def _link_pen(self, label: str) -> QPen:
        pen = QPen(self.look(label).colour, 1.0)
        pen.setDashPattern([1.0, 3.0])
        return pen

    def _margin_links(self, painter: QPainter, page: Page, clip: QRectF) -> None:
        """Link the fragments of each span: dotted in its lane within a block, in the margin from block to block."""
        shown = list(page.in_sight())
        if not shown:
            return
        tops = {dressed.laid.index: y for dressed, y in shown}
        start, end = shown[0][0].laid.start, shown[-1][0].laid.end
        for place, mark in enumerate(page.spans.gapped_over(start, end + 1)):
            painter.setPen(self._link_pen(mark.label))
            x = -9.0 + 3.0 * (place % 3)
            for (_, low), (high, _) in zip(mark.fragments, mark.fragments[1:], strict=False):
                one, other = page.blocks.at(low - 1), page.blocks.at(high)
                if one == other:
                    if one in tops:
                        self._gap(painter, page.block(one), tops[one], (low, high), mark.id)
                    continue
                upper = self._line_middle(page, one, low - 1, tops, clip.top() - 10)
                lower = self._line_middle(page, other, high, tops, clip.bottom() + 10)
                painter.drawLine(QLineF(x, upper, x, lower))

    def _line_middle(self, page: Page, block: int, position: int, tops: dict[int, float], outside: float) -> float:
        if block not in tops:
            return outside
        laid = page.block(block).laid
        line = laid.lines[laid.line_of(laid.positions.to_units(position))]
        return tops[block] + (line.top + line.bottom) / 2

    def _gap(self, painter: QPainter, dressed: DressedBlock, top: float, gap: Fragment, span: str) -> None:
        laid = dressed.laid
        low, high = laid.positions.to_units(gap[0]), laid.positions.to_units(gap[1])
        lane = dressed.lanes.get(span, 0)
        for number in range(laid.line_of(low), laid.line_of(high) + 1):
            y = top + lane_top(laid.lines[number], lane) + LANE_WIDTH / 2
            for left, right in laid.stretches(number, low, high):
                painter.drawLine(QLineF(left, y, right, y))

    # -- the selected span

    def _outline(self, painter: QPainter, page: Page, marking: Marking) -> None:
        accent = self.theme.color("accent")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for dressed, y in page.in_sight():
            pen = QPen(accent, 1.4)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for rect in outline_rects(dressed, marking):
                painter.drawRoundedRect(rect.translated(0, y), 4, 4)
        for place, point in handle_points(page, marking.span_fragments).items():
            radius = HANDLE if place == marking.hovered_handle else HANDLE - 1
            painter.setPen(QPen(self.theme.color("reading"), 1.0))
            painter.setBrush(QBrush(accent))
            painter.drawEllipse(point, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _candidate(self, painter: QPainter, page: Page, candidate: SpanMark) -> None:
        """Draw a dashed outline around the span that is proposed."""
        pen = QPen(self.theme.color("accent"), 1.4)
        pen.setDashPattern([3.0, 2.0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        marking = Marking(span=candidate.id, span_fragments=candidate.fragments)
        for dressed, y in page.in_sight():
            for rect in outline_rects(dressed, marking):
                painter.drawRoundedRect(rect.translated(0, y), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def line_pattern(pattern: str, colour: QColor, ratio: float, thickness: float = LANE_WIDTH) -> QPixmap | None:
    """Return several periods of a line pattern as a picture, which draws many times faster than a dashed pen."""
    marks = _PATTERNS.get(pattern)
    if marks is None:
        return None
    period = _PERIODS[pattern]
    tile = QPixmap(round(period * _TILES * ratio), round(thickness * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for number in range(_TILES):
        for offset, length in marks:
            radius = 1.0 if length == thickness else 0.0
            painter.drawRoundedRect(QRectF(number * period + offset, 0, length, thickness), radius, radius)
    painter.end()
    return tile


def outline_rects(dressed: DressedBlock, marking: Marking) -> list[QRectF]:
    """Return the outlines of the selected span in a block, line by line, in block coordinates."""
    laid = dressed.laid
    rects = []
    lane = dressed.lanes.get(marking.span or "", 0)
    for start, end in marking.span_fragments:
        if end <= laid.start or start >= laid.end:
            continue
        low, high = laid.positions.to_units(start), laid.positions.to_units(end)
        for number in range(laid.line_of(low), laid.line_of(max(low, high - 1)) + 1):
            line = laid.lines[number]
            bottom = min(lane_top(line, lane) + LANE_WIDTH + 1.5, line.below)
            for left, right in laid.stretches(number, low, high):
                margin = _OUTLINE_MARGIN
                rects.append(QRectF(left - margin, line.top - 1.5, right - left + 2 * margin, bottom - line.top + 1.5))
    return rects


def handle_points(page: Page, fragments: tuple[Fragment, ...]) -> dict[tuple[int, int], QPointF]:
    """Return where the handles of a span in sight are, by (fragment, 0 for its start or 1 for its end)."""
    tops = {dressed.laid.index: y for dressed, y in page.in_sight()}
    points: dict[tuple[int, int], QPointF] = {}
    for number, (start, end) in enumerate(fragments):
        for side, position in ((0, start), (1, end - 1)):
            index = page.blocks.at(position)
            if index not in tops:
                continue
            laid = page.block(index).laid
            unit = laid.positions.to_units(position)
            line = laid.lines[laid.line_of(unit)]
            outward = -_OUTLINE_MARGIN if (side == 0) != laid.writes_leftward(unit) else _OUTLINE_MARGIN
            x = laid.edge_x(unit, trailing=side == 1) + outward
            points[number, side] = QPointF(x, tops[index] + (line.top + line.bottom) / 2)
    return points
