"""Every format gives back exactly what it says that it holds, and counts all the rest."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from annotator.core.errors import DatasetError, RefusedError
from annotator.formats.datasets import exporting
from annotator.formats.datasets.entries import completed
from annotator.formats.datasets.exporting import ExportTask
from annotator.formats.datasets.reading import Reading
from tests.formats.dataset_examples import document, names
from tests.formats.round_trips import FORMATS, Case, documents, export, kept, read_back

EXAMPLES = int(os.environ.get("ANNOTATOR_EXAMPLES", "16"))
"""Documents that each format is tried on; more by ANNOTATOR_EXAMPLES."""

each = pytest.mark.parametrize("case", FORMATS, ids=lambda case: "-".join([case.format, *dict(case.options).values()]))


@each
@settings(max_examples=EXAMPLES, deadline=None)
@given(first=documents(1), second=documents(2))
def test_what_is_read_back_is_what_the_format_holds(case: Case, first: dict[str, Any], second: dict[str, Any]) -> None:
    lines = [fitting(case, line) for line in (first, second)]
    with TemporaryDirectory() as folder:
        target = case.target(Path(folder))
        export(case, target, lines)
        found = read_back(case, target)
        assert sorted(found, key=_bytes) == sorted((kept(case, line) for line in lines), key=_bytes)


@each
@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(line=documents(1))
def test_what_is_lost_was_declared_and_is_counted(case: Case, line: dict[str, Any]) -> None:
    line = fitting(case, line)
    context = case.context()
    entry = kept(case, line, context)
    lost = {loss.kind for loss in context.losses.losses()}
    assert lost <= set(case.entry.loses)
    without = completed(entry, line["id"])
    assert without["text"] == line["text"] or lost
    if not lost:
        same = ("start", "end", "label", "fragments", "quote")
        assert [[one[key] for key in same] for one in without["spans"]] == [
            [one[key] for key in same]
            for one in completed(line, line["id"])["spans"]  # type: ignore[arg-type]
        ]


@each
def test_what_a_reader_gives_are_lines_whose_offsets_hold(case: Case, tmp_path: Path) -> None:
    target = case.target(tmp_path)
    export(case, target, [fitting(case, document())])
    (_, line), *more = Reading(case.entry, target, case.context()).lines()
    assert not more
    assert all(line["text"][one["start"] : one["end"]] == one["quote"] for one in line["spans"])
    assert {one["label"] for one in line["spans"]} <= {"pledge", "condition"}


@each
def test_a_writer_that_shifts_a_span_is_refused_and_nothing_is_replaced(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, target = case.entry.implementation(), case.target(tmp_path)
    line = fitting(case, document("We will help them in Kyiv. " * 3, spans=document()["spans"][:1], relations=[]))
    line["spans"][0] |= {"start": 3, "end": 12, "fragments": [[3, 12]], "quote": line["text"][3:12]}
    export(case, target, [line])
    before = contents(tmp_path)
    write = module.write

    def shifting(entries: Any, *rest: Any) -> None:
        write(({**one, "spans": [{**s, "fragments": [[8, 17]]} for s in one["spans"]]} for one in entries), *rest)

    monkeypatch.setattr(module, "write", shifting)
    with pytest.raises(DatasetError, match=r"reads? back"):
        export(case, target, [line])
    assert contents(tmp_path) == before


@each
def test_cancelling_leaves_what_was_there(case: Case, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    task = ExportTask(case.entry, case.context(), case.target(tmp_path), cancel=stop)
    with pytest.raises(StopError):
        exporting.export([fitting(case, document())], task)
    assert names(tmp_path) == []


def test_a_folder_that_holds_other_things_is_not_replaced(tmp_path: Path) -> None:
    case = next((case for case in FORMATS if case.entry.is_folder), None)
    if case is None:
        pytest.skip("no format makes a folder yet")
    target = case.target(tmp_path)
    target.mkdir()
    (target / "letter.txt").write_text("mine")
    with pytest.raises(RefusedError, match="holds other files"):
        export(case, target, [fitting(case, document())])
    assert (target / "letter.txt").read_text() == "mine"


def fitting(case: Case, line: dict[str, Any]) -> dict[str, Any]:
    """Return a line whose text the format can have, with the labels of the codebook."""
    return line if case.fit is None else case.fit(line)


def _bytes(entry: Any) -> bytes:
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
