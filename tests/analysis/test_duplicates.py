"""Near-duplicates: what a sketch finds and what it does not."""

import random

import pytest

from annotator.analysis.duplicates import SKETCH_SIZE, SketchIndex, are_near, similarity, sketch

WORDS = [f"word{number}" for number in range(2_000)]


def text_of(seed: int, length: int = 800) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(length))


def edited(text: str, share: float, seed: int = 5) -> str:
    chosen = random.Random(seed)
    return " ".join("changed" if chosen.random() < share else word for word in text.split())


def test_white_space_case_and_punctuation_do_not_count():
    assert sketch("We will help, Ukraine.") == sketch("we  will\nhelp Ukraine")


@pytest.mark.parametrize(("share", "near"), [(0.0, True), (0.05, True), (0.4, False), (1.0, False)])
def test_a_text_is_found_as_long_as_it_is_nearly_the_same(share, near):
    text = text_of(1)
    index = SketchIndex()
    for seed in range(2, 50):
        index.put(str(seed), sketch(text_of(seed)))
    index.put("original", sketch(text))
    other = edited(text, share)
    assert (index.nearest(sketch(other)) == "original") == near
    assert are_near(text, other) == near


def test_a_text_without_spaces_is_compared_by_characters():
    text = "".join(chr(0x4E00 + number * 7 % 3000) for number in range(600))
    other = text[:300] + "加" + text[300:]
    shared = set(sketch(text)) & set(sketch(other))
    assert len(shared) > SKETCH_SIZE * 0.8
    assert similarity(text, other) > 0.99


@pytest.mark.parametrize("first", ["A", "У", "Update"])
def test_a_short_first_word_changes_little(first):
    text = text_of(1)
    assert len(set(sketch(text)) & set(sketch(f"{first} {text}"))) > SKETCH_SIZE * 0.9


def test_an_empty_text_resembles_nothing():
    index = SketchIndex()
    index.put("empty", sketch(""))
    assert sketch("") == () and index.nearest(()) is None
