"""What keeps a change of the codebook from being saved: entries, choices and types that the project uses."""

from __future__ import annotations

import json
from collections.abc import Collection

from annotator.core.codebook import check_value
from annotator.core.codebook_comparison import CodebookChanges
from annotator.core.codebook_edits import Entry
from annotator.core.errors import RefusedError, UserError
from annotator.core.records import AttributeDefinition, Label
from annotator.storage.repository import Repository


def refuse_lost_uses(repository: Repository, found: CodebookChanges, merged: Collection[str]) -> None:
    """Raise RefusedError where something in use would go that is not merged."""
    gone = [one for one in found.removed if one.id not in merged]
    uses = repository.uses.counts() if gone else {}
    for one in gone:
        if uses.get(one.id):
            raise RefusedError(_REFUSAL[_kind(one)], name=one.name, count=uses[one.id])


_REFUSAL = {
    "label": "The label “{name}” is in use ({count} spans or notes). Merge it into another label or retire it.",
    "attribute": "The attribute “{name}” is in use ({count} values). Retire it instead.",
    "relation": "The relation type “{name}” is in use ({count} relations). Retire it instead.",
}


def _kind(one: Entry) -> str:
    return "label" if isinstance(one, Label) else "attribute" if isinstance(one, AttributeDefinition) else "relation"


def refuse_lost_values(repository: Repository, found: CodebookChanges) -> None:
    """Raise RefusedError where stored values would not fit an attribute's new type or choices."""
    for change in found.changed:
        before, after = change.before, change.after
        if not isinstance(before, AttributeDefinition) or not isinstance(after, AttributeDefinition):
            continue
        if {"type", "choices"} & {*change.fields}:
            _refuse_misfits(repository, before, after)


def _refuse_misfits(repository: Repository, before: AttributeDefinition, after: AttributeDefinition) -> None:
    changes_entity = (before.type == "entity") != (after.type == "entity")
    for stored, count in repository.uses.values(before.id).items():
        value = json.loads(stored)
        if changes_entity or not (before.type == after.type == "entity" or _fits(after, value)):
            raise RefusedError(
                "“{value}” is a value of “{attribute}” {count} times and would not fit any more. "
                "Keep its choice and type, or make a new attribute and retire this one.",
                value="entity" if before.type == "entity" else stored.strip('"'),
                attribute=before.name,
                count=count,
            )


def _fits(attribute: AttributeDefinition, value: object) -> bool:
    try:
        fitting = check_value(attribute, value)
    except UserError:
        return False
    return json.dumps(fitting) == json.dumps(value)
