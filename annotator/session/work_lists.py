"""How far everybody is in a round, by person and by document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.core.records import STATUSES, Annotator, Layer
from annotator.core.same_people import people, resolved
from annotator.storage.repository import Repository
from annotator.storage.work import Crew


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """Where a person stands in a round, in numbers of documents.

    `statuses` counts the documents by status; new are those that are assigned and not begun. `empty` counts those of
    the done and approved in which nothing is tagged, `spans` what the person tagged.
    """

    annotator: Annotator
    assigned: int
    statuses: Mapping[str, int]
    empty: int
    spans: int

    @property
    def finished(self) -> int:
        """Return how many documents are done or approved."""
        return self.statuses["done"] + self.statuses["approved"]

    @property
    def total(self) -> int:
        """Return how many documents the person has or has begun."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Stand:
    """What a person has to do with a document: `assignment` is an id, or None where it is not assigned to them.

    `is_empty` says that they are done with it and tagged nothing.
    """

    assignment: str | None = None
    status: str = "new"
    is_empty: bool = False


@dataclass(slots=True)
class Shared:
    """What all people together have to do with a document: how many have it, and as what."""

    holders: int = 0
    statuses: set[str] = field(default_factory=set)
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class WorkTable:
    """Every document in sight, as (id, title, code points), and every person, with where they stand in a round.

    `stands` has what is assigned or begun, by document and person, `shared` the same by document.
    """

    round: str
    documents: list[tuple[str, str, int]]
    people: list[Annotator]
    stands: dict[tuple[str, str], Stand] = field(default_factory=dict)
    shared: dict[str, Shared] = field(default_factory=dict)


def progress_of(repository: Repository, round: str, only: str | None = None) -> list[PersonProgress]:
    """Return where everybody stands in a round, by name, or one person alone."""
    everybody = repository.rows.all(Annotator)
    crew = crew_of(repository, everybody, round, only)
    work = repository.work
    assigned, new = work.assigned_counts(crew), work.not_begun_counts(crew)
    statuses, empty, spans = work.status_counts(crew), work.empty_counts(crew), work.span_counts(crew)
    return [
        PersonProgress(
            one,
            assigned.get(one.id, 0),
            {status: statuses.get((one.id, status), 0) for status in STATUSES} | {"new": new.get(one.id, 0)},
            empty.get(one.id, 0),
            spans.get(one.id, 0),
        )
        for one in in_order(everybody)
        if one.id in crew.people
    ]


def work_table(repository: Repository, round: str) -> WorkTable:
    """Return who has which documents in a round, with which status."""
    everybody = repository.rows.all(Annotator)
    crew = crew_of(repository, everybody, round)
    work = repository.work
    assigned = {(document, person): row for document, person, row in work.assignments(crew)}
    statuses = {(document, person): status for document, person, status in work.statuses(crew)}
    empty = work.empty(crew)
    stands = {
        key: Stand(assigned.get(key), statuses.get(key, "new"), key in empty) for key in assigned.keys() | statuses
    }
    return WorkTable(round, work.titles(), in_order(everybody), stands, _shared(stands))


def _shared(stands: Mapping[tuple[str, str], Stand]) -> dict[str, Shared]:
    found: dict[str, Shared] = {}
    for (document, _), stand in stands.items():
        one = found.get(document)
        if one is None:
            one = found[document] = Shared()
        one.holders += stand.assignment is not None
        one.statuses.add(stand.status)
        one.is_empty = one.is_empty or stand.is_empty
    return found


def crew_of(repository: Repository, everybody: list[Annotator], round: str, only: str | None = None) -> Crew:
    """Return whose work is counted: everybody's, or that of one person, named by the id that they go by."""
    roots = {one.id: resolved(everybody, one.id) for one in everybody}
    if only is not None:
        roots = {one: root for one, root in roots.items() if root == only}
    layers = [one for one in repository.rows.where(Layer, "round", round) if one.annotator in roots]
    layers.sort(key=lambda one: (one.annotator != roots[one.annotator or ""], one.id))
    return Crew(round, roots, {one.id: roots[one.annotator or ""] for one in layers})


def in_order(annotators: list[Annotator]) -> list[Annotator]:
    """Return each person once, by name."""
    return sorted(people(annotators), key=lambda one: (one.name.casefold(), one.id))
