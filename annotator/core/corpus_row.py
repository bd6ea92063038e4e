"""One row of the table of all annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Key = tuple[Any, ...]
"""Where a row stands: the place of its segment where the order has segments, then the columns of the order."""


@dataclass(slots=True)
class CorpusRow:
    """One annotation with what its document says of itself; positions are code points.

    `text_hash` names the document's text; `fragments` are given where there are several. What stands in the text is
    filled in by whoever has read that, and put on one line when it is asked for.
    """

    id: str
    document: str
    title: str
    date: str
    format: str
    file: str
    language: str
    layer: str
    label: str
    annotator: str
    created: str
    origin: str
    start: int
    end: int
    text_hash: str
    document_created: str
    key: Key
    fragments: tuple[tuple[int, int], ...] = ()
    text_before: str = ""
    text: str = ""
    text_after: str = ""

    @property
    def before(self) -> str:
        """Return what comes before the span, on one line."""
        return " ".join(self.text_before.split())

    @property
    def span(self) -> str:
        """Return the text of the span on one line, its beginning where it is long."""
        return " ".join(self.text.split())

    @property
    def after(self) -> str:
        """Return what comes after the span, on one line."""
        return " ".join(self.text_after.split())
