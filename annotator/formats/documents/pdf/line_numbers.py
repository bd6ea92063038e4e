"""Numbers in the margin that count the lines of a page: in a column of their own, or typed before each line."""

from __future__ import annotations

import itertools
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from annotator.core.pages import LeftOut
from annotator.formats.documents.pdf.chains import CELL_GAP
from annotator.formats.documents.pdf.lines import FIELDS, SCALE, Line
from annotator.formats.documents.pdf.page import PageLines

_FEWEST_LINE_NUMBERS = 5
_FEWEST_TYPED_NUMBERS = 8
_TYPED_SHARE = 0.7
_MOST_LINES = 2000
_EVEN = 0.25
_SAME_ROW = 0.4
_NEARLY_ALL = 0.9
_NUMBER_FIRST = re.compile(r"(\d{1,4})(?: |$)")


def take_line_numbers(page: PageLines) -> Iterable[LeftOut]:
    """Take from a page the numbers that count its lines, as transcripts and bills have them."""
    if len(page.lines) > _MOST_LINES:
        return
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
    yield from _take_first_words(page)


def _take_first_words(page: PageLines) -> Iterable[LeftOut]:
    """Take the numbers off lines that begin with theirs, as where they were typed with the text."""
    found: list[tuple[int, Line]] = []
    for line in sorted(page.lines, key=lambda line: line.baseline):
        match = _NUMBER_FIRST.match(line.text)
        if match and (line.text.isdecimal() or _gap_behind_first(line, page.words) > CELL_GAP * line.size):
            found.append((int(match.group(1)), line))
    counting = [number for number, _ in found]
    if len(found) < max(_FEWEST_TYPED_NUMBERS, _TYPED_SHARE * len(page.lines)) or counting != list(
        range(counting[0], counting[0] + len(counting))
    ):
        return
    gone = {id(line) for _, line in found if line.text.isdecimal()}
    page.lines = [line for line in page.lines if id(line) not in gone]
    for _, line in found:
        if id(line) not in gone:
            _take_first_word(line, page.words)
    yield LeftOut(page.number, "line_number", f"{counting[0]}–{counting[-1]}")


def _gap_behind_first(line: Line, words: array[int]) -> float:
    """Return how far the second word stands from the first, in points; 0 where there is none."""
    second = line.first + FIELDS
    return (words[second + 2] - words[line.first + 4]) / SCALE if second < line.last else 0.0


def _take_first_word(line: Line, words: array[int]) -> None:
    line.first += FIELDS
    shift = words[line.first]
    for place in range(line.first, line.last, FIELDS):
        words[place] -= shift
        words[place + 1] -= shift
    line.text = line.text[shift:]
    line.left = words[line.first + 2] / SCALE
    line.styles = tuple((max(0, start - shift), end - shift, flags) for start, end, flags in line.styles if end > shift)


def _counts_lines(column: list[Line], lines: list[Line]) -> bool:
    if len(column) < _FEWEST_LINE_NUMBERS:
        return False
    values = [int(line.text) for line in column]
    steps = {after - before for before, after in itertools.pairwise(values)}
    gaps = [after.baseline - before.baseline for before, after in itertools.pairwise(column)]
    even = all(abs(gap - median(gaps)) <= _EVEN * median(gaps) for gap in gaps)
    others = [line for line in lines if not line.text.isdecimal()]
    outside = all(line.left >= column[0].right or line.right <= column[0].left for line in others if line.cell is None)
    if len(steps) != 1 or not steps <= {1, 2, 5, 10} or not outside:
        return False
    return even or _stands_by_each(column, others, steps.pop())


def _stands_by_each(column: list[Line], others: list[Line], step: int) -> bool:
    """Say whether a number stands beside each line, or each fifth or so, though headings and paragraphs part them."""
    baselines: list[float] = []
    for line in sorted(others, key=lambda line: line.baseline):
        if not baselines or line.baseline - baselines[-1] > _SAME_ROW * line.size:
            baselines.append(line.baseline)
    places = [bisect_left(baselines, number.baseline - _SAME_ROW * number.size) for number in column]
    fitting = sum(other - one == step for one, other in itertools.pairwise(places))
    return fitting >= _NEARLY_ALL * (len(column) - 1)
