"""What was on screen long enough to be read. It stays on this computer, beside the preferences, and goes nowhere else.

Ranges are half-open, in code points of a document's text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from annotator.core.coverage import merged
from annotator.core.records import Fragment
from annotator.paths import state_folder

LEAST_MS = 1500
"""How long text must be in sight, in milliseconds, to count."""


class SightTimes:
    """Tells which text has been in sight without a break for long enough. Times are milliseconds of one clock."""

    def __init__(self, least: int = LEAST_MS) -> None:
        self._least = least
        self._pieces: list[tuple[int, int, int]] = []
        self._counted: list[Fragment] = []

    def look(self, visible: Fragment | None, now: int) -> list[Fragment]:
        """Say what is in sight now; return what was in sight long enough until now and was not returned before."""
        ripe = [(start, end) for start, end, since in self._pieces if now - since >= self._least]
        young = [piece for piece in self._pieces if now - piece[2] < self._least]
        self._counted = _cut(merged([*self._counted, *ripe]), visible)
        kept = [
            (max(start, visible[0]), min(end, visible[1]), since)
            for start, end, since in young
            if visible is not None and start < visible[1] and visible[0] < end
        ]
        known = merged([*self._counted, *((start, end) for start, end, _ in kept)])
        self._pieces = sorted([*kept, *((start, end, now) for start, end in _gaps(known, visible))])
        return merged(ripe)

    def due(self) -> int | None:
        """Return the time at which something will have been in sight long enough, or None."""
        return min((since + self._least for _, _, since in self._pieces), default=None)


def _cut(ranges: Iterable[Fragment], visible: Fragment | None) -> list[Fragment]:
    if visible is None:
        return []
    pieces = ((max(start, visible[0]), min(end, visible[1])) for start, end in ranges)
    return [(start, end) for start, end in pieces if start < end]


def _gaps(ranges: Iterable[Fragment], visible: Fragment | None) -> list[Fragment]:
    """Return what of `visible` the ordered ranges leave out."""
    if visible is None:
        return []
    gaps, place = [], visible[0]
    for start, end in ranges:
        if place < start:
            gaps.append((place, start))
        place = max(place, end)
    return [*gaps, (place, visible[1])] if place < visible[1] else gaps


class OnScreen:
    """What was on screen in the documents of one project, kept in a file of its own.

    A file that cannot be read or written costs nobody anything but these lines, so nothing is raised for it.
    """

    def __init__(self, folder: Path, project: str) -> None:
        self._path = folder / f"{project}.json"
        self._ranges = _read(self._path)
        self._changed = False

    def ranges(self, document: str) -> list[Fragment]:
        """Return what was on screen of a document, ordered and disjoint."""
        return self._ranges.get(document, [])

    def add(self, document: str, ranges: Iterable[Fragment]) -> bool:
        """Add what was on screen; say whether any of it is new."""
        before = self.ranges(document)
        after = merged([*before, *ranges])
        if after == before:
            return False
        self._ranges[document] = after
        self._changed = True
        return True

    def save(self) -> None:
        """Write the file if anything is new, with what another window wrote; it is replaced whole or not at all."""
        if not self._changed:
            return
        self._changed = False
        for document, ranges in _read(self._path).items():
            self._ranges[document] = merged([*ranges, *self.ranges(document)])
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps({"documents": self._ranges}), "utf-8")
            temporary.replace(self._path)


def on_screen_folder() -> Path:
    """Return the folder with a file for each project."""
    return state_folder() / "on-screen"


def forget_all(folder: Path) -> None:
    """Delete what was kept of every project. Raises OSError where it cannot be deleted."""
    for path in folder.glob("*.json"):
        path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, list[Fragment]]:
    try:
        documents = json.loads(path.read_text("utf-8"))["documents"]
        return {document: merged(map(_checked, ranges)) for document, ranges in documents.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _checked(part: Any) -> Fragment:
    start, end = part
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise ValueError("no range")
    return start, end
