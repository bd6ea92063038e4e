"""JSON that spaCy was trained on before DocBin, and that `Doc.to_json` gives.

- a list of `[text, {"entities": [[start, end, label], …]}]`, also under “annotations”;
- documents of spaCy 2 with `paragraphs`, whose `sentences` have `tokens` with `orth` and `ner` (BILUO), and `raw` text;
- `Doc.to_json`: `text` with `ents` and `spans`.

Positions are code points, half-open. Source: https://v2.spacy.io/api/annotation#json-input and
https://spacy.io/api/doc#to_json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, SpanEntry
from annotator.formats.datasets.fields import checked, position, taken, taken_or
from annotator.formats.datasets.json_items import items
from annotator.formats.datasets.tokens import runs_of

JOINED = "texts that were joined from words with spaces"


def older_entries(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line or item, entry). Raises DatasetError where the file is no JSON from some place on."""
    for number, data in items(path):
        for one in _documents(data):
            try:
                yield number, _entry(one, context)
            except EntryError as error:
                yield number, BadEntry(error)


def _documents(data: Any) -> Iterator[Any]:
    """Yield what is one document each in an item."""
    if isinstance(data, Mapping) and isinstance(data.get("paragraphs"), list):
        yield from data["paragraphs"]
    elif isinstance(data, Mapping) and isinstance(data.get("annotations"), list) and "text" not in data:
        yield from (one for one in data["annotations"] if one is not None)
    elif isinstance(data, list) and data and all(isinstance(one, list) for one in data):
        yield from data
    else:
        yield data


def _entry(data: Any, context: FormatContext) -> Entry:
    if isinstance(data, list):
        if len(data) != 2 or not isinstance(data[0], str):
            raise EntryError("it is no pair of a text and its annotations.")
        said = checked(data[1], dict, "what is said of the text")
        return {"text": data[0], "spans": _spans(taken_or(said, "entities", list, "the text", []))}
    document = checked(data, dict, "a document")
    if "sentences" in document:
        return _paragraph(document, context)
    text = taken(document, "text", str, "the document")
    found = list(taken_or(document, "ents", list, "the document", taken_or(document, "entities", list, "it", [])))
    for group in taken_or(document, "spans", dict, "the document", {}).values():
        found += checked(group, list, "a group of spans")
    return {"text": text, "spans": _spans(found)}


def _spans(data: list[Any]) -> list[SpanEntry]:
    found: list[SpanEntry] = []
    seen = set()
    for one in data:
        if isinstance(one, Mapping):
            parts = [taken(one, key, object, "an entity") for key in ("start", "end", "label")]
        else:
            parts = checked(one, list, "an entity")
        if len(parts) < 3:
            raise EntryError("an entity has {count} parts, not start, end and label.", count=len(parts))
        start, end = position(parts[0], "the start of an entity"), position(parts[1], "the end of an entity")
        label = checked(parts[2], str, "the label of an entity")
        if (start, end, label) not in seen:
            seen.add((start, end, label))
            found.append({"id": f"s{len(found) + 1}", "label": label, "fragments": [[start, end]]})
    return found


def _paragraph(data: Mapping[str, Any], context: FormatContext) -> Entry:
    words, tags = [], []
    for sentence in taken(data, "sentences", list, "the paragraph"):
        for token in taken(checked(sentence, dict, "a sentence"), "tokens", list, "a sentence"):
            token = checked(token, dict, "a token")
            words.append(taken(token, "orth", str, "a token"))
            tags.append(taken_or(token, "ner", str, "a token", "O"))
    raw = data.get("raw")
    text, places = _found(words, raw) if isinstance(raw, str) else ("", None)
    if places is None:
        text, places = _joined(words)
        context.losses.add(JOINED, text[:40])
    spans: list[SpanEntry] = [
        {"id": f"s{number}", "label": run.label, "fragments": [[places[run.first][0], places[run.last][1]]]}
        for number, run in enumerate(runs_of(tags, prefixed=True), 1)
    ]
    return {"text": text, "spans": spans}


def _found(words: list[str], text: str) -> tuple[str, list[tuple[int, int]] | None]:
    places, place = [], 0
    for word in words:
        start = text.find(word, place)
        if start < 0:
            return text, None
        place = start + len(word)
        places.append((start, place))
    return text, places


def _joined(words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    places, place = [], 0
    for word in words:
        places.append((place, place + len(word)))
        place += len(word) + 1
    return " ".join(words), places
