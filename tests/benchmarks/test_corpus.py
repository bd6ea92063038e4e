"""The table of all annotations against the bare keyset query in raw sqlite3, in one run: opening it, and scrolling."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, made
from annotator.core.corpus_query import CorpusFilter, CorpusOrder
from annotator.core.corpus_row import CorpusRow
from annotator.core.ids import new_id
from annotator.core.records import Document
from annotator.core.structure import Structure, encode_structure
from annotator.session import corpus_figures
from annotator.session.corpus import PAGE
from annotator.session.session import Session
from tests.benchmarks.repeated import measured, sized

Report = Callable[[str], None]

DOCUMENTS = sized(300, 10_000)
EACH = 100
CHARACTERS = 5_000
LIMIT = 2.0
RUNS = 40

_COLUMNS = (
    "a.id, a.document, a.layer, a.label, a.annotator, a.codebook, a.created, a.origin, a.score, a.decided_from, "
    "f.start, f.end, d.title, d.date, d.format, d.language, d.created"
)
_BARE = (
    "SELECT {columns} FROM document d CROSS JOIN annotation a ON a.document = d.id "
    "CROSS JOIN fragment f ON f.annotation = a.id AND f.position = 0 "
    "WHERE ({head}) >= ({marks}) AND ({key}) > ({more}) ORDER BY {key} LIMIT {limit}"
)
_BARE_BY_TIME = (
    "SELECT {columns} FROM annotation a CROSS JOIN document d ON d.id = a.document "
    "CROSS JOIN fragment f ON f.annotation = a.id AND f.position = 0 "
    "WHERE ({key}) > ({more}) ORDER BY {key} LIMIT {limit}"
)


def bare_query(sort: str) -> str:
    """Return what one would write by hand for a page after a key, in an order that an index knows."""
    if sort == "tagged":
        return _BARE_BY_TIME.format(columns=_COLUMNS, key="a.created, a.id", more="?, ?", limit=PAGE)
    head = {"document": "d.created, d.id", "date": "d.date, d.created, d.id"}[sort]
    places = head.count(",") + 1
    return _BARE.format(
        columns=_COLUMNS,
        head=head,
        marks=", ".join("?" * places),
        key=f"{head}, f.start, a.id",
        more=", ".join("?" * (places + 2)),
        limit=PAGE,
    )


def fill(session: Session) -> None:
    """Put documents of 5,000 characters with 100 annotations each into a project."""
    structure = encode_structure(Structure())
    filler = "The ministers met at the port and spoke of grain, power and bridges for an hour. "
    documents, blobs = [], [structure]
    for number in range(DOCUMENTS):
        text = (f"Document {number}. " + filler * 70)[:CHARACTERS].encode()
        blobs.append(text)
        address = sha256_hex(text)
        documents.append(
            Document(
                *(new_id(), f"Document {number}", address, CHARACTERS, address, sha256_hex(structure), "f.txt", "text"),
                *("en", f"2031-{1 + number % 12:02}-03", "", f"t{number:07}"),
            )
        )
    chance = random.Random(5)
    labels = [label.id for label in session.queries.codebook().labels]
    layer, person = session.own_layer(session.reading).id, session.person.id
    codebook = session.queries.project().codebook
    annotations, fragments = [], []
    for number, document in enumerate(documents):
        for place in range(EACH):
            identity, start = new_id(), chance.randrange(CHARACTERS - 80)
            row = (identity, document.id, layer, chance.choice(labels), person, codebook, f"t{number:06}{place:04}")
            annotations.append((*row, "manual", None, "[]", "r"))
            fragments.append((identity, 0, start, start + 60))

    def store() -> None:
        session.join()
        session.repository.apply(ChangeSet("Fill", made(*documents)), session.author, blobs=blobs)
        connection = session.repository.database.connection()
        with session.repository.transaction():
            connection.executemany(f"INSERT INTO annotation VALUES ({', '.join('?' * 11)})", annotations)
            connection.executemany("INSERT INTO fragment VALUES (?, ?, ?, ?)", fragments)

    session.stream(store)


@pytest.fixture
def full(session: Session) -> Session:
    fill(session)
    return session


def test_the_table_costs_at_most_twice_the_bare_query(full: Session, project_path: Path, report: Report) -> None:
    raw = sqlite3.connect(project_path)
    raw.execute("PRAGMA cache_size = -32000")
    for sort, places in (("document", 2), ("date", 3), ("tagged", 0)):
        order, sql, after = CorpusOrder(sort), bare_query(sort), row_in_the_middle(full, sort)
        nothing = tuple("" if isinstance(part, str) else -1 for part in after.key)
        view = full.corpus.view(None, order)
        for name, ours, key in (
            ("open", partial(opened, full, order), nothing),
            ("scroll", partial(view.page, after), after.key),
        ):
            theirs = partial(fetched, raw, sql, (*key[:places], *key))
            assert [one.id for one in ours()] == [one[0] for one in theirs()]
            mine, bare = measured(partial(least_ms, ours, theirs), within_the_limit)
            report(
                f"{name} the table of {DOCUMENTS * EACH:,} annotations by {sort}: {mine:.2f} ms with contexts, bare "
                f"keyset query {bare:.2f} ms, ratio {mine / bare:.2f} (<= {LIMIT:g})"
            )
            assert within_the_limit((mine, bare))
    raw.close()
    tell_counts(full, report)


def least_ms(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Measure two functions in turns: the least of many runs, since each takes less than a turn of another process."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for work, found in zip((ours, theirs), times, strict=True):
            begun = time.perf_counter()
            work()
            found.append((time.perf_counter() - begun) * 1000)
    return min(times[0]), min(times[1])


def within_the_limit(found: tuple[float, float]) -> bool:
    return found[0] <= LIMIT * found[1]


def opened(session: Session, order: CorpusOrder) -> list[CorpusRow]:
    return session.corpus.view(None, order).page()


def fetched(raw: sqlite3.Connection, sql: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
    return raw.execute(sql, values).fetchall()


def row_in_the_middle(session: Session, sort: str) -> CorpusRow:
    rows = session.queries.documents()
    document = rows[len(rows) // 2].document.id
    return session.corpus.view(CorpusFilter(documents=(document,)), CorpusOrder(sort)).page()[EACH // 2]


def tell_counts(session: Session, report: Report) -> None:
    """Tell how long numbers take that come beside the window."""
    view = session.corpus.view()
    start = time.perf_counter()
    assert view.count() == DOCUMENTS * EACH
    counted = time.perf_counter()
    bars = corpus_figures.bars(view, "label")
    done = time.perf_counter()
    assert sum(bar.total for bar in bars.bars) == DOCUMENTS * EACH
    report(f"in the background: counting {1000 * (counted - start):.0f} ms, a chart {1000 * (done - counted):.0f} ms")
