"""JSON files of other programs: every layout gives the same objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.datasets import json_items
from annotator.formats.datasets.json_items import items

OBJECTS = [{"text": "one,\nтекст"}, {"text": "[two]", "spans": [{"start": 1.5}]}, {"text": "three]"}]
LINES = [json.dumps(one) for one in OBJECTS]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(LINES),
        "\r\n\r\n".join(LINES),
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=2),
        "\n".join(json.dumps(one, indent=1) for one in OBJECTS),
        "[\n" + ",\n".join(LINES) + "\n]\n",
        "\ufeff[\n" + "\n,".join(LINES) + "\n]",
        "[\r\n  " + ",\r\n  ".join(LINES) + "\r\n]\r\n\r\n",
        "[\n" + LINES[0] + ",\n" + LINES[1] + ", " + LINES[2] + "\n]",
        "[\n" + LINES[0] + ",\n" + json.dumps(OBJECTS[1], indent=1) + ",\n" + LINES[2] + "]",
    ],
)
def test_every_layout_gives_the_same_objects(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content.encode())
    found = list(items(path))
    assert [data for _, data in found] == OBJECTS
    assert sorted(number for number, _ in found) == [number for number, _ in found]


def test_an_array_with_an_item_a_line_needs_no_streaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Iterator[Any]:
        raise AssertionError

    monkeypatch.setattr(json_items, "_streamed", never)
    path = tmp_path / "a.json"
    path.write_text("[\n" + "\n,".join(LINES) + "\n]\n")
    assert [data for _, data in items(path)] == OBJECTS


@pytest.mark.parametrize(
    "content",
    [
        "[\n" + LINES[0] + "\n" + LINES[1] + "\n]",
        "[\n" + LINES[0] + ",\n]",
        "[\n" + LINES[0] + "\n",
        "[\n" + LINES[0] + "\n]\n]",
        "[\n" + LINES[0] + ",\n" + '{"text": "\\ud800"}\n]',
    ],
    ids=["no comma", "comma at the end", "cut off", "more after it", "half a character"],
)
def test_a_broken_array_is_said_after_its_sound_items(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    found = []
    with pytest.raises(DatasetError, match=r"a\.json.*after item \d"):
        found.extend(items(path))
