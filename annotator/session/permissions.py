"""Who may change what: an analyst what is their own, and in a package nothing that the lead has fixed."""

from __future__ import annotations

from collections.abc import Collection

from annotator.core.changes import ChangeSet
from annotator.core.errors import RefusedError

FIXED_BY_PACKAGE = frozenset(
    ("project", "round", "codebook", "label", "attribute_definition", "relation_type", "document", "assignment")
)
"""Tables that an analyst's package has from the lead."""

FOR_LEADS = frozenset(("annotator", "round", "assignment", "decision", "diary_entry", "release"))
"""Tables that only leads change; everybody may change their own row of `annotator`."""


def refuse_what_is_not_permitted(
    changes: ChangeSet, *, person: str, role: str, own_layers: Collection[str], in_package: bool
) -> None:
    """Raise RefusedError where a person's changes touch what is not theirs to change."""
    for change in changes.changes:
        if in_package and change.table in FIXED_BY_PACKAGE:
            raise RefusedError(
                "The package fixes documents and codebook. Propose the change in a note; the lead makes it for everybody."
            )
        if role == "lead":
            continue
        if change.layer is not None and change.layer not in own_layers:
            raise RefusedError(
                "This would change what somebody else tagged. Leave it to a lead, or say it in a note on the document."
            )
        if change.table in FOR_LEADS and change.row != person:
            raise RefusedError(
                "Only leads can do this. Ask one, or let one make you a lead (Project, People and work)."
            )
