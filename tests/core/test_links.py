"""Links with an end in a stretch of the text: the index tells what a plain search over all of them tells."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.links import LinkMark, LinkSet

STARTS = st.lists(st.integers(0, 200), min_size=2, max_size=12)


def plainly(marks, low, high):
    """Return the ids of whole links, and (span, before, outgoing) -> ids of those that leave, without an index."""
    whole, leaving = set(), {}
    for m in marks:
        here, there = low <= m.source_start < high, low <= m.target_start < high
        if here and there:
            whole.add(m.id)
        elif here:
            leaving.setdefault((m.source, m.target_start < low, True), set()).add(m.id)
        elif there:
            leaving.setdefault((m.target, m.source_start < low, False), set()).add(m.id)
    return whole, leaving


def told(links, low, high):
    found = links.within(low, high)
    assert len({mark.id for mark in found.whole}) == len(found.whole)
    for item in found.leaving:
        assert item.count == len(item.links) or item.count > links.NAMED == len(item.links)
    return {mark.id for mark in found.whole}, {
        (item.span, item.before, item.outgoing): {mark.id for mark in item.links} for item in found.leaving
    }


def linked(starts, pairs):
    count = len(starts)
    return [
        LinkMark(f"l{n}", "t", f"s{a % count}", f"s{b % count}", starts[a % count], starts[b % count])
        for n, (a, b) in enumerate(pairs)
        if a % count != b % count
    ]


PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


@given(STARTS, PAIRS, st.integers(0, 200), st.integers(1, 80))
def test_what_has_an_end_in_sight_is_found(starts, pairs, low, width):
    marks = linked(starts, pairs)
    expected = plainly(marks, low, low + width)
    links = LinkSet(marks)
    assert told(links, low, low + width) == expected
    links.prepare()
    assert told(links, low, low + width) == expected


@given(STARTS, PAIRS, st.integers(0, 30), st.integers(0, 200), st.data())
def test_changes_are_followed(starts, pairs, moved, new_start, data):
    marks = linked(starts, pairs)
    links = LinkSet(marks)
    links.within(0, 10)
    gone = {mark.id for mark in marks if data.draw(st.booleans())}
    links.change(gone, ())
    starts = list(starts)
    starts[moved % len(starts)] = new_start
    after = [mark for mark in linked(starts, pairs) if mark.id not in gone]
    links.change((), [mark for mark in after if f"s{moved % len(starts)}" in (mark.source, mark.target)])
    for low in range(0, 200, 37):
        assert told(links, low, low + 60) == plainly(after, low, low + 60)
    assert len(links) == len(after)
    links.change([mark.id for mark in after], ())
    assert told(links, 0, 300) == (set(), {})


def test_a_span_with_thousands_of_links_is_told_in_short():
    marks = [LinkMark(f"l{n}", "t", "hub", f"s{n}", 500, 10 * n + 1) for n in range(1000)]
    links = LinkSet(marks)
    links.prepare()
    found = links.within(480, 520)
    assert [mark.target_start for mark in found.whole] == [481, 491, 501, 511]
    hub = {item.before: item for item in found.leaving if item.span == "hub"}
    assert (hub[True].count, hub[False].count) == (48, 948)
    assert [mark.target_start for mark in hub[True].links] == [471, 461, 451, 441, 431, 421, 411, 401]


def test_a_question_far_from_the_first_one_is_answered_too():
    marks = [LinkMark(f"l{n}", "t", f"a{n}", f"b{n}", 1000 * n, 1000 * n + 5) for n in range(100)]
    links = LinkSet(marks)
    assert told(links, 0, 100)[0] == {"l0"}
    assert not links.prepared
    assert told(links, 90_000, 90_100)[0] == {"l90"}
