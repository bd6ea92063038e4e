"""Who may change what: an analyst what is their own, and in a package nothing that the lead has fixed."""

from __future__ import annotations

from collections.abc import Collection

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.errors import RefusedError
from annotator.core.records import Annotator, Project, Status

FIXED_BY_PACKAGE = frozenset(
    ("project", "round", "codebook", "label", "attribute_definition", "relation_type", "document", "assignment")
)
"""Tables that an analyst's package has from the lead."""

FOR_LEADS = frozenset(("annotator", "round", "assignment", "decision", "diary_entry", "release", "recipe"))
"""Tables that only leads change, besides what `_is_for_leads` says."""


def refuse_what_is_not_permitted(
    changes: ChangeSet, *, person: str, role: str, own_layers: Collection[str], in_package: bool
) -> None:
    """Raise RefusedError where a person's changes touch what is not theirs to change."""
    for change in changes.changes:
        if in_package and change.table in FIXED_BY_PACKAGE:
            raise RefusedError(
                "The package fixes documents and codebook. Propose a change in a note; the lead makes it for everybody."
            )
        if role == "lead":
            continue
        if change.layer is not None and change.layer not in own_layers:
            raise RefusedError(
                "This would change what somebody else tagged. Leave it to a lead, or say it in a note on the document."
            )
        if _is_for_leads(change, person):
            raise RefusedError(
                "Only leads can do this. Ask one, or let one make you a lead (Project, People and work)."
            )


def _is_for_leads(change: RowChange, person: str) -> bool:
    """Say whether only leads may make a change; people may give themselves another name and colour."""
    before, after = change.before, change.after
    if isinstance(before, Annotator) and isinstance(after, Annotator) and after.id == person:
        return (before.role, before.same_as) != (after.role, after.same_as)
    if isinstance(before, Project) and isinstance(after, Project):
        return before.round != after.round
    if isinstance(after, Status):
        return after.status == "approved"
    return change.table in FOR_LEADS and change.row != person
