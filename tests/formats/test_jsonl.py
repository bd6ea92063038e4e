"""annotator-jsonl/1: what is written comes back as it was, byte for byte, and wrong files are named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets import jsonl, lines, model
from annotator.formats.datasets.losses import LossCollector
from tests.formats.dataset_examples import TEXT, document, names, relation, span, written

PIECES = [
    "a",
    "Ж",
    "\U0001f468‍\U0001f469",
    "e\u0301",
    "שלום",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\u0085",
    "\x00",
    "\n",
    '"',
    "\\",
]


@st.composite
def documents(draw: st.DrawFn, number: int = 0) -> dict[str, Any]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=30))) or "x"
    spans = []
    for i in range(draw(st.integers(0, 5))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        fragments = [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
        score = draw(st.none() | st.floats(0, 1))
        note = draw(st.sampled_from(PIECES))
        spans.append(span(text, fragments[0][0], fragments[-1][1], i, fragments=fragments, score=score, note=note))
    spans += [{**one, "id": one["id"] + "again"} for one in spans[:1]]
    ends = [one["id"] for one in spans]
    relations = [relation(draw(st.sampled_from(ends)), draw(st.sampled_from(ends)), i) for i in range(len(ends) and 2)]
    return document(text, number, spans=spans, relations=relations, sentences=[], read=[[0, len(text)]])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=documents(1), second=documents(2))
def test_reads_back_what_was_written_and_writes_the_same_bytes_again(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    target, again = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    written(target, first, second)
    found = list(jsonl.read(target))
    assert found == [(1, first), (2, second)]
    written(again, *(dict(line) for _, line in found))
    assert again.read_bytes() == target.read_bytes()
    assert all(one["quote"] == line["text"][one["start"] : one["end"]] for _, line in found for one in line["spans"])


def test_the_bytes_have_documented_order_and_no_foreign_line_ends(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    given_spans = [dict(reversed(one.items())) for one in document()["spans"]]
    written(target, dict(reversed(document(spans=given_spans).items())))
    data = target.read_bytes()
    assert data.decode().splitlines() == [data.decode().removesuffix("\n")]
    assert b"\\u0085" in data and b"\\u2028" in data and b"\\u2029" in data and b"\r" not in data
    line = json.loads(data)
    assert list(line) == list(document())
    assert list(line["spans"][0]) == list(document()["spans"][0])


def test_tuples_count_as_lists(tmp_path: Path) -> None:
    written(
        tmp_path / "out.jsonl", document(read=((0, 5),), relations=[], spans=[span(TEXT, 1, 4, fragments=((1, 4),))])
    )
    _, line = next(jsonl.read(tmp_path / "out.jsonl"))
    assert line["read"] == [[0, 5]] and line["spans"][0]["fragments"] == [[1, 4]]


def test_schema_and_manifest_stand_beside_the_data(tmp_path: Path) -> None:
    report = jsonl.write(
        [document(), document(number=2)],
        tmp_path / "gold.jsonl",
        manifest={"options": {"layer": "gold"}, "counts": "not mine to say"},
        expected=jsonl.Counts(2, 4, 2),
    )
    assert [path.name for path in report.files] == ["gold.jsonl", "gold.schema.json", "gold.manifest.json"]
    assert (report.documents, report.spans, report.relations) == (2, 4, 2)
    manifest = json.loads((tmp_path / "gold.manifest.json").read_text())
    assert manifest["data"]["sha256"] == report.sha256
    assert report.sha256 == hashlib.sha256((tmp_path / "gold.jsonl").read_bytes()).hexdigest()
    assert manifest["counts"] == {"documents": 2, "spans": 4, "relations": 2}
    assert manifest["labels"] == {"condition": 2, "pledge": 2}
    assert manifest["options"] == {"layer": "gold"}
    assert names(tmp_path) == ["gold.jsonl", "gold.manifest.json", "gold.schema.json"]


def test_the_schema_names_every_key_of_a_line_and_nothing_more() -> None:
    schema = model.json_schema()
    keys = {"": document(), "DatasetSpan": document()["spans"][0], "DatasetRelation": document()["relations"][0]}
    for name, example in keys.items():
        part = schema["$defs"][name] if name else schema
        assert list(part["properties"]) == part["required"] == list(example)
        assert part["additionalProperties"] is False


def test_check_counts_what_a_file_uses(tmp_path: Path) -> None:
    written(tmp_path / "out.jsonl", document(), document(number=2))
    summary = jsonl.check(tmp_path / "out.jsonl")
    assert summary.counts == (2, 4, 2)
    assert summary.labels == {"pledge": 2, "condition": 2}
    assert summary.attributes == {"speaker": 4, "hedged": 4, "specificity": 4}
    assert summary.relation_types == {"conditions": 2}
    assert summary.layers == {"gold": 6} and summary.annotators == {"a1": 6}


def test_progress_is_told_and_cancelling_leaves_nothing(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        if told:
            raise StopError

    told: list[tuple[int, int, str]] = []
    with pytest.raises(StopError):
        jsonl.write(
            [document(), document(number=2)],
            tmp_path / "out.jsonl",
            manifest={},
            expected=jsonl.Counts(2, 4, 2),
            progress=lambda *what: told.append(what),
            cancel=stop,
        )
    assert told == [(1, 2, "A")]
    assert names(tmp_path) == []


LINE = lines.encode_line(document())


def changed(**changes: Any) -> bytes:
    return lines.encode_line(document(**changes))


def with_span(**changes: Any) -> bytes:
    return changed(spans=[span(TEXT, 3, 12) | changes], relations=[])


def without(key: str) -> bytes:
    return lines.encode_line({name: value for name, value in document().items() if name != key})


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is empty"),
    "broken": (LINE + LINE[:40] + b"\n", "line 2: the line is broken JSON"),
    "latin-1": (LINE.replace(b"help", b"h\xe9lp"), "line 1: the line is not UTF-8"),
    "utf-16": (LINE.decode().encode("utf-16"), "line 1: the line is not UTF-8"),
    "nan": (LINE.replace(b'"score":null', b'"score":NaN'), "line 1: NaN is no JSON number"),
    "infinity": (LINE.replace(b'"score":null', b'"score":1e999'), "line 1: the line is no valid JSON"),
    "surrogate": (LINE.replace(b"We will", b"\\ud800 will"), "line 1: a string holds half a character"),
    "no object": (b"[1]\n", "line 1: this is no line of a dataset"),
    "newer": (LINE.replace(b"jsonl/1", b"jsonl/2"), "line 1: the format annotator-jsonl/2 is newer than this program"),
    "other": (LINE.replace(b"annotator-jsonl", b"other"), "line 1: this is no line of a dataset"),
    "key missing": (without("sentences"), "line 1: the key sentences is missing"),
    "wrong type": (with_span(note=3), "line 1: note of span s1 is not what"),
    "number as text": (with_span(start="3"), "line 1: start of span s1 is not what"),
    "truth as number": (with_span(codebook=True), "line 1: codebook of span s1 is not what"),
    "empty label": (with_span(label=""), "line 1: label of span s1 is not what"),
    "negative": (with_span(start=-1), "line 1: start of span s1 is not what"),
    "outside": (with_span(end=900, fragments=[[3, 900]]), "line 1: span s1 is 3 to 900"),
    "no stretch": (with_span(end=3, quote="", fragments=[[3, 3]]), "line 1: span s1 is 3 to 3"),
    "offset": (with_span(start=4, fragments=[[4, 12]]), "line 1: the quote of span s1 is not the text from 4 to 12"),
    "quote": (with_span(quote="will hulp"), "“will hulp”, not “will help”"),
    "cut short": (with_span(start=40, end=99, quote=TEXT[40:99], fragments=[[40, 99]]), "line 1: span s1 is 40 to 99"),
    "fragments": (with_span(fragments=[[3, 8], [7, 12]]), "line 1: the fragments of span s1"),
    "hull": (with_span(fragments=[[3, 8]]), "line 1: the fragments of span s1"),
    "no fragments": (with_span(fragments=[]), "line 1: fragments of span s1 is not what"),
    "text": (LINE.replace(b"agrees.", b"agreed."), "line 1: the text of document d1 was changed"),
    "relation": (changed(relations=[relation("s1", "s9")]), "relation r1 ends at the span s9"),
    "same id": (changed(spans=[span(TEXT, 3, 12), span(TEXT, 4, 9)], relations=[]), "the id s1 is used twice"),
    "sentences": (changed(sentences=[[0, 9], [5, 12]]), "line 1: the ranges in sentences"),
    "read": (changed(read=[[0, 999]]), "line 1: the ranges in read"),
    "twice": (LINE + b"\n" + LINE, "line 3: document d1 was in line 1 already"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_its_name_line_and_remedy(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(DatasetError) as raised:
        jsonl.check(path)
    told = str(raised.value)
    assert told.startswith("bad.jsonl") and message in told
    assert told.endswith(("nothing was changed.", "Choose another file."))


def test_bom_crlf_and_blank_lines_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "windows.jsonl"
    second = lines.encode_line(document(number=2)).replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + LINE.replace(b"\n", b"\r\n") + b"\r\n" + second)
    assert list(jsonl.read(path)) == [(1, document()), (3, document(number=2))]


def test_raw_line_separators_do_not_end_a_line(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl"
    path.write_bytes(orjson.dumps(document()))
    assert b"\xe2\x80\xa8" in path.read_bytes()
    assert list(jsonl.read(path)) == [(1, document())]


def test_unknown_keys_are_left_out_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "more.jsonl"
    more = document(mood="good", spans=[span(TEXT, 3, 12, colour="red"), span(TEXT, 3, 9, 2)])
    path.write_bytes(lines.encode_line(more))
    losses = LossCollector()
    ((_, line),) = jsonl.read(path, losses=losses)
    assert "mood" not in line and "colour" not in line["spans"][0]
    (loss,) = losses.losses()
    assert (loss.kind, loss.count) == ("unknown key", 2)
    assert set(loss.examples) == {"more.jsonl, line 1: mood", "more.jsonl, line 1: colour of span s1"}


def test_a_line_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", len(LINE))
    (tmp_path / "long.jsonl").write_bytes(LINE + LINE.replace(b"We will", b"We will not"))
    with pytest.raises(DatasetError, match=r"long\.jsonl, line 2: the line is longer than"):
        jsonl.check(tmp_path / "long.jsonl")


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir], ids=["missing", "folder"])
def test_a_path_that_cannot_be_read_is_named(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "in.jsonl")
    with pytest.raises(UserError, match=r"in\.jsonl could not be read"):
        jsonl.check(tmp_path / "in.jsonl")
