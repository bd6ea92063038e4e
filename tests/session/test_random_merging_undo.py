"""Random work on three copies that are merged, decided, taken back and put back: undo and redo bring back the rows and
the conflicts that were open, and copies that know the same have the same."""

from __future__ import annotations

import os
import random
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotator.core.errors import UserError
from annotator.core.records import Annotation, Document
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.session.test_merging_undo import OTHER, THIRD, State, check_soundness, state
from tests.support import PERSON, TEXT, add_document, add_lead

RUNS = int(os.environ.get("ANNOTATOR_RANDOM_UNDOS", "24"))
"""How many histories are tried."""
STEPS = 30
NAMES = ("The alliance", "Russia", "The council", None)


@pytest.fixture
def rng(seed: int, monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """Numbers that follow from the seed, and so do all ids."""
    numbers = random.Random(seed)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=numbers.getrandbits(128), version=4))
    return random.Random(seed)


def make_project(path: Path) -> Path:
    """Make a project with two documents, a few spans, and three leads."""
    create_project(path, default_codebook(), PERSON)
    with Session(path, PERSON) as session:
        add_lead(session, OTHER)
        add_lead(session, THIRD)
        labels = session.queries.codebook().labels
        for title in ("One", "Two"):
            document = add_document(session, f"{title}. {TEXT}", title)
            spans = [session.annotations.tag(document.id, labels[i].id, [(i * 9, i * 9 + 8)]) for i in range(3)]
            session.annotations.set_attribute(spans[0].id, "speaker", "The alliance")
            session.relations.relate(spans[1].id, "conditions", spans[0].id)
    return path


class Deeds:
    """Random things that somebody does in an open copy."""

    def __init__(self, session: Session, rng: random.Random) -> None:
        self.session = session
        self.rng = rng
        self.verbs: list[Callable[[], object]] = [
            *(self.tag, self.resize, self.resize, self.relabel, self.relabel, self.describe, self.describe),
            *(self.note, self.delete, self.delete, self.status, self.relate, self.remove, self.together),
            *(self.decide, self.decide, self.decide, self.decide),
        ]

    def do(self) -> None:
        self.rng.choice(self.verbs)()

    def some(self) -> Annotation:
        return self.rng.choice(sorted(self.session.reading.rows.all(Annotation), key=lambda row: row.id))

    def tag(self) -> None:
        documents = sorted(row.id for row in self.session.reading.rows.all(Document))
        label = self.rng.choice(self.session.queries.codebook().labels)
        start = self.rng.randrange(90)
        self.session.annotations.tag(self.rng.choice(documents), label.id, [(start, start + 7)])

    def resize(self) -> None:
        start = self.rng.randrange(90)
        self.session.annotations.resize(self.some().id, [(start, start + self.rng.randrange(2, 9))])

    def relabel(self) -> None:
        label = self.rng.choice(self.session.queries.codebook().labels)
        self.session.annotations.relabel(self.some().id, label.id)

    def describe(self) -> None:
        self.session.annotations.set_attribute(self.some().id, "speaker", self.rng.choice(NAMES))

    def note(self) -> None:
        self.session.annotations.set_note(self.some().id, self.rng.choice(("", "one", "another")))

    def relate(self) -> None:
        self.session.relations.relate(self.some().id, "conditions", self.some().id)

    def delete(self) -> None:
        self.session.annotations.delete([self.some().id])

    def status(self) -> None:
        status = self.rng.choice(("in_progress", "done"))
        self.session.documents.set_status(self.some().document, status)

    def remove(self) -> None:
        if self.rng.random() < 0.3:
            self.session.documents.remove(self.some().document)

    def together(self) -> None:
        with self.session.group("Several things"):
            for verb in (self.resize, self.describe, self.relabel):
                verb()

    def decide(self) -> None:
        conflicts = self.session.merging.conflicts()
        if not conflicts:
            return
        conflict = self.rng.choice(conflicts)
        if conflict.waits_for is None:
            self.session.merging.resolve(conflict.row, self.rng.choice(conflict.sides).revision)
        else:
            self.session.merging.bring_back(conflict.row)


@dataclass
class Model:
    """What undo and redo must bring back: pairs of the project before a step and after it, the last step last."""

    done: list[tuple[State, State]] = field(default_factory=list)
    undone: list[tuple[State, State]] = field(default_factory=list)

    def forget(self) -> None:
        self.done.clear()
        self.undone.clear()

    def did(self, before: State, after: State) -> None:
        self.done.append((before, after))
        self.undone.clear()


class Work:
    """Does random things in one copy, lets others go on in theirs, and checks each against the model."""

    def __init__(self, paths: list[Path], rng: random.Random) -> None:
        self.paths = paths
        self.rng = rng
        self.model = Model()
        self.refused = 0
        self.session = Session(paths[0], PERSON)
        self.session._on_storage(self.session.join)

    def step(self) -> None:
        chosen = self.rng.random()
        if chosen < 0.25:
            self.travel(self.session.history.undo, self.model.done, self.model.undone, back=True)
        elif chosen < 0.42:
            self.travel(self.session.history.redo, self.model.undone, self.model.done, back=False)
        elif chosen < 0.47:
            self.session.close()
            self.session = Session(self.paths[0], PERSON)
        elif chosen < 0.67:
            self.others_go_on()
            self.do(self.merge)
        else:
            self.do(Deeds(self.session, self.rng).do)

    def do(self, deed: Callable[[], object]) -> None:
        before, steps = state(self.session), self.session.reading.journal.count_own_steps()
        try:
            deed()
        except (UserError, IndexError):
            assert state(self.session) == before
            return
        after = state(self.session)
        if self.session.reading.journal.count_own_steps() == steps and after == before:
            return
        if self.session.reading.journal.steps(annotator=PERSON.id)[-1].undoable:
            self.model.did(before, after)
        elif after != before:
            self.model.forget()  # nothing in sight changed, but what others left for a row that is hidden

    def merge(self) -> None:
        self.session.merging.merge([self.rng.choice(self.paths[1:])])

    def travel(
        self,
        verb: Callable[[], object],
        source: list[tuple[State, State]],
        target: list[tuple[State, State]],
        *,
        back: bool,
    ) -> None:
        if not source:
            return
        before = state(self.session)
        try:
            verb()
        except UserError:
            assert state(self.session) == before
            self.model.forget()
            self.refused += 1
            return
        pair = source.pop()
        assert (before, state(self.session)) == (pair if not back else pair[::-1])
        target.append(pair)

    def others_go_on(self) -> None:
        place = self.rng.choice((1, 2))
        with Session(self.paths[place], (PERSON, OTHER, THIRD)[place]) as session:
            if self.rng.random() < 0.5:
                session.merging.merge([self.rng.choice([path for path in self.paths if path != self.paths[place]])])
            deeds = Deeds(session, self.rng)
            for _ in range(self.rng.randrange(1, 5)):
                try:
                    self.rng.choice([deeds.do, deeds.do, deeds.do, session.history.undo, session.history.redo])()
                except (UserError, IndexError):
                    continue


def come_together(paths: list[Path], team: tuple[Person, ...]) -> None:
    """Merge the first two copies into each other, and check that both come to the same."""
    states: list[State] = []
    for path, person, other in zip(paths, team, (paths[1], paths[0]), strict=False):
        with Session(path, person) as session:
            session.merging.merge([other])
            states.append(state(session))
            check_soundness(session)
    with Session(paths[0], team[0]) as session:
        session.merging.merge([paths[1]])
        assert state(session) == states[1]


@pytest.mark.parametrize("seed", range(RUNS))
def test_what_is_open_is_walked_back_and_forth_with_the_rows(rng: random.Random, tmp_path: Path) -> None:
    base = make_project(tmp_path / "base.annodb")
    paths = [Path(shutil.copy(base, tmp_path / f"{name}.annodb")) for name in ("one", "two", "three")]
    work = Work(paths, rng)
    try:
        for _ in range(STEPS):
            work.step()
        check_soundness(work.session)
    finally:
        work.session.close()
    assert work.refused == 0
    come_together(paths, (PERSON, OTHER))
