"""Spans of one version in another: what is untouched lands exactly, what is sure has its words, the rest is offered."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.anchors import Placed, Placing, anchor_of

WORDS: tuple[str, ...] = (
    "bridge",
    "council",
    "pledge",
    "winter",
    "river",
    "repair",
    "the",
    "of",
    "and",
    "will",
    "Київ",
    "міст",
)


def span_of(words: str, text: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def placed(old: str, new: str, words: str) -> Placed:
    return Placing(old, new).place([span_of(words, old)])


def quotes(new: str, found: Placed) -> list[str]:
    return [new[place.fragments[0][0] : place.fragments[-1][1]] for place in found.candidates]


@st.composite
def paragraphs(draw: st.DrawFn) -> list[str]:
    """Paragraphs of which each holds a word of its own, as real ones do."""
    count = draw(st.integers(2, 8))
    made = []
    for number in range(count):
        some = st.lists(st.sampled_from(WORDS), min_size=16, max_size=30)
        words = draw(some.filter(lambda words: len(set(words)) > 5))  # of few words, no place is sure
        for place in range(0, len(words), 4):
            words[place] = f"w{number}x{place}"
        made.append(draw(st.sampled_from([" ", "  ", "\u00a0"])).join(words))
    return made


@settings(deadline=None)
@given(paragraphs(), st.randoms(use_true_random=False))
def test_untouched_text_lands_exactly(blocks: list[str], rng: random.Random) -> None:
    order = list(range(len(blocks)))
    rng.shuffle(order)
    gone, changed = order[0], order[1]
    new_blocks = {i: blocks[i] for i in order if i != gone}
    new_blocks[changed] = " ".join(["Something", "quite", "new", *blocks[changed].split()[9:]])
    old, new = "\n\n".join(blocks), "\n\n".join(new_blocks[i] for i in order if i != gone)
    placing = Placing(old, new)
    for number in order[2:]:
        block = blocks[number]
        offset, there = old.index(block), new.index(block)
        low = rng.randrange(len(block) - 1)
        high = rng.randrange(low + 1, len(block) + 1)
        if block[low:high].strip():
            found = placing.place([(offset + low, offset + high)])
            assert found.sure
            assert found.fragments == ((there + low, there + high),)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, "\n", "a", "aa"]), min_size=1, max_size=80),
    st.lists(st.sampled_from([*WORDS, "\n", "a", "aa"]), max_size=80),
    st.data(),
)
def test_a_sure_span_has_the_same_words(first: list[str], second: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(first)))
    old, new = " ".join(first), " ".join([*first[:cut], *second, *first[cut:]])
    low = data.draw(st.integers(0, len(old) - 1))
    high = data.draw(st.integers(low + 1, len(old)))
    found = Placing(old, new).place([(low, high)])
    for start, end in found.fragments:
        assert 0 <= start < end <= len(new)
    for place in found.candidates:
        assert all(0 <= start < end <= len(new) for start, end in place.fragments)
    if found.sure:
        [(start, end)] = found.fragments
        assert new[start:end].split() == old[low:high].split()


def test_the_same_text_keeps_every_span() -> None:
    text = "One short line."
    placing = Placing(text, text)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if text[start:end].strip():
                assert placing.place([(start, end)]) == Placed(((start, end),), True, 1.0)


OLD = (
    "The alliance met in the harbour town on Monday and heard four reports.\n\n"
    "We will provide air defence before the winter begins. The council thanked the engineers of the region.\n\n"
    "Deputies will answer in writing within three weeks, and the minister will be heard in the spring."
)


def test_a_reworded_span_is_offered_and_not_moved() -> None:
    new = OLD.replace("will provide air defence", "intend to provide air defence systems")
    found = placed(OLD, new, "We will provide air defence before the winter begins")
    assert not found.sure
    assert quotes(new, found)[0] == "We intend to provide air defence systems before the winter begins"


def test_a_span_whose_text_went_is_lost() -> None:
    sentence = "We will provide air defence before the winter begins."
    found = placed(OLD, OLD.replace(sentence + " ", ""), sentence)
    assert found.lost and not found.candidates


def test_a_span_that_stands_twice_elsewhere_is_offered_twice() -> None:
    pledge = "We will provide air defence before the winter begins."
    other = "Nobody in the room spoke about money, roads or schools that day. "
    new = other + pledge + " " + other + pledge
    found = placed(OLD, new, pledge)
    assert not found.sure
    assert quotes(new, found) == [pledge[:-1], pledge[:-1]] or quotes(new, found) == [pledge, pledge]


def test_line_breaks_do_not_matter() -> None:
    new = OLD.replace("air defence before", "air\ndefence before")
    found = placed(OLD, new, "We will provide air defence")
    assert found.sure
    assert new[slice(*found.fragments[0])] == "We will provide air\ndefence"


def test_words_that_grew_together_are_not_sure() -> None:
    old = OLD.replace("three weeks", "three - weeks")
    found = placed(old, OLD.replace("three weeks", "three-weeks"), "three - weeks")
    assert not found.sure
    assert found.candidates[0].score > 0.9


def test_all_fragments_move_or_none() -> None:
    fragments = [span_of("We will provide", OLD), span_of("before the winter", OLD)]
    new = "A new line comes first.\n\n" + OLD
    shift = len(new) - len(OLD)
    assert Placing(OLD, new).place(fragments).fragments == tuple((a + shift, b + shift) for a, b in fragments)
    found = Placing(OLD, OLD.replace("before the winter", "during next winter")).place(fragments)
    assert not found.sure and found.candidates


@pytest.mark.parametrize("words", ["The", "of the", "will"])
def test_little_words_are_not_sure_in_another_text(words: str) -> None:
    new = "The report of the day is short. Nobody will read it, and the rest of the week is free for all of them."
    assert not placed(OLD, new, words).sure


def test_a_span_of_blanks_is_lost_and_an_empty_text_holds_nothing() -> None:
    assert Placing(OLD, OLD).place([(OLD.index("\n\n"), OLD.index("\n\n") + 2)]).lost
    assert Placing(OLD, "").place([(0, 20)]).lost


def test_an_anchor_is_the_quote_with_its_surroundings() -> None:
    anchor = anchor_of(OLD, [span_of("air defence", OLD)])
    assert (anchor.quote, anchor.start) == ("air defence", OLD.index("air defence"))
    assert anchor.prefix.endswith("We will provide ") and anchor.suffix.startswith(" before the winter")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 100_000, "a" * 99_000 + "b" + "a" * 1_000),
        ("a " * 50_000, "a " * 20_000 + "b " + "a " * 29_000),
        ("The same line again.\n" * 10_000, "The same line again.\n" * 9_000 + "Another.\n"),
        (" ".join(map(str, range(30_000))), " ".join(map(str, reversed(range(30_000))))),
        ("(" * 60_000, "(" * 30_000 + ")" * 30_000),
    ],
    ids=["one word", "one letter", "equal lines", "backwards", "signs"],
)
def test_repetition_does_not_hold_it_up(old: str, new: str) -> None:
    """Without bounds each of these takes minutes."""
    placing = Placing(old, new)
    for start in range(0, len(old) - 400, len(old) // 50):
        placing.place([(start, start + 400)])
    placing.place([(0, len(old))])


def test_two_versions_of_a_real_transcript(corpus_folder: Path) -> None:
    name = "speeches-remarks__2023-05-21-remarks-by-president-biden-and-president-volodymyr-zelenskyy-of-ukraine-before"
    first = corpus_folder / "communiques" / f"{name}-bilateral-meeting.md"
    second = first.with_name(f"{name}-bilateral-meeting-2.md")
    if not (first.exists() and second.exists()):
        pytest.skip("The corpus has other texts.")
    old, new = (path.read_text("utf-8") for path in (first, second))
    placing = Placing(old, new)
    spans = [line.span() for line in re.finditer(r"\S[^\n]{30,}", old)]
    found = [placing.place([span]) for span in spans]
    assert sum(one.sure for one in found) > 0.9 * len(spans)
    for (start, end), one in zip(spans, found, strict=True):
        assert not one.sure or new[slice(*one.fragments[0])].split() == old[start:end].split()


def test_a_place_in_the_text_is_found_again() -> None:
    placing = Placing(OLD, "A line above.\n\n" + OLD)
    assert placing.position(0) == 0
    assert placing.position(OLD.index("Deputies") + 3) == len("A line above.\n\n") + OLD.index("Deputies")
    assert Placing(OLD, "").position(20) == 0
