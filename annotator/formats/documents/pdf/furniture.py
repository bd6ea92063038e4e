"""What a page carries besides the text: running headers and footers, page numbers, line numbers in the margin."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from annotator.core.pages import LeftOut
from annotator.formats.documents.pdf.line_numbers import take_line_numbers
from annotator.formats.documents.pdf.lines import Line
from annotator.formats.documents.pdf.page import PageLines

_ZONE = 0.16
_OUTER_ROWS = 4
_SAME_HEIGHT = 4.0
_MOST_TAKEN = 0.6
_COMMON = 0.6
_OTHER_SIZE = 0.05
_APART = 1.3
_FAR_APART = 2.0
_DIGITS = re.compile(r"\d+")
_ROMAN = r"[ivxlc]{1,6}|[IVXLC]{1,6}"
_NUMBER_ALONE = re.compile(
    rf"[-–—|\[( ]*(?:(?:page|p\.|seite|s\.|стор\.|стр\.|с\.|página|pág\.|strona|sayfa|pagina|صفحه|صفحة|עמוד)\s*)?"
    rf"(\d{{1,4}}|{_ROMAN})"
    rf"(?:\s*(?:/|of|von|sur|de|da|із|из|з|z|от|od|van|ze|من|از|מתוך)\s*\d{{1,4}})?[-–—|\]). ]*",
    re.IGNORECASE,
)


_Place = tuple[str, str, int, int]


def take_furniture(pages: Sequence[PageLines]) -> list[LeftOut]:
    """Take from the pages the lines that are no part of the text, and return what they said."""
    left_out: list[LeftOut] = []
    for page in pages:
        left_out.extend(take_line_numbers(page))
    repeated = _repeated(pages)
    numbers = _page_numbers(pages)
    taken_of = [_taken(page, repeated.get(page.number, set()), numbers[page.number]) for page in pages]
    if _leaves_little(pages, taken_of):
        taken_of = [_taken(page, set(), numbers[page.number]) for page in pages]
    for page, taken in zip(pages, taken_of, strict=True):
        left_out.extend(LeftOut(page.number, taken[id(x)], x.text) for x in page.lines if id(x) in taken)
        page.lines = [line for line in page.lines if id(line) not in taken]
        left_out.extend(_take_margin(page))
    return sorted(left_out, key=lambda entry: entry.page)


def _leaves_little(pages: Sequence[PageLines], taken_of: Sequence[dict[int, str]]) -> bool:
    """Say whether hardly any text would be left, as where each page of a form holds one sentence."""
    everything = sum(len(line.text) for page in pages for line in page.lines)
    taken = sum(len(x.text) for page, gone in zip(pages, taken_of, strict=True) for x in page.lines if id(x) in gone)
    return taken > _MOST_TAKEN * everything


def _taken(page: PageLines, repeated: set[_Place], numbers: set[int]) -> dict[int, str]:
    """Return the kind of each line to take, by its identity, from the edge of the page inwards to the text."""
    taken: dict[int, str] = {}
    for zone, rows in _outer_rows(page).items():
        for place, row in enumerate(rows):
            found = {
                id(line): "page_number" if id(line) in numbers else zone
                for line in row
                if id(line) in numbers or line.is_furniture or repeated & _places(page, zone, line)
            }
            if not found and place:
                break
            if not found:
                continue
            # What stands beside a running header, such as the name of the section, changes from page to page.
            taken.update({id(line): found.get(id(line), zone) for line in row})
    return taken


def _outer_rows(page: PageLines) -> dict[str, list[list[Line]]]:
    """Return the rows of lines near the upper and the lower edge, the outermost first."""
    _, top, _, bottom = page.edges
    depth = _ZONE * (bottom - top)
    rows = _rows(page.lines)
    return {
        "header": _outermost(rows, [row for row in rows if row[0].middle <= top + depth]),
        "footer": _outermost(rows[::-1], [row for row in rows[::-1] if row[0].middle >= bottom - depth]),
    }


def _outermost(rows: list[list[Line]], near: list[list[Line]]) -> list[list[Line]]:
    """Return the first rows that are near the edge, or one set apart: a small text area may stand on a large page."""
    if near or len(rows) < 2:
        return near[:_OUTER_ROWS]
    gaps = [abs(other[0].baseline - one[0].baseline) for one, other in itertools.pairwise(rows)]
    return rows[:1] if gaps[0] > max(_FAR_APART * rows[1][0].size, _APART * median(gaps)) else []


def _rows(lines: list[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if rows and line.baseline - rows[-1][0].baseline <= 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _places(page: PageLines, zone: str, line: Line) -> set[_Place]:
    """Return what a line is known by on other pages: its words and height, and its numbers if they count the pages."""
    if line.cell:
        return set()
    height = round((line.baseline - page.edges[1]) / _SAME_HEIGHT)
    text = line.text.casefold()
    found = {(zone, text, 0)}
    found |= {(zone, _DIGITS.sub("#", text), int(number) - page.number) for number in _DIGITS.findall(text)[:6]}
    return {(zone, known, height + step, offset) for zone, known, offset in found for step in (-1, 0, 1)}


def _repeated(pages: Sequence[PageLines]) -> dict[int, set[_Place]]:
    """Return for each page the places of lines that stand in the same place on other pages.

    Most pages must have them. Where fewer do, as with the name of a chapter, neighbours must, and the line must be set
    apart: in a transcript “A. Yes.” stands at the head of many pages.
    """
    found: dict[int, dict[_Place, bool]] = {}
    for page in pages:
        places: dict[_Place, bool] = {}
        for zone, rows in _outer_rows(page).items():
            for place, row in enumerate(rows):
                is_apart = _is_apart(row, rows[place + 1 :], page)
                for line in row:
                    places.update(dict.fromkeys(_places(page, zone, line), is_apart))
        found[page.number] = places
    counts = Counter(place for places in found.values() for place in places)
    fewest = 2 if len(pages) < 5 else 3
    common = {place for place, count in counts.items() if count >= max(fewest, _COMMON * len(pages))}
    return {
        number: {
            place
            for place, is_apart in places.items()
            if place in common or (is_apart and counts[place] >= fewest and _is_near(place, number, found))
        }
        for number, places in found.items()
    }


def _is_apart(row: list[Line], inwards: list[list[Line]], page: PageLines) -> bool:
    """Say whether a row is smaller or larger than the text, or stands farther from it than its lines do."""
    size = median(line.size for line in page.lines)
    if abs(row[0].size - size) > _OTHER_SIZE * size or not inwards:
        return True
    baselines = sorted({round(line.baseline) for line in page.lines})
    pitch = median([other - one for one, other in itertools.pairwise(baselines)] or [size])
    return abs(inwards[0][0].baseline - row[0].baseline) > _APART * pitch


def _is_near(place: _Place, number: int, found: dict[int, dict[_Place, bool]]) -> bool:
    return any(place in found.get(number + step, ()) for step in (-2, -1, 1, 2))


def _page_numbers(pages: Sequence[PageLines]) -> dict[int, set[int]]:
    """Return for each page the identities of the lines that hold nothing but its number."""
    found: dict[int, list[tuple[Line, str]]] = {}
    for page in pages:
        found[page.number] = []
        for rows in _outer_rows(page).values():
            for row in rows[:2]:
                for line in row:
                    match = _NUMBER_ALONE.fullmatch(line.text)
                    # Beside other text, “3.” is the number of a paragraph and a bare number may be a figure.
                    is_sure = len(row) == 1 or (
                        line.text[-1] not in ".)" and (len(pages) > 1 or line.text[0].isalpha())
                    )
                    if match and is_sure and not line.cell:
                        found[page.number].append((line, match.group(1)))
    offsets = Counter(
        offset
        for page, candidates in found.items()
        for offset in {int(number) - page for _, number in candidates if number.isdecimal()}
    )
    common = {offset for offset, count in offsets.items() if count >= min(2, len(pages))}
    return {
        page: {id(line) for line, number in candidates if not number.isdecimal() or int(number) - page in common}
        for page, candidates in found.items()
    }


def _take_margin(page: PageLines) -> Iterable[LeftOut]:
    """Take what runs across the page outside its text, such as a stamp in the margin, and what is set askew."""
    if page.slanted.strip():
        yield LeftOut(page.number, "watermark", " ".join(page.slanted.split()))
    if not page.lines or not page.aside:
        return
    left, right = min(line.left for line in page.lines), max(line.right for line in page.lines)
    kept = []
    for line in page.aside:
        if line.right <= left or line.left >= right:
            yield LeftOut(page.number, "margin", line.text)
        else:
            kept.append(line)
    page.aside = kept
