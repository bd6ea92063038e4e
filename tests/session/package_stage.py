"""A lead's project with two analysts who tagged the same texts, as the tests of hand-off files share it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from annotator.core.changes import ChangeSet, made
from annotator.core.ids import new_id
from annotator.core.records import Annotator, Assignment, Document
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.session.verb import Outcome
from tests.support import PERSON, TEXT, add_document, add_lead

LEAD = Person("99999999-9999-4999-8999-999999999999", "Lead")
SECOND_LEAD = Person("55555555-5555-4555-8555-555555555555", "Lead B")
OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")

SECOND_TEXT = "Second text\n\nWe shall send engineers. They must stop the shelling at once."
UNASSIGNED_TEXT = "Third text\n\nNobody but the other one reads this sentence."


@dataclass
class Team:
    """The lead's project, its documents, and the ids of labels by key."""

    path: Path
    first: Document
    second: Document
    third: Document
    labels: dict[str, str]

    def lead(self) -> Session:
        """Open the project as the lead."""
        return Session(self.path, LEAD)

    def issue(self, out: Path, *, with_digest: bool = False) -> Path:
        """Issue the package of the first analyst."""
        with self.lead() as session:
            return session.packages.issue(PERSON.id, out, with_digest=with_digest).file


def assign(session: Session, person: Person, documents: list[Document]) -> None:
    """Assign documents in the round in use."""
    round_ = session.queries.project().round
    rows = [Assignment(new_id(), round_, one.id, person.id) for one in documents]
    session.perform(lambda: Outcome(ChangeSet(f"Assign to {person.name}", made(*rows)), None))


def make_team(folder: Path) -> Team:
    """Make the project: both analysts are assigned the first two documents, the other one the third as well."""
    path = folder / "Study.annodb"
    create_project(path, default_codebook(), LEAD)
    with Session(path, LEAD) as session:
        first = add_document(session)
        second = add_document(session, SECOND_TEXT, "Second text")
        third = add_document(session, UNASSIGNED_TEXT, "Third text")
        people = [Annotator(one.id, one.name, role="analyst") for one in (PERSON, OTHER)]
        session.perform(lambda: Outcome(ChangeSet("People", made(*people)), None))
        assign(session, PERSON, [first, second])
        assign(session, OTHER, [first, second, third])
        labels = {label.key: label.id for label in session.queries.codebook().labels}
        session.notes.write("label", labels["pledge"], "The lead says how to tag.")
    return Team(path, first, second, third, labels)


def tag_as(team: Team, person: Person, quote: str, label: str = "pledge", note: str = "", **values: str) -> str:
    """Tag a quote of the first document in the lead's file, and return the annotation's id."""
    with Session(team.path, person) as session:
        span = session.queries.find_quote(team.first.id, quote)
        return session.annotations.tag(team.first.id, team.labels[label], [span], values, note).id


def differing_team(folder: Path) -> Team:
    """Make the project with a second lead; both analysts have done the first document, and differ in one case."""
    team = make_team(folder)
    for person, label in ((PERSON, "pledge"), (OTHER, "condition")):
        tag_as(team, person, "We will provide air defence", label)
        with Session(team.path, person) as session:
            session.documents.set_status(team.first.id, "done")
    with team.lead() as session:
        add_lead(session, SECOND_LEAD)
    return team


def decide_for(path: Path, person: Person, place: int) -> None:
    """Decide the only case of the review for one of its layers."""
    with Session(path, person) as session:
        (case,) = session.queries.review().cases
        session.review.decide(case.case.document, case.case.id, "layer", layer=case.case.layers[place])


def contested_team(folder: Path) -> Team:
    """Make that project with the case decided otherwise by each lead, in a copy of each, and these merged."""
    team, other = differing_team(folder), folder / "Copy.annodb"
    shutil.copy(team.path, other)
    decide_for(team.path, LEAD, 0)
    decide_for(other, SECOND_LEAD, 1)
    with team.lead() as session:
        session.merging.merge([other])
        assert session.merging.conflicts()
    return team


__all__ = [
    "LEAD",
    "OTHER",
    "PERSON",
    "SECOND_LEAD",
    "TEXT",
    "Team",
    "assign",
    "contested_team",
    "decide_for",
    "differing_team",
    "make_team",
    "tag_as",
]
