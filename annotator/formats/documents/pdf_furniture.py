"""What a page carries besides the text: running headers and footers, page numbers, line numbers in the margin."""

from __future__ import annotations

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
_DIGITS = re.compile(r"\d+")
_ROMAN = r"[ivxlc]{1,6}|[IVXLC]{1,6}"
_NUMBER_ALONE = re.compile(
    rf"[-–—|\[( ]*(?:(?:page|p\.|seite|s\.|стор\.|стр\.|с\.|página|pág\.|strona|sayfa|pagina|صفحه|صفحة|עמוד)\s*)?"
    rf"(\d{{1,4}}|{_ROMAN})"
    rf"(?:\s*(?:/|of|von|sur|de|da|із|из|з|z|от|od|van|ze|من|از|מתוך)\s*\d{{1,4}})?[-–—|\]). ]*",
    re.IGNORECASE,
)


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
    for page in pages:
        taken = {id(line): "page_number" for line in numbers[page.number]}
        for zone, rows in _outer_rows(page).items():
            for row in rows:
                for line in row:
                    if line.is_furniture or (zone, _pattern(line), _height(page, line)) in repeated:
                        taken.setdefault(id(line), zone)
        left_out.extend(LeftOut(page.number, taken[id(x)], x.text) for x in page.lines if id(x) in taken)
        page.lines = [line for line in page.lines if id(line) not in taken]
        left_out.extend(_take_margin(page))
    return sorted(left_out, key=lambda entry: entry.page)


def _take_line_numbers(page: PageLines) -> Iterable[LeftOut]:
    """Take a column of numbers that counts the lines, as transcripts and bills have it."""
    for edge in (0, 1):
        numbers = [line for line in page.lines if line.text.isdecimal() and len(line.text) <= 4]
        columns: dict[int, list[Line]] = defaultdict(list)
        for line in numbers:
            columns[round((line.left, line.right)[edge] / 3)].append(line)
        for column in columns.values():
            column.sort(key=lambda line: line.baseline)
            if _counts_lines(column, page.lines):
                gone = {id(line) for line in column}
                page.lines = [line for line in page.lines if id(line) not in gone]
                yield LeftOut(page.number, "line_number", f"{column[0].text}–{column[-1].text}")


def _counts_lines(column: list[Line], lines: list[Line]) -> bool:
    if len(column) < _FEWEST_LINE_NUMBERS:
        return False
    values = [int(line.text) for line in column]
    steps = {after - before for before, after in zip(values, values[1:], strict=False)}
    gaps = [after.baseline - before.baseline for before, after in zip(column, column[1:], strict=False)]
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


def _pattern(line: Line) -> str:
    return _DIGITS.sub("#", line.text).casefold()


def _height(page: PageLines, line: Line) -> int:
    return round((line.baseline - page.edges[1]) / _SAME_HEIGHT)


def _repeated(pages: Sequence[PageLines]) -> set[tuple[str, str, int]]:
    """Return (zone, pattern, height) of the lines that stand in the same place on several pages.

    A line that stands a little higher or lower on some pages counts with its neighbours.
    """
    counts: Counter[tuple[str, str, int]] = Counter()
    for page in pages:
        for zone, rows in _outer_rows(page).items():
            found = {(zone, _pattern(line), _height(page, line)) for row in rows for line in row if not line.cell}
            counts.update(
                {(zone, pattern, height + step) for zone, pattern, height in found for step in (-1, 0, 1)}
            )
    fewest = 2 if len(pages) < 5 else 3
    return {key for key, count in counts.items() if count >= fewest}


def _page_numbers(pages: Sequence[PageLines]) -> dict[int, list[Line]]:
    """Return for each page the lines that hold nothing but its number."""
    found: dict[int, list[tuple[Line, str]]] = {}
    for page in pages:
        outermost = [rows[:2] for rows in _outer_rows(page).values()]
        lines = [line for rows in outermost for row in rows for line in row]
        matches = [(line, _NUMBER_ALONE.fullmatch(line.text)) for line in lines]
        found[page.number] = [(line, match.group(1)) for line, match in matches if match]
    offsets = Counter(
        int(number) - page
        for page, candidates in found.items()
        for number in {number for _, number in candidates if number.isdecimal()}
    )
    common = {offset for offset, count in offsets.items() if count >= min(2, len(pages))}
    return {
        page: [
            line for line, number in candidates if not number.isdecimal() or int(number) - page in common
        ]
        for page, candidates in found.items()
    }


def _take_margin(page: PageLines) -> Iterable[LeftOut]:
    """Take what runs across the page outside its text, such as a stamp in the margin, and what is set askew."""
    if page.slanted.strip():
        yield LeftOut(page.number, "watermark", " ".join(page.slanted.split()))
    if not page.lines or not page.aside:
        return
    from annotator.formats.documents.pdf_frame import from_reading, to_reading

    left, right = min(line.left for line in page.lines), max(line.right for line in page.lines)
    kept = []
    for direction, line in page.aside:
        edges = to_reading(
            from_reading((line.left, line.top, line.right, line.bottom), direction), page.direction
        )
        if edges[2] <= left or edges[0] >= right:
            yield LeftOut(page.number, "margin", line.text)
        else:
            kept.append((direction, line))
    page.aside = kept
