"""Marks over the text where invisible characters stand, so that they show and still shape nothing.

A character that only joins or parts letters gets a tick above the line, one that can make the text look like another
a flag with its short name. Positions are code points of the document, `x` and `y` logical pixels of the block.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from annotator.core.invisibles import InvisibleKind, abbreviation_of, code_of, invisibles, name_of
from annotator.core.spans import Fragment
from annotator.ui.theme import Theme
from annotator.ui.words import tr

if TYPE_CHECKING:
    from annotator.ui.views.reading_layout import LaidBlock, LaidLine
    from annotator.ui.views.reading_page import Page

_FONT_PIXELS = 8
_FLAG_HEIGHT = 10.0
_FLAG_ABOVE = 7.0
_FLAG_PADDING = 2.5
_FLAG_GAP = 2.0
_WEDGE = ((-2.75, -3.5), (2.75, -3.5), (0.0, 0.5))
_REACH = 5.0
_MOST_NAMED = 3


class _Look(StrEnum):
    FLAG = "flag"
    TICK = "tick"
    PICTURE = "picture"
    """The text that is shown holds a picture in the character's place."""


_LOOKS = {InvisibleKind.DIRECTION: _Look.FLAG, InvisibleKind.OTHER: _Look.FLAG, InvisibleKind.CONTROL: _Look.PICTURE}


@dataclass(slots=True)
class InvisibleMark:
    """Invisible characters in a row, `[start, start + len(characters))`, that share a mark."""

    start: int
    characters: str
    look: _Look

    @property
    def end(self) -> int:
        """The code point after the last of them."""
        return self.start + len(self.characters)

    @property
    def label(self) -> str:
        """The short names on a flag."""
        names = " ".join(abbreviation_of(character) for character in self.characters[:_MOST_NAMED])
        more = len(self.characters) - _MOST_NAMED
        return f"{names} +{more}" if more > 0 else names


def invisible_marks(text: str, start: int) -> tuple[InvisibleMark, ...]:
    """Return the marks of a block whose text begins at `start` of the document."""
    marks: list[InvisibleMark] = []
    for position, character, kind in invisibles(text):
        look = _LOOKS.get(kind, _Look.TICK)
        if marks and marks[-1].end == start + position and marks[-1].look is look:
            marks[-1].characters += character
        else:
            marks.append(InvisibleMark(start + position, character, look))
    return tuple(marks)


@dataclass(slots=True)
class PlacedMark:
    """A mark on a line: the `x` of its first character, and where its flag lies, which may be pushed aside."""

    mark: InvisibleMark
    x: float
    left: float
    width: float


class InvisiblePainter:
    """Draws the marks of a block and knows where they are."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._font = QFont(theme.font("small"))
        self._font.setPixelSize(_FONT_PIXELS)
        self._metrics = QFontMetricsF(self._font)

    def paint(self, painter: QPainter, laid: LaidBlock, first: int, last: int, selection: Fragment | None) -> None:
        """Draw the marks on the lines `first` to `last` of a block; flags of selected characters look selected."""
        painter.setFont(self._font)
        for number in range(first, last + 1):
            line = laid.lines[number]
            for placed in self._placed(laid, number):
                if placed.mark.look is _Look.TICK:
                    self._tick(painter, placed.x, line.top)
                elif placed.mark.look is _Look.FLAG:
                    self._flag(painter, placed, line, selection)

    def _tick(self, painter: QPainter, x: float, top: float) -> None:
        """Draw a small wedge that points to its place; a stroke there could be read as a vowel sign."""
        wedge = [QPointF(x + dx, top + dy) for dx, dy in _WEDGE]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("text_faint"))
        painter.drawPolygon(wedge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _flag(self, painter: QPainter, placed: PlacedMark, line: LaidLine, selection: Fragment | None) -> None:
        mark, colour = placed.mark, self.theme.color("warning")
        selected = selection is not None and selection[0] <= mark.start and mark.end <= selection[1]
        rect = _flag_rect(placed, line)
        painter.fillRect(QRectF(placed.x - 0.5, rect.top(), 1, line.bottom - rect.top()), colour)
        painter.fillRect(rect, self.theme.color("selection" if selected else "reading"))
        painter.setPen(colour)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, mark.label)

    def mark_at(self, laid: LaidBlock, point: QPointF) -> InvisibleMark | None:
        """Return the mark at a point of a block."""
        for number, line in enumerate(laid.lines if laid.invisibles else ()):
            if line.top - _FLAG_ABOVE <= point.y() < line.bottom:
                for placed in self._placed(laid, number):
                    on_flag = placed.mark.look is _Look.FLAG and _flag_rect(placed, line).contains(point)
                    if on_flag or abs(point.x() - placed.x) <= _REACH:
                        return placed.mark
        return None

    def _placed(self, laid: LaidBlock, number: int) -> list[PlacedMark]:
        if laid.placed_marks is None:
            laid.placed_marks = {}
            for mark in laid.invisibles:
                unit = laid.positions.to_units(mark.start)
                x = laid.caret_x(unit)
                width = 0.0
                if mark.look is _Look.FLAG:
                    width = self._metrics.horizontalAdvance(mark.label) + 2 * _FLAG_PADDING
                laid.placed_marks.setdefault(laid.line_of(unit), []).append(PlacedMark(mark, x, x, width))
            for line_marks in laid.placed_marks.values():
                _part(line_marks, leftward=laid.right_to_left)
        return laid.placed_marks.get(number, [])


def _part(line_marks: list[PlacedMark], *, leftward: bool) -> None:
    """Push the flags of a line apart, from where the line begins."""
    line_marks.sort(key=lambda placed: -placed.x if leftward else placed.x)
    free = line_marks[0].x
    for placed in line_marks:
        if placed.mark.look is not _Look.FLAG:
            continue
        if leftward:
            placed.left = min(placed.x, free) - placed.width
            free = placed.left - _FLAG_GAP
        else:
            placed.left = max(placed.x, free)
            free = placed.left + placed.width + _FLAG_GAP


def _flag_rect(placed: PlacedMark, line: LaidLine) -> QRectF:
    return QRectF(placed.left, line.top - _FLAG_ABOVE, placed.width, _FLAG_HEIGHT)


def tip_at(painter: InvisiblePainter, page: Page, point: QPointF) -> str:
    """Return the names of the invisible characters at a point of the page in sight, or nothing."""
    dressed, top = page.block_at(point.y())
    mark = painter.mark_at(dressed.laid, QPointF(point.x(), point.y() - top))
    if mark is None:
        return ""
    shown = [f"{name_of(character)}, {code_of(character)}" for character in mark.characters[:_MOST_NAMED]]
    more = len(mark.characters) - _MOST_NAMED
    if more > 0:
        shown.append(tr("and {count} more").format(count=more))
    return "\n".join(shown)
