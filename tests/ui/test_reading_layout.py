"""Geometry: lanes keep clear of the glyphs, tints end at the last glyph, both directions of writing are right."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.spans import SpanMark
from annotator.ui.views.reading_heights import HeightIndex
from annotator.ui.views.reading_layout import LANE_WIDTH
from tests.ui.reading_support import make_view

WORDS = "Many ministers agreed that long guarantees would need patient and public work for years. " * 6
TEXTS = {"latin": WORDS, "cyrillic": "Міністри домовилися про тривалі гарантії. " * 12, "arabic": "وافق الوزراء " * 40}


def _check_lanes(view):
    checked = 0
    for index in range(len(view.page.blocks)):
        dressed = view.page.block(index)
        laid = dressed.laid
        by_line = {}
        for piece in dressed.pieces:
            line = laid.lines[piece.line]
            glyphs = max(run.boundingRect().bottom() for run in laid.line(piece.line).glyphRuns())
            assert piece.under >= line.bottom - 0.5
            assert piece.under >= glyphs - 1
            assert piece.under + LANE_WIDTH <= line.below
            if piece.line + 1 < len(laid.lines):
                following = laid.lines[piece.line + 1]
                assert piece.under + LANE_WIDTH <= following.top
                above = min(run.boundingRect().top() for run in laid.line(piece.line + 1).glyphRuns())
                assert piece.under + LANE_WIDTH <= above + 1
            by_line.setdefault(piece.line, []).append(piece)
            checked += 1
        for pieces in by_line.values():
            for i, one in enumerate(pieces):
                for other in pieces[i + 1 :]:
                    if one.left < other.left + other.width and other.left < one.left + one.width:
                        assert one.span == other.span or abs(one.under - other.under) >= LANE_WIDTH
    return checked


@pytest.mark.parametrize("name", TEXTS)
def test_stacked_lanes_touch_neither_this_line_nor_the_next(qtbot, name):
    text = TEXTS[name] + "\n" + TEXTS[name]
    view = make_view(qtbot, text)
    marks = [SpanMark(f"same-{i}", ((30, 160),), "pledge", i) for i in range(6)]
    marks += [SpanMark("all", ((0, len(text)),), "condition", 10), SpanMark("cross", ((100, 240),), "signal", 11)]
    marks.append(SpanMark("gapped", ((10, 20), (150, 170), (len(text) - 30, len(text) - 3)), "criticism", 12))
    view.set_spans(marks)
    assert _check_lanes(view) > 20
    tallest = max(line.below - line.top for line in view.page.block(0).laid.lines)
    assert tallest > view.page.metrics.pitch


def test_two_lanes_fit_without_moving_a_line(qtbot):
    view = make_view(qtbot, WORDS)
    before = [line.top for line in view.page.block(0).laid.lines]
    view.change_spans([], [SpanMark("a", ((0, 200),), "pledge"), SpanMark("b", ((50, 90),), "signal")])
    assert [line.top for line in view.page.block(0).laid.lines] == before


@given(st.lists(st.tuples(st.integers(0, 480), st.integers(1, 200)), max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lanes_of_any_spans_keep_clear(qtbot, ranges):
    view = make_view(qtbot, WORDS)
    length = len(WORDS)
    view.set_spans([SpanMark(f"s{i}", ((a, min(a + n, length)),), "pledge", i) for i, (a, n) in enumerate(ranges)])
    _check_lanes(view)


def test_a_tint_ends_at_the_last_glyph_of_a_line(qtbot):
    text = WORDS.strip()
    view = make_view(qtbot, text)
    view.set_spans([SpanMark("all", ((0, len(text)),), "pledge")])
    laid = view.page.block(0).laid
    for piece in view.page.block(0).pieces:
        line = laid.lines[piece.line]
        assert laid.layout.text()[line.visible_end - 1] != " "
        assert abs(piece.left + piece.width - laid.line(piece.line).naturalTextRect().right()) <= 1


def test_a_range_over_a_change_of_direction_is_two_stretches(qtbot):
    text = "abc שלום def"
    view = make_view(qtbot, text)
    laid = view.page.block(0).laid
    assert not laid.right_to_left
    whole = laid.stretches(0, 0, len(text))
    assert len(whole) == 1
    split = laid.stretches(0, 2, 6)
    assert len(split) == 2
    hebrew = laid.stretches(0, 4, 8)[0]
    (first,) = laid.stretches(0, 4, 5)
    (last,) = laid.stretches(0, 7, 8)
    assert first[1] == pytest.approx(hebrew[1])
    assert last[0] == pytest.approx(hebrew[0])


def test_a_right_to_left_paragraph_stands_at_the_right(qtbot):
    view = make_view(qtbot, "وافق الوزراء\nabc")
    arabic, latin = view.page.block(0).laid, view.page.block(1).laid
    assert arabic.right_to_left
    assert arabic.line(0).naturalTextRect().right() == pytest.approx(arabic.width, abs=1)
    assert latin.line(0).naturalTextRect().left() == pytest.approx(0, abs=1)
    first, last = arabic.stretches(0, 0, 1)[0], arabic.stretches(0, 10, 11)[0]
    assert first[0] > last[1]


def test_pieces_of_one_span_share_a_lane_over_its_gap(qtbot):
    view = make_view(qtbot, WORDS)
    marks = [SpanMark("gapped", ((0, 10), (40, 50)), "pledge", 0), SpanMark("between", ((15, 30),), "signal", 1)]
    view.set_spans(marks)
    under = {piece.span: piece.under for piece in view.page.block(0).pieces if piece.line == 0}
    assert under["between"] > under["gapped"]


def test_an_empty_block_can_hold_the_caret(qtbot):
    view = make_view(qtbot, "a\n\nb")
    rect = view.page.caret_rect(2)
    assert rect is not None
    assert rect.height() > 5
    assert view.page.position_between(3, rect.center().y()) == 2


@given(st.lists(st.integers(1, 90), min_size=1, max_size=80), st.data())
def test_heights_agree_with_adding_up(heights, data):
    index = HeightIndex([float(h) for h in heights])
    place = data.draw(st.integers(0, len(heights) - 1))
    heights[place] = data.draw(st.integers(1, 500))
    index.set_height(place, heights[place])
    assert index.total == sum(heights)
    for block in range(len(heights)):
        above = sum(heights[:block])
        assert index.above(block) == above
        assert index.find(above) == (block, 0)
        assert index.find(above + heights[block] - 0.5) == (block, heights[block] - 0.5)
    assert index.find(sum(heights) + 10)[0] == len(heights) - 1


def test_cells_of_a_table_stand_apart(qtbot):
    view = make_view(qtbot, "a\tcell\nabcd\tcell")
    character = view.page.metrics.character
    for block in range(2):
        laid = view.page.block(block).laid
        cell = laid.layout.text().index("\t") + 1
        place: Any = laid.layout.lineAt(0).cursorToX(cell)
        assert place[0] == pytest.approx(8 * character, abs=1)
