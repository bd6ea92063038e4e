"""Names that may mean the same."""

from __future__ import annotations

from annotator.analysis.similar_names import likeness, most_alike_first


def test_what_shares_words_or_letters_comes_first() -> None:
    others = [["author"], ["Russia"], ["Ukraine (voiced by a minister)"], ["the bloc", "UKRAINE"], ["Ukrainians"]]
    found = most_alike_first(["Ukraine", "Kyiv"], others)
    assert found[0] == 3 and set(found[1:3]) == {2, 4}
    assert most_alike_first(["x"], []) == []
    assert most_alike_first(["Ґґ"], [["a"], ["b"], ["ґґ"]]) == [2, 0, 1]


def test_likeness_is_a_share_of_a_hundred() -> None:
    assert likeness(["Київ"], ["КИЇВ"]) == 100
    assert likeness([], ["a"]) == 0
    assert likeness(["abc"], ["xyz"]) == 0
