"""The sample texts and their tags, held against each other and against the codebook."""

import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from annotator import paths
from annotator.core.codebook import Codebook, check_value
from annotator.core.records import Fragment
from annotator.formats.codebooks import default_codebook
from annotator.formats.documents.markdown.reader import read_markdown
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.samples import SampleTags, locate, read_tags

FOLDER = paths.resources() / "samples"
TEXTS = sorted(FOLDER.glob("*.md"))
TYPOGRAPHY = re.compile(r"[\"']")


@cache
def body(path: Path) -> str:
    """Return the canonical text of a sample."""
    return imported(path).text


def imported(path: Path) -> ReadDocument:
    return read_markdown(SourceFile(path.name, path.read_bytes()))


def tags_of(path: Path) -> SampleTags:
    return read_tags(path.with_name(f"{path.stem}.tags.toml"))


def hulls(path: Path) -> list[Fragment]:
    text = body(path)
    spots = [locate(span, text) for span in tags_of(path).spans]
    return [(spot[0][0], spot[-1][1]) for spot in spots]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return default_codebook()


def test_there_are_three_and_each_has_its_tags() -> None:
    assert len(TEXTS) == 3
    assert len(list(FOLDER.glob("*.tags.toml"))) == 3


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
class TestSample:
    def test_front_matter_names_title_date_and_source(self, path: Path) -> None:
        document = imported(path)
        assert document.title == document.text.partition("\n")[0]
        assert document.date
        assert document.url.startswith("https://example.org/")
        assert document.warnings == ()

    def test_has_the_length_of_a_page(self, path: Path) -> None:
        assert 350 <= len(body(path).split()) <= 600
        assert not TYPOGRAPHY.search(body(path))

    def test_quotes_stand_in_the_text_as_whole_words(self, path: Path) -> None:
        text = body(path)
        for span in tags_of(path).spans:
            fragments = locate(span, text)
            assert "\n" not in text[fragments[0][0] : fragments[-1][1]], span.key
            for start, end in fragments:
                assert not text[start - 1 : start].isalnum(), span.key
                assert not text[end].isalnum(), span.key

    def test_labels_and_attributes_are_the_codebooks(self, path: Path, codebook: Codebook) -> None:
        for span in tags_of(path).spans:
            known = {attribute.key for attribute in codebook.attributes_for(span.label)}
            for key, value in span.attributes.items():
                assert key in known, span.key
                assert check_value(codebook.attribute_by_key(key), value) == value

    def test_relations_are_allowed_and_conditions_linked(self, path: Path, codebook: Codebook) -> None:
        tags = tags_of(path)
        labels = {span.key: span.label for span in tags.spans}
        for relation in tags.relations:
            kind = codebook.relation_by_key(relation.type)
            assert codebook.allowed(kind, labels[relation.source], labels[relation.target]), relation
        linked = {relation.source for relation in tags.relations if relation.type == "conditions"}
        assert linked == {key for key, label in labels.items() if label == "condition"}
        targets = {labels[relation.target] for relation in tags.relations if relation.type == "conditions"}
        assert targets == {"pledge", "signal_to_russia"}

    def test_holds_all_four_labels(self, path: Path, codebook: Codebook) -> None:
        assert {span.label for span in tags_of(path).spans} == {label.key for label in codebook.labels}

    def test_holds_nested_and_discontinuous_spans(self, path: Path) -> None:
        assert any(a[0] <= b[0] and b[1] <= a[1] and a != b for a in hulls(path) for b in hulls(path))
        assert any(len(span.quotes) > 1 for span in tags_of(path).spans)


def test_overlapping_and_identical_spans_occur() -> None:
    pairs = [pair for path in TEXTS for pair in combinations(sorted(hulls(path)), 2)]
    assert any(a[0] < b[0] < a[1] < b[1] for a, b in pairs)
    assert any(a == b for a, b in pairs)


def test_one_sample_is_in_ukrainian() -> None:
    assert sum(bool(re.search("[іїєґ]", body(path))) for path in TEXTS) == 1
