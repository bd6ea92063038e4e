"""The margin that shows what was read: its cost must follow what is in sight. Prints ratios."""

from __future__ import annotations

import time
from statistics import median

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from annotator.core.structure import Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_coverage import sight_range
from annotator.ui.views.reading_view import ReadingView
from tests.benchmarks.repeated import measured

_PARAGRAPH = (
    "The delegations agreed to meet again in spring, provided that the guarantees are in place by then. " * 4 + "\n"
)
_FRAMES = 40
LIMIT = 2.0


class _Case:
    """A view of a long text of which every other paragraph was read and on screen, or none."""

    def __init__(self, qtbot: QtBot, characters: int, *, covered: bool) -> None:
        paragraphs = characters // len(_PARAGRAPH)
        self.view = ReadingView(load_theme("light"))
        qtbot.addWidget(self.view)
        self.view.resize(820, 900)
        self.view.show()
        self.view.set_document(_PARAGRAPH * paragraphs, Structure(), "Title", "subtitle")
        if covered:
            places = range(0, paragraphs * len(_PARAGRAPH), 2 * len(_PARAGRAPH))
            self.view.coverage.read = [(start, start + len(_PARAGRAPH) - 1) for start in places]
            self.view.coverage.seen = [(start, start + len(_PARAGRAPH)) for start in places]
        self.image = QImage(820, 900, QImage.Format.Format_ARGB32_Premultiplied)

    def frame(self) -> float:
        bar = self.view.verticalScrollBar()
        start = time.perf_counter()
        bar.setValue(bar.value() + 120)
        sight_range(self.view.page)
        painter = QPainter(self.image)
        self.view.viewport().render(painter, QPoint())
        painter.end()
        return time.perf_counter() - start


def _frames(covered: _Case, plain: _Case) -> tuple[float, float]:
    pairs = [(covered.frame(), plain.frame()) for _ in range(_FRAMES)]
    with_marks, without = (median(column) for column in zip(*pairs, strict=True))
    return with_marks, without


@pytest.mark.parametrize("characters", [1_000_000, 10_000_000])
def test_the_margin_costs_what_is_in_sight(qtbot: QtBot, capsys: pytest.CaptureFixture[str], characters: int) -> None:
    covered, plain = _Case(qtbot, characters, covered=True), _Case(qtbot, characters, covered=False)
    with_marks, without = measured(lambda: _frames(covered, plain), lambda pair: pair[0] <= LIMIT * pair[1])
    with capsys.disabled():
        print(f"\nmargin of what was read, {characters:,} characters: {with_marks / without:.2f} x a frame without it")
    assert with_marks <= LIMIT * without
