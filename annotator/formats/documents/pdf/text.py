"""Blocks to the canonical text, with format ranges, and each word's place on its page."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from annotator.core.pages import Page, PageLayout
from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.pdf.blocks import Block, Placed
from annotator.formats.documents.pdf.frame import from_reading
from annotator.formats.documents.pdf.hyphens import Vocabulary, seam
from annotator.formats.documents.pdf.letters import BOLD, ITALIC
from annotator.formats.documents.pdf.lines import FIELDS, SCALE, Line
from annotator.formats.documents.pdf.page import PageLines

_BLOCK, _LINE, _CELL = "\n\n", "\n", "\t"
_ORDER = {"emphasis": 2, "strong": 2, "link": 1}


class PdfTextWriter:
    """Writes blocks one after the other. All positions are code points of the text."""

    def __init__(self, pages: Sequence[PageLines], vocabulary: Vocabulary, marks_bold: bool) -> None:
        self._pages = pages
        self._vocabulary = vocabulary
        self._marks_bold = marks_bold
        self._parts: list[str] = []
        self._length = 0
        self._ranges: list[FormatRange] = []
        self._words: list[array[int]] = [array("i") for _ in pages]
        self._former: Block | None = None

    def write(self, blocks: Sequence[Block]) -> None:
        """Append all blocks, and give up what is known of the words of a page behind its last block."""
        last_use = {placed.page: place for place, block in enumerate(blocks) for cell in block.cells for placed in cell}
        spent: dict[int, list[int]] = {}
        for page, place in last_use.items():
            spent.setdefault(place, []).append(page)
        for place, block in enumerate(blocks):
            self._write_block(block)
            for page in spent.get(place, ()):
                self._pages[page].words = array("i")

    def finish(self) -> tuple[str, Structure, PageLayout]:
        """Return the text, its ranges in order, and where its words stand."""
        for page, words in zip(self._pages, self._words, strict=True):
            self._mark_links(page, words)
        order = sorted(self._ranges, key=lambda r: (r.start, -r.end, _ORDER.get(r.kind, 0)))
        pages = tuple(Page(page.shown, words) for page, words in zip(self._pages, self._words, strict=True))
        return "".join(self._parts), Structure(ranges=tuple(order)), PageLayout(pages)

    def _write_block(self, block: Block) -> None:
        """Append a block; rows of one table and items of one list stand on neighbouring lines."""
        former = self._former
        if former:
            together = (block.kind == former.kind == "list_item") or (
                block.kind == former.kind == "row" and not block.begins_table
            )
            self._append(_LINE if together else _BLOCK)
        self._former = block
        start = self._length
        styles: list[tuple[int, int, int]] = []
        for place, cell in enumerate(block.cells):
            if place:
                self._append(_CELL)
            self._write_cell(cell, block.marker if not place else "", styles)
        kind = "table_row" if block.kind == "row" else block.kind
        if self._length > start:
            data = {"marker": block.marker} if block.marker else {}
            self._ranges.append(FormatRange(kind, start, self._length, block.level, data))
        self._mark_styles(styles, block.kind)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _write_cell(self, cell: Sequence[Placed], marker: str, styles: list[tuple[int, int, int]]) -> None:
        skip = 0
        if marker:
            text = cell[0].line.text
            rest = text[text.index(marker) + len(marker) :].lstrip()
            skip = len(text) - len(rest)
        for place, placed in enumerate(cell):
            following = cell[place + 1].line.text if place + 1 < len(cell) else ""
            text = placed.line.text
            drop, between = seam(text[skip:], following, self._vocabulary)
            end = len(text) - drop
            self._place_words(placed, skip, end, styles)
            self._append(text[skip:end] + between)
            skip = 0

    def _place_words(self, placed: Placed, skip: int, limit: int, styles: list[tuple[int, int, int]]) -> None:
        line: Line = placed.line
        shift = self._length - skip
        direction = self._pages[placed.page].direction
        target = self._words[placed.page]
        words = self._pages[placed.page].words
        for first, last, inner in line.word_ranges():
            for place in range(first, last, FIELDS):
                start, end = words[place] + inner, words[place + 1] + inner
                if end <= skip or start >= limit:
                    continue
                edges = words[place + 2 : place + FIELDS]
                if start < skip:
                    # A note's number and its first word are one word where nothing stands between them.
                    edges[0] += (edges[2] - edges[0]) * (skip - start) // (end - start)
                    start = skip
                target.extend((start + shift, min(end, limit) + shift, *map(int, from_reading(edges, direction))))
        for start, end, flags in line.styles:
            if end > skip and start < limit:
                styles.append((max(start, skip) + shift, min(end, limit) + shift, flags))

    def _mark_styles(self, styles: Sequence[tuple[int, int, int]], kind: str) -> None:
        for flag, name in ((BOLD, "strong"), (ITALIC, "emphasis")):
            if flag == BOLD and (kind == "heading" or not self._marks_bold):
                continue
            for start, end in _runs((start, end) for start, end, flags in styles if flags & flag):
                self._ranges.append(FormatRange(name, start, end))

    def _mark_links(self, page: PageLines, words: array[int]) -> None:
        for (left, top, right, bottom), address in page.links:
            inside = [
                place
                for place in range(0, len(words), FIELDS)
                if left * SCALE <= (words[place + 2] + words[place + 4]) / 2 <= right * SCALE
                and top * SCALE <= (words[place + 3] + words[place + 5]) / 2 <= bottom * SCALE
            ]
            spans = ((words[place], words[place + 1]) for place in inside)
            for start, end in _runs(spans):
                self._ranges.append(FormatRange("link", start, end, 0, {"url": address}))


def _runs(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans with those made one that have no more than one space between them."""
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and start <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs
