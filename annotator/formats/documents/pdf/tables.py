"""Tables that are ruled: the grid that lines and filled rectangles on a page form, and which cell a place is in."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from annotator.formats.documents.pdf.chains import Cell
from annotator.formats.documents.pdf.frame import Edges
from annotator.formats.documents.pdf.glyphs import Glyph
from annotator.formats.documents.pdf.lines import Line

_TOUCH = 3.0
_SAME_EDGE = 2.5
_SMALLEST_CELL = 4.0
_MOST_RULES = 3000
_MOST_CHECKS = 5_000_000
_PAGE_SHARE = 0.97
_GOING_ON = 0.7


@dataclass(slots=True, eq=False)
class Grid:
    """A ruled table: the edges of its columns and rows in reading coordinates, and which cells are one."""

    columns: list[float]
    rows: list[float]
    owner: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Return (row, column) of the cell around a point, the upper left one of joined cells."""
        if not (self.columns[0] <= x <= self.columns[-1] and self.rows[0] <= y <= self.rows[-1]):
            return None
        column = min(bisect_right(self.columns, x), len(self.columns) - 1) - 1
        row = min(bisect_right(self.rows, y), len(self.rows) - 1) - 1
        return self.owner.get((row, column), (row, column))


def grids_of(rules: Sequence[Edges], width: float, height: float) -> list[Grid]:
    """Return the tables that the rules of a page form; `width` and `height` are those of the page in points."""
    straight = [rule for rule in rules if not _frames_page(rule, width, height)]
    if len(straight) > _MOST_RULES:
        return []
    grids = (_grid(group) for group in _groups(straight))
    return [grid for grid in grids if grid]


def cell_finder(grids: Sequence[Grid]) -> Callable[[Glyph], Cell | None]:
    """Return a function that names the cell that a glyph's middle is in, or None outside all tables."""

    def cell_of(glyph: Glyph) -> Cell | None:
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        for number, grid in enumerate(grids):
            place = grid.place(x, y)
            if place:
                return (number, *place)
        return None

    return cell_of


def _frames_page(rule: Edges, width: float, height: float) -> bool:
    return rule[2] - rule[0] > _PAGE_SHARE * width or rule[3] - rule[1] > _PAGE_SHARE * height


def _groups(rules: list[Edges]) -> list[list[Edges]]:
    """Return the rules in groups that touch each other."""
    groups: list[tuple[list[float], list[Edges]]] = []
    for rule in sorted(rules, key=lambda rule: (rule[1], rule[0])):
        touching = [group for group in groups if _touch(group[0], rule) and _touch_any(group[1], rule)]
        hull, members = list(rule), [rule]
        for other, others in touching:
            hull = [min(hull[0], other[0]), min(hull[1], other[1]), max(hull[2], other[2]), max(hull[3], other[3])]
            members = others + members
        groups = [group for group in groups if all(group is not gone for gone in touching)]
        groups.append((hull, members))
    return [members for _, members in groups]


def _touch(one: Sequence[float], other: Sequence[float]) -> bool:
    return (
        one[0] <= other[2] + _TOUCH
        and other[0] <= one[2] + _TOUCH
        and one[1] <= other[3] + _TOUCH
        and other[1] <= one[3] + _TOUCH
    )


def _touch_any(members: list[Edges], rule: Edges) -> bool:
    return any(_touch(member, rule) for member in reversed(members))


def _grid(rules: list[Edges]) -> Grid | None:
    lying = [rule for rule in rules if rule[2] - rule[0] >= rule[3] - rule[1]]
    standing = [rule for rule in rules if rule[2] - rule[0] < rule[3] - rule[1]]
    columns = _distinct([rule[0] for rule in standing])
    rows = _distinct([rule[1] for rule in lying])
    if len(columns) < 3 or len(rows) < 2:
        return None
    if len(columns) * len(rows) * len(rules) > _MOST_CHECKS:
        return None
    grid = Grid(columns, rows)
    _join_cells(grid, lying, standing)
    return grid


def _distinct(places: list[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > max(_SAME_EDGE, _SMALLEST_CELL):
            edges.append(place)
    return edges


def _join_cells(grid: Grid, lying: list[Edges], standing: list[Edges]) -> None:
    """Join the cells that have no rule between them."""
    cells = [(row, column) for row in range(len(grid.rows) - 1) for column in range(len(grid.columns) - 1)]
    owner = {cell: cell for cell in cells}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while owner[cell] != cell:
            cell = owner[cell]
        return cell

    for row, column in cells:
        y = (grid.rows[row] + grid.rows[row + 1]) / 2
        x = (grid.columns[column] + grid.columns[column + 1]) / 2
        right, below = (row, column + 1), (row + 1, column)
        if right in owner and not any(_at(r[0], grid.columns[column + 1]) and r[1] <= y <= r[3] for r in standing):
            one, other = sorted((root((row, column)), root(right)))
            owner[other] = one
        if below in owner and not any(_at(r[1], grid.rows[row + 1]) and r[0] <= x <= r[2] for r in lying):
            one, other = sorted((root((row, column)), root(below)))
            owner[other] = one
    grid.owner = {cell: root(cell) for cell in cells if root(cell) != cell}
    grid.owner |= {cell: cell for cell in set(grid.owner.values())}


def _at(place: float, edge: float) -> bool:
    return abs(place - edge) <= _SMALLEST_CELL


def table_rows(grid: Grid, lines: Sequence[Line], leftwards: bool) -> list[list[list[Line]]] | None:
    """Return the rows of a table as cells of lines, or None if the ruled area is no table.

    Where only the columns are ruled, or a cell holds a table of its own, each line across is a row.
    """
    cells: dict[int, dict[int, list[Line]]] = {}
    for line in lines:
        if line.cell:
            cells.setdefault(line.cell[1], {}).setdefault(line.cell[2], []).append(line)
    columns = sorted({column for row in cells.values() for column in row}, reverse=leftwards)
    if len(columns) < 2:
        return None
    rows: list[list[list[Line]]] = []
    for _, row in sorted(cells.items()):
        if _is_stacked(row):
            rows.extend(_lines_across([line for cell in row.values() for line in cell], leftwards))
        else:
            rows.append(_ruled_row(grid, row, columns))
    return rows


def _ruled_row(grid: Grid, row: dict[int, list[Line]], columns: list[int]) -> list[list[Line]]:
    """Return the cells of a row; an empty one stands for each column that has text in another row."""
    cells = [row.get(column, []) for column in columns]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_stacked(row: dict[int, list[Line]]) -> bool:
    """Say whether the lines of a ruled row are rows of their own, side by side within cells or across them."""
    if all(_is_one_text(cell) for cell in row.values()):
        return False
    for cell in row.values():
        if any(abs(one.baseline - other.baseline) < 0.4 * one.size for one, other in itertools.pairwise(cell)):
            return True
    tall = [cell for cell in row.values() if len(cell) >= 3]
    return len(tall) >= 2 and sum(_ends_early(cell) for cell in tall) > 0.6 * len(tall)


def _is_one_text(cell: list[Line]) -> bool:
    """Say whether the lines of a cell are one, by the file's tags or because most go on in small letters."""
    if cell[0].mark and all(line.mark == cell[0].mark for line in cell):
        return True
    return sum(line.text[0].islower() for line in cell[1:]) >= _GOING_ON * (len(cell) - 1)


def _ends_early(cell: list[Line]) -> bool:
    """Say whether a cell's lines are too short to be the lines of one running text."""
    widest = max(line.right - line.left for line in cell)
    return widest < 6 * cell[0].size or sum(line.right - line.left < 0.7 * widest for line in cell) > len(cell) / 2


def _lines_across(lines: list[Line], leftwards: bool) -> list[list[list[Line]]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if rows and line.baseline - rows[-1][0].baseline <= 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [[[line] for line in sorted(row, key=lambda line: line.left, reverse=leftwards)] for row in rows]
