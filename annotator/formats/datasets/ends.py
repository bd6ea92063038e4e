"""Lines and entries that lose some of their spans: a relation goes with either of its ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def with_spans(line: Mapping[str, Any], spans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a line or an entry with these spans, and the relations between them alone."""
    there = {span["id"] for span in spans}
    relations = [one for one in line.get("relations", ()) if one["from"] in there and one["to"] in there]
    return {**line, "spans": list(spans), "relations": relations}
