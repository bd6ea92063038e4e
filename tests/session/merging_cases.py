"""What verbs on merges are tried with: a copy of the stage in which the same row was changed otherwise, or less."""

from __future__ import annotations

from typing import Protocol

from annotator.core.ids import new_id
from annotator.session.session import Session
from annotator.storage.backup import copy_verified


class Staged(Protocol):
    """A project with a tagged document."""

    session: Session
    pledge: str
    labels: dict[str, str]


def conflicting(stage: Staged) -> None:
    """Merge a copy that changed a span otherwise, and decide for what it had."""
    session = stage.session
    other = session.path.with_name(f"{new_id()}.annodb")
    copy_verified(session.path, other)
    with Session(other, session.person) as copy:
        for label in ("condition", "criticism"):  # one step more than here, so that this is what is shown
            copy.annotations.relabel(stage.pledge, stage.labels[label])
    session.annotations.resize(stage.pledge, [(18, 30)])
    session.merging.merge([other])
    (conflict,) = session.merging.conflicts()
    session.merging.resolve(conflict.row, conflict.sides[1].revision)


def brought_back(stage: Staged) -> None:
    """Merge a copy that deleted a span on which something was set here, and bring the span back."""
    session = stage.session
    other = session.path.with_name(f"{new_id()}.annodb")
    copy_verified(session.path, other)
    with Session(other, session.person) as copy:
        copy.annotations.delete([stage.pledge])
    session.annotations.set_attribute(stage.pledge, "target", "Somebody new")
    session.merging.merge([other])
    hidden = next(conflict for conflict in session.merging.conflicts() if conflict.table == "attribute_value")
    session.merging.bring_back(hidden.row)
