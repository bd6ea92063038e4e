"""The reading view with and without spans and relations: work must follow what is in sight. Prints ratios."""

import gc
import time
from statistics import median

import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QImage, QPainter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from annotator.core.links import LinkMark
from annotator.core.records import Label
from annotator.core.spans import SpanMark
from annotator.core.structure import Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_view import ReadingView
from tests.benchmarks.repeated import measured

_SENTENCE = "The delegations agreed to meet again in spring, provided that the guarantees are in place by then. "
_ROUNDS = 7
LIMITS = {"first paint": 1.5, "frame": 2.0, "add a span": 2.0}


def _text(characters: int) -> str:
    paragraph = _SENTENCE * 4 + "\n"
    return (paragraph * (characters // len(paragraph) + 1))[:characters]


def _marks(text: str, count: int) -> list[SpanMark]:
    step = len(text) // count
    marks = [SpanMark("all", ((0, len(text)),), "label-0", 0)]
    for number in range(1, count):
        start = number * step
        marks.append(SpanMark(f"span-{number}", ((start, start + 40 + number % 50),), f"label-{number % 4}", number))
    return marks


def _links(marks: list[SpanMark], count: int) -> list[LinkMark]:
    """Return relations of which most lead to a near span, every tenth far away, and every twentieth to the longest."""
    links = []
    for number in range(count):
        source = marks[1 + (number * len(marks) // count) % (len(marks) - 1)]
        place = int(source.id.rpartition("-")[2])
        reach = number * 7919 if number % 10 == 0 else place + 1 + number % 6
        target = marks[0] if number % 20 == 5 else marks[1 + reach % (len(marks) - 1)]
        if source is not target:
            ends = (source.id, target.id, source.start, target.start)
            links.append(LinkMark(f"link-{number}", f"type-{number % 7}", *ends))
    return links


def _labels() -> dict[str, Label]:
    patterns = ("solid", "dash", "dot", "dash-dot")
    return {
        f"label-{i}": Label(f"label-{i}", f"l{i}", f"L{i}", i + 1, "#0b7a5c", "#3ecf9f", pattern, "L", i)
        for i, pattern in enumerate(patterns)
    }


class _Case:
    def __init__(self, qtbot, text: str, marks: list[SpanMark], links: list[LinkMark]) -> None:
        self.text, self.marks, self.links = text, marks, links
        self.view = ReadingView(load_theme("light"))
        qtbot.addWidget(self.view)
        self.view.resize(820, 900)
        self.view.set_labels(_labels())
        self.view.set_relation_names({f"type-{n}": f"Relation {n}" for n in range(7)})
        self.view.show()
        self.image = QImage(820, 900, QImage.Format.Format_ARGB32_Premultiplied)

    def render(self) -> None:
        painter = QPainter(self.image)
        self.view.viewport().render(painter, QPoint())
        painter.end()

    def first_paint(self) -> float:
        self.view.clear()
        gc.collect()
        start = time.perf_counter()
        self.view.set_document(self.text, Structure(), "Title", "subtitle")
        self.view.set_spans(self.marks)
        self.view.set_links(self.links)
        self.render()
        return time.perf_counter() - start

    def settle(self) -> None:
        """Let the view do what it puts off until after the first paint."""
        QCoreApplication.processEvents()

    def frame(self, number: int) -> float:
        bar = self.view.verticalScrollBar()
        start = time.perf_counter()
        bar.setValue(bar.value() + 120)
        self.render()
        return time.perf_counter() - start

    def add_span(self, number: int) -> float:
        start_at = self.view.top_position() + 30
        mark = SpanMark(f"new-{number}", ((start_at + number, start_at + 60 + number),), "label-1", 10**6 + number)
        start = time.perf_counter()
        self.view.change_spans((), (mark,))
        self.render()
        return time.perf_counter() - start


def _medians(with_spans: _Case, without: _Case) -> dict[str, tuple[float, float]]:
    """Return the medians of both, measured in turn so that noise falls on both alike."""
    result = {}
    pairs = [(with_spans.first_paint(), without.first_paint()) for _ in range(_ROUNDS)]
    result["first paint"] = tuple(median(column) for column in zip(*pairs, strict=True))
    with_spans.settle()
    pairs = [(with_spans.frame(i), without.frame(i)) for i in range(6 * _ROUNDS)]
    result["frame"] = tuple(median(column) for column in zip(*pairs, strict=True))
    pairs = [(with_spans.add_span(i), without.add_span(i)) for i in range(3 * _ROUNDS)]
    result["add a span"] = tuple(median(column) for column in zip(*pairs, strict=True))
    return result


@pytest.mark.parametrize(
    ("characters", "count", "relations"),
    [(1_000_000, 10_000, 0), (10_000_000, 50_000, 0), (10_000_000, 50_000, 20_000)],
)
def test_work_follows_what_is_in_sight(qtbot, capsys, characters, count, relations):
    text = _text(characters)
    marks = _marks(text, count)
    links = _links(marks, relations)
    found = measured(
        lambda: _medians(_Case(qtbot, text, marks, links), _Case(qtbot, text, [], [])),
        lambda result: all(spans <= LIMITS[work] * bare for work, (spans, bare) in result.items()),
    )
    with capsys.disabled():
        print(f"\nreading view, {characters:,} characters, {count:,} spans, {relations:,} relations:")
        for work, (spans, bare) in found.items():
            print(f"  {work}: {spans / bare:.2f} x ({spans * 1000:.1f} ms with spans, {bare * 1000:.1f} ms without)")
    for work, (spans, bare) in found.items():
        assert spans <= LIMITS[work] * bare, work


def test_beside_a_text_edit(qtbot, capsys):
    text = _text(1_000_000)
    marks = _marks(text, 10_000)
    ours = median(_Case(qtbot, text, marks, []).first_paint() for _ in range(3))
    theirs = median(_text_edit_paint(qtbot, text, marks) for _ in range(3))
    with capsys.disabled():
        print(f"\nfirst paint, 1 MB and 10,000 spans: ours {ours * 1000:.0f} ms, QTextEdit {theirs * 1000:.0f} ms")
    assert ours < theirs


def _text_edit_paint(qtbot, text: str, marks: list[SpanMark]) -> float:
    edit = QTextEdit()
    qtbot.addWidget(edit)
    edit.resize(820, 900)
    edit.show()
    image = QImage(820, 900, QImage.Format.Format_ARGB32_Premultiplied)
    underlined = QTextCharFormat()
    underlined.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    start = time.perf_counter()
    edit.setPlainText(text)
    cursor = QTextCursor(edit.document())
    cursor.beginEditBlock()
    for mark in marks:
        cursor.setPosition(mark.start)
        cursor.setPosition(mark.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(underlined)
    cursor.endEditBlock()
    painter = QPainter(image)
    edit.viewport().render(painter, QPoint())
    painter.end()
    return time.perf_counter() - start
