"""What is known of a document's text besides its characters: headings, lists, emphasis, sentences.

A structure is frozen at import with the text and stored beside it as canonical JSON, so two documents
with the same text and structure share one blob.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.core.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class FormatRange:
    """A stretch `[start, end)` in code points that is set off from plain text.

    `kind` is one of heading, paragraph, list_item, quote, table_row, footnote, emphasis, strong, code, link, speaker.

    `level` is the heading's level (1 to 6), the list item's or quote's depth (from 1), else 0. `data` holds what
    a kind needs besides: `marker` of a list item ("•", "3.") or a footnote ("1"), `url` of a link (shown, never
    opened), `speaker` and `name_end` of a speaker's turn: the name, and the code point after it and its colon.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Structure:
    """Format ranges in order of (start, -end), and sentences as ordered, disjoint `[start, end)` pairs."""

    ranges: tuple[FormatRange, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()


def encode_structure(structure: Structure) -> bytes:
    """Return the canonical JSON that `decode_structure` reads."""
    return canonical_json(
        {
            "ranges": [[r.kind, r.start, r.end, r.level, dict(r.data)] for r in structure.ranges],
            "sentences": [list(pair) for pair in structure.sentences],
        }
    ).encode()


def decode_structure(data: Mapping[str, Any]) -> Structure:
    """Return the structure held by parsed JSON of `encode_structure`."""
    return Structure(
        ranges=tuple(FormatRange(kind, start, end, level, extra) for kind, start, end, level, extra in data["ranges"]),
        sentences=tuple((start, end) for start, end in data["sentences"]),
    )
