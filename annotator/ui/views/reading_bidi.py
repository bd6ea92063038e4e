"""Where the characters of a block stand that holds writing from right to left.

Qt's own search errs where directions meet and where signs share a glyph, so each character is asked for its glyphs.
Units are UTF-16 units of the block, `x` is in logical pixels of the block.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtGui import QGlyphRun, QTextLayout

from annotator.core.invisibles import WITHOUT_WIDTH
from annotator.ui.text_positions import BlockPositions

_SEEN = re.compile(f"[^{WITHOUT_WIDTH}]+")
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


class BidiBlock:
    """Finds characters on the lines of a block; each line is looked at once, when it is first asked for."""

    def __init__(self, layout: QTextLayout, positions: BlockPositions, *, right_to_left: bool) -> None:
        self._layout = layout
        self._text = layout.text()
        self._positions = positions
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
            self._extents[key] = _merged((left, right) for left, right, _ in self._glyphs(number, start, end))
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

        Where directions meet it stands at the edge of the character that runs in the paragraph's direction.
        """
        clusters = self.clusters(number)
        place = bisect_left(clusters, unit, key=lambda cluster: cluster.start)
        before = clusters[place - 1] if place else None
        after = clusters[place] if place < len(clusters) else None
        if before and after and before.leftward == after.leftward:
            return after.leading
        if after and after.leftward == self._right_to_left:
            return after.leading
        if before and before.leftward == self._right_to_left:
            return before.trailing
        if not clusters:
            return None
        at_left = (before is None) != self._right_to_left
        return min(c.left for c in clusters) if at_left else max(c.right for c in clusters)

    def _find_clusters(self, number: int) -> list[Cluster]:
        line = self._layout.lineAt(number)
        unit, end = line.textStart(), line.textStart() + line.textLength()
        found = []
        while unit < end:
            after = self._layout.nextCursorPosition(unit)
            glyphs = self._glyphs(number, unit, after)
            if glyphs:
                left, right = min(glyph[0] for glyph in glyphs), max(glyph[1] for glyph in glyphs)
                seen = self._seen(unit, after)
                found.append(Cluster(seen[0][0], seen[-1][1], left, right, glyphs[0][2]))
            unit = after
        return _shared_out(found)

    def _glyphs(self, number: int, start: int, end: int) -> list[tuple[float, float, bool]]:
        """Return `(left, right, leftward)` of the runs of glyphs that show units `[start, end)`."""
        line = self._layout.lineAt(number)
        runs = [run for low, high in self._seen(start, end) for run in line.glyphRuns(low, high - low)]
        extents = [(*_run_extent(run), run.isRightToLeft()) for run in runs]
        return [extent for extent in extents if extent[1] > extent[0]]

    def _seen(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of units `[start, end)` that show: a hidden sign has no width, but its glyph claims one."""
        origin = self._positions.start
        low, high = (self._positions.to_position(unit) - origin for unit in (start, end))
        return [
            (self._positions.to_units(origin + match.start()), self._positions.to_units(origin + match.end()))
            for match in _SEEN.finditer(self._text, low, high)
        ]


def _shared_out(clusters: list[Cluster]) -> list[Cluster]:
    """Divide a glyph that stands for several characters, as of lam and alef, evenly among them."""
    for (left, right), group in groupby(clusters, key=lambda c: (c.left, c.right)):
        sharing = list(group)
        width = (right - left) / len(sharing)
        for place, cluster in enumerate(reversed(sharing) if sharing[0].leftward else sharing):
            cluster.left, cluster.right = left + place * width, left + (place + 1) * width
    return clusters


def _merged(extents: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(extents):
        if merged and left <= merged[-1][1] + _TOUCHING:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _run_extent(run: QGlyphRun) -> tuple[float, float]:
    advances = run.rawFont().advancesForGlyphIndexes(run.glyphIndexes())
    ends = [(place.x(), place.x() + step.x()) for place, step in zip(run.positions(), advances, strict=True)]
    return min(left for left, _ in ends), max(right for _, right in ends)
