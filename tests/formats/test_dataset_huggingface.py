"""Folders for Hugging Face's `datasets`: what is in them, what is said of them, and that its readers take them."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.json
import pyarrow.parquet
import pytest

from annotator.core.errors import DatasetError, UserError
from annotator.formats.codebook_yaml import parse_yaml
from annotator.formats.datasets import exporting
from annotator.formats.datasets.data_card import CardFacts
from annotator.formats.datasets.exporting import ExportTask
from annotator.formats.datasets.huggingface import card, features, tables
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export, kept, read_back

EVERY = [
    Case("huggingface", (("files", files), ("shape", shape)))
    for files in ("jsonl", "parquet")
    for shape in ("documents", "tokens")
]
each = pytest.mark.parametrize("case", EVERY, ids=lambda case: "-".join(dict(case.options).values()))
DOCUMENTS, PARQUET, TOKENS, TOKENS_PARQUET = EVERY[0], EVERY[2], EVERY[1], EVERY[3]

UKRAINIAN = "Ми допоможемо Україні,\r\nякщо рада погодиться."


def ukrainian(split: str | None = "test", number: int = 2) -> dict[str, Any]:
    spans = [span(UKRAINIAN, 0, 21, 8), span(UKRAINIAN, 24, 44, 9, label="condition", score=0.5, note="так")]
    source = {
        "file": "b.html",
        "format": "html",
        "title": "B | <b>",
        "date": "2024-05-01",
        "url": "",
        "language": "uk-UA",
    }
    changes: dict[str, Any] = {"split": split, "source": source, "duplicate_group": "g1", "sentences": []}
    return document(UKRAINIAN, number, spans=spans, relations=[relation("s9", "s8")], **changes)


def written(case: Case, folder: Path, *lines: dict[str, Any], facts: CardFacts | None = None) -> Path:
    target = case.target(folder)
    context = replace(case.context(), title="Pledges: a trial", facts=facts or CardFacts())
    export(case, target, lines or (document(), ukrainian()), context)
    return target


def head(target: Path) -> dict[str, Any]:
    return parse_yaml((target / "README.md").read_text("utf-8").split("---\n")[1], "README.md")


def rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path).to_pylist()
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@each
def test_every_split_has_a_file_and_the_card_says_which(case: Case, tmp_path: Path) -> None:
    more = [ukrainian("validation", 3), ukrainian("train", 4), ukrainian("Pilot/../x", 5)]
    target = written(case, tmp_path, document(), ukrainian(), *more)
    ending = case.context().options["files"]
    found = {path.stem: [row["id"] for row in rows(path)] for path in sorted((target / "data").iterdir())}
    assert found == {"other": ["d5"], "test": ["d2"], "train": ["d1", "d4"], "validation": ["d3"]}
    (configuration,) = head(target)["configs"]
    assert configuration["data_files"] == [
        {"split": name, "path": f"data/{name}.{ending}"} for name in ("train", "validation", "test", "other")
    ]
    splits = head(target)["dataset_info"]["splits"]
    assert [(one["name"], one["num_examples"]) for one in splits] == [
        ("train", 2),
        ("validation", 1),
        ("test", 1),
        ("other", 1),
    ]
    assert {line.get("id"): line.get("split") for line in read_back(case, target)} == {
        "d1": None,
        "d2": "test",
        "d3": "validation",
        "d4": "train",
        "d5": "Pilot/../x",
    }


@each
def test_all_quotes_stand_at_their_places_in_the_rows(case: Case, tmp_path: Path) -> None:
    (row,) = rows(written(case, tmp_path) / "data" / f"test.{case.context().options['files']}")
    if dict(case.options)["shape"] == "documents":
        assert [row["text"][one["start"] : one["end"]] for one in row["spans"]] == [
            one["quote"] for one in row["spans"]
        ]
        assert {"key": "hedged", "value": "false"} in row["spans"][0]["attributes"]
        return
    assert [row["text"][start:end] for start, end in row["offsets"]] == row["tokens"]
    assert row["tokens"] == ["Ми", "допоможемо", "Україні", ",", "якщо", "рада", "погодиться", "."]
    names = ["O", "B-pledge", "I-pledge", "B-condition", "I-condition"]
    tags = [names[tag] if isinstance(tag, int) else tag for tag in row["ner_tags"]]
    assert tags == ["B-pledge", "I-pledge", "I-pledge", "O", "B-condition", "I-condition", "I-condition", "O"]


@each
def test_rows_have_the_columns_that_the_card_declares(case: Case, tmp_path: Path) -> None:
    """What `datasets` does: it decodes each file and casts it to the features of the card."""
    target = written(case, tmp_path)
    schema = schema_of(head(target)["dataset_info"]["features"])
    for path in (target / "data").iterdir():
        if path.suffix == ".parquet":
            table = pyarrow.parquet.read_table(path)
            assert table.schema.remove_metadata() == schema
        else:
            stated = as_text(schema)
            table = pyarrow.json.read_json(
                io.BytesIO(path.read_bytes()), parse_options=pyarrow.json.ParseOptions(explicit_schema=stated)
            )
            assert set(table.column_names) == set(schema.names)
            assert table.select(schema.names).to_pylist() == [{k: row[k] for k in schema.names} for row in rows(path)]


def schema_of(columns: Iterable[Mapping[str, Any]]) -> pyarrow.Schema:
    """Return the types that a list of features stands for, after `Features._from_yaml_list` of `datasets`."""
    return pyarrow.schema([(column["name"], type_of(column)) for column in columns])


def type_of(feature: Any) -> pyarrow.DataType:
    if isinstance(feature, str):
        return {"string": pyarrow.string(), "int64": pyarrow.int64(), "float64": pyarrow.float64()}[feature]
    if isinstance(feature, list):
        return pyarrow.struct([(one["name"], type_of(one)) for one in feature])
    kind = next(key for key in feature if key != "name")
    if kind in ("list", "sequence"):
        return pyarrow.list_(type_of(feature[kind]))
    if kind == "class_label":
        return pyarrow.int64()
    assert kind in ("struct", "dtype")
    return type_of(feature[kind])


def as_text(schema: pyarrow.Schema) -> pyarrow.Schema:
    """Return the types as lines of JSON have them: tags are text there, which `datasets` casts to numbers."""
    if "ner_tags" not in schema.names:
        return schema
    return schema.set(schema.names.index("ner_tags"), pyarrow.field("ner_tags", pyarrow.list_(pyarrow.string())))


@pytest.mark.parametrize("case", [PARQUET, TOKENS_PARQUET], ids=["documents", "tokens"])
def test_parquet_files_say_their_features_themselves(case: Case, tmp_path: Path) -> None:
    path = written(case, tmp_path) / "data" / "train.parquet"
    described = json.loads(pyarrow.parquet.read_schema(path).metadata[b"huggingface"])["info"]["features"]
    if case is PARQUET:
        assert described["spans"][0]["fragments"] == [[{"dtype": "int64", "_type": "Value"}]]
        assert list(described) == list(features.DOCUMENTS)
        return
    assert described["ner_tags"]["_type"] == "Sequence"
    names = ("O", "B-pledge", "I-pledge", "B-condition", "I-condition")
    assert features.class_names(described)["ner_tags",][:5] == names
    moved = tmp_path / "alone.parquet"
    path.rename(moved)
    assert {one["label"] for one in next(Reading(case.entry, moved, case.context()).lines())[1]["spans"]} == {
        "condition"
    }


@pytest.mark.parametrize("case", [TOKENS, TOKENS_PARQUET], ids=["jsonl", "parquet"])
def test_labels_that_the_codebook_lacks_get_tags_of_their_own(case: Case, tmp_path: Path) -> None:
    line = ukrainian()
    line["spans"][0]["label"] = "older"
    target = written(case, tmp_path, line)
    assert [one["label"] for one in read_back(case, target)[0]["spans"]] == ["older", "condition"]
    (tags,) = features.class_names(head(target)["dataset_info"]["features"]).values()
    assert tags[-2:] == ("B-older", "I-older")


def test_tokens_lose_what_is_declared_and_keep_the_longest_span() -> None:
    text = "We will help them.  If they agree"
    spans = [
        span(text, 3, 12, 1),
        span(text, 3, 17, 2, label="condition"),
        span(text, 18, 20, 3),
        span(text, 21, 24, 4),
    ]
    context = TOKENS.context()
    entry = kept(TOKENS, document(text, spans=spans, relations=[]), context)
    assert [(one["label"], one["fragments"]) for one in entry["spans"]] == [
        ("condition", [[3, 17]]),
        ("pledge", [[20, 27]]),
    ]
    losses = {loss.kind: (loss.count, loss.examples) for loss in context.losses.losses()}
    assert losses["spans that share a word with a longer one"] == (1, ("“will help”",))
    assert losses["spans without a word"] == (1, ("“”",))
    assert losses["edges of spans inside of words or in white space"] == (1, ("“f t”",))


def test_documents_lose_nothing_that_a_line_has() -> None:
    context = DOCUMENTS.context()
    kept(DOCUMENTS, ukrainian(), context)
    kept(DOCUMENTS, document(), context)
    assert context.losses.losses() == ()


def test_the_card_is_yaml_for_programs_and_a_page_for_people(tmp_path: Path) -> None:
    facts = CardFacts("Who promised what?", "CC-BY-4.0", (("Alpha", "0.71"),), (("Project", "p1"),))
    target = written(DOCUMENTS, tmp_path, facts=facts)
    data = head(target)
    assert (data["license"], data["language"], data["pretty_name"]) == ("cc-by-4.0", ["en", "uk"], "Pledges: a trial")
    assert data["size_categories"] == ["n<1K"]
    page = (target / "README.md").read_text("utf-8").split("---\n", 2)[2]
    for part in (
        "# Pledges: a trial",
        "- Alpha: 0.71",
        "- Project: p1",
        "Who promised what?",
        "## Licence\n\nCC-BY-4.0",
    ):
        assert part in page


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", {}),
        ("MIT", {"license": "mit"}),
        ("House rules, 2nd ed.", {"license": "other", "license_name": "house-rules-2nd-ed."}),
    ],
)
def test_licences_that_the_hub_does_not_know_are_named(tmp_path: Path, said: str, expected: dict[str, str]) -> None:
    data = head(written(DOCUMENTS, tmp_path, facts=CardFacts(licence=said)))
    assert {key: value for key, value in data.items() if key.startswith("license")} == expected


def test_size_categories_are_those_of_the_hub() -> None:
    found = [card.size_category(count) for count in (0, 999, 1_000, 10_000, 999_999, 1_000_000)]
    assert found == ["n<1K", "n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M"]


@each
def test_croissant_is_valid_and_gives_every_record(case: Case, tmp_path: Path) -> None:
    target = written(case, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlcroissant

        described = mlcroissant.Dataset(target / "croissant.json")
        records = list(described.records("test"))
    assert not described.metadata.issues.errors
    (record,) = records
    assert record["test/text"].decode() == UKRAINIAN
    if dict(case.options)["shape"] == "tokens":
        assert [token.decode() for token in record["test/tokens"]][:2] == ["Ми", "допоможемо"]
        return
    spans = record["test/spans"]
    assert [one["test/spans/quote"].decode() for one in spans] == ["Ми допоможемо Україні", "якщо рада погодиться"]
    assert [(one["test/spans/start"], one["test/spans/end"]) for one in spans] == [(0, 21), (24, 44)]
    assert spans[0]["test/spans/fragments"] == [[0, 21]]
    assert record["test/relations"][0]["test/relations/type"] == b"conditions"


@each
def test_croissant_has_the_hashes_of_the_files_as_the_manifest_does(case: Case, tmp_path: Path) -> None:
    target = written(case, tmp_path)
    files = json.loads((target / "manifest.json").read_bytes())["data"]["files"]
    described = json.loads((target / "croissant.json").read_bytes())
    assert {one["contentUrl"]: one["sha256"] for one in described["distribution"]}.items() <= files.items()
    assert {"README.md", "croissant.json"} <= files.keys()


@each
def test_folders_and_their_files_are_recognised(case: Case, tmp_path: Path) -> None:
    target = written(case, tmp_path)
    for path in (target, *(target / "data").iterdir()):
        assert recognised(path).name == "huggingface"
    with pytest.raises(DatasetError, match="no labelled format"):
        recognised(tmp_path)


def test_a_changed_row_of_our_own_still_comes_in_whole(tmp_path: Path) -> None:
    """A row that is not ours to the letter goes another way, which has to come out at the same place."""
    target = written(DOCUMENTS, tmp_path)
    before = list(Reading(DOCUMENTS.entry, target, DOCUMENTS.context()).lines())
    for path in (target / "data").iterdir():
        changed = [{**row, "mine": 1} for row in rows(path)]
        path.write_text("".join(json.dumps(row) + "\n" for row in changed), "utf-8")
    assert list(Reading(DOCUMENTS.entry, target, DOCUMENTS.context()).lines()) == before


def test_a_second_document_of_the_same_id_is_a_problem(tmp_path: Path) -> None:
    target = written(DOCUMENTS, tmp_path)
    path = target / "data" / "train.jsonl"
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(DatasetError, match=r"document d1 was in place 1 already"):
        list(Reading(DOCUMENTS.entry, target, DOCUMENTS.context()).lines())


def test_a_folder_is_written_again_over_an_older_one(tmp_path: Path) -> None:
    written(PARQUET, tmp_path, document(), ukrainian())
    target = written(DOCUMENTS, tmp_path, document())
    assert [path.name for path in (target / "data").iterdir()] == ["train.jsonl"]


def test_parquet_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = written(PARQUET, tmp_path)
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"Install annotator\[parquet\], or use JSON Lines"):
        read_back(PARQUET, target)
    task = ExportTask(PARQUET.entry, PARQUET.context(), tmp_path / "new")
    with pytest.raises(UserError, match=r"Install annotator\[parquet\]"):
        exporting.export([document()], task)
    assert not (tmp_path / "new").exists()
    written(DOCUMENTS, tmp_path, document())


def test_a_large_dataset_is_read_in_pieces(tmp_path: Path) -> None:
    """Row groups stay small, so that a reader never holds more than a few documents' worth."""
    text = "We will help. " * 20_000
    target = written(PARQUET, tmp_path, *(document(text, number, spans=[], relations=[]) for number in range(30)))
    found = pyarrow.parquet.ParquetFile(target / "data" / "train.parquet")
    assert found.num_row_groups > 1
    assert sum(found.metadata.row_group(i).num_rows for i in range(found.num_row_groups)) == 30
