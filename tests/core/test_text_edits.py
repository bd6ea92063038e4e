"""Edits of a text, where its positions go, and a text that is corrected paragraph by paragraph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.corrected_text import CorrectedText, corrected_text, difference, differences
from annotator.core.errors import BugError
from annotator.core.text_edits import Moves, Side, TextEdit, apply_edits, check_edits, moved

TEXT = "One two.\n\nThree four.\n\nFive\u00a0six."


def done(corrected: CorrectedText) -> str:
    """Return the whole text after the corrections."""
    check_edits(corrected.edits, len(corrected.text))
    return apply_edits(corrected.text, corrected.edits)


class TestEdits:
    def test_edits_are_made(self) -> None:
        edits = (TextEdit(0, 3, "1"), TextEdit(4, 4, "and "), TextEdit(7, 8, ""))
        assert apply_edits(TEXT, edits).startswith("1 and two\n\n")

    @pytest.mark.parametrize(
        "edits",
        [
            (TextEdit(5, 4, ""),),
            (TextEdit(0, 99, ""),),
            (TextEdit(4, 6, ""), TextEdit(5, 7, "")),
            (TextEdit(4, 4, "a"), TextEdit(4, 4, "b")),
            (TextEdit(4, 6, ""), TextEdit(6, 6, "b")),
        ],
    )
    def test_edits_out_of_order_are_a_bug(self, edits: tuple[TextEdit, ...]) -> None:
        with pytest.raises(BugError):
            apply_edits(TEXT, edits)

    def test_positions_go_to_the_side_that_is_asked_for(self) -> None:
        edits = (TextEdit(2, 4, "xyz"), TextEdit(6, 6, "++"))
        assert [moved(place, edits, Side.BEFORE) for place in range(8)] == [0, 1, 2, 2, 5, 6, 7, 10]
        assert [moved(place, edits, Side.AFTER) for place in range(8)] == [0, 1, 2, 5, 5, 6, 9, 10]

    @given(st.text("ab\n ", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.text("XY\n", max_size=3))))
    def test_what_is_not_edited_moves_and_stays_the_same(self, text: str, wanted: list[tuple[int, str]]) -> None:
        edits = []
        for start, new in sorted(wanted, key=lambda one: one[0]):
            end = min(len(text), start + len(new))
            edits.append(TextEdit(start, end, new))
            try:
                check_edits(edits, len(text))
            except BugError:
                edits.pop()
        result, moves = apply_edits(text, edits), Moves(edits)
        for place, letter in enumerate(text):
            if not any(edit.start <= place < edit.end for edit in edits):
                start, end = moves.moved(place, Side.AFTER), moves.moved(place + 1, Side.BEFORE)
                assert result[start:end] == letter
        for side in (Side.BEFORE, Side.AFTER):
            places = [moves.moved(place, side) for place in range(len(text) + 1)]
            assert places == sorted(places) and places[0] >= 0 and places[-1] <= len(result)


class TestCorrectedText:
    def test_nothing_done_is_no_edit(self) -> None:
        corrected = corrected_text(f"\n  \n{TEXT}\n\n \n")
        assert corrected.edits == () and len(corrected.paragraphs) == 3

    def test_a_paragraph_is_left_out_with_its_break_and_taken_in_again(self) -> None:
        corrected = corrected_text(TEXT).leaving_out((1,), True)
        assert done(corrected) == "One two.\n\nFive\u00a0six."
        assert done(corrected.leaving_out((1,), False)) == TEXT
        assert done(corrected_text(TEXT).leaving_out((0,), True)) == "Three four.\n\nFive\u00a0six."
        assert done(corrected_text(TEXT).leaving_out((1, 2), True)) == "One two."
        assert done(corrected_text(TEXT).leaving_out((0, 1, 2), True)) == ""

    def test_the_wider_break_stays(self) -> None:
        assert done(corrected_text("a\nb\n\nc").leaving_out((1,), True)) == "a\n\nc"

    def test_paragraphs_are_joined_by_a_space_where_there_are_spaces(self) -> None:
        assert done(corrected_text(TEXT).joined(0)) == "One two. Three four.\n\nFive\u00a0six."
        assert done(corrected_text("聯合國\n大會").joined(0)) == "聯合國大會"
        assert done(corrected_text("a \nb").joined(0)) == "a b"

    def test_only_neighbours_that_are_there_can_be_joined(self) -> None:
        corrected = corrected_text(TEXT).leaving_out((1,), True)
        assert not any(corrected.can_join(index) for index in range(-1, 4))
        assert corrected_text(TEXT).can_join(1)

    def test_a_paragraph_is_split_without_the_space_at_the_cut(self) -> None:
        corrected = corrected_text(TEXT).split(1, 6)
        assert done(corrected) == "One two.\n\nThree\n\nfour.\n\nFive\u00a0six."
        assert done(corrected.joined(1)) == TEXT
        assert done(corrected_text(TEXT).split(1, 0)) == TEXT

    def test_what_is_written_keeps_the_rest_as_it_was_read(self) -> None:
        corrected = corrected_text(TEXT).rewritten(2, 0, 4, "5")
        assert done(corrected).endswith("5\u00a0six.")
        assert corrected.edits == (TextEdit(23, 27, "5"),)
        assert done(corrected.split(2, 2)).endswith("5\n\nsix.")

    def test_new_text_can_be_split_and_rewritten_again(self) -> None:
        corrected = corrected_text("abc def").rewritten(0, 0, 3, "one two").split(0, 4).rewritten(1, 0, 3, "2")
        assert [corrected.shown(index) for index in range(2)] == ["one", "2 def"]
        assert done(corrected) == "one\n\n2 def"
        assert done(corrected.joined(0)) == "one 2 def"

    def test_an_emptied_paragraph_is_left_out_and_can_be_restored(self) -> None:
        corrected = corrected_text(TEXT).rewritten(0, 0, 8, " ")
        assert done(corrected) == "Three four.\n\nFive\u00a0six."
        assert done(corrected.leaving_out((0,), False)) == TEXT

    def test_a_long_blank_line_takes_no_time(self) -> None:
        assert corrected_text(" " * 2_000_000 + "\nx").paragraphs[0].start == 2_000_001

    @given(
        st.text("ab \n\u00a0", max_size=40),
        st.lists(st.tuples(st.sampled_from("ljsw"), st.integers(0, 9), st.integers(0, 20), st.integers(0, 20))),
    )
    def test_any_order_of_corrections_says_what_is_shown(
        self, text: str, wanted: list[tuple[str, int, int, int]]
    ) -> None:
        corrected = corrected_text(text)
        for what, index, one, other in wanted:
            if index >= len(corrected.paragraphs):
                continue
            length = len(corrected.shown(index))
            start, end = sorted((min(one, length), min(other, length)))
            if what == "l":
                corrected = corrected.leaving_out((index,), not corrected.paragraphs[index].left_out)
            elif what == "j" and corrected.can_join(index):
                corrected = corrected.joined(index)
            elif what == "s":
                corrected = corrected.split(index, start)
            elif what == "w":
                corrected = corrected.rewritten(index, start, end, "Z" * (one % 3))
        kept = [corrected.shown(i) for i, paragraph in enumerate(corrected.paragraphs) if not paragraph.left_out]
        assert [line for line in done(corrected).split("\n") if line.strip()] == kept


@given(st.text("ab\u00a0", max_size=12), st.text("ab\u00a0", max_size=12))
def test_the_difference_of_two_texts_makes_one_the_other(before: str, after: str) -> None:
    start, end, text = difference(before, after)
    assert before[:start] + text + before[end:] == after
    assert (start, end, text) == (len(before), len(before), "") or before != after


@given(st.text("ab \u00a0.", max_size=30), st.text("ab \u00a0.", max_size=30))
def test_the_differences_of_two_texts_make_one_the_other_and_lie_apart(before: str, after: str) -> None:
    found = differences(before, after)
    assert apply_edits(before, [TextEdit(*one) for one in found]) == after
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_words_between_two_differences_are_left_alone() -> None:
    assert differences("Teh council agres, we think.", "The council agrees, we think.") == [(1, 3, "he"), (16, 16, "e")]
    assert differences("one two three", "one three") == [(4, 8, "")]
    assert differences("聯合國在大會表決", "聯合國於大會上表決") == [(3, 4, "於"), (6, 6, "上")]
    assert differences("same", "same") == []


def test_stretches_move_and_those_without_text_are_missing() -> None:
    moves = Moves([TextEdit(0, 0, "Oh, "), TextEdit(10, 20, "")])
    assert moves.moved_fragments([(0, 4), (8, 12), (12, 15), (18, 22)]) == ((4, 8), (12, 14), (14, 16))
