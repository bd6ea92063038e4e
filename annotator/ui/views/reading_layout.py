"""One block laid out: its lines, where they stand, and where a character is on them.

Coordinates are logical pixels from the block's top left corner; the left is that of the text column. Units are
UTF-16 units of the block, as Qt counts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGlyphRun, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from annotator.core.structure import FormatRange
from annotator.ui.text_positions import BlockPositions, display_text
from annotator.ui.views.reading_blocks import BlockStyle

LANE_STEP = 5.0
LANE_WIDTH = 2.0
LANE_GAP = 1.5
MAX_LANES = 24
_LANE_SPARE = 2.0
_INDENT = 26.0
_QUOTE_INDENT = 18.0
_HEADING_SCALES = {1: 1.5, 2: 1.3, 3: 1.15}
_SAMPLE = "the quick brown fox jumps over the lazy dog and then some more of it"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SHOWN = re.compile("[^\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
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
    """A block's shaped text and its lines. `arrange` moves the lines apart to make room for lanes."""

    def __init__(
        self, text: str, index: int, start: int, style: BlockStyle, metrics: ReadingMetrics, width: float, link: QColor
    ) -> None:
        self.index = index
        self.start = start
        self.end = start + len(text)
        self.style = style
        self.positions = BlockPositions(text, start)
        self.bidi = _RIGHT_TO_LEFT.search(text) is not None
        self.right_to_left = self.bidi and reads_right_to_left(text)
        self._tall = _TALL.search(text) is not None
        self._metrics = metrics
        self.indent = self._indent()
        self.x = 0.0 if self.right_to_left else self.indent
        self.width = width
        self.space_before = round(metrics.pitch * 0.5) if style.kind == "heading" and index else 0.0
        self.space_after = 0.0
        self.layout = self._shaped(display_text(text), max(60.0, width - self.indent), link)
        self.lines: list[LaidLine] = []
        self._line_clusters: dict[int, list[tuple[float, float, int]]] = {}
        self.height = 0.0
        self._bottoms = [self._glyph_bottom(i) for i in range(self.layout.lineCount())]
        self.arrange([0] * self.layout.lineCount())

    def _indent(self) -> float:
        indent = _QUOTE_INDENT * self.style.quote_level
        return indent + (_INDENT * self.style.level if self.style.kind == "list_item" else 0.0)

    def _font(self) -> QFont:
        heading = self.style.kind == "heading"
        return self._metrics.heading_font(self.style.level) if heading else self._metrics.font

    def _shaped(self, shown: str, width: float, link: QColor) -> QTextLayout:
        layout = QTextLayout(shown, self._font())
        option = text_option(right_to_left=self.right_to_left)
        option.setTabStopDistance(self._metrics.character * 4)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        formats = self._formats(link)
        if formats:
            layout.setFormats(formats)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
        layout.endLayout()
        return layout

    def _formats(self, link: QColor) -> list[QTextLayout.FormatRange]:
        formats = []
        for item in self.style.inline:
            low, high = self.positions.to_units(item.start), self.positions.to_units(item.end)
            if low < high:
                piece = QTextLayout.FormatRange()
                piece.start, piece.length, piece.format = low, high - low, _character_format(item, link)  # type: ignore[misc]
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

    def arrange(self, lane_counts: list[int]) -> None:
        """Place the lines so that each has room for its number of lanes; sets `lines` and `height`."""
        heading = self.style.kind == "heading"
        pitch = self.layout.lineAt(0).height() * 1.25 if heading and lane_counts else self._metrics.pitch
        shown = self.layout.text()
        y = self.space_before
        self.lines = []
        for number, count in enumerate(lane_counts):
            line = self.layout.lineAt(number)
            line.setPosition(QPointF(self.x, y))
            glyphs = self._bottoms[number]
            room = _LANE_SPARE + LANE_GAP + LANE_STEP * min(count, MAX_LANES) if count else 4.0
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
        return _x(self.line(self.line_of(unit)), unit)

    def edge_x(self, unit: int, *, trailing: bool) -> float:
        """Return the leading or trailing edge of the character at a unit, whatever its direction."""
        if self.bidi:
            return self._bidi_edge(unit, trailing=trailing)
        edge = QTextLine.Edge.Trailing if trailing else QTextLine.Edge.Leading
        return _x(self.line(self.line_of(unit)), unit, edge)

    def _bidi_edge(self, unit: int, *, trailing: bool) -> float:
        runs = self.line(self.line_of(unit)).glyphRuns(unit, self.layout.nextCursorPosition(unit) - unit)
        if not runs:
            return self.caret_x(unit)
        left, right = _run_extent(runs[0])
        return right if runs[0].isRightToLeft() != trailing else left

    def writes_leftward(self, unit: int) -> bool:
        """Say whether the character at a unit is written from right to left."""
        runs = self.line(self.line_of(unit)).glyphRuns(unit, 1) if self.bidi else []
        return runs[0].isRightToLeft() if runs else self.right_to_left

    def stretches(self, number: int, start: int, end: int) -> list[tuple[float, float]]:
        """Return the horizontal stretches `(left, right)` that units `[start, end)` take up on a line.

        Several where the direction of writing changes. Spaces hanging at the end of the line are left out.
        """
        laid = self.lines[number]
        start, end = max(start, laid.start), min(end, laid.visible_end)
        if start >= end:
            return []
        line = self.line(number)
        if not self.bidi:
            return [(_x(line, start), _x(line, end))]
        ranges = self._seen(start, end)
        return _merged(_run_extent(run) for low, high in ranges for run in line.glyphRuns(low, high - low))

    def _seen(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of units `[start, end)` that show: a hidden sign has no width, but its glyph claims one."""
        low, high = (self.positions.to_position(unit) - self.start for unit in (start, end))
        for match in _SHOWN.finditer(self.layout.text(), low, high):
            yield self.positions.to_units(self.start + match.start()), self.positions.to_units(self.start + match.end())

    def unit_between(self, x: float, y: float) -> int:
        """Return the unit before which a caret set at a point stands."""
        number = self.line_at(y)
        laid = self.lines[number]
        unit = self._bidi_unit_between(number, x) if self.bidi else self.line(number).xToCursor(x)
        hangs = number + 1 < len(self.lines) and unit >= laid.end
        return max(laid.start, min(unit, laid.visible_end)) if hangs else unit

    def _clusters(self, number: int) -> list[tuple[float, float, int]]:
        """Return `(left, right, unit)` of every character seen on a line; Qt's own search errs where runs meet."""
        if number not in self._line_clusters:
            laid = self.lines[number]
            found = []
            unit = laid.start
            while unit < laid.visible_end:
                after = self.layout.nextCursorPosition(unit)
                found += [(left, right, unit) for left, right in self.stretches(number, unit, after)]
                unit = after
            self._line_clusters[number] = found
        return self._line_clusters[number]

    def _cluster_at(self, number: int, x: float) -> tuple[float, float, int] | None:
        clusters = self._clusters(number)
        return min(clusters, key=lambda c: max(c[0] - x, x - c[1], 0.0)) if clusters else None

    def _bidi_unit_between(self, number: int, x: float) -> int:
        """Return the unit beside the half of the character that `x` is on, in that character's own direction."""
        cluster = self._cluster_at(number, x)
        if cluster is None or not cluster[0] - 1 <= x <= cluster[1] + 1:
            return self.line(number).xToCursor(x)
        left, right, unit = cluster
        on_right_half = x >= (left + right) / 2
        return unit if on_right_half == self.writes_leftward(unit) else self.layout.nextCursorPosition(unit)

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
        cluster = self._cluster_at(number, x) if self.bidi else None
        return cluster[2] if cluster else line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)

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


def _merged(extents: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(extents):
        if merged and left <= merged[-1][1] + 0.6:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return [(left, right) for left, right in merged if right > left]


def _run_extent(run: QGlyphRun) -> tuple[float, float]:
    advances = run.rawFont().advancesForGlyphIndexes(run.glyphIndexes())
    ends = [(place.x(), place.x() + step.x()) for place, step in zip(run.positions(), advances, strict=True)]
    return min(left for left, _ in ends), max(right for _, right in ends)


def reads_right_to_left(text: str) -> bool:
    """Return the direction of the first strong character. Source: Unicode Standard Annex 9, rules P2 and P3."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return False
        if kind in ("R", "AL"):
            return True
    return False


def _character_format(item: FormatRange, link: QColor) -> QTextCharFormat:
    result = QTextCharFormat()
    if item.kind == "emphasis":
        result.setFontItalic(True)
    elif item.kind in ("strong", "speaker"):
        result.setFontWeight(QFont.Weight.Bold)
    elif item.kind == "code":
        result.setFontFamilies(["Consolas", "Menlo", "DejaVu Sans Mono", "monospace"])
        result.setFontFixedPitch(True)
    elif item.kind == "link":
        result.setForeground(link)
    return result
