"""Pages of words and tables as Qt shows them: built from plain text and formats, never read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import (
    QFont,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextTableFormat,
)

from annotator.core.note_text import note_blocks
from annotator.core.report import PageBlock, shown_text
from annotator.ui.dialogs.rows import MUTED_ALPHA, softened
from annotator.ui.note_document import insert_note
from annotator.ui.text_filling import filling
from annotator.ui.text_positions import display_text

_TAB = 16
_GAPS = {"heading": 20, "item": 2, "muted": 8, "note": 2, "text": 4}
_ADJUSTMENTS = {1: 3, 2: 1}
"""Steps by which a heading's font is larger, by its level."""


def fill_page(document: QTextDocument, blocks: Iterable[PageBlock], palette: QPalette) -> None:
    """Put a page into a document, in a palette's colours, in place of what is there."""
    with filling(document, _TAB) as cursor:
        for number, block in enumerate(blocks):
            if block.kind in ("facts", "table"):
                _insert_rows(cursor, block, palette)
            else:
                _insert_text(cursor, block, palette, first=number == 0)


def _insert_text(cursor: QTextCursor, block: PageBlock, palette: QPalette, *, first: bool) -> None:
    shape = QTextBlockFormat()
    shape.setTopMargin(0 if first else _GAPS.get(block.kind, 4))
    if block.kind == "item":
        shape.setLeftMargin(16)
        shape.setTextIndent(-12)
    if block.kind == "note":
        insert_note(cursor, note_blocks(block.text), palette)
        return
    if first:
        cursor.setBlockFormat(shape)
    else:
        cursor.insertBlock(shape)
    bullet = "•  " if block.kind == "item" else ""
    cursor.insertText(f"{bullet}{_plain(block.text)}", _look(block, palette))


def _look(block: PageBlock, palette: QPalette) -> QTextCharFormat:
    look = QTextCharFormat()
    if block.kind == "heading":
        look.setFontWeight(QFont.Weight.DemiBold)
        look.setProperty(QTextFormat.Property.FontSizeAdjustment, _ADJUSTMENTS.get(block.level, 0))
    if block.kind == "muted":
        look.setForeground(softened(palette, MUTED_ALPHA))
    return look


def _insert_rows(cursor: QTextCursor, block: PageBlock, palette: QPalette) -> None:
    """Add a table; the first column of facts, and the header of another one, are names."""
    rows = [*([block.header] if block.header else []), *block.rows]
    if not rows:
        return
    shape = QTextTableFormat()
    shape.setBorder(0)
    shape.setCellPadding(2)
    shape.setCellSpacing(0)
    shape.setTopMargin(6)
    if block.header:
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table = cursor.insertTable(len(rows), len(rows[0]), shape)
    muted = QTextCharFormat()
    muted.setForeground(softened(palette, MUTED_ALPHA))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            is_name = number == 0 if block.header else column == 0
            cell = table.cellAt(number, column).firstCursorPosition()
            cell.insertText(f"{_plain(text)}   ", muted if is_name else QTextCharFormat())
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _plain(text: str) -> str:
    return "\N{LINE SEPARATOR}".join(map(display_text, shown_text(text).split("\n")))
