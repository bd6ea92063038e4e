"""Splits: nothing alike on two sides, shares that come out, and what was decided once stays."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import RefusedError
from annotator.core.splits import NAMES, SplitItem, SplitPlan, shared_out


@st.composite
def items(draw: st.DrawFn) -> list[SplitItem]:
    count = draw(st.integers(1, 40))
    return [
        SplitItem(
            f"d{number}",
            tuple(sorted(draw(st.sets(st.sampled_from("abc"))))),
            draw(st.sampled_from(["", "g1", "g2", "g3"])),
            f"2024-{draw(st.integers(1, 12)):02}-01",
            draw(st.sampled_from(["", "nato", "g7"])),
        )
        for number in range(count)
    ]


plans = st.builds(
    SplitPlan,
    st.sampled_from([(80, 10, 10), (70, 0, 30), (100, 0, 0), (34, 33, 33)]),
    st.integers(0, 5),
    st.sampled_from(["labels", "date", "source"]),
)


@settings(max_examples=150, deadline=None)
@given(documents=items(), plan=plans, mixed=st.randoms())
def test_groups_stay_together_and_the_order_does_not_matter(
    documents: list[SplitItem], plan: SplitPlan, mixed: random.Random
) -> None:
    found = shared_out(documents, plan, {})
    assert found.keys() == {item.document for item in documents}
    assert {name for name, share in zip(NAMES, plan.shares, strict=True) if share} >= set(found.values())
    for key in ("group", "source") if plan.way == "source" else ("group",):
        sides: dict[str, set[str]] = {}
        for item in documents:
            if getattr(item, key):
                sides.setdefault(getattr(item, key), set()).add(found[item.document])
        assert all(len(one) == 1 for one in sides.values()), key
    again = list(documents)
    mixed.shuffle(again)
    assert shared_out(again, plan, {}) == found


@settings(max_examples=200, deadline=None)
@given(documents=items(), more=items(), plan=plans)
def test_what_was_decided_once_stays_when_documents_come_in(
    documents: list[SplitItem], more: list[SplitItem], plan: SplitPlan
) -> None:
    before = shared_out(documents, plan, {})
    new = [SplitItem(f"new {one.document}", one.labels, one.group, one.date, one.source) for one in more]
    after = shared_out([*documents, *new], plan, before)
    assert {document: after[document] for document in before} == before
    for item in new:
        there = {before[one.document] for one in documents if item.group and one.group == item.group}
        assert not there or after[item.document] in there


def test_shares_and_rare_labels_come_out() -> None:
    documents = [
        SplitItem(
            f"d{number}", ("pledge", *(["signal"] if number % 20 == 0 else ()), *(["critic"] * (number % 3 == 0)))
        )
        for number in range(400)
    ]
    found = shared_out(documents, SplitPlan((80, 10, 10)), {})
    assert Counter(found.values()) == {"train": 320, "validation": 40, "test": 40}
    for label, count in (("signal", 20), ("critic", 134)):
        sides = Counter(found[item.document] for item in documents if label in item.labels)
        assert abs(sides["test"] - count / 10) <= 1 and abs(sides["validation"] - count / 10) <= 1
    assert shared_out(documents, SplitPlan((80, 10, 10), seed=2), {}) != found


def test_by_date_the_newest_are_for_the_test() -> None:
    documents = [SplitItem(f"d{number}", date=f"20{number:02}-01-01") for number in range(20)]
    found = shared_out(documents, SplitPlan((70, 10, 20), way="date"), {})
    assert [found[f"d{number}"] for number in range(20)] == ["train"] * 14 + ["validation"] * 2 + ["test"] * 4


def test_a_plan_that_cannot_be_is_refused() -> None:
    with pytest.raises(RefusedError, match="80/10/20"):
        shared_out([], SplitPlan((80, 10, 20)), {})
    with pytest.raises(RefusedError, match="no way to split"):
        shared_out([], SplitPlan(way="luck"), {})
    with pytest.raises(RefusedError, match="has no date"):
        shared_out([SplitItem("d1")], SplitPlan(way="date"), {})
