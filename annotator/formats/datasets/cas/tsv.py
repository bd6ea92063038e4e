"""WebAnno TSV 3.0 to 3.3 as a CAS: a row for each token, a column for each feature, and the text of each sentence.

A sentence begins where its first token does; what lies between two sentences is a line break, and spaces for the rest.
Offsets are UTF-16 units, as INCEpTION counts; a file that counts code points is told by its tokens.

Source: the appendix “WebAnno TSV 3.3” of INCEpTION's user guide; Tsv3XSerializer, Tsv3XDeserializer and Escaping in
github.com/inception-project/inception.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from annotator.core.text import Utf16Positions
from annotator.formats.datasets.cas.structures import Cas
from annotator.formats.datasets.cas.tsv_cells import Annotations, columns_of
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import EntryError

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (\d+)(?:\.(\d+))?\s*")
_ROW = re.compile(r"(\d+-\d+(?:\.\d+)?)\t(\d{1,15})-(\d{1,15})\t")
_TEXT = "#Text="
_ESCAPED = re.compile(r"\\([tnfrb\\\x00-\x07\x0e-\x1f])")
_ESCAPED_IN_JAVA = re.compile(r"\\(u+[0-9a-fA-F]{4}|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}


@dataclass(slots=True)
class Row:
    """A token, or a part of one with a point in its id."""

    line: int
    id: str
    begin: int
    end: int
    token: str
    cells: list[str]


@dataclass(slots=True)
class Sentence:
    """The text of a sentence, and its tokens."""

    text: str
    rows: list[Row] = field(default_factory=list)


def cas_of_tsv(data: bytes) -> Cas:
    """Return what a file holds. Raises EntryError where it is no WebAnno TSV 3; it goes on after the file's name."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise EntryError("it is not UTF-8 (at byte {byte}): save it as UTF-8.", byte=error.start + 1) from None
    lines = [line.removesuffix("\r") for line in lines]
    version = _version(lines[0])
    columns, first = columns_of(lines)
    sentences = list(_sentences(lines, first, _unescaped_java if version < 2 else _unescaped, len(columns)))
    text, starts, units = _text(sentences)
    annotations = Annotations(columns)
    for sentence, start in zip(sentences, starts, strict=True):
        annotations.add_sentence(start, start + _units(sentence.text))
        for row in sentence.rows:
            annotations.add(row.id, units(row.begin), units(row.end), row.cells)
    return annotations.cas(text)


def _version(line: str) -> int:
    """Return the number after the point. Raises EntryError for another format, and for versions 1 and 2."""
    found = _FORMAT.fullmatch(line)
    if found is None or int(found[1]) != 3:
        raise EntryError("it is no WebAnno TSV 3: it begins with “{line}”. Export it as TSV 3.", line=shortened(line))
    return int(found[2] or 0)


def _sentences(lines: list[str], first: int, unescaped: Callable[[str], str], columns: int) -> Iterator[Sentence]:
    texts: list[str] = []
    sentence: Sentence | None = None
    for number, line in enumerate(lines[first:], first + 1):
        if sentence is None and line.startswith(_TEXT):
            texts.append(unescaped(line.removeprefix(_TEXT)))
            continue
        if not line or (sentence is None and line.startswith("#")):
            if sentence is not None:
                yield sentence
            sentence, texts = None, texts if line else []
            continue
        if sentence is not None and line.startswith(_TEXT):
            yield sentence
            sentence, texts = None, [unescaped(line.removeprefix(_TEXT))]
            continue
        row = _row(number, line, columns)
        if sentence is None:
            sentence = Sentence("\n".join(texts) if texts else row.token)
            texts = []
        sentence.rows.append(row)
    if sentence is not None:
        yield sentence


def _row(number: int, line: str, columns: int) -> Row:
    match = _ROW.match(line)
    token, *cells = line[match.end() :].split("\t") if match else ("",)
    if match is None or len(cells) < columns:
        raise EntryError(
            "line {line} is no row of a token with {count} columns: “{text}”.",
            line=number,
            count=columns,
            text=shortened(line),
        )
    return Row(number, match[1], int(match[2]), int(match[3]), token, cells[:columns])


def _text(sentences: list[Sentence]) -> tuple[str, list[int], Callable[[int], int]]:
    """Return the text, where sentences begin in UTF-16 units, and what makes UTF-16 units of the file's positions."""
    text, starts = _joined(sentences, _units)
    positions = Utf16Positions(text)
    problem = _misplaced(sentences, text, positions.to_code_points)
    if problem is None:
        return text, starts, _same
    if _units(text) == len(text):
        raise problem
    text, starts = _joined(sentences, len)
    positions = Utf16Positions(text)
    if _misplaced(sentences, text, _same) is not None:
        raise problem
    return text, [positions.to_units(start) for start in starts], positions.to_units


def _joined(sentences: list[Sentence], length: Callable[[str], int]) -> tuple[str, list[int]]:
    """Return the sentences at their places, and where these are; `length` counts as the file does."""
    parts: list[str] = []
    starts: list[int] = []
    end = 0
    for sentence in sentences:
        row = sentence.rows[0]
        before = sentence.text[: max(0, sentence.text.find(row.token))]
        start = row.begin - (length(before) if not before.strip() else 0)
        if start < end:
            if start < end - 1 or not starts:
                raise EntryError("line {line}: the sentence begins before the last one ends.", line=row.line)
            start = end
        gap = start - end
        if gap > 10_000_000:
            raise EntryError("line {line}: the sentence begins at {place}, far too far.", line=row.line, place=start)
        parts.append(("\n" + " " * (gap - 1) if starts else " " * gap) if gap else "")
        parts.append(sentence.text)
        starts.append(start)
        end = start + length(sentence.text)
    return "".join(parts), starts


def _misplaced(sentences: list[Sentence], text: str, points: Callable[[int], int]) -> EntryError | None:
    """Return what is wrong with the first token that does not stand at its place."""
    for sentence in sentences:
        for row in sentence.rows:
            found = text[points(row.begin) : points(row.end)]
            if found != row.token or row.begin > row.end:
                return EntryError(
                    "line {line}: “{token}” does not stand from {begin} to {end}, where the text is “{found}”.",
                    line=row.line,
                    token=shortened(row.token),
                    begin=row.begin,
                    end=row.end,
                    found=shortened(found),
                )
    return None


def _units(text: str) -> int:
    return Utf16Positions(text).to_units(len(text))


def _same(position: int) -> int:
    return position


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _LETTERS.get(match[1], match[1]), text)


def _unescaped_java(text: str) -> str:
    """Return a text of the first two versions, which escape as Java does."""
    found = _ESCAPED_IN_JAVA.sub(_java_character, text)
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _java_character(match: re.Match[str]) -> str:
    return chr(int(match[1].lstrip("u"), 16)) if len(match[1]) > 1 else _LETTERS.get(match[1], match[1])
