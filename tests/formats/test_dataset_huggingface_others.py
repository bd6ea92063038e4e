"""Data files of other people's Hugging Face datasets come in, whatever their columns are called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets.huggingface import features
from annotator.formats.datasets.reading import Reading
from tests.formats.round_trips import Case

TEXT = "Алло 👍🏽 Kyiv, the G7 will help\r\nKyiv."
KYIV, G7 = TEXT.index("Kyiv"), TEXT.index("G7")
HELP = TEXT.index("will")


def written(folder: Path, *rows: Any, name: str = "train.jsonl") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def reading(path: Path, *, skip: bool = False) -> Reading:
    case = Case("huggingface")
    return Reading(case.entry, path, case.context(), skip=skip)


def lines(path: Path) -> list[dict[str, Any]]:
    return [line for _, line in reading(path).lines()]


def quotes(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(span["label"], span["quote"]) for span in line["spans"]]


def lost(path: Path) -> dict[str, tuple[str, ...]]:
    one = reading(path)
    list(one.lines())
    return {loss.kind: loss.examples for loss in one.context.losses.losses()}


WANTED = [("PLACE", "Kyiv"), ("GROUP", "G7")]
ENDS = [(KYIV, KYIV + 4, "PLACE"), (G7, G7 + 2, "GROUP")]


@pytest.mark.parametrize(
    "spans",
    [
        {"spans": [{"start": s, "end": e, "label": n} for s, e, n in ENDS]},
        {"entities": [{"start_offset": s, "end_offset": e, "type": n, "id": i} for i, (s, e, n) in enumerate(ENDS)]},
        {"entities": [{"start_char": s, "end_char": e, "entity_type": n, "text": TEXT[s:e]} for s, e, n in ENDS]},
        {"labels": [list(one) for one in ENDS]},
        {"label": [[n, s, e] for s, e, n in ENDS]},
        {"annotations": [{"begin": s, "end": e, "labels": [n]} for s, e, n in ENDS]},
        {"entities": [{"offset": s, "length": e - s, "category": n} for s, e, n in ENDS]},
        {"entities": [{"offsets": [[s, e]], "text": [TEXT[s:e]], "type": n, "normalized": []} for s, e, n in ENDS]},
        {"entities": {"start": [KYIV, G7], "end": [KYIV + 4, G7 + 2], "label": ["PLACE", "GROUP"]}},
        {"privacy_mask": json.dumps([{"value": TEXT[s:e], "start": s, "end": e, "label": n} for s, e, n in ENDS])},
        {"ner": [{"span": [s, e], "tag": n} for s, e, n in ENDS], "label": "positive"},
        {"spans": [], "entities": [{"start": s, "end": float(e), "entity_group": n, "word": "?"} for s, e, n in ENDS]},
    ],
)
@pytest.mark.parametrize("column", ["text", "content", "source_text", "sentence"])
def test_spans_come_in_under_any_usual_name(tmp_path: Path, spans: dict[str, Any], column: str) -> None:
    (line,) = lines(written(tmp_path, {column: TEXT, **spans}))
    assert line["text"] == TEXT
    assert quotes(line) == WANTED


def test_a_quote_puts_a_span_where_it_stands(tmp_path: Path) -> None:
    units = len(TEXT[:KYIV].encode("utf-16-le")) // 2
    rows = [{"text": TEXT, "spans": [{"start": units, "end": units + 4, "label": "PLACE", "quote": "Kyiv"}]}]
    one = reading(written(tmp_path, *rows))
    ((_, line),) = one.lines()
    assert quotes(line) == WANTED[:1]
    assert one.moved == 1


def test_what_spans_say_besides_comes_in_and_the_rest_is_told_once(tmp_path: Path) -> None:
    span = {"start": KYIV, "end": KYIV + 4, "label": "PLACE", "id": "a", "score": 1, "note": "n", "colour": "red"}
    span |= {"attributes": {"speaker": "G7", "gone": None}, "created": "2024"}
    path = written(tmp_path, *[{"text": TEXT, "spans": [span], "topic": "x", "title": "T", "lang": "uk"}] * 2)
    found = lines(path)[0]
    assert found["spans"][0] | {"score": 1.0, "note": "n", "created": "2024"} == found["spans"][0]
    assert found["spans"][0]["attributes"] == {"speaker": "G7"}
    assert (found["source"]["title"], found["source"]["language"]) == ("T", "uk")
    one = reading(path)
    assert len(list(one.lines())) == 2
    (loss,) = one.context.losses.losses()
    assert (loss.count, loss.examples) == (2, ("spans.colour", "topic"))


def test_relations_name_spans_by_id_or_by_place(tmp_path: Path) -> None:
    spans = [{"start": s, "end": e, "label": n, "id": f"T{i}"} for i, (s, e, n) in enumerate(ENDS)]
    bigbio = {"text": TEXT, "entities": spans, "relations": [{"type": "in", "arg1_id": "T1", "arg2_id": "T0"}]}
    placed = {"text": TEXT, "spans": [list(one) for one in ENDS], "relations": [{"label": "in", "head": 1, "tail": 0}]}
    for line in lines(written(tmp_path, bigbio, placed)):
        (relation,) = line["relations"]
        quote = {span["id"]: span["quote"] for span in line["spans"]}
        assert (relation["type"], quote[relation["from"]], quote[relation["to"]]) == ("in", "G7", "Kyiv")


def test_a_text_in_passages_is_put_together_by_their_offsets(tmp_path: Path) -> None:
    cut = TEXT.index(" will")
    passages = [
        {"id": "2", "type": "abstract", "text": [TEXT[cut + 1 :]], "offsets": [[cut + 1, len(TEXT)]]},
        {"id": "1", "type": "title", "text": [TEXT[:cut]], "offsets": [[0, cut]]},
    ]
    entity = {"id": "e", "type": "GROUP", "text": ["G7 will help"], "offsets": [[G7, HELP + 9]]}
    (line,) = lines(written(tmp_path, {"document_id": "PMID-1", "passages": passages, "entities": [entity]}))
    assert (line["text"], line["id"]) == (TEXT, "PMID-1")
    assert quotes(line) == [("GROUP", "G7 will help")]


WORDS = ["Kyiv", "and", "the", "G 7", "met", "Lviv"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["B-P", "O", "O", "B-G", "O", "B-P"], [("P", "Kyiv"), ("G", "G 7"), ("P", "Lviv")]),
        (["B-P", "I-P", "O", "B-G", "B-G", "I-P"], [("P", "Kyiv and"), ("G", "G 7"), ("G", "met"), ("P", "Lviv")]),
        (["I-P", "O", "O", "I-G", "I-G", "O"], [("P", "Kyiv"), ("G", "G 7 met")]),
        (["U-P", "O", "B-G", "I-G", "L-G", "U-P"], [("P", "Kyiv"), ("G", "the G 7 met"), ("P", "Lviv")]),
        (["S-P", "B-G", "E-G", "S-G", "O", "S-P"], [("P", "Kyiv"), ("G", "and the"), ("G", "G 7"), ("P", "Lviv")]),
        (["place", "O", "group", "group", "O", "place"], [("place", "Kyiv"), ("group", "the G 7"), ("place", "Lviv")]),
        (["B-G", "E-G", "I-G", "O", "S-P", "I-P"], [("G", "Kyiv and"), ("G", "the"), ("P", "met"), ("P", "Lviv")]),
        (["O"] * 6, []),
        ([None, "O", "", "_", "B-G", "O"], [("G", "met")]),
    ],
)
def test_tags_become_spans_in_every_scheme(tmp_path: Path, tags: list[Any], expected: list[tuple[str, str]]) -> None:
    path = written(tmp_path, {"id": "7", "tokens": WORDS, "ner_tags": tags, "pos_tags": ["X"] * 6})
    (line,) = lines(path)
    assert line["text"] == " ".join(WORDS)
    assert quotes(line) == expected
    assert lost(path)["texts that were joined from words with spaces"] == (" ".join(WORDS),)
    assert lost(path)["columns that were not read"] == ("pos_tags",)


def test_words_are_found_in_the_text_where_there_is_one(tmp_path: Path) -> None:
    tags = ["O", "O", "B-P", "O", "O"]
    (line,) = lines(written(tmp_path, {"text": TEXT, "words": ["Алло", "👍🏽", "Kyiv", ",", "the"], "tags": tags}))
    assert line["text"] == TEXT
    assert quotes(line) == [("P", "Kyiv")]


def test_spans_that_count_words(tmp_path: Path) -> None:
    spert = {
        "tokens": WORDS,
        "entities": [{"type": "P", "start": 0, "end": 1}, {"type": "G", "start": 2, "end": 4}],
        "relations": [{"type": "met", "head": 1, "tail": 0}],
    }
    gliner = {"tokenized_text": WORDS, "ner": [[0, 0, "P"], [2, 3, "G"]]}
    one, other = lines(written(tmp_path, spert, gliner))
    assert quotes(one) == quotes(other) == [("P", "Kyiv"), ("G", "the G 7")]
    assert len(one["relations"]) == 1


def test_labels_of_whole_texts(tmp_path: Path) -> None:
    rows = [{"text": TEXT, "label": "signal"}, {"text": TEXT, "labels": ["a", "b"]}, {"text": TEXT, "label": 1}]
    rows += [{"text": TEXT, "label": -1}, {"text": TEXT}, {"text": "", "label": "a"}]
    path = written(tmp_path, *rows)
    assert [quotes(line) for line in lines(path)] == [
        [("signal", TEXT)],
        [("a", TEXT), ("b", TEXT)],
        [("1", TEXT)],
        [],
        [],
        [],
    ]
    assert lost(path) == {"labels that are numbers without names": ("1",)}


def parquet(path: Path, columns: dict[str, Any], described: dict[str, Any] | None = None) -> Path:
    table = pyarrow.table(columns)
    if described is not None:
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": described}})})
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(table, path)
    return path


TAGS = ["O", "B-P", "I-P"]
CARD = {
    "list": "dataset_info:\n  features:\n  - name: ner_tags\n    list:\n      class_label:\n        names:\n"
    "          '0': O\n          '1': B-P\n          '2': I-P\n",
    "sequence": "dataset_info:\n- config_name: other\n  features: []\n- config_name: default\n  features:\n"
    "  - name: ner_tags\n    sequence:\n      class_label:\n        names: [O, B-P, I-P]\n",
}
LEGACY = {
    "default": {"features": {"ner_tags": {"feature": {"names": TAGS, "_type": "ClassLabel"}, "_type": "Sequence"}}}
}


@pytest.mark.parametrize("described", [*CARD, "infos", "file", "file of 4.0"])
def test_numbers_of_classes_are_named_by_the_card_or_the_file(tmp_path: Path, described: str) -> None:
    one: Any = {"names": TAGS, "_type": "ClassLabel"}
    inside = {
        "file": {"feature": one, "length": -1, "_type": "Sequence"},
        "file of 4.0": {"feature": one, "_type": "List"},
    }
    names = {"ner_tags": inside[described]} if described in inside else None
    columns = {"id": ["0"], "tokens": [WORDS], "ner_tags": pyarrow.array([[1, 2, 0, -100, 1, 0]])}
    parquet(tmp_path / "data" / "train-00000-of-00001.parquet", columns, names)
    if described in CARD:
        (tmp_path / "README.md").write_text(f"---\n{CARD[described]}---\n# A card\n")
    elif described == "infos":
        (tmp_path / "dataset_infos.json").write_text(json.dumps(LEGACY))
    (line,) = lines(tmp_path)
    assert quotes(line) == [("P", "Kyiv and"), ("P", "met")]
    assert line["split"] == "train"
    assert lines(tmp_path / "data" / "train-00000-of-00001.parquet")[0]["spans"] == line["spans"]


def test_numbers_without_names_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = written(tmp_path, {"tokens": ["a"], "ner_tags": [1]})
    with pytest.raises(DatasetError, match=r"train\.jsonl: the tags in “ner_tags” are numbers.*Put the README\.md"):
        lines(path)


def test_a_number_that_the_names_do_not_reach_is_a_bad_row(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"---\n{CARD['list']}---\n")
    path = written(tmp_path, {"tokens": ["a"], "ner_tags": [9]}, {"tokens": ["a"], "ner_tags": [1]})
    one = reading(path, skip=True)
    assert len(list(one.lines())) == 1
    assert one.problems[0].reason == "“ner_tags” is 9, and the names go from 0 to 2."


def test_labels_of_spans_may_be_classes(tmp_path: Path) -> None:
    spans = [[{"start": KYIV, "end": KYIV + 4, "label": 1}]]
    described = {"entities": [{"label": {"names": ["x", "PLACE"], "_type": "ClassLabel"}}]}
    (line,) = lines(parquet(tmp_path / "a.parquet", {"text": [TEXT], "entities": spans}, described))
    assert quotes(line) == WANTED[:1]


def test_splits_of_files_and_ids_that_begin_anew(tmp_path: Path) -> None:
    for number, name in enumerate(("train", "dev", "test")):
        written(tmp_path, {"id": "0", "text": f"{name} {number}"}, {"id": "x", "text": name}, name=f"{name}.jsonl")
    found = lines(tmp_path)
    assert [line["split"] for line in found] == ["train"] * 2 + ["validation"] * 2 + ["test"] * 2
    assert len({line["id"] for line in found}) == 6
    assert lost(tmp_path) == {"ids of documents that stand there twice": ("x",)}


def test_the_card_says_which_files_belong_to_the_default_configuration(tmp_path: Path) -> None:
    card = (
        "configs:\n- config_name: small\n  data_files: small/*.jsonl\n- config_name: all\n  default: true\n"
        "  data_files:\n  - split: train\n    path: all/a-*.jsonl\n  - split: held_out\n    path: [all/b.jsonl]\n"
    )
    (tmp_path / "README.md").write_bytes(f"\ufeff---\n{card}---\ntext".replace("\n", "\r\n").encode())
    for name in ("small/a.jsonl", "all/a-1.jsonl", "all/a-2.jsonl", "all/b.jsonl", "all/c.jsonl"):
        written(tmp_path, {"text": name}, name=name)
    found = [(line["text"], line["split"]) for line in lines(tmp_path)]
    assert found == [("all/a-1.jsonl", "train"), ("all/a-2.jsonl", "train"), ("all/b.jsonl", "held_out")]
    assert lost(tmp_path) == {"files that were not read": ("all/c.jsonl", "small/a.jsonl")}


def test_files_beside_the_data_are_not_taken_for_data(tmp_path: Path) -> None:
    written(tmp_path, {"text": "a"})
    for name in (
        "labels.json",
        "settings.json",
        ".hidden.jsonl",
        "__cache__/x.jsonl",
        "old.manifest.json",
        "state.json",
    ):
        written(tmp_path, {"pledge": 1}, name=name)
    assert [line["text"] for line in lines(tmp_path)] == ["a"]
    assert lost(tmp_path) == {"files that were not read": ("labels.json", "settings.json")}
    parquet(tmp_path / "b.parquet", {"text": ["b"]})
    assert [line["text"] for line in lines(tmp_path)] == ["b"]


def test_only_files_inside_of_the_folder_are_read(tmp_path: Path) -> None:
    written(tmp_path, {"text": "outside"}, name="secret.jsonl")
    inside = tmp_path / "inside"
    written(inside, {"text": "inside"}, name="a.jsonl")
    (inside / "README.md").write_text(
        f"---\nconfigs:\n- data_files: ['../secret.jsonl', '{tmp_path}/secret.jsonl']\n---\n"
    )
    assert [line["text"] for line in lines(inside)] == ["inside"]


@pytest.mark.parametrize(
    "content",
    [
        '[{"text": "a"}, {"text": "b"}]',
        '{"version": 1, "data": [{"text": "a"}, {"text": "b"}]}',
        '{"train": [{"text": "a"}], "dev": [{"text": "b"}]}',
        '{\n "text": "a"\n}\n{\n "text": "b"\n}',
        '\ufeff{"text": "a"}\r\n\r\n{"text": "b"}\r\n',
    ],
)
def test_json_in_any_layout(tmp_path: Path, content: str) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(content.encode())
    one = reading(path)
    assert [line["text"] for _, line in one.lines()] == ["a", "b"]


@pytest.mark.parametrize("as_file", [False, True])
def test_folders_of_save_to_disk(tmp_path: Path, as_file: bool) -> None:
    schema = features.as_arrow({"text": "string", "label": features.Classes(("no", "yes"))})
    for split in ("train", "test"):
        folder = tmp_path / split
        folder.mkdir()
        (folder / "state.json").write_text('{"_split": null}')
        with pyarrow.OSFile(str(folder / "data-00000-of-00001.arrow"), "wb") as sink:
            make = pyarrow.ipc.new_file if as_file else pyarrow.ipc.new_stream
            with make(sink, schema) as writer:
                writer.write_table(pyarrow.Table.from_pylist([{"text": split, "label": 1}] * 200, schema))
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    found = lines(tmp_path)
    assert len(found) == 400
    assert (found[0]["split"], quotes(found[-1])) == ("train", [("yes", "test")])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"a": 1}, "neither a text nor a list of words. The columns are “a”"),
        ({}, "The columns are none"),
        ({"text": TEXT, "spans": [{"start": 1, "end": 2}]}, "span 1 of “spans” has no label"),
        ({"text": TEXT, "spans": [{"label": "x", "start": 1}]}, "span 1 of “spans” has no start and end"),
        ({"text": TEXT, "spans": [{"label": "x", "start": 1, "end": 99}]}, "1 to 99, which is no stretch"),
        ({"text": TEXT, "spans": [{"label": "x", "start": 3, "end": 3}]}, "3 to 3, which is no stretch"),
        ({"text": TEXT, "spans": [{"label": "x", "start": -1, "end": 3}]}, "before the beginning of the text"),
        ({"text": TEXT, "spans": [{"label": "x", "start": "1", "end": 3}]}, "not a whole number"),
        ({"text": TEXT, "spans": [{"label": {}, "start": 1, "end": 3}]}, "which is no label"),
        ({"text": TEXT, "spans": [[1, 2]]}, "not start, end and label"),
        ({"text": TEXT, "spans": "[{"}, "text that is no JSON"),
        ({"text": TEXT, "spans": {"start": [1], "end": [2, 3], "label": ["x"]}}, "not of one length"),
        ({"text": TEXT, "spans": [{"label": "x", "start": 1, "end": 3, "text": "Lviv"}]}, "the quote of span s1"),
        ({"text": TEXT, "spans": [{"label": "x", "start": 1, "end": 3, "attributes": [1]}]}, "no keys with values"),
        ({"text": TEXT, "spans": [], "relations": [{"type": "x", "head": 0, "tail": 1}]}, "where there is no span"),
        ({"text": TEXT, "spans": [], "relations": [{"type": "x"}]}, "has no type, or not two ends"),
        ({"tokens": ["a"], "entities": [{"type": "x", "start": 0, "end": 2}]}, "goes from word 0 to 1 of 1"),
        ({"text": "a b", "tokens": ["a", "c"], "ner_tags": ["O", "O"], "offsets": [[0, 1], [2, 3]]}, "the word “c”"),
        ({"passages": [{"text": ["a"], "offsets": [[99999, 100000]]}]}, "too far apart"),
    ],
)
def test_what_is_wrong_with_a_row_is_named_and_the_others_come_in(tmp_path: Path, row: Any, reason: str) -> None:
    path = written(tmp_path, row, {"text": "fine"})
    with pytest.raises(DatasetError, match=r"^train\.jsonl, 1: "):
        lines(path)
    one = reading(path, skip=True)
    assert "fine" in [line["text"] for _, line in one.lines()]
    assert reason in one.problems[0].reason
    assert one.problems[0].place == 1


def test_in_a_folder_a_problem_names_its_file(tmp_path: Path) -> None:
    written(tmp_path, {"text": "a"}, {"text": "b"}, name="train.jsonl")
    written(tmp_path, {"text": "c"}, {"a": 1}, name="test.jsonl")
    one = reading(tmp_path, skip=True)
    assert [place for place, _ in one.lines()] == [1, 2, 3]
    assert one.problems[0].place == 4
    assert one.problems[0].reason.startswith("test.jsonl, row 2: there is neither")


def test_folders_and_files_without_data_say_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\n[unclosed\n---\n")
    (tmp_path / "train.csv").write_text("text\n")
    with pytest.raises(DatasetError, match=r"no data file in “.*files that end in \.parquet, \.arrow"):
        lines(tmp_path)
    with pytest.raises(DatasetError, match=r"train\.csv is no data file"):
        lines(tmp_path / "train.csv")
    with pytest.raises(UserError, match=r"does not exist"):
        lines(tmp_path / "none.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(DatasetError, match=r"broken\.parquet cannot be read as Parquet"):
        lines(tmp_path / "broken.parquet")
    (tmp_path / "broken.arrow").write_bytes(b"ARROW1 no")
    with pytest.raises(DatasetError, match=r"broken\.arrow cannot be read as Arrow"):
        lines(tmp_path / "broken.arrow")


def test_a_damaged_arrow_file_is_refused_before_anything_follows_its_offsets(tmp_path: Path) -> None:
    offsets = pyarrow.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 2**30, 3)))
    text = pyarrow.StringArray.from_buffers(2, offsets, pyarrow.py_buffer(b"abc"))
    schema = pyarrow.schema([("text", pyarrow.string())])
    with pyarrow.OSFile(str(tmp_path / "a.arrow"), "wb") as sink, pyarrow.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pyarrow.RecordBatch.from_arrays([text], schema=schema))
    with pytest.raises(DatasetError, match=r"a\.arrow cannot be read as Arrow"):
        lines(tmp_path / "a.arrow")
