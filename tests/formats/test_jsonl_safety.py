"""An export that fails, at whatever moment, leaves what was there byte for byte and nothing beside it."""

from __future__ import annotations

import errno
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets import jsonl, lines, replacing
from tests.formats.dataset_examples import TEXT, document, names, relation, span, written

OLD = ["out.jsonl", "out.manifest.json", "out.schema.json"]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An export that is there already."""
    written(tmp_path / "out.jsonl", document(number=9))
    return tmp_path / "out.jsonl"


@pytest.fixture
def unchanged(target: Path) -> Callable[[], bool]:
    def contents() -> dict[str, bytes]:
        return {name: (target.parent / name).read_bytes() for name in names(target.parent)}

    before = contents()
    assert list(before) == OLD
    return lambda: contents() == before


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "quote": ({"spans": [span(TEXT, 3, 12, quote="will hulp")]}, "Document d1: the quote of span s1"),
    "offset": ({"spans": [span(TEXT, 3, 12) | {"start": 2}]}, "Document d1: the quote of span s1"),
    "relation": ({"relations": [relation("s1", "s7")]}, "Document d1: relation r1"),
    "hash": ({"text_sha256": "0" * 64}, "the text of document d1 was changed"),
    "unknown key": ({"mood": "good"}, "Document d1: the key mood is not part"),
    "nan": ({"spans": [span(TEXT, 3, 12, score=float("nan"))]}, "Document d1: score of span s1 is nan"),
    "deep nan": (
        {"spans": [span(TEXT, 3, 12, attributes={"x": [float("inf")]})]},
        "attributes.x.0 of span s1 is inf and reads back as None",
    ),
    "surrogate": ({"spans": [span(TEXT, 3, 12, note="\ud800")]}, "Document d1: note of span s1 is"),
    "type": ({"spans": [span(TEXT, 3, 12, attributes={"x": {1, 2}})]}, "attributes.x of span s1 is {1, 2}, which JSON"),
    "key type": ({"spans": [span(TEXT, 3, 12, attributes={1: 2})]}, "Document d1: attributes.1 of span s1"),
    "huge": ({"spans": [span(TEXT, 3, 12, attributes={"x": 2**70})]}, "Document d1: attributes.x of span s1"),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_line_refuses_the_export(
    target: Path, unchanged: Callable[[], bool], changes: dict[str, Any], message: str
) -> None:
    wrong = document(relations=[]) | changes
    with pytest.raises(DatasetError) as raised:
        written(target, document(number=3), wrong)
    assert message in str(raised.value)
    assert "Nothing was written." in str(raised.value)
    assert unchanged()


def test_an_export_of_nothing_twice_or_less_than_expected_is_refused(
    target: Path, unchanged: Callable[[], bool]
) -> None:
    with pytest.raises(DatasetError, match="no document to export"):
        jsonl.write([], target, manifest={})
    with pytest.raises(DatasetError, match="Document d1 comes twice"):
        written(target, document(), document())
    with pytest.raises(DatasetError, match="1/2/1 documents, spans and relations, but the project 1/3/1"):
        jsonl.write([document()], target, manifest={}, expected=jsonl.Counts(1, 3, 1))
    assert unchanged()


@pytest.mark.parametrize("altered", [b"will hell", b"will h\\u0065lp "])
def test_an_encoder_that_errs_is_caught_by_reading_back(
    target: Path, unchanged: Callable[[], bool], monkeypatch: pytest.MonkeyPatch, altered: bytes
) -> None:
    monkeypatch.setattr(jsonl, "encode_line", lambda data: lines.encode_line(data).replace(b"will help", altered))
    with pytest.raises(DatasetError, match="Document d1"):
        written(target)
    assert unchanged()


def test_a_document_that_takes_two_lines_is_caught(
    target: Path, unchanged: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "encode_line", lambda data: lines.encode_line(data).replace(b',"spans"', b',\n"spans"'))
    with pytest.raises(DatasetError, match="Document d1: the document does not stand on one line"):
        written(target)
    assert unchanged()


def test_valid_data_that_is_not_what_was_given_is_caught(
    target: Path, unchanged: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "encode_line", lambda data: lines.encode_line(data).replace(b"pledge", b"signal"))
    with pytest.raises(DatasetError, match="Document d1: label of span s1 is 'pledge' and reads back as 'signal'"):
        written(target)
    assert unchanged()


def test_a_disk_that_alters_the_file_is_caught_before_anything_is_replaced(
    target: Path, unchanged: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def flush_and_alter(handle: Any) -> None:
        handle.flush()
        with Path(handle.name).open("r+b") as file:
            file.seek(20)
            file.write(b"#")

    monkeypatch.setattr(jsonl, "flush_to_disk", flush_and_alter)
    with pytest.raises(DatasetError, match=r"The disk did not keep what was written to out\.jsonl"):
        written(target)
    assert unchanged()


@pytest.mark.parametrize(
    ("call", "nth"), [*(("fsync", nth) for nth in (1, 2, 3, 4)), *(("replace", nth) for nth in (1, 2, 3))]
)
def test_a_full_disk_at_any_step_leaves_the_old_files(
    target: Path, unchanged: Callable[[], bool], monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    real, calls = getattr(os, call), 0

    def failing(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(os, call, failing)
    with pytest.raises(UserError, match=r"out\.jsonl could not be written .*The disk is full\. Free some space"):
        written(target)
    assert calls >= nth
    assert unchanged()


def test_the_data_file_gets_its_name_last(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, renamed = os.replace, list[str]()

    def noting(source: Path, name: Path) -> None:
        renamed.append(name.name)
        real(source, name)

    monkeypatch.setattr(os, "replace", noting)
    written(target)
    assert sorted(renamed) == OLD and renamed[-1] == "out.jsonl"


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_first_export_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    real, calls = os.replace, 0

    def failing(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise OSError(errno.EIO, "Input/output error")
        real(*arguments)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(UserError, match="Check the disk and the folder"):
        written(tmp_path / "out.jsonl")
    assert names(tmp_path) == []


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_disk_without_links_is_served_and_protected(
    target: Path, unchanged: Callable[[], bool], monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    def no_links(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with monkeypatch.context() as failing_folder:
        failing_folder.setattr(replacing, "flush_folder", no_links)
        with pytest.raises(UserError, match="Choose another folder"):
            written(target)
    assert unchanged()
    written(target, document(number=nth))
    assert names(target.parent) == OLD
    assert [line["id"] for _, line in jsonl.read(target)] == [f"d{nth}"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="The folder does not exist"):
        written(tmp_path / "nowhere" / "out.jsonl")


@pytest.mark.parametrize("name", OLD)
def test_a_folder_in_the_way_is_named_and_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "inside").mkdir(parents=True)
    with pytest.raises(UserError, match="There is a folder of that name"):
        written(tmp_path / "out.jsonl")
    assert names(tmp_path) == [name] and names(tmp_path / name) == ["inside"]


def test_one_line_at_a_time_is_held(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        jsonl.write((document("x" * 50_000, i) for i in range(count)), tmp_path / "out.jsonl", manifest={})
        jsonl.check(tmp_path / "out.jsonl")
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(2)
        assert peak(60) < 1.5 * peak(4)
    finally:
        tracemalloc.stop()
