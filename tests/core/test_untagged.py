"""From one sentence without a tag to the next."""

from annotator.core.spans import SpanMark, SpanSet
from annotator.core.untagged import next_untagged

TEXT = "One is here. Two follows!\n\nThree stands alone. Four ends."


def found(position: int, step: int, *tagged: str, sentences: tuple[tuple[int, int], ...] = ()) -> str | None:
    marks = [
        SpanMark(word, ((TEXT.index(word), TEXT.index(word) + len(word)),), "label", n) for n, word in enumerate(tagged)
    ]
    place = next_untagged(TEXT, sentences, SpanSet(marks), position, step)
    return None if place is None else TEXT[slice(*place)]


def test_the_next_and_the_one_before() -> None:
    assert found(0, 1) == "Two follows!"
    assert found(3, 1, "follows") == "Three stands alone."
    assert found(0, 1, "Two", "alone", "Four") is None
    assert found(len(TEXT), -1) == "Three stands alone."
    assert found(len(TEXT), -1, "stands") == "Two follows!"
    assert found(3, -1) is None


def test_given_sentences_are_believed() -> None:
    given = ((0, 25), (27, 46), (47, 57))
    assert found(3, 1, sentences=given) == "Three stands alone."
    assert found(30, -1, sentences=given) == "One is here. Two follows!"
