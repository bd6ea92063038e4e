"""Rows that follow an entity or a label which is merged, told from those that change otherwise."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, inverse, made
from annotator.core.ids import new_id
from annotator.core.records import Annotation, AttributeValue, Entity
from annotator.formats.codebooks import default_codebook
from annotator.storage.followers import without_followers

GONE, KEPT = Entity(new_id(), "Kyiv"), Entity(new_id(), "Ukraine")
VALUE = AttributeValue(new_id(), new_id(), new_id(), new_id(), GONE.id)
FOLLOWING = RowChange(VALUE, replace(VALUE, value=KEPT.id))
OTHER = AttributeValue(new_id(), new_id(), new_id(), new_id(), "firm")
OTHERWISE = RowChange(OTHER, replace(OTHER, value="intent"))


def test_what_follows_a_merged_entity_is_left_out_and_nothing_else() -> None:
    merge = ChangeSet("Merge", (FOLLOWING, OTHERWISE, *deleted(GONE)))
    assert without_followers(merge, reverts=False).changes == (OTHERWISE, *deleted(GONE))
    back = inverse(merge, "Undo")
    assert without_followers(back, reverts=True).changes == (
        *made(GONE),
        inverse(ChangeSet("", (OTHERWISE,)), "").changes[0],
    )


def test_what_comes_to_name_a_new_entity_is_a_change_of_its_own() -> None:
    change = ChangeSet("Set", (*made(KEPT), FOLLOWING, *made(replace(OTHER, value=KEPT.id))))
    assert without_followers(change, reverts=False) == change
    assert without_followers(ChangeSet("Clear", deleted(VALUE, GONE)), reverts=False).changes == deleted(VALUE, GONE)


def test_spans_of_a_merged_label_follow_it_unless_they_change_besides() -> None:
    merged, other = default_codebook().labels[:2]
    span = Annotation(new_id(), new_id(), new_id(), merged.id, new_id(), new_id(), "2031-02-03", ((0, 6),))
    following = RowChange(span, replace(span, label=other.id, codebook=new_id()))
    resized = RowChange(span, replace(span, label=other.id, fragments=((0, 7),)))
    retires = RowChange(merged, replace(merged, retired=True))
    for going in (retires, *deleted(merged)):
        merge = ChangeSet("Merge", (following, resized, going))
        assert without_followers(merge, reverts=False).changes == (resized, going)
        assert len(without_followers(inverse(merge, "Undo"), reverts=True).changes) == 2
    stays = ChangeSet("Rename", (following, RowChange(merged, replace(merged, name="Other"))))
    assert without_followers(stays, reverts=False) == stays
