"""Who works here: a person has an id of their own, kept in their preferences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.errors import AmbiguousError
from annotator.core.records import Annotator


@dataclass(frozen=True, slots=True)
class Person:
    """A person by id; the name is only for display, two people may share one."""

    id: str
    name: str


def person_named(name: str, known: Iterable[Annotator], fresh_id: str) -> Person:
    """Return the project's annotator of this name, or a new person where there is none.

    Raises AmbiguousError where the name fits several people.
    """
    found = [annotator for annotator in known if annotator.name == name or annotator.id == name]
    if len(found) > 1:
        raise AmbiguousError(
            "{count} people in this project are called “{name}”. Name one by id: {ids}.",
            count=len(found),
            name=name,
            ids=", ".join(annotator.id for annotator in found),
        )
    return Person(found[0].id, found[0].name) if found else Person(fresh_id, name)
