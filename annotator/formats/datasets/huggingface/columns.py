"""A row as an entry, whosever columns it has: our own to the letter, else by the names that columns usually have.

A document is a text with a column of spans, or words with tags. A label beside a text, or a list of labels, is a span
over the whole of it. The text of BigBIO's `passages` is put together by their offsets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.formats.datasets.entries import Entry, EntryError, SpanEntry
from annotator.formats.datasets.huggingface import features
from annotator.formats.datasets.huggingface.rows import own_entry
from annotator.formats.datasets.huggingface.span_columns import SpanColumn, are_spans, is_listed, listed
from annotator.formats.datasets.huggingface.values import (
    REPEATED_IDS,
    Reader,
    Row,
    first_key,
    is_number,
    plain_text,
    stretch,
)
from annotator.formats.datasets.huggingface.word_columns import (
    OFFSETS,
    TAGS,
    WORDS,
    Words,
    counted_spans,
    tags_column,
    words_column,
)

_ID = ("id", "document_id", "doc_id", "guid", "uuid")
_TEXT = ("text", "content", "document", "sentence", "context", "body", "article", "full_text", "source_text")
_TEXT += ("passage", "abstract", "raw_text", "utterance")
_SPANS = ("spans", "entities", "annotations", "span_labels", "privacy_mask", "entity_mentions", "mentions", "ner")
_SPANS += ("labels", "label")
_LABELS = ("labels", "label")
_RELATIONS = "relations"
_SOURCE = {
    "file": ("file", "filename", "file_name"),
    "format": (),
    "title": ("title", "headline"),
    "date": ("date", "published", "publish_date", "publication_date"),
    "url": ("url", "source_url", "link"),
    "language": ("language", "lang"),
}
_STATUSES = ("new", "in_progress", "done", "returned", "approved")
_MORE = ("sentences", "read", "codebook", "status", "statuses", "split", "duplicate_group", "source", "passages")

COLUMNS = frozenset((*_ID, *_TEXT, *_SPANS, *WORDS, *TAGS, OFFSETS, _RELATIONS, *_MORE)).union(*_SOURCE.values())
"""What is decoded of a table: a column of another name is not looked at."""


_OWN_WORDS = features.tokens(()).keys()


class Rows:
    """Makes entries of the rows of one dataset; ids of documents that come again are left out."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._ids: set[str] = set()

    def with_reader(self, reader: Reader) -> Rows:
        """Return what makes entries of the rows of the next file; the ids that were there stay known."""
        self._reader = reader
        return self

    def entry(self, row: Row) -> Entry:
        """Return the entry of a row. Raises EntryError where there is no text, or a span is none."""
        return own_entry(row) or _OneRow(self._reader, row, self._ids).entry()


class _OneRow:
    def __init__(self, reader: Reader, row: Row, ids: set[str]) -> None:
        self._reader = reader
        self._row = row
        self._ids = ids
        self._used: set[str] = set()

    def entry(self) -> Entry:
        text = self._text()
        entry = self._of_words(text) or self._of_text(text)
        entry["source"] = self._source()  # type: ignore[typeddict-item]
        entry.update(self._more(len(entry["text"])))
        identity = self._identity()
        if identity:
            entry["id"] = identity
        self._reader.pass_over(key for key, value in self._row.items() if key not in self._used and value is not None)
        return entry

    def _take(self, name: str) -> Any:
        self._used.add(name)
        return self._row[name]

    def _text(self) -> str | None:
        key = next((name for name in _TEXT if isinstance(self._row.get(name), str)), None)
        if key is not None:
            return self._take(key)
        passages = self._row.get("passages")
        return _joined_passages(self._take("passages")) if isinstance(passages, list) and passages else None

    def _of_words(self, text: str | None) -> Entry | None:
        """Return the document of a row of words, or None where the row is none."""
        column = words_column(self._row)
        if column is None:
            return None
        tags = tags_column(self._row, self._row[column])
        counted = counted_spans(self._row) if tags is None and text is None else None
        if text is not None and tags is None:
            return None
        words = Words(self._reader, self._row, column, text)
        self._used |= {column, OFFSETS}
        if counted is not None:
            items = listed(self._take(counted), counted)
            made = words.counted(counted, items, included=column == "tokenized_text")
            return self._with_relations({"text": words.text, "spans": made.spans}, made)
        spans = words.spans(tags, self._take(tags)) if tags is not None else []
        return {"text": words.text, "spans": spans}

    def _of_text(self, text: str | None) -> Entry:
        if text is None:
            raise EntryError(
                "there is neither a text nor a list of words. The columns are {columns}; the text has to be called "
                "“text”, or words “tokens”.",
                columns=", ".join(f"“{name}”" for name in list(self._row)[:12]) or "none",
            )
        column = self._spans_column()
        if column is None:
            return {"text": text, "spans": self._labels_of_all(text)}
        made = SpanColumn(self._reader, column, listed(self._take(column), column))
        return self._with_relations({"text": text, "spans": made.spans}, made)

    def _spans_column(self) -> str | None:
        """Return the first column of spans; one that is empty is taken where no other one has any."""
        lists = [name for name in _SPANS if is_listed(self._row.get(name))]
        full = (name for name in lists if are_spans(listed(self._row[name], name)))
        return next(full, next((name for name in lists if name not in _LABELS), None))

    def _with_relations(self, entry: Entry, spans: SpanColumn) -> Entry:
        if isinstance(self._row.get(_RELATIONS), list | dict):
            entry["relations"] = spans.relations(listed(self._take(_RELATIONS), _RELATIONS), _RELATIONS)
        return entry

    def _labels_of_all(self, text: str) -> list[SpanEntry]:
        """Return labels of the whole text as spans over it."""
        key = first_key(self._row, _LABELS)
        value = self._take(key) if key is not None else None
        if key is None or not text:
            return []
        given = value if isinstance(value, list) else [value]
        labels = [label for one in given if (label := self._reader.label(one, (key,))) is not None]
        return [
            {"id": f"s{number}", "label": label, "fragments": [[0, len(text)]]}
            for number, label in enumerate(labels, 1)
        ]

    def _source(self) -> dict[str, str]:
        given = self._row.get("source")
        found = {}
        for key, names in _SOURCE.items():
            if isinstance(given, dict) and given.get(key) is not None:
                found[key] = plain_text(given[key])
            elif (name := first_key(self._row, names)) is not None and name not in self._used:
                found[key] = plain_text(self._take(name))
        if isinstance(given, dict):
            self._used.add("source")
        return found

    def _more(self, length: int) -> Entry:
        """Return what rows of our own have besides, where it is still what it was."""
        more: Any = {}
        for name in ("sentences", "read"):
            ranges = _ranges(self._row.get(name), length)
            if ranges is not None:
                more[name] = ranges
        codebook = self._row.get("codebook")
        if isinstance(codebook, dict) and isinstance(codebook.get("id"), str) and is_number(codebook.get("version")):
            more["codebook"] = {"id": codebook["id"], "version": codebook["version"]}
        if self._row.get("status") in _STATUSES:
            more["status"] = self._row["status"]
        statuses = self._row.get("statuses")
        if isinstance(statuses, list) and all(map(_is_status, statuses)):
            more["statuses"] = statuses
        for name in ("split", "duplicate_group"):
            if isinstance(self._row.get(name), str):
                more[name] = self._row[name]
        self._used |= more.keys()
        # Ours have these columns where they say nothing, and then so does the entry.
        more |= dict.fromkeys({"status", "split", "duplicate_group"} & self._row.keys() - more.keys())
        return more

    def _identity(self) -> str:
        """Return an id that names the document; a number, which every dataset has, does not."""
        key = next((name for name in _ID if isinstance(self._row.get(name), str | int)), None)
        if key is None:
            return ""
        identity = plain_text(self._take(key))
        if self._row.keys() == _OWN_WORDS:
            return identity
        if identity.isdecimal():
            return ""
        if identity in self._ids:
            self._reader.losses.add(REPEATED_IDS, identity)
            return ""
        self._ids.add(identity)
        return identity


def _is_status(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("layer"), str) and value.get("status") in _STATUSES


def _ranges(value: Any, length: int) -> list[list[int]] | None:
    """Return ranges that are in order, apart and inside of the text, or None where a column has something else."""
    if not isinstance(value, list):
        return None
    try:
        ranges = [stretch(one, "a range") for one in value]
    except EntryError:
        return None
    edges = [place for pair in ranges for place in pair]
    return ranges if edges == sorted(edges) and (not edges or edges[-1] <= length) else None


def _joined_passages(passages: list[Any]) -> str:
    """Return the text of a document in passages, each at its offset, with spaces between.

    Source: the schema `kb` of BigBIO.
    """
    pieces: list[tuple[int, str]] = []
    for number, passage in enumerate(passages, 1):
        what = f"passage {number}"
        texts = passage.get("text") if isinstance(passage, Mapping) else None
        offsets = passage.get("offsets") if isinstance(passage, Mapping) else None
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not isinstance(offsets, list) or len(texts) != len(offsets):
            raise EntryError("{what} has no text with its offsets.", what=what)
        pieces += [(stretch(offset, what)[0], text) for text, offset in zip(texts, offsets, strict=True)]
    whole = ""
    for start, text in sorted(pieces, key=lambda piece: piece[0]):
        if not isinstance(text, str) or not len(whole) <= start <= len(whole) + 10_000:
            raise EntryError("the passages lie over each other, or too far apart, at {place}.", place=start)
        whole += " " * (start - len(whole)) + text
    return whole
