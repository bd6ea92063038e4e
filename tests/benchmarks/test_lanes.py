"""The reading view with lanes beside the plain one without spans: work must follow what is in sight. Prints ratios."""

from __future__ import annotations

import gc
import time
from statistics import median

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QImage, QPainter

from annotator.core.records import Label
from annotator.core.spans import SpanMark
from annotator.core.structure import Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.lanes_view import LanesView
from annotator.ui.views.reading_view import ReadingView
from tests.benchmarks.repeated import measured, sized

_SENTENCE = "The delegations agreed to meet again in spring, provided that the guarantees are in place by then. "
_ROUNDS = 7
_LAYERS = 3
LIMIT = 2.0


def _text(characters: int) -> str:
    paragraph = _SENTENCE * 4 + "\n"
    return (paragraph * (characters // len(paragraph) + 1))[:characters]


def _marks(text: str, count: int) -> list[SpanMark]:
    """Return spans of three layers that begin near each other and end apart; an id ends in the place of its layer."""
    step = len(text) // count
    return [
        SpanMark(
            f"{number}/{layer}",
            ((number * step + layer, number * step + 40 + (number * 7 + layer * 11) % 60),),
            f"label-{(number + layer) % 4}",
            number * _LAYERS + layer,
        )
        for number in range(count)
        for layer in range(_LAYERS)
    ]


def _place_of(span: str) -> int:
    return int(span[-1])


def _labels() -> dict[str, Label]:
    patterns = ("solid", "dash", "dot", "dash-dot")
    return {
        f"label-{i}": Label(f"label-{i}", f"l{i}", f"L{i}", i + 1, "#0b7a5c", "#3ecf9f", pattern, "L", i)
        for i, pattern in enumerate(patterns)
    }


class _Case:
    def __init__(self, qtbot, view: ReadingView, text: str, marks: list[SpanMark]) -> None:
        self.text, self.marks, self.view = text, marks, view
        qtbot.addWidget(view)
        view.resize(820, 900)
        view.set_labels(_labels())
        if isinstance(view, LanesView):
            view.set_lanes("ABC◆", _place_of)
        view.show()
        self.image = QImage(820, 900, QImage.Format.Format_ARGB32_Premultiplied)

    def render(self) -> None:
        painter = QPainter(self.image)
        self.view.viewport().render(painter, QPoint())
        painter.end()

    def first_paint(self) -> float:
        self.view.clear()
        gc.collect()
        start = time.perf_counter()
        self.view.set_document(self.text, Structure(), "Title", "")
        self.view.set_spans(self.marks)
        if isinstance(self.view, LanesView):
            self.view.set_ground(((30, 200),))
        self.render()
        return time.perf_counter() - start

    def frame(self) -> float:
        bar = self.view.verticalScrollBar()
        start = time.perf_counter()
        bar.setValue(bar.value() + 120)
        self.render()
        return time.perf_counter() - start


def _medians(lanes: _Case, plain: _Case) -> dict[str, tuple[float, float]]:
    """Return the medians of both, measured in turn so that noise falls on both alike."""
    pairs = {"first paint": [(lanes.first_paint(), plain.first_paint()) for _ in range(_ROUNDS)]}
    QCoreApplication.processEvents()
    pairs["frame"] = [(lanes.frame(), plain.frame()) for _ in range(6 * _ROUNDS)]
    return {
        work: (median(one for one, _ in found), median(other for _, other in found)) for work, found in pairs.items()
    }


def test_lanes_cost_what_is_in_sight(qtbot, capsys):
    text = _text(sized(300_000, 1_000_000))
    marks = _marks(text, sized(1_500, 5_000))
    theme = load_theme("light")
    found = measured(
        lambda: _medians(
            _Case(qtbot, LanesView(theme), text, marks),
            _Case(qtbot, ReadingView(theme), text, []),
        ),
        lambda result: all(lanes <= LIMIT * plain for lanes, plain in result.values()),
    )
    with capsys.disabled():
        print(f"\nlanes, {len(text):,} characters, {_LAYERS} x {len(marks) // _LAYERS:,} spans:")
        for work, (lanes, plain) in found.items():
            print(f"  {work}: {lanes / plain:.2f} x ({lanes * 1000:.1f} ms with lanes, {plain * 1000:.1f} ms plain)")
    for work, (lanes, plain) in found.items():
        assert lanes <= LIMIT * plain, work
