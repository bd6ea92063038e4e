"""Words, clauses, sentences and paragraphs in several scripts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import boundaries
from annotator.core.boundaries import (
    clause_bounds,
    cluster,
    grow,
    ladder,
    next_sentence,
    next_word,
    paragraph_bounds,
    previous_sentence,
    previous_word,
    sentence_bounds,
    shrink,
    snap_to_words,
    trim,
    word_bounds,
)

STATEMENT = "The allies will act when every member agrees, and the council will meet. Nobody objected!\nA second line."


def _cut(text, bounds):
    return text[bounds[0] : bounds[1]]


def _at(text, piece, offset=0):
    return text.index(piece) + offset


@pytest.mark.parametrize(
    ("text", "inside", "word"),
    [
        ("It can't wait", "n't", "can't"),
        ("Ukraine’s path", "raine", "Ukraine’s"),
        ("п’ять країн", "ять", "п’ять"),
        ("комʼюніке сторін", "юні", "комʼюніке"),
        ("Киев ответил", "тил", "ответил"),
        ("قال الوزير أمس", "وزير", "الوزير"),
        ("cafe\u0301 closed", "\u0301", "cafe\u0301"),
        ("about 1,250.5 tonnes", "250", "1,250.5"),
        ("the U.S. side", "S", "U.S"),
        ("long-term aid", "term", "term"),
        ("協定に署名", "定", "定"),
        ("नमस्ते दुनिया", "्", "नमस्ते"),
    ],
)
def test_words(text, inside, word):
    assert _cut(text, word_bounds(text, _at(text, inside))) == word


def test_signs_spaces_and_the_end_are_words_of_their_own():
    text = "Yes,  no\nx"
    assert word_bounds(text, 3) == (3, 4)
    assert word_bounds(text, 4) == (4, 6)
    assert word_bounds(text, 8) == (8, 9)
    assert word_bounds(text, len(text)) == (len(text), len(text))


def test_an_emoji_family_is_one_cluster():
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f466"
    text = f"a {family} b"
    for place in range(2, 2 + len(family)):
        assert cluster(text, place) == (2, 2 + len(family))


def test_steps_from_word_to_word_go_over_newlines_one_at_a_time():
    text = "one two\nthree"
    assert [next_word(text, p) for p in (0, 4, 7, 8)] == [4, 7, 8, 13]
    assert [previous_word(text, p) for p in (13, 8, 7, 4)] == [8, 7, 4, 0]


def test_trim_and_snap():
    assert trim("  ab ", 0, 5) == (2, 4)
    assert trim("    ", 1, 3) == (1, 1)
    text = "The allies agree."
    assert _cut(text, snap_to_words(text, 6, 13)) == "allies agree"
    assert _cut(text, snap_to_words(text, 3, 11)) == "allies"
    assert snap_to_words(text, 5, 5) == (5, 5)


def test_sentences_come_from_the_structure_where_it_has_them():
    assert sentence_bounds(STATEMENT, 5, ((0, 8), (8, 40))) == (0, 8)
    assert _cut(STATEMENT, sentence_bounds(STATEMENT, 5)) == STATEMENT[: _at(STATEMENT, " Nobody")]
    assert _cut(STATEMENT, sentence_bounds(STATEMENT, _at(STATEMENT, "objected"))) == "Nobody objected!"


@pytest.mark.parametrize(
    ("text", "inside", "sentence"),
    [
        ("Mr. Brown left. He was late.", "left", "Mr. Brown left."),
        ("He met J. Doe there. Then rain.", "there", "He met J. Doe there."),
        ("“We agree.” He nodded.", "agree", "“We agree.”"),
        ("It rose by 2.5 percent. Fine.", "percent", "It rose by 2.5 percent."),
        ("Він сказав так. Потім пішов.", "Потім", "Потім пішов."),
        ("وصل الوزير؟ نعم وصل.", "نعم", "نعم وصل."),
        ("協定に署名。次に進む。", "次", "次に進む。"),
    ],
)
def test_sentences_by_rule(text, inside, sentence):
    assert _cut(text, sentence_bounds(text, _at(text, inside))) == sentence


def test_clauses_break_at_condition_words_and_punctuation():
    words = ("when", "provided that")
    assert _cut(STATEMENT, clause_bounds(STATEMENT, 5, (), words)) == "The allies will act"
    condition = clause_bounds(STATEMENT, _at(STATEMENT, "member"), (), words)
    assert _cut(STATEMENT, condition) == "when every member agrees"
    without = clause_bounds(STATEMENT, 5)
    assert _cut(STATEMENT, without) == "The allies will act when every member agrees"


def test_clauses_keep_enumerations_and_numbers_whole():
    text = "We thank Norway, Sweden, Finland and all 1,200 donors."
    assert _cut(text, clause_bounds(text, _at(text, "Sweden"))) == text[:-1]


def test_a_condition_word_within_a_word_does_not_break():
    text = "Whenever they want, gifts come"
    assert _cut(text, clause_bounds(text, _at(text, "gifts"), (), ("if", "when"))) == "gifts come"


def test_growing_climbs_the_ladder_and_shrinking_comes_back():
    at = _at(STATEMENT, "member")
    selection = (at, at)
    steps = []
    for _ in range(4):
        selection = grow(STATEMENT, *selection, (), ("when",))
        steps.append(_cut(STATEMENT, selection))
    assert steps == [
        "member",
        "when every member agrees",
        STATEMENT[: _at(STATEMENT, " Nobody")],
        STATEMENT.split("\n")[0],
    ]
    assert grow(STATEMENT, *selection, (), ("when",)) == selection
    for expected in (steps[2], steps[1], steps[0], ""):
        selection = shrink(STATEMENT, *selection, at, (), ("when",))
        assert _cut(STATEMENT, selection) == expected


def test_a_selection_over_two_sentences_grows_to_both():
    start, end = _at(STATEMENT, "council"), _at(STATEMENT, "objected", 3)
    assert _cut(STATEMENT, grow(STATEMENT, start, end)) == "council will meet. Nobody objected"


@given(st.text(alphabet="ab ,.;—\n'’1é\u0301\u200dши📣ع", max_size=80), st.integers(0, 80))
def test_every_step_of_the_ladder_holds_within_the_text(text, position):
    position = min(position, len(text))
    for start, end in ladder(text, position, (), ("a",)):
        assert 0 <= start <= end <= len(text)
    start, end = grow(text, position, position)
    assert start <= position <= end


def test_paragraphs_and_the_cost_of_huge_ones():
    assert _cut(STATEMENT, paragraph_bounds(STATEMENT, len(STATEMENT) - 3)) == "A second line."
    small, huge = "word " * 40_000, "word " * 4_000_000

    def cost(text):
        begun = time.perf_counter()
        for place in range(len(text) // 2, len(text) // 2 + 20):
            ladder(text, place, (), ("if",))
        return time.perf_counter() - begun

    assert min(cost(huge) for _ in range(3)) < 20 * min(cost(small) for _ in range(3))
    start, end = paragraph_bounds(huge, len(huge) // 2)
    assert end - start == 2 * boundaries.PARAGRAPH_REACH


def test_from_sentence_to_sentence_and_back() -> None:
    text = "One is here. Two follows!\n\nThree ends."
    starts = [0, text.index("Two"), text.index("Three"), len(text)]
    assert [next_sentence(text, place) for place in (0, 5, starts[1], starts[2])] == [*starts[1:2] * 2, *starts[2:]]
    assert [previous_sentence(text, place) for place in (len(text), starts[2], starts[1] + 3, starts[1], 0)] == [
        *(starts[2], starts[1], starts[1], 0, 0)
    ]
    given = [(0, 25), (27, len(text))]
    assert next_sentence(text, 3, given) == 27
    assert previous_sentence(text, 27, given) == 0
