"""Rows out of sight that change all the same: they follow what they name, which became something else."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.records import Annotation, AttributeValue, DocumentValue, Label


def without_followers(changes: ChangeSet, *, reverts: bool) -> ChangeSet:
    """Return a ChangeSet without the rows that follow a merge: values an entity, annotations a label.

    With `reverts`, those that name their own again are left out too.
    """
    gone = {change.row for change in changes.changes if _goes(change)}
    back = {change.row for change in changes.changes if reverts and _comes_back(change)}
    if not gone and not back:
        return changes
    return ChangeSet(changes.title, tuple(c for c in changes.changes if not _follows(c, gone, back)))


def _goes(change: RowChange) -> bool:
    if change.table == "entity":
        return change.after is None
    return change.table == "label" and not _is_in_use(change.after)


def _comes_back(change: RowChange) -> bool:
    if change.table == "entity":
        return change.before is None
    return change.table == "label" and not _is_in_use(change.before)


def _is_in_use(label: object) -> bool:
    return isinstance(label, Label) and not label.retired


def _follows(change: RowChange, gone: set[str], back: set[str]) -> bool:
    before, after = change.before, change.after
    names: tuple[object, object] = (None, None)
    if isinstance(before, Annotation) and isinstance(after, Annotation):
        if replace(after, label=before.label, codebook=before.codebook) == before:
            names = before.label, after.label
    elif isinstance(before, AttributeValue | DocumentValue) and isinstance(after, AttributeValue | DocumentValue):
        names = before.value, after.value
    old, new = names
    return (isinstance(old, str) and old in gone) or (isinstance(new, str) and new in back)
