"""Two texts side by side: what belongs together, what moved, and texts made to take long."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.alignment import Alignment, Words, common, likeness

FIRST = "The council met in the harbour town on Monday. It heard four reports about the bridges of the region."
SECOND = "Every member promised two engineers for the repair of the northern bridge before the winter begins."
THIRD = "The minister of transport will answer the questions of the deputies in writing within three weeks."


def aligned(old: str, new: str) -> Alignment:
    return Alignment(Words(old), Words(new))


def longest(one: str, other: str) -> int:
    """Return the length of a longest common subsequence as the textbook has it."""
    row = [0] * (len(other) + 1)
    for a in one:
        before = row
        row = [0]
        for place, b in enumerate(other):
            row.append(before[place] + 1 if a == b else max(row[-1], before[place + 1]))
    return row[-1]


@given(st.text("abc", max_size=30), st.text("abcd", max_size=30))
def test_common_is_a_longest_common_subsequence(one: str, other: str) -> None:
    pairs = common(one, other)
    assert all(one[i] == other[j] for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
    assert len(pairs) == longest(one, other)
    assert likeness(one, other) == (2 * len(pairs) / (len(one) + len(other)) if one or other else 1.0)


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.lists(st.sampled_from("abc")))
def test_no_word_belongs_to_two(old: list[str], new: list[str]) -> None:
    found = aligned(" ".join(old), " ".join(new))
    for i, j in enumerate(found.to_new):
        assert j < 0 or (found.to_old[j] == i and old[i] == new[j])
    assert sum(j >= 0 for j in found.to_new) == sum(i >= 0 for i in found.to_old)
    assert sum(run.length for run in found.runs) == sum(j >= 0 for j in found.to_new)


def test_a_paragraph_that_moved_is_found_whole() -> None:
    old = "\n\n".join((FIRST, SECOND, THIRD))
    found = aligned(old, "\n\n".join((SECOND, FIRST, THIRD)))
    assert found.similarity() == 1.0
    assert {run.in_order for run in found.runs} == {True, False}


def test_a_changed_word_leaves_its_neighbours_together() -> None:
    found = aligned(SECOND, SECOND.replace("two engineers", "three engineers"))
    words = found.old.words
    assert [words[i] for i, j in enumerate(found.to_new) if j < 0] == ["two"]


def test_few_words_in_another_place_are_chance() -> None:
    found = aligned("of the northern bridge before\n" + THIRD, THIRD + "\nof the northern bridge before")
    assert all(run.in_order for run in found.runs)


def test_letters_are_words_where_no_spaces_are_written() -> None:
    assert Words("安理会。Kyiv").words == ["安", "理", "会", "。", "Kyiv"]
    assert Words("ไทย").words == ["ไ", "ท", "ย"]


def test_unlike_texts_are_unlike() -> None:
    assert aligned(FIRST, THIRD).similarity() < 0.35
    assert aligned("", "").similarity() == 1.0
    assert aligned(FIRST, "").similarity() == 0.0
