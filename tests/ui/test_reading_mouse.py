"""The mouse: dragging with and without snapping, words and sentences, the handles, and dropped files."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.spans import SpanMark
from annotator.ui.views.reading_painter import handle_points
from tests.ui.reading_support import (
    CTRL,
    NO_MODIFIER,
    SHIFT,
    STATEMENT,
    before,
    click,
    drag,
    make_view,
    middle_of,
    press,
)

LEFT = Qt.MouseButton.LeftButton


def _selected(view):
    selection = view.selection()
    return STATEMENT[slice(*selection)] if selection else None


def test_dragging_takes_whole_words_and_ctrl_switches(qtbot):
    view = make_view(qtbot)
    start, end = before(view, 12), before(view, 23)
    drag(view, start, end)
    assert _selected(view) == "will send new"
    drag(view, start, end, CTRL)
    assert _selected(view) == STATEMENT[12:23]
    view.set_snapping("characters")
    drag(view, start, end)
    assert _selected(view) == STATEMENT[12:23]
    drag(view, start, end, CTRL)
    assert _selected(view) == "will send new"


def test_dragging_backwards_puts_the_caret_first(qtbot):
    view = make_view(qtbot)
    drag(view, before(view, 23), before(view, 12))
    assert _selected(view) == "will send new"
    assert view.caret() == 10


def test_dragging_over_right_to_left_text_selects_what_is_under_it(qtbot):
    text = "قال الوزير إن الدعم مستمر"
    view = make_view(qtbot, text)
    view.set_snapping("characters")
    first, last = view.text_rect(4), view.text_rect(9)
    assert first is not None
    assert last is not None
    start = QPoint(int(first.right()) - 1, int(first.center().y()))
    end = QPoint(int(last.left()) + 1, int(last.center().y()))
    assert start.x() > end.x()
    drag(view, start, end)
    assert view.selection() == (4, 10)


def test_dragging_keeps_the_selected_span(qtbot):
    view = make_view(qtbot)
    view.set_spans([SpanMark("a", ((0, 9),), "pledge")])
    click(view, 4)
    drag(view, before(view, 15), before(view, 23))
    assert view.selected_span() == "a"
    assert _selected(view) is not None


def test_shift_click_extends(qtbot):
    view = make_view(qtbot)
    view.set_snapping("characters")
    view.set_caret(10)
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, before(view, 24))
    assert view.selection() == (10, 24)


def test_two_clicks_take_the_word_and_three_the_sentence(qtbot):
    view = make_view(qtbot)
    place = middle_of(view, 18)
    QTest.mouseClick(view.viewport(), LEFT, NO_MODIFIER, place, 900)
    QTest.mouseDClick(view.viewport(), LEFT, NO_MODIFIER, place)
    assert _selected(view) == "send"
    QTest.mouseClick(view.viewport(), LEFT, NO_MODIFIER, place)
    assert _selected(view) == STATEMENT[: STATEMENT.index(" They")]


FRAGMENTS = ((10, 19), (24, 34))


def _handle(view, number, side):
    mark = view.selected_mark()
    point = handle_points(view.page, mark.fragments)[number, side]
    return QPoint(round(point.x() + view._column_left()), round(point.y()))


@pytest.fixture
def resizable(qtbot):
    view = make_view(qtbot)
    view.set_spans([SpanMark("a", FRAGMENTS, "pledge")])
    view.select_span("a")
    return view


def test_a_dragged_end_snaps_to_words(resizable, qtbot):
    with qtbot.waitSignal(resizable.span_resized) as signal:
        drag(resizable, _handle(resizable, 1, 1), before(resizable, 46))
    assert signal.args == ["a", ((10, 19), (24, 48))]
    assert resizable.selected_mark().fragments == FRAGMENTS


def test_a_dragged_start_with_ctrl_goes_by_characters(resizable, qtbot):
    with qtbot.waitSignal(resizable.span_resized) as signal:
        drag(resizable, _handle(resizable, 0, 0), before(resizable, 3), CTRL)
    assert signal.args == ["a", ((3, 19), (24, 34))]


def test_ends_never_cross_each_other_or_another_fragment(resizable, qtbot):
    with qtbot.waitSignal(resizable.span_resized) as signal:
        drag(resizable, _handle(resizable, 0, 1), before(resizable, 40), CTRL)
    assert signal.args == ["a", ((10, 24), (24, 34))]
    with qtbot.waitSignal(resizable.span_resized) as signal:
        drag(resizable, _handle(resizable, 0, 1), before(resizable, 2), CTRL)
    assert signal.args == ["a", ((10, 11), (24, 34))]


def test_escape_gives_a_resize_up(resizable, qtbot):
    with qtbot.assertNotEmitted(resizable.span_resized):
        drag(resizable, _handle(resizable, 1, 1), before(resizable, 46), release=False)
        press(resizable, Qt.Key.Key_Escape)
        QTest.mouseRelease(resizable.viewport(), LEFT, NO_MODIFIER, before(resizable, 46))
    assert resizable.selected_span() == "a"


def test_beside_the_text_there_is_no_span(qtbot):
    view = make_view(qtbot)
    view.set_spans([SpanMark("all", ((0, len(STATEMENT)),), "pledge")])
    rect = view.text_rect(STATEMENT.index("\n") - 1)
    assert rect is not None
    QTest.mouseClick(view.viewport(), LEFT, NO_MODIFIER, QPoint(int(rect.right()) + 60, int(rect.center().y())), 900)
    assert view.selected_span() is None
    assert view.caret() == STATEMENT.index("\n")


def test_dropped_files_are_named(qtbot, tmp_path):
    view = make_view(qtbot)
    path = tmp_path / "note.txt"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)), QUrl("https://example.org/x")])
    action = Qt.DropAction.CopyAction
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(QPoint(50, 50), action, data, LEFT, NO_MODIFIER))
    event = QDropEvent(QPointF(50, 50), action, data, LEFT, NO_MODIFIER)
    with qtbot.waitSignal(view.files_dropped) as signal:
        QApplication.sendEvent(view.viewport(), event)
    assert signal.args == [[str(path)]]
