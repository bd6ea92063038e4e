"""Verbs on assignments: who is to tag which documents in a round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.core.allocation import Allotment, allotted
from annotator.core.changes import ChangeSet, deleted, made
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.ids import derived_id
from annotator.core.records import Annotator, Assignment, Document
from annotator.core.same_people import ids_of, resolved
from annotator.session.annotations import found, found_all, shortened
from annotator.session.rounds import round_in_use
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """What an assignment would do: who would get what, in which round; `left_alone` counts what is assigned already."""

    round: str
    allotments: tuple[Allotment, ...]
    left_alone: int = 0

    def assignments(self) -> list[Assignment]:
        """Return the rows that it would make."""
        return [assignment_of(one.document, one.annotator, self.round) for one in self.allotments]


def assignment_of(document: str, annotator: str, round: str) -> Assignment:
    """Return the row that says it; two copies of a project that assign the same have the same row."""
    return Assignment(derived_id(document, "assignment", annotator, round), round, document, annotator)


def assignment_plan(
    repository: Repository,
    documents: Iterable[str] | None,
    annotators: Sequence[str],
    overlap: float,
    round: str | None,
    seed: int,
) -> AssignmentPlan:
    """Return what `Assignments.assign` would do. Raises RefusedError or NotFoundError as it does."""
    if not 0 <= overlap <= 1:
        raise RefusedError("The overlap is a share from 0 to 1, such as 0.2.")
    known = repository.rows.all(Annotator)
    found_all(repository, Annotator, annotators, "person")
    people = sorted({resolved(known, one) for one in annotators})
    if not people:
        raise RefusedError("Nobody is chosen. Name at least one person.")
    if overlap > 0 and len(people) < 2:
        raise RefusedError("For documents that two people get, name at least two people.")
    chosen = round_in_use(repository, round).id
    wanted = list(dict.fromkeys(repository.lists.document_ids() if documents is None else documents))
    lengths = repository.lists.lengths_of(wanted)
    in_sight = repository.lists.in_sight(wanted)
    for missing in (one for one in wanted if one not in in_sight):
        raise NotFoundError("There is no document “{id}” in this project.", id=missing)
    taken = repository.work.assigned_documents(chosen)
    free = {document: lengths[document] for document in wanted if document not in taken}
    return AssignmentPlan(chosen, tuple(allotted(free, people, overlap, seed)), len(wanted) - len(free))


class Assignments(Verbs):
    """In each round a document may be assigned to any number of people, to each of them once."""

    @verb
    def assign(
        self,
        documents: Iterable[str] | None,
        annotators: Sequence[str],
        overlap: float = 0.0,
        round: str | None = None,
        seed: int = 0,
    ) -> Outcome[AssignmentPlan]:
        """Share documents out evenly; those that are assigned to anybody in the round stay as they are.

        Args:
            documents: ids; None for every document.
            annotators: ids of people.
            overlap: the share (0 to 1) of the documents that a second person gets as well.
            round: a round's id; None for the one in use.
            seed: another one shares out otherwise (see core.allocation).

        Raises:
            UserError: nobody is chosen, an overlap for one person, something that does not exist.
        """
        plan = assignment_plan(self.session.repository, documents, annotators, overlap, round, seed)
        count = len({one.document for one in plan.allotments})
        people = len({one.annotator for one in plan.allotments})
        title = f"Assign {count} documents to {people} people"
        return Outcome(ChangeSet(title, made(*plan.assignments())), plan)

    @verb
    def assign_one(self, document: str, annotator: str, round: str | None = None) -> Outcome[Assignment]:
        """Assign a document to a person by hand; nothing changes where it is."""
        repository = self.session.repository
        record = found(repository, Document, document, "document")
        known = repository.rows.all(Annotator)
        person = found(repository, Annotator, resolved(known, annotator), "person")
        new = assignment_of(record.id, person.id, round_in_use(repository, round).id)
        own = ids_of(known, person.id)
        for existing in repository.rows.where(Assignment, "document", record.id):
            if existing.round == new.round and existing.annotator in own:
                return Outcome(ChangeSet("", ()), existing)
        return Outcome(ChangeSet(f"Assign “{shortened(record.title)}” to {person.name}", made(new)), new)

    @verb
    def assign_pairs(self, pairs: Iterable[tuple[str, str]], round: str | None = None) -> Outcome[int]:
        """Assign documents to people by hand, as (document, person); returns how many of the pairs are new."""
        repository = self.session.repository
        wanted = list(dict.fromkeys(pairs))
        known = repository.rows.all(Annotator)
        found_all(repository, Document, (document for document, _ in wanted), "document")
        found_all(repository, Annotator, (person for _, person in wanted), "person")
        chosen = round_in_use(repository, round).id
        every = repository.rows.where(Assignment, "round", chosen)
        there = {(one.document, resolved(known, one.annotator)) for one in every}
        roots = {person: resolved(known, person) for _, person in wanted}
        new = dict.fromkeys((document, roots[person]) for document, person in wanted)
        rows = [assignment_of(document, person, chosen) for document, person in new if (document, person) not in there]
        return Outcome(ChangeSet(f"Assign {len(rows)} times by hand", made(*rows)), len(rows))

    @verb
    def unassign(self, assignments: Iterable[str]) -> Outcome[int]:
        """Take assignments back, by id; what was tagged stays. Returns how many."""
        records = found_all(self.session.repository, Assignment, assignments, "assignment")
        title = f"Take back {len(records)} assignments" if len(records) != 1 else "Take back an assignment"
        return Outcome(ChangeSet(title, deleted(*records)), len(records))

    @verb
    def hand_over(self, from_: str, to: str, round: str | None = None) -> Outcome[int]:
        """Give another person what somebody has not begun in a round; returns how many documents.

        What the other one has already stays with both.
        """
        repository = self.session.repository
        chosen = round_in_use(repository, round).id
        known = repository.rows.all(Annotator)
        giver, taker = (found(repository, Annotator, resolved(known, one), "person") for one in (from_, to))
        if giver.id == taker.id:
            raise RefusedError("“{name}” cannot hand over to themselves. Choose another person.", name=giver.name)
        every = repository.rows.where(Assignment, "round", chosen)
        own, others = ids_of(known, giver.id), ids_of(known, taker.id)
        theirs = {one.document for one in every if one.annotator in others}
        begun = repository.work.begun_documents(sorted(own), chosen)
        moved = [one for one in every if one.annotator in own and one.document not in theirs | begun]
        documents = sorted({one.document for one in moved})
        new = [assignment_of(document, taker.id, chosen) for document in documents]
        title = f"Hand {len(documents)} documents over from {giver.name} to {taker.name}"
        return Outcome(ChangeSet(title, (*deleted(*moved), *made(*new))), len(documents))
