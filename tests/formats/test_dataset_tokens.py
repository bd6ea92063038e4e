"""Words and signs of any script, and spans as tags on them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.datasets.tokens import Run, Tokens, apart, iob2, is_prefixed, runs_of, tokens_of
from tests.formats.round_trips import PIECES


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We can't go to the U.S. in 1,500.5 days...", "We|can't|go|to|the|U.S|.|in|1,500.5|days|..."),
        ("co-operation (new)", "co|-|operation|(|new|)"),
        ("Україна’а «допомога»", "Україна’а|«|допомога|»"),
        ("Ні\u0301! e\u0301", "Ні\u0301|!|e\u0301"),
        ("我们将帮助 カタカナ ひら", "我|们|将|帮|助|カタカナ|ひ|ら"),
        ("שלום, السلام؟", "שלום|,|السلام|؟"),
        ("👩‍👩‍👧🇺🇦 👍🏽!!!", "👩‍👩‍👧|🇺🇦|👍🏽|!!!"),
        ("a\u2028b\u0085c\u00a0d\x00e\ufefff", "a|b|c|d|e|f"),
        ("co\u00adoperate \u200d \u200b", "co\u00adoperate"),
        ("مى\u200cخواهم", "مى\u200cخواهم"),
        ("-DOCSTART- B-x =1+1", "-|DOCSTART|-|B|-|x|=|1|+|1"),
        ("", ""),
    ],
)
def test_words_and_signs(text: str, expected: str) -> None:
    assert "|".join(words(text)) == expected


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map("".join))
def test_tokens_are_apart_in_order_and_leave_nothing_out_that_is_seen(text: str) -> None:
    last = 0
    for start, end in tokens_of(text):
        assert last <= start < end
        assert not any(character.isspace() for character in text[start:end])
        assert not any(character.isalnum() for character in text[last:start])
        last = end
    assert not any(character.isalnum() for character in text[last:])


@pytest.mark.parametrize("piece", ["'", "a'", "\u200d", "\u0301", "!", "1,", "👩‍", "\u00ad", "🇺"])
def test_no_text_holds_it_up(piece: str) -> None:
    assert len(tokens_of(piece * 100_000)) <= 100_000


def test_a_stretch_touches_the_tokens_that_it_shares_a_character_with() -> None:
    tokens = Tokens(tokens_of("We will help."))
    assert tokens.touched(0, 13) == (0, 3)
    assert tokens.touched(5, 9) == (1, 2)
    assert tokens.touched(3, 4) == (1, 1)
    assert tokens.touched(2, 3) is None
    assert tokens.stretch(Run(1, 2, "x")) == [3, 12]


def test_of_runs_that_share_a_token_the_longest_stays() -> None:
    runs = [Run(0, 2, "a"), Run(1, 1, "b"), Run(3, 9, "c"), Run(2, 3, "d"), Run(0, 2, "e")]
    assert apart(runs) == [(0, runs[0]), (2, runs[2])]
    assert apart([]) == []


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.sampled_from("ab")), max_size=8))
def test_runs_come_back_from_their_tags(drawn: list[tuple[int, int, str]]) -> None:
    runs = [run for _, run in apart(Run(first, first + more, label) for first, more, label in drawn)]
    assert all(one.last < other.first for one, other in pairwise(runs))
    tags = iob2(20, runs)
    assert len(tags) == 20
    assert runs_of(tags, prefixed=True) == runs


@pytest.mark.parametrize(
    ("tags", "prefixed"),
    [(["B-a", "O"], True), (["I_a"], True), (["S-a", "U-b", "-"], True), (["person", "O"], False), (["O"], False)],
)
def test_letters_before_labels_are_told_from_labels_alone(tags: list[str], prefixed: bool) -> None:
    assert is_prefixed(tags) is prefixed
