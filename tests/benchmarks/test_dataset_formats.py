"""A verified export in each format, over what its library needs to write the same rows: at least half as fast.

1,000 documents with 50,000 spans at the full size. An export counts losses, writes, reads everything back, compares and
flushes it to the disk; the library writes rows that are ready. Where there is no limit, the ratio is only printed: for
formats without a library, where orjson writes ready rows, and for Parquet, which pyarrow writes in C++ from ready rows.

How to add a format: a row in `MEASURED` with what its library does.
"""

from __future__ import annotations

import atexit
import csv
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import Any

import orjson
import pytest

from annotator.core.collector import collector_paused
from annotator.formats.datasets.huggingface import features
from annotator.formats.datasets.huggingface.rows import document_row
from annotator.formats.datasets.reading import Reading
from tests.benchmarks.repeated import measured, sized
from tests.formats.dataset_examples import document, span
from tests.formats.round_trips import Case, export

DOCUMENTS, SPANS, ROUNDS = sized(40, 1_000), 50, sized(1, 3)
SENTENCE = "The allies will go on with their support “for as long as it takes” if the council agrees in autumn. "
TEXT = (SENTENCE * 150)[:14_000]
VALUES = {"speaker": "the allies", "attribution": "indirect_report", "hedged": True, "specificity": 2, "strength": None}

Prepared = Callable[[Path], None]


@dataclass(frozen=True)
class Measured:
    """A format as it is measured: `prepare` gives what writes the same rows without us; `limit` is the least ratio."""

    case: Case
    prepare: Callable[[list[dict[str, Any]]], Prepared]
    limit: float | None = None

    @property
    def name(self) -> str:
        return "-".join([self.case.format, *dict(self.case.options).values()])


def _parquet(lines: list[dict[str, Any]]) -> Prepared:
    import pyarrow
    import pyarrow.parquet

    case = Case("huggingface")
    rows = [document_row(case.entry.implementation().held(line, case.context())) for line in lines]
    schema = features.as_arrow(features.DOCUMENTS)

    def write(path: Path) -> None:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema), path)

    return write


def _json(lines: list[dict[str, Any]]) -> Prepared:
    def write(path: Path) -> None:
        with path.open("wb") as handle:
            handle.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)

    return write


def _rows(case: Case, lines: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Return the rows of the tables of spans and of documents, as a workbook or a CSV file gets them."""
    from annotator.formats.datasets.tables.rows import SpanRows, document_row

    entries = [case.entry.implementation().held(line, case.context()) for line in lines]
    spans = SpanRows(case.context())
    return [row for entry in entries for row in spans.of(entry)], [document_row(entry) for entry in entries]


def _openpyxl(lines: list[dict[str, Any]]) -> Prepared:
    from openpyxl import Workbook

    tables = _rows(Case("xlsx"), lines)

    def write(path: Path) -> None:
        book = Workbook(write_only=True)
        for table in tables:
            sheet = book.create_sheet()
            for row in table:
                sheet.append(row)
        book.save(path)

    return write


def _csv(lines: list[dict[str, Any]]) -> Prepared:
    tables = _rows(Case("csv"), lines)

    def write(path: Path) -> None:
        for number, table in enumerate(tables):
            with path.with_name(f"{path.name}.{number}").open("w", encoding="utf-8", newline="") as handle:
                csv.writer(handle).writerows(table)

    return write


def _spacy(lines: list[dict[str, Any]]) -> Prepared:
    """Return what makes spaCy's documents of texts and places, as its guide does, and writes them as it does."""
    import spacy
    from spacy.tokens import DocBin
    from spacy.util import filter_spans

    def write(path: Path) -> None:
        nlp = spacy.blank("xx")
        packed = DocBin(["ORTH", "ENT_IOB", "ENT_TYPE", "SENT_START"], store_user_data=True)
        for line in lines:
            made = nlp.make_doc(line["text"])
            places = ((one["start"], one["end"], one["label"]) for one in line["spans"])
            found = [made.char_span(*place, alignment_mode="expand") for place in places]
            spans = [one for one in found if one is not None]
            made.spans["sc"] = spans
            made.ents = filter_spans(spans)
            made.user_data["spans"] = {one["id"]: one["attributes"] for one in line["spans"]}
            packed.add(made)
        packed.to_disk(path)

    return write


def _pyrefiqda(lines: list[dict[str, Any]]) -> Prepared:
    from pyrefiqda import RefiProject

    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    export(Case("refi-qda"), folder / "ready.qdpx", lines)
    project = RefiProject.load(folder / "ready.qdpx", str(folder))

    def write(path: Path) -> None:
        RefiProject.save(project, path, folder / "sources")

    return write


def _cassis(written: Callable[[Any, Path], object]) -> Callable[[list[dict[str, Any]]], Prepared]:
    """Return what makes a CAS of each document with cassis, and has cassis write it."""

    def prepare(lines: list[dict[str, Any]]) -> Prepared:
        import io

        import cassis

        from annotator.formats.datasets.cas.types import SENTENCE, SPAN, as_xml

        types = cassis.load_typesystem(io.BytesIO(as_xml(VALUES)))
        sentence, labelled = types.get_type(SENTENCE), types.get_type(SPAN)

        def write(path: Path) -> None:
            path.mkdir(exist_ok=True)
            for number, line in enumerate(lines):
                cas = cassis.Cas(types)
                cas.sofa_string, cas.sofa_mime = line["text"], "text/plain"
                cas.add_all([sentence(begin=start, end=end) for start, end in line["sentences"]])
                for one in line["spans"]:
                    values = {key: str(value) for key, value in one["attributes"].items() if value is not None}
                    record = orjson.dumps(one).decode()
                    about = {"label": one["label"], "record": record, **values}
                    cas.add(labelled(begin=one["start"], end=one["end"], **about))
                written(cas, path / str(number))

        return write

    return prepare


MEASURED = [
    Measured(Case("spacy"), _spacy, 0.5),
    Measured(Case("conll"), _json),
    Measured(Case("conll", (("columns", "conllu"),)), _json),
    Measured(Case("xlsx"), _openpyxl, 0.5),
    Measured(Case("csv"), _csv),
    Measured(Case("sentences"), _json),
    Measured(Case("huggingface", (("files", "parquet"),)), _parquet),
    Measured(Case("huggingface"), _json),
    Measured(Case("doccano"), _json),
    Measured(Case("label-studio"), _json),
    Measured(Case("prodigy"), _json),
    Measured(Case("brat"), _json),
    Measured(Case("w3c"), _json),
    Measured(Case("cas-xmi"), _cassis(lambda cas, path: cas.to_xmi(path)), 0.5),
    Measured(Case("cas-json"), _cassis(lambda cas, path: cas.to_json(path)), 0.5),
    Measured(Case("refi-qda"), _pyrefiqda, 0.5),
]


def _lines(documents: int) -> Iterator[dict[str, Any]]:
    for number in range(documents):
        starts = range(number % 7, SPANS * 250, 250)
        spans = [
            span(TEXT, start, start + 80, place, id=f"{number}-{place}", attributes=VALUES, pages=[])
            for place, start in enumerate(starts)
        ]
        yield document(TEXT, number, spans=spans, relations=[], sentences=[[i, i + 90] for i in range(0, 13_900, 100)])


@cache
def _all_lines() -> list[dict[str, Any]]:
    return list(_lines(DOCUMENTS))


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    with collector_paused():
        work()
    return time.perf_counter() - begin


@pytest.mark.parametrize("one", MEASURED, ids=lambda one: one.name)
def test_a_verified_export_against_the_library_of_its_format(one: Measured, tmp_path: Path) -> None:
    lines = _all_lines()
    target = one.case.target(tmp_path)
    prepared = one.prepare(lines)
    prepared(tmp_path / "reference")  # imports the library

    def measure() -> tuple[float, float]:
        return (
            median(_seconds(lambda: prepared(tmp_path / "reference")) for _ in range(ROUNDS)),
            median(_seconds(lambda: export(one.case, target, lines)) for _ in range(ROUNDS)),
        )

    limit = one.limit or 0.0
    reference, exporting = measured(measure, lambda found: found[0] >= limit * found[1])
    reading = _seconds(lambda: Reading(one.case.entry, target, one.case.context()).check())
    ratio = reference / exporting
    print(f"\n{one.name}, {DOCUMENTS * SPANS:,} spans: {ratio:.2f} x writing alone", end="")
    print(f" ({reference:.2f} s, export with verification {exporting:.2f} s, reading it {reading:.2f} s)")
    assert ratio >= limit
