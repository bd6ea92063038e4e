"""Edges, cuts and merges by single keys: asserted on what is committed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from annotator.core.boundaries import end_of_next_word, previous_word
from annotator.core.records import Annotation
from annotator.ui.gestures.shaping import _free_end, _free_start
from annotator.ui.main_window import MainWindow
from tests.support import TEXT
from tests.ui.conftest import range_of
from tests.ui.reading_support import SHIFT, press

Read = Callable[[], list[Annotation]]


def tag(window: MainWindow, quote: str, key: Qt.Key = Qt.Key.Key_1) -> Annotation:
    window.page.reading.select(*range_of(quote, TEXT))
    press(window.page.reading, key)
    span = window.page.document.selected_span
    assert span is not None
    return span


def quotes(read: Read) -> list[str]:
    return [TEXT[a.start : a.end] for a in sorted(read(), key=lambda a: a.start)]


def test_edges_move_by_a_word_and_the_note_stays(window: MainWindow, committed: Read) -> None:
    span = tag(window, "provide air")
    window.tagging.set_note(span.id, "Check")
    reading = window.page.reading
    press(reading, Qt.Key.Key_BracketRight)
    assert quotes(committed) == ["provide air defence"]
    press(reading, Qt.Key.Key_BracketLeft)
    press(reading, Qt.Key.Key_BracketLeft)
    assert quotes(committed) == ["We will provide air defence"]
    press(reading, Qt.Key.Key_BracketRight, SHIFT)
    press(reading, Qt.Key.Key_BracketLeft, SHIFT)
    assert quotes(committed) == ["will provide air"]
    assert window.page.document.note(span.id) == "Check"
    assert window.page.document.selected_span is not None


def test_an_edge_never_passes_the_other_one(window: MainWindow, committed: Read) -> None:
    tag(window, "provide")
    for key in (Qt.Key.Key_BracketRight, Qt.Key.Key_BracketLeft):
        press(window.page.reading, key, SHIFT)
        assert quotes(committed) == ["provide"]


def test_a_span_is_cut_at_the_caret_and_merged_again(window: MainWindow, committed: Read) -> None:
    tag(window, "We will provide air defence")
    reading = window.page.reading
    reading.set_caret(TEXT.index("air"))
    press(reading, Qt.Key.Key_S)
    assert quotes(committed) == ["We will provide", "air defence"]
    press(reading, Qt.Key.Key_M, SHIFT)
    assert quotes(committed) == ["We will provide air defence"]
    window.travelling.undo()
    window.travelling.undo()
    assert quotes(committed) == ["We will provide air defence"]


def test_without_a_neighbour_or_a_place_nothing_changes(window: MainWindow, committed: Read) -> None:
    tag(window, "We will provide air defence")
    tag(window, "if the council agrees", Qt.Key.Key_2)
    reading = window.page.reading
    press(reading, Qt.Key.Key_M)
    press(reading, Qt.Key.Key_S)
    assert quotes(committed) == ["We will provide air defence", "if the council agrees"]


def test_n_goes_to_sentences_without_a_tag(window: MainWindow) -> None:
    tag(window, "The alliance condemns the attack")
    reading = window.page.reading
    reading.set_caret(0)
    places = []
    for _ in range(2):
        press(reading, Qt.Key.Key_N)
        places.append(reading.caret())
    assert places == [TEXT.index("We will provide"), TEXT.index("Any further")]
    press(reading, Qt.Key.Key_N, SHIFT)
    assert reading.caret() == TEXT.index("We will provide")
    assert window.page.document.selected_span is None


def test_a_span_that_the_caret_leaves_is_selected_no_more_and_still_takes_fragments(
    window: MainWindow, committed: Read
) -> None:
    span = tag(window, "We will provide air defence")
    reading = window.page.reading
    press(reading, Qt.Key.Key_Right)
    assert window.page.document.selected_span == span
    press(reading, Qt.Key.Key_Period)
    assert window.page.document.selected_span is None
    press(reading, Qt.Key.Key_3)
    assert [TEXT[a.start : a.end] for a in committed()][-1].startswith("The alliance condemns")
    window.desk.select(span.id)
    reading.set_caret(TEXT.index("never"))
    for _ in "never":
        press(reading, Qt.Key.Key_Right, SHIFT)
    press(reading, Qt.Key.Key_Plus)
    assert [TEXT[slice(*f)] for f in committed()[0].fragments] == ["We will provide air defence", "never"]


def test_an_edge_takes_a_word_and_no_lone_sign_of_its_neighbour(window: MainWindow, committed: Read) -> None:
    tag(window, "The alliance")
    reading = window.page.reading
    press(reading, Qt.Key.Key_BracketLeft)
    assert quotes(committed) == ["agrees. The alliance"]
    press(reading, Qt.Key.Key_BracketLeft, SHIFT)
    assert quotes(committed) == ["The alliance"]
    tag(window, "annexation")
    press(reading, Qt.Key.Key_BracketRight)
    assert quotes(committed) == ["The alliance", "annexation."]


def test_the_edge_of_a_word_does_not_stay_behind_an_opening_sign() -> None:
    text = "the end. “We go” long-term"
    assert _free_end(text, text.index("We"), end_of_next_word) == text.index(" go")
    assert _free_start(text, text.index("-term"), previous_word) == text.index("long")
    assert _free_end(text, text.index(" “We"), end_of_next_word) == text.index(" “We")
