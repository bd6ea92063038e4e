"""Words with tags in columns as entries: with their texts where these stand beside, else joined with spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.conll.columns import SCHEMA, found_in, texts_of
from annotator.formats.datasets.conll.rows import BLANK, COMMENT, DOCUMENT, Layout, Rows
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, SpanEntry, numbered
from annotator.formats.datasets.extras import document_of_extras
from annotator.formats.datasets.json_items import objects
from annotator.formats.datasets.tokens import OUTSIDE, runs_of

JOINED = "texts that were joined from words with spaces"
OTHER_COLUMNS = "columns without tags (parts of speech, chunks and so on)"
WITHOUT_TAG = "words without a tag"

MOST_SENTENCES, MOST_WORDS = 5_000, 200_000
"""Sentences and words after which a new document begins in a file that does not say where documents begin."""

_NAMED = re.compile(r"-DOCSTART-\s+\((.+)\)")
_PLACEHOLDERS = frozenset(("-X-", "O", "_", "-"))

Place = tuple[int, int]


def column_entries(rows: Rows, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line, entry) for each document of a file of columns."""
    beside = texts_of(rows.path)
    texts = objects(beside) if beside.is_file() else iter(())
    layout = rows.layout
    for document in _documents(rows, layout, context):
        _, text = next(texts, (0, None))
        try:
            yield document.line, document.entry(text if text and text.get("schema") == SCHEMA else None)
        except EntryError as error:
            yield document.line, BadEntry(error)


def _documents(rows: Rows, layout: Layout, context: FormatContext) -> Iterator[_Document]:
    """Yield the documents of a file, which begin where it says so; else all of it is one, or each sentence."""
    by_sentence = context.options["documents"] == "sentence"
    current: _Document | None = None
    is_named = False
    for number, kind, columns in rows:
        if kind == DOCUMENT:
            if current is not None:
                yield current
            is_named = True
            current = _Document(number, layout, context, _name(columns[0]))
        elif kind == BLANK:
            if current is None or not current.end_sentence() or is_named:
                continue
            if by_sentence or current.sentences >= MOST_SENTENCES:
                yield current
                current = None
        elif kind != COMMENT:
            if current is not None and current.words >= MOST_WORDS and not is_named:
                yield current
                current = None
            current = current or _Document(number, layout, context)
            current.add(columns)
    if current is not None:
        yield current


def _name(line: str) -> str:
    match = _NAMED.match(line)
    return match[1].strip() if match else ""


class _Document:
    """The words of one document, which begins at `line`."""

    def __init__(self, line: int, layout: Layout, context: FormatContext, name: str = "") -> None:
        self.line = line
        self._layout, self._context, self._title = layout, context, name
        self._words: list[str] = []
        self._tags: list[list[str]] = [[] for _ in layout.tags]
        self._ends: list[int] = []
        self._others = [place for place in range(layout.word + 1, layout.width) if place not in layout.tags]
        self._has_others = False

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self._words)

    @property
    def sentences(self) -> int:
        """How many sentences have ended."""
        return len(self._ends)

    def add(self, columns: Sequence[str]) -> None:
        """Add a word."""
        layout = self._layout
        short = len(columns) < layout.width
        self._words.append(columns[layout.word if not short else 0])
        if short:
            self._context.losses.add(WITHOUT_TAG, shortened(" ".join(columns), 40))
        for place, tags in zip(layout.tags, self._tags, strict=True):
            tags.append(OUTSIDE if short else columns[place])
        if not short and not self._has_others:
            self._has_others = any(columns[place] not in _PLACEHOLDERS for place in self._others)

    def end_sentence(self) -> bool:
        """End a sentence; returns whether there was one."""
        if len(self._words) == (self._ends[-1] if self._ends else 0):
            return False
        self._ends.append(len(self._words))
        return True

    def entry(self, beside: Mapping[str, Any] | None) -> Entry:
        """Return the document, with its text where one stands beside. Raises EntryError."""
        self.end_sentence()
        if self._has_others:
            self._context.losses.add(OTHER_COLUMNS, f"line {self.line}")
        placed = self._placed(beside) if beside else None
        if beside is None or placed is None:
            return self._joined()
        own = document_of_extras(beside.get("document", {}), {})
        entry: Entry = {"text": beside["text"], "spans": self._spans(placed), **own}  # type: ignore[typeddict-item]
        if identity := beside.get("id"):
            entry["id"] = str(identity)
        return numbered(entry)

    def _placed(self, beside: Mapping[str, Any]) -> list[Place] | None:
        """Return where the words stand in the text beside them; None where they are other words."""
        text, given = beside.get("text"), beside.get("words")
        if not isinstance(text, str):
            return None
        if isinstance(given, list) and len(given) == len(self._words):
            places = [_place(one) for one in given]
            if all(text[start:end] == word for (start, end), word in zip(places, self._words, strict=True)):
                return places
        return found_in(self._words, text)

    def _joined(self) -> Entry:
        """Return the document with a space between words and a line for each sentence."""
        places: list[Place] = []
        pieces: list[str] = []
        sentences = []
        place = first = 0
        for end in self._ends:
            begin = place
            for word in self._words[first:end]:
                places.append((place, place + len(word)))
                place += len(word) + 1
            pieces.append(" ".join(self._words[first:end]))
            sentences.append([begin, place - 1])
            first = end
        text = "\n".join(pieces)
        self._context.losses.add(JOINED, shortened(text, 40))
        entry: Entry = {"text": text, "spans": self._spans(places), "sentences": [s for s in sentences if s[0] < s[1]]}
        if self._title:
            entry["source"] = {"title": self._title}
        return numbered(entry)

    def _spans(self, places: Sequence[Place]) -> list[SpanEntry]:
        return spans_of(self._tags, self._ends, places, prefixed=self._layout.has_prefixes)


def spans_of(
    columns: Sequence[Sequence[str]], ends: Sequence[int], places: Sequence[Place], *, prefixed: bool = True
) -> list[SpanEntry]:
    """Return the spans of tags, which end with their sentence; `ends` is the word after each of these."""
    found: dict[tuple[int, int, str], SpanEntry] = {}
    for tags in columns:
        for first, end in zip(chain((0,), ends), ends, strict=False):
            for run in runs_of(tags[first:end], prefixed=prefixed):
                start, stop = places[first + run.first][0], places[first + run.last][1]
                if start < stop:
                    span: SpanEntry = {"id": f"t{len(found)}", "label": run.label, "fragments": [[start, stop]]}
                    found.setdefault((start, stop, run.label), span)
    return list(found.values())


def _place(value: Any) -> Place:
    if not isinstance(value, list) or len(value) != 2 or not all(type(edge) is int and edge >= 0 for edge in value):
        raise EntryError("the place of a word in the texts beside is {value!r:.40}.", value=value)
    return value[0], value[1]
