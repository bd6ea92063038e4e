"""Copies in which texts were corrected come to the same rows and conflicts, in whatever order they come together.

What is done to an older version meanwhile goes on into the newer ones; where these were changed too, that is a conflict.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotator.core.canonical import canonical_json
from annotator.core.choices import applicable
from annotator.core.errors import RefusedError, UserError
from annotator.core.records import Annotation, Decision, Document, Unplaced
from annotator.core.rowdata import to_data
from annotator.core.text_edits import TextEdit
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.session.unplaced import unplaced_spans
from tests.support import PERSON, add_document, add_lead, version_report

SEEDS = int(os.environ.get("ANNOTATOR_VERSION_TEAMS", "12"))
"""How many teams are tried; the processes of the tests share them."""
PORTIONS = 4

TEAM = (
    PERSON,
    Person("22222222-2222-4222-8222-222222222222", "Lead B"),
    Person("33333333-3333-4333-8333-333333333333", "Lead C"),
    Person("44444444-4444-4444-8444-444444444444", "Lead D"),
)
WORDS = (
    "Meeting of the seven ministers on the harbour. We will send engineers to the port in May if the council agrees. "
    "The alliance condemns the attack of last night on seven ships. Any further attack will be answered at once. "
    "Nobody shall recognise the annexation, and the sanctions stay until the last soldier has left the region."
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a text in which two people tagged, from which all copies come."""
    path = tmp_path_factory.mktemp("versions") / "base.annodb"
    create_project(path, default_codebook(), PERSON)
    with Session(path, PERSON) as session:
        for person in TEAM[1:]:
            add_lead(session, person)
        document = add_document(session, WORDS, "Meeting").id
        labels = [label.id for label in session.queries.codebook().labels]
        spans = [session.annotations.tag(document, labels[n], [(48 + 40 * n, 70 + 40 * n)]) for n in range(3)]
        session.annotations.set_attribute(spans[0].id, "speaker", "The alliance")
        session.annotations.set_note(spans[1].id, "A note.")
        session.relations.relate(spans[1].id, "conditions", spans[0].id)
        session.documents.set_status(document, "done")
    with Session(path, TEAM[1]) as session:
        for n in range(3):
            session.annotations.tag(document, labels[n // 2], [(48 + 40 * n, 66 + 40 * n)])
        session.documents.set_status(document, "done")
    return path


@dataclass
class Copy:
    """One copy of the project, open for one person."""

    session: Session
    rng: random.Random
    folder: Path
    done: list[str] = field(default_factory=list)

    @property
    def documents(self) -> list[Document]:
        return [row.document for row in self.session.queries.documents()]

    @property
    def document(self) -> Document:
        return self.rng.choice(sorted(self.documents, key=lambda one: one.id))

    @property
    def spans(self) -> list[Annotation]:
        return sorted(self.session.queries.content(self.document.id).annotations, key=lambda one: one.id)

    @property
    def span(self) -> Annotation:
        if not (spans := self.spans):
            raise UserError("There is no span.")
        return self.rng.choice(spans)

    @property
    def label(self) -> str:
        return self.rng.choice([label.id for label in self.session.queries.codebook().labels])

    def fragments(self, length: int) -> list[tuple[int, int]]:
        start = self.rng.randrange(length - 12)
        return [(start, start + self.rng.randrange(4, 12))]

    def text(self, document: Document) -> str:
        return self.session.queries.content(document.id).text

    # -- what is done at random

    def tag(self) -> None:
        document = self.document
        self.session.annotations.tag(document.id, self.label, self.fragments(document.characters))

    def relabel(self) -> None:
        self.session.annotations.relabel(self.span.id, self.label)

    def resize(self) -> None:
        span = self.span
        length = self.session.queries.document(span.document).characters
        self.session.annotations.resize(span.id, self.fragments(length))

    def delete(self) -> None:
        self.session.annotations.delete([self.span.id])

    def describe(self) -> None:
        value = self.rng.choice((None, "The alliance", "The port", "The council"))
        self.session.annotations.set_attribute(self.span.id, self.rng.choice(("speaker", "target")), value)

    def note(self) -> None:
        self.session.annotations.set_note(self.span.id, self.rng.choice(("", "one", "another")))

    def relate(self) -> object:
        one, other = self.rng.sample([self.span, *self.spans], 2)
        kinds = sorted(kind.key for kind in self.session.queries.codebook().relations)
        for kind in self.rng.sample(kinds, len(kinds)):
            with suppress(RefusedError):
                return self.session.relations.relate(one.id, kind, other.id)
        raise UserError("These cannot be related.")

    def status(self) -> None:
        self.session.documents.set_status(self.document.id, self.rng.choice(("in_progress", "done", "done")))

    def value(self) -> None:
        self.session.documents.set_value(self.document.id, "speaker", self.rng.choice((None, "The port")))

    def remark(self) -> None:
        self.session.notes.write("document", self.document.id, self.rng.choice(("", "first", "second")))

    def decide(self) -> None:
        cases = self.session.queries.review().cases
        if not cases:
            raise UserError("There is no case.")
        case = self.rng.choice(cases).case
        choice = self.rng.choice([one for one in ("layer", "neither", "both") if one in applicable(case)])
        layer = self.rng.choice(sorted(case.layers)) if choice == "layer" else None
        self.session.review.decide(case.document, case.id, choice, layer=layer)

    def explain(self) -> None:
        decisions = self.session.reading.rows.where(Decision, "document", self.document.id)
        if not decisions:
            raise UserError("There is no decision.")
        self.session.review.explain(min(decisions, key=lambda one: one.id).id, self.rng.choice(("", "so", "thus")))

    def correct(self) -> None:
        document = self.document
        self.session.documents.correct(document.id, [self.edit(document)])

    def edit(self, document: Document) -> TextEdit:
        start = self.rng.randrange(document.characters - 30)
        return TextEdit(start, start + self.rng.randrange(0, 25), self.rng.choice(("", "new ", "quite other words ")))

    def replace(self) -> None:
        document = self.document
        edit, text = self.edit(document), self.text(document)
        report = version_report(self.session, document.id, text[: edit.start] + edit.text + text[edit.end :])
        self.session.documents.replace_by(report)

    def place(self) -> None:
        document = self.document
        self.session.annotations.place(self.waiting(document), self.fragments(document.characters))

    def dismiss(self) -> None:
        self.session.annotations.dismiss_moved([self.waiting(self.document)])

    def waiting(self, document: Document) -> str:
        found = self.session.reading.rows.where(Unplaced, "document", document.id)
        if not found:
            raise UserError("Nothing waits for a place.")
        return self.rng.choice(sorted(one.annotation for one in found))

    def settle(self) -> None:
        conflicts = [one for one in self.session.merging.conflicts() if one.waits_for is None]
        if not conflicts:
            raise UserError("There is no conflict.")
        conflict = self.rng.choice(conflicts)
        side = min(conflict.sides, key=lambda one: canonical_json(one.record and to_data(one.record)))
        self.session.merging.resolve(conflict.row, side.revision)

    def bring_back(self) -> None:
        hidden = [one for one in self.session.merging.conflicts() if one.waits_for is not None]
        if not hidden:
            raise UserError("Nothing is hidden.")
        self.session.merging.bring_back(self.rng.choice(hidden).row)

    DEEDS = (
        *("tag", "tag", "relabel", "relabel", "resize", "resize", "delete", "delete", "describe", "describe", "note"),
        *("relate", "status", "value", "remark", "decide", "decide", "explain", "correct", "correct", "replace"),
        *("place", "dismiss", "settle", "bring_back"),
    )

    def do(self) -> None:
        deed = self.rng.choice(self.DEEDS)
        try:
            getattr(self, deed)()
            self.done.append(deed)
        except UserError:
            self.done.append(f"{deed} refused")

    # -- coming together

    def file(self) -> Path:
        """Return a file with all that the copy has, which nobody has open."""
        path = self.folder / f"{self.session.path.stem} {len(self.done)}.annodb"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as target:
            self.session.reading.database.connection().backup(target)
        return path

    def merge(self, *others: Path) -> None:
        self.session.merging.merge(others)
        self.done.append("merge")

    def state(self) -> tuple[object, ...]:
        """Return all that must be equal: rows, and what is for somebody to decide."""
        return self.session.reading.dump(), conflicts_of(self.session)


def conflicts_of(session: Session) -> list[tuple[object, ...]]:
    return [
        (
            one.document,
            one.table,
            one.row,
            one.waits_for is not None,
            sorted(canonical_json(None if side.record is None else to_data(side.record)) for side in one.sides),
        )
        for one in session.merging.conflicts()
    ]


@contextmanager
def opened(
    base: Path, folder: Path, rng: random.Random, names: str, person: Person | None = None
) -> Iterator[list[Copy]]:
    with ExitStack() as stack:
        copies = []
        for place, name in enumerate(names):
            path = folder / f"{name}.annodb"
            shutil.copy(base, path)
            session = stack.enter_context(Session(path, person or TEAM[place]))
            session._on_storage(session.join)
            copies.append(Copy(session, rng, folder))
        yield copies


def sound(copy: Copy) -> None:
    """The file holds, and every document in sight can be shown."""
    assert not copy.session.reading.database.execute_sql("PRAGMA foreign_key_check").fetchall()
    for document in copy.documents:
        copy.session.queries.content(document.id)
        unplaced_spans(copy.session, document.id)


def work(copies: list[Copy], rng: random.Random) -> None:
    """Let a team work apart, and some bring in what others have meanwhile."""
    for _ in range(rng.randrange(4, 22)):
        rng.choice(copies).do()
        if rng.random() < 0.15:
            one, other = rng.sample(copies, 2)
            one.merge(other.file())


def differing(one: tuple[object, ...], other: tuple[object, ...]) -> str:
    """Return in what two states differ, for people."""
    (rows, conflicts), (others, other_conflicts) = one, other
    assert isinstance(rows, dict) and isinstance(others, dict)
    lines = [
        f"{table}: {sorted(set(rows[table]) ^ set(others[table]))}" for table in rows if rows[table] != others[table]
    ]
    if conflicts != other_conflicts:
        lines.append(f"conflicts: {conflicts} and {other_conflicts}")
    return "\n".join(lines)


def check_team(base: Path, folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    count = rng.choice((3, 3, 4))
    with opened(base, folder, rng, "abcd"[:count]) as copies:
        work(copies, rng)
        files = [copy.file() for copy in copies]
        story = f"seed {seed}: " + "; ".join(f"{c.session.path.stem}: {', '.join(c.done)}" for c in copies)
        orders = [files, files[::-1], rng.sample(files, len(files))]
        with opened(base, folder, rng, "xyz", PERSON) as fresh:
            for copy, order in zip(fresh, orders, strict=True):
                for file in order if copy is not fresh[2] else [None]:
                    copy.merge(*(order if file is None else [file]))
            expected = fresh[0].state()
            for copy in fresh:
                assert copy.state() == expected, f"{story}\n{differing(copy.state(), expected)}"
                assert copy.session.merging.merge(files).step is None, story
                sound(copy)
            fresh[0].merge(fresh[1].file(), fresh[2].file())
            assert fresh[0].state() == expected, f"{story}\n{differing(fresh[0].state(), expected)}"
        copies[0].merge(*files[1:])
        rows = {table: lines for table, lines in copies[0].session.reading.dump().items() if table != "layer"}
        assert rows == {t: lines for t, lines in expected[0].items() if t != "layer"}, story


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_teams_that_correct_texts_come_together_in_every_order(base: Path, tmp_path: Path, portion: int) -> None:
    for seed in range(portion, SEEDS, PORTIONS):
        check_team(base, tmp_path, seed)
