"""One block laid out: its lines, where they stand, and where a character is on them.

Coordinates are logical pixels from the block's top left corner; the left is that of the text column. Units are
UTF-16 units of the block, as Qt counts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from annotator.core.structure import FormatRange
from annotator.ui.text_positions import BlockPositions, display_text
from annotator.ui.views.reading_bidi import BidiBlock
from annotator.ui.views.reading_blocks import BlockStyle
from annotator.ui.views.reading_invisibles import PlacedMark, invisible_marks

LANE_STEP = 5.0
LANE_WIDTH = 2.0
LANE_GAP = 1.5
MAX_LANES = 24
_LANE_SPARE = 2.0
_INDENT = 26.0
_QUOTE_INDENT = 18.0
_TAB = 8
"""Characters between two tab stops; closer ones leave the cells of a table run together."""
_HEADING_SCALES = {1: 1.5, 2: 1.3, 3: 1.15}
_SAMPLE = "the quick brown fox jumps over the lazy dog and then some more of it"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_TALL = re.compile("[\u0300-\u036f\u0483-\u0489\u0590-\u10ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")


class ReadingMetrics:
    """The font of the text and what follows from it, in logical pixels."""

    def __init__(self, font: QFont, line_height: float, column_characters: int) -> None:
        self.font = QFont(font)
        measure = QFontMetricsF(self.font)
        self.natural = measure.height()
        self.ascent = measure.ascent()
        self.pitch = round(self.natural * line_height + LANE_STEP - 1)
        self.character = measure.horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        self.column = self.character * column_characters
        self.blank = round(self.pitch * 0.55)
        self.size = measure.fontDpi() / 72 * font.pointSizeF() if font.pixelSize() < 0 else float(font.pixelSize())

    def scaled_font(self, scale: float, *, bold: bool = False) -> QFont:
        """Return the font at a multiple of its size."""
        font = QFont(self.font)
        font.setPixelSize(max(6, round(self.size * scale)))
        if bold:
            font.setBold(True)
        return font

    def heading_font(self, level: int) -> QFont:
        """Return the font of a heading; level 1 is the document's title."""
        return self.scaled_font(_HEADING_SCALES.get(level, 1.05), bold=True)


@dataclass(slots=True)
class Inks:
    """The colours of words that stand out: links, and the names of speakers."""

    link: QColor = field(default_factory=QColor)
    muted: QColor = field(default_factory=QColor)


@dataclass(slots=True)
class LaidLine:
    """One line: units `[start, end)`, `visible_end` before the spaces that hang at its end.

    `top` and `bottom` hold the glyphs, `below` is where the next line begins; between are the lanes.
    """

    start: int
    end: int
    visible_end: int
    top: float
    bottom: float
    below: float


class LaidBlock:
    """A block's shaped text and its lines. `arrange` moves the lines apart to make room for lanes.

    `from_right` is the direction where the text itself tells none.
    """

    def __init__(
        self,
        text: str,
        index: int,
        start: int,
        style: BlockStyle,
        metrics: ReadingMetrics,
        width: float,
        inks: Inks,
        *,
        from_right: bool = False,
    ) -> None:
        self.index = index
        self.start = start
        self.end = start + len(text)
        self.style = style
        self.positions = BlockPositions(text, start)
        self.invisibles = invisible_marks(text, start)
        self.placed_marks: dict[int, list[PlacedMark]] | None = None
        has_right_to_left = _RIGHT_TO_LEFT.search(text) is not None
        read = reads_right_to_left(text) if has_right_to_left or from_right else False
        self.right_to_left = from_right if read is None else read
        self._tall = _TALL.search(text) is not None
        self._metrics = metrics
        self.indent = self._indent()
        self.x = 0.0 if self.right_to_left else self.indent
        self.width = width
        self.space_before = round(metrics.pitch * 0.5) if style.kind == "heading" and index else 0.0
        self.space_after = 0.0
        self.layout = self._shaped(display_text(text), max(60.0, width - self.indent), inks)
        self._bidi: BidiBlock | None = None
        if has_right_to_left or self.right_to_left:
            self._bidi = BidiBlock(self.layout, self.positions, right_to_left=self.right_to_left)
        self.lines: list[LaidLine] = []
        self.height = 0.0
        self._bottoms = [self._glyph_bottom(i) for i in range(self.layout.lineCount())]
        self.arrange([0] * self.layout.lineCount())

    def _indent(self) -> float:
        indent = _QUOTE_INDENT * self.style.quote_level
        return indent + (_INDENT * self.style.level if self.style.kind == "list_item" else 0.0)

    def _font(self) -> QFont:
        heading = self.style.kind == "heading"
        return self._metrics.heading_font(self.style.level) if heading else self._metrics.font

    def _shaped(self, shown: str, width: float, inks: Inks) -> QTextLayout:
        layout = QTextLayout(shown, self._font())
        option = text_option(right_to_left=self.right_to_left)
        option.setTabStopDistance(self._metrics.character * _TAB)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        formats = self._formats(inks)
        if formats:
            layout.setFormats(formats)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
        layout.endLayout()
        return layout

    def _formats(self, inks: Inks) -> list[QTextLayout.FormatRange]:
        formats = []
        for item in self.style.inline:
            low, high = self.positions.to_units(item.start), self.positions.to_units(_format_end(item))
            if low < high:
                piece = QTextLayout.FormatRange()
                piece.start, piece.length, piece.format = low, high - low, _character_format(item, inks)  # type: ignore[misc]
                formats.append(piece)
        return formats

    def _glyph_bottom(self, number: int) -> float:
        """Return how far the glyphs of a line reach below its top; marks may reach below the font's descent."""
        line = self.layout.lineAt(number)
        bottom = line.height()
        if self._tall:
            for run in line.glyphRuns():
                bottom = max(bottom, run.boundingRect().bottom() - line.y())
        return bottom

    def arrange(self, lane_counts: list[int], step: float = LANE_STEP) -> None:
        """Place the lines so that each has room for its number of lanes, `step` pixels each; sets `lines`, `height`."""
        heading = self.style.kind == "heading"
        pitch = self.layout.lineAt(0).height() * 1.25 if heading and lane_counts else self._metrics.pitch
        shown = self.layout.text()
        y = self.space_before
        self.lines = []
        for number, count in enumerate(lane_counts):
            line = self.layout.lineAt(number)
            line.setPosition(QPointF(self.x, y))
            glyphs = self._bottoms[number]
            room = _LANE_SPARE + LANE_GAP + step * min(count, MAX_LANES) if count else 4.0
            height = max(pitch, glyphs + room)
            start, end = line.textStart(), line.textStart() + line.textLength()
            visible_end = (
                start + len(shown[start:end].rstrip()) if shown.isascii() else _visible_end(shown, start, end, self)
            )
            self.lines.append(LaidLine(start, end, max(visible_end, start), y, y + glyphs, y + height))
            y += height
        if self.start == self.end:
            y = self.space_before + self._metrics.blank
            self.lines[0].below = y
            self.lines[0].bottom = min(self.lines[0].bottom, y)
        self.height = y + self.space_after

    def line(self, number: int) -> QTextLine:
        """Return Qt's line."""
        return self.layout.lineAt(number)

    def line_of(self, unit: int) -> int:
        """Return the number of the line that shows a unit; the end of the block is on the last."""
        return max(0, bisect_right(self.lines, unit, key=_line_start) - 1)

    def line_at(self, y: float) -> int:
        """Return the number of the line at a height, the first or last one outside the block."""
        return min(bisect_right(self.lines, y, key=_line_below), len(self.lines) - 1)

    def caret_x(self, unit: int) -> float:
        """Return where the caret before a unit stands."""
        number = self.line_of(unit)
        x = self._bidi.caret_x(number, unit) if self._bidi else None
        return _x(self.line(number), unit) if x is None else x

    def edge_x(self, unit: int, *, trailing: bool) -> float:
        """Return the leading or trailing edge of the character at a unit, whatever its direction."""
        if self._bidi is None:
            edge = QTextLine.Edge.Trailing if trailing else QTextLine.Edge.Leading
            return _x(self.line(self.line_of(unit)), unit, edge)
        cluster = self._bidi.cluster_of(self.line_of(unit), unit)
        if cluster is None:
            return self.caret_x(unit)
        return cluster.trailing if trailing else cluster.leading

    def writes_leftward(self, unit: int) -> bool:
        """Say whether the character at a unit is written from right to left."""
        cluster = self._bidi.cluster_of(self.line_of(unit), unit) if self._bidi else None
        return cluster.leftward if cluster else self.right_to_left

    def stretches(self, number: int, start: int, end: int) -> list[tuple[float, float]]:
        """Return the horizontal stretches `(left, right)` that units `[start, end)` take up on a line.

        Several where the direction of writing changes. Spaces hanging at the end of the line are left out.
        """
        laid = self.lines[number]
        start, end = max(start, laid.start), min(end, laid.visible_end)
        if start >= end:
            return []
        if self._bidi is None:
            line = self.line(number)
            return [(_x(line, start), _x(line, end))]
        if (start, end) == (laid.start, laid.visible_end):
            return self._bidi.whole_line(number, start, end)
        return self._bidi.stretches(number, start, end)

    def unit_between(self, x: float, y: float) -> int:
        """Return the unit before which a caret set at a point stands."""
        number = self.line_at(y)
        laid = self.lines[number]
        unit = self._bidi_unit_between(self._bidi, number, x) if self._bidi else self.line(number).xToCursor(x)
        hangs = number + 1 < len(self.lines) and unit >= laid.end
        return max(laid.start, min(unit, laid.visible_end)) if hangs else unit

    def _bidi_unit_between(self, bidi: BidiBlock, number: int, x: float) -> int:
        """Return the unit beside the half of the character that `x` is on, in that character's own direction."""
        cluster = bidi.cluster_at(number, x, self.lines[number].visible_end)
        if cluster is None or not cluster.left - 1 <= x <= cluster.right + 1:
            return self.line(number).xToCursor(x)
        on_right_half = x >= (cluster.left + cluster.right) / 2
        return cluster.start if on_right_half == cluster.leftward else self.layout.nextCursorPosition(cluster.start)

    def unit_under(self, x: float, y: float) -> int | None:
        """Return the unit of the character that a point is on, or None beside the text."""
        number = self.line_at(y)
        laid = self.lines[number]
        if laid.start == laid.visible_end or not laid.top - 3 <= y < laid.below:
            return None
        line = self.line(number)
        extent = line.naturalTextRect()
        if not extent.left() <= x < extent.right():
            return None
        cluster = self._bidi.cluster_at(number, x, laid.visible_end) if self._bidi else None
        return cluster.start if cluster else line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)

    def caret_rect(self, unit: int) -> QRectF:
        """Return the rectangle of the caret before a unit."""
        laid = self.lines[self.line_of(unit)]
        return QRectF(self.caret_x(unit) - 0.75, laid.top, 1.5, max(laid.bottom - laid.top, 8.0))


def text_option(*, right_to_left: bool) -> QTextOption:
    """Return how lines break and at which side they begin."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if right_to_left:
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    else:
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    return option


def lane_top(line: LaidLine, lane: int) -> float:
    """Return the upper edge of a lane's underline; it is `LANE_WIDTH` thick."""
    return line.bottom + LANE_GAP + LANE_STEP * min(lane, MAX_LANES - 1)


def _x(line: QTextLine, unit: int, edge: QTextLine.Edge = QTextLine.Edge.Leading) -> float:
    found: Any = line.cursorToX(unit, edge)
    return found[0]


def _line_start(line: LaidLine) -> int:
    return line.start


def _line_below(line: LaidLine) -> float:
    return line.below


def _visible_end(shown: str, start: int, end: int, block: LaidBlock) -> int:
    first, last = block.positions.to_position(start) - block.start, block.positions.to_position(end) - block.start
    return block.positions.to_units(block.start + first + len(shown[first:last].rstrip()))


def reads_right_to_left(text: str) -> bool | None:
    """Return the direction of the first strong character outside isolates, or None. Source: UAX 9, rule P2."""
    isolates = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL") and not isolates:
            return kind != "L"
        if kind in ("LRI", "RLI", "FSI"):
            isolates += 1
        elif kind == "PDI" and isolates:
            isolates -= 1
    return None


def _format_end(item: FormatRange) -> int:
    """Return where a range stops looking different: of a speaker's turn, only the name does."""
    return min(item.end, int(item.data.get("name_end", item.end))) if item.kind == "speaker" else item.end


def _character_format(item: FormatRange, inks: Inks) -> QTextCharFormat:
    result = QTextCharFormat()
    if item.kind == "emphasis":
        result.setFontItalic(True)
    elif item.kind == "strong":
        result.setFontWeight(QFont.Weight.Bold)
    elif item.kind == "speaker":
        result.setFontWeight(QFont.Weight.DemiBold)
        result.setForeground(inks.muted)
    elif item.kind == "code":
        result.setFontFamilies(["Consolas", "Menlo", "DejaVu Sans Mono", "monospace"])
        result.setFontFixedPitch(True)
    elif item.kind == "link":
        result.setForeground(inks.link)
    return result
