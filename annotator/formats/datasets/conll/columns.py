"""Words with tags in columns, and the texts beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from annotator.formats.datasets.conll.tagged import Tagged
from annotator.formats.datasets.entries import Entry, FormatContext
from annotator.formats.datasets.extras import extras_of_document
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output

SCHEMA = "annotator-conll/1"
TEXTS = ".texts.jsonl"

_MIDDLE = {"2003": " -X- O ", "two": "\t"}
_BETWEEN = {"2003": " ", "two": "\t"}
_DOCUMENT = {"2003": "-DOCSTART- -X- O ", "two": "-DOCSTART-\t"}


def texts_of(path: Path) -> Path:
    """Return the file with the texts that goes with a file of columns."""
    return path.with_name(path.stem + TEXTS)


def write_columns(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write a line for each word, an empty one after each sentence, and the texts."""
    form = context.options["columns"]
    file, texts = output.open(), output.open(output.stem + TEXTS)
    for entry in entries:
        tagged = Tagged(entry, context)
        head = _DOCUMENT[form] + _BETWEEN[form].join("O" for _ in tagged.names)
        middle, between = _MIDDLE[form], _BETWEEN[form]
        lines = [head, ""]
        rows = list(zip(*tagged.columns, strict=True))
        for first, end in tagged.sentences():
            lines += [f"{tagged.word(place)}{middle}{between.join(rows[place])}" for place in range(first, end)]
            lines.append("")
        file.write(("\n".join(lines) + "\n").encode())
        texts.write(encode_line(_text_line(entry, tagged)))


def _text_line(entry: Entry, tagged: Tagged) -> dict[str, Any]:
    line = {
        "schema": SCHEMA,
        "id": entry.get("id", ""),
        "text": entry["text"],
        "document": extras_of_document(entry, ("id",)),
    }
    words = [tagged.word(place) for place in range(len(tagged.words))]
    if found_in(words, entry["text"]) != tagged.words:
        line["words"] = [list(place) for place in tagged.words]
    return line


def found_in(words: Sequence[str], text: str) -> list[tuple[int, int]] | None:
    """Return where words stand in a text one after the other, or None where one of them does not."""
    found, place = [], 0
    for word in words:
        start = text.find(word, place)
        if start < 0:
            return None
        place = start + len(word)
        found.append((start, place))
    return found
