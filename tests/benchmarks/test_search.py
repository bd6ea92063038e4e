"""Search over 10,000 documents of 5 KB: against LIKE, while typing, and what the index costs."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, made
from annotator.core.folding import as_tokens
from annotator.core.search_query import SearchQuery
from annotator.core.structure import Structure
from annotator.formats.codebooks import default_codebook
from annotator.formats.documents.source import ReadDocument
from annotator.session.importing import new_document
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.storage.search_words import index_query, read_words
from tests.benchmarks.repeated import measured, sized
from tests.benchmarks.test_import import write_files

Report = Callable[[str], None]
Median = Callable[..., float]

DOCUMENTS = sized(4_000, 10_000)
BATCH = 200
LIKE = 'SELECT "document"."id" FROM "document" JOIN "blob" ON "sha256" = "text" WHERE CAST("data" AS TEXT) LIKE ?'


def texts(count: int) -> Iterator[str]:
    """Yield texts of some 5,000 characters, of words whose numbers fall as those of a language do."""
    chosen = random.Random(5)
    letters = "abcdefghijklmnoprstuvyабвгдежзиклмнопрстуя"
    words = ["".join(chosen.choice(letters) for _ in range(chosen.randint(3, 9))) for _ in range(40_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    for number in range(count):
        drawn = chosen.choices(words, weights, k=730)
        drawn[300:303] = ["ministers", "of", f"port{number % 1000}"]
        yield " ".join(drawn).capitalize() + "."


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A project of many documents."""
    path = tmp_path_factory.mktemp("search") / "large.annodb"
    person = Person("11111111-1111-4111-8111-111111111111", "Analyst A")
    create_project(path, default_codebook(), person)
    with Session(path, person) as session:
        source = texts(DOCUMENTS)
        for first in range(0, DOCUMENTS, BATCH):
            pairs = [
                new_document(ReadDocument(text, Structure(), f"Text {first + place}", format="text"), "0" * 64, "made")
                for place, text in enumerate(next(source) for _ in range(BATCH))
            ]
            session.stream(lambda pairs=pairs: store(session, pairs))
        yield session


def store(session: Session, pairs: list) -> None:
    session.join()
    blobs = [blob for _, own in pairs for blob in own]
    records = [record for record, _ in pairs]
    records = [type(record)(**{**fields(record), "source": record.text}) for record in records]
    session.repository.apply(ChangeSet("Fill", made(*records)), session.author, blobs=blobs)


def fields(record: object) -> dict:
    return {name: getattr(record, name) for name in record.__slots__}  # type: ignore[attr-defined]


def test_search_against_like(large: Session, report: Report, median_ms: Median) -> None:
    statements = large.reading.statements
    fts = 'SELECT "rowid" FROM "text_index" WHERE "text_index" MATCH ? ORDER BY "rank" LIMIT 20'
    word = "port700"
    assert len(statements.rows(LIKE, (f"%{word}%",))) == len(statements.rows(fts, (index_query(read_words(word)),)))
    query = SearchQuery(word)

    def measure() -> tuple[float, float, float]:
        return (
            median_ms(lambda: statements.rows(LIKE, (f"%{word}%",)), 3),
            median_ms(lambda: statements.rows(fts, (index_query(read_words(word)),)), 31),
            median_ms(lambda: large.queries.search(query, limit=20), 15),
        )

    slow, index, whole = measured(measure, lambda found: found[0] >= 100 * found[1])
    report(
        f"search {DOCUMENTS:,} documents for a word of 10: index {index:.3f} ms, LIKE {slow:.0f} ms, "
        f"{slow / index:,.0f} times faster (>= 100); hits with their places and snippets {whole:.1f} ms."
    )
    assert slow >= 50 * index


@pytest.mark.parametrize("words", ["m*", "ministers", "ministers of", '"ministers of"', "min* port7*"])
def test_first_hits_while_typing(large: Session, report: Report, median_ms: Median, words: str) -> None:
    query = SearchQuery(words)
    assert large.queries.search(query, limit=100).hits
    like = partial(large.reading.statements.rows, LIKE, ("%port700%",))

    def measure() -> tuple[float, float]:
        return median_ms(lambda: large.queries.search(query, limit=100), 5), median_ms(like, 1)

    first, slow = measured(measure, lambda found: found[0] <= found[1])
    report(
        f"first 100 hits of {words} in {DOCUMENTS:,} documents, with places and snippets: {first:.0f} ms, "
        f"one LIKE {slow:.0f} ms, ratio {first / slow:.2f} (<= 1)."
    )
    assert first <= 2 * slow


def test_the_size_of_the_index(large: Session, report: Report) -> None:
    statements = large.reading.statements

    def size(table: str) -> int:
        row = statements.first(f'SELECT SUM(LENGTH("block")) FROM "{table}_data"')
        return row[0] if row else 0

    row = statements.first('SELECT SUM("size") FROM "blob" JOIN "document" ON "sha256" = "text"')
    content = row[0] if row else 0
    words = size("text_index")
    begun = time.perf_counter()
    large.search_index.keep_parts()
    took = time.perf_counter() - begun
    parts = size("part_index")
    report(
        f"index of {content / 1e6:.0f} MB of text: words {words / 1e6:.0f} MB, ratio {words / content:.2f} (<= 0.8); "
        f"parts of words {parts / 1e6:.0f} MB, ratio {parts / content:.2f}, made in {took:.0f} s."
    )
    assert words <= 1.6 * content
    query = SearchQuery("inister", substring=True)
    begun = time.perf_counter()
    assert len(large.queries.search(query, limit=100).hits) == 100
    report(f"first 100 hits of a part of a word: {(time.perf_counter() - begun) * 1000:.0f} ms.")


def test_indexing_as_a_share_of_import(tmp_path: Path, person: Person, report: Report) -> None:
    files = 300
    paths = write_files(tmp_path, files)
    spent = 0.0

    def import_all(name: str) -> float:
        nonlocal spent
        create_project(tmp_path / name, default_codebook(), person)
        with Session(tmp_path / name, person) as session:
            index = session.repository.search
            put = index.put_text

            def timed(text: str, content: str) -> None:
                nonlocal spent
                begun = time.perf_counter()
                put(text, content)
                spent += time.perf_counter() - begun

            index.put_text = timed  # type: ignore[method-assign]
            begun = time.perf_counter()
            assert len(session.documents.import_files(paths, jobs=os.cpu_count() or 2).imported) == files
            return time.perf_counter() - begun

    whole = import_all("import.annodb")
    share = spent / whole
    report(f"import {files} Markdown files: {whole:.1f} s, indexing {spent:.2f} s, a share of {share:.2f} (<= 0.1).")
    assert share <= 0.3


def test_folding_against_lower(report: Report, median_ms: Median) -> None:
    text = next(texts(1)) * 20
    as_tokens(text)
    ours, plain = median_ms(lambda: as_tokens(text)), median_ms(text.lower)
    report(f"fold {len(text):,} characters: {ours:.1f} ms, str.lower {plain:.1f} ms.")
