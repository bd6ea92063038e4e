"""Prodigy: exports of its tasks come in, and what is written has tokens that give the text back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.codebooks import default_codebook
from annotator.formats.datasets.entries import FormatContext
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.registry import format_named
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export, kept, read_back

FORMAT = format_named("prodigy")
TEXT = "NATO will help Kyiv 🇺🇦 if asked."
WORDS = ("NATO", "will", "help", "Kyiv", "🇺🇦", "if", "asked", ".")


def tokens() -> list[dict[str, Any]]:
    found, place = [], 0
    for number, word in enumerate(WORDS):
        start = TEXT.index(word, place)
        place = start + len(word)
        found.append({"text": word, "start": start, "end": place, "id": number, "ws": TEXT[place : place + 1] == " "})
    return found


def manual(*spans: Any, **changes: Any) -> dict[str, Any]:
    """Return an example as `db-out` gives it of a task with tokens."""
    return {
        "text": TEXT,
        "_input_hash": -977724056,
        "_task_hash": -665543633,
        "_is_binary": False,
        "tokens": tokens(),
        "spans": list(spans),
        "_view_id": "spans_manual",
        "answer": "accept",
        "_timestamp": 1645113411,
        "_annotator_id": "set-a",
        "_session_id": "set-a",
    } | changes


def over(first: int, last: int, label: str) -> dict[str, Any]:
    """Return a span over tokens, the last one included."""
    places = tokens()
    start, end = places[first]["start"], places[last]["end"]
    return {"start": start, "end": end, "token_start": first, "token_end": last, "label": label}


def written(path: Path, *examples: Any) -> Path:
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in examples), encoding="utf-8")
    return path


def reading(path: Path, skip: bool = False) -> Reading:
    return Reading(FORMAT, path, FormatContext(default_codebook(), FORMAT.chosen({})), skip)


def lines(folder: Path, *examples: Any) -> list[dict[str, Any]]:
    return [line for _, line in reading(written(folder / "set.jsonl", *examples)).lines()]


def losses(found: Reading) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found.context.losses.losses()}


def test_spans_and_relations_come_in(tmp_path: Path) -> None:
    ends = [over(0, 3, "pledge"), over(5, 6, "condition")]
    relations = [
        {"head": 6, "child": 3, "head_span": ends[1], "child_span": ends[0], "color": "#b5c6c9", "label": "conditions"},
        {"head": 6, "child": 3, "label": "echoes"},
        {"head": 4, "child": 3, "label": "nsubj"},
    ]
    found = reading(written(tmp_path / "set.jsonl", manual(*ends, relations=relations, _view_id="relations")))
    ((_, line),) = found.lines()
    assert [(one["label"], one["quote"]) for one in line["spans"]] == [
        ("pledge", "NATO will help Kyiv"),
        ("condition", "if asked"),
    ]
    labels = {one["id"]: one["label"] for one in line["spans"]}
    assert [(labels[one["from"]], one["type"], labels[one["to"]]) for one in line["relations"]] == [
        ("condition", "conditions", "pledge"),
        ("condition", "echoes", "pledge"),
    ]
    assert {one["layer"] for one in line["spans"] + line["relations"]} == {"set-a"}
    assert line["read"] == [[0, len(TEXT)]]
    assert losses(found) == {"relations between words that are no spans": 1}


def test_examples_of_one_text_are_one_document(tmp_path: Path) -> None:
    other = {"text": "Another.", "answer": "accept", "meta": {"title": "T", "source": "a.txt", "page": 3}}
    pledge = over(0, 3, "pledge")
    found = reading(
        written(
            tmp_path / "set.jsonl",
            manual(pledge),
            other,
            manual(pledge, over(5, 6, "condition"), _annotator_id="set-b"),
            manual(pledge, _task_hash=4),
        )
    )
    read = dict(found.lines())
    assert list(read) == [2, 1]
    assert [(one["label"], one["layer"]) for one in read[1]["spans"]] == [
        ("pledge", "set-a"),
        ("pledge", "set-b"),
        ("condition", "set-b"),
    ]
    assert (read[2]["source"]["title"], read[2]["source"]["file"]) == ("T", "a.txt")
    assert losses(found) == {"spans that several examples of one text have alike": 1}


def test_rejected_examples_were_read_and_ignored_ones_are_left_out(tmp_path: Path) -> None:
    asked = {"text": TEXT, "_view_id": "ner", "_is_binary": True, "_annotator_id": "set-a"}
    found = reading(
        written(
            tmp_path / "set.jsonl",
            {"text": "Rejected whole.", "spans": [], "answer": "reject"},
            {"text": "Ignored.", "spans": [{"start": 0, "end": 7, "label": "x"}], "answer": "ignore"},
            asked | {"spans": [over(0, 0, "ORG")], "answer": "accept"},
            asked | {"spans": [over(3, 3, "ORG")], "answer": "reject"},
            asked | {"spans": [over(2, 2, "ORG")], "answer": "ignore"},
        )
    )
    read = {line["text"]: line for _, line in found.lines()}
    assert set(read) == {"Rejected whole.", TEXT}
    assert (read["Rejected whole."]["spans"], read["Rejected whole."]["read"]) == ([], [[0, 15]])
    assert [one["quote"] for one in read[TEXT]["spans"]] == ["NATO"]
    assert read[TEXT]["read"] == [[0, 4], [15, 19]], "nobody was asked about the rest"
    assert losses(found) == {"what was suggested in rejected examples": 2, "ignored examples": 2}


def test_labels_of_whole_texts_cover_them(tmp_path: Path) -> None:
    options = [{"id": "aid", "text": "Aid"}, {"id": 2, "text": "Blame"}, {"id": "no", "text": "Neither"}]
    read = lines(
        tmp_path,
        {"text": "One.", "options": options, "accept": ["aid", 2], "answer": "accept", "config": {"choice_style": "x"}},
        {"text": "Two.", "label": "pledge", "answer": "accept"},
        {"text": "Three.", "label": "pledge", "answer": "reject"},
        {"text": "Four.", "label": "pledge", "spans": [{"start": 0, "end": 4, "pattern": 3}], "answer": "accept"},
        {"text": "Five.", "label": "x", "spans": [{"start": 0, "end": 4, "label": "pledge"}], "answer": "accept"},
    )
    assert {line["text"]: [(one["label"], one["quote"]) for one in line["spans"]] for line in read} == {
        "One.": [("2", "One."), ("aid", "One.")],
        "Two.": [("pledge", "Two.")],
        "Three.": [],
        "Four.": [("pledge", "Four.")],
        "Five.": [("pledge", "Five")],
    }


def test_edges_may_be_given_by_tokens_alone(tmp_path: Path) -> None:
    by_tokens = {"token_start": 5, "token_end": 6, "label": "condition"}
    (line,) = lines(tmp_path, manual(by_tokens))
    assert line["spans"][0]["quote"] == "if asked"


def test_an_array_of_tasks_for_import_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([{"text": TEXT, "spans": [over(5, 6, "condition") | {"score": 0.25}]}], indent=1))
    ((_, line),) = reading(path).lines()
    assert [(one["quote"], one["score"], one["layer"]) for one in line["spans"]] == [("if asked", 0.25, "")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"image": "a.png", "answer": "accept"}, "the example has no “text”"),
        ({"text": 5}, "“text” of the example is 5, not text"),
        (manual({"start": 0, "label": "x"}), "a span has no “end”"),
        (manual({"start": 0, "end": 99, "label": "x"}), "is 0 to 99, which is no stretch"),
        (manual({"start": 4, "end": 4, "label": "x"}), "is 4 to 4, which is no stretch"),
        (manual(over(0, 0, "x") | {"text": "words elsewhere"}), "the quote of span s1 is not the text"),
        (manual({"token_start": 0, "token_end": 8, "label": "x"}), "a span has token 8, and there are 8"),
        (manual({"start": 0, "end": 4, "label": ["x"]}), "the label of a span is .* not text"),
        (manual("x"), "a span is 'x', not an object"),
        (manual(spans={}), "“spans” of the example is {}, not a list"),
        (manual(accept=[{}]), "an accepted option is {}, not text"),
        (manual(meta="x"), "“meta” of the example is 'x', not an object"),
    ],
)
def test_what_is_wrong_with_an_example_is_said_and_the_rest_comes_in(tmp_path: Path, bad: Any, reason: str) -> None:
    path = written(tmp_path / "set.jsonl", bad, {"text": "Good.", "answer": "accept"})
    found = reading(path, skip=True)
    assert "Good." in [line["text"] for _, line in found.lines()]
    assert [problem.place for problem in found.problems] == [1]
    with pytest.raises(DatasetError, match=rf"set\.jsonl, 1: .*{reason}"):
        list(reading(path).lines())


def test_a_bad_example_does_not_take_the_others_of_its_text_along(tmp_path: Path) -> None:
    path = written(tmp_path / "set.jsonl", manual(over(0, 3, "pledge")), manual("x", _annotator_id="set-b"))
    ((_, line),) = reading(path, skip=True).lines()
    assert [one["label"] for one in line["spans"]] == ["pledge"]


def test_tokens_give_the_text_back_and_spans_lie_on_their_edges(tmp_path: Path) -> None:
    text = "  We'll  help\n\n👩‍👩‍👧 (soon) , ok \u200f. "
    places = [(2, 4), (0, 2), (7, 8), (8, 13), (12, 14), (15, 20), (21, 22), (28, 29), (0, len(text))]
    spans = [span(text, *place, number, fragments=[list(place)]) for number, place in enumerate(places)]
    line = document(text, spans=spans, relations=[relation("s8", "s3")], sentences=[], read=[])
    case = Case("prodigy")
    export(case, case.target(tmp_path), [line])
    (example,) = [json.loads(one) for one in case.target(tmp_path).read_text(encoding="utf-8").splitlines()]
    made = example["tokens"]
    assert "".join(one["text"] + " " * one["ws"] for one in made) == text
    assert [one["id"] for one in made] == list(range(len(made)))
    assert all(one["text"] == text[one["start"] : one["end"]] for one in made)
    for one in example["spans"]:
        assert made[one["token_start"]]["start"] == one["start"]
        assert made[one["token_end"]]["end"] == one["end"]
    (link,) = example["relations"]
    assert (link["head"], link["child"]) == (link["head_span"]["token_end"], link["child_span"]["token_end"])
    assert (link["head_span"]["start"], link["child_span"]["start"]) == (0, 8)
    assert [one["text"] for one in made[:4]] == ["  ", "We", "'ll", " "]
    assert example["answer"] == "accept" and "_input_hash" not in example


def test_a_space_that_a_span_begins_with_is_a_token(tmp_path: Path) -> None:
    line = document("a b", spans=[span("a b", 1, 3, 1)], relations=[], sentences=[], read=[])
    case = Case("prodigy")
    export(case, case.target(tmp_path), [line])
    (example,) = [json.loads(one) for one in case.target(tmp_path).read_text().splitlines()]
    assert [(one["text"], one["ws"]) for one in example["tokens"]] == [("a", False), (" ", False), ("b", False)]


def test_a_relation_by_tokens_ends_at_the_span_that_ends_there(tmp_path: Path) -> None:
    spans = [over(0, 7, "whole"), over(5, 6, "condition"), over(0, 3, "pledge")]
    (line,) = lines(tmp_path, manual(*spans, relations=[{"head": 6, "child": 3, "label": "conditions"}]))
    labels = {one["id"]: one["label"] for one in line["spans"]}
    (link,) = line["relations"]
    assert (labels[link["from"]], labels[link["to"]]) == ("condition", "pledge")


def test_documents_of_ours_with_the_same_text_stay_two(tmp_path: Path) -> None:
    both = [document("Same.", number, spans=[], relations=[], sentences=[], read=[]) for number in (1, 2)]
    case = Case("prodigy")
    export(case, case.target(tmp_path), both)
    assert [one.get("id") for one in read_back(case, case.target(tmp_path))] == ["d1", "d2"]


def test_each_layer_is_an_example_and_all_come_back_as_one_document(tmp_path: Path) -> None:
    text = "We will, if asked, help. They agree."
    spans = [
        span(text, 0, 23, 1, fragments=[[0, 7], [19, 23]], layer="a1", annotator="a1", note="why"),
        span(text, 25, 29, 2, layer="a2", annotator="a2"),
        span(text, 25, 29, 3, layer="a2", annotator="a2"),
    ]
    relations = [relation("s1", "s2", 1), relation("s3", "s2", 2), {**relation("s3", "s2", 3), "note": "n"}]
    line = document(text, spans=spans, relations=relations, sentences=[], read=[[0, 5]])
    case = Case("prodigy")
    export(case, case.target(tmp_path), [line, document("Empty.", 2, spans=[], relations=[], sentences=[])])
    examples = [json.loads(one) for one in case.target(tmp_path).read_text().splitlines()]
    assert [one["_annotator_id"] for one in examples] == ["a1", "a2", ""]
    assert [len(one["spans"]) for one in examples] == [2, 2, 0]
    assert read_back(case, case.target(tmp_path))[0] == kept(case, line)


def test_what_is_ours_is_checked_as_strictly_as_a_dataset_line(tmp_path: Path) -> None:
    bad = manual(over(0, 0, "pledge") | {"annotator-jsonl": {"id": "s1", "pages": [{"page": "one", "boxes": []}]}})
    with pytest.raises(DatasetError, match=r"“annotator-jsonl” says of a span .* pages\.0\.page: .*valid integer"):
        lines(tmp_path, bad)
