"""Dataset lines as Prodigy's examples: an example for each layer of a document, with tokens whose edges spans share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.formats.datasets.entries import Entry, SpanEntry
from annotator.formats.datasets.extras import OWN, extras_of_document, extras_of_relation, extras_of_span
from annotator.formats.datasets.tokens import tokens_of

META_OF_SOURCE = {key: key for key in ("title", "date", "url", "language", "file", "format")}
"""Where the `meta` of an example say where its text is from."""

DOCUMENT = "document"
"""The key of `meta` for the id of the document."""

_Group = tuple[str, str]


def examples_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """Yield the examples of a document, one without spans where it has none."""
    groups: dict[_Group, list[SpanEntry]] = {}
    for span in entry["spans"]:
        groups.setdefault(_group(span), []).append(span)
    tokens = Tokens(entry["text"], entry["spans"])
    among, across = _relations(entry)
    own = {"document": extras_of_document(entry, ("id", "source")) | ({"relations": across} if across else {})}
    source = {META_OF_SOURCE[key]: value for key, value in entry.get("source", {}).items() if value}
    meta = {DOCUMENT: entry.get("id", ""), **source}
    for group, spans in (groups or {("", ""): []}).items():
        by_id = {span["id"]: span for span in spans}
        relations = [_relation(one, by_id, tokens) for one in among.get(group, [])]
        people = {span.get("annotator", "") for span in spans}
        yield {
            "text": entry["text"],
            "tokens": tokens.data,
            "spans": [piece for span in spans for piece in _pieces(span, entry["text"], tokens)],
            "relations": relations,
            "answer": "accept",
            "_view_id": "relations" if relations else "spans_manual",
            "_annotator_id": people.pop() if len(people) == 1 else group[0],
            "_session_id": group[0],
            "meta": meta,
            OWN: own,
        }
        own = {}


class Tokens:
    """The tokens of a text, cut so that spans begin and end at edges of tokens.

    With `ws` for one space after a token, they give the text back; other white space is a token, as spaCy has it.
    """

    def __init__(self, text: str, spans: Sequence[SpanEntry]) -> None:
        self._text = text
        self._starts = {start for span in spans for start, _ in span["fragments"]}
        self._ends = {end for span in spans for _, end in span["fragments"]}
        self._cuts = [*sorted(self._starts | self._ends), len(text) + 1]
        self._cut = 0
        self.data: list[dict[str, Any]] = []
        self._by_start: dict[int, int] = {}
        self._by_end: dict[int, int] = {}
        place = 0
        for start, end in [*tokens_of(text), (len(text), len(text))]:
            if place < start:
                self._add(self._after_space(place), start)
            self._add(start, end)
            place = end

    def first_and_last(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and the last token of a fragment, both included."""
        return self._by_start[start], self._by_end[end]

    def _after_space(self, place: int) -> int:
        """Return where the gap behind a token goes on, once the token has taken its space."""
        is_space = self._text[place] == " " and bool(self.data)
        if not is_space or place in self._starts or place + 1 in self._ends:
            return place
        self.data[-1]["ws"] = True
        return place + 1

    def _add(self, start: int, end: int) -> None:
        """Add what lies between two places, in the pieces that the edges of spans make of it."""
        while start < end:
            while self._cuts[self._cut] <= start:
                self._cut += 1
            stop = min(end, self._cuts[self._cut])
            number = len(self.data)
            self._by_start[start] = self._by_end[stop] = number
            self.data.append({"text": self._text[start:stop], "start": start, "end": stop, "id": number, "ws": False})
            start = stop


def _group(span: SpanEntry) -> _Group:
    return span.get("layer", ""), span.get("round", "")


def _pieces(span: SpanEntry, text: str, tokens: Tokens) -> Iterator[dict[str, Any]]:
    own, score = {"id": span["id"], **extras_of_span(span, ("score",))}, span.get("score")
    for number, (start, end) in enumerate(span["fragments"]):
        piece = {**_place(span, number, tokens), "text": text[start:end]}
        if number == 0 and score is not None:
            piece["score"] = score
        piece[OWN] = {"part_of": span["id"]} if number else own
        yield piece


def _place(span: SpanEntry, number: int, tokens: Tokens) -> dict[str, Any]:
    start, end = span["fragments"][number]
    first, last = tokens.first_and_last(start, end)
    return {"start": start, "end": end, "token_start": first, "token_end": last, "label": span["label"]}


def _relations(entry: Entry) -> tuple[dict[_Group, list[Any]], list[dict[str, Any]]]:
    """Return the relations of each example, and those that lead from one to another, which no example can have."""
    groups = {span["id"]: _group(span) for span in entry["spans"]}
    among: dict[_Group, list[Any]] = {}
    across = []
    for one in entry.get("relations", ()):
        if groups[one["from"]] == groups[one["to"]]:
            among.setdefault(groups[one["from"]], []).append(one)
        else:
            across.append({"type": one["type"], **_ends(one)})
    return among, across


def _ends(relation: Any) -> dict[str, Any]:
    return {"from": relation["from"], "to": relation["to"], **extras_of_relation(relation)}


def _relation(relation: Any, by_id: Mapping[str, SpanEntry], tokens: Tokens) -> dict[str, Any]:
    """Return a relation: `head` and `child` are the last tokens of the spans at its ends."""
    head, child = (_place(by_id[relation[end]], 0, tokens) for end in ("from", "to"))
    return {
        "head": head["token_end"],
        "child": child["token_end"],
        "head_span": head,
        "child_span": child,
        "label": relation["type"],
        OWN: _ends(relation),
    }
