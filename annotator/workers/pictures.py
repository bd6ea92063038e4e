"""Pictures of a PDF's pages, drawn in a child of its own: the request that came last is served first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from annotator.core.errors import DocumentReadError
from annotator.workers.child import PICTURES
from annotator.workers.process import ChildEndedError, ChildProcess, child_command
from annotator.workers.shared_pixels import new_pixels

TIME_LIMIT = 10.0
"""Seconds that one picture may take."""

DataLoader = Callable[[], bytes]
"""Returns the PDF's bytes; called on the thread of the pictures, when the child has not got them yet."""


@dataclass(frozen=True, slots=True, eq=False)
class PagePicture:
    """A page as it is displayed. `pixels` are rows of `stride` bytes, four a pixel: blue, green, red, unused."""

    width: int
    height: int
    stride: int
    pixels: bytes


class PictureFailedError(DocumentReadError):
    """The child died of a page, or was given up; the next picture starts another one."""

    def __init__(self, page: int) -> None:
        super().__init__("Page {page} cannot be drawn.", page=page)


class PagePictures:
    """Draws pages in one child, which is started when first needed and again after it died."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        """Take the seconds that a picture may take."""
        self._closing = threading.Event()
        self._shared = new_pixels()
        descriptors = [] if self._shared is None else [self._shared.descriptor]
        command = [*child_command(), PICTURES, *map(str, descriptors)]
        self._child = ChildProcess(command, self._closing, descriptors)
        self._time_limit = time_limit
        self._passwords: dict[str, str] = {}
        self._waiting: list[tuple[Future[Any], Callable[[], object]]] = []
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")

    @property
    def process_id(self) -> int | None:
        """The running child's id, or None."""
        return self._child.process_id

    def prepare(self, source_hash: str, data_loader: DataLoader) -> Future[None]:
        """Start the child and send it a PDF, so that its first picture comes sooner. Its exceptions are as below."""
        return self._request(lambda: self._hold(source_hash, data_loader))

    def unlock(self, source_hash: str, password: str) -> None:
        """Open a locked PDF with this password from now on; it is kept in memory only."""
        self._passwords[source_hash] = password

    def render(self, source_hash: str, data_loader: DataLoader, page: int, scale: float) -> Future[PagePicture]:
        """Return the picture to come of a page, counted from 1, at `scale` pixels per PDF point.

        A future that is cancelled before its turn costs nothing. Its exceptions:
            PasswordNeededError: The PDF is locked.
            DocumentReadError: The PDF or the page is damaged.
            PictureFailedError: The child died of it or made no picture within the time limit.
            ReadCancelledError: These pictures were closed meanwhile.
            Whatever `data_loader` raises.
        """
        return self._request(lambda: self._draw(source_hash, data_loader, page, scale))

    def close(self) -> None:
        """Give up what waits and what runs, and end the child."""
        self._closing.set()
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for future, _ in waiting:
            future.cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._child.kill()
        if self._shared is not None:
            self._shared.close()

    def _request(self, work: Callable[[], object]) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            self._waiting.append((future, work))
        self._thread.submit(self._serve_newest)
        return future

    def _serve_newest(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            future, work = self._waiting.pop()
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:
            future.set_exception(error)
            raise
        future.set_result(result)

    def _draw(self, source_hash: str, data_loader: DataLoader, page: int, scale: float) -> PagePicture:
        request = {"job": "picture", "document": source_hash, "page": page, "scale": scale}
        last, pixels = self._ask(request, b"")
        if last.get("answer") == "unknown":
            self._hold(source_hash, data_loader)
            last, pixels = self._ask(request, b"")
        width, height, stride = (_size(last, name, page) for name in ("width", "height", "stride"))
        if last.get("shared") and self._shared is not None:
            pixels = self._shared.copy(stride * height)
        return _checked(PagePicture(width, height, stride, pixels), page)

    def _hold(self, source_hash: str, data_loader: DataLoader) -> None:
        password = self._passwords.get(source_hash, "")
        self._ask({"job": "hold", "document": source_hash, "password": password}, data_loader())

    def _ask(self, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        payloads: list[bytes] = []

        def take(_header: dict[str, Any], payload: bytes) -> bool:
            payloads.append(payload)
            return True

        try:
            last = self._child.ask(request, data, take, seconds=self._time_limit)
        except ChildEndedError as end:
            raise PictureFailedError(request.get("page", 1)) from end
        return last, payloads[0]


def _size(picture: dict[str, Any], name: str, page: int) -> int:
    """Return one of the numbers that a child says of a picture."""
    value = picture.get(name)
    if type(value) is not int:
        raise PictureFailedError(page)
    return value


def _checked(picture: PagePicture, page: int) -> PagePicture:
    """Return a picture whose pixels are as many as it says: who draws it would else read what is not there."""
    rows = picture.stride * picture.height
    if picture.width < 1 or picture.height < 1 or picture.stride < 4 * picture.width or len(picture.pixels) != rows:
        raise PictureFailedError(page)
    return picture
