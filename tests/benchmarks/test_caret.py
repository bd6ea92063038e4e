"""Moves of the caret and growing selections in a short and in a very long document, in one run: they cost the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from annotator.core.spans import SpanMark
from annotator.core.structure import Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_view import ReadingView
from tests.benchmarks.repeated import measured
from tests.ui.reading_support import CTRL, NO_MODIFIER, SHIFT

Report = Callable[[str], None]
Key = Qt.Key

_SENTENCE = "The delegations agreed to meet again in spring, provided that the guarantees are in place by then. "
_KEYS = {
    "character": (Key.Key_Right, SHIFT),
    "word": (Key.Key_Right, CTRL),
    "line": (Key.Key_Down, NO_MODIFIER),
    "sentence": (Key.Key_Period, NO_MODIFIER),
    "grow": (Key.Key_Up, CTRL | SHIFT),
    "shrink": (Key.Key_Down, CTRL | SHIFT),
    "next span": (Key.Key_Tab, NO_MODIFIER),
}
_ROUNDS = 60
_LIMIT = 1.5


def _view(qtbot, characters: int) -> ReadingView:
    paragraph = _SENTENCE * 4 + "\n"
    text = (paragraph * (characters // len(paragraph) + 1))[:characters]
    sentences = [(start, start + len(_SENTENCE) - 1) for start in range(0, characters - 200, len(_SENTENCE))]
    view = ReadingView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(820, 700)
    view.show()
    view.set_document(text, Structure((), tuple(sentences)), "Title", "")
    marks = [
        SpanMark(f"{n}", ((start + 4, start + 30),), "label", n)
        for n, start in enumerate(range(0, characters - 100, 500))
    ]
    view.set_spans(marks)
    view.page.spans.prepare()
    view.setFocus()
    return view


def _moves(view: ReadingView) -> dict[str, float]:
    """Return the median seconds of each move, from the middle of the text."""
    found = {}
    for name, (key, modifiers) in _KEYS.items():
        times = []
        for _ in range(_ROUNDS):
            view.choose_span(None)
            view.select(len(view.page.text) // 2, len(view.page.text) // 2 + 8)
            view.keep_caret_in_sight()
            event = QKeyEvent(QKeyEvent.Type.KeyPress, key, modifiers)
            start = time.perf_counter()
            view.keyboard.press(event)
            times.append(time.perf_counter() - start)
        found[name] = median(times)
    return found


def test_moves_cost_the_same_in_a_long_document(qtbot, report: Report) -> None:
    short, long = _view(qtbot, 10_000), _view(qtbot, 10_000_000)
    pair = measured(
        lambda: (_moves(short), _moves(long)),
        lambda found: all(found[1][name] <= _LIMIT * found[0][name] for name in _KEYS),
    )
    for name in _KEYS:
        few, many = pair[0][name], pair[1][name]
        report(
            f"{name}: {1000 * few:.2f} ms in 10 KB, {1000 * many:.2f} ms in 10 MB, ratio {many / few:.2f} (<= {_LIMIT})"
        )
        assert many <= _LIMIT * few, name
