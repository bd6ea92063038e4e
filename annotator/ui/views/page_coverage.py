"""What was marked as read, on the pages: a check mark beside the first words of each paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from annotator.core.spans import Fragment
from annotator.ui.theme import load_theme
from annotator.ui.views.page_painter import Sheet
from annotator.ui.views.page_stack import PageStack
from annotator.ui.views.reading_coverage import draw_check, within
from annotator.ui.views.reading_page import Page

_GAP = 10.0
"""Pixels between the first word and the middle of its check mark."""


class PageCoverage:
    """Draws check marks on paper, which is white in every theme."""

    def __init__(self) -> None:
        self._colour = load_theme("light").color("text_muted")

    def paint(self, painter: QPainter, stack: PageStack, sheet: Sheet, reading: Page, read: Sequence[Fragment]) -> None:
        """Mark the paragraphs of a sheet that were read; the painter's origin is the top left of the viewport."""
        for position in _starts(sheet, reading, read):
            boxes = sheet.words.boxes(position, position + 1)
            if boxes:
                rect = stack.to_view(sheet.page, boxes[0])
                x = rect.right() + _GAP if reading.from_right else rect.left() - _GAP
                draw_check(painter, QPointF(x, rect.center().y()), self._colour)


def _starts(sheet: Sheet, reading: Page, read: Sequence[Fragment]) -> Iterator[int]:
    """Yield where the paragraphs begin that were read and that begin on the sheet."""
    if sheet.words.extent is None:
        return
    text, blocks = reading.text, reading.blocks
    for low, high in within(read, *sheet.words.extent):
        for block in range(blocks.at(low), blocks.at(high - 1) + 1):
            start, end = blocks.starts[block], blocks.ends[block]
            line = text[start:end]
            if start >= low and line.strip():
                yield start + len(line) - len(line.lstrip())
