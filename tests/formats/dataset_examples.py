"""A dataset line to start from: short, with everything that is awkward in a text."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from annotator.formats.datasets import jsonl

TEXT = "We will help 🇺🇦 👩‍👩‍👧 if the council agrees.\u2028Ні\u0301!\u0085\u2029\x00"


def span(text: str, start: int, end: int, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "label": "pledge",
        "start": start,
        "end": end,
        "fragments": [[start, end]],
        "quote": text[start:end],
        "attributes": {"speaker": "the allies", "hedged": False, "specificity": 2, "timeframe": None},
        "annotator": "a1",
        "layer": "gold",
        "round": "production",
        "origin": "manual",
        "score": None,
        "decided_from": [],
        "codebook": 3,
        "created": "2024-05-01T10:00:00Z",
        "note": "",
        "pages": [{"page": 1, "boxes": [[72.0, 90.5, 210.0, 102.25]]}],
    } | changes


def relation(source: str, target: str, number: int = 1) -> dict[str, Any]:
    ends = {"from": source, "to": target}
    tail = {"annotator": "a1", "layer": "gold", "created": "2024-05-01T10:00:00Z", "note": ""}
    return {"id": f"r{number}", "type": "conditions"} | ends | tail


def document(text: str = TEXT, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "schema": "annotator-jsonl/1",
        "id": f"d{number}",
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "offset_unit": "codepoint",
        "source": {"file": "a.md", "format": "markdown", "title": "A", "date": "", "url": "", "language": "en"},
        "spans": [span(text, 3, 12), span(text, 3, 20, 2, fragments=[[3, 7], [15, 20]], label="condition")],
        "relations": [relation("s2", "s1")],
        "sentences": [[0, 10]],
        "read": [[0, len(text)]],
        "codebook": {"id": "c", "version": 3},
        "status": "approved",
        "statuses": [],
        "split": None,
        "duplicate_group": None,
    } | changes


def written(path: Path, *documents: dict[str, Any]) -> jsonl.WriteReport:
    return jsonl.write(documents or (document(),), path, manifest={"program": "test"})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
