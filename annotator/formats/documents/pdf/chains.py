"""Glyphs of a page to chains: which of them stand side by side on one baseline, and which chains are one stretch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotator.formats.documents.pdf.glyphs import Glyph

CELL_GAP = 0.9
"""Stretches of text with more ems between them are no running text."""

_SAME_BASELINE = 0.2
_SAME_ROW = 0.3
_RAISED = 0.6
_SMALLER = 0.9
_MUCH_SMALLER = 0.7
_NO_WIDTH = 0.02
_FEWEST_STARTS = 5
_COLUMN_GAP = 0.5
_INITIAL = 2.2
_MOST_CHAINS = 4000

Cell = tuple[int, int, int]
"""Number of the table on its page, row, column."""


@dataclass(slots=True, eq=False)
class Chain:
    """Glyphs that stand side by side, in drawing order."""

    glyphs: list[Glyph]
    cell: Cell | None
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    size: float
    inset: float | None = None

    def take(self, other: Chain) -> None:
        """Append the glyphs of another chain on the same line."""
        self.glyphs.extend(other.glyphs)
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)


def chains_of(glyphs: Sequence[Glyph], cell_of: Callable[[Glyph], Cell | None] | None) -> Iterator[Chain]:
    """Yield the stretches of text that the glyphs of one direction form, from top to bottom and left to right."""
    chains = _with_initials(_chains(glyphs, cell_of))
    starts = Counter(round(chain.left) for chain in chains)
    edges = frozenset(place for place, count in starts.items() if count >= _FEWEST_STARTS)
    for row in _rows(chains):
        yield from _joined(row, edges)


def _chains(glyphs: Iterable[Glyph], cell_of: Callable[[Glyph], Cell | None] | None) -> list[Chain]:
    chains: list[Chain] = []
    chain: Chain | None = None
    for glyph in glyphs:
        cell = cell_of(glyph) if cell_of else None
        if chain and cell == chain.cell and _continues(chain, glyph):
            if glyph.size > chain.size or (_has_no_width(chain.glyphs[-1]) and chain.left == chain.right):
                chain.size, chain.baseline = glyph.size, glyph.baseline
            chain.glyphs.append(glyph)
            if glyph.left < chain.left:
                chain.left = glyph.left
            if glyph.right > chain.right:
                chain.right = glyph.right
        elif not glyph.text.isspace():
            chain = Chain(
                [glyph],
                cell,
                glyph.left,
                glyph.right,
                glyph.top,
                glyph.bottom,
                glyph.baseline,
                glyph.size,
            )
            chains.append(chain)
    return [chain for chain in chains if _trimmed(chain)]


def _continues(chain: Chain, glyph: Glyph) -> bool:
    last = chain.glyphs[-1]
    if not 1 / _INITIAL < glyph.size / chain.size < _INITIAL:
        return False
    distance = abs(chain.baseline - glyph.baseline)
    # Marks of Arabic and Hebrew letters stand higher or lower than these.
    is_mark = distance <= _RAISED * glyph.size and (_has_no_width(glyph) or _has_no_width(last))
    if distance > _SAME_BASELINE * min(chain.size, glyph.size) and not (is_mark or _is_raised(chain, glyph)):
        return False
    limit = _joining_gap(last.size, glyph.size)
    return glyph.left - chain.right <= limit and chain.left - glyph.right <= limit


def _has_no_width(glyph: Glyph) -> bool:
    return glyph.right - glyph.left < _NO_WIDTH * glyph.size


def _joining_gap(one: float, other: float) -> float:
    """Return the widest gap within a line, in points; a small number far from larger letters counts the line."""
    smaller, larger = sorted((one, other))
    return CELL_GAP * (larger if smaller > _MUCH_SMALLER * larger else smaller)


def _is_raised(chain: Chain, glyph: Glyph) -> bool:
    """Say whether the glyph is a note mark or index beside the chain, or the chain such a one beside the glyph."""
    sizes = sorted((chain.size, glyph.size))
    if sizes[0] > _SMALLER * sizes[1] or abs(chain.baseline - glyph.baseline) > _RAISED * sizes[1]:
        return False
    overlap = min(chain.bottom, glyph.bottom) - max(chain.top, glyph.top)
    near = glyph.left - chain.right <= _RAISED * sizes[1] and chain.left - glyph.right <= _RAISED * sizes[1]
    return near and overlap >= 0.4 * sizes[0]


def _with_initials(chains: list[Chain]) -> list[Chain]:
    """Put each large initial, which reaches over several lines, before the first of them."""
    if len(chains) > _MOST_CHAINS:
        return chains
    least = _INITIAL * min((chain.size for chain in chains), default=0)
    initials = [x for x in chains if x.size >= least and len(x.glyphs) == 1 and x.glyphs[0].text.isalpha()]
    for initial in initials:
        beside = [
            chain
            for chain in chains
            if chain.size * _INITIAL <= initial.size
            and -0.5 * chain.size < chain.left - initial.right < 1.5 * chain.size
            and initial.top - chain.size < (chain.top + chain.bottom) / 2 < initial.bottom
        ]
        if beside:
            first = min(beside, key=lambda chain: chain.top)
            first.glyphs.insert(0, initial.glyphs[0])
            first.left = initial.left
            for chain in beside:
                chain.inset = initial.left
            chains.remove(initial)
    return chains


def _trimmed(chain: Chain) -> bool:
    """Take the spaces off the chain's end and set its edges anew; say whether anything is left."""
    while chain.glyphs and chain.glyphs[-1].text.isspace():
        chain.glyphs.pop()
    inked = [glyph for glyph in chain.glyphs if not glyph.text.isspace()]
    if not inked:
        return False
    chain.left, chain.right = min(g.left for g in inked), max(g.right for g in inked)
    chain.top, chain.bottom = min(g.top for g in inked), max(g.bottom for g in inked)
    return True


def _rows(chains: list[Chain]) -> list[list[Chain]]:
    """Return the chains by baseline, each row from left to right."""
    rows: list[list[Chain]] = []
    for chain in sorted(chains, key=lambda chain: chain.baseline):
        for row in reversed(rows[-4:]):
            first = row[0]
            is_like = 1 / _INITIAL < first.size / chain.size < _INITIAL
            if is_like and abs(first.baseline - chain.baseline) <= _SAME_ROW * min(first.size, chain.size):
                row.append(chain)
                break
        else:
            rows.append([chain])
    for row in rows:
        row.sort(key=lambda chain: chain.left)
    return rows


def _joined(row: list[Chain], edges: frozenset[int]) -> list[Chain]:
    """Join the chains of a row that are one stretch of text; `edges` are where many chains of the page begin."""
    joined: list[Chain] = []
    for chain in row:
        last = joined[-1] if joined else None
        if last and last.cell == chain.cell and chain.left - last.right <= _gap_between(last, chain, edges):
            last.take(chain)
        else:
            joined.append(chain)
    return joined


def _gap_between(last: Chain, chain: Chain, edges: frozenset[int]) -> float:
    """Return the widest gap between two chains of one stretch, in points; columns can stand close to each other."""
    place = round(chain.left)
    marks = last.glyphs[-1].mark, chain.glyphs[0].mark
    if edges.intersection((place - 1, place, place + 1)) or (all(marks) and marks[0] != marks[1]):
        return _COLUMN_GAP * max(last.size, chain.size)
    return _joining_gap(last.size, chain.size)
