"""Sentences and paragraphs with labels, one a line: what counts, what is left out, and files of other programs."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets.exporting import ExportTask, losses_of
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from annotator.formats.datasets.registry import format_named
from annotator.formats.datasets.text_units import units_of, units_with
from tests.formats.dataset_examples import document, span
from tests.formats.round_trips import PIECES, Case, export, kept, read_back

TEXT = "Title\n\nWe will help. We condemn it.  They agree.\n  Third paragraph. \n"
SENTENCES = [[7, 20], [21, 35], [37, 48]]
FORMAT = format_named("sentences")


def case(**options: str) -> Case:
    return Case("sentences", tuple(options.items()))


def line(*edges: tuple[int, int, str], **changes: Any) -> dict[str, Any]:
    spans = [span(TEXT, start, end, number, label=label, pages=[]) for number, (start, end, label) in enumerate(edges)]
    return document(TEXT, spans=spans, relations=[], sentences=SENTENCES, **changes)


def rows(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(row) for row in path.read_bytes().splitlines()]


def lines_of(path: Path, *, skip: bool = False) -> list[dict[str, Any]]:
    return [found for _, found in Reading(FORMAT, path, case().context(), skip=skip).lines()]


def written(path: Path, *objects: Any) -> Path:
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in objects))
    return path


def test_a_row_says_where_it_stands_and_what_is_in_it(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    export(case(), target, [line((10, 14, "pledge"), (21, 48, "criticism"), read=[[0, 30]], split="train")])
    found = rows(target)
    assert found[1] == {
        "id": "d1:7-20",
        "document": "d1",
        "text": "We will help.",
        "start": 7,
        "end": 20,
        "paragraph": 1,
        "level": "sentence",
        "labels": ["pledge"],
        "read": True,
        "split": "train",
        "title": "A",
        "date": "",
        "url": "",
        "language": "en",
    }
    assert [(row["text"], row["paragraph"], row["labels"], row["read"]) for row in found] == [
        ("Title", 0, [], True),
        ("We will help.", 1, ["pledge"], True),
        ("We condemn it.", 1, ["criticism"], False),
        ("They agree.", 1, ["criticism"], False),
        ("Third paragraph.", 2, [], False),
    ]


def test_paragraphs_are_the_lines_of_the_text(tmp_path: Path) -> None:
    export(case(level="paragraph"), tmp_path / "out.jsonl", [line((10, 14, "pledge"), (21, 48, "criticism"))])
    found = [(row["text"], row["labels"]) for row in rows(tmp_path / "out.jsonl")]
    assert found == [
        ("Title", []),
        ("We will help. We condemn it.  They agree.", ["criticism", "pledge"]),
        ("Third paragraph.", []),
    ]


@pytest.mark.parametrize(
    ("fragments", "rule", "expected"),
    [
        ([[10, 24]], "any", [1, 2]),
        ([[10, 24]], "half", [1]),
        ([[10, 24]], "start", [1]),
        ([[19, 40]], "half", [2]),
        ([[19, 40]], "start", [1]),
        ([[8, 9], [38, 45]], "any", [1, 3]),
        ([[8, 9], [38, 45]], "half", [3]),
        ([[18, 20], [21, 23]], "half", [1, 2]),
        ([[20, 30]], "start", [2]),
        ([[35, 37]], "any", []),
        ([[5, 7]], "start", []),
        ([[0, 70]], "half", []),
    ],
)
def test_what_a_span_needs_for_its_label_to_count(fragments: list[list[int]], rule: str, expected: list[int]) -> None:
    units = units_of(TEXT, SENTENCES)
    assert [TEXT[start:end] for start, end in units][1:3] == ["We will help.", "We condemn it."]
    assert units_with({"fragments": fragments}, units, rule) == expected


def test_rows_that_nobody_read_stay_out_if_wanted_unless_they_have_a_label(tmp_path: Path) -> None:
    unread = case(unread="leave")
    context = unread.context()
    export(unread, tmp_path / "out.jsonl", [line((38, 42, "pledge"), read=[[7, 20]])], context)
    assert [(row["text"], row["read"]) for row in rows(tmp_path / "out.jsonl")] == [
        ("We will help.", True),
        ("They agree.", False),
    ]
    assert {loss.kind: loss.count for loss in context.losses.losses()}["rows that are not read and have no label"] == 3


def test_a_document_without_rows_is_left_out_and_no_other(tmp_path: Path) -> None:
    unread = case(unread="leave")
    lines = [line(read=[]), {**line((38, 42, "pledge"), read=[]), "id": "d2"}]
    assert export(unread, tmp_path / "out.jsonl", lines).documents == 1
    assert [row["document"] for row in rows(tmp_path / "out.jsonl")] == ["d2"]
    task = ExportTask(FORMAT, unread.context(), tmp_path / "dry.jsonl")
    assert losses_of(lines, task).documents == 1
    with pytest.raises(DatasetError, match="There is no document to export"):
        export(unread, tmp_path / "none.jsonl", lines[:1])


def test_what_does_not_go_along_is_counted(tmp_path: Path) -> None:
    context = case(rule="half").context()
    edges = [(7, 20, "pledge"), (8, 12, "pledge"), (0, 70, "criticism")]
    export(case(rule="half"), tmp_path / "out.jsonl", [line(*edges, read=[[0, 10]])], context)
    lost = {loss.kind: loss.count for loss in context.losses.losses()}
    assert lost["where in its row a span lies"] == 1
    assert lost["spans with the label of another one in their row"] == 1
    assert lost["spans whose label no row has by the rule"] == 1
    assert lost["what was read of rows that were not read as a whole"] == 1
    assert lost["white space, and what else is in no row"] == 1
    assert lost["who tagged a span"] == 3


@st.composite
def with_sentences(draw: st.DrawFn) -> dict[str, Any]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))).replace("\0", "") + "x"
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    ranges = [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    places = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    edges = draw(st.lists(places, max_size=4))
    labels = st.sampled_from(["pledge", "condition"])
    spans = [span(text, start, end, i, label=draw(labels)) for i, (start, end) in enumerate(edges)]
    read = [draw(places)]
    return document(text, spans=spans, relations=[], sentences=ranges, read=read)


@settings(max_examples=80, deadline=None)
@given(
    given_line=with_sentences(), level=st.sampled_from(["sentence", "paragraph"]), rule=st.sampled_from(["any", "half"])
)
def test_rows_are_pieces_of_the_text_and_labels_follow_the_spans(given_line: Any, level: str, rule: str) -> None:
    tried = case(level=level, rule=rule)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "out.jsonl"
        export(tried, target, [given_line])
        found, (entry,) = rows(target), read_back(tried, target)
    assert entry == kept(tried, given_line)
    text = given_line["text"]
    assert "".join(row["text"] for row in found).split() == text.split() or "".join(
        "".join(row["text"] for row in found).split()
    ) == "".join(text.split())
    for row in found:
        start, end = row["start"], row["end"]
        assert text[start:end] == row["text"] == row["text"].strip()
        near = {s["label"] for s in given_line["spans"] if s["start"] < end and start < s["end"]}
        assert row["labels"] == sorted(near) if rule == "any" else set(row["labels"]) <= near
        assert row["read"] == any(low <= start and end <= high for low, high in given_line["read"])


# Files of other programs.


def test_rows_in_any_order_belong_to_their_documents(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    lines = [{**line((10, 14, "pledge")), "id": f"d{number}"} for number in range(1, 4)]
    export(case(), target, lines)
    found = rows(target)
    random.Random(3).shuffle(found)
    assert sorted(read_back(case(), written(target, *found)), key=str) == [kept(case(), one) for one in lines]


def test_texts_with_labels_and_nothing_else(tmp_path: Path) -> None:
    objects = [
        {"text": "We will help.", "label": "pledge"},
        {"text": "We will, if you do.", "labels": ["pledge", "condition"]},
        {"id": 7, "text": "No.", "label": 3},
        {"id": 8, "sentence": "Never.", "cats": {"pledge": 0.9, "condition": 0.1}},
        {"text": "Nothing.", "label": None},
    ]
    found = lines_of(written(tmp_path / "x.jsonl", *objects))
    assert [(one["text"], [s["label"] for s in one["spans"]]) for one in found] == [
        ("We will help.", ["pledge"]),
        ("We will, if you do.", ["condition", "pledge"]),
        ("No.", ["3"]),
        ("Never.", ["pledge"]),
        ("Nothing.", []),
    ]
    assert [one["id"] for one in found][2:4] == ["7", "8"]


def test_texts_of_a_document_without_positions_follow_each_other(tmp_path: Path) -> None:
    objects = [
        {"document": "a", "text": text, "labels": labels} for text, labels in (("One.", []), ("Two.", ["pledge"]))
    ]
    (found,) = lines_of(written(tmp_path / "x.jsonl", *objects))
    assert found["text"] == "One.\nTwo."
    assert [(s["label"], s["quote"]) for s in found["spans"]] == [("pledge", "Two.")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"document": "a"}, "the row has no “sentence”"),
        ({"document": "a", "text": "\n"}, "the row has no text"),
        ({"document": "a", "text": 3}, "“text” of the row is 3, not text"),
        ({"document": "a", "text": "Two.", "start": 5, "end": 8}, "the row is 5 to 8 and has a text of 4 characters"),
        ({"document": "a", "text": "Two.", "start": 5}, "the row has no “end”"),
        ({"document": "a", "text": "Two.", "start": 2, "end": 6}, "begins at 2, and the one before ends at 4"),
        ({"document": "a", "text": "Two.", "start": 10**12, "end": 10**12 + 4}, "begins at 1000000000000"),
        ({"document": "a", "text": "Two.", "start": -4, "end": 0}, "“start” is -4, before the beginning"),
        ({"document": "a", "text": "Two.", "labels": [[0, 3, "pledge"]]}, r"a label is \[0, 3, 'pledge'\], not a name"),
        ({"document": "a", "text": "Two.", "labels": [True]}, "a label is True, not text"),
        ({"document": "b", "text": "Two.", "title": 3}, "“title” of the row is 3, not text"),
    ],
)
def test_a_wrong_row_is_named_and_the_rest_comes_in_if_wanted(
    tmp_path: Path, row: dict[str, Any], message: str
) -> None:
    good = {"document": "a", "text": "One.", "start": 0, "end": 4, "labels": ["pledge"]}
    path = written(tmp_path / "x.jsonl", good, row)
    with pytest.raises(DatasetError, match=message):
        lines_of(path)
    (found,) = lines_of(path, skip=True)
    assert [s["quote"] for s in found["spans"]] == ["One."]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"text": "Good.", "label": "pledge"}, "sentences"),
        ({"text": "Good.", "labels": ["pledge", "condition"]}, "sentences"),
        ({"text": "Good.", "labels": [], "level": "sentence", "paragraph": 0}, "sentences"),
        ({"text": "Good.", "labels": [[0, 4, "pledge"]]}, "doccano"),
        ({"text": "Good.", "label": []}, "doccano"),
    ],
)
def test_rows_are_told_from_other_files_of_texts_with_labels(tmp_path: Path, data: dict[str, Any], name: str) -> None:
    assert recognised(written(tmp_path / "x.jsonl", data)).name == name


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_row_crashes_the_reader(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    anything = (
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3) | st.just([1])
    )
    keys = ["document", "id", "text", "start", "end", "paragraph", "labels", "cats", "read", "level", "split", "title"]
    objects = []
    for _ in range(data.draw(st.integers(1, 3))):
        row = {"document": "a", "text": "One.", "start": 0, "end": 4, "paragraph": 0, "level": "sentence", "read": True}
        objects.append(row | data.draw(st.dictionaries(st.sampled_from(keys), anything, max_size=4)))
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / "x.jsonl"
    with suppress(UserError, TypeError):
        path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in objects))
    if path.exists():
        with suppress(UserError):
            lines_of(path, skip=True)
