"""Paper for reports: pages that fill from the top, and paragraphs that break over them. May run in any thread.

Lengths are PDF points from the top left corner of a page; Qt draws in dots, of which `DOTS` make a point. Every text
is laid out from runs of plain text with formats; nothing is read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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

from annotator.core.report import reads_right_to_left, shown_text
from annotator.ui.text_positions import BlockPositions, display_text
from annotator.ui.views.reading_bidi import BidiBlock

RESOLUTION = 720
DOTS = RESOLUTION / 72
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 54.0, 54.0, 62.0, 60.0
INK, SOFT, RULE, SHADE = "#1c2330", "#5b6472", "#d5dae1", "#f4f5f8"
SERIF = ("Source Serif 4", "Charter", "Georgia", "Noto Serif", "DejaVu Serif")
SANS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
LANE = 2.6
"""Points from one underline to the next."""

_LONGEST = 8000
"""Code points that are laid out at once at most, so that no step takes long."""

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


_CELL, _HEAD = Shape(9), Shape(8, colour=SOFT)
_CELL_GAP = 10.0


@dataclass
class Sheet:
    """Where drawing has got to. Without a painter it only counts pages; `last` is how many there will be, or 0."""

    writer: QPdfWriter
    painter: QPainter | None
    header: str
    last: int = 0
    page: int = 1
    y: float = MARGIN_TOP
    width: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        size = self.writer.pageLayout().fullRectPoints()
        self.width, self.height = float(size.width()), float(size.height())
        self._foot()

    @property
    def room(self) -> float:
        """Return the points that are left on the page."""
        return self.height - MARGIN_BOTTOM - self.y

    @property
    def column(self) -> float:
        """Return the width between the margins."""
        return self.width - MARGIN_LEFT - MARGIN_RIGHT

    def need(self, height: float) -> None:
        """Go on to the next page where less than this is left; nothing is taller than a page."""
        if height > self.room and self.y > MARGIN_TOP:
            self.new_page()

    def skip(self, height: float) -> None:
        """Leave a gap, but none at the top of a page."""
        if self.y > MARGIN_TOP:
            self.y += height

    def new_page(self) -> None:
        """Begin a page."""
        if self.painter is not None:
            self.writer.newPage()
        self.page += 1
        self.y = MARGIN_TOP
        self._foot()

    def _foot(self) -> None:
        words = f"{self.page} / {self.last}" if self.last else str(self.page)
        shape = Shape(7.5, colour=SOFT)
        self.line(words, MARGIN_LEFT, self.height - 36, self.column, shape, Qt.AlignmentFlag.AlignRight)
        if self.page > 1:
            self.line(self.header, MARGIN_LEFT, 30, self.column, shape)
            self.rule(44)

    # -- what stands at a fixed place

    def rule(self, y: float, left: float = 0.0) -> None:
        """Draw a hairline from the left margin, or further right, to the right margin."""
        if self.painter is not None:
            self.painter.setPen(QPen(QColor(RULE), 0.6 * DOTS))
            start, end = MARGIN_LEFT + left, self.width - MARGIN_RIGHT
            self.painter.drawLine(QPointF(start * DOTS, y * DOTS), QPointF(end * DOTS, y * DOTS))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        if self.painter is not None:
            self.painter.fillRect(QRectF(x * DOTS, y * DOTS, width * DOTS, height * DOTS), QColor(colour))

    def line(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        shape: Shape,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Draw the first line of a text with its top at a height, cut at a width."""
        if self.painter is None:
            return
        words = " ".join(shown_text(text[:400]).split())
        laid = LaidOut([Run(words)], shape, self.writer, 100 * width)
        first = laid.lines[0]
        while len(words) > 1 and first.naturalTextWidth() > width * DOTS:
            words = words[: max(1, min(len(words) - 2, int(len(words) * width * DOTS / first.naturalTextWidth())))]
            laid = LaidOut([Run(words.rstrip() + "…")], shape, self.writer, 100 * width)
            first = laid.lines[0]
        shown = first.naturalTextRect()
        left = width * DOTS - shown.width() if side == Qt.AlignmentFlag.AlignRight else 0.0
        first.draw(self.painter, QPointF(x * DOTS + left - shown.left(), y * DOTS - first.y()))

    # -- what flows

    def text(self, text: str, shape: Shape) -> None:
        """Add a plain paragraph; a line break in it is one on paper."""
        self.paragraph([Run(text)], shape)

    def paragraph(self, runs: Sequence[Run], shape: Shape, *, direction: bool | None = None) -> None:
        """Add a paragraph of runs; `direction` says whether it runs from right to left, None that it tells itself."""
        self.skip(shape.before)
        width = self.column - shape.left - shape.right
        if direction is None:
            direction = reads_right_to_left("".join(run.text for run in runs))
        for portion in _portions(runs):
            laid = LaidOut(portion, shape, self.writer, width, direction)
            for number in range(len(laid.lines)):
                height = laid.height_of(number)
                self.need(height + (shape.keep if number == 0 else 0.0))
                if self.painter is not None:
                    laid.draw(self.painter, number, MARGIN_LEFT + shape.left, self.y)
                self.y += height
        self.y += shape.after

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table: a line of names in a soft colour, and rows over hairlines; no row is cut by a page's end."""
        rows = [tuple(row) for row in rows]
        widths = self._widths([header, *rows])
        for number, row in enumerate([header, *rows]):
            shape = _HEAD if number == 0 else _CELL
            cells = [
                LaidOut([Run(text)], shape, self.writer, width - _CELL_GAP, reads_right_to_left(text))
                for text, width in zip(row, widths, strict=True)
            ]
            height = max(cell.height for cell in cells) + 5
            self.need(min(height, self.height - MARGIN_TOP - MARGIN_BOTTOM) + (24 if number == 0 else 0))
            left = MARGIN_LEFT
            for cell, width in zip(cells, widths, strict=True):
                cell.draw_all(self.painter, left, self.y)
                left += width
            self.y += height
            self.rule(self.y - 2)
        self.y += 8

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """Return how wide the columns are: as their text, or less where all of it would be wider than the page."""
        wide = 10 * self.column
        natural = [
            max(LaidOut([Run(row[place][:400])], _CELL, self.writer, wide).natural_width for row in rows) + _CELL_GAP
            for place in range(len(rows[0]))
        ]
        if sum(natural) <= self.column:
            return natural
        fair = self.column / len(natural)
        narrow = sum(width for width in natural if width <= fair)
        excess = sum(width for width in natural if width > fair)
        return [width if width <= fair else width * (self.column - narrow) / excess for width in natural]


class LaidOut:
    """A paragraph cut into lines. Its tints and underlines are drawn by itself, for Qt knows only one of each."""

    def __init__(
        self, runs: Sequence[Run], shape: Shape, device: QPdfWriter, width: float, direction: bool = False
    ) -> None:
        pieces = [_displayed(run.text) for run in runs]
        self._shape = shape
        self.right_to_left = direction
        text = "".join(pieces)
        self.layout = QTextLayout(text, _font(shape), device)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if direction else Qt.LayoutDirection.LeftToRight)
        option.setAlignment(Qt.AlignmentFlag.AlignRight if direction else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.layout.setTextOption(option)
        self._ranges = list(_ranges(runs, pieces))
        self.layout.setFormats([_format(run, start, end, shape) for run, start, end in self._ranges])
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


def _font(shape: Shape) -> QFont:
    font = QFont(list(SERIF if shape.serif else SANS))
    font.setPointSizeF(shape.size)
    font.setBold(shape.bold)
    font.setFeature(QFont.Tag("liga"), 0)  # else what is copied from the paper lacks letters
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _ranges(runs: Iterable[Run], pieces: Iterable[str]) -> Iterator[tuple[Run, int, int]]:
    """Yield each run with its UTF-16 units."""
    start = 0
    for run, piece in zip(runs, pieces, strict=True):
        end = start + len(piece.encode("utf-16-le")) // 2
        yield run, start, end
        start = end


def _format(run: Run, start: int, end: int, shape: Shape) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length = start, end - start  # type: ignore[attr-defined]
    look = QTextCharFormat()
    look.setForeground(QColor(run.colour or shape.colour))
    font = _font(shape)
    font.setPointSizeF(shape.size * run.size)
    font.setBold(run.bold or shape.bold)
    font.setItalic(run.italic)
    font.setStrikeOut(run.struck)
    look.setFont(font)
    if run.raised:
        look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    found.format = look  # type: ignore[attr-defined]
    return found


def _portions(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs in portions of bounded length, cut at a space where there is one."""
    portion, length = list[Run](), 0
    for run in runs:
        rest = run
        while length + len(rest.text) > _LONGEST:
            room = _LONGEST - length
            cut = rest.text.rfind(" ", max(0, room - 200), room) + 1 or room
            portion.append(replace(rest, text=rest.text[:cut]))
            yield portion
            rest, portion, length = replace(rest, text=rest.text[cut:]), [], 0
        portion.append(rest)
        length += len(rest.text)
    yield portion
