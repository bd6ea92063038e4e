"""The data card says what is known, names what is not, and cannot be broken by what a project holds."""

from __future__ import annotations

from dataclasses import replace

import markdown
import pytest

from annotator.formats.codebooks import default_codebook
from annotator.formats.datasets.data_card import CardCounts, CardFacts, DataCard
from annotator.formats.datasets.losses import Loss
from tests.formats.dataset_examples import document

CODEBOOK = default_codebook()


def counts(*lines: dict[str, object]) -> CardCounts:
    found = CardCounts()
    for line in lines or (document(), document(number=2, split="test", read=[])):
        found.add(line)
    return found


def card(**changes: object) -> str:
    return replace(DataCard("Pledges", CODEBOOK, counts()), **changes).text()  # type: ignore[arg-type]


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_everything_of_the_codebook_is_there() -> None:
    text = card()
    for label in CODEBOOK.labels:
        assert f"### {label.name} (`{label.key}`)" in text
        assert label.definition in text
    for attribute in CODEBOOK.attributes:
        assert f"| `{attribute.key}` |" in text
    for relation in CODEBOOK.relations:
        assert f"| `{relation.key}` |" in section(text, "Relations")


def test_what_is_counted() -> None:
    text = card()
    assert "Documents: 2. Labelled spans: 4. Relations between spans: 2." in text
    assert "| `condition` | Condition | 2 |" in text
    assert "| none | 1 | 2 |\n| test | 1 | 2 |" in text
    assert "Documents that do not say what of them was read: 1." in section(text, "What is not in it")


def test_an_entry_with_gaps_is_counted_too() -> None:
    found = counts({"text": "abc", "spans": [{"id": "s1", "label": "x", "fragments": [[0, 1]]}]})
    assert (found.spans, found.labels["x"], found.layers, found.languages) == (1, 1, {}, {"": 1})


def test_what_nobody_said_is_named_as_missing() -> None:
    text = card()
    assert "No licence is stated" in section(text, "Licence")
    assert "Nothing is stated on how far people agreed" in section(text, "Agreement")


def test_what_was_said_is_there_as_it_was_said() -> None:
    facts = CardFacts("Why?", "CC0-1.0", (("Alpha", "0.71"),), (("Project", "p"),), (("Layer", "gold"),))
    text = card(facts=facts, format="JSONL", options={"unread": "keep"}, losses=[Loss("notes on spans", 3, ("“a”",))])
    assert section(text, "Licence").strip() == "CC0-1.0"
    assert section(text, "Agreement").strip() == "- Alpha: 0.71"
    assert "- Layer: gold\n- unread: keep" in section(text, "How it was chosen")
    assert "- Project: p\n- Format: JSONL\n- Codebook: " in section(text, "Where it comes from")
    assert "| notes on spans | 3 | “a” |" in section(text, "What is not in it")


@pytest.mark.parametrize("hostile", ["<script>x</script>", "a | b", "# x\n\n# y", "![x](http://x)", "`</code>`", "---"])
def test_names_of_the_project_stay_text(hostile: str) -> None:
    label = replace(CODEBOOK.labels[0], name=hostile, definition=hostile, examples=(hostile,))
    attribute = replace(CODEBOOK.attributes[0], name=hostile, description=hostile, choices=((hostile, hostile),))
    codebook = replace(CODEBOOK, labels=(label,), attributes=(attribute,), name=hostile)
    plain = _shape(markdown.markdown(card(codebook=_named("x", codebook)), extensions=["tables"]))
    found = markdown.markdown(card(title=hostile, codebook=codebook), extensions=["tables"])
    assert "<script>" not in found and "<img" not in found
    assert _shape(found) == plain


def _named(name: str, codebook):  # type: ignore[no-untyped-def]
    label = replace(codebook.labels[0], name=name, definition=name, examples=(name,))
    attribute = replace(codebook.attributes[0], name=name, description=name, choices=((name, "y"),))
    return replace(codebook, labels=(label,), attributes=(attribute,), name=name)


def _shape(html: str) -> list[int]:
    return [html.count(f"<{tag}>") for tag in ("h1", "h2", "h3", "li", "tr", "td", "table", "hr")]
