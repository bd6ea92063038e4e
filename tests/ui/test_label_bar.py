"""The strip of labels takes no more room than it must, and never moves the text when something is saved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from annotator.core.records import Label
from annotator.formats.codebooks import default_codebook
from annotator.ui.panels.label_bar import LabelBar
from annotator.ui.theme import load_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LABELS = default_codebook().labels


@pytest.fixture
def bar(qtbot: QtBot) -> LabelBar:
    bar = LabelBar(load_theme("light"))
    qtbot.addWidget(bar)
    return bar


def many(count: int) -> list[Label]:
    return [replace(LABELS[0], id=str(number), name=f"Label number {number}") for number in range(count)]


def height(bar: LabelBar, labels: list[Label], width: int) -> int:
    bar.set_labels(labels)
    return bar.heightForWidth(width)


def test_what_is_saved_is_told_where_there_is_room_for_it(bar: LabelBar, qtbot: QtBot) -> None:
    bar.set_labels(LABELS)
    bar.show()
    qtbot.waitExposed(bar)
    line = bar._scroll.line_width() + bar.width() - bar._scroll.width()
    for width, words in ((line, "Saved"), (line + 300, "Saved · just now")):
        bar.clear_saved()
        bar.resize(width, bar.heightForWidth(width))
        before = bar.heightForWidth(width)
        bar.mark_saved()
        assert bar._saved.text() == words
        assert bar.heightForWidth(width) == before
        assert "just now" in bar._saved.toolTip()


def test_many_labels_leave_room_for_the_text(bar: LabelBar) -> None:
    low = height(bar, many(2), 600)
    assert low < height(bar, many(8), 600)
    assert height(bar, many(200), 600) == height(bar, many(60), 600) < 4 * low


def test_the_label_of_the_selected_span_is_scrolled_into_sight(bar: LabelBar, qtbot: QtBot) -> None:
    bar.set_labels(many(60))
    bar.resize(600, bar.heightForWidth(600))
    bar.show()
    qtbot.waitExposed(bar)
    last = bar.chips[-1]
    assert last.visibleRegion().isEmpty()
    bar.set_current(last.label.id)
    assert not last.visibleRegion().isEmpty()
