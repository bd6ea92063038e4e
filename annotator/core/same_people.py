"""Which ids are of one person: somebody who worked under two ids was joined to one of them."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.records import Annotator


def resolved(annotators: Iterable[Annotator], identity: str) -> str:
    """Return the id that a person goes by: where theirs was joined to another one, that one, else their own.

    Ids that are joined in a circle, which merging can lead to, go by the least of them.
    """
    joined = {one.id: one.same_as for one in annotators}
    path = {identity: 0}
    last = identity
    while (following := joined.get(last)) is not None:
        if following in path:
            return min(list(path)[path[following] :])
        path[following] = len(path)
        last = following
    return last


def are_same(annotators: Iterable[Annotator], one: str, other: str) -> bool:
    """Say whether two ids are of one person."""
    known = list(annotators)
    return resolved(known, one) == resolved(known, other)


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


def letter_of(place: int) -> str:
    """Return A, B, … Z, AA, AB, … for 0, 1, …: what a person is called who is not named."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def people(annotators: Iterable[Annotator]) -> list[Annotator]:
    """Return each person once, under the id that they go by."""
    known = list(annotators)
    return [one for one in known if resolved(known, one.id) == one.id]
