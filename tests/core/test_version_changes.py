"""Paragraphs that stayed, changed, moved, came and went, and the words that differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.alignment import Alignment, Words
from annotator.core.version_changes import ChangeKind, ParagraphChange, paragraph_changes, word_changes

FIRST = "The council met in the harbour town on Monday. It heard four reports about the bridges."
SECOND = "Every member promised two engineers for the repair of the northern bridge before winter."
THIRD = "The minister of transport will answer the questions of the deputies within three weeks."
FOURTH = "A festival of lanterns closes the meeting, and boats leave the quay at nine in the evening."
OLD = "\n\n".join((FIRST, SECOND, THIRD))


def changes(new: str, old: str = OLD) -> list[ParagraphChange]:
    return paragraph_changes(Alignment(Words(old), Words(new)))


def kinds(found: list[ParagraphChange]) -> list[str]:
    return [change.kind.value for change in found]


def test_what_stayed_is_the_same() -> None:
    assert kinds(changes(OLD)) == ["same"] * 3
    assert kinds(changes(OLD.replace("the harbour town", "the\nharbour town"))) == ["same"] * 3


def test_what_came_and_went_stands_where_it_was() -> None:
    found = changes("\n\n".join((FIRST, FOURTH, THIRD)))
    assert sorted(kinds(found)) == ["added", "removed", "same", "same"]
    assert kinds(found)[0] == "same" and kinds(found)[3] == "same"
    removed = next(change for change in found if change.kind is ChangeKind.REMOVED)
    assert removed.old is not None and OLD[slice(*removed.old)] == SECOND


def test_the_words_that_differ_are_named() -> None:
    new = OLD.replace("promised two engineers", "offered three young engineers")
    [changed] = [change for change in changes(new) if change.kind is ChangeKind.CHANGED]
    assert [OLD[a:b] for a, b in changed.gone] == ["promised two"]
    assert [new[a:b] for a, b in changed.come] == ["offered three young"]


def test_what_moved_is_told_from_what_changed() -> None:
    assert sorted(kinds(changes("\n\n".join((SECOND, FIRST, THIRD))))) == ["moved", "same", "same"]


def test_long_blocks_are_lines() -> None:
    lines = [f"{number}. {FIRST} {number}" for number in range(40)]
    old = "\n".join(lines)
    found = changes("\n".join([*lines[:20], *lines[21:]]), old)
    assert len(found) == 40 and kinds(found).count("same") >= 38


def test_words_of_two_quotes() -> None:
    gone, come = word_changes("We will send five teams", "We may send teams")
    assert gone == ((3, 7), (13, 17)) and come == ((3, 6),)


@given(st.text("ab .\n", max_size=80), st.text("ab .\n", max_size=80))
def test_every_word_is_in_one_row(old: str, new: str) -> None:
    found = changes(new, old)
    for text, places in (
        (old, [change.old for change in found if change.old]),
        (new, [change.new for change in found if change.new]),
    ):
        assert "".join("".join(text[a:b].split()) for a, b in sorted(places)) == "".join(text.split())
