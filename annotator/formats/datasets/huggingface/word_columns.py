"""Documents as words with one tag each, or with spans that count words; the text is there too, or is joined from them.

Tags are text or numbers of classes, in IOB1, IOB2, BILOU or BIOES, or labels alone. Spans that count words are those of
SpERT (`tokens` with `entities`, the end not included) and GLiNER (`tokenized_text` with `ner`, the end included).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import EntryError, SpanEntry
from annotator.formats.datasets.huggingface.span_columns import SpanColumn, are_spans, is_listed, listed
from annotator.formats.datasets.huggingface.values import JOINED, NO_WORD, Reader, Row, is_number, stretch
from annotator.formats.datasets.tokens import OUTSIDE, Run, is_prefixed, runs_of

WORDS = ("tokens", "words", "tokenized_text")
TAGS = ("ner_tags", "ner_labels", "entity_tags", "bio_tags", "iob_tags", "tags", "ner", "labels", "label")
TAGS += ("token_labels", "fine_ner_tags", "trigger_tags")
SPANS = ("entities", "ner", "spans")
OFFSETS = "offsets"


def words_column(row: Row) -> str | None:
    """Return the column that has the words of the row as a list of texts."""
    return next((name for name in WORDS if _is_texts(row.get(name))), None)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def tags_column(row: Row, words: Sequence[str]) -> str | None:
    """Return the first usual column that has a number or a text for each word."""
    for name in TAGS:
        value = row.get(name)
        if isinstance(value, list) and len(value) == len(words) and all(_is_tag(one) for one in value):
            return name
    return None


def _is_tag(value: Any) -> bool:
    return value is None or is_number(value) or isinstance(value, str)


class Words:
    """The words of one row, and where they stand in its text."""

    def __init__(self, reader: Reader, row: Row, column: str, text: str | None) -> None:
        self._reader = reader
        self.words: list[str] = row[column]
        places = None
        if text is not None and isinstance(row.get(OFFSETS), list):
            places = self._given(row[OFFSETS], text)
        if places is None and text is not None:
            places = _found(self.words, text)
        if places is None or text is None:
            text, places = _joined(self.words)
            reader.losses.add(JOINED, text[:40])
        self.text, self.places = text, places

    def _given(self, offsets: list[Any], text: str) -> list[list[int]]:
        """Return where the row says that its words stand. Raises EntryError where they do not."""
        if len(offsets) != len(self.words):
            raise EntryError(
                "there are {words} words and {offsets} offsets.", words=len(self.words), offsets=len(offsets)
            )
        places = [stretch(one, f"offset {number}") for number, one in enumerate(offsets, 1)]
        last = 0
        for word, (start, end) in zip(self.words, places, strict=True):
            if text[start:end] != word or start < last:
                raise EntryError(
                    "the word “{word}” is not what stands from {start} to {end}.", word=word, start=start, end=end
                )
            last = end
        return places

    def spans(self, column: str, values: Sequence[Any]) -> list[SpanEntry]:
        """Return the spans that tags make. Raises DatasetError for numbers that nothing names."""
        tags = [self._tag(value, column) for value in values]
        names = self._reader.classes.get((column,), tags)
        runs = runs_of(tags, prefixed=is_prefixed(names))
        return self._spans_of(runs)

    def _tag(self, value: Any, column: str) -> str:
        if value is None or (is_number(value) and value < 0):
            return OUTSIDE
        if isinstance(value, str):
            return value
        name = self._reader.class_name(value, (column,))
        if name is None:
            raise DatasetError(
                "{file}: the tags in “{column}” are numbers, and nothing says their names. Put the README.md or the "
                "dataset_infos.json of the dataset beside its files, or export it with tags as text.",
                file=self._reader.file,
                column=column,
            )
        return name

    def counted(self, column: str, items: Sequence[Any], *, included: bool) -> SpanColumn:
        """Return spans that say their first word and the one after the last, or the last one itself."""
        made = SpanColumn(self._reader, column, items, indexed=True)
        for span in made.spans:
            first, last = span["fragments"][0][0], span["fragments"][-1][1] - (not included)
            if not 0 <= first <= last < len(self.words):
                raise EntryError(
                    "span {span} goes from word {first} to {last} of {count}.",
                    span=span["id"],
                    first=first,
                    last=last,
                    count=len(self.words),
                )
            span["fragments"] = [[self.places[first][0], self.places[last][1]]]
        return made

    def _spans_of(self, runs: Sequence[Run]) -> list[SpanEntry]:
        found: list[SpanEntry] = []
        for run in runs:
            start, end = self.places[run.first][0], self.places[run.last][1]
            if start == end:
                self._reader.losses.add(NO_WORD, run.label)
                continue
            found.append({"id": f"s{len(found) + 1}", "label": run.label, "fragments": [[start, end]]})
        return found


def counted_spans(row: Row) -> str | None:
    """Return the column with spans that count words, where there is one beside words without text."""
    for name in SPANS:
        if is_listed(row.get(name)) and are_spans(listed(row[name], name)):
            return name
    return None


def _found(words: Sequence[str], text: str) -> list[list[int]] | None:
    """Return where words stand in a text one after the other, or None where one of them does not."""
    places, place = [], 0
    for word in words:
        start = text.find(word, place)
        if start < 0:
            return None
        place = start + len(word)
        places.append([start, place])
    return places


def _joined(words: Sequence[str]) -> tuple[str, list[list[int]]]:
    places, place = [], 0
    for word in words:
        places.append([place, place + len(word)])
        place += len(word) + 1
    return " ".join(words), places
