import json
import os
from pathlib import Path
from typing import Any

import pytest

from annotator.core.canonical import canonical_json
from annotator.core.codebook import Codebook, check_value, codebook_from_data, codebook_to_data
from annotator.core.errors import CodebookError
from annotator.formats.codebooks import SIZE_LIMIT, default_codebook, read_codebook

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("ANNOTATOR_CORPUS", ROOT.parent / "shared" / "corpus"))
GOLD = ("seed_gold.jsonl", "g7_2022-10-11_gold.jsonl")


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return default_codebook()


def gold(name: str) -> list[dict[str, Any]]:
    path = CORPUS / "seed" / name
    if not path.is_file():
        pytest.skip(f"The corpus is not here: no {name}.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def typed(value: Any) -> str:
    """Return the value as a person would type it after `--attr KEY=`."""
    if isinstance(value, list):
        return "; ".join(value)
    return value if isinstance(value, str) else json.dumps(value)


def test_the_four_labels_stand_in_order(codebook: Codebook) -> None:
    assert [(label.key, label.digit, label.initial, label.pattern) for label in codebook.labels] == [
        ("pledge", 1, "P", "solid"),
        ("condition", 2, "C", "dash"),
        ("criticism", 3, "K", "dot"),
        ("signal_to_russia", 4, "S", "dash-dot"),
    ]
    for label in codebook.labels:
        assert label.definition
        assert label.boundary
        assert label.includes
        assert label.excludes
        assert 3 <= len(label.examples) <= 4


def test_the_inspector_shows_what_belongs_to_a_label(codebook: Codebook) -> None:
    names = [attribute.name for attribute in codebook.attributes_for("condition")]
    assert names[:5] == ["Speaker", "Target", "Type", "Imposed by", "Met by"]
    assert names.index("Attribution") > names.index("Status")
    assert names.index("Certainty") > names.index("Attribution")
    assert all(len(attribute.name) <= 16 for attribute in codebook.attributes)


def test_shipped_codebook_survives_its_data(codebook: Codebook) -> None:
    assert codebook_from_data(codebook_to_data(codebook), "data") == codebook


def test_ids_stand_in_the_file() -> None:
    source = (ROOT / "resources" / "codebooks" / "political-text.toml").read_text(encoding="utf-8")
    assert source.count("\nid = ") == 1 + sum(map(source.count, ("[[labels]]", "[[attributes]]", "[[relations]]")))


@pytest.mark.parametrize("name", GOLD)
def test_gold_attributes_come_back_as_they_were(codebook: Codebook, name: str) -> None:
    spans = [row for row in gold(name) if row["type"] == "span"]
    assert spans
    for span in spans:
        keys = {attribute.key for attribute in codebook.attributes_for(span["label"])}
        for key, value in span["attributes"].items():
            assert key in keys, f"{span['id']}: {key}"
            attribute = codebook.attribute_by_key(key)
            assert canonical_json(check_value(attribute, typed(value))) == canonical_json(value)
            assert canonical_json(check_value(attribute, value)) == canonical_json(value)


@pytest.mark.parametrize("name", GOLD)
def test_gold_relations_are_allowed(codebook: Codebook, name: str) -> None:
    rows = gold(name)
    labels = {row["id"]: row["label"] for row in rows if row["type"] == "span"}
    relations = [row for row in rows if row["type"] == "relation"]
    assert relations
    for row in relations:
        relation = codebook.relation_by_key(row["label"])
        assert codebook.allowed(relation, labels[row["source"]], labels[row["target"]]), row["id"]


def test_a_condition_cannot_be_conditioned_by_a_pledge(codebook: Codebook) -> None:
    assert not codebook.allowed(codebook.relation_by_key("conditions"), "pledge", "condition")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'format = "x"\nname = "\xff"\n', r"bad\.toml, line 2: not UTF-8"),
        (b'format = "x"\n\nname = \n', r"bad\.toml, line 3: not TOML \("),
        (b'format = "x"\nname = "', r"bad\.toml, line 2: not TOML \("),
        (b"a = " + b"[" * 100_000, r"bad\.toml, line 1: not TOML"),
        (b"a = " + b"1" * 10_000, r"bad\.toml, line 1: not TOML"),
        (b"", r"bad\.toml is not a codebook"),
        (b"a = 1", r"bad\.toml is not a codebook"),
        (b"#" * (SIZE_LIMIT + 1), r"bad\.toml is larger than 2 MiB"),
    ],
)
def test_bad_file_is_refused_by_name_and_line(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(CodebookError, match=says):
        read_codebook(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(CodebookError, match="cannot be read: "):
            read_codebook(path)


def test_byte_order_mark_is_no_obstacle(tmp_path: Path, codebook: Codebook) -> None:
    source = (ROOT / "resources" / "codebooks" / "political-text.toml").read_bytes()
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + source)
    assert read_codebook(path) == codebook
