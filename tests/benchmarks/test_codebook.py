"""Merging labels: one step for very many spans, in a time that grows with their number and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from annotator.core.changes import ChangeSet, made
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.session.verb import Outcome
from tests.benchmarks.repeated import measured
from tests.benchmarks.test_storage import make_annotations
from tests.support import add_document

Report = Callable[[str], None]

FEW, MANY = 4_000, 16_000
MOST_TIMES_STORING = 4
MOST_GROWTH = 2


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def merge(folder: Path, person: Person, count: int) -> tuple[float, float]:
    """Return the milliseconds of storing so many spans as one step, and of merging their label into another."""
    path = folder / f"{count}-{len([*folder.iterdir()])}.annodb"
    create_project(path, default_codebook(), person)
    with Session(path, person) as session:
        document = add_document(session, "A word. " * (count // 4), "Long")
        session.annotations.tag(document.id, session.queries.codebook().labels[0].id, [(0, 6)])
        changes = ChangeSet("Fill", made(*make_annotations(session, document, count)))
        storing = timed(lambda: session.perform(lambda: Outcome(changes, None)))
        codebook = session.queries.codebook()
        source, target = (label.id for label in codebook.labels[:2])
        merging = timed(lambda: session.codebooks.save(codebook, {source: target}))
        assert session.queries.label_spans() == {target: count + 1}
    return storing, merging


def test_merging_a_label(tmp_path: Path, person: Person, report: Report) -> None:
    def measure() -> tuple[float, float, float]:
        _, few = merge(tmp_path, person, FEW)
        storing, many = merge(tmp_path, person, MANY)
        return few, many, storing

    def reached(found: tuple[float, float, float]) -> bool:
        few, many, storing = found
        return many <= MOST_TIMES_STORING * storing and many / MANY <= MOST_GROWTH * few / FEW

    few, many, storing = measured(measure, reached)
    growth = (many / MANY) / (few / FEW)
    report(
        f"merge a label of {MANY:,} spans: {many:.0f} ms, storing them {storing:.0f} ms, ratio {many / storing:.1f} "
        f"(<= {MOST_TIMES_STORING}); a span costs {growth:.2f} times what it costs among {FEW:,} (<= {MOST_GROWTH})"
    )
    assert reached((few, many, storing))
