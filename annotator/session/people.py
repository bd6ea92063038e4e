"""Who works here: a person has an id of their own, kept in their preferences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.errors import AmbiguousError, RefusedError
from annotator.core.records import Annotator
from annotator.core.text import is_storable


@dataclass(frozen=True, slots=True)
class Person:
    """A person by id; the name is only for display, two people may share one."""

    id: str
    name: str


def person_named(name: str, known: Iterable[Annotator], fresh_id: str) -> Person:
    """Return the project's annotator of this name, or a new person where there is none.

    Raises AmbiguousError where the name fits several people, RefusedError where it is no name.
    """
    if not name.strip() or not is_storable(name):
        raise RefusedError("“{name}” is no name. Give one with letters.", name=ascii(name)[1:-1])
    found = [annotator for annotator in known if annotator.name == name or annotator.id == name]
    if len(found) > 1:
        raise AmbiguousError(
            "{count} people in this project are called “{name}”. Name one by id: {ids}.",
            count=len(found),
            name=name,
            ids=", ".join(annotator.id for annotator in found),
        )
    return Person(found[0].id, found[0].name) if found else Person(fresh_id, name)
