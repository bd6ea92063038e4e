"""Importing many files against reading and parsing them alone, in the same run."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from annotator.formats.codebooks import default_codebook
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.workers.pool import ParserPool
from tests.benchmarks.repeated import measured, sized

Report = Callable[[str], None]

FILES = sized(300, 1_000)
VOCABULARY = (
    "ministers leaders partners allies council summit border agreement support defence energy grain winter ports "
    "security reform budget sanctions commitment implementation together continue provide strengthen welcome condemn"
)


def write_files(folder: Path, number_of_files: int) -> list[Path]:
    """Write communiqué-like Markdown files of some 7,000 characters each."""
    chosen = random.Random(7)
    vocabulary = VOCABULARY.split()
    paths = []
    for number in range(number_of_files):
        paragraphs = []
        for _ in range(14):
            sentences = [" ".join(chosen.choice(vocabulary) for _ in range(20)) for _ in range(3)]
            paragraphs.append("We **welcome** this. " + " ".join(f"The {words} {number}." for words in sentences))
        path = folder / f"{number:04}.md"
        path.write_text(f"# Statement {number}\n\n" + "\n\n".join(paragraphs), "utf-8")
        paths.append(path)
    return paths


def parse_alone(paths: list[Path]) -> float:
    begun = time.perf_counter()
    for path in paths:
        assert next(read_documents(SourceFile(path.name, path.read_bytes()))).text
    return time.perf_counter() - begun


def test_many_markdown_files(tmp_path: Path, person: Person, report: Report) -> None:
    paths = write_files(tmp_path, FILES)
    attempts = count()

    def measure() -> tuple[float, float]:
        project = tmp_path / f"{next(attempts)}.annodb"
        create_project(project, default_codebook(), person)
        with Session(project, person) as session:
            begun = time.perf_counter()
            assert len(session.documents.import_files(paths, jobs=2).imported) == FILES
            return time.perf_counter() - begun, parse_alone(paths)

    ours, alone = measured(measure, lambda found: found[1] / found[0] >= 0.5)
    speed = alone / ours
    report(f"import {FILES:,} Markdown files: {ours:.1f} s, parsing alone {alone:.1f} s, speed {speed:.2f} (>= 0.5).")
    assert speed >= 0.2


def test_two_workers_against_one(tmp_path: Path, report: Report) -> None:
    paths = write_files(tmp_path, 200)

    def seconds(jobs: int) -> float:
        with ParserPool(jobs) as pool:
            for future in [pool.read(path.name, path.read_bytes()) for path in paths[: 2 * jobs]]:
                future.result()
            begun = time.perf_counter()
            for future in [pool.read(path.name, path.read_bytes()) for path in paths]:
                future.result()
            return time.perf_counter() - begun

    one, two = measured(lambda: (seconds(1), seconds(2)), lambda found: found[0] / found[1] >= 1.4)
    report(f"200 Markdown files: one worker {one:.2f} s, two {two:.2f} s, speed {one / two:.2f} (>= 1.4).")
    assert two < 1.2 * one
