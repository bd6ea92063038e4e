"""Find and tag all over many documents: when the first places come, and tagging them as one step."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from annotator.analysis.patterns import Pattern
from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, made
from annotator.core.ids import new_id
from annotator.core.records import Document
from annotator.core.search_query import SearchQuery
from annotator.core.structure import Structure, encode_structure
from annotator.session.occurrences import Occurrence, find_occurrences
from annotator.session.session import Session
from annotator.storage.search_words import read_words
from tests.benchmarks.repeated import measured, sized

Report = Callable[[str], None]

DOCUMENTS = sized(4_000, 10_000)
CHARACTERS = 5_000
RARE = "harbourmaster"


def fill(session: Session) -> None:
    """Put documents of 5,000 characters into a project; one in fifty has the rare word, each says "will" once."""
    structure = encode_structure(Structure())
    filler = "The ministers met at the port and spoke of grain, power and bridges for an hour. "
    records: list[Document] = []
    blobs = [structure]
    for number in range(DOCUMENTS):
        rare = RARE if number % 50 == 49 else "captain"
        text = (f"Document {number}. We will help the {rare}. " + filler * 70)[:CHARACTERS].encode()
        blobs.append(text)
        address = sha256_hex(text)
        record = Document(
            *(new_id(), f"Document {number}", address, CHARACTERS, address, sha256_hex(structure), "f.txt", "text"),
            *("en", "", "", f"t{number:07}"),
        )
        records.append(record)

    def store() -> None:
        session.join()
        session.repository.apply(ChangeSet("Fill", made(*records)), session.author, blobs=blobs)

    session.stream(store)


def first_and_all(session: Session, pattern: Pattern) -> tuple[float, float, list[Occurrence]]:
    """Return the seconds until the first places came and until all had, and the places."""
    places: list[Occurrence] = []
    first = 0.0
    start = time.perf_counter()

    def take(found: list[Occurrence]) -> None:
        nonlocal first
        first = first or time.perf_counter() - start
        places.extend(found)

    find_occurrences(session, pattern, take)  # type: ignore[arg-type]
    return first, time.perf_counter() - start, places


def index_seconds(session: Session, words: str) -> float:
    start = time.perf_counter()
    query, layers = SearchQuery(words), session.own_layers(session.reading)
    session.reading.search.candidates(query, read_words(words), layers, after=None, limit=DOCUMENTS)
    return time.perf_counter() - start


def test_the_first_places_come_at_once_and_all_are_tagged_as_one_step(
    session: Session, project_path: Path, report: Report
) -> None:
    fill(session)
    for pattern, words in ((Pattern(RARE, "words"), RARE), (Pattern("we will", "plain"), '"we will"')):
        engine = index_seconds(session, words)
        first, whole, places = first_and_all(session, pattern)
        assert len(places) == (DOCUMENTS // 50 if pattern.words == RARE else DOCUMENTS)
        report(
            f"find “{pattern.words}” in {DOCUMENTS:,} documents: first places {1000 * (first - engine):.0f} ms "
            f"after the engine's {1000 * engine:.0f} ms (<= 100), all {len(places):,} in {1000 * whole:.0f} ms"
        )
    label = session.queries.codebook().labels[0].id
    where = [(place.document, place.start, place.end) for place in places]

    def both() -> tuple[float, float]:
        start = time.perf_counter()
        tagged = session.annotations.tag_all(label, where)
        ours = time.perf_counter() - start
        assert tagged.made == DOCUMENTS
        rows = session.stream(lambda: rows_of_the_last_step(session))
        session.history.undo()
        return session.stream(lambda: raw_seconds(session, rows)), ours

    raw, ours = measured(both, lambda found: 0.3 * found[1] <= found[0])
    report(
        f"tag {DOCUMENTS:,} places as one step: {1000 * ours:.0f} ms, executemany of the same rows "
        f"{1000 * raw:.0f} ms, ratio {raw / ours:.2f} (>= 0.3)"
    )
    assert 0.3 * ours <= raw


def rows_of_the_last_step(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows that the last step made, by table; those of the journal under new ids."""
    connection = session.repository.database.connection()
    step = session.repository.journal.steps(limit=1)[0].id
    made_by_it = "(SELECT row FROM change WHERE step = ?)"
    wheres = {
        "annotation": f"id IN {made_by_it}",
        "fragment": f"annotation IN {made_by_it}",
        "status": f"id IN {made_by_it}",
        "change": "step = ?",
    }
    rows = {
        name: connection.execute(f'SELECT * FROM "{name}" WHERE {where}', (step,)).fetchall()
        for name, where in wheres.items()
    }
    rows["change"] = [(new_id(), *row[1:]) for row in rows["change"]]
    return rows


def raw_seconds(session: Session, rows: dict[str, list[tuple[object, ...]]]) -> float:
    """Return the seconds that executemany needs to put the rows into their tables and to commit them."""
    connection = session.repository.database.connection()
    start = time.perf_counter()
    with session.repository.transaction():
        for name, found in rows.items():
            marks = ", ".join("?" * len(found[0]))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)
    seconds = time.perf_counter() - start
    with session.repository.transaction():
        for name, found in rows.items():
            column = "annotation" if name == "fragment" else "id"
            connection.executemany(f'DELETE FROM "{name}" WHERE "{column}" = ?', [(row[0],) for row in found])
    return seconds
