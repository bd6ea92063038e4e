"""Changes of an older version's rows onto their counterparts in a newer one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from annotator.core.canonical import canonical_json
from annotator.core.ids import new_id
from annotator.core.journal import JournalChange, state_of
from annotator.core.mirroring import Mirror
from annotator.core.records import Annotation, Fragment, Record, Unplaced
from annotator.core.rowdata import from_data, to_data
from annotator.core.versions import counterpart, id_in, revision_in, unplaced_id

OLD, NEW, STEP = new_id(), new_id(), new_id()
SPAN = Annotation(new_id(), OLD, new_id(), "pledge", "Analyst A", "1", "t", ((10, 20),))


def place(fragments: Sequence[Fragment]) -> Sequence[Fragment]:
    """Everything from 10 on stands 5 later in the newer text; what is before it is gone."""
    return [] if fragments[0][0] < 10 else [(start + 5, end + 5) for start, end in fragments]


def change(
    before: Record | None, after: Record | None, counter: int, previous: str | None, revision: str = ""
) -> JournalChange:
    record = after or before
    assert record is not None
    first, last = (None if one is None else json.loads(canonical_json(to_data(one))) for one in (before, after))
    identity = new_id()
    place_of = (identity, STEP, "replica", counter, None, record.table, record.id, revision or identity, previous)
    return JournalChange(*place_of, first, last)


def made_in_the_newer(of: JournalChange, counter: int) -> JournalChange:
    there = counterpart(SPAN, NEW, lambda _: ((100, 110),))
    return change(None, there, counter, None, revision_in(NEW, of.revision))


def mirrored(
    changes: list[JournalChange], there: list[JournalChange], wanted: list[JournalChange]
) -> list[JournalChange]:
    return Mirror(NEW, STEP, place).mirrored(changes, there, {one.revision for one in wanted})


def span_of(change: JournalChange) -> Annotation | None:
    record = None if change.after is None else from_data(change.table, change.after)
    assert record is None or isinstance(record, Annotation)
    return record


def test_a_chain_leads_on_from_what_the_newer_version_took_over() -> None:
    first = change(None, SPAN, 1, None)
    base = made_in_the_newer(first, 50)
    other, moved = replace(SPAN, label="condition"), replace(SPAN, label="condition", fragments=((12, 20),))
    second = change(SPAN, other, 2, first.revision)
    third = change(other, moved, 3, second.revision)
    found = mirrored([first, second, third], [base], [second, third])
    assert [one.counter for one in found] == [51, 52]
    assert [one.previous_revision for one in found] == [base.revision, found[0].revision]
    assert [one.row for one in found] == [id_in(NEW, SPAN.id)] * 2
    stays, goes = map(span_of, found)
    assert stays is not None and (stays.label, stays.fragments) == ("condition", ((100, 110),))
    assert goes is not None and goes.fragments == ((17, 25),)
    assert state_of([base, *found]).heads == (found[1].revision,)


def test_a_span_without_a_place_waits_for_one_until_it_has_one() -> None:
    first = change(None, SPAN, 1, None)
    base = made_in_the_newer(first, 50)
    lost, back = replace(SPAN, fragments=((2, 8),)), replace(SPAN, fragments=((11, 14),))
    second = change(SPAN, lost, 2, first.revision)
    third = change(lost, replace(lost, label="condition"), 3, second.revision)
    fourth = change(replace(lost, label="condition"), back, 4, third.revision)
    found = mirrored([first, second, third, fourth], [base], [second, third, fourth])
    assert [(one.table, one.after is not None) for one in found] == [
        *(("annotation", False), ("unplaced", True)),
        *(("annotation", True), ("unplaced", False)),
    ]
    assert found[1].row == unplaced_id(NEW, SPAN.id) and found[1].after is not None
    assert from_data("unplaced", found[1].after) == Unplaced(found[1].row, NEW, SPAN.layer, SPAN.id)
    assert [one.previous_revision for one in found[2:]] == [found[0].revision, found[1].revision]


def test_what_joins_two_heads_joins_them_in_the_newer_version() -> None:
    first = change(None, SPAN, 1, None)
    one, other = replace(SPAN, label="condition"), replace(SPAN, label="criticism")
    heads = [change(SPAN, one, 2, first.revision), change(SPAN, other, 2, first.revision)]
    joined = change(other, one, 3, heads[0].revision)
    second = replace(joined, id=new_id(), previous_revision=heads[1].revision)
    changes = [first, *heads, joined, second]
    base = made_in_the_newer(first, 50)
    apart = mirrored(changes[:3], [base], heads)
    assert state_of([base, *apart]).in_conflict
    found = mirrored(changes, [base, *apart], [joined])
    assert {one.previous_revision for one in found} == {one.revision for one in apart}
    state = state_of([base, *apart, *found])
    assert not state.in_conflict and state.heads == (revision_in(NEW, joined.revision),)
    assert mirrored(changes, [base, *apart, *found], [joined]) == []
