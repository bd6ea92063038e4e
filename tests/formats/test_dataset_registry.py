"""The table of dataset formats, and the report of what they lose."""

import re
from pathlib import Path

import pytest

from annotator.core.errors import UserError
from annotator.formats.datasets.losses import EXAMPLES_KEPT, Loss, LossCollector
from annotator.formats.datasets.registry import dataset_formats, format_named


def test_every_format_has_what_its_entry_promises() -> None:
    for entry in dataset_formats():
        implementation = entry.implementation()
        assert hasattr(implementation, "read") == entry.reads
        assert hasattr(implementation, "write") == entry.writes
        assert entry.title and entry.loses
        assert all(extension.startswith(".") for extension in entry.extensions)
        assert format_named(entry.name) is entry


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"no dataset format “exel”\. Choose one of: .*jsonl"):
        format_named("exel")


def test_losses_are_counted_with_a_few_examples_each_once() -> None:
    collector = LossCollector()
    for number in range(9):
        collector.add("note", f"n{number}")
        collector.add("note", "n0")
    collector.add("page", "p1", 4)
    note, page = collector.losses()
    assert note == Loss("note", 18, tuple(f"n{number}" for number in range(EXAMPLES_KEPT)))
    assert page.as_data() == {"kind": "page", "count": 4, "examples": ["p1"]}


def test_the_guide_has_a_page_on_every_format_in_order() -> None:
    guide = (Path(__file__).parents[2] / "resources" / "guide" / "formats.md").read_text("utf-8")
    sections = re.findall(r"(?m)^## (.+) \((\S+)\)$", guide)
    assert sections == [(entry.title, entry.name) for entry in dataset_formats()]
    rows = re.findall(r"(?m)^\| (.+?) \| `(\S+)` \|", guide)[: len(sections)]
    assert rows == sections
    assert all(
        f"`{option.name}" in guide or f"`{option.name}=" in guide for e in dataset_formats() for option in e.options
    )
