"""Where the pages of a document lie in the view: one below the other, at one zoom, scrolled.

Points of the view are logical pixels from the top left corner of the viewport. Points of a page are PDF points in the
coordinates of its words. Pages are named by their place in the document, which begins with 0.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSizeF

from annotator.core.pages import Box, Page, PageLayout

GAP = 16.0
"""Pixels between two pages, and around all of them."""

_LEAST_ZOOM = 0.1
_MOST_ZOOM = 8.0


class PageStack:
    """The sheets, the zoom in logical pixels per PDF point, and what part of them is in sight."""

    def __init__(self) -> None:
        self.pages: tuple[Page, ...] = ()
        self.zoom = 1.0
        self.sight = QSizeF(1.0, 1.0)
        self.scrolled = QPointF()
        self._above = [0.0]
        self._widest = 0.0

    def set_layout(self, layout: PageLayout) -> None:
        """Take other pages, from their top."""
        self.pages = layout.pages
        self.scrolled = QPointF()
        self._above = list(accumulate((height for _, height in map(_size, self.pages)), initial=0.0))
        self._widest = max((width for width, _ in map(_size, self.pages)), default=0.0)

    # -- sizes

    @property
    def width(self) -> float:
        """The pixels that all pages take from left to right, with the gap around them."""
        return self._widest * self.zoom + 2 * GAP

    @property
    def height(self) -> float:
        """The pixels that all pages take from top to bottom, with the gaps."""
        return self._above[-1] * self.zoom + (len(self.pages) + 1) * GAP

    def size(self, page: int) -> tuple[float, float]:
        """Return the width and height of a page in PDF points."""
        return _size(self.pages[page])

    def zoom_to_width(self) -> float:
        """Return the zoom at which the widest page just fits between left and right."""
        return bounded_zoom((self.sight.width() - 2 * GAP) / max(self._widest, 1.0))

    def zoom_to_page(self, page: int) -> float:
        """Return the zoom at which all of a page fits."""
        width, height = self.size(page)
        across, down = self.sight.width() - 2 * GAP, self.sight.height() - 2 * GAP
        return bounded_zoom(min(across / max(width, 1.0), down / max(height, 1.0)))

    def most_scrolled(self) -> QPointF:
        """Return how far one can scroll to the right and down."""
        return QPointF(max(0.0, self.width - self.sight.width()), max(0.0, self.height - self.sight.height()))

    # -- places

    def _top(self, page: int) -> float:
        return self._above[page] * self.zoom + (page + 1) * GAP

    def rect(self, page: int) -> QRectF:
        """Return where a page lies in the view."""
        width, height = self.size(page)
        left = (max(self.width, self.sight.width()) - width * self.zoom) / 2 - self.scrolled.x()
        return QRectF(left, self._top(page) - self.scrolled.y(), width * self.zoom, height * self.zoom)

    def at(self, y: float) -> int:
        """Return the page at a height in the view; between two pages the one above."""
        place = bisect_right(range(len(self.pages)), y + self.scrolled.y(), key=self._top) - 1
        return max(0, place)

    def in_sight(self) -> range:
        """Return the pages that are at least partly in sight."""
        if not self.pages:
            return range(0)
        bottom = self.sight.height() + self.scrolled.y() - 1.0
        last = bisect_left(range(len(self.pages)), bottom, key=self._top)
        first = self.at(0.0)
        return range(first + (self.rect(first).bottom() < 1.0), last)

    def current(self) -> int:
        """Return the page that somebody would say they are on: the one at a third of the height."""
        return self.at(self.sight.height() / 3)

    def to_page(self, page: int, point: QPointF) -> QPointF:
        """Return a point of the view in the coordinates of a page."""
        rect, shown = self.rect(page), self.pages[page].shown
        return (point - rect.topLeft()) / self.zoom + QPointF(shown.left, shown.top)

    def to_view(self, page: int, box: Box) -> QRectF:
        """Return where a box of a page lies in the view."""
        rect, shown = self.rect(page), self.pages[page].shown
        left, top = rect.left() + (box.left - shown.left) * self.zoom, rect.top() + (box.top - shown.top) * self.zoom
        return QRectF(left, top, (box.right - box.left) * self.zoom, (box.bottom - box.top) * self.zoom)

    # -- moving

    def scroll_to(self, x: float, y: float) -> None:
        """Scroll, as far as there is something."""
        most = self.most_scrolled()
        self.scrolled = QPointF(min(max(x, 0.0), most.x()), min(max(y, 0.0), most.y()))

    def set_zoom(self, zoom: float, held: QPointF) -> None:
        """Change the zoom and keep what is under a point of the view there."""
        if not self.pages:
            self.zoom = zoom
            return
        page = self.at(held.y())
        rect = self.rect(page)
        held = QPointF(held.x(), min(max(held.y(), rect.top()), rect.bottom()))
        place = self.to_page(page, held)
        self.zoom = zoom
        moved = self.to_view(page, Box(place.x(), place.y(), place.x(), place.y())).topLeft() - held
        self.scroll_to(self.scrolled.x() + moved.x(), self.scrolled.y() + moved.y())

    def resize(self, sight: QSizeF) -> None:
        """Take another size of the view."""
        self.sight = sight
        self.scroll_to(self.scrolled.x(), self.scrolled.y())


def bounded_zoom(zoom: float) -> float:
    """Return the zoom, or the nearest one that is allowed."""
    return min(max(zoom, _LEAST_ZOOM), _MOST_ZOOM)


def _size(page: Page) -> tuple[float, float]:
    shown = page.shown
    return max(shown.right - shown.left, 1.0), max(shown.bottom - shown.top, 1.0)
