"""One flow of RTF text, such as the body or a footnote: stretches become paragraphs, paragraphs cells and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from annotator.formats.documents.office.text import PLAIN, Block, Look, Note, Paragraph, Table

_DEEPEST_TABLE = 50
_HEADING = re.compile(r"heading ([1-9])")
_TITLES = {"title": 1, "subtitle": 2}
_QUOTES = frozenset({"quote", "intense quote", "quotations", "block text", "blockquote"})
_BODY_TEXT = 9
_MARKER_SPACE = " \t\xa0"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the control words say of a paragraph; `outline` counts from 0 and is -1 where nothing is said."""

    style: int = 0
    outline: int = -1
    list_level: int = 0
    in_table: bool = False
    table_depth: int = 0

    def depth(self) -> int:
        """Return how many tables the paragraph stands in."""
        return min(max(self.table_depth, int(self.in_table)), _DEEPEST_TABLE)


@dataclass(slots=True)
class RtfStyle:
    """A paragraph style of the style sheet."""

    name: str = ""
    outline: int = -1

    def heading(self) -> int:
        """Return the level of the heading that the style is, or 0."""
        name = self._plain_name()
        match = _HEADING.fullmatch(name)
        level = int(match.group(1)) if match else _TITLES.get(name, 0)
        return level or _level(self.outline)

    def is_quote(self) -> bool:
        """Say whether the style is one for quotations."""
        return self._plain_name() in _QUOTES

    def _plain_name(self) -> str:
        return self.name.strip(" ;\t").casefold()


class RtfFlow:
    """Collects one flow of text; `note` is the note that it is, or None. `marker` is the next paragraph's."""

    def __init__(self, styles: Mapping[int, RtfStyle], note: Note | None = None) -> None:
        self.note = note
        self.marker: list[str] = []
        self.awaits_note = False
        self._styles = styles
        self._runs: list[tuple[str, Look]] = []
        self._boxes: list[RtfFlow] = []
        self._blocks: list[Block] = []
        self._cells: dict[int, list[Block]] = {}
        self._row: dict[int, list[list[Block]]] = {}
        self._rows: dict[int, list[list[list[Block]]]] = {}

    def write(self, text: str, look: Look) -> None:
        """Add text to the paragraph."""
        if self._runs and self._runs[-1][1] == look:
            self._runs[-1] = self._runs[-1][0] + text, look
        else:
            self._runs.append((text, look))

    def add_box(self, box: RtfFlow) -> None:
        """Put a text box after the paragraph that it is anchored in."""
        self._boxes.append(box)

    def end_paragraph(self, layout: Layout, depth: int | None = None) -> None:
        """End the paragraph; `depth` is how many tables it stands in if its layout does not say so."""
        depth = layout.depth() if depth is None else min(depth, _DEEPEST_TABLE)
        self._add(self._described(layout), depth)
        self._runs = []
        self.marker = []
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            for block in box.finish(Layout()):
                self._add(block, depth)

    def end_cell(self, depth: int) -> None:
        """End a cell of the table at this depth (from 1)."""
        depth = min(depth, _DEEPEST_TABLE)
        self._close_deeper(depth)
        self._row.setdefault(depth, []).append(self._cells.pop(depth, []))

    def end_row(self, depth: int) -> None:
        """End a row of the table at this depth (from 1)."""
        depth = min(depth, _DEEPEST_TABLE)
        self._close_deeper(depth)
        if depth in self._row:
            self._rows.setdefault(depth, []).append(self._row.pop(depth))

    def finish(self, layout: Layout) -> list[Block]:
        """End what is open and return the blocks."""
        if self._runs or self._boxes:
            self.end_paragraph(layout)
        self._close_deeper(0)
        return self._blocks

    def _described(self, layout: Layout) -> Paragraph:
        style = self._styles.get(layout.style, RtfStyle())
        runs = [(_joined(text), look) for text, look in self._runs]
        paragraph = Paragraph(runs, heading=style.heading() or _level(layout.outline), is_quote=style.is_quote())
        marker = "".join(self.marker).strip(_MARKER_SPACE)
        if marker and paragraph.heading:
            paragraph.runs.insert(0, (f"{marker} ", PLAIN))
        elif marker:
            paragraph.list_level, paragraph.marker = layout.list_level + 1, "•" if marker == "·" else marker
        return paragraph

    def _add(self, block: Block, depth: int) -> None:
        self._close_deeper(depth)
        (self._cells.setdefault(depth, []) if depth else self._blocks).append(block)

    def _close_deeper(self, depth: int) -> None:
        """End the tables that stand deeper than this, the innermost first."""
        deepest = max((*self._cells, *self._row, *self._rows), default=0)
        for level in range(deepest, depth, -1):
            if level in self._cells:
                self._row.setdefault(level, []).append(self._cells.pop(level))
            if level in self._row:
                self._rows.setdefault(level, []).append(self._row.pop(level))
            if level in self._rows:
                table = Table(self._rows.pop(level))
                (self._cells.setdefault(level - 1, []) if level > 1 else self._blocks).append(table)


def _level(outline: int) -> int:
    return outline + 1 if 0 <= outline < _BODY_TEXT else 0


def _joined(text: str) -> str:
    """Return text without NUL, in which two halves of a UTF-16 pair are one character, and a lone half is U+FFFD."""
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
