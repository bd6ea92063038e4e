"""What a page carries besides the text: running headers and footers, page numbers, line numbers in the margin."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from annotator.formats.documents.pdf_lines import Line
from annotator.formats.documents.pdf_page import PageLines

_ZONE = 0.16
_OUTER_ROWS = 4
_SAME_HEIGHT = 4.0
_FEWEST_LINE_NUMBERS = 5
_EVEN = 0.25
_MOST_TAKEN = 0.6
_DIGITS = re.compile(r"\d+")
_ROMAN = r"[ivxlc]{1,6}|[IVXLC]{1,6}"
_NUMBER_ALONE = re.compile(
    rf"[-–—|\[( ]*(?:(?:page|p\.|seite|s\.|стор\.|стр\.|с\.|página|pág\.|strona|sayfa|pagina|صفحه|صفحة|עמוד)\s*)?"
    rf"(\d{{1,4}}|{_ROMAN})"
    rf"(?:\s*(?:/|of|von|sur|de|da|із|из|з|z|от|od|van|ze|من|از|מתוך)\s*\d{{1,4}})?[-–—|\]). ]*",
    re.IGNORECASE,
)


_Place = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that stays out of the text; `kind` is header, footer, page_number, line_number, margin or watermark."""

    page: int
    kind: str
    text: str


def take_furniture(pages: Sequence[PageLines]) -> list[LeftOut]:
    """Take from the pages the lines that are no part of the text, and return what they said."""
    left_out: list[LeftOut] = []
    for page in pages:
        left_out.extend(_take_line_numbers(page))
    repeated = _repeated(pages)
    numbers = _page_numbers(pages)
    taken_of = [_taken(page, repeated, numbers[page.number]) for page in pages]
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


def _take_line_numbers(page: PageLines) -> Iterable[LeftOut]:
    """Take a column of numbers that counts the lines, as transcripts and bills have it."""
    columns: dict[tuple[bool, int], list[Line]] = defaultdict(list)
    for line in page.lines:
        if line.text.isdecimal() and len(line.text) <= 4:
            columns[False, round(line.left / 3)].append(line)
            columns[True, round(line.right / 3)].append(line)
    for column in sorted(columns.values(), key=len, reverse=True):
        column.sort(key=lambda line: line.baseline)
        if _counts_lines(column, page.lines):
            gone = {id(line) for line in column}
            page.lines = [line for line in page.lines if id(line) not in gone]
            yield LeftOut(page.number, "line_number", f"{column[0].text}–{column[-1].text}")
            return


def _counts_lines(column: list[Line], lines: list[Line]) -> bool:
    if len(column) < _FEWEST_LINE_NUMBERS:
        return False
    values = [int(line.text) for line in column]
    steps = {after - before for before, after in itertools.pairwise(values)}
    gaps = [after.baseline - before.baseline for before, after in itertools.pairwise(column)]
    even = all(abs(gap - median(gaps)) <= _EVEN * median(gaps) for gap in gaps)
    others = [line for line in lines if not line.text.isdecimal()]
    outside = all(line.left >= column[0].right or line.right <= column[0].left for line in others if line.cell is None)
    return len(steps) == 1 and steps <= {1, 2, 5, 10} and even and outside


def _outer_rows(page: PageLines) -> dict[str, list[list[Line]]]:
    """Return the rows of lines near the upper and the lower edge, the outermost first."""
    _, top, _, bottom = page.edges
    depth = _ZONE * (bottom - top)
    above = [line for line in page.lines if line.middle <= top + depth]
    below = [line for line in page.lines if line.middle >= bottom - depth]
    return {
        "header": _rows(above)[:_OUTER_ROWS],
        "footer": _rows(below)[::-1][:_OUTER_ROWS],
    }


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


def _repeated(pages: Sequence[PageLines]) -> set[_Place]:
    """Return the places of lines that stand in the same place on several pages."""
    counts: Counter[_Place] = Counter()
    for page in pages:
        lines = [(zone, line) for zone, rows in _outer_rows(page).items() for row in rows for line in row]
        counts.update({place for zone, line in lines for place in _places(page, zone, line)})
    fewest = 2 if len(pages) < 5 else 3
    return {place for place, count in counts.items() if count >= fewest}


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
