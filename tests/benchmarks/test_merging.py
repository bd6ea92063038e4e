"""Merging ten files against writing the very rows that it writes with executemany."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, made
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotation, Annotator, Document, Layer
from annotator.core.structure import Structure, encode_structure
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.storage.repository import Author
from tests.benchmarks.repeated import measured, sized
from tests.support import PERSON

Report = Callable[[str], None]

FILES = 10
DOCUMENTS = sized(200, 1_000)
PER_FILE = sized(1_000, 10_000)
LIMIT = 0.3
TABLES = ("step", "change", "annotation", "fragment", "merged_step", "layer", "annotator")


def fill(session: Session) -> None:
    """Put documents into a project, and the people of the files."""
    structure = encode_structure(Structure())
    texts = [f"Document {n}. ".encode() + b"The ministers met at the port. " * 60 for n in range(DOCUMENTS)]
    records = [
        Document(
            *(new_id(), f"Document {n}", sha256_hex(text), len(text), sha256_hex(text), sha256_hex(structure), "f.txt"),
            *("text", "en", "", "", f"t{n:07}"),
        )
        for n, text in enumerate(texts)
    ]
    session.stream(
        lambda: (
            session.join(),
            session.repository.apply(ChangeSet("Fill", made(*records)), session.author, blobs=[structure, *texts]),
        )
    )


def tagged_copy(base: Path, number: int) -> Path:
    """Return a copy in which somebody tagged, a step for each span."""
    path = base.with_name(f"{number}.annodb")
    shutil.copy(base, path)
    person = Person(derived_id(PERSON.id, str(number)), f"Analyst {number}")
    with Session(path, person) as session:
        project, label = session.queries.project(), session.queries.codebook().labels[0].id
        documents = [row.document.id for row in session.queries.documents()]
        layer = Layer(derived_id(person.id, "layer", project.round), "annotator", person.id, project.round)

        def write() -> None:
            repository = session.repository
            author = Author(person.id, session.author.replica)
            with repository.transaction():
                repository.apply(ChangeSet("Join", made(Annotator(person.id, person.name), layer)), author)
                for n in range(PER_FILE):
                    start = n % 1500
                    span = Annotation(
                        *(new_id(), documents[n % len(documents)], layer.id, label, person.id, project.codebook, "t"),
                        ((start, start + 20),),
                    )
                    repository.apply(ChangeSet("Tag “the port” as Pledge", made(span)), author)

        session.stream(write)
    return path


def new_rows(before: Path, after: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(after)) as connection:
        connection.execute("ATTACH ? AS old", (str(before),))
        return connection.execute(f'SELECT * FROM main."{table}" EXCEPT SELECT * FROM old."{table}"').fetchall()


def seconds_of_executemany(base: Path, rows: dict[str, list[tuple[object, ...]]]) -> float:
    target = base.with_name("raw.annodb")
    shutil.copy(base, target)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        start = time.perf_counter()
        with connection:
            for table, of_table in rows.items():
                marks = ", ".join("?" * len(of_table[0])) if of_table else ""
                connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', of_table)
        return time.perf_counter() - start


def ratio_of(base: Path, files: list[Path], report: Report) -> float:
    """Merge into a fresh copy of the project and return how much faster executemany writes what that wrote."""
    project = base.with_name("merged.annodb")
    shutil.copy(base, project)
    with Session(project, PERSON) as session:
        start = time.perf_counter()
        result = session.merging.merge(files)
        merging = time.perf_counter() - start
        assert result.rows["annotation"] == (FILES * PER_FILE, 0, 0)
    rows = {table: new_rows(base, project, table) for table in TABLES}
    raw = seconds_of_executemany(base, rows)
    count = sum(map(len, rows.values()))
    report(
        f"merging {FILES} files, {FILES * PER_FILE:,} spans, {count:,} rows: {merging:.2f} s, executemany {raw:.2f} s, "
        f"{raw / merging:.2f} x (>= {LIMIT})"
    )
    return raw / merging


def test_merging_ten_files(project_path: Path, report: Report) -> None:
    with Session(project_path, PERSON) as session:
        fill(session)
    base = project_path.with_name("base.annodb")
    shutil.copy(project_path, base)
    files = [tagged_copy(base, number) for number in range(FILES)]
    ratio = measured(lambda: ratio_of(base, files, report), lambda ratio: ratio >= LIMIT)
    assert ratio >= LIMIT
