"""Pictures of pages in the window: asked for as they come in sight, kept while there is room.

Everything here happens in the thread of the window; the drawing itself happens elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from annotator.core.errors import PasswordNeededError, UserError

Draw = Callable[[int, float], Future[Any]]
"""Returns the picture to come of a page, counted from 1, at a number of device pixels per PDF point."""

_LIKE = 0.002
"""Scales that differ by less than this share give the same picture."""


@dataclass(slots=True, eq=False)
class _Kept:
    image: QImage
    scale: float
    pixels: bytes
    """The memory of `image`, which does not own it."""


class PictureStore(QObject):
    """Keeps at most one picture a page, and at most `most_bytes` of those that are not wanted just now.

    `arrived` carries a page, counted from 0, whose picture has come or cannot come.
    """

    arrived = Signal(int)
    locked = Signal()
    """A picture was refused for want of a password."""
    _ended = Signal(int, int, float, object)

    def __init__(self, most_bytes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._most_bytes = most_bytes
        self._draw: Draw | None = None
        self._turn = 0
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._failures: dict[int, str] = {}
        self._asked: dict[int, tuple[float, Future[Any]]] = {}
        self._wanted: dict[int, float] = {}
        self._ended.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def set_source(self, draw: Draw | None) -> None:
        """Forget everything, and draw with `draw` from now on."""
        self.want({})
        self._turn += 1
        self._draw = draw
        self._kept.clear()
        self._failures.clear()

    def retry(self) -> None:
        """Try again what could not be drawn."""
        self._failures.clear()
        self.want(self._wanted)

    @property
    def is_waiting(self) -> bool:
        """Say whether a picture that is wanted has not come yet."""
        return bool(self._asked)

    @property
    def kept_bytes(self) -> int:
        """Return the bytes that the pictures take."""
        return sum(len(kept.pixels) for kept in self._kept.values())

    def image(self, page: int) -> tuple[QImage, float] | None:
        """Return a page's picture and its scale, which may be another one than was asked for last."""
        kept = self._kept.get(page)
        return (kept.image, kept.scale) if kept else None

    def failure(self, page: int) -> str:
        """Return why a page cannot be drawn, or nothing."""
        return self._failures.get(page, "")

    def want(self, wanted: dict[int, float]) -> None:
        """Ask for these pages at these scales, the first one soonest, and take back what is not wanted any more."""
        self._wanted = wanted
        for page, (scale, future) in list(self._asked.items()):
            if not _are_like(wanted.get(page, 0.0), scale):
                del self._asked[page]
                future.cancel()
        for page in wanted:
            if page in self._kept:
                self._kept.move_to_end(page)
        for page, scale in reversed(wanted.items()):
            if self._draw is not None and self._is_missing(page, scale):
                self._ask(self._draw, page, scale)

    def _is_missing(self, page: int, scale: float) -> bool:
        kept = self._kept.get(page)
        return page not in self._asked and page not in self._failures and not (kept and _are_like(kept.scale, scale))

    def _ask(self, draw: Draw, page: int, scale: float) -> None:
        turn = self._turn
        future = draw(page + 1, scale)
        self._asked[page] = (scale, future)

        def end(ended: Future[Any]) -> None:
            if not ended.cancelled():
                self._ended.emit(turn, page, scale, ended)

        future.add_done_callback(end)

    @Slot(int, int, float, object)
    def _take(self, turn: int, page: int, scale: float, ended: Future[Any]) -> None:
        if turn != self._turn:
            return
        if page in self._asked and self._asked[page][1] is ended:
            del self._asked[page]
        try:
            picture = ended.result()
        except CancelledError:
            return
        except UserError as error:
            self._failures[page] = str(error)
            if isinstance(error, PasswordNeededError):
                self.locked.emit()
        else:
            size = picture.width, picture.height, picture.stride
            image = QImage(picture.pixels, *size, QImage.Format.Format_RGB32)
            self._kept[page] = _Kept(image, scale, picture.pixels)
            self._kept.move_to_end(page)
            self._make_room()
        self.arrived.emit(page)

    def _make_room(self) -> None:
        total = self.kept_bytes
        for page in [page for page in self._kept if page not in self._wanted]:
            if total <= self._most_bytes:
                return
            total -= len(self._kept.pop(page).pixels)


def _are_like(one: float, other: float) -> bool:
    return abs(one - other) <= _LIKE * max(one, other)
