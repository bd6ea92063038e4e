"""Where the characters of a block stand that holds writing from right to left.

Qt's own search errs where directions meet and where signs share a glyph, so each character is asked for its glyphs.
Units are UTF-16 units of the block, `x` is in logical pixels of the block.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtGui import QGlyphRun, QTextLayout, QTextLine

from annotator.core.invisibles import WITHOUT_WIDTH
from annotator.ui.text_positions import BlockPositions

_HIDDEN = re.compile(f"[{WITHOUT_WIDTH}]+")
_TOUCHING = 0.6


@dataclass(slots=True)
class Cluster:
    """A character with its marks: units `[start, end)`, without invisible ones at its end, from `left` to `right`."""

    start: int
    end: int
    left: float
    right: float
    leftward: bool

    @property
    def leading(self) -> float:
        """The edge at which one begins to read it."""
        return self.right if self.leftward else self.left

    @property
    def trailing(self) -> float:
        """The edge at which one has read it."""
        return self.left if self.leftward else self.right


class _Glyph(NamedTuple):
    glyph: int
    left: float
    right: float
    leftward: bool


class BidiBlock:
    """Finds characters on the lines of a block; each line is looked at once, when it is first asked for."""

    def __init__(self, layout: QTextLayout, positions: BlockPositions, *, right_to_left: bool) -> None:
        self._layout = layout
        hidden = [match.span() for match in _HIDDEN.finditer(layout.text())]
        self._hidden_starts = [positions.to_units(positions.start + low) for low, _ in hidden]
        self._hidden_ends = [positions.to_units(positions.start + high) for _, high in hidden]
        self._right_to_left = right_to_left
        self._clusters: dict[int, list[Cluster]] = {}
        self._extents: dict[tuple[int, int, int], list[tuple[float, float]]] = {}

    def clusters(self, number: int) -> list[Cluster]:
        """Return the characters seen on a line in the order of the text."""
        found = self._clusters.get(number)
        if found is None:
            found = self._clusters[number] = self._find_clusters(number)
        return found

    def stretches(self, number: int, start: int, end: int) -> list[tuple[float, float]]:
        """Return the horizontal stretches `(left, right)` that units `[start, end)` take up on a line."""
        return _merged((c.left, c.right) for c in self.clusters(number) if c.start < end and start < c.end)

    def whole_line(self, number: int, start: int, end: int) -> list[tuple[float, float]]:
        """Return the stretches of all that shows of a line, units `[start, end)`; cheaper than by its characters."""
        key = number, start, end
        if key not in self._extents:
            glyphs = self._glyphs(self._layout.lineAt(number), start, end)
            self._extents[key] = _merged((glyph.left, glyph.right) for glyph in glyphs)
        return self._extents[key]

    def cluster_at(self, number: int, x: float, end: int) -> Cluster | None:
        """Return the character before unit `end` of a line that is nearest to `x`."""
        clusters = [cluster for cluster in self.clusters(number) if cluster.start < end]
        return min(clusters, key=lambda c: max(c.left - x, x - c.right, 0.0)) if clusters else None

    def cluster_of(self, number: int, unit: int) -> Cluster | None:
        """Return the character that a unit of a line belongs to, or None where nothing shows."""
        return next((c for c in self.clusters(number) if c.start <= unit < c.end), None)

    def caret_x(self, number: int, unit: int) -> float | None:
        """Return where the caret before a unit stands, or None on a line without characters.

        Where directions meet it stands at the edge of the character that runs in the direction around both.
        """
        clusters = self.clusters(number)
        if not clusters:
            return None
        place = bisect_left(clusters, unit, key=lambda cluster: cluster.start)
        if not 0 < place < len(clusters):
            return self._end_x(clusters, at_start=place == 0)
        before, after = clusters[place - 1], clusters[place]
        goes_on = (after.left >= before.left) != self._right_to_left
        around = self._right_to_left if goes_on else not self._right_to_left
        return after.leading if after.leftward == around or after.leftward == before.leftward else before.trailing

    def _end_x(self, clusters: list[Cluster], *, at_start: bool) -> float:
        """Return the left or right end of what shows of a line, where the paragraph's direction begins or ends."""
        if at_start != self._right_to_left:
            return min(cluster.left for cluster in clusters)
        return max(cluster.right for cluster in clusters)

    def _find_clusters(self, number: int) -> list[Cluster]:
        line = self._layout.lineAt(number)
        unit, end = line.textStart(), line.textStart() + line.textLength()
        found: list[Cluster] = []
        sharing: list[Cluster] = []
        widest: _Glyph | None = None
        while unit < end:
            after = self._layout.nextCursorPosition(unit)
            glyphs = self._glyphs(line, unit, after)
            if glyphs:
                left, right = min(glyph.left for glyph in glyphs), max(glyph.right for glyph in glyphs)
                cluster = Cluster(unit, self._seen(unit, after)[-1][1], left, right, glyphs[0].leftward)
                before, widest = widest, max(glyphs, key=lambda glyph: glyph.right - glyph.left)
                sharing = [*sharing, cluster] if widest == before else [cluster]
                _share(widest, sharing)
                found.append(cluster)
            unit = after
        return found

    def _glyphs(self, line: QTextLine, start: int, end: int) -> list[_Glyph]:
        """Return the glyphs of units `[start, end)` that have a width."""
        runs = [run for low, high in self._seen(start, end) for run in line.glyphRuns(low, high - low)]
        return [glyph for run in runs for glyph in _run_glyphs(run) if glyph.right > glyph.left]

    def _seen(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of units `[start, end)` that show: a hidden sign has no width, but its glyph claims one."""
        parts = []
        place = bisect_left(self._hidden_ends, start + 1)
        while place < len(self._hidden_ends) and self._hidden_starts[place] < end:
            if start < self._hidden_starts[place]:
                parts.append((start, self._hidden_starts[place]))
            start = self._hidden_ends[place]
            place += 1
        if start < end:
            parts.append((start, end))
        return parts


def _share(glyph: _Glyph, clusters: list[Cluster]) -> None:
    """Divide a glyph that stands for several characters, as for lam and alef, evenly among them."""
    if len(clusters) == 1:
        return
    width = (glyph.right - glyph.left) / len(clusters)
    for place, cluster in enumerate(reversed(clusters) if glyph.leftward else clusters):
        cluster.left, cluster.right = glyph.left + place * width, glyph.left + (place + 1) * width


def _merged(extents: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(extents):
        if merged and left <= merged[-1][1] + _TOUCHING:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _run_glyphs(run: QGlyphRun) -> list[_Glyph]:
    leftward = run.isRightToLeft()
    indexes = run.glyphIndexes()
    advances = run.rawFont().advancesForGlyphIndexes(indexes)
    return [
        _Glyph(index, place.x(), place.x() + step.x(), leftward)
        for index, place, step in zip(indexes, run.positions(), advances, strict=True)
    ]
