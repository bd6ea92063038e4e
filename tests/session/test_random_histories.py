"""Random work of two people, undone, redone and reopened, against a plain model: a stack of what the project was."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotator.core.canonical import canonical_json
from annotator.core.errors import UserError
from annotator.core.journal import chain_hash, replay
from annotator.core.records import Annotation
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import PERSON, TEXT, add_document

RUNS = 60
STEPS = 25
PEOPLE = (PERSON, Person("22222222-2222-4222-8222-222222222222", "Analyst B"))
NAMES = ("The alliance", "Russia", "The council")

Dump = dict[str, list[str]]


@dataclass
class Model:
    """What undo and redo must bring back: the project as it was, oldest first, for the person at work.

    `done` and `undone` hold pairs of (before, after).
    """

    done: list[tuple[Dump, Dump]] = field(default_factory=list)
    undone: list[tuple[Dump, Dump]] = field(default_factory=list)

    def did(self, before: Dump, after: Dump) -> None:
        if after != before:
            self.done.append((before, after))
            self.undone.clear()


class Work:
    """Does random things to a project and checks each against the model."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path = path
        self.rng = rng
        self.model = Model()
        self.session = Session(path, PERSON)
        self.document = add_document(self.session).id
        self.labels = [label.id for label in self.session.queries.codebook().labels]
        self.relation_types = [relation.key for relation in self.session.queries.codebook().relations]
        self.verbs: list[Callable[[], object]] = [
            *(self.tag, self.tag, self.resize, self.relabel, self.set_attribute, self.note),
            *(self.relate, self.unrelate, self.delete, self.status, self.describe),
        ]

    def dump(self) -> Dump:
        return self.session.reading.dump()

    def step(self) -> None:
        """Do one random thing and check what became of the project."""
        chosen = self.rng.random()
        if chosen < 0.2:
            self.travel(self.session.history.undo, self.model.done, self.model.undone, back=True)
        elif chosen < 0.35:
            self.travel(self.session.history.redo, self.model.undone, self.model.done, back=False)
        elif chosen < 0.43:
            self.reopen()
        else:
            before = self.dump()
            try:
                self.group() if chosen < 0.55 else self.rng.choice(self.verbs)()
            except UserError:
                assert self.dump() == before
            self.model.did(before, self.dump())

    def travel(
        self,
        verb: Callable[[], object],
        source: list[tuple[Dump, Dump]],
        target: list[tuple[Dump, Dump]],
        *,
        back: bool,
    ) -> None:
        before = self.dump()
        if not source:
            assert before == self.dump()
            return
        verb()
        pair = source.pop()
        assert (before, self.dump()) == (pair if not back else pair[::-1])
        target.append(pair)

    def reopen(self) -> None:
        before = self.dump()
        self.session.close()
        self.session = Session(self.path, PERSON)
        assert self.dump() == before

    def group(self) -> None:
        with self.session.group("Several things"):
            for _ in range(self.rng.randint(1, 4)):
                try:
                    self.rng.choice(self.verbs)()
                except UserError:
                    continue

    def annotations(self) -> list[Annotation]:
        return self.session.queries.content(self.document).annotations

    def some(self) -> Annotation:
        known = self.annotations()
        if not known:
            raise UserError("There is nothing yet.")
        return self.rng.choice(known)

    def fragments(self) -> list[tuple[int, int]]:
        edges = sorted(self.rng.sample(range(len(TEXT) + 1), self.rng.choice((2, 2, 4))))
        return list(zip(edges[::2], edges[1::2], strict=True))

    def tag(self) -> None:
        speaker = {"speaker": self.rng.choice(NAMES)} if self.rng.random() < 0.5 else None
        self.session.annotations.tag(self.document, self.rng.choice(self.labels), self.fragments(), speaker)

    def resize(self) -> None:
        self.session.annotations.resize(self.some().id, self.fragments())

    def relabel(self) -> None:
        self.session.annotations.relabel(self.some().id, self.rng.choice(self.labels))

    def set_attribute(self) -> None:
        self.session.annotations.set_attribute(self.some().id, "target", self.rng.choice((*NAMES, None)))

    def note(self) -> None:
        self.session.annotations.set_note(self.some().id, self.rng.choice(("", "one", "another")))

    def relate(self) -> None:
        self.session.relations.relate(self.some().id, self.rng.choice(self.relation_types), self.some().id)

    def unrelate(self) -> None:
        relations = self.session.queries.content(self.document).relations
        if relations:
            self.session.relations.unrelate(self.rng.choice(relations).id)

    def delete(self) -> None:
        self.session.annotations.delete({self.some().id, self.some().id})

    def status(self) -> None:
        self.session.documents.set_status(self.document, self.rng.choice(("new", "in_progress", "done")))

    def describe(self) -> None:
        self.session.documents.describe(self.document, title=self.rng.choice(("One", "Two", "Three")))


def check_journal(session: Session) -> None:
    """The rows are what the journal says, and every step is sealed in order."""
    journal = session.reading.journal
    rows: Dump = {table: [] for table in session.reading.dump()}
    for (table, _), state in replay(journal.changes()).items():
        assert not state.in_conflict
        if state.data is not None:
            rows[table].append(canonical_json(state.data))
    assert {table: sorted(lines) for table, lines in rows.items()} == session.reading.dump()
    chains: dict[str, str] = {}
    for step in journal.steps():
        assert step.chain == chain_hash(chains.get(step.replica, ""), step, journal.changes_of(step.id))
        chains[step.replica] = step.chain


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_random_history_can_be_walked_back_and_forth(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "p.annodb"
    create_project(path, default_codebook(), PERSON)
    work = Work(path, random.Random(seed))
    try:
        for _ in range(STEPS):
            work.step()
        check_journal(work.session)
    finally:
        work.session.close()


@pytest.mark.parametrize("seed", range(RUNS // 6))
def test_two_people_take_back_only_their_own_and_break_nothing(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "p.annodb"
    create_project(path, default_codebook(), PERSON)
    rng = random.Random(1000 + seed)
    work = Work(path, rng)
    try:
        for _ in range(STEPS):
            if rng.random() < 0.3:
                work.session.close()
                work.session = Session(path, rng.choice(PEOPLE))
            history = work.session.history
            before = work.dump()
            try:
                rng.choice([*work.verbs, history.undo, history.undo, history.redo])()
            except UserError:
                assert work.dump() == before
            if not work.session.queries.document_count():
                history.redo()
            content = work.session.queries.content(work.document)
            assert set(content.notes) <= {row.id for row in (*content.annotations, *content.relations)}
        check_journal(work.session)
    finally:
        work.session.close()
