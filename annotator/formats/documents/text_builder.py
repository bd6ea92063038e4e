"""Text and format ranges, built side by side from left to right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.core.structure import FormatRange, Structure

_WHITE_SPACE = re.compile("[ \t\n\r\f\v]+")


@dataclass(slots=True, eq=False)
class OpenRange:
    """A range whose end is not reached; `start` is None until its first character is written."""

    kind: str
    level: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    start: int | None = None


class TextBuilder:
    """Collects text: white space becomes one space, and breaks stand only between what has been written.

    A range begins at the first character written after `open` and ends at the last before `close`; one without any
    character is dropped. All positions are code points.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._break = ""
        self._space = False
        self._unstarted: list[OpenRange] = []
        self._ranges: list[FormatRange] = []

    def open(self, kind: str, level: int = 0, data: Mapping[str, Any] | None = None) -> OpenRange:
        """Begin a range at the next character."""
        opened = OpenRange(kind, level, data or {})
        self._unstarted.append(opened)
        return opened

    def close(self, opened: OpenRange) -> None:
        """End a range after the last character."""
        if opened.start is None:
            self._unstarted.remove(opened)
        else:
            self._ranges.append(FormatRange(opened.kind, opened.start, self._length, opened.level, opened.data))

    def separate(self, newlines: str) -> None:
        """Ask for at least these newlines before the next character."""
        self._space = False
        if self._length and len(newlines) > len(self._break):
            self._break = newlines

    def write(self, text: str) -> None:
        """Add running text; its newlines are spaces."""
        pieces = _WHITE_SPACE.split(text)
        for place, piece in enumerate(pieces):
            if place:
                self._space = True
            if piece:
                self._append(piece)

    def write_verbatim(self, text: str) -> None:
        """Add text with its own spaces and newlines; it begins and ends with something else."""
        if text:
            self._append(text)

    def write_cell_border(self) -> None:
        """Add the tab between two cells of a row, even beside empty cells."""
        self._space = False
        self._append("\t")

    def finish(self) -> tuple[str, Structure]:
        """Return the text and its ranges, ordered by (start, -end), the outer ones first."""
        order = sorted(self._ranges, key=lambda r: (r.start, -r.end, r.kind in _INLINE))
        return "".join(self._parts), Structure(ranges=tuple(order))

    def _append(self, text: str) -> None:
        if self._break:
            self._emit(self._break)
        elif self._space and self._length and self._parts[-1][-1] not in "\n\t":
            self._emit(" ")
        self._break, self._space = "", False
        for opened in self._unstarted:
            opened.start = self._length
        self._unstarted.clear()
        self._emit(text)

    def _emit(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


_INLINE = frozenset({"emphasis", "strong", "code", "link"})
