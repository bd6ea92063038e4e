"""Which ids are of one person: somebody who worked under two ids was joined to one of them."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.records import Annotator


def resolved(annotators: Iterable[Annotator], identity: str) -> str:
    """Return the id that a person goes by: where theirs was joined to another one, that one, else their own.

    Ids that are joined in a circle, which merging can lead to, go by the least of them.
    """
    joined = {one.id: one.same_as for one in annotators}
    path = [identity]
    while (following := joined.get(path[-1])) is not None:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


def ids_of(annotators: Iterable[Annotator], identity: str) -> frozenset[str]:
    """Return every id of the person who has this one."""
    known = list(annotators)
    if all(one.same_as is None for one in known):
        return frozenset({identity})
    wanted = resolved(known, identity)
    return frozenset({identity, *(one.id for one in known if resolved(known, one.id) == wanted)})


def role_of(annotators: Iterable[Annotator], identity: str) -> str:
    """Return the role of a person: that of the id they go by.

    Somebody who is not known comes as a lead where everybody is one, as in a project that is simply shared, and as an
    analyst as soon as there are analysts.
    """
    known = list(annotators)
    person = resolved(known, identity)
    newcomer = "analyst" if any(one.role == "analyst" for one in known) else "lead"
    return next((one.role for one in known if one.id == person), newcomer)


def people(annotators: Iterable[Annotator]) -> list[Annotator]:
    """Return each person once, under the id that they go by."""
    known = list(annotators)
    return [one for one in known if resolved(known, one.id) == one.id]
