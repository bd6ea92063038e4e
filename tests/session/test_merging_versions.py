"""Copies in which texts were corrected come to the same rows and conflicts, in whatever order they come together.

What is done to an older version meanwhile goes on into the newer ones; what was changed there as well is a conflict.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path

import pytest

from annotator.core.canonical import canonical_json
from annotator.core.choices import applicable
from annotator.core.errors import ProjectFileError, RefusedError, UserError
from annotator.core.records import Annotation, Decision, Document, Unplaced
from annotator.core.rowdata import to_data
from annotator.core.text_edits import TextEdit
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.session.unplaced import unplaced_spans
from tests.session.package_stage import make_team, tag_as
from tests.support import PERSON, TEXT, add_document, add_lead, version_report

SEEDS = int(os.environ.get("ANNOTATOR_VERSION_TEAMS", "8"))
"""How many teams are tried; the processes of the tests share them."""
PORTIONS = 4

State = tuple[dict[str, list[str]], list[tuple[object, ...]]]
"""The rows of a project as text by table, and its conflicts."""

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
    )

    RARE = ("settle", "bring_back", "place", "dismiss", "explain")
    """What can be done only where merges and new versions left something to do."""

    def do(self) -> None:
        """Do something at random; what can rarely be done is tried first at times."""
        deeds = [self.rng.choice(self.DEEDS)]
        if self.rng.random() < 0.4:
            deeds = [*self.rng.sample(self.RARE, len(self.RARE)), *deeds]
        for deed in deeds:
            with suppress(UserError):
                getattr(self, deed)()
                self.done.append(deed)
                break

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

    def state(self) -> State:
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
    base: Path, folder: Path, rng: random.Random, names: Iterable[str], person: Person | None = None
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
        if rng.random() < 0.25:
            one, other = rng.sample(copies, 2)
            one.merge(other.file())


def differing(one: State, other: State) -> str:
    """Return in what two states differ, for people."""
    (rows, conflicts), (others, other_conflicts) = one, other
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


# -- stories


@pytest.fixture
def team(base: Path, tmp_path: Path) -> Iterator[list[Copy]]:
    with opened(base, tmp_path, random.Random(0), "abc") as copies:
        yield copies


def first_span(copy: Copy) -> Annotation:
    """Return the span that was tagged first, as it is in the document in sight."""
    (document,) = copy.documents
    return min(copy.session.queries.content(document.id).annotations, key=lambda one: one.created)


def correct(copy: Copy, old: str, new: str) -> str:
    (document,) = copy.documents
    start = copy.text(document).index(old)
    return copy.session.documents.correct(document.id, [TextEdit(start, start + len(old), new)]).document.id


def relabel(copy: Copy, label: str) -> None:
    copy.session.annotations.relabel(first_span(copy).id, copy.session.queries.label_named(label).id)


def check_undo(copy: Copy, folder: Path, file: Path) -> None:
    """Check in a copy of a copy that a merge can be taken back and put back."""
    with opened(copy.file(), folder, copy.rng, ["undone"], PERSON) as (other,):
        before = other.state()
        if other.session.merging.merge([file]).step is None:
            return
        after = other.state()
        if after != before:
            other.session.history.undo()
            assert other.state() == before, differing(other.state(), before)
            other.session.history.redo()
            assert other.state() == after, differing(other.state(), after)


def in_every_order(base: Path, folder: Path, files: list[Path]) -> State:
    """Merge files into fresh copies in every order, and return what all come to."""
    orders = list(permutations(files))
    names = [f"fresh {place}" for place in range(len(orders))]
    with opened(base, folder, random.Random(0), names, PERSON) as fresh:
        for copy, order in zip(fresh, orders, strict=True):
            for file in order:
                if order in (orders[0], orders[-1]):
                    check_undo(copy, folder, file)
                copy.merge(file)
            assert copy.state() == fresh[0].state(), differing(copy.state(), fresh[0].state())
            sound(copy)
        return fresh[0].state()


class TestStories:
    def test_a_row_contested_in_the_old_version_is_so_in_the_one_that_a_third_made(
        self, base: Path, team: list[Copy], tmp_path: Path
    ) -> None:
        a, b, c = team
        relabel(a, "criticism")
        relabel(b, "signal_to_russia")
        newest = correct(c, "seven ministers", "nine ministers")
        in_every_order(base, tmp_path, [copy.file() for copy in team])
        a.merge(b.file())
        with pytest.raises(RefusedError, match="conflicts between copies"):
            correct(a, "seven ministers", "two ministers")
        a.merge(c.file())
        (conflict,) = a.session.merging.conflicts()
        assert (conflict.document, conflict.table) == (newest, "annotation")
        assert {side.annotator for side in conflict.sides} == {TEAM[0].id, TEAM[1].id}
        assert conflict.row == first_span(a).id
        a.session.merging.resolve(conflict.row, conflict.sides[1].revision)
        assert a.session.merging.conflicts() == []
        b.merge(a.file())
        assert b.session.merging.conflicts() == []
        assert first_span(b) == first_span(a) == conflict.sides[1].record

    def test_what_is_changed_in_both_versions_is_a_conflict(self, base: Path, team: list[Copy], tmp_path: Path) -> None:
        a, b, _ = team
        relabel(a, "criticism")
        newest = correct(b, "seven ministers", "nine ministers")
        relabel(b, "signal_to_russia")
        _, conflicts = in_every_order(base, tmp_path, [a.file(), b.file()])
        assert [conflict[:2] for conflict in conflicts] == [(newest, "annotation")]

    def test_what_is_changed_in_the_old_version_only_goes_on_without_a_word(
        self, base: Path, team: list[Copy], tmp_path: Path
    ) -> None:
        a, b, _ = team
        for _ in range(5):  # a newer version with a greater counter than all that follows in the other copy
            b.session.notes.write("document", b.document.id, "once")
            b.session.notes.write("document", b.document.id, "")
        newest = correct(b, "seven ministers", "nine ministers")
        for label in ("criticism", "signal_to_russia", "condition"):
            relabel(a, label)
        a.session.annotations.set_attribute(first_span(a).id, "speaker", "The port")
        _, conflicts = in_every_order(base, tmp_path, [a.file(), b.file()])
        assert conflicts == []
        b.merge(a.file())
        span = first_span(b)
        assert (span.document, span.label) == (newest, b.session.queries.label_named("condition").id)
        relabel(b, "pledge")
        a.merge(b.file())
        assert first_span(a).label == a.session.queries.label_named("pledge").id
        assert a.session.merging.conflicts() == []

    def test_a_span_whose_words_were_corrected_stays_where_it_came_to_lie(
        self, base: Path, team: list[Copy], tmp_path: Path
    ) -> None:
        a, b, _ = team
        newest = correct(b, "send engineers", "send many more engineers")
        there = first_span(b)
        assert b.session.queries.content(newest).quote(there).split()[2:] == ["send", "many", "more", "engineers"]
        relabel(a, "criticism")
        _, conflicts = in_every_order(base, tmp_path, [a.file(), b.file()])
        assert conflicts == []
        b.merge(a.file())
        assert b.session.queries.annotation(there.id) == replace(there, label=first_span(b).label)
        assert first_span(b).label == b.session.queries.label_named("criticism").id
        assert b.session.reading.rows.where(Unplaced, "document", newest) == []

    def test_a_span_that_loses_its_place_waits_for_one_with_all_that_hangs_on_it(
        self, base: Path, team: list[Copy], tmp_path: Path
    ) -> None:
        a, b, _ = team
        newest = correct(b, "seven ministers on the harbour", "ministers")
        there = first_span(b).id
        span = first_span(a)
        a.session.annotations.resize(span.id, [(15, 40)])
        a.session.annotations.set_attribute(span.id, "target", "The port")
        a.session.annotations.set_note(span.id, "Mine.")
        _, conflicts = in_every_order(base, tmp_path, [a.file(), b.file()])
        assert conflicts == []
        b.merge(a.file())
        assert there not in {one.id for one in b.session.queries.content(newest).annotations}
        assert [one.annotation.id for one in unplaced_spans(b.session, newest)] == [span.id]
        before = b.state()
        assert b.session.annotations.place(span.id, [(0, 7)]).id == there
        content = b.session.queries.content(newest)
        assert content.values[there] == {"speaker": "The alliance", "target": "The port"}
        assert content.notes[there] == "Mine."
        assert {relation.target for relation in content.relations} == {there}
        assert b.session.merging.conflicts() == []
        sound(b)
        b.session.history.undo()
        assert b.state() == before

    def test_a_span_that_waits_and_gained_something_elsewhere_is_placed_with_it(self, team: list[Copy]) -> None:
        a, b, _ = team
        span = a.session.annotations.tag(a.document.id, a.label, [(15, 40)])
        b.merge(a.file())
        newest = correct(b, "seven ministers on the harbour", "")
        a.session.annotations.set_attribute(span.id, "target", "The port")
        a.session.annotations.set_note(span.id, "Mine.")
        b.merge(a.file())
        assert b.session.merging.conflicts() == []
        moved = b.session.annotations.place(span.id, [(0, 7)])
        content = b.session.queries.content(newest)
        assert content.values[moved.id] == {"target": "The port"}
        assert content.notes[moved.id] == "Mine."
        a.merge(b.file())
        assert a.state()[1] == b.state()[1] == []
        assert a.session.queries.content(newest).values[moved.id] == {"target": "The port"}

    def test_what_was_deleted_before_the_new_version_and_changed_elsewhere_is_a_conflict_there(
        self, base: Path, team: list[Copy], tmp_path: Path
    ) -> None:
        a, b, c = team
        relabel(a, "criticism")
        c.session.annotations.set_attribute(first_span(c).id, "target", "The port")
        b.session.annotations.delete([first_span(b).id])
        newest = correct(b, "seven ministers", "nine ministers")
        _, conflicts = in_every_order(base, tmp_path, [a.file(), b.file()])
        assert [conflict[:2] for conflict in conflicts] == [(newest, "annotation")]
        in_every_order(base, tmp_path, [copy.file() for copy in team])
        b.merge(c.file())
        (conflict,) = b.session.merging.conflicts()
        assert (conflict.document, conflict.table, conflict.waits_for is None) == (newest, "attribute_value", False)
        b.session.merging.bring_back(conflict.row)
        assert b.session.queries.content(newest).values[first_span(b).id] == {"target": "The port"}

    def test_a_version_that_was_taken_back_leaves_nothing_to_decide(
        self, base: Path, team: list[Copy], tmp_path: Path
    ) -> None:
        a, b, _ = team
        relabel(a, "criticism")
        correct(b, "seven ministers", "nine ministers")
        with_version = b.file()
        b.session.history.undo()
        b.done.append("undo")
        _, conflicts = in_every_order(base, tmp_path, [a.file(), with_version, b.file()])
        assert conflicts == []

    def test_a_status_that_an_edited_version_reopened_is_not_that_of_the_older_one(self, team: list[Copy]) -> None:
        a, b, _ = team
        document = b.document
        report = version_report(b.session, document.id, WORDS.replace("seven", "nine"))
        newest = b.session.documents.replace_by(report).document.id
        a.session.documents.set_status(document.id, "in_progress")
        a.session.documents.set_status(document.id, "done")
        b.merge(a.file())
        (conflict,) = b.session.merging.conflicts()
        assert (conflict.document, conflict.table) == (newest, "status")

    def test_a_change_that_claims_to_be_older_than_it_can_be_is_refused(self, team: list[Copy]) -> None:
        a, b, _ = team
        correct(b, "seven ministers", "nine ministers")
        relabel(a, "criticism")
        b.merge(a.file())
        file = b.file()
        newer = "UPDATE change SET counter = counter + 99 WHERE revision <> id AND \"table\" = 'annotation'"
        with closing(sqlite3.connect(file)) as connection, connection:
            assert connection.execute(newer).rowcount
        with pytest.raises(ProjectFileError, match="a change is of no step"):
            a.merge(file)


def test_a_package_with_a_corrected_text_takes_the_analysts_changes_along(tmp_path: Path) -> None:
    team = make_team(tmp_path)
    mine = tag_as(team, PERSON, "We will provide", speaker="The alliance")
    package = team.issue(tmp_path / "a.annodb")
    with team.lead() as session:
        newest = session.documents.correct(team.first.id, [TextEdit(0, 6, "Meeting")]).document.id
    later = team.issue(tmp_path / "b.annodb")
    with Session(package, PERSON) as session:
        session.annotations.resize(mine, [(18, 25)])
        session.annotations.set_attribute(mine, "speaker", "The port")
        session.annotations.tag(team.first.id, team.labels["condition"], [(46, 67)])
        session.packages.update([later])
        assert session.merging.conflicts() == []
        content = session.queries.content(newest)
        assert {content.quote(one) for one in content.annotations} == {TEXT[18:25], TEXT[46:67]}
        moved = next(one for one in content.annotations if one.start < 30)
        assert content.values[moved.id] == {"speaker": "The port"}
        session.annotations.relabel(moved.id, team.labels["criticism"])
        back = session.packages.hand_in(tmp_path / "a.annoreturn").file
    with team.lead() as session:
        report = session.merging.merge([back])
        assert report.files[0].left_out == {}
        assert session.merging.conflicts() == []
        assert session.queries.annotation(moved.id).label == team.labels["criticism"]
        assert len(session.queries.content(newest).annotations) == 2


def test_what_a_lead_takes_over_of_an_analysts_work_does_not_come_back_as_the_analysts(tmp_path: Path) -> None:
    team = make_team(tmp_path)
    package = team.issue(tmp_path / "a.annodb")
    with Session(package, PERSON) as session:
        session.annotations.tag(team.first.id, team.labels["condition"], [(46, 67)])
        back = session.packages.hand_in(tmp_path / "a.annoreturn").file
    with team.lead() as session:
        newest = session.documents.correct(team.first.id, [TextEdit(0, 6, "Meeting")]).document.id
        session.merging.merge([back])
        (moved,) = session.queries.content(newest).annotations
    later = team.issue(tmp_path / "b.annodb")
    with Session(package, PERSON) as session:
        session.packages.update([later])
        session.annotations.relabel(moved.id, team.labels["criticism"])
        again = session.packages.hand_in(tmp_path / "b.annoreturn").file
    with team.lead() as session:
        session.merging.merge([again])
        assert session.queries.annotation(moved.id).label == team.labels["criticism"]
        assert session.merging.conflicts() == []
