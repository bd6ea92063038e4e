"""Pictures of pages, drawn by a child: what comes, in which order, and what a broken page or file does."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.workers.child import TEST_JOBS_VARIABLE
from annotator.workers.drawing import MOST_PIXELS
from annotator.workers.pictures import PagePicture, PagePictures, PictureFailedError, _checked
from annotator.workers.process import ReadCancelledError
from annotator.workers.shared_pixels import SHARED_BYTES, new_pixels
from tests.formats.pdf_samples import locked_pdf, pages_pdf

RED_TOP_LEFT = "1 0 0 rg 0 692 100 100 re f\n"
"""A red square of 100 points in the top left corner of a page of 612 × 792."""
GREEN_ALL = "0 1 0 rg 0 0 2000 2000 re f\n"


class Source:
    """A PDF and how often its bytes were asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.hash = hashlib.sha256(data).hexdigest()
        self.loads = 0

    def load(self) -> bytes:
        self.loads += 1
        return self.data


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagePictures]:
    monkeypatch.setenv(TEST_JOBS_VARIABLE, "1")
    made = PagePictures(time_limit=20)
    yield made
    made.close()


def draw(pictures: PagePictures, source: Source, page: int = 1, scale: float = 1.0) -> PagePicture:
    return pictures.render(source.hash, source.load, page, scale).result(30)


def colour(picture: PagePicture, x: int, y: int) -> tuple[int, int, int]:
    """Return the red, green and blue of a pixel."""
    start = y * picture.stride + 4 * x
    blue, green, red = picture.pixels[start : start + 3]
    return red, green, blue


def test_a_picture_shows_the_page_at_the_scale(pictures: PagePictures) -> None:
    source = Source(pages_pdf([RED_TOP_LEFT, GREEN_ALL]))
    first, second = draw(pictures, source, 1, 0.5), draw(pictures, source, 2, 2.0)
    assert (first.width, first.height) == (306, 396) and (second.width, second.height) == (1224, 1584)
    assert len(first.pixels) == first.stride * first.height
    assert colour(first, 10, 10) == (255, 0, 0) and colour(first, 100, 10) == (255, 255, 255)
    assert colour(second, 600, 800) == (0, 255, 0)


@pytest.mark.parametrize("system", ["linux", "another"])
def test_pixels_come_through_shared_memory_or_the_pipe(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    if system == "another":
        monkeypatch.setattr("annotator.workers.pictures.new_pixels", lambda: None)
    source = Source(pages_pdf([RED_TOP_LEFT, GREEN_ALL]))
    with closing(PagePictures()) as pictures:
        first, second = draw(pictures, source, 1, 0.5), draw(pictures, source, 2, 6.0)
    assert colour(first, 10, 10) == (255, 0, 0) and colour(first, 100, 10) == (255, 255, 255)
    assert len(second.pixels) > SHARED_BYTES and colour(second, 3600, 4700) == (0, 255, 0)


@pytest.mark.parametrize(
    "picture",
    [
        PagePicture(0, 1, 4, bytes(4)),
        PagePicture(2, 1, 4, bytes(4)),
        PagePicture(1, 2, 4, bytes(4)),
        PagePicture(1, -1, 4, b""),
    ],
)
def test_a_picture_that_lies_about_its_size_is_refused(picture: PagePicture) -> None:
    with pytest.raises(PictureFailedError):
        _checked(picture, 1)


def test_a_picture_is_the_crop_box_turned(pictures: PagePictures) -> None:
    source = Source(pages_pdf([RED_TOP_LEFT], "/Rotate 90/CropBox[0 592 200 792]"))
    picture = draw(pictures, source)
    assert (picture.width, picture.height) == (200, 200)
    assert colour(picture, 150, 50) == (255, 0, 0) and colour(picture, 50, 50) == (255, 255, 255)


def test_the_bytes_are_sent_once_a_child(pictures: PagePictures) -> None:
    source, other = Source(pages_pdf([RED_TOP_LEFT, ""])), Source(pages_pdf([GREEN_ALL]))
    draw(pictures, source)
    draw(pictures, source, 2, 0.3)
    assert source.loads == 1
    assert colour(draw(pictures, other), 50, 50) == (0, 255, 0)
    assert colour(draw(pictures, source), 50, 50) == (255, 0, 0)
    assert (source.loads, other.loads) == (2, 1)


def test_preparing_sends_the_bytes(pictures: PagePictures) -> None:
    source = Source(pages_pdf([""]))
    pictures.prepare(source.hash, source.load).result(30)
    assert pictures.process_id is not None
    draw(pictures, source)
    assert source.loads == 1


def test_a_picture_has_no_more_pixels_than_the_limit(pictures: PagePictures) -> None:
    picture = draw(pictures, Source(pages_pdf([""], "/MediaBox[0 0 14000 14000]")), 1, 4.0)
    assert 0.98 * MOST_PIXELS < picture.width * picture.height < 1.02 * MOST_PIXELS


@pytest.mark.parametrize(("page", "scale"), [(0, 1.0), (2, 1.0), (1, 0.0), (1, -1.0), (1, float("inf"))])
def test_what_is_not_there_is_refused_and_the_child_lives(pictures: PagePictures, page: int, scale: float) -> None:
    source = Source(pages_pdf([""]))
    draw(pictures, source)
    child = pictures.process_id
    with pytest.raises(DocumentReadError, match=f"Page {page} cannot be drawn"):
        draw(pictures, source, page, scale)
    draw(pictures, source)
    assert pictures.process_id == child


def test_a_broken_file_is_refused(pictures: PagePictures) -> None:
    with pytest.raises(DocumentReadError, match="damaged"):
        draw(pictures, Source(b"%PDF-1.7 and nothing else"))


def test_a_locked_file_opens_with_its_password_only(pictures: PagePictures) -> None:
    source = Source(locked_pdf("sesame"))
    with pytest.raises(PasswordNeededError):
        draw(pictures, source)
    pictures.unlock(source.hash, "poppy")
    with pytest.raises(PasswordNeededError):
        draw(pictures, source)
    pictures.unlock(source.hash, "sesame")
    assert draw(pictures, source).width > 0


SLOW = "0 0 1 rg " + "0 0 612 792 re f " * 200_000
"""A page that takes seconds at a large scale."""


def test_a_child_that_dies_is_followed_by_another(pictures: PagePictures) -> None:
    source, slow = Source(pages_pdf([RED_TOP_LEFT])), Source(pages_pdf([SLOW]))
    draw(pictures, source)
    first = pictures.process_id
    assert first is not None
    threading.Timer(0.4, os.kill, (first, signal.SIGTERM)).start()
    with pytest.raises(PictureFailedError, match="Page 1 cannot be drawn"):
        draw(pictures, slow, 1, 4.0)
    assert draw(pictures, source).width == 612
    assert pictures.process_id != first and source.loads == 2


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = PagePictures(time_limit=0.5)
    source, quick = Source(pages_pdf([SLOW])), Source(pages_pdf([""]))
    try:
        draw(pictures, quick, 1, 0.1)
        with pytest.raises(PictureFailedError):
            draw(pictures, source, 1, 4.0)
        assert draw(pictures, quick).width == 612
    finally:
        pictures.close()


class Blocker:
    """Keeps the pictures' thread busy until told, so that requests pile up."""

    def __init__(self, pictures: PagePictures, source: Source) -> None:
        self._go = threading.Event()
        self._begun = threading.Event()
        self.future = pictures.prepare(source.hash, self._load(source))
        assert self._begun.wait(20)

    def _load(self, source: Source) -> Callable[[], bytes]:
        def load() -> bytes:
            self._begun.set()
            self._go.wait(20)
            return source.data

        return load

    def release(self) -> None:
        self._go.set()


def test_the_newest_request_comes_first_and_cancelled_ones_not_at_all(pictures: PagePictures) -> None:
    source = Source(pages_pdf([""] * 4))
    blocker = Blocker(pictures, source)
    order: list[int] = []
    futures = {page: pictures.render(source.hash, source.load, page, 0.1) for page in (1, 2, 3, 4)}
    for page, future in futures.items():
        future.add_done_callback(lambda _future, page=page: order.append(page))
    assert futures[3].cancel()
    blocker.release()
    for page in (1, 2, 4):
        futures[page].result(30)
    assert order == [3, 4, 2, 1]


def test_what_the_loader_raises_reaches_the_future_and_the_thread_lives(pictures: PagePictures) -> None:
    def fail() -> bytes:
        raise DocumentReadError("gone")

    with pytest.raises(DocumentReadError, match="gone"):
        pictures.render("x", fail, 1, 1.0).result(30)
    assert draw(pictures, Source(pages_pdf([""]))).width == 612


def test_closing_gives_up_what_waits_and_ends_the_child() -> None:
    pictures = PagePictures()
    source = Source(pages_pdf([""]))
    draw(pictures, source)
    blocker = Blocker(pictures, Source(pages_pdf(["", ""])))
    waiting = pictures.render(source.hash, source.load, 1, 1.0)
    threading.Timer(0.2, blocker.release).start()
    pictures.close()
    assert waiting.cancelled() and pictures.process_id is None
    assert isinstance(blocker.future.exception(1), ReadCancelledError)


def test_the_child_does_without_the_language_model_and_writes_no_files(pictures: PagePictures) -> None:
    draw(pictures, Source(pages_pdf([""])))
    process = Path(f"/proc/{pictures.process_id}")
    if not process.is_dir():
        pytest.skip("This system does not show the limits of a process.")
    limits = [line.split() for line in (process / "limits").read_text().splitlines()]
    assert ["Max", "file", "size", "0", "0"] in [line[:5] for line in limits]
    assert ["Max", "address", "space", "1073741824"] in [line[:4] for line in limits]
    assert "numpy" not in (process / "maps").read_text() and "pdfium" in (process / "maps").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has memory of this kind.")
def test_a_child_cannot_cut_the_shared_memory_short() -> None:
    """Reading what is gone would end the program with a bus error."""
    pixels = new_pixels()
    assert pixels is not None
    with pytest.raises(PermissionError):
        os.ftruncate(pixels.descriptor, 0)
    with pytest.raises(PermissionError):
        os.ftruncate(pixels.descriptor, 2 * SHARED_BYTES)
    assert len(pixels.copy(10)) == 10
    pixels.close()
