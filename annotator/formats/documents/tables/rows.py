"""Tables of texts: each row becomes a document. What CSV files and spreadsheets have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.core.text import normalise_newlines
from annotator.formats.documents.language import two_letters
from annotator.formats.documents.source import ReadDocument, SourceFile, iso_date, short_title, storable, tidy_title

MAXIMUM_ROWS = 100_000
MAXIMUM_CELL = 1_000_000
"""Code points."""

_PROGRESS_STEP = 200
_SAMPLE_ROWS = 500
_TITLE_CHARACTERS = 80
_LONGEST_HEADER = 60
_SHORTER_THAN_TEXT = 0.5
_HEADERS = {
    "text": """text content body fulltext full_text article document message post statement speech comment texte contenu
        corps inhalt volltext testo texto contenido conteúdo tekst treść metin текст вміст зміст содержание тело متن نص
        النص 正文 内容 文本""",
    "title": """title headline heading subject name titre titel überschrift título titolo tytuł başlık заголовок назва
        название тема عنوان العنوان 标题""",
    "date": """date published publication_date published_at pub_date created_at datum fecha data tarih дата التاريخ
        تاریخ 日期""",
    "url": "url link uri address source_url href lien adresse посилання ссылка رابط لینک 网址 链接",
    "language": "language lang locale langue sprache idioma lingua język dil мова язык زبان اللغة 语言",
    "author": """author authors creator by speaker auteur autor autore yazar автор автори авторы نویسنده المؤلف 作者""",
    "id": "id identifier doc_id document_id uid number nr №",
}
_ROLES = {name: role for role, names in _HEADERS.items() for name in names.split()}
_ORDER = {name: place for place, name in enumerate(_HEADERS["text"].split())}
_DAY_FIRST = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_VALUE = re.compile(r"[\W\d_]*")
_ENDS_SENTENCE = (".", "!", "?", "…", "”", "»")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The names of a table's columns and what they hold; `roles` maps a column's place to its role."""

    names: tuple[str, ...]
    roles: Mapping[int, str]
    has_header: bool


def row_documents(
    source: SourceFile, format_name: str, rows: Sequence[Sequence[str]], warnings: Iterable[str] = ()
) -> Iterator[ReadDocument]:
    """Yield a document for each row that has text; the first one carries the warnings.

    The text is in the column whose header says so, else in the one with the longest text. Columns that hold no role
    of their own go into the metadata under their headers.

    Raises:
        DocumentReadError: No row has text, or the table is beyond a limit.
    """
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(map(str.strip, row))]
    columns = _columns([row for _number, row in numbered])
    if columns.has_header:
        del numbered[0]
    blank = [number for number, row in numbered if not _text(row, columns).strip()]
    if len(blank) == len(numbered):
        raise DocumentReadError("“{file}” has no row with text: there is nothing in it to annotate.", file=source.name)
    sentences = (*warnings, _skipped(blank)) if blank else tuple(warnings)
    skipped = set(blank)
    for number, row in numbered:
        if number % _PROGRESS_STEP == 0:
            source.progress(f"row {number}")
        if number not in skipped:
            document = _document(source.name, format_name, number, row, columns)
            yield replace(document, warnings=sentences)
            sentences = ()


def is_known_header(cell: str) -> bool:
    """Say whether a cell is the name of a column whose meaning is known, such as “Title” or “Текст”."""
    return _key(cell) in _ROLES


def check_row(name: str, number: int, cells: Iterable[str]) -> None:
    """Raise DocumentReadError if a row has too long a cell, or is one more row than a table may have."""
    if number > MAXIMUM_ROWS:
        raise DocumentReadError(
            "“{file}” has more than {limit} rows: split it into parts and import those.", file=name, limit=MAXIMUM_ROWS
        )
    if any(len(cell) > MAXIMUM_CELL for cell in cells):
        raise DocumentReadError(
            "Row {row} of “{file}” has a cell with more than {limit} characters: split that text and import it again.",
            file=name,
            row=number,
            limit=MAXIMUM_CELL,
        )


def _columns(rows: Sequence[Sequence[str]]) -> _Columns:
    width = max(map(len, rows), default=0)
    first = [tidy_title(cell) for cell in rows[0]] if rows else []
    by_name = {place: role for place, cell in enumerate(first) if (role := _ROLES.get(_key(cell)))}
    longest = _longest_column(rows[1:] or rows, range(width))
    has_header = (bool(by_name) and "" not in first[:1]) or _looks_like_header(first, rows, longest)
    if not has_header:
        return _Columns(_names([], width), {longest: "text"}, has_header=False)
    return _Columns(_names(first, width), _roles(first, by_name, rows[1:], width), has_header=True)


def _roles(
    header: Sequence[str], by_name: Mapping[int, str], rows: Sequence[Sequence[str]], width: int
) -> dict[int, str]:
    """Give each role to one column: the text to the best named one that is not empty, the others to the first.

    Where no column with text is named so, the longest of those without a role has it.
    """
    named = [place for place, role in by_name.items() if role == "text"]
    filled = [place for place in named if _average(rows, place) > 0]
    others = [place for place in range(width) if place not in by_name]
    if filled:
        text = min(filled, key=lambda place: _ORDER.get(_key(header[place]), 0))
    else:
        text = _longest_column(rows, others or named or range(width))
    roles = {text: "text"}
    for place, role in by_name.items():
        if place != text and role != "text" and role not in roles.values():
            roles[place] = role
    return roles


def _looks_like_header(first: Sequence[str], rows: Sequence[Sequence[str]], text_column: int) -> bool:
    """Say whether the first row names columns: short distinct words, shorter than the texts below them."""
    if len(rows) < 2 or len(set(first)) < len(first) or not all(map(_is_name, first)):
        return False
    return (
        len(first[text_column]) < _average(rows[1:], text_column) * _SHORTER_THAN_TEXT if first[text_column:] else False
    )


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_HEADER and not _VALUE.fullmatch(cell) and not cell.endswith(_ENDS_SENTENCE)


def _key(header: str) -> str:
    """Return a header as `_ROLES` has it."""
    return re.sub(r"[\s-]+", "_", header.casefold().strip(" \ufeff:*"))


def _names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a name for each column, all different."""
    names: list[str] = []
    for place in range(width):
        name = header[place] if place < len(header) and header[place] else f"column {place + 1}"
        names.append(name if name not in names else f"{name} (column {place + 1})")
    return tuple(names)


def _longest_column(rows: Sequence[Sequence[str]], places: Sequence[int]) -> int:
    return max(places, key=lambda place: _average(rows, place), default=0)


def _average(rows: Sequence[Sequence[str]], place: int) -> float:
    lengths = [len(row[place].strip()) for row in rows[:_SAMPLE_ROWS] if place < len(row)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _text(row: Sequence[str], columns: _Columns) -> str:
    place = next(place for place, role in columns.roles.items() if role == "text")
    return row[place] if place < len(row) else ""


def _document(name: str, format_name: str, number: int, row: Sequence[str], columns: _Columns) -> ReadDocument:
    text = normalise_newlines(_text(row, columns))
    found = {"title": "", "date": "", "url": "", "language": ""}
    metadata: dict[str, Any] = {}
    for place, cell in enumerate(row):
        role, value = columns.roles.get(place, ""), storable(cell).strip()
        if role == "text" or not value:
            continue
        read = _value(role, value)
        if role in found and read:
            found[role] = read
        else:
            metadata[role if role in ("author", "id") else columns.names[place]] = value
    metadata["row"] = number
    return ReadDocument(
        text=text,
        structure=Structure(),
        title=found["title"] or _first_words(text),
        language=found["language"],
        date=found["date"],
        url=found["url"],
        format=format_name,
        metadata=metadata,
    )


def _value(role: str, value: str) -> str:
    """Return what a cell says in its role, or an empty string where it says something else."""
    match role:
        case "title":
            return short_title(value)
        case "date":
            day_first = _DAY_FIRST.match(value)
            day, month, year = day_first.groups() if day_first else ("", "", "")
            return iso_date(f"{year}-{month:0>2}-{day:0>2}" if day_first else value)
        case "language":
            return two_letters(value)
        case "url":
            return value if value.startswith(("http://", "https://")) else ""
    return ""


def _first_words(text: str) -> str:
    """Return the beginning of a text as its title, cut between words."""
    words = tidy_title(text[: 4 * _TITLE_CHARACTERS])
    if len(words) <= _TITLE_CHARACTERS:
        return words
    return (
        words[: _TITLE_CHARACTERS + 1].rpartition(" ")[0] + "…"
        if " " in words[:_TITLE_CHARACTERS]
        else (words[:_TITLE_CHARACTERS] + "…")
    )


def _skipped(blank: Sequence[int]) -> str:
    shown = ", ".join(map(str, blank[:10])) + (", …" if len(blank) > 10 else "")
    return f"Rows without text were left out ({len(blank)}): {shown}."
