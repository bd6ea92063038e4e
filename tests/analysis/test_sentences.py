import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.analysis import sentences
from annotator.analysis.sentences import split_sentences


def split(text, language, breaks=()):
    return [text[start:end] for start, end in split_sentences(text, language, breaks)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Mr. Hill met the U.S. delegation.", "“We will help.”", "He left at 3 p.m. on Monday."]),
        ("uk", ["Президент сказав: «Ми не здамося!»", "Він приїхав о 10.30 до м. Києва.", "Т. Коваль писав про це."]),
        ("ru", ["Сумма составила 3.5 млн. руб.", "Далее будет…", "Конец?", "Да!"]),
        ("fr", ["M. Dupont a parlé.", "« Nous aiderons. »", "Il est parti."]),
        ("zh", ["我们重申支持。", "俄罗斯必须撤军！", "好的。"]),
        ("ur", ["یہ پہلا جملہ ہے۔", "یہ دوسرا ہے؟", "جی۔"]),
    ],
)
def test_sentences_of_a_language(language, expected):
    assert split(("" if language == "zh" else " ").join(expected), language) == expected


def test_numbers_of_items_stay_with_their_sentence():
    assert split("9. Nous avons décidé. 10 pays sont là.", "fr") == ["9. Nous avons décidé.", "10 pays sont là."]


def test_newlines_and_breaks_always_end_a_sentence():
    assert split("one two\nthree four", "en") == ["one two", "three four"]
    assert split("one two three", "fr", [4]) == ["one", "two three"]


@pytest.mark.parametrize("language", ["en", "uk", ""])
@given(
    text=st.text(st.sampled_from("aB я.!?… \n\t\xa0“”()1,'。\u2028😀\0"), max_size=80),
    breaks=st.lists(st.integers(-5, 90)),
)
def test_sentences_tile_the_text(language, text, breaks):
    pairs = split_sentences(text, language, breaks)
    covered = set()
    previous = 0
    for start, end in pairs:
        assert previous <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip() and "\n" not in text[start:end]
        assert not any(start < place < end for place in breaks)
        covered.update(range(start, end))
        previous = end
    assert {place for place, character in enumerate(text) if not character.isspace()} <= covered


def test_large_texts_are_split_by_rules(monkeypatch):
    def fail(stretch):
        raise AssertionError("syntok was asked")

    monkeypatch.setattr(sentences, "_syntok_starts", fail)
    text = "A sentence. Another one.\n" * (sentences.SYNTOK_MAXIMUM // 25 + 1)
    assert len(split_sentences(text, "en")) == 2 * text.count("\n")
    with pytest.raises(AssertionError, match="syntok"):
        split_sentences("A sentence.", "en")
