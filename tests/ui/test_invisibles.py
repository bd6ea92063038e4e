"""Invisible characters and both directions of writing in the reading view, the banner, and speakers' names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from annotator.core.spans import SpanMark
from annotator.core.structure import FormatRange, Structure
from annotator.session.session import Session
from annotator.ui.panels.invisible_banner import InvisibleBanner
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_invisibles import invisible_marks
from tests.support import add_document
from tests.ui.reading_support import NO_MODIFIER, SHIFT, drag, make_view, press

OVERRIDE = "pay \u202e000,01\u202c euros"
PERSIAN = "می\u200cروم کتاب\u200cها"
HIDDEN = set("\u200c\u202c\u202e\u2067\u2069")
MIXED = [
    "The minister said السلام عليكم and left in 2024.",
    "قال الوزير Antony Doe في 12 مارس 2024 إن NATO سيدعم Україну قريبا (25%).",
    "وزیر «BBC World» می\u200cگوید که کتاب\u200cها در 3.5 میلیون نسخه fi.",
    'ראש הממשלה אמר: "We will win" ביום 5.3.2024, בשעה 10:30.',
    "User: \u202e txt.exe \u202c ok \u2067שלום\u2069 end",
    "اُردو: 100٪ of گھر،USA۔ لاً الإلٰه",
    "He said שָׁלוֹם 12:30 עולם ok",
]


def _pixels(view, colour: QColor, rect) -> int:
    image = view.viewport().grab().toImage()
    wanted = colour.rgb()
    xs = range(max(0, int(rect.left())), min(image.width(), int(rect.right()) + 1))
    ys = range(max(0, int(rect.top())), min(image.height(), int(rect.bottom()) + 1))
    return sum(1 for x in xs for y in ys if image.pixel(x, y) == wanted)


def _above(view, position: int):
    rect = view.text_rect(position)
    assert rect is not None
    return rect.adjusted(-3, -8, 20, -rect.height() + 3)


# -- marks


def test_a_direction_mark_flies_a_flag_and_the_text_stays(qtbot):
    view = make_view(qtbot, OVERRIDE)
    assert view.page.text == OVERRIDE
    assert view.page.block(0).laid.layout.text() == OVERRIDE
    warning = load_theme("light").color("warning")
    assert _pixels(view, warning, _above(view, OVERRIDE.index("\u202e"))) > 20
    plain = make_view(qtbot, OVERRIDE.replace("\u202e", "").replace("\u202c", ""))
    assert _pixels(plain, warning, plain.viewport().rect()) == 0


def test_a_joiner_gets_a_quiet_mark_and_shapes_as_before(qtbot):
    view = make_view(qtbot, PERSIAN)
    theme = load_theme("light")
    assert _pixels(view, theme.color("warning"), view.viewport().rect()) == 0
    assert _pixels(view, theme.color("text_faint"), _above(view, 1)) > 2
    assert view.page.block(0).laid.layout.text() == PERSIAN


def test_characters_in_a_row_share_a_mark():
    marks = invisible_marks("a\u202e\u2066\u202d\u2067b\u00adc", 10)
    assert [(mark.start, mark.end, mark.label) for mark in marks] == [
        (11, 15, "RLO LRI LRO +1"),
        (16, 17, "00AD"),
    ]


def test_plain_text_has_no_marks(qtbot):
    view = make_view(qtbot, "Plain text, as most is.")
    assert view.page.block(0).laid.invisibles == ()


def test_flags_of_neighbours_do_not_overlap(qtbot):
    text = "a\u202eb\u202cc\u2066d\u2069e \u05d0\u202eb\u202cc"
    view = make_view(qtbot, text + "\n\u05d0" + text)
    view.viewport().grab()
    for block in (0, 1):
        placed = view.page.block(block).laid.placed_marks
        assert placed
        for line in placed.values():
            flags = sorted((mark.left, mark.left + mark.width) for mark in line)
            assert all(right <= left for (_, right), (left, _) in pairwise(flags))


def test_hovering_tells_the_name(qtbot, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: told.append(text))
    view = make_view(qtbot, OVERRIDE)
    rect = view.text_rect(OVERRIDE.index("\u202e"))
    assert rect is not None
    for point in (rect.topLeft(), rect.topLeft() + QPointF(12, -4), QPointF(5, rect.top())):
        place = point.toPoint()
        event = QHelpEvent(QHelpEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
    assert told == ["right-to-left override, U+202E", "right-to-left override, U+202E", ""]


# -- the caret


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("a\u202eb\u200dc", [0, 1, 2, 3, 4, 5]),
        ("Auf\u200clage", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        (PERSIAN[:6], [0, 1, 2, 3, 4, 5, 6]),
        ("a👩\u200d👩\u200d👧b", [0, 1, 6, 7]),
        ("e\u0301x", [0, 2, 3]),
    ],
)
def test_the_caret_stops_at_each_sign_but_inside_no_letter(qtbot, text, stops):
    view = make_view(qtbot, text)
    forward, backward = Qt.Key.Key_Right, Qt.Key.Key_Left
    if view.page.block(0).laid.right_to_left:
        forward, backward = backward, forward
    places = [view.caret()]
    while view.caret() < len(text):
        press(view, forward)
        places.append(view.caret())
    assert places == stops
    back = [view.caret()]
    while view.caret() > 0:
        press(view, backward)
        back.append(view.caret())
    assert back[::-1] == stops


def test_a_sign_can_be_selected_alone(qtbot):
    view = make_view(qtbot, "ab\u202ecd")
    view.set_caret(2)
    press(view, Qt.Key.Key_Right, SHIFT)
    assert view.selection() == (2, 3)


# -- both directions


@pytest.fixture
def mixed(qtbot):
    view = make_view(qtbot, "\n".join(MIXED))
    view.set_snapping("characters")
    return view


def _characters(view):
    """Yield the block, line, place and extent of every character that shows, with its direction."""
    for index in range(len(view.page.blocks)):
        laid = view.page.block(index).laid
        for number, line in enumerate(laid.lines):
            unit = line.start
            while unit < line.visible_end:
                after = laid.layout.nextCursorPosition(unit)
                for left, right in laid.stretches(number, unit, after):
                    yield laid, number, unit, after, left, right
                unit = after


def test_a_line_is_selected_without_gaps(mixed):
    for index in range(len(mixed.page.blocks)):
        laid = mixed.page.block(index).laid
        for number, line in enumerate(laid.lines):
            ((left, right),) = laid.stretches(number, line.start, line.visible_end)
            extent = laid.line(number).naturalTextRect()
            assert right - left == pytest.approx(extent.width(), abs=2.5)


def test_each_character_has_room_of_its_own(mixed):
    lines: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for laid, number, _, _, left, right in _characters(mixed):
        lines.setdefault((laid.index, number), []).append((left, right))
    assert sum(map(len, lines.values())) > 250
    for extents in lines.values():
        for (_, right), (left, _) in pairwise(sorted(extents)):
            assert right - left < 3


def test_the_mouse_sets_the_caret_on_the_nearer_side_of_a_character(mixed):
    for laid, number, unit, after, left, right in _characters(mixed):
        line, top = laid.lines[number], mixed.page.top_of(laid.index)
        y = top + (line.top + line.bottom) / 2
        leading, trailing = (right - 0.3, left + 0.3) if laid.writes_leftward(unit) else (left + 0.3, right - 0.3)
        if right - left > 3:
            start, end = laid.positions.to_position(unit), laid.positions.to_position(after)
            assert mixed.page.position_between(leading, y) == start, repr(mixed.page.text[start:end])
            assert mixed.page.position_between(trailing, y) == end, repr(mixed.page.text[start:end])


def test_the_caret_stands_at_a_character_beside_it(mixed):
    edges: dict[tuple[int, int], list[float]] = {}
    for laid, _, unit, after, left, right in _characters(mixed):
        leading, trailing = (right, left) if laid.writes_leftward(unit) else (left, right)
        edges.setdefault((laid.index, unit), []).append(leading)
        edges.setdefault((laid.index, after), []).append(trailing)
    for (index, unit), places in edges.items():
        if HIDDEN & set(mixed.page.block(index).laid.layout.text()[max(0, unit - 1) : unit + 1]):
            continue
        x = mixed.page.block(index).laid.caret_x(unit)
        assert min(abs(x - place) for place in places) < 1.5, (index, unit)


def test_the_caret_beside_a_number_in_hebrew_stands_between_the_two(mixed):
    text = "He said שלום 12:30 עולם ok"
    mixed.set_document(text, Structure(), "", "")
    laid = mixed.page.block(0).laid
    number = laid.stretches(0, text.index("1"), text.index("1") + 5)[0]
    assert laid.caret_x(text.index("1")) == pytest.approx(number[1], abs=0.5)
    assert laid.caret_x(text.index("1") + 5) == pytest.approx(number[0], abs=0.5)


def test_dragging_over_a_change_of_direction_selects_up_to_the_mouse(mixed):
    text = MIXED[0]
    start, end = text.index("said"), text.index("عليكم")
    first, last = mixed.text_rect(start), mixed.text_rect(end + 1)
    assert first is not None
    assert last is not None
    drag(
        mixed,
        QPoint(int(first.left()) + 1, int(first.center().y())),
        QPoint(int(last.left()) + 1, int(last.center().y())),
    )
    assert mixed.selection() == (start, end + 2)


def test_keys_walk_through_every_place_of_mixed_lines(mixed):
    places = [0]
    mixed.set_caret(0)
    for _ in range(2 * len(mixed.page.text)):
        laid = mixed.page.block(mixed.page.blocks.at(mixed.caret())).laid
        press(mixed, Qt.Key.Key_Left if laid.right_to_left else Qt.Key.Key_Right, NO_MODIFIER)
        if mixed.caret() == places[-1]:
            break
        places.append(mixed.caret())
    assert places == sorted(set(places))
    assert places[-1] == len(mixed.page.text)


def test_lam_and_alef_are_selected_one_by_one(qtbot):
    view = make_view(qtbot, "سلام")
    laid = view.page.block(0).laid
    ((lam_left, lam_right),) = laid.stretches(0, 1, 2)
    ((alef_left, alef_right),) = laid.stretches(0, 2, 3)
    assert alef_right == pytest.approx(lam_left, abs=1.5)
    assert alef_left < alef_right < lam_right
    assert laid.caret_x(2) == pytest.approx(lam_left, abs=1.5)


def test_lines_without_letters_follow_a_right_to_left_text(qtbot):
    view = make_view(qtbot, "وافق الوزراء\n\n1948\n\nabc")
    assert view.page.block(1).laid.right_to_left
    assert view.page.block(2).laid.right_to_left
    assert not view.page.block(4).laid.right_to_left
    assert not make_view(qtbot, "abc\n1948").page.block(1).laid.right_to_left


def test_what_stands_in_an_isolate_tells_no_direction(qtbot):
    assert not make_view(qtbot, "\u2067שלום\u2069 is hello").page.block(0).laid.right_to_left
    assert make_view(qtbot, "\u2066abc\u2069 הוא").page.block(0).laid.right_to_left


def test_the_line_under_a_right_to_left_title_stands_below_it(qtbot):
    view = make_view(qtbot, "وافق الوزراء")
    view.set_document("وافق الوزراء", Structure(), "عنوان", "2024")
    subtitle = view.page.header.subtitle
    assert subtitle is not None
    assert subtitle.lineAt(0).naturalTextRect().right() == pytest.approx(view.page.width, abs=1)


def test_initials_stand_where_the_line_begins(qtbot):
    view = make_view(qtbot, "وافق الوزراء\nabc def")
    view.set_spans([SpanMark("a", ((0, 5),), "pledge"), SpanMark("b", ((13, 16),), "criticism")])
    colours = load_theme("light")
    arabic, latin = view.text_rect(0), view.text_rect(13)
    assert arabic is not None
    assert latin is not None
    left = latin.left()
    right = left + view.page.width
    image = view.viewport().grab().toImage()

    def tinted(top: float, low: float, high: float) -> bool:
        background = colours.color("reading").rgb()
        rows = range(int(top), int(top) + 18)
        return any(image.pixel(x, y) != background for y in rows for x in range(int(low), int(high)))

    assert tinted(arabic.top(), right + 12, right + 30)
    assert not tinted(arabic.top(), left - 30, left - 12)
    assert tinted(latin.top(), left - 30, left - 12)
    assert not tinted(latin.top(), right + 12, right + 30)


# -- the banner


@pytest.fixture
def two_documents(project_path, person):
    with Session(project_path, person) as session:
        suspicious = add_document(session, f"Budget\n\nWe {OVERRIDE} and no more.", "Budget")
        ordinary = add_document(session, f"Aufruf\n\nDonau\u00adschiff, {PERSIAN}", "Aufruf")
    return suspicious, ordinary


def test_the_banner_tells_once_of_what_is_hidden(two_documents, new_window, project_path, qtbot):
    suspicious, ordinary = two_documents
    window = new_window(project_path)
    banner = window.page.invisible_banner
    window.desk.open_document(suspicious.id)
    qtbot.waitUntil(lambda: banner.isVisible())
    assert "2 hidden direction marks" in banner.text
    assert "right-to-left override" in banner.text
    assert banner.accessibleDescription() == banner.text
    window.desk.open_document(ordinary.id)
    qtbot.wait(20)
    assert not banner.isVisible()
    window.desk.open_document(suspicious.id)
    qtbot.waitUntil(lambda: banner.isVisible())
    qtbot.mouseClick(banner._close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    window.desk.open_document(ordinary.id)
    window.desk.open_document(suspicious.id)
    qtbot.wait(20)
    assert not banner.isVisible()


def test_the_banner_counts_marks_and_others_apart(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    banner = InvisibleBanner(host)
    banner.set_document("a", "one \u202e mark, at\u200btack, x\U000e0041\U000e0042")
    qtbot.waitUntil(lambda: bool(banner.text))
    assert "1 hidden direction mark (right-to-left override) and 3 hidden characters (" in banner.text
    assert "zero width space" in banner.text


# -- speakers


def test_of_a_turn_only_the_name_looks_different(qtbot):
    text = "MR. DOE: Yes.\nHe went on.\nMS. ROE: No."
    turns = (
        FormatRange("speaker", 0, 25, 0, {"speaker": "MR. DOE", "name_end": 8}),
        FormatRange("speaker", 26, len(text), 0, {"speaker": "MS. ROE", "name_end": 34}),
    )
    view = make_view(qtbot, text, Structure(turns))
    formats = [[(f.start, f.length) for f in view.page.block(i).laid.layout.formats()] for i in range(3)]  # type: ignore[attr-defined]
    assert formats == [[(0, 8)], [], [(0, 8)]]
    muted = load_theme("light").color("text_muted")
    assert view.page.block(0).laid.layout.formats()[0].format.foreground().color() == muted  # type: ignore[attr-defined]
