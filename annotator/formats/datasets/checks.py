"""What must hold of a dataset line beyond its types: every offset proves itself against the text.

Positions are code points of the line's text, half-open.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from annotator.core.errors import UserError

Line = TypeVar("Line")


class LineError(UserError):
    """What is wrong with a line, before it is known which file and line; a sentence that begins in the middle."""


def check_meaning(line: Line) -> Line:
    """Return the line, whose types are right, if its content is right too.

    Raises:
        LineError: Naming the first span, relation or range that is wrong.
    """
    document: Any = line
    _check_text(document)
    _check_spans(document["spans"], document["text"])
    _check_references(document)
    for name in ("sentences", "read"):
        _check_ranges(name, document[name], len(document["text"]))
    return line


def _check_text(document: Any) -> None:
    found = hashlib.sha256(document["text"].encode()).hexdigest()
    if found != document["text_sha256"]:
        raise LineError(
            "the text of document {document} was changed after it was exported: SHA-256 {found}, not {expected}.",
            document=document["id"],
            found=found,
            expected=document["text_sha256"],
        )


def _check_spans(spans: list[Any], text: str) -> None:
    # The plain case in one pass: one fragment, and a quote that is not empty, so that start < end within the text.
    doubtful = [
        span
        for span in spans
        if not (quote := span["quote"])
        or text[(start := span["start"]) : (end := span["end"])] != quote
        or len(quote) != end - start
        or span["fragments"] != [[start, end]]
    ]
    for span in doubtful:
        _check_span(span, text)


def _check_span(span: Any, text: str) -> None:
    start, end, name = span["start"], span["end"], span["id"]
    if not 0 <= start < end <= len(text):
        raise LineError(
            "span {span} is {start} to {end}, which is no stretch of a text of {length} characters.",
            span=name,
            start=start,
            end=end,
            length=len(text),
        )
    if text[start:end] != span["quote"]:
        raise LineError(
            "the quote of span {span} is not the text from {start} to {end}: “{quote}”, not “{found}”.",
            span=name,
            start=start,
            end=end,
            quote=shortened(span["quote"]),
            found=shortened(text[start:end]),
        )
    fragments = span["fragments"]
    if not are_ordered(fragments) or fragments[0][0] != start or fragments[-1][1] != end:
        raise LineError(
            "the fragments of span {span} are not ordered and apart from {start} to {end}.",
            span=name,
            start=start,
            end=end,
        )


def _check_references(document: Any) -> None:
    spans = {span["id"] for span in document["spans"]}
    relations = document["relations"]
    if len(spans | {r["id"] for r in relations}) != len(document["spans"]) + len(relations):
        ids = Counter(item["id"] for item in (*document["spans"], *relations))
        raise LineError("the id {id} is used twice in the line.", id=ids.most_common(1)[0][0])
    for relation in relations:
        for end in ("from", "to"):
            if relation[end] not in spans:
                raise LineError(
                    "relation {relation} ends at the span {span}, which is not in the line.",
                    relation=relation["id"],
                    span=relation[end],
                )


def _check_ranges(name: str, ranges: Sequence[Sequence[int]], length: int) -> None:
    if ranges and (not are_ordered(ranges) or ranges[0][0] < 0 or ranges[-1][1] > length):
        raise LineError(
            "the ranges in {ranges} are not ordered and apart within a text of {length} characters.",
            ranges=name,
            length=length,
        )


def are_ordered(ranges: Sequence[Sequence[int]]) -> bool:
    """Say whether every range holds something and none begins before the last one ended."""
    last = 0
    for start, end in ranges:
        if not last <= start < end:
            return False
        last = end
    return True


def shortened(text: str, limit: int = 60) -> str:
    """Return at most `limit` characters of the text, with an ellipsis where more was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
