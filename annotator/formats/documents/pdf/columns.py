"""The order in which the lines of a page are read: over columns, past what spans them, along the rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from annotator.formats.documents.pdf.chains import CELL_GAP
from annotator.formats.documents.pdf.lines import Line, joined_line
from annotator.formats.documents.pdf.markers import MARKER_ALONE

_WIDE = 0.5
_FEWEST_EMS = 8
_FEWEST_LINES = 3
_LONG = 15
_MOST_PARTS = 2.2
_MOST_COLUMNS = 5
_NEAR = 5.0
_SPREAD = 2.5
_MOSTLY = 0.7
_ALIKE = 1.5
_NARROW = 25.0
_CLOSE = 1.6
_APART = 0.5
_BALANCED = 2.0
_DEEPEST = 12
_MOST_ITEMS = 4000
"""Lines of a page; among more of them no columns are looked for."""


@dataclass(slots=True, eq=False)
class Table:
    """A table as rows of cells of lines, with its place among the lines around it."""

    rows: list[list[list[Line]]]
    left: float
    top: float
    right: float
    bottom: float
    size: float = 10.0

    @property
    def middle(self) -> float:
        """Return the height of the table's middle."""
        return (self.top + self.bottom) / 2


Item = Line | Table


@dataclass(slots=True, eq=False)
class Flow:
    """Items that are read one after the other in one column; a row of several lines side by side is a list."""

    left: float
    right: float
    parts: list[Line | Table | list[Line]] = field(default_factory=list)


def flows_of(items: Sequence[Item], leftwards: bool) -> list[Flow]:
    """Return the columns of a page in the order of reading; `leftwards` where columns follow to the left."""
    flows: list[Flow] = []
    _arrange(list(items), leftwards, flows, 0)
    return flows


def _arrange(items: list[Item], leftwards: bool, flows: list[Flow], depth: int) -> None:
    if not items:
        return
    gutter = _gutter(items) if depth < _DEEPEST and len(items) <= _MOST_ITEMS else None
    if gutter is None:
        flows.append(_single(items, leftwards))
        return
    bands = _bands(items, gutter)
    for place, (band, crosses) in enumerate(bands):
        if crosses:
            _arrange(band, leftwards, flows, depth + 1)
            continue
        sides = [[i for i in band if _center(i) < gutter], [i for i in band if _center(i) >= gutter]]
        first, second = reversed(sides) if leftwards else sides
        below = _below_both(first, second) if place + 1 < len(bands) else []
        for part in ([i for i in first if i not in below], second, below):
            _arrange(part, leftwards, flows, depth + 1)


def _below_both(first: list[Item], second: list[Item]) -> list[Item]:
    """Return the items at the foot of the first column that stand apart below two columns of about the same height."""
    foot = max((item.bottom for item in second), default=0.0)
    ordered = sorted(first, key=lambda item: item.top)
    for place in range(len(ordered) - 1, 0, -1):
        item, end = ordered[place], max(above.bottom for above in ordered[:place])
        if item.top < foot:
            break
        if item.top - end > _APART * item.size:
            return ordered[place:] if abs(foot - end) < _BALANCED * item.size else []
    return []


def _gutter(items: list[Item]) -> float | None:
    """Return where a gap between two columns of running text stands: the one that parts most lines, then the widest."""
    lefts: dict[int, int] = {}
    for item in items:
        lefts[round(item.left / 2)] = lefts.get(round(item.left / 2), 0) + 1
    best, best_score = None, (0, 0.0)
    for place, count in lefts.items():
        if count + lefts.get(place - 1, 0) + lefts.get(place + 1, 0) < 2:
            continue
        gutter = place * 2 - 2.5
        count = _score(items, gutter)
        score = count, _gap(items, gutter) if count and count >= best_score[0] else 0.0
        if score > best_score:
            best, best_score = gutter, score
    return None if best is None else _widened(items, best, best_score[0])


def _gap(items: list[Item], gutter: float) -> float:
    """Return how wide the gap around a gutter is, in points; a marker that hangs out of a column is no part of it."""
    before = max((item.right for item in items if item.right <= gutter + 2), default=gutter)
    return min((item.left for item in items if item.left >= gutter - 2), default=gutter) - before


def _widened(items: list[Item], gutter: float, score: int) -> float:
    """Return the place in the gap that parts most lines: a wider number may hang out of a column's left edge."""
    edge = max((item.right for item in items if item.right <= gutter + 2), default=gutter)
    for place in ((edge + gutter) / 2, edge + 2):
        found = _score(items, place) if place < gutter else 0
        if found >= score:
            gutter, score = place, found + 1
    return gutter


def _score(items: list[Item], gutter: float) -> int:
    """Return how many lines stand in bands that this gutter parts into running text, 0 where it parts none."""
    left: list[Item] = []
    right: list[Item] = []
    for band, crosses in _bands(items, gutter):
        if crosses:
            continue
        before = [item for item in band if item.right <= gutter + 2]
        after = [item for item in band if item.left >= gutter - 2]
        if before and after and _side_by_side(before, after):
            left.extend(before)
            right.extend(after)
    return len(left) + len(right) if _are_columns(left) and _are_columns(right) else 0


def _bands(items: list[Item], gutter: float) -> list[tuple[list[Item], bool]]:
    """Return the items in bands from top to bottom, each with whether its items cross the gutter."""
    bands: list[tuple[list[Item], bool]] = []
    for item in sorted(items, key=lambda item: item.middle):
        crosses = item.left < gutter - 2 and item.right > gutter + 2
        if bands and bands[-1][1] == crosses:
            bands[-1][0].append(item)
        else:
            bands.append(([item], crosses))
    return bands


def _side_by_side(before: list[Item], after: list[Item]) -> bool:
    return min(i.top for i in before) < max(i.bottom for i in after) and min(i.top for i in after) < max(
        i.bottom for i in before
    )


def _are_columns(side: list[Item]) -> bool:
    """Say whether a side is running text, or falls into columns of running text that nothing crosses."""
    if _is_prose(side):
        return True
    columns: list[list[Item]] = []
    edge = 0.0
    for item in sorted(side, key=lambda item: item.left):
        if columns and item.left < edge + CELL_GAP * item.size:
            columns[-1].append(item)
        else:
            columns.append([item])
        edge = max(edge, item.right)
    return 1 < len(columns) <= _MOST_COLUMNS and all(map(_is_prose, columns))


def _is_prose(side: list[Item]) -> bool:
    """Say whether the lines of a side are wide enough to be running text; a spread line counts as a whole."""
    rows = _rows([item for item in side if isinstance(item, Line)])
    if not rows or len(side) > _MOST_PARTS * len(rows):
        return False
    if len(rows) < _FEWEST_LINES:
        return all(item.right - item.left > _LONG * item.size for item in side)
    width = max(item.right for item in side) - min(item.left for item in side)
    wide = [
        row
        for row in rows
        if sum(item.right - item.left for item in row) >= max(_WIDE * width, _FEWEST_EMS * row[0].size)
    ]
    return len(wide) >= _WIDE * len(rows)


def _center(item: Item) -> float:
    return (item.left + item.right) / 2


def _single(items: list[Item], leftwards: bool) -> Flow:
    flow = Flow(min(item.left for item in items), max(item.right for item in items))
    rows = _rows(items)
    is_text = sum(len(row) == 1 for row in rows) > _MOSTLY * len(rows)
    for place, row in enumerate(rows):
        lines = [item for item in row if isinstance(item, Line)]
        lines.sort(key=lambda line: line.left, reverse=leftwards)
        around = (rows[place - 1] if place else [], rows[place + 1] if place + 1 < len(rows) else [])
        if len(lines) == 1:
            flow.parts.append(lines[0])
        elif lines and ((is_text and _is_spread(lines, around, flow)) or _is_running(lines, around, flow, leftwards)):
            line = joined_line(lines)
            line.inset = lines[1].right if leftwards else lines[1].left
            flow.parts.append(line)
        elif lines:
            flow.parts.append(lines)
        flow.parts.extend(item for item in row if isinstance(item, Table))
    return flow


def _rows(items: list[Item]) -> list[list[Item]]:
    rows: list[list[Item]] = []
    for item in sorted(items, key=lambda item: item.middle):
        last = rows[-1][-1] if rows else None
        if isinstance(item, Line) and isinstance(last, Line) and _on_one_row(last, item):
            rows[-1].append(item)
        else:
            rows.append([item])
    return rows


def _on_one_row(one: Line, other: Line) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.size, other.size) and abs(one.baseline - other.baseline) < 0.5 * max(
        one.size, other.size
    )


def _is_spread(row: list[Line], around: tuple[list[Item], list[Item]], flow: Flow) -> bool:
    """Say whether lines side by side are one that is stretched over a narrow column, with gaps that are alike."""
    size = row[0].size
    ordered = sorted(row, key=lambda line: line.left)
    gaps = [other.left - one.right for one, other in pairwise(ordered)]
    starts = [flow.left, *(min(item.left for item in near) for near in around if near)]
    return (
        max(line.right for line in row) > flow.right - size
        and any(abs(ordered[0].left - start) < size for start in starts)
        and max(gaps) < _ALIKE * min(gaps) + 1
        and flow.right - flow.left < _NARROW * size
    )


def _is_running(row: list[Line], around: tuple[list[Item], list[Item]], flow: Flow, leftwards: bool) -> bool:
    """Say whether lines side by side are one line with wide gaps.

    Such are a spread line that reaches both edges, a marker and its text, a speaker and the speech, and a line with a
    gap between single lines.
    """
    mark, text = row[0], row[1]
    gaps = [one.left - other.right if leftwards else other.left - one.right for one, other in pairwise(row)]
    reached = row[-1].left - flow.left if leftwards else flow.right - row[-1].right
    covered = sum(line.right - line.left for line in row) / (flow.right - flow.left)
    if max(gaps) <= _SPREAD * text.size and reached < text.size and covered > _WIDE:
        return True
    if len(row) != 2:
        return False
    if gaps[0] <= _NEAR * text.size and MARKER_ALONE.fullmatch(mark.text):
        return True
    if mark.mark and text.mark and mark.mark != text.mark:
        return False
    before, after = around
    is_alone = len(before) <= 1 and len(after) <= 1
    if gaps[0] <= _CLOSE * text.size and (is_alone or mark.text[-1] in ".:;!?"):
        return True
    if len(after) != 1 or not isinstance(after[0], Line):
        return False
    edges = (text.right, after[0].right) if leftwards else (text.left, after[0].left)
    return abs(edges[0] - edges[1]) <= CELL_GAP * text.size and len(text.text) > len(mark.text)
