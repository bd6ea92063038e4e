"""How far everybody is in a round, by person and by document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.core.records import STATUSES, Annotator
from annotator.core.same_people import people, resolved
from annotator.storage.repository import Repository


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


@dataclass(frozen=True, slots=True)
class WorkTable:
    """Every document in sight, as (id, title, code points), and every person, with where they stand in a round.

    `stands` has what is assigned or begun, by document and person.
    """

    round: str
    documents: list[tuple[str, str, int]]
    people: list[Annotator]
    stands: dict[tuple[str, str], Stand] = field(default_factory=dict)


def progress_of(repository: Repository, round: str, only: str | None = None) -> list[PersonProgress]:
    """Return where everybody stands in a round, by name, or one person alone."""
    everybody = repository.rows.all(Annotator)
    roots = {one.id: resolved(everybody, one.id) for one in everybody}
    if only is not None:
        roots = {one: root for one, root in roots.items() if root == roots.get(only)}
    work = repository.work
    assigned, new = work.assigned_counts(round, roots), work.not_begun_counts(round, roots)
    statuses, empty = work.status_counts(round, roots), work.empty_counts(round, roots)
    spans = work.span_counts(round, roots)
    return [
        PersonProgress(
            one,
            assigned.get(one.id, 0),
            {status: statuses.get((one.id, status), 0) for status in STATUSES} | {"new": new.get(one.id, 0)},
            empty.get(one.id, 0),
            spans.get(one.id, 0),
        )
        for one in in_order(everybody)
        if one.id in roots
    ]


def work_table(repository: Repository, round: str) -> WorkTable:
    """Return who has which documents in a round, with which status."""
    everybody = repository.rows.all(Annotator)
    roots = {one.id: resolved(everybody, one.id) for one in everybody}
    work = repository.work
    assigned = {(document, person): row for document, person, row in work.assignments(round, roots)}
    statuses = {(document, person): status for document, person, status in work.statuses(round, roots)}
    empty = work.empty(round, roots)
    stands = {
        key: Stand(assigned.get(key), statuses.get(key, "new"), key in empty) for key in assigned.keys() | statuses
    }
    return WorkTable(round, work.titles(), in_order(everybody), stands)


def in_order(annotators: list[Annotator]) -> list[Annotator]:
    """Return each person once, by name."""
    return sorted(people(annotators), key=lambda one: (one.name.casefold(), one.id))
