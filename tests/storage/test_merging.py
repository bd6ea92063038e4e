"""Three copies that grew apart come to the same rows in whatever order they are merged, and however often.

Their clocks are years apart. What they do includes deleting what another one builds on.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from peewee import SqliteDatabase

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.codebook import Codebook
from annotator.core.ids import derived_id, new_id
from annotator.core.records import (
    Annotation,
    AttributeValue,
    Document,
    Entity,
    Layer,
    Note,
    Project,
    Record,
    Relation,
    Status,
)
from annotator.core.references import parents
from annotator.core.rowdata import from_data
from annotator.session.session import Session
from annotator.storage import repository as repository_module
from annotator.storage.incoming import IncomingFile
from annotator.storage.merging import Union
from annotator.storage.repository import Author, Repository
from tests.support import PERSON, TEXT, add_document

TRIPLES = int(os.environ.get("ANNOTATOR_TRIPLES", "500"))
"""How many are tried; the processes of the tests share them."""
PORTIONS = 10


@dataclass
class Copy:
    """One copy, its file and who writes in it."""

    path: Path
    repository: Repository
    author: Author


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two documents, a few spans and a small codebook, from which all copies come."""
    from annotator.formats.codebooks import default_codebook
    from annotator.session.session import create_project

    path = tmp_path_factory.mktemp("merging") / "base.annodb"
    create_project(path, small(default_codebook()), PERSON)
    with Session(path, PERSON) as session:
        session.annotators.add("Lead B", "lead")
        labels = session.queries.codebook().labels
        for title in ("One", "Two"):
            document = add_document(session, f"{title}. {TEXT}", title)
            spans = [session.annotations.tag(document.id, labels[i].id, [(i * 9, i * 9 + 8)]) for i in range(3)]
            session.annotations.set_attribute(spans[0].id, "speaker", "The alliance")
            session.relations.relate(spans[1].id, "conditions", spans[0].id)
    return path


def small(codebook: Codebook) -> Codebook:
    """Return a codebook of what the base uses alone: the rest would be read again in each of the merges."""
    relation = codebook.relation_by_key("conditions")
    return replace(
        codebook, labels=codebook.labels[:3], attributes=(codebook.attribute_by_key("speaker"),), relations=(relation,)
    )


@contextmanager
def copies(base: Path, folder: Path, rng: random.Random, names: str) -> Iterator[list[Copy]]:
    opened = []
    for name in names:
        path = folder / f"{name}.annodb"
        shutil.copy(base, path)
        pragmas = [("foreign_keys", 1), ("journal_mode", "delete"), ("synchronous", 0)]
        database = SqliteDatabase(str(path), pragmas=pragmas)
        opened.append(Copy(path, Repository(database), Author(PERSON.id, new_id())))
    try:
        yield opened
    finally:
        for one in opened:
            one.repository.database.close()
            one.path.unlink()


def apply(copy: Copy, *changes: RowChange) -> None:
    copy.repository.apply(ChangeSet("A change", changes), copy.author)


def some(rng: random.Random, copy: Copy, record: type[Record]) -> Record | None:
    rows = sorted(copy.repository.rows.all(record), key=lambda row: row.id)
    return rng.choice(rows) if rows else None


def tag(rng: random.Random, copy: Copy) -> None:
    document = some(rng, copy, Document)
    model = some(rng, copy, Annotation)
    if isinstance(document, Document) and isinstance(model, Annotation):
        start = rng.randrange(100)
        new = replace(model, id=new_id(), document=document.id, fragments=((start, start + 5),))
        apply(copy, *made(new))


def reshape(rng: random.Random, copy: Copy) -> None:
    before = some(rng, copy, Annotation)
    if isinstance(before, Annotation):
        start = rng.randrange(100)
        after = replace(before, fragments=((start, start + rng.randrange(1, 9)),))
        apply(copy, *([RowChange(before, after)] if before != after else ()))


def hanging(copy: Copy, annotations: list[str]) -> list[Record]:
    rows = copy.repository.rows
    ends = {r.id: r for side in ("source", "target") for r in rows.where_in(Relation, side, annotations)}
    notes = rows.where_in(Note, "target", [*annotations, *ends])
    return [*notes, *ends.values(), *rows.where_in(AttributeValue, "annotation", annotations)]


def delete(rng: random.Random, copy: Copy) -> None:
    gone = some(rng, copy, Annotation)
    if gone is not None:
        apply(copy, *deleted(*hanging(copy, [gone.id]), gone))


def describe(rng: random.Random, copy: Copy) -> None:
    owner, entity = some(rng, copy, Annotation), some(rng, copy, Entity)
    model = some(rng, copy, AttributeValue)
    if isinstance(owner, Annotation) and isinstance(model, AttributeValue) and entity is not None:
        identity = derived_id(owner.id, "attribute", model.attribute)
        after = AttributeValue(identity, owner.id, owner.layer, model.attribute, entity.id)
        before = copy.repository.rows.get(AttributeValue, identity)
        apply(copy, *([RowChange(before, after)] if before != after else ()))


def name(rng: random.Random, copy: Copy) -> None:
    apply(copy, *made(Entity(new_id(), f"Entity {rng.randrange(99)}")))


def rename(rng: random.Random, copy: Copy) -> None:
    before = some(rng, copy, Entity)
    if isinstance(before, Entity):
        apply(copy, RowChange(before, replace(before, name=f"Other {rng.randrange(10**6)}")))


def forget(rng: random.Random, copy: Copy) -> None:
    entity = some(rng, copy, Entity)
    values = copy.repository.rows.all(AttributeValue)
    if entity is not None and all(value.value != entity.id for value in values):
        apply(copy, *deleted(entity))


def relate(rng: random.Random, copy: Copy) -> None:
    model, one, other = (some(rng, copy, kind) for kind in (Relation, Annotation, Annotation))
    if not (isinstance(model, Relation) and isinstance(one, Annotation) and isinstance(other, Annotation)):
        return
    if one.id != other.id and one.document == other.document:
        apply(copy, *made(replace(model, id=new_id(), document=one.document, source=one.id, target=other.id)))


def note(rng: random.Random, copy: Copy) -> None:
    owner = some(rng, copy, Annotation)
    if isinstance(owner, Annotation):
        identity = derived_id(owner.id, "note")
        before = copy.repository.rows.get(Note, identity)
        body = f"note {rng.randrange(10**6)}"
        after = Note(identity, "annotation", owner.id, owner.document, owner.layer, PERSON.id, "t", body)
        apply(copy, RowChange(before, after))


def finish(rng: random.Random, copy: Copy) -> None:
    document, layer = some(rng, copy, Document), some(rng, copy, Layer)
    if isinstance(document, Document) and layer is not None:
        identity = derived_id(document.id, "status", layer.id)
        before = copy.repository.rows.get(Status, identity)
        after = Status(identity, document.id, layer.id, rng.choice(("new", "in_progress", "done")))
        apply(copy, *([RowChange(before, after)] if before != after else ()))


def remove(rng: random.Random, copy: Copy) -> None:
    document = some(rng, copy, Document)
    if isinstance(document, Document) and rng.random() < 0.3:
        spans = copy.repository.rows.annotations(document.id)
        rest = copy.repository.rows.where(Status, "document", document.id)
        apply(copy, *deleted(*hanging(copy, [a.id for a in spans]), *spans, *rest, document))


def bring_back(rng: random.Random, copy: Copy) -> None:
    gone = [change for change in copy.repository.journal.changes() if change.after is None and change.before]
    if not gone:
        return
    change = rng.choice(gone)
    record = from_data(change.table, change.before or {})
    there = (
        copy.repository.rows.revisions(table, [row]) for table, row in parents(change.table, change.before or {}, ())
    )
    if not copy.repository.rows.revisions(change.table, [change.row]) and all(there):
        apply(copy, *made(record))


def retitle(rng: random.Random, copy: Copy) -> None:
    before = some(rng, copy, Project)
    if isinstance(before, Project):
        apply(copy, RowChange(before, replace(before, title=f"Title {rng.randrange(10**6)}")))


DEEDS: tuple[Callable[[random.Random, Copy], None], ...] = (
    *(tag, tag, reshape, reshape, delete, describe, describe, name, rename),
    *(forget, relate, note, finish, remove, retitle, bring_back, bring_back),
)


def merge(into: Copy, *others: Copy) -> None:
    for other in others:
        with IncomingFile(other.path) as file, into.repository.transaction():
            union = Union(into.repository)
            union.take(file, lambda change: True)
            union.settle()


def state(copy: Copy) -> tuple[object, ...]:
    """Return all that must be equal: rows, changes, and what is open."""
    changes = {change.id for change in copy.repository.journal.changes()}
    unsettled = [(one.table, one.row, one.contested, one.is_hidden) for one in copy.repository.unsettled.all()]
    return copy.repository.dump(), changes, unsettled


def clock(rng: random.Random) -> Callable[[], str]:
    """Return a clock that is wrong by ten years at most, each time otherwise."""
    return lambda: f"{2026 + rng.randrange(-10, 11)}-01-01T00:00:00.{rng.randrange(10**6):06}Z"


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_merging_is_idempotent_commutative_and_associative(
    base: Path, tmp_path: Path, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(portion, TRIPLES, PORTIONS):
        rng = random.Random(seed)
        monkeypatch.setattr(repository_module, "now", clock(rng))
        with copies(base, tmp_path, rng, "abc") as (a, b, c):
            for _ in range(rng.randrange(3, 20)):
                rng.choice(DEEDS)(rng, rng.choice((a, b, c)))
                if rng.random() < 0.15:
                    merge(*rng.sample((a, b, c), 2))
            check(tmp_path, rng, a, b, c)


def check(folder: Path, rng: random.Random, a: Copy, b: Copy, c: Copy) -> None:
    with copies(a.path, folder, rng, "d") as (left,), copies(c.path, folder, rng, "e") as (right,):
        merge(b, c)
        merge(left, b)
        expected = state(left)
        merge(left, b, c, a)
        assert state(left) == expected, "twice is once"
        merge(right, a, b)
        assert state(right) == expected, "the order does not matter"
        merge(a, c)
        merge(a, b)
        assert state(a) == expected, "nor who comes together first"
        assert not a.repository.database.execute_sql("PRAGMA foreign_key_check").fetchall()
