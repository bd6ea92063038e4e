"""Spans against a plain list: the index, the order of clicks and of Tab, lanes, and the checks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import UserError
from annotator.core.spans import IntervalIndex, SpanMark, SpanSet, check_fragments, lanes

RANGES = st.tuples(st.integers(0, 300), st.integers(1, 120)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def _entries(ranges):
    return [(start, -end, place, f"s{place}") for place, (start, end) in enumerate(ranges)]


@given(st.lists(RANGES, max_size=400), RANGES)
def test_index_finds_what_a_plain_list_finds(ranges, wanted):
    entries = _entries(ranges)
    index = IntervalIndex(entries)
    start, end = wanted
    assert index.overlapping(start, end) == sorted(e for e in entries if e[0] < end and -e[1] > start)


@given(st.lists(RANGES, max_size=300), st.lists(RANGES, max_size=300), st.randoms())
def test_index_after_adding_and_removing_is_that_of_the_rest(kept, gone, random):
    entries = _entries(kept + gone)
    random.shuffle(entries)
    index = IntervalIndex(entries[: len(entries) // 2])
    for entry in entries[len(entries) // 2 :]:
        index.add(entry)
    lost = {f"s{place}" for place in range(len(kept), len(kept) + len(gone))}
    for entry in entries:
        if entry[3] in lost:
            index.remove(entry)
    rest = sorted(entry for entry in entries if entry[3] not in lost)
    assert list(index) == rest
    assert len(index) == len(rest)
    assert index.overlapping(50, 90) == [e for e in rest if e[0] < 90 and -e[1] > 50]


def test_removing_what_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        IntervalIndex(_entries([(0, 5)])).remove((1, -5, 0, "s0"))


def test_a_long_interval_among_many_does_not_make_every_chunk_a_candidate():
    index = IntervalIndex([(0, -500_000, 0, "all"), *((i * 10, -(i * 10 + 5), i + 1, f"s{i}") for i in range(50_000))])
    assert [entry[3] for entry in index.overlapping(100_001, 100_002)] == ["all", "s10000"]
    last = 10_000 // IntervalIndex._CHUNK + 1
    assert len(index._chunks_ending_after(100_000, last)) <= 3


MARKS = (
    SpanMark("outer", ((0, 50),), "a", 0),
    SpanMark("inner", ((10, 20),), "b", 1),
    SpanMark("twin", ((10, 20),), "c", 2),
    SpanMark("gapped", ((15, 18), (60, 70)), "d", 3),
)


@pytest.mark.parametrize("prepared", [False, True])
def test_clicks_go_from_the_innermost_outward(prepared):
    spans = SpanSet(MARKS)
    if prepared:
        spans.prepare()
    assert spans.outward_at(16) == ["gapped", "twin", "inner", "outer"]
    assert spans.innermost_at(12) == "twin"
    assert spans.innermost_at(20) == "outer"
    assert spans.innermost_at(55) is None
    assert [mark.id for mark in spans.gapped_over(30, 31)] == ["gapped"]
    assert spans.gapped_over(70, 90) == []


def test_tab_visits_every_span_once_in_the_order_of_the_text():
    spans = SpanSet(MARKS)
    found, current = [], None
    while (current := spans.next_span(current, 0)) is not None:
        found.append(current)
    assert found == ["outer", "inner", "twin", "gapped"]
    back, current = [], "gapped"
    while (current := spans.previous_span(current, 0)) is not None:
        back.append(current)
    assert back == ["twin", "inner", "outer"]
    assert spans.next_span(None, 11) == "gapped"
    assert spans.previous_span(None, 10) == "outer"


def test_far_away_spans_are_found_before_everything_is_indexed():
    marks = [SpanMark(f"s{i}", ((i * 100, i * 100 + 20),), "a", i) for i in range(2_000)]
    spans = SpanSet(marks)
    assert spans.innermost_at(5) == "s0"
    assert not spans.prepared
    assert spans.innermost_at(150_010) == "s1500"
    assert spans.get("s1999") == marks[1999]
    assert len(spans) == 2_000


def test_putting_replaces_and_discarding_forgets():
    spans = SpanSet(MARKS)
    spans.put(SpanMark("inner", ((30, 40), (45, 48)), "b", 1))
    assert spans.outward_at(12) == ["twin", "outer"]
    assert spans.outward_at(46) == ["inner", "outer"]
    assert [mark.id for mark in spans.gapped_over(42, 43)] == ["gapped", "inner"]
    assert spans.discard("inner") == SpanMark("inner", ((30, 40), (45, 48)), "b", 1)
    assert spans.discard("inner") is None
    assert "inner" not in spans
    assert [mark.id for mark in spans.gapped_over(42, 43)] == ["gapped"]


def test_the_first_gapped_span_enters_the_order_as_one():
    spans = SpanSet([SpanMark("plain", ((5, 8),), "a")])
    spans.put(SpanMark("gapped", ((0, 2), (6, 9)), "a"))
    assert spans.next_span(None, 0) == "gapped"
    assert spans.next_span("gapped", 0) == "plain"
    assert spans.next_span("plain", 0) is None


@given(st.lists(RANGES, max_size=60))
def test_overlapping_spans_never_share_a_lane(ranges):
    entries = sorted(_entries(ranges))
    given_lanes = lanes(entries)
    for i, (one, lane) in enumerate(zip(entries, given_lanes, strict=True)):
        for other, other_lane in list(zip(entries, given_lanes, strict=True))[i + 1 :]:
            if other[0] < -one[1]:
                assert lane != other_lane
    depth = max((sum(e[0] <= p < -e[1] for e in entries) for p, *_ in entries), default=0)
    assert len(set(given_lanes)) == depth


def test_identical_spans_stack_and_lanes_are_used_again():
    entries = _entries([(0, 10), (0, 10), (0, 10), (10, 20)])
    assert lanes(sorted(entries)) == [0, 1, 2, 0]


@pytest.mark.parametrize(
    "fragments", [(), ((3, 3),), ((4, 2),), ((-1, 2),), ((0, 11),), ((0, 5), (4, 6)), ((5, 6), (0, 2))]
)
def test_bad_fragments_are_refused(fragments):
    with pytest.raises(UserError):
        check_fragments(fragments, 10)


def test_good_fragments_pass():
    check_fragments(((0, 2), (2, 3), (5, 10)), 10)
