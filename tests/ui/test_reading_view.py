"""The reading view as a whole: positions survive, spans are selected in order, the place stays."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from annotator.core.spans import SpanMark
from annotator.core.structure import FormatRange, Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_caret import CaretMover
from tests.ui.reading_support import CTRL, SHIFT, STATEMENT, click, make_view, middle_of, press

PIECES = st.sampled_from(
    [
        *("a", "b ", "word ", "\n", "é", "e\u0301", "\u00a0", "\u2028", "\u2029", "\0", "\x07", "\t", "\x0c"),
        *(
            "\U0001f4e3",
            "\U0001f469\u200d\U0001f469\u200d\U0001f466",
            "\U0001f1fa\U0001f1e6",
            "слово ",
            "שלום ",
            "سمير ",
        ),
        *("\u200f", "\u202e", "\u202c", "\u2067", "\ufeff", "\ufffe", "\u00ad", "\ufffc", "’", "\x85", "123"),
    ]
)


@pytest.fixture(scope="module")
def shared(qapp):
    from annotator.ui.views.reading_view import ReadingView

    view = ReadingView(load_theme("light"))
    view.resize(700, 500)
    view.show()
    yield view
    view.close()


@given(st.lists(PIECES, min_size=1, max_size=60).map("".join), st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_selected_is_what_was_asked_for(shared, text, data):
    shared.set_document(text, Structure(), "", "")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shared.select(start, end)
    assert shared.selection() == ((start, end) if start < end else None)
    assert shared.caret() == end
    for index in range(len(shared.page.blocks)):
        laid = shared.page.block(index).laid
        original = text[laid.start : laid.end]
        shown = laid.layout.text()
        assert not set(shown) & set("\0\x07\u2028\u2029\ufffc")
        assert len(shown.encode("utf-16-le")) == len(original.encode("utf-16-le"))
        for place, (here, there) in enumerate(zip(original, shown, strict=True)):
            position = laid.start + place
            assert laid.positions.to_position(laid.positions.to_units(position)) == position
            assert here == there or here in "\0\x07\x0c\u2028\u2029\ufeff\ufffe\ufffc\x85"
    shared.grab()


UNSURE = ("\t", "\u00ad", "\U0001f1fa\U0001f1e6", "\U0001f469\u200d\U0001f469\u200d\U0001f466")
"""Signs without a glyph or of several, whose places Qt tells wrongly in a run from right to left."""


@given(st.lists(PIECES.filter(lambda piece: piece not in UNSURE), min_size=1, max_size=40).map("".join))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_caret_is_found_where_it_is_shown(shared, text):
    shared.set_document(text, Structure(), "", "")
    for dressed, top in shared.page.in_sight():
        laid = dressed.laid
        for number, line in enumerate(laid.lines):
            for unit in range(line.start, line.visible_end):
                if not laid.layout.isValidCursorPosition(unit):
                    continue
                x = laid.caret_x(unit)
                found = laid.positions.to_units(shared.page.position_between(x, top + (line.top + line.bottom) / 2))
                assert laid.line_of(found) == number
                assert any(abs(edge - x) < 1 for edge in _edges(laid, number, found))


def _edges(laid, number, unit):
    """Yield where a caret at a unit may be: two places where the direction of writing changes."""
    yield laid.caret_x(unit)
    for start in (laid.layout.previousCursorPosition(unit), unit):
        for stretch in laid.stretches(number, start, laid.layout.nextCursorPosition(start)):
            yield from stretch


def test_the_caret_walks_over_every_character_and_back(qtbot):
    text = "a\u0301b\U0001f4e3\nשלום x\n\nd"
    view = make_view(qtbot, text)
    keyboard = CaretMover(view.page)
    seen = [0]
    while keyboard.following(seen[-1]) != seen[-1]:
        seen.append(keyboard.following(seen[-1]))
    assert seen == [0, *range(2, len(text) + 1)]
    back = [len(text)]
    while back[-1]:
        back.append(keyboard.preceding(back[-1]))
    assert back == seen[::-1]


def test_arrows_follow_the_direction_of_writing(qtbot):
    view = make_view(qtbot, "שלום עולם\nabc")
    view.set_caret(2)
    press(view, Qt.Key.Key_Left)
    assert view.caret() == 3
    view.set_caret(11)
    press(view, Qt.Key.Key_Left)
    assert view.caret() == 10
    press(view, Qt.Key.Key_Left)
    assert view.caret() == 9


def test_lines_pages_and_ends(qtbot):
    view = make_view(qtbot)
    press(view, Qt.Key.Key_End, CTRL)
    assert view.caret() == len(STATEMENT)
    press(view, Qt.Key.Key_Home)
    assert view.caret() == STATEMENT.index("A third")
    press(view, Qt.Key.Key_Up)
    assert view.caret() == STATEMENT.index("The second")
    press(view, Qt.Key.Key_Up)
    press(view, Qt.Key.Key_Up)
    line_start = view.caret()
    press(view, Qt.Key.Key_End)
    press(view, Qt.Key.Key_Home, SHIFT)
    assert view.selection() is not None
    assert view.caret() == line_start
    press(view, Qt.Key.Key_Home, CTRL)
    press(view, Qt.Key.Key_Down, SHIFT)
    assert view.anchor() == 0
    assert view.caret() > 40


def test_words_grow_into_paragraphs_and_shrink_again(qtbot):
    view = make_view(qtbot)
    view.set_condition_words(("when",))
    view.set_caret(STATEMENT.index("parliament") + 2)
    steps = []
    for _ in range(4):
        press(view, Qt.Key.Key_Up, CTRL | SHIFT)
        steps.append(view.selection())
    assert [STATEMENT[a:b] for a, b in steps[:2]] == ["parliament", "when parliament approves the budget"]
    assert STATEMENT[slice(*steps[3])] == STATEMENT.split("\n")[0]
    for expected in [*steps[2::-1], None]:
        press(view, Qt.Key.Key_Down, CTRL | SHIFT)
        assert view.selection() == expected


def test_clause_at_caret(qtbot):
    view = make_view(qtbot)
    view.set_condition_words(("when",))
    view.set_caret(3)
    start, end = view.clause_at_caret() or (0, 0)
    assert STATEMENT[start:end] == "Ministers will send new generators before winter"
    view.set_document("", Structure(), "", "")
    assert view.clause_at_caret() is None


MARKS = [
    SpanMark("outer", ((0, 84),), "pledge", 0),
    SpanMark("inner", ((49, 84),), "condition", 1),
    SpanMark("later", ((91, 111),), "criticism", 2),
]


def test_tab_goes_from_span_to_span_and_stops_at_the_ends(qtbot):
    view = make_view(qtbot)
    view.set_spans(MARKS)
    seen = []
    for _ in range(4):
        press(view, Qt.Key.Key_Tab)
        seen.append(view.selected_span())
    assert seen == ["outer", "inner", "later", "later"]
    for _ in range(3):
        press(view, Qt.Key.Key_Backtab, SHIFT)
        seen.append(view.selected_span())
    assert seen[4:] == ["inner", "outer", "outer"]


def test_selecting_announces_and_removing_deselects(qtbot):
    view = make_view(qtbot)
    view.set_spans(MARKS)
    with qtbot.waitSignal(view.span_selected) as signal:
        view.select_span("inner")
    assert signal.args == ["inner"]
    assert view.caret() == 49
    with qtbot.waitSignal(view.span_selected) as signal:
        view.change_spans(["inner"], [])
    assert signal.args == [None]
    assert view.selected_span() is None


def test_escape_clears_the_text_first_and_then_the_span(qtbot):
    view = make_view(qtbot)
    view.set_spans(MARKS)
    view.select_span("inner")
    view.select(0, 5)
    press(view, Qt.Key.Key_Escape)
    assert view.selection() is None
    assert view.selected_span() == "inner"
    press(view, Qt.Key.Key_Escape)
    assert view.selected_span() is None


def test_copy_gives_the_canonical_text(qtbot):
    view = make_view(qtbot, "a\u00a0b\u2028c\nd")
    view.select(0, 7)
    press(view, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "a\u00a0b\u2028c\nd"


LONG = "\n".join(f"Paragraph {i} " + "with some words that make it wrap " * (i % 7) for i in range(400))


def test_the_reading_place_is_found_again_at_another_width(qtbot):
    view = make_view(qtbot, LONG)
    place = LONG.index("Paragraph 250")
    view.scroll_to_top_position(place)
    assert view.top_position() == place
    view.resize(520, 400)
    assert view.top_position() == place
    view.set_theme(load_theme("dark"))
    assert view.top_position() == place
    view.set_reading_font("", 21, 1.8, 60)
    assert view.top_position() == place


def test_scrolling_up_over_blocks_of_unknown_height_moves_exactly(qtbot):
    wide = "\n".join(f"Paragraph {i} " + "WWWWW MMMMM " * (i % 30) for i in range(400))
    view = make_view(qtbot, wide)
    place = wide.index("Paragraph 300")
    view.scroll_to_top_position(place)
    bar = view.verticalScrollBar()
    before = view.text_rect(place)
    assert before is not None
    moved = 0
    for _ in range(4):
        bar.setValue(bar.value() - 90)
        moved += 90
        after = view.text_rect(place)
        assert after is not None
        assert after.top() - before.top() == pytest.approx(moved)


def test_the_whole_way_down_ends_at_the_end(qtbot):
    view = make_view(qtbot, LONG)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert view.text_rect(len(LONG) - 1) is not None
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    assert view.top_position() == 0
    assert view.page.at_top()


def test_reveal_moves_only_if_needed(qtbot):
    view = make_view(qtbot, LONG)
    view.reveal(5)
    assert view.top_position() == 0
    place = LONG.index("Paragraph 200")
    view.reveal(place)
    rect = view.text_rect(place)
    assert rect is not None
    assert 100 < rect.top() < 300


def test_adding_a_span_touches_only_its_blocks(qtbot):
    view = make_view(qtbot, LONG)
    list(view.page.in_sight())
    untouched = view.page.block(0)
    start = LONG.index("Paragraph 3")
    view.change_spans([], [SpanMark("new", ((start, start + 9),), "pledge")])
    assert untouched.dressed
    assert view.page.block(0) is untouched
    assert [piece.span for piece in view.page.block(view.page.blocks.at(start)).pieces] == ["new"]
    assert untouched.pieces == []


def test_the_text_in_sight_stays_when_lanes_above_it_grow(qtbot):
    view = make_view(qtbot, "word " * 3_000)
    view.scroll_to_top_position(900)
    place = view.top_position() + 200
    before = view.text_rect(place)
    view.change_spans([], [SpanMark(f"s{i}", ((0, 300),), "pledge", i) for i in range(8)])
    assert view.text_rect(place) == before


def test_place_changed_comes_once_at_rest(qtbot):
    view = make_view(qtbot, LONG)
    counted = []
    view.place_changed.connect(lambda: counted.append(1))
    with qtbot.waitSignal(view.place_changed, timeout=2_000):
        for value in range(100, 600, 100):
            view.verticalScrollBar().setValue(value)
    qtbot.wait(500)
    assert counted == [1]


def test_the_title_is_not_shown_twice(qtbot):
    view = make_view(qtbot, "Summit  statement\n\nText.", title="Summit statement")
    assert view.page.header.title is None
    assert view.page.block(0).laid.style.kind == "heading"
    view.set_document("Other words\n\nText.", Structure(), "Summit statement", "")
    assert view.page.header.title is not None
    assert view.page.block(0).laid.style.kind == "paragraph"


def test_headings_are_bold_and_larger_and_markers_are_not_text(qtbot):
    text = "Issues\nfirst item\nplain"
    ranges = (FormatRange("heading", 0, 6, 2), FormatRange("list_item", 7, 17, 1, {"marker": "3."}))
    view = make_view(qtbot, text, Structure(ranges))
    heading, item, plain = (view.page.block(i).laid for i in range(3))
    assert heading.layout.font().bold()
    assert heading.layout.font().pixelSize() > plain.layout.font().pixelSize()
    assert item.style.marker == "3."
    assert item.layout.text() == "first item"
    assert item.indent > plain.indent


def test_a_broken_off_run_stays_quick_and_whole(qtbot):
    text = "x" * 35_000 + "\nx" + "e\u0301" * 12_000
    view = make_view(qtbot, text)
    blocks = view.page.blocks
    assert "".join(text[a:b] for a, b in zip(blocks.starts, blocks.ends, strict=True)) == text.replace("\n", "")
    assert max(map(blocks.length, range(len(blocks)))) <= 30_000
    assert all(text[start : start + 1] != "\u0301" for start in blocks.starts)
    view.select(9_000, 21_000)
    assert view.selection() == (9_000, 21_000)
    view.reveal(20_000)
    assert view.text_rect(20_000) is not None


def test_clicking_twice_slowly_goes_outward(qtbot):
    view = make_view(qtbot)
    view.set_spans(MARKS)
    seen = []
    for _ in range(3):
        click(view, 60)
        seen.append(view.selected_span())
    assert seen == ["inner", "outer", "inner"]
    click(view, 10)
    assert view.selected_span() == "outer"
    click(view, STATEMENT.index("nobody"))
    assert view.selected_span() is None
    assert abs(view.caret() - STATEMENT.index("nobody")) <= 1


def test_painting_the_caret_and_the_tint(qtbot):
    view = make_view(qtbot)
    view.set_spans(MARKS)
    image = view.viewport().grab().toImage()
    inside, outside = middle_of(view, 60), middle_of(view, STATEMENT.index("nobody"))
    theme = load_theme("light")
    top = view.text_rect(60)
    assert top is not None
    colours = {image.pixelColor(inside.x() + dx, int(top.top())).name() for dx in range(3)}
    assert theme.label_tint("#8a5a0c", "#e2a93b").name() in colours
    rect = view.text_rect(STATEMENT.index("nobody"))
    assert rect is not None
    assert image.pixelColor(outside.x(), int(rect.top())).name() == theme.hex("reading")
