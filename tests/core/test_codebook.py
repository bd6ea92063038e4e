import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.attribute_values import ATTRIBUTE_TYPES
from annotator.core.canonical import canonical_json
from annotator.core.codebook import (
    FORMAT,
    PATTERNS,
    Codebook,
    check_value,
    codebook_from_data,
    codebook_to_data,
)
from annotator.core.errors import CodebookError, NotFoundError
from annotator.core.records import AttributeDefinition, Label, RelationType

ID = "11111111-1111-4111-8111-111111111111"
COLOURS = {"light": "#0b7a5c", "dark": "#3ecf9f"}


def small() -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": ID,
        "name": "Small",
        "version": 1,
        "labels": [
            {"key": "act", "name": "Act", "digit": 1, **COLOURS},
            {"key": "promise", "name": "Promise", "digit": 2, "parent": "act", **COLOURS},
            {"key": "caveat", "name": "Caveat", **COLOURS},
        ],
        "attributes": [
            {"key": "speaker", "name": "Speaker", "type": "entity"},
            {"key": "kind", "name": "Type", "type": "choice", "choices": [["aid", "Aid"]], "labels": ["act"]},
            {"key": "sort", "name": "Type", "type": "text", "labels": ["caveat"]},
            {"key": "old", "name": "Old", "type": "text", "retired": True},
        ],
        "relations": [{"key": "limits", "name": "Limits", "sources": ["caveat"], "targets": ["act"]}],
    }


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(small())
    *parents, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place: Any = data
    for step in parents:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


def test_entries_get_ids_positions_patterns_and_initials() -> None:
    codebook = codebook_from_data(small(), "small.toml")
    assert [label.position for label in codebook.labels] == [0, 1, 2]
    assert [label.pattern for label in codebook.labels] == ["solid", "dash", "dot"]
    assert [label.initial for label in codebook.labels] == ["A", "P", "C"]
    assert codebook.labels[1].parent == codebook.labels[0].id
    assert codebook == codebook_from_data(small(), "elsewhere.toml")
    assert len({label.id for label in codebook.labels}) == 3


def test_look_ups() -> None:
    codebook = codebook_from_data(small(), "small.toml")
    assert codebook.label_by_key("caveat").name == "Caveat"
    assert codebook.attribute_by_key("sort").labels == ("caveat",)
    assert codebook.relation_by_key("limits").targets == ("act",)
    assert [a.key for a in codebook.attributes_for("caveat")] == ["speaker", "sort"]
    assert [a.key for a in codebook.attributes_for("promise")] == ["speaker", "kind"]


@pytest.mark.parametrize("look_up", ["label_by_key", "attribute_by_key", "relation_by_key", "attributes_for"])
def test_look_up_of_the_unknown_says_what_is_known(look_up: str) -> None:
    codebook = codebook_from_data(small(), "small.toml")
    with pytest.raises(NotFoundError, match=r"has no .* “xyz”; it has: "):
        getattr(codebook, look_up)("xyz")


def test_relation_is_allowed_between_its_labels_and_those_below_them() -> None:
    codebook = codebook_from_data(small(), "small.toml")
    limits = codebook.relation_by_key("limits")
    assert codebook.allowed(limits, "caveat", "act")
    assert codebook.allowed(limits, "caveat", "promise")
    assert not codebook.allowed(limits, "act", "act")
    assert not codebook.allowed(limits, "caveat", "caveat")
    assert codebook.allowed(RelationType(ID, "any", "Any", 0), "act", "caveat")


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("format", ..., "is not a codebook"),
        ("format", "annotator-codebook/9", "is not a codebook"),
        ("id", ..., "has no id: add id = “"),
        ("id", "1", "“id” of the codebook must be a UUID"),
        ("version", "1", "“version” of the codebook"),
        ("version", True, "“version” of the codebook"),
        ("labels", ..., "“labels” of the codebook must be a list of tables"),
        ("labels", [1], "“labels” of the codebook must be a list of tables"),
        ("colour", "red", "the codebook has the unknown field “colour”"),
        ("labels.0.colour", "red", r"label 1 \(“act”\) has the unknown field “colour”"),
        ("labels.0.key", "Big Act", "“key” of label 1 .* must be a key of small letters"),
        ("labels.0.key", "caveat", "two labels have the key “caveat”"),
        ("labels.0.name", "CAVEAT", "two labels have the name “caveat”"),
        ("labels.0.name", "a\0b", "“name” of label 1"),
        ("labels.0.name", " ", "“name” of label 1"),
        ("labels.0.digit", 2, "two labels have the digit “2”"),
        ("labels.0.digit", 0, "“digit” of label 1 .* from 1 to 9"),
        ("labels.0.light", "green", "“light” of label 1 .* a colour such as"),
        ("labels.0.dark", ..., "“dark” of label 1 .* a colour such as"),
        ("labels.0.pattern", "wavy", "“pattern” of label 1 .* one of solid"),
        ("labels.0.examples", "one", "“examples” of label 1 .* a list of texts"),
        ("labels.0.parent", "nothing", "“parent” of label “act” names the label “nothing”"),
        ("labels.0.parent", "promise", "is above itself"),
        ("labels.0.parent", "act", "is above itself"),
        ("labels.0.id", ID.upper().replace("1111", "AAAA"), "“id” of label 1 .* a UUID"),
        ("attributes.0.type", "colour", "“type” of attribute 1 .* one of choice"),
        ("attributes.0.key", "kind", "two attributes have the key “kind”"),
        ("attributes.0.name", "Type", "two attributes of label “act” have the name “type”"),
        ("attributes.0.labels", ["ghost"], "“labels” of attribute “speaker” names the label “ghost”"),
        ("attributes.0.choices", [["a", "A"]], "attribute “speaker” has the type entity and must have no choices"),
        ("attributes.1.choices", [], "attribute “kind” .* at least one choice"),
        ("attributes.1.choices", [["a"]], "“choices” of attribute 2 .* pairs"),
        ("attributes.1.choices", [["a", "A"], ["a", "B"]], "two choices of attribute “kind” have the choice “a”"),
        ("attributes.1.default", "b", "the default does not fit: .*“kind”"),
        ("attributes.0.required", "yes", "“required” of attribute 1 .* true or false"),
        ("relations.0.sources", ["ghost"], "“sources” of relation type “limits” names the label “ghost”"),
        ("relations.0.targets", ["ghost"], "“targets” of relation type “limits” names the label “ghost”"),
        ("condition_words", "if", "“condition_words” of the codebook"),
    ],
)
def test_contradiction_is_refused_in_one_sentence(path: str, value: Any, says: str) -> None:
    with pytest.raises(CodebookError, match=says) as refusal:
        codebook_from_data(changed(path, value), "small.toml")
    assert str(refusal.value).startswith("small.toml")


def test_ids_are_unique_across_kinds() -> None:
    data = changed("labels.0.id", ID)
    data["attributes"][0]["id"] = ID
    with pytest.raises(CodebookError, match="two entries have the id"):
        codebook_from_data(data, "small.toml")


def test_number_takes_numbers_as_choices_only() -> None:
    data = changed("attributes.0", {"key": "n", "name": "N", "type": "number", "choices": [["0", "No"]], "default": 0})
    assert codebook_from_data(data, "small.toml").attribute_by_key("n").default == 0
    data["attributes"][0]["choices"] = [["no", "No"]]
    with pytest.raises(CodebookError, match="the choices of attribute “n” must be numbers"):
        codebook_from_data(data, "small.toml")


_KEYS = st.from_regex(r"[a-z][a-z0-9]{0,3}(_[a-z0-9]{1,3})?", fullmatch=True)
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_TEXTS = st.lists(_TEXT, max_size=2).map(tuple)
_COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
_DEFAULTS = {
    "choice": st.sampled_from(["a", "b"]),
    "choices": st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True),
    "number": st.integers(-99, 99) | st.floats(-9, 9),
    "boolean": st.booleans(),
    "date": st.dates().map(str),
    "texts": st.lists(_TEXT.filter(str.strip).map(str.strip), min_size=1, max_size=2),
    "text": _TEXT.filter(str.strip).map(str.strip),
    "entity": _TEXT.filter(str.strip).map(str.strip),
}


def _subset(keys: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(keys), unique=True, max_size=2).map(tuple) if keys else st.just(())


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    ids = st.uuids().map(str)
    label_keys = draw(st.lists(_KEYS, unique=True, max_size=4))
    labels: list[Label] = []
    for n, key in enumerate(label_keys):
        parent = draw(st.sampled_from([None, *(label.id for label in labels)]))
        digit = draw(st.sampled_from([None, n + 1]))
        pattern, colour = draw(st.sampled_from(PATTERNS)), draw(_COLOURS)
        label = Label(
            draw(ids), key, f"L{n}", digit, colour, draw(_COLOURS), pattern, "Ж", n * 2, parent, draw(st.booleans())
        )
        labels.append(label)
    attributes = []
    for n, key in enumerate(draw(st.lists(_KEYS, unique=True, max_size=4))):
        kind = draw(st.sampled_from(ATTRIBUTE_TYPES))
        choices = (("a", "A"), ("b", "É")) if kind in ("choice", "choices") else ()
        default = draw(st.none() | _DEFAULTS[kind])
        on, needed = draw(_subset(label_keys)), draw(st.booleans())
        attributes.append(
            AttributeDefinition(draw(ids), key, f"A{n}", kind, n, choices, on, needed, default, draw(_TEXT))
        )
    relations = [
        RelationType(draw(ids), key, f"R{n}", n, draw(_subset(label_keys)), draw(_subset(label_keys)), draw(_TEXT))
        for n, key in enumerate(draw(st.lists(_KEYS, unique=True, max_size=3)))
    ]
    words = tuple(draw(st.lists(st.sampled_from(["if", "якщо", "à condition que"]), max_size=2)))
    return Codebook(
        draw(ids), "Name", draw(st.integers(1, 99)), tuple(labels), tuple(attributes), tuple(relations), words
    )


@given(codebooks())
def test_data_is_an_exact_inverse_through_json(codebook: Codebook) -> None:
    data = json.loads(canonical_json(codebook_to_data(codebook)))
    again = codebook_from_data(data, "data")
    assert again == codebook
    assert canonical_json(codebook_to_data(again)) == canonical_json(data)
    for attribute in again.attributes:
        assert type(check_value(attribute, attribute.default)) is type(attribute.default)
