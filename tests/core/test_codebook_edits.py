"""Edits of a draft, what they carry along, and what differs afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook, codebook_from_data
from annotator.core.codebook_adoption import adopted
from annotator.core.codebook_comparison import compare
from annotator.core.codebook_edits import (
    checked,
    children,
    free_key,
    merged,
    moved,
    new_attribute,
    new_label,
    new_relation,
    problem_of,
    retired,
    with_entry,
    without_entry,
)
from annotator.core.errors import CodebookError
from annotator.core.ids import new_id
from annotator.core.palette import LABEL_COLOURS
from tests.core.test_codebook import codebooks, small


@pytest.fixture
def draft() -> Codebook:
    return codebook_from_data(small(), "small")


def keys(codebook: Codebook) -> list[str]:
    return [label.key for label in codebook.labels]


def test_new_entries_hold_together(draft: Codebook) -> None:
    for name in ("Обіцянка", "Act", "act", "1 Ж", "!!!", "Naïve"):
        draft = with_entry(draft, new_label(draft, name, draft.labels[0].id))
        draft = with_entry(draft, new_attribute(draft, name))
        draft = with_entry(draft, new_relation(draft, name))
    assert checked(draft) == draft
    assert keys(draft)[3:] == ["obitsianka", "act_2", "act_3", "label_1_zh", "label", "naive"]
    assert draft.labels[4].name == "Act 2"
    assert [label.digit for label in draft.labels] == [1, 2, None, 3, 4, 5, 6, 7, 8]
    assert len({label.light for label in draft.labels[3:]} & {pair[0] for pair in LABEL_COLOURS}) == 6


def test_a_renamed_key_is_followed(draft: Codebook) -> None:
    after = with_entry(draft, replace(draft.labels[0], key="deed"))
    assert after.attribute_by_key("kind").labels == ("deed",)
    assert after.relation_by_key("limits").targets == ("deed",)
    assert after.label_by_key("promise").parent == after.labels[0].id
    assert checked(after) == after


def test_labels_are_moved_among_their_siblings_and_under_others(draft: Codebook) -> None:
    act, promise, caveat = (label.id for label in draft.labels)
    after = moved(draft, caveat, 0)
    assert keys(after) == ["caveat", "act", "promise"]
    assert [label.position for label in after.labels] == [0, 1, 2]
    after = moved(draft, caveat, 0, act)
    assert [label.key for label in children(after, act)] == ["caveat", "promise"]
    assert [label.key for label in children(moved(draft, caveat, 9, act), act)] == ["promise", "caveat"]
    assert [label.key for label in children(moved(draft, promise, 1), None)] == ["act", "promise", "caveat"]
    with pytest.raises(CodebookError, match="cannot come under itself"):
        moved(draft, act, 0, promise)


def test_attributes_and_relations_are_moved(draft: Codebook) -> None:
    last = draft.attributes[-1]
    assert moved(draft, last.id, 0).attributes[0].key == last.key


def test_a_removed_label_leaves_no_mention(draft: Codebook) -> None:
    draft = with_entry(draft, replace(draft.attribute_by_key("kind"), labels=("act", "promise")))
    draft = with_entry(draft, replace(draft.relation_by_key("limits"), targets=("act", "promise")))
    after = without_entry(draft, draft.label_by_key("act").id)
    assert checked(after) == after
    assert after.label_by_key("promise").parent is None
    assert after.attribute_by_key("kind").labels == ("promise",)
    assert after.relation_by_key("limits").targets == ("promise",)


@pytest.mark.parametrize(("key", "says"), [("act", "attribute “Type”"), ("caveat", "attribute “Type”")])
def test_a_label_that_something_is_for_alone_stays(draft: Codebook, key: str, says: str) -> None:
    with pytest.raises(CodebookError, match=says):
        without_entry(draft, draft.label_by_key(key).id)


def test_a_retired_label_gives_its_digit_away(draft: Codebook) -> None:
    act = draft.labels[0].id
    after = retired(draft, act)
    assert (after.labels[0].retired, after.labels[0].digit) == (True, None)
    assert not retired(after, act, out_of_use=False).labels[0].retired


def test_a_merged_label_hands_over_what_was_for_it(draft: Codebook) -> None:
    act, promise, caveat = (label.id for label in draft.labels)
    after = merged(draft, caveat, act)
    assert checked(after) == after
    assert after.label_by_key("caveat").retired
    assert (after.attribute_by_key("sort").labels, after.attribute_by_key("sort").name) == (("act",), "Type (Caveat)")
    assert after.relation_by_key("limits").sources == ("act",)
    after = merged(draft, act, promise)
    assert after.label_by_key("promise").parent is None
    assert after.attribute_by_key("kind").labels == ("promise",)
    assert checked(after) == after
    for one, other in ((act, act), (caveat, act)):
        with pytest.raises(CodebookError, match="cannot be merged"):
            merged(retired(draft, act), one, other)


@pytest.mark.parametrize(
    ("change", "entry", "field"),
    [
        (lambda c: with_entry(c, replace(c.labels[2], digit=1)), 2, "digit"),
        (lambda c: with_entry(c, replace(c.labels[2], name="ACT")), 2, "name"),
        (lambda c: with_entry(c, replace(c.labels[2], name="")), 2, "name"),
        (lambda c: with_entry(c, replace(c.labels[2], key="Bad key")), 2, "key"),
        (lambda c: with_entry(c, replace(c.labels[0], key="caveat")), 2, "key"),
        (lambda c: with_entry(c, replace(c.labels[0], parent=c.labels[1].id)), 0, "parent"),
        (lambda c: with_entry(c, replace(c.labels[1], light="red")), 1, "light"),
        (lambda c: with_entry(c, replace(c.attributes[1], choices=())), 4, "choices"),
        (lambda c: with_entry(c, replace(c.attributes[1], choices=(("a", "A"), ("a", "B")))), 4, "choices"),
        (lambda c: with_entry(c, replace(c.attributes[1], default="none")), 4, "default"),
        (lambda c: with_entry(c, replace(c.attributes[0], name="Type")), 4, "name"),
        (lambda c: with_entry(c, replace(c.relations[0], name="two\nlines")), 7, "name"),
    ],
)
def test_a_problem_names_its_field(draft: Codebook, change, entry: int, field: str) -> None:
    assert problem_of(draft) is None
    found = problem_of(change(draft))
    assert found is not None
    everything = [*draft.labels, *draft.attributes, *draft.relations]
    assert (found.entry, found.field) == (everything[entry].id, field)


def test_of_two_twins_the_edited_one_has_the_problem(draft: Codebook) -> None:
    act = draft.labels[0].id
    found = problem_of(with_entry(draft, replace(draft.labels[0], digit=2)), act)
    assert found is not None
    assert (found.entry, found.field) == (act, "digit")


def test_comparison_tells_meaning_from_looks(draft: Codebook) -> None:
    after = with_entry(draft, replace(draft.labels[0], light="#000000", digit=None, name="Deed"))
    after = with_entry(after, replace(after.labels[1], excludes=("threats",)))
    after = with_entry(after, new_relation(after, "Echoes"))
    after = without_entry(after, after.attribute_by_key("speaker").id)
    changes = compare(draft, replace(after, condition_words=("if",)))
    assert [change.entry.key for change in changes.new_meanings] == ["promise"]
    assert [one.key for one in changes.added] == ["echoes"]
    assert [one.key for one in changes.removed] == ["speaker"]
    assert {c.entry.key: c.fields for c in changes.changed}["act"] == ("name", "digit", "light")
    assert {c.entry.key for c in changes.changed if c.only_moved} == {"kind", "sort", "old"}
    assert changes.words
    assert not compare(draft, draft)


def test_free_keys() -> None:
    assert free_key("Signal to Russia", [], "label") == "signal_to_russia"
    assert free_key("п'ять Їжаків", [], "label") == "piat_izhakiv"
    assert free_key("日本", ["label"], "label") == "label_2"


class TestAdoption:
    def test_entries_are_matched_by_id_then_by_key(self, draft: Codebook) -> None:
        act, promise, _ = draft.labels
        other = replace(
            draft,
            id=new_id(),
            name="Other",
            version=7,
            labels=(
                replace(act, key="deed", name="Deed"),
                replace(promise, id=new_id(), parent=act.id, definition="New."),
            ),
            attributes=(),
            relations=(),
        )
        result = adopted(draft, other, ())
        assert (result.draft.id, result.draft.version, result.draft.name) == (draft.id, 1, "Other")
        assert [(one.id, one.key) for one in result.draft.labels] == [(act.id, "deed"), (promise.id, "promise")]
        assert result.draft.labels[1].parent == act.id
        assert result.kept == ()
        assert checked(result.draft) == result.draft

    def test_what_is_in_use_is_kept_out_of_use(self, draft: Codebook) -> None:
        other = codebook_from_data(small() | {"id": new_id(), "labels": [small()["labels"][0] | {"name": "Caveat"}],
                                              "attributes": [], "relations": []}, "x")  # fmt: skip
        used = {draft.labels[2].id, draft.attribute_by_key("sort").id, draft.relations[0].id}
        result = adopted(draft, other, used)
        assert checked(result.draft) == result.draft
        assert {one.id for one in result.kept} == used
        assert all(one.retired for one in result.kept)
        assert [one.name for one in result.draft.labels] == ["Caveat", "Caveat 2"]
        assert result.draft.attribute_by_key("sort").labels == ("caveat",)
        assert result.draft.relation_by_key("limits").sources == ("caveat",)
        assert result.draft.relation_by_key("limits").targets == ("act",)

    @given(codebooks(), codebooks(), st.data())
    def test_any_codebook_is_taken_over(self, mine: Codebook, theirs: Codebook, data: st.DataObject) -> None:
        everything = [one.id for one in (*mine.labels, *mine.attributes, *mine.relations)]
        used = data.draw(st.sets(st.sampled_from(everything)) if everything else st.just(set()))
        result = adopted(mine, theirs, used)
        draft = result.draft
        assert checked(draft).labels == draft.labels
        assert used <= {one.id for one in (*draft.labels, *draft.attributes, *draft.relations)}

    def test_oneself_is_no_change(self, draft: Codebook) -> None:
        assert adopted(draft, draft, ()).draft == draft
