"""Values that follow an entity which is merged, told from those that change otherwise."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, inverse, made
from annotator.core.ids import new_id
from annotator.core.records import AttributeValue, Entity
from annotator.storage.entities import without_followers

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
