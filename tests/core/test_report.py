"""What a report holds: text that cannot act, and where spans lie in a paragraph."""

from __future__ import annotations

import pytest

from annotator.core.report import (
    PLAIN_COLOUR,
    ReportBlock,
    ReportDocument,
    ReportSpan,
    colour_of,
    reads_right_to_left,
    shown_text,
)
from annotator.core.report_marks import MOST_LANES, marked_blocks, segments


def span(number: int, *fragments: tuple[int, int]) -> ReportSpan:
    return ReportSpan(number, "a", fragments, "", "")


def block(end: int) -> ReportBlock:
    return ReportBlock("paragraph", 0, end, 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\0b", "a␀b"),
        ("a\x1b[31m", "a␛[31m"),
        ("\x7f\x85", "␡␦"),
        ("pay\u202egnp.exe\u202c", "pay⟦RLO⟧gnp.exe⟦PDF⟧"),
        ("\u2066x\u2069", "⟦LRI⟧x⟦PDI⟧"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
        ("\ud800\uffff", "��"),
        ("tab\tand\nline, Київ, می‌خواهم \u200f", "tab\tand\nline, Київ, می‌خواهم \u200f"),
    ],
)
def test_characters_that_act_are_shown_by_a_sign(text: str, shown: str) -> None:
    assert shown_text(text) == shown


def test_a_colour_is_one_or_a_plain_one() -> None:
    assert colour_of("#0b7a5c") == "#0b7a5c"
    assert colour_of("red;}body{display:none") == PLAIN_COLOUR
    assert colour_of("#0b7a5c;") == PLAIN_COLOUR


def test_the_first_letter_tells_the_direction() -> None:
    assert reads_right_to_left("1. سلام world")
    assert not reads_right_to_left("Привіт سلام")
    assert not reads_right_to_left("123 …")


def test_nested_and_crossing_spans_are_cut_where_they_begin_and_end() -> None:
    outer, inner, crossing = span(1, (0, 20)), span(2, (5, 10)), span(3, (15, 25))
    found = segments(block(30), [outer, inner, crossing])
    assert [(s.start, s.end, [m.span.number for m in s.marks], [b.number for b in s.begins]) for s in found] == [
        (0, 5, [1], [1]),
        (5, 10, [1, 2], [2]),
        (10, 15, [1], []),
        (15, 20, [1, 3], [3]),
        (20, 25, [3], []),
        (25, 30, [], []),
    ]
    lanes = {m.span.number: m.lane for s in found for m in s.marks}
    assert (lanes[2], lanes[3], lanes[1]) == (0, 0, 1)


def test_identical_spans_and_fragments_keep_their_own_lanes() -> None:
    found = segments(block(20), [span(1, (0, 10)), span(2, (0, 10)), span(3, (0, 2), (8, 10))])
    first = found[0]
    assert [b.number for b in first.begins] == [1, 2, 3]
    assert first.marks[-1].span.number == 3
    assert len({m.lane for m in first.marks}) == 3
    assert [b.number for s in found[1:] for b in s.begins] == []
    assert [s.end for s in found] == [2, 8, 10, 20]


def test_many_spans_over_each_other_stay_few_to_draw_and_quick() -> None:
    spans = [span(number, (number, 20_000 - number)) for number in range(5_000)]
    found = segments(block(20_000), spans)
    assert max(len(s.marks) for s in found) == MOST_LANES
    middle = next(s for s in found if s.start <= 10_000 < s.end)
    assert [m.span.number for m in middle.marks] == list(range(5_000 - MOST_LANES, 5_000))


def test_a_span_over_two_paragraphs_begins_once() -> None:
    blocks = (ReportBlock("paragraph", 0, 5, 1), ReportBlock("paragraph", 6, 12, 2))
    document = ReportDocument("d", "t", "en", (), "hello\nworld!", blocks, (span(1, (2, 9)),))
    marked = [[(s.start, s.end, len(s.marks), len(s.begins)) for s in pieces] for _, pieces in marked_blocks(document)]
    assert marked == [[(0, 2, 0, 0), (2, 5, 1, 1)], [(6, 9, 1, 0), (9, 12, 0, 0)]]
