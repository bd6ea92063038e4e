"""Lanes under the text: bars under their words in every direction, a row for each layer, nothing that jumps."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from annotator.core.spans import SpanMark
from annotator.core.structure import Structure
from annotator.ui.theme import load_theme
from annotator.ui.views.lanes_block import ROW_STEP, LanedBlock
from annotator.ui.views.lanes_keys import ReviewCommand
from annotator.ui.views.lanes_view import LanesView
from tests.ui.reading_support import CTRL, LABELS, SHIFT, STATEMENT, press

Key = Qt.Key

PERSIAN = (
    "وزیران گفتند که پیش از زمستان ژنراتورهای تازه می‌فرستند، به شرط آنکه پارلمان بودجه را تصویب کند. "
    "متن NATO 2023 در میان جمله است."
)


def _place(span: str) -> int:
    return "ABG".index(span[0])


def make_lanes(qtbot: QtBot, text: str, marks: list[SpanMark]) -> LanesView:
    """Return a shown view of a text with the lanes A, B and gold; the first letter of an id is its layer."""
    view = LanesView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(760, 560)
    view.set_labels(LABELS)
    view.show()
    view.setFocus()
    view.set_lanes("AB◆", _place)
    view.set_document(text, Structure(), "", "")
    view.set_spans(marks)
    return view


def mark(span: str, text: str, *words: str, label: str = "pledge") -> SpanMark:
    return SpanMark(
        span, tuple((text.index(part), text.index(part) + len(part)) for part in words), label, ord(span[-1])
    )


def blocks(view: LanesView) -> list[LanedBlock]:
    return [dressed for dressed, _ in view.page.in_sight() if isinstance(dressed, LanedBlock)]


def tops(view: LanesView) -> dict[str, int]:
    return {piece.span: piece.top for block in blocks(view) for piece in block.pieces}


def test_each_layer_has_a_row_in_its_order(qtbot: QtBot) -> None:
    words = "send new generators"
    view = make_lanes(qtbot, STATEMENT, [mark(span, STATEMENT, words) for span in ("G", "B", "A")])
    found = tops(view)
    assert found["A"] < found["B"] < found["G"]
    assert found["B"] - found["A"] == pytest.approx(ROW_STEP, abs=1)


def test_overlapping_spans_of_a_layer_do_not_share_a_row(qtbot: QtBot) -> None:
    marks = [mark("A1", STATEMENT, "send new generators"), mark("A2", STATEMENT, "new generators before winter")]
    view = make_lanes(qtbot, STATEMENT, [*marks, mark("B1", STATEMENT, "new generators")])
    assert len(set(tops(view).values())) == 3
    assert max(tops(view), key=tops(view).__getitem__) == "B1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (STATEMENT, "new generators before"),
        (PERSIAN, "ژنراتورهای تازه"),
        (PERSIAN, "متن NATO 2023 در"),
        (PERSIAN, "2023"),
    ],
)
def test_bars_lie_under_their_glyphs(qtbot: QtBot, text: str, words: str) -> None:
    view = make_lanes(qtbot, text, [mark("A", text, words)])
    start = text.index(words)
    rects = [view.page.character_rect(place) for place in range(start, start + len(words))]
    left = min(rect.left() for rect in rects if rect is not None and rect.width())
    right = max(rect.right() for rect in rects if rect is not None and rect.width())
    pieces = [piece for block in blocks(view) for piece in block.pieces]
    assert min(piece.left for piece in pieces) == pytest.approx(left, abs=2)
    assert max(piece.left + piece.width for piece in pieces) == pytest.approx(right, abs=2)


def test_letters_stand_where_one_begins_to_read(qtbot: QtBot) -> None:
    for text, words in ((STATEMENT, "new generators"), (PERSIAN, "ژنراتورهای تازه")):
        view = make_lanes(qtbot, text, [mark("A", text, words)])
        (letter,) = [letter for block in blocks(view) for letter in block.letters]
        (piece,) = [piece for block in blocks(view) for piece in block.pieces]
        assert letter.x == (piece.left if text is STATEMENT else piece.left + piece.width)


def test_a_decision_moves_nothing(qtbot: QtBot) -> None:
    marks = [mark("A", STATEMENT, "send new generators"), mark("B", STATEMENT, "new generators")]
    view = make_lanes(qtbot, STATEMENT, marks)
    before = [(line.top, line.below) for block in blocks(view) for line in block.laid.lines]
    view.change_spans((), [mark("G", STATEMENT, "send new generators")])
    assert [(line.top, line.below) for block in blocks(view) for line in block.laid.lines] == before


def test_fragments_are_linked_in_their_row(qtbot: QtBot) -> None:
    view = make_lanes(qtbot, STATEMENT, [mark("A", STATEMENT, "send", "before winter")])
    (gap,) = [gap for block in blocks(view) for gap in block.gaps]
    left, right = sorted((piece.left, piece.left + piece.width) for block in blocks(view) for piece in block.pieces)
    assert left[1] <= gap.left + 2
    assert gap.right <= right[0] + 1


def test_a_paragraph_without_spans_keeps_its_lines_together(qtbot: QtBot) -> None:
    view = make_lanes(qtbot, STATEMENT, [mark(span, STATEMENT, "send new generators") for span in "AB"])
    first, *_, last = blocks(view)
    assert first.laid.lines[0].below - first.laid.lines[0].top > last.laid.lines[0].below - last.laid.lines[0].top


def test_only_what_is_in_sight_is_laid_out(qtbot: QtBot) -> None:
    text = (STATEMENT + "\n") * 400
    view = make_lanes(qtbot, text, [SpanMark(f"A{n}", ((n * 240, n * 240 + 50),), "pledge", n) for n in range(400)])
    assert len(blocks(view)) < 30


def test_the_keys_of_a_review(qtbot: QtBot) -> None:
    view = make_lanes(qtbot, STATEMENT, [])
    heard: list[tuple[ReviewCommand, int, bool]] = []
    view.review_pressed.connect(lambda *found: heard.append(found))
    for key, modifiers in (
        *((Key.Key_U, Qt.KeyboardModifier.NoModifier), (Key.Key_7, Qt.KeyboardModifier.NoModifier)),
        *((Key.Key_BracketLeft, SHIFT), (Key.Key_K, CTRL), (Key.Key_Tab, Qt.KeyboardModifier.NoModifier)),
        *((Key.Key_Backtab, SHIFT), (Key.Key_B, Qt.KeyboardModifier.NoModifier)),
    ):
        press(view, key, modifiers)
    assert heard == [
        (ReviewCommand.UNION, 0, False),
        (ReviewCommand.TAKE, 7, False),
        (ReviewCommand.START_EDGE, 0, True),
        (ReviewCommand.NEXT, 0, False),
        (ReviewCommand.PREVIOUS, 0, False),
    ]


def test_the_caret_moves_and_selects_as_in_reading(qtbot: QtBot) -> None:
    view = make_lanes(qtbot, STATEMENT, [])
    press(view, Key.Key_Right)
    press(view, Key.Key_Right, SHIFT)
    assert view.selection() == (1, 2)


def test_assistive_technology_hears_layer_and_label(qtbot: QtBot) -> None:
    view = make_lanes(qtbot, STATEMENT, [mark("B", STATEMENT, "send new generators")])
    view.set_caret(STATEMENT.index("generators"))
    assert view.labels_at_caret() == ["B: Pledge"]
    assert QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Value) == "B: Pledge"
