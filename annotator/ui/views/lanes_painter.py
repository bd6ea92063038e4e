"""Paints a page with lanes: the ground of the case in question, the text, and a bar for each span of each layer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QStaticText

from annotator.core.palette import tint
from annotator.core.spans import Fragment
from annotator.ui.text_positions import display_text
from annotator.ui.theme import Theme
from annotator.ui.views.lanes_block import BAR, LanedBlock, LaneOrder
from annotator.ui.views.reading_layout import LaidBlock
from annotator.ui.views.reading_page import DressedBlock, Page
from annotator.ui.views.reading_painter import Marking, ReadingPainter, line_pattern

_GROUND_SHARE = 0.14
_PATTERN_GROUND = 0.42
"""How much of its colour a bar keeps between the marks of its line pattern."""
_LETTER_GAP = 4.0


class LanesPainter(ReadingPainter):
    """`ground` is the text of the case in question, `proposed` what somebody would make of it instead."""

    def __init__(self, theme: Theme, order: LaneOrder) -> None:
        super().__init__(theme)
        self._order = order
        self._letters: dict[str, QStaticText] = {}
        self.ground: tuple[Fragment, ...] = ()
        self.ground_label: str | None = None

    def pattern_tile(self, pattern: str, colour: QColor, ratio: float) -> QPixmap | None:
        """Return a stretch of a bar: its pattern over a fainter ground, so that it is seen where it ends."""
        tile = line_pattern(pattern, colour, ratio, BAR)
        if tile is None:
            return None
        bar = QPixmap(tile.size())
        bar.setDevicePixelRatio(ratio)
        bar.fill(QColor(tint(colour.name(), self.theme.hex("reading"), _PATTERN_GROUND)))
        painter = QPainter(bar)
        painter.drawPixmap(0, 0, tile)
        painter.end()
        return bar

    def _block(
        self, painter: QPainter, page: Page, dressed: DressedBlock, y: float, clip: QRectF, marking: Marking
    ) -> None:
        laid = dressed.laid
        painter.translate(0, y)
        first, last = laid.line_at(clip.top()), laid.line_at(clip.bottom())
        self._ground(painter, laid, first, last)
        if marking.selection:
            self._selection(painter, laid, marking.selection, first, last)
        self._ornaments(painter, page, laid)
        painter.setPen(self.theme.color("text"))
        laid.layout.draw(painter, QPointF(0, 0), [], clip.adjusted(-400, -40, 400, 40))
        if isinstance(dressed, LanedBlock):
            self._bars(painter, dressed, first, last)
        if laid.invisibles:
            self.invisibles.paint(painter, laid, first, last, marking.selection)
        painter.translate(0, -y)

    def _ground(self, painter: QPainter, laid: LaidBlock, first: int, last: int) -> None:
        colour = QColor(tint(self.theme.hex("accent"), self.theme.hex("reading"), _GROUND_SHARE))
        if self.ground_label is not None:
            colour = self.look(self.ground_label).tint
        for start, end in self.ground:
            if end <= laid.start or start >= laid.end:
                continue
            low, high = laid.positions.to_units(start), laid.positions.to_units(end)
            for number in range(max(first, laid.line_of(low)), min(last, laid.line_of(max(low, high - 1))) + 1):
                line = laid.lines[number]
                for left, right in laid.stretches(number, low, high):
                    painter.fillRect(QRectF(left, line.top - 1, right - left, line.bottom - line.top + 2), colour)

    def _bars(self, painter: QPainter, dressed: LanedBlock, first: int, last: int) -> None:
        for piece in dressed.pieces:
            if first <= piece.line <= last:
                look = self.look(piece.label)
                if look.underline is None:
                    painter.fillRect(piece.left, piece.top, piece.width, BAR, look.colour)
                else:
                    painter.drawTiledPixmap(piece.left, piece.top, piece.width, BAR, look.underline)
        painter.setFont(self._small)
        painter.setPen(self.theme.color("text_muted"))
        for letter in dressed.letters:
            if first <= letter.line <= last:
                self._letter(painter, letter.place, letter.x, letter.middle, dressed.laid)
        for gap in dressed.gaps:
            if first <= gap.line <= last:
                pen = QPen(self.look(gap.label).colour, 1.0)
                pen.setDashPattern([1.0, 3.0])
                painter.setPen(pen)
                painter.drawLine(QPointF(gap.left, gap.y), QPointF(gap.right, gap.y))

    def _letter(self, painter: QPainter, place: int, x: int, middle: float, laid: LaidBlock) -> None:
        letters = self._order.letters
        text = self._static(letters[place] if place < len(letters) else "?")
        size = text.size()
        left = x + _LETTER_GAP if laid.right_to_left else x - _LETTER_GAP - size.width()
        painter.drawStaticText(QPointF(left, middle - size.height() / 2), text)

    def _static(self, letter: str) -> QStaticText:
        found = self._letters.get(letter)
        if found is None:
            found = self._letters[letter] = QStaticText(display_text(letter))
            found.setTextFormat(Qt.TextFormat.PlainText)
            found.prepare(font=self._small)
        return found

    def _margin_links(self, painter: QPainter, page: Page, clip: QRectF) -> None:
        """Leave the links between fragments to the bars' own gaps."""
