"""Storage against raw sqlite3 in the same run: loading, one acknowledged change, many rows at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from annotator.core.changes import ChangeSet, made
from annotator.core.ids import new_id
from annotator.core.records import Annotation, Document
from annotator.session.session import Session
from tests.benchmarks.repeated import measured
from tests.support import add_document

Report = Callable[[str], None]
Median = Callable[..., float]
Pair = Callable[..., tuple[float, float]]

ANNOTATIONS = 10_000


def make_annotations(session: Session, document: Document, count: int) -> list[Annotation]:
    label = session.queries.codebook().labels[0].id
    project = session.queries.project()
    layer = session.own_layer(session.reading).id
    person = session.person.id
    return [
        Annotation(new_id(), document.id, layer, label, person, project.codebook, f"t{n:07}", ((n, n + 20),))
        for n in range(count)
    ]


def fill(session: Session, count: int) -> Document:
    document = add_document(session, "A word. " * (count // 4), "Long")
    changes = ChangeSet("Fill", made(*make_annotations(session, document, count)))

    def store() -> None:
        session.join()
        session.repository.apply(changes, session.author)

    session.stream(store)
    return document


def test_loading_annotations(session: Session, project_path: Path, report: Report, side_by_side: Pair) -> None:
    document = fill(session, ANNOTATIONS)
    raw = sqlite3.connect(project_path)
    sql = (
        "SELECT a.id, a.document, a.layer, a.label, a.annotator, a.codebook, a.created, a.origin, a.score, "
        "a.decided_from, f.start, f.end FROM annotation a JOIN fragment f ON f.annotation = a.id "
        "WHERE a.document = ? ORDER BY a.created, a.id, f.position"
    )
    assert len(session.reading.rows.annotations(document.id)) == ANNOTATIONS
    ours, theirs = measured(
        lambda: side_by_side(
            lambda: session.reading.rows.annotations(document.id), lambda: raw.execute(sql, (document.id,)).fetchall()
        ),
        lambda found: found[0] <= 2 * found[1],
    )
    raw.close()
    report(f"load {ANNOTATIONS:,} annotations: {ours:.1f} ms, raw {theirs:.1f} ms, ratio {ours / theirs:.2f} (<= 2)")
    assert ours <= 2 * theirs


def test_one_acknowledged_change(session: Session, tmp_path: Path, report: Report, median_ms: Median) -> None:
    document = add_document(session)
    label = session.queries.codebook().labels[0].id
    session.annotations.tag(document.id, label, [(0, 6)])
    raw = sqlite3.connect(tmp_path / "raw.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT, b TEXT)")

    def raw_change() -> None:
        raw.execute("BEGIN")
        raw.execute("INSERT INTO t VALUES (?, 'a', 'b')", (new_id(),))
        raw.execute("COMMIT")

    change = iter(make_annotations(session, document, 500))

    def ours_change() -> None:
        session.repository.apply(ChangeSet("t", made(next(change))), session.author)

    theirs, stored = measured(
        lambda: (median_ms(raw_change, 101), session.stream(lambda: median_ms(ours_change, 101))),
        lambda found: found[1] <= 6 * found[0],
    )
    verb = median_ms(lambda: session.annotations.tag(document.id, label, [(0, 6)]), 101)
    raw.close()
    report(
        f"one change with its journal at FULL: {stored:.2f} ms, whole verb {verb:.2f} ms, "
        f"raw sqlite3 insert {theirs:.2f} ms, ratio {stored / theirs:.2f} (<= 6)"
    )
    assert stored <= 6 * theirs


def test_many_rows_at_once(session: Session, tmp_path: Path, report: Report, median_ms: Median) -> None:
    count = 20_000
    document = add_document(session)
    session.annotations.tag(document.id, session.queries.codebook().labels[0].id, [(0, 6)])
    runs = 3
    batches: list[list[Annotation]] = []
    raw_batches: list[list[Annotation]] = []
    whole = make_annotations(session, document, count)

    def raw_insert() -> None:
        rows = raw_batches.pop()
        sql = session.repository.database.connection()
        with session.repository.transaction():
            sql.executemany(
                "INSERT INTO annotation VALUES (?, ?, ?, ?, ?, ?, ?, 'manual', NULL, '[]', 'r')",
                [(a.id, a.document, a.layer, a.label, a.annotator, a.codebook, a.created) for a in rows],
            )
            sql.executemany("INSERT INTO fragment VALUES (?, 0, ?, ?)", [(a.id, a.start, a.end) for a in rows])

    def our_insert() -> None:
        with session.repository.transaction():
            session.repository.rows.insert("annotation", [(a, "r") for a in batches.pop()])

    def measure() -> tuple[float, float]:
        for of_one in (batches, raw_batches):
            of_one.extend(make_annotations(session, document, count) for _ in range(runs))
        raw = session.stream(lambda: median_ms(raw_insert, runs))
        return raw, session.stream(lambda: median_ms(our_insert, runs))

    theirs, ours = measured(measure, lambda found: found[0] >= 0.5 * found[1])
    step = session.stream(
        lambda: median_ms(lambda: session.repository.apply(ChangeSet("t", made(*whole)), session.author), 1)
    )
    report(
        f"{count:,} annotations inserted: {ours:.0f} ms, executemany {theirs:.0f} ms, speed {theirs / ours:.2f} of it "
        f"(>= 0.5); as one checked step with its journal {step:.0f} ms"
    )
    assert theirs >= 0.5 * ours
