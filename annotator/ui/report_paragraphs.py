"""Paragraphs of reports on paper: runs of plain text laid out in lines, with tints and underlines.

Lengths are PDF points; Qt draws in dots, of which `DOTS` make a point. Nothing is read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPdfWriter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from annotator.core.report import shown_text
from annotator.ui.text_positions import BlockPositions, display_text
from annotator.ui.views.reading_bidi import BidiBlock

RESOLUTION = 720
DOTS = RESOLUTION / 72
INK, SOFT = "#1c2330", "#5b6472"
SERIF = ("Source Serif 4", "Charter", "Georgia", "Noto Serif", "DejaVu Serif")
SANS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
LANE = 2.6
"""Points from one underline to the next."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_PATTERNS = {"dash": [6.0, 3.0], "dot": [1.0, 2.0], "dash-dot": [6.0, 2.0, 1.0, 2.0]}


@dataclass(frozen=True, slots=True)
class Line:
    """An underline: its colour, its pattern and its lane, 0 next to the text."""

    colour: str
    pattern: str
    lane: int


@dataclass(frozen=True, slots=True)
class Run:
    """Text that looks one way; `size` is a share of the paragraph's, `tint` the colour behind it."""

    text: str
    colour: str = ""
    bold: bool = False
    italic: bool = False
    struck: bool = False
    raised: bool = False
    size: float = 1.0
    tint: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph stands: `size` in points, `leading` a factor, `left` and `right` in points from the margins."""

    size: float = 9.5
    serif: bool = False
    bold: bool = False
    leading: float = 1.35
    left: float = 0.0
    right: float = 0.0
    before: float = 0.0
    after: float = 0.0
    colour: str = INK
    keep: float = 0.0
    """Points that must be left on the page below the first line, so that a heading is not alone."""


class Looks:
    """Fonts and formats, each made once; they belong to one thread."""

    def __init__(self, device: QPdfWriter) -> None:
        self.device = device
        self._fonts: dict[Shape, QFont] = {}
        self._formats: dict[tuple[Shape, Run], QTextCharFormat] = {}

    def font(self, shape: Shape) -> QFont:
        """Return the font of a paragraph."""
        font = self._fonts.get(shape)
        if font is None:
            font = self._fonts[shape] = _font(shape, shape.size)
        return font

    def stretch(self, run: Run, start: int, end: int, shape: Shape) -> QTextLayout.FormatRange:
        """Return how a run looks over UTF-16 units `[start, end)`."""
        found = QTextLayout.FormatRange()
        found.start, found.length = start, end - start  # type: ignore[attr-defined]
        key = shape, replace(run, text="", tint="", lines=())
        look = self._formats.get(key)
        if look is None:
            look = self._formats[key] = _look(run, shape)
        found.format = look  # type: ignore[attr-defined]
        return found


def _look(run: Run, shape: Shape) -> QTextCharFormat:
    font = _font(shape, shape.size * run.size)
    font.setBold(run.bold or shape.bold)
    font.setItalic(run.italic)
    font.setStrikeOut(run.struck)
    look = QTextCharFormat()
    look.setForeground(QColor(run.colour or shape.colour))
    look.setFont(font)
    if run.raised:
        look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    return look


def _font(shape: Shape, size: float) -> QFont:
    font = QFont(list(SERIF if shape.serif else SANS))
    font.setPointSizeF(size)
    font.setBold(shape.bold)
    font.setFeature(QFont.Tag("liga"), 0)  # else what is copied from the paper lacks letters
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class LaidOut:
    """A paragraph cut into lines. Its tints and underlines are drawn by itself, for Qt knows only one of each."""

    def __init__(self, runs: Sequence[Run], shape: Shape, looks: Looks, width: float, direction: bool = False) -> None:
        pieces = [_displayed(run.text) for run in runs]
        self._shape = shape
        self.right_to_left = direction
        text = "".join(pieces)
        self.layout = QTextLayout(text, looks.font(shape), looks.device)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if direction else Qt.LayoutDirection.LeftToRight)
        option.setAlignment(Qt.AlignmentFlag.AlignRight if direction else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.layout.setTextOption(option)
        self._ranges = list(_ranges(runs, pieces))
        self.layout.setFormats([looks.stretch(run, start, end, shape) for run, start, end in self._ranges])
        self._lanes = max((line.lane + 1 for run in runs for line in run.lines), default=0)
        self._bidi = None
        if direction or _RIGHT_TO_LEFT.search(text):
            self._bidi = BidiBlock(self.layout, BlockPositions(text, 0), right_to_left=direction)
        self.lines = list(self._broken(width * DOTS))

    def _broken(self, width: float) -> Iterator[QTextLine]:
        self.layout.beginLayout()
        y = 0.0
        while True:
            line = self.layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y))
            y += line.height()
            yield line
        self.layout.endLayout()

    def height_of(self, number: int) -> float:
        """Return the points that a line takes, its underlines included."""
        height = max(self.lines[number].height() / DOTS, self._shape.size * self._shape.leading)
        return height + LANE * self._lanes

    @property
    def height(self) -> float:
        """Return the points that all lines take."""
        return sum(self.height_of(number) for number in range(len(self.lines)))

    @property
    def natural_width(self) -> float:
        """Return the points that the longest line takes."""
        return max((line.naturalTextWidth() for line in self.lines), default=0.0) / DOTS

    def draw_all(self, painter: QPainter | None, x: float, y: float) -> None:
        """Draw all lines below each other, where there is something to draw with."""
        if painter is None:
            return
        for number in range(len(self.lines)):
            self.draw(painter, number, x, y)
            y += self.height_of(number)

    def draw(self, painter: QPainter, number: int, x: float, y: float) -> None:
        """Draw a line with its left top corner at a place in points."""
        line = self.lines[number]
        spare = max(0.0, self._shape.size * self._shape.leading * DOTS - line.height()) / 2
        origin = QPointF(x * DOTS, y * DOTS + spare - line.y())
        top = origin.y() + line.y()
        baseline = top + line.ascent()
        for run, start, end in self._ranges:
            if run.tint or run.lines:
                for left, right in self._stretches(number, start, end):
                    _mark(painter, run, origin.x() + left, origin.x() + right, top, baseline, line.descent())
        painter.setPen(QColor(self._shape.colour))
        line.draw(painter, origin)

    def _stretches(self, number: int, start: int, end: int) -> list[tuple[float, float]]:
        line = self.lines[number]
        low = max(start, line.textStart())
        high = min(end, line.textStart() + line.textLength())
        if low >= high:
            return []
        if self._bidi is not None:
            return self._bidi.stretches(number, low, high)
        return [(_x(line, low), min(_x(line, high), line.x() + line.naturalTextWidth()))]


def _mark(painter: QPainter, run: Run, left: float, right: float, top: float, baseline: float, descent: float) -> None:
    if run.tint:
        painter.fillRect(QRectF(left, top, right - left, baseline - top + descent), QColor(run.tint))
    for line in run.lines:
        pen = QPen(QColor(line.colour), 1.0 * DOTS, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if line.pattern in _PATTERNS:
            pen.setDashPattern(_PATTERNS[line.pattern])
        painter.setPen(pen)
        y = baseline + descent + (0.6 + LANE * line.lane) * DOTS
        painter.drawLine(QPointF(left, y), QPointF(right, y))


def _x(line: QTextLine, unit: int) -> float:
    found: Any = line.cursorToX(unit)
    return found[0]


def _displayed(text: str) -> str:
    """Return the text as Qt shows it, with a line separator for each line break."""
    return "\N{LINE SEPARATOR}".join(map(display_text, shown_text(text).split("\n")))


def _ranges(runs: Iterable[Run], pieces: Iterable[str]) -> Iterator[tuple[Run, int, int]]:
    """Yield each run with its UTF-16 units."""
    start = 0
    for run, piece in zip(runs, pieces, strict=True):
        end = start + len(piece.encode("utf-16-le")) // 2
        yield run, start, end
        start = end
