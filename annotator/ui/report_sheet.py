"""Pages of reports on paper, which fill from the top, and paragraphs and tables that break over them.

May run in any thread. Lengths are PDF points from the top left corner of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPdfWriter, QPen

from annotator.core.report import reads_right_to_left, shown_text
from annotator.ui.report_paragraphs import DOTS, SOFT, LaidOut, Looks, Run, Shape

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 54.0, 54.0, 62.0, 60.0
_RULE = "#d5dae1"
_LONGEST = 8000
"""Code points that are laid out at once at most, so that no step takes long."""

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
    looks: Looks = field(init=False)

    def __post_init__(self) -> None:
        self.looks = Looks(self.writer)
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
            self.painter.setPen(QPen(QColor(_RULE), 0.6 * DOTS))
            start, end = MARGIN_LEFT + left, self.width - MARGIN_RIGHT
            self.painter.drawLine(QPointF(start * DOTS, y * DOTS), QPointF(end * DOTS, y * DOTS))

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
        laid = LaidOut([Run(words)], shape, self.looks, 100 * width)
        first = laid.lines[0]
        while len(words) > 1 and first.naturalTextWidth() > width * DOTS:
            words = words[: max(1, min(len(words) - 2, int(len(words) * width * DOTS / first.naturalTextWidth())))]
            laid = LaidOut([Run(words.rstrip() + "…")], shape, self.looks, 100 * width)
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
            laid = LaidOut(portion, shape, self.looks, width, direction)
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
                LaidOut([Run(text)], shape, self.looks, width - _CELL_GAP, reads_right_to_left(text))
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
            max(LaidOut([Run(row[place][:400])], _CELL, self.looks, wide).natural_width for row in rows) + _CELL_GAP
            for place in range(len(rows[0]))
        ]
        if sum(natural) <= self.column:
            return natural
        fair = self.column / len(natural)
        narrow = sum(width for width in natural if width <= fair)
        excess = sum(width for width in natural if width > fair)
        return [width if width <= fair else width * (self.column - narrow) / excess for width in natural]


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
