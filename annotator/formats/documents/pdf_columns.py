"""The order in which the lines of a page are read: over columns, past what spans them, along the rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from annotator.formats.documents.pdf_lines import CELL_GAP, Line

_OVERLAP = 0.3
_WIDE = 0.5
_FEWEST_EMS = 8
_FEWEST_LINES = 3
_NEAR = 2.0
_DEEPEST = 12


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
    gutter = _gutter(items) if depth < _DEEPEST else None
    if gutter is None:
        flows.append(_single(items, leftwards))
        return
    for band, crosses in _bands(items, gutter):
        if crosses:
            _arrange(band, leftwards, flows, depth + 1)
            continue
        sides = [[i for i in band if _center(i) < gutter], [i for i in band if _center(i) >= gutter]]
        for side in reversed(sides) if leftwards else sides:
            _arrange(side, leftwards, flows, depth + 1)


def _gutter(items: list[Item]) -> float | None:
    """Return where a gap between two columns of running text stands, the one that parts most lines."""
    lefts: dict[int, int] = {}
    for item in items:
        lefts[round(item.left / 2)] = lefts.get(round(item.left / 2), 0) + 1
    best, best_score = None, 0
    for place, count in lefts.items():
        if count + lefts.get(place - 1, 0) + lefts.get(place + 1, 0) < 2:
            continue
        gutter = place * 2 - 2.5
        score = _score(items, gutter)
        if score > best_score:
            best, best_score = gutter, score
    return best


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
    return len(left) + len(right) if _is_prose(left) and _is_prose(right) else 0


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


def _is_prose(side: list[Item]) -> bool:
    lines = [item for item in side if isinstance(item, Line)]
    if len(lines) < _FEWEST_LINES:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    wide = [line for line in lines if line.right - line.left >= max(_WIDE * width, _FEWEST_EMS * line.size)]
    return len(wide) >= _WIDE * len(lines)


def _center(item: Item) -> float:
    return (item.left + item.right) / 2


def _single(items: list[Item], leftwards: bool) -> Flow:
    flow = Flow(min(item.left for item in items), max(item.right for item in items))
    rows = _rows(items)
    for place, row in enumerate(rows):
        lines = [item for item in row if isinstance(item, Line)]
        tables = [item for item in row if isinstance(item, Table)]
        lines.sort(key=lambda line: line.left, reverse=leftwards)
        if len(lines) == 1:
            flow.parts.append(lines[0])
        elif lines and _is_running(lines, rows[place + 1] if place + 1 < len(rows) else [], leftwards):
            flow.parts.extend(lines)
        elif lines:
            flow.parts.append(lines)
        flow.parts.extend(tables)
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


def _is_running(row: list[Line], following: list[Item], leftwards: bool) -> bool:
    """Say whether lines side by side are one line with a wide gap: a marker and its text, a speaker and the speech."""
    if len(row) != 2:
        return False
    mark, text = row
    gap = mark.left - text.right if leftwards else text.left - mark.right
    if gap <= _NEAR * text.size and len(mark.text) <= 6:
        return True
    if len(following) != 1 or not isinstance(following[0], Line):
        return False
    edges = (text.right, following[0].right) if leftwards else (text.left, following[0].left)
    return abs(edges[0] - edges[1]) <= CELL_GAP * text.size and len(text.text) > len(mark.text)


def typical(values: Sequence[float], otherwise: float) -> float:
    """Return the median of the values, or `otherwise` where there is none."""
    return median(values) if values else otherwise


def average_width(line: Line) -> float:
    """Return the width of the line's characters in points, on average."""
    return (line.right - line.left) / max(1, len(line.text))


__all__ = ["Flow", "Item", "Table", "average_width", "flows_of", "mean", "typical"]
