"""DESIGN section 8, "export 300,000 spans": writing, validating and reading back, over iterating the same rows.

The reference is what an export cannot do without: stepping through a raw sqlite3 table that holds the same data, one
row per span and one column per key of the dataset line, lists and attributes as JSON text. The ratio to a narrow
table (six columns) is printed beside it. Medians of one run; the ratio counts, not the seconds.
"""

import json
import random
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from annotator.core.canonical import sha256_hex
from annotator.core.collector import collector_paused
from annotator.formats.datasets import jsonl, model
from annotator.formats.datasets.lines import decode_line, encode_line
from tests.benchmarks.repeated import measured, sized

DOCUMENTS, SPANS, ROUNDS = sized(150, 1_000), 300, 3
NARROW = 'document, id, label, start, "end", annotator'
SENTENCE = "The allies will go on with their support “for as long as it takes” if the council agrees in autumn. "
TEXT = (SENTENCE * 160)[:15_000]
VALUES = {
    "speaker": "the allies",
    "target": "the neighbouring state",
    "attribution": "indirect_report",
    "explicit": True,
    "hedged": False,
    "certainty": "high",
    "strength": "firm",
    "specificity": 2,
    "hedge_cues": ["are expected to", "intend to"],
}
ATTRIBUTES = [*VALUES, *(f"attribute_{i:02d}" for i in range(30 - len(VALUES)))]


def _span(random_: random.Random) -> dict[str, Any]:
    start = random_.randrange(len(TEXT) - 80)
    end = start + 80
    return {
        "id": str(UUID(int=random_.getrandbits(128))),
        "label": random_.choice(("pledge", "condition", "criticism", "signal_to_russia")),
        "start": start,
        "end": end,
        "fragments": [[start, end]],
        "quote": TEXT[start:end],
        "attributes": dict.fromkeys(ATTRIBUTES) | VALUES,
        "annotator": str(UUID(int=7)),
        "layer": "gold",
        "round": "production",
        "origin": "manual",
        "score": None,
        "decided_from": [],
        "codebook": 3,
        "created": "2024-05-01T10:00:00Z",
        "note": "",
        "pages": [],
    }


def _lines(documents: int = DOCUMENTS) -> Iterator[dict[str, Any]]:
    random_ = random.Random(5)
    for number in range(documents):
        yield {
            "schema": model.SCHEMA,
            "id": str(UUID(int=number)),
            "text": TEXT,
            "text_sha256": sha256_hex(TEXT.encode()),
            "offset_unit": "codepoint",
            "source": {"file": "a.md", "format": "md", "title": "A", "date": "", "url": "", "language": "en"},
            "spans": [_span(random_) for _ in range(SPANS)],
            "relations": [],
            "sentences": [[i, i + 90] for i in range(0, 14_900, 100)],
            "read": [[0, len(TEXT)]],
            "codebook": {"id": "c", "version": 3},
            "status": "approved",
            "statuses": [{"layer": "gold", "status": "approved"}],
            "split": "train",
            "duplicate_group": None,
        }


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _database(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute(f"CREATE TABLE span (document, {', '.join(map(repr, model.SPAN_KEYS))})")
    database.executemany(
        f"INSERT INTO span VALUES ({', '.join('?' * (len(model.SPAN_KEYS) + 1))})",
        (
            (line["id"], *(json.dumps(value) if isinstance(value, list | dict) else value for value in span.values()))
            for line in _lines()
            for span in line["spans"]
        ),
    )
    database.commit()
    return database


def _iterate(database: sqlite3.Connection, columns: str = "*") -> None:
    for _ in database.execute(f"SELECT {columns} FROM span"):
        pass


class _Making:
    """The lines of the benchmark, with the time that it takes to make them, which is not the export's."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        lines = _lines()
        while True:
            begin = time.perf_counter()
            line = next(lines, None)
            self.seconds += time.perf_counter() - begin
            if line is None:
                return
            yield line


def _export_seconds(target: Path) -> float:
    making = _Making()
    expected = jsonl.Counts(DOCUMENTS, DOCUMENTS * SPANS, 0)
    total = _seconds(lambda: jsonl.write(making, target, manifest={}, expected=expected))
    return total - making.seconds


def _parts(target: Path) -> dict[str, float]:
    """Return the seconds of the parts for all documents, measured on a tenth of them."""
    lines = list(_lines(DOCUMENTS // 10))
    with collector_paused():
        encoded = [encode_line(line) for line in lines]
        decoded = [decode_line(line) for line in encoded]
        return {
            name: 10 * _seconds(work)
            for name, work in {
                "encode": lambda: [len(encode_line(line)) for line in lines],
                "decode": lambda: [len(decode_line(line)) for line in encoded],
                "validate": lambda: [len(model.validated(line)) for line in decoded],
                "compare": lambda: [a == b for a, b in zip(lines, decoded, strict=True)],
            }.items()
        }


def test_export_of_many_spans_against_iterating_their_rows(tmp_path: Path) -> None:
    target = tmp_path / "export.jsonl"
    with closing(_database(tmp_path / "spans.db")) as database:

        def measure() -> tuple[float, float, float]:
            return (
                median(_seconds(lambda: _iterate(database)) for _ in range(ROUNDS)),
                median(_seconds(lambda: _iterate(database, NARROW)) for _ in range(ROUNDS)),
                median(_export_seconds(target) for _ in range(ROUNDS)),
            )

        iterating, narrow, exporting = measured(measure, lambda found: found[0] >= 0.2 * found[2])
    reading = _seconds(lambda: jsonl.check(target))
    ratio = iterating / exporting
    size = target.stat().st_size / 1e6
    print(f"\nexport of {DOCUMENTS * SPANS:,} spans, {size:.0f} MB: {ratio:.2f} x iterating the rows")
    print(f"  iterating {iterating:.2f} s, export with verification {exporting:.2f} s, reading it {reading:.2f} s")
    print(f"  iterating six columns {narrow:.2f} s: {narrow / exporting:.2f} x")
    print("  parts: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in _parts(target).items()))
    assert ratio >= 0.2


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    def peak(documents: int) -> int:
        tracemalloc.reset_peak()
        jsonl.write(_lines(documents), tmp_path / "export.jsonl", manifest={})
        jsonl.check(tmp_path / "export.jsonl")
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(5)
        few, many = peak(5), peak(50)
    finally:
        tracemalloc.stop()
    print(f"\npeak memory of an export and its check: {few / 1e6:.1f} MB for 5 documents, {many / 1e6:.1f} MB for 50")
    assert many <= 1.2 * few
