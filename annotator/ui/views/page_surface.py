"""The pages of a document as a surface to point at: positions under points, and the places of positions.

Points are logical pixels of the viewport, positions are code points of the document. Pages are counted from 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF

from annotator.core.pages import PageLayout
from annotator.core.spans import Fragment, SpanSet
from annotator.core.structure import Structure
from annotator.ui.views.page_marks import marks_on
from annotator.ui.views.page_painter import Sheet, handle_points
from annotator.ui.views.page_stack import PageStack
from annotator.ui.views.page_words import PageWords
from annotator.ui.views.reading_page import Page

_KEPT_SHEETS = 24
"""Pages whose words and marks are kept; a page with many words takes some milliseconds to look through."""


class PageSurface:
    """The stack of pages with the words and spans on them. The text and its spans are those of the reading view."""

    def __init__(self, reading: Page) -> None:
        self._reading = reading
        self.stack = PageStack()
        self._layout = PageLayout()
        self._extents: list[tuple[int, int, int]] = []
        self._sheets: dict[int, Sheet] = {}

    @property
    def text(self) -> str:
        """The canonical text."""
        return self._reading.text

    @property
    def structure(self) -> Structure:
        """The structure of the text."""
        return self._reading.structure

    @property
    def spans(self) -> SpanSet:
        """The spans on the text."""
        return self._reading.spans

    def set_layout(self, layout: PageLayout) -> None:
        """Take the pages of another document."""
        self._layout = layout
        self.stack.set_layout(layout)
        extents = ((page.extent(), number) for number, page in enumerate(layout.pages))
        self._extents = [(*extent, number) for extent, number in extents if extent]
        self._sheets.clear()

    @property
    def has_words(self) -> bool:
        """Say whether there is any text on the pages."""
        return bool(self._extents)

    # -- sheets

    def forget_marks(self) -> None:
        """Look the spans up anew."""
        self._sheets.clear()

    def sheet(self, page: int) -> Sheet:
        """Return a page with its words and marks."""
        sheet = self._sheets.pop(page, None)
        if sheet is None:
            words = PageWords(self.stack.pages[page])
            sheet = Sheet(page, words, marks_on(words, self.spans))
        self._sheets[page] = sheet
        if len(self._sheets) > _KEPT_SHEETS:
            del self._sheets[next(iter(self._sheets))]
        return sheet

    def sheets_in_sight(self) -> Iterator[Sheet]:
        """Yield the pages in sight from the top."""
        return map(self.sheet, self.stack.in_sight())

    # -- points

    def position_under(self, x: float, y: float) -> int | None:
        """Return the position of the character under a point, or None beside the text."""
        page = self._page_under(x, y)
        if page is None:
            return None
        place = self.stack.to_page(page, QPointF(x, y))
        return self.sheet(page).words.under(place.x(), place.y())

    def position_between(self, x: float, y: float) -> int:
        """Return the position of a caret set at a point; beside the words it is the nearest place."""
        if not self._extents:
            return 0
        page = self._nearest_with_words(self.stack.at(y))
        place = self.stack.to_page(page, QPointF(x, y))
        found = self.sheet(page).words.between(place.x(), place.y())
        return found or 0

    def handle_points(self, fragments: tuple[Fragment, ...]) -> dict[tuple[int, int], QPointF]:
        """Return where the handles of a span in sight are, by (fragment, 0 for its start or 1 for its end)."""
        points: dict[tuple[int, int], QPointF] = {}
        for sheet in self.sheets_in_sight():
            points |= handle_points(self.stack, sheet, fragments)
        return points

    def is_paper_at(self, point: QPointF) -> bool:
        """Say whether a point is on a page."""
        return self._page_under(point.x(), point.y()) is not None

    def _page_under(self, x: float, y: float) -> int | None:
        if not self.stack.pages:
            return None
        page = self.stack.at(y)
        return page if self.stack.rect(page).contains(x, y) else None

    def _nearest_with_words(self, page: int) -> int:
        return min((number for _, _, number in self._extents), key=lambda number: abs(number - page))

    # -- positions

    def page_of(self, position: int) -> int:
        """Return the page on which a position stands, or else the last one that begins before it."""
        return self._layout.page_of(position) - 1

    def caret_rect(self, position: int) -> QRectF | None:
        """Return the line, without width, of a caret before a position; None where no page has words."""
        page = self.page_of(position)
        box = self.sheet(page).words.caret(position) if self._extents else None
        return None if box is None else self.stack.to_view(page, box)

    def top_position(self) -> int:
        """Return the first code point, in the order of the text, of what is in sight; 0 at the very top."""
        if self.stack.scrolled.y() <= 0:
            return 0
        for page in self.stack.in_sight():
            height = self.stack.to_page(page, QPointF(0.0, 0.0)).y()
            for word in self.sheet(page).words.words:
                if word.box.top + word.box.bottom >= 2 * height:
                    return word.start
        return self._extents[-1][1] if self._extents else 0

    def by_lines(self, position: int, lines: int, x: float) -> int:
        """Return the place so many lines on (or back, if negative) nearest to `x`; at the ends the first or last."""
        order = [number for _, _, number in self._extents]
        place = order.index(self.page_of(position))
        words = self.sheet(order[place]).words
        line = words.line_at(position) + lines
        while line < 0 and place > 0:
            place -= 1
            words = self.sheet(order[place]).words
            line += len(words.lines())
        while line >= len(words.lines()) and place + 1 < len(order):
            line -= len(words.lines())
            place += 1
            words = self.sheet(order[place]).words
        if not 0 <= line < len(words.lines()):
            return self._extents[0][0] if line < 0 else self._extents[-1][1]
        return words.in_line(line, self.stack.to_page(order[place], QPointF(x, 0.0)).x())

    def line_ends(self, position: int) -> tuple[int, int]:
        """Return where the line of a position starts and ends in the text."""
        words = self.sheet(self.page_of(position)).words
        return words.line_ends(words.line_at(position))
