"""Relations beside the text: never over words or underlines, only those with an end in sight, mirrored."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.links import LinkMark
from annotator.core.spans import SpanMark
from annotator.core.structure import Structure
from annotator.ui.views.reading_layout import LANE_WIDTH
from annotator.ui.views.reading_links import Connector
from annotator.ui.views.reading_picking import Picking
from tests.ui.reading_support import STATEMENT, make_view, middle_of

LEFTWARD = "וזירים ישלחו גנרטורים חדשים לפני החורף כאשר הפרלמנט יאשר את התקציב ואז ידברו שוב. " * 3
WRITING = pytest.mark.parametrize("text", [STATEMENT * 2, LEFTWARD * 2], ids=["rightward", "leftward"])


def spans_of(text, count=6, words=28):
    step = len(text) // count
    return [SpanMark(f"s{n}", ((n * step, n * step + words),), "pledge", n) for n in range(count)]


def link(number, marks, source, target):
    one, other = marks[source], marks[target]
    return LinkMark(f"l{number}", "t", one.id, other.id, one.start, other.start)


def show(qtbot, text, pairs, count=6):
    view = make_view(qtbot, text)
    marks = spans_of(text, count)
    view.set_spans(marks)
    view.set_relation_names({"t": "Restates"})
    view.set_links([link(n, marks, *pair) for n, pair in enumerate(pairs)])
    return view


def connectors(view, span=None) -> list[Connector]:
    return view._painter.links.connectors(view.page, span)


def glyphs(view):
    """Return the rectangles of words and underlines in sight."""
    found = []
    for dressed, y in view.page.in_sight():
        laid = dressed.laid
        for number, line in enumerate(laid.lines):
            for left, right in laid.stretches(number, line.start, line.end):
                found.append(QRectF(left, y + line.top, right - left, line.bottom - line.top))
        found += [QRectF(piece.left, y + piece.under, piece.width, LANE_WIDTH) for piece in dressed.pieces]
    return found


def stretches(connector):
    for one, other in pairwise(connector.points):
        yield QRectF(QPointF(*one), QPointF(*other)).normalized().adjusted(-0.7, -0.7, 0.7, 0.7)


@WRITING
@pytest.mark.parametrize("span", [None, "s2"])
def test_no_bracket_crosses_words_or_underlines(qtbot, text, span):
    view = show(qtbot, text, [(0, 2), (2, 1), (5, 2), (4, 0), (3, 4)])
    found = connectors(view, span)
    assert len(found) == 5
    boxes = glyphs(view)
    for connector in found:
        for stretch in stretches(connector):
            assert not any(stretch.intersects(box) for box in boxes), connector


@WRITING
def test_brackets_run_in_the_margin_where_lines_end(qtbot, text):
    view = show(qtbot, text, [(0, 2), (2, 1), (5, 2)])
    for connector in connectors(view):
        for x, _ in connector.points:
            beyond = -x if view.page.from_right else x - view.page.width
            assert 0 < beyond < view._painter.links.room


@WRITING
def test_only_the_margin_is_painted_while_nothing_is_selected(qtbot, text):
    view = show(qtbot, text, [(0, 2), (2, 1), (5, 2)])
    view.clearFocus()
    drawn = view.viewport().grab().toImage()
    view.show_links(False)
    differing = differing_columns(drawn, view.viewport().grab().toImage())
    left = view._column_left()
    assert differing
    if view.page.from_right:
        assert max(differing) < left
    else:
        assert min(differing) > left + view.page.width


def differing_columns(one: QImage, other: QImage) -> set[int]:
    return {x for x in range(one.width()) for y in range(one.height()) if one.pixel(x, y) != other.pixel(x, y)}


def test_the_selected_spans_brackets_reach_its_words(qtbot):
    view = show(qtbot, STATEMENT, [(0, 2), (4, 2), (1, 3)])
    strong = [connector for connector in connectors(view, "s2") if connector.strong]
    assert {connector.links[0].id for connector in strong} == {"l0", "l1"}
    mark = view.page.spans.get("s2")
    words = view.text_rect(mark.end - 1 if mark else 0)
    assert words is not None
    words.translate(-view._column_left(), 0)
    for connector in strong:
        x, y = connector.points[-1]
        assert 0 < x - words.right() < 8
        assert words.bottom() < y < words.bottom() + view.page.metrics.pitch
    assert not any(connector.strong for connector in connectors(view))


def test_within_one_line_it_goes_from_words_to_words(qtbot):
    view = show(qtbot, STATEMENT, [(0, 1), (1, 0)])
    for connector in connectors(view, "s0"):
        assert connector.on_one_line
        assert max(x for x, _ in connector.points) < view.page.width
        assert not any(stretch.intersects(box) for stretch in stretches(connector) for box in glyphs(view))


def test_what_is_out_of_sight_leaves_at_the_edge_or_is_left_out(qtbot):
    text = STATEMENT * 30
    view = show(qtbot, text, [(10, 11), (0, 10), (11, 29), (0, 29), (29, 10), (1, 2)], count=30)
    view.scroll_to_top_position(spans_of(text, 30)[10].start - 20)
    view.page.spans.prepare()
    found = {connector.links[0].id: connector for connector in connectors(view)}
    assert {key: connector.edge for key, connector in found.items()} == {"l0": 0, "l1": -1, "l2": 1, "l4": 1}
    assert found["l1"].points[0][1] < 5
    assert found["l2"].points[-1][1] > view.page.sight - 5
    view.scroll_to_top_position(spans_of(text, 30)[20].start)
    assert connectors(view) == []


def test_brackets_that_meet_have_lanes_of_their_own(qtbot):
    view = show(qtbot, STATEMENT * 2, [(0, 7), (1, 6), (2, 4), (0, 1)], count=8)
    found = connectors(view)
    for one in found:
        for other in found:
            if one is not other and one.lane == other.lane:
                (top, bottom), (low, high) = one.extent(view.page.sight), other.extent(view.page.sight)
                assert bottom < low or high < top
    lanes = {connector.links[0].id: connector.lane for connector in found}
    assert lanes["l2"] < lanes["l1"] < lanes["l0"]


def test_in_a_narrow_margin_lanes_are_shared_and_nothing_leaves_it(qtbot):
    pairs = [(a, b) for a in range(8) for b in range(8) if a != b]
    view = show(qtbot, STATEMENT * 2, pairs, count=8)
    view.resize(420, 560)
    for connector in connectors(view, "s3"):
        assert max(x for x, _ in connector.points) < view.viewport().width() - view._column_left()
    view.grab()


def test_links_follow_their_spans(qtbot):
    view = show(qtbot, STATEMENT, [(0, 3)])
    before = connectors(view)[0].points
    there = STATEMENT.index("third line")
    view.change_spans((), (SpanMark("s3", ((there, there + 10),), "pledge", 3),))
    view.change_links((), [LinkMark("l0", "t", "s0", "s3", 0, there)])
    after = connectors(view)[0].points
    assert after[-1][1] > before[-1][1] + view.page.metrics.pitch
    view.change_links(["l0"], ())
    assert connectors(view) == []


def test_a_span_that_is_not_shown_has_no_bracket(qtbot):
    view = show(qtbot, STATEMENT, [(0, 3), (0, 1)])
    view.change_spans(["s3"], ())
    assert [connector.links[0].id for connector in connectors(view)] == ["l1"]


def test_a_tool_tip_tells_both_ends(qtbot):
    view = show(qtbot, STATEMENT, [(0, 3)])
    _, (x, top), (_, bottom), _ = connectors(view)[0].points
    middle = QPointF(x, (top + bottom) / 2)
    assert view.tip_at(middle) == f"Restates: “{STATEMENT[0:28].strip()}” → “{quote(view, 's3')}”"
    assert view.tip_at(middle + QPointF(12, 0)) == ""


def test_hovering_makes_a_bracket_strong_and_names_it(qtbot):
    view = show(qtbot, STATEMENT, [(0, 3), (1, 4)])
    _, (x, top), (_, bottom), _ = connectors(view)[0].points
    place = QPointF(x + view._column_left(), (top + bottom) / 2).toPoint()
    QTest.mouseMove(view.viewport(), place)
    assert [connector.strong for connector in connectors(view)] == [False, True]
    QTest.mouseMove(view.viewport(), place)
    assert connectors(view)[1].strong
    QTest.mouseMove(view.viewport(), middle_of(view, 5))
    assert not any(connector.strong for connector in connectors(view))
    QTest.mouseMove(view.viewport(), place)
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert not any(connector.strong for connector in connectors(view))


def quote(view, span):
    mark = view.page.spans.get(span)
    return " ".join(STATEMENT[mark.start : mark.end].split())


def test_many_that_leave_together_are_one_bracket(qtbot):
    text = STATEMENT * 30
    view = show(qtbot, text, [(0, n) for n in range(10, 30)], count=30)
    view.page.spans.prepare()
    (connector,) = connectors(view, "s0")
    assert (connector.count, len(connector.links), connector.edge) == (20, 8, 1)
    assert view._painter.links.words(connector) == "20 × Restates"
    assert view.tip_at(QPointF(*connector.points[1]) + QPointF(0, 20)).splitlines()[-1] == "and 12 more"


def test_what_may_not_be_picked_is_grey(qtbot):
    view = show(qtbot, STATEMENT, [])
    tint = view._painter.look("pledge").tint
    count = colours(view, tint)
    view.set_picking(Picking(frozenset({"s1"})))
    assert 0 < colours(view, tint) < count
    view.set_picking(None)
    assert colours(view, tint) == count


def colours(view, colour):
    image = view.viewport().grab().toImage()
    return sum(image.pixelColor(x, y) == colour for x in range(0, image.width(), 3) for y in range(image.height()))


def test_a_title_of_the_texts_own_and_no_text_at_all(qtbot):
    view = make_view(qtbot, "")
    view.set_links([LinkMark("l0", "t", "a", "b", 0, 5)])
    assert connectors(view) == []
    view.grab()
    view.set_document("Title\n\nwords", Structure(), "Title", "under")
    assert connectors(view) == []
