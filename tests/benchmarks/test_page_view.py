"""A page drawn in the child beside the same page drawn bare in one process. Prints ratios of one run."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from annotator.workers.pictures import PagePictures
from tests.benchmarks.repeated import measured
from tests.formats.pdf_samples import lines, pages_pdf

LIMIT = 1.5
SCALES = (96 / 72, 1.25 * 96 / 72, 2 * 96 / 72)
"""Device pixels per PDF point: at 100 %, at the width of the text column, and at 100 % on a fine screen."""
_ROUNDS = 15


def dense_pdf() -> bytes:
    """Return a page of two columns of small print, as communiqués and journals have them."""
    sentence = "The delegations agreed to meet again in spring, provided that"
    column = [f"{place}. {sentence}" for place in range(72)]
    return pages_pdf([lines(740, column, 50, size=7.5, pitch=9.6) + lines(740, column, 310, "F2", 7.5, 9.6)])


class Painted:
    """Both ways end in the same: the picture painted on a surface of the size of a window."""

    def __init__(self) -> None:
        self._surface = QImage(1400, 1000, QImage.Format.Format_RGB32)

    def paint(self, pixels: bytes | memoryview, width: int, height: int, stride: int) -> None:
        painter = QPainter(self._surface)
        painter.drawImage(QPoint(0, 0), QImage(pixels, width, height, stride, QImage.Format.Format_RGB32))
        painter.end()


@pytest.fixture
def warm() -> Iterator[PagePictures]:
    pictures = PagePictures()
    yield pictures
    pictures.close()


def _times(work: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Return the medians of both in milliseconds, measured in turn so that noise falls on both alike."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for one, times in zip((work, other), found, strict=True):
            begun = time.perf_counter()
            one()
            times.append((time.perf_counter() - begun) * 1000)
    return median(found[0]), median(found[1])


def _compare(warm: PagePictures, data: bytes, scale: float, page: int = 1) -> tuple[float, float]:
    name, screen = hashlib.sha256(data).hexdigest(), Painted()
    warm.prepare(name, lambda: data).result()
    document = pypdfium2.PdfDocument(data)

    def in_the_child() -> None:
        picture = warm.render(name, lambda: data, page, scale).result()
        screen.paint(picture.pixels, picture.width, picture.height, picture.stride)

    def bare() -> None:
        opened: Any = document[page - 1]
        bitmap = opened.render(scale=scale, prefer_bgrx=True)
        opened.close()
        screen.paint(memoryview(bitmap.buffer).cast("B"), bitmap.width, bitmap.height, bitmap.stride)

    result = _times(in_the_child, bare)
    document.close()
    return result


def test_a_page_comes_nearly_as_soon_as_from_the_bare_library(
    qtbot: QtBot, warm: PagePictures, capsys: pytest.CaptureFixture[str]
) -> None:
    data = dense_pdf()
    found = measured(
        lambda: {scale: _compare(warm, data, scale) for scale in SCALES},
        lambda result: all(child <= LIMIT * bare for child, bare in result.values()),
    )
    with capsys.disabled():
        print("\nfirst page visible, two columns of small print:")
        for scale, (child, bare) in found.items():
            print(f"  scale {scale:.2f}: {child / bare:.2f} x ({child:.1f} ms from the child, {bare:.1f} ms bare)")
        print(f"  cold, the child's start included: {_cold(data):.0f} ms")
    for scale, (child, bare) in found.items():
        assert child <= 2 * LIMIT * bare, scale


def _cold(data: bytes) -> float:
    pictures = PagePictures()
    begun = time.perf_counter()
    pictures.render(hashlib.sha256(data).hexdigest(), lambda: data, 1, SCALES[0]).result()
    taken = (time.perf_counter() - begun) * 1000
    pictures.close()
    return taken


def test_real_pages(qtbot: QtBot, warm: PagePictures, corpus_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only told: pages of the corpus differ too much in weight for one limit."""
    told = []
    for file in sorted((corpus_folder / "pdf").glob("*.pdf")):
        child, bare = _compare(warm, file.read_bytes(), SCALES[0])
        told.append(f"  {child / bare:.2f} x ({child:.1f} ms, {bare:.1f} ms bare)  {file.name}")
    with capsys.disabled():
        print("\nreal first pages at 100 %:", *told, sep="\n")
    assert told
