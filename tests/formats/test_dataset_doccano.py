"""doccano: what its own versions write comes in, and what is written is what its import takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import BadEntry, Entry
from annotator.formats.datasets.reading import Reading
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export, read_back
from tests.support import corpus

CASE = Case("doccano")
TEXT = "Міністри 🇺🇦 met.\u2028We will help."


def file(folder: Path, content: str | bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def entries(path: Path) -> list[Entry]:
    found = [entry for _, entry in CASE.entry.implementation().read(path, CASE.context())]
    assert not any(isinstance(entry, BadEntry) for entry in found)
    return found


def reasons(path: Path) -> list[str]:
    found = [entry for _, entry in CASE.entry.implementation().read(path, CASE.context())]
    return [str(entry.reason) if isinstance(entry, BadEntry) else "" for entry in found]


def triples(entry: Entry) -> list[tuple[int, int, str]]:
    return [(*span["fragments"][0], span["label"]) for span in entry["spans"]]  # type: ignore[misc]


TRIPLES = {"text": TEXT, "label": [[16, 20, "pledge"]]}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(TRIPLES),
        json.dumps(TRIPLES, indent=2),
        json.dumps([TRIPLES]),
        json.dumps({"id": 3, "data": TEXT, "labels": [[16, 20, "pledge"]]}, ensure_ascii=False),
        "\ufeff" + json.dumps(TRIPLES, ensure_ascii=False) + "\r\n",
        json.dumps({"text": TEXT, "entities": [{"id": 7, "label": "pledge", "start_offset": 16, "end_offset": 20}]}),
    ],
    ids=["a line", "pretty", "an array", "data and labels", "BOM and CRLF", "entities"],
)
def test_every_form_of_it_is_read(tmp_path: Path, content: str) -> None:
    (entry,) = entries(file(tmp_path, content))
    assert entry["text"] == TEXT
    assert triples(entry) == [(16, 20, "pledge")]


def test_several_pretty_objects_and_labels_of_the_whole_text(tmp_path: Path) -> None:
    content = json.dumps(TRIPLES, indent=1) + "\n" + json.dumps({"text": "x", "label": []}, indent=1)
    assert [len(entry["spans"]) for entry in entries(file(tmp_path, content))] == [1, 0]


def test_what_is_written_is_what_its_import_asks_for(tmp_path: Path) -> None:
    line = document(
        TEXT,
        spans=[span(TEXT, 0, 8, 1), span(TEXT, 17, 29, 2, label="condition"), span(TEXT, 17, 21, 3)],
        relations=[relation("s2", "s1")],
    )
    export(CASE, tmp_path / "out.jsonl", [line])
    (found,) = [json.loads(row) for row in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert set(found) == {"text", "entities", "relations", "meta"}
    for entity in found["entities"]:
        assert set(entity) == {"id", "label", "start_offset", "end_offset"}
        assert isinstance(entity["id"], int) and 0 <= entity["start_offset"] < entity["end_offset"] <= len(TEXT)
    ids = [entity["id"] for entity in found["entities"]]
    assert len(set(ids)) == 3
    (link,) = found["relations"]
    assert set(link) == {"id", "from_id", "to_id", "type"} and {link["from_id"], link["to_id"]} <= set(ids)
    assert found["meta"] == {"document": "d1", "title": "A", "date": "", "url": "", "file": "a.md", "language": "en"}
    (again,) = read_back(CASE, tmp_path / "out.jsonl")
    assert [TEXT[s["fragments"][0][0] : s["fragments"][0][1]] for s in again["spans"]] == [
        "Міністри",
        "We will help",
        "We w",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"label": []}, "no “data”"),
        ({"text": 3, "label": []}, "not text"),
        ({"text": "ab", "label": [[0, 1]]}, "2 parts"),
        ({"text": "ab", "label": [[0.5, 1, "x"]]}, "whole number"),
        ({"text": "ab", "label": [[-1, 1, "x"]]}, "before the beginning"),
        ({"text": "ab", "label": [[True, 1, "x"]]}, "whole number"),
        ({"text": "ab", "label": [[0, 1, 7]]}, "not text"),
        ({"text": "ab", "label": "pledge"}, "not a list"),
        ({"text": "ab", "entities": [{"label": "x"}]}, "no “start_offset”"),
        ({"text": "ab", "entities": [{"id": 1, "label": "x", "start_offset": 0, "end_offset": 1}] * 2}, "the same id"),
        (
            {
                "text": "ab",
                "entities": [{"id": 1, "label": "x", "start_offset": 0, "end_offset": 1}],
                "relations": [{"id": 1, "from_id": 1, "to_id": 9, "type": "t"}],
            },
            "entity 9",
        ),
    ],
)
def test_what_is_wrong_with_an_object_is_told_and_the_rest_is_read(
    tmp_path: Path, data: dict[str, Any], reason: str
) -> None:
    rows = [json.dumps(data), json.dumps(TRIPLES)]
    first, second = reasons(file(tmp_path, "\n".join(rows)))
    assert reason in first and second == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"  \n\n ", "is empty"),
        (b"\xff\xfe{", "JSON is broken|not UTF-8"),
        (b'{"text": "a", "label": []}\n{"text": "b"', "line 2"),
        (b'[{"text": "a"}, {"text": ', "broken after item 1"),
        (b'{"text": NaN}\n', "NaN|broken"),
        (b'{"text": "\\ud800", "label": []}\n', "half a character|surrogate|broken"),
        (b'["text"]', "where an object should"),
        (b"text;label\na;b\n", "JSON is broken"),
        (b"[" * 100_000, "too deeply"),
    ],
)
def test_what_is_no_such_file_is_told_with_its_place(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(DatasetError, match=reason):
        list(CASE.entry.implementation().read(file(tmp_path, content), CASE.context()))


def test_the_real_files_come_in_with_every_span_at_its_quote() -> None:
    folder = corpus()
    if folder is None:
        pytest.skip("the corpus of real documents is not on this machine")
    files = [*sorted((folder / "doccano").glob("*.jsonl")), folder / "seed" / "derived" / "seed.doccano.jsonl"]
    assert len(files) == 3
    spans = 0
    for path in files:
        for _, line in Reading(CASE.entry, path, CASE.context()).lines():
            spans += len(line["spans"])
            assert all(line["text"][one["start"] : one["end"]] == one["quote"] for one in line["spans"])
    assert spans >= 17 + 4
