"""Notes as Qt shows them: runs of plain text with formats. Nothing that somebody wrote is read by Qt as markup.

Links are text, not to be clicked; no picture and no file is ever asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from annotator.core.note_text import NoteBlock, Run
from annotator.ui.dialogs.rows import MUTED_ALPHA, softened
from annotator.ui.text_filling import filling
from annotator.ui.text_positions import display_text
from annotator.ui.views.reading_layout import reads_right_to_left

_ISOLATE, _END_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
"""Around a name, so that its @ stays before it where the text runs the other way."""
_LINE_SEPARATOR = "\N{LINE SEPARATOR}"
_INDENT = 16
_GAP = 5


def fill_note(document: QTextDocument, blocks: Iterable[NoteBlock], palette: QPalette) -> None:
    """Put a note into a document, in a palette's colours, in place of what is there."""
    previous = ""
    with filling(document, _INDENT) as cursor:
        for number, block in enumerate(blocks):
            shape = _block_format(block, first=number == 0, follows_item=previous == "item")
            if number:
                cursor.insertBlock(shape)
            else:
                cursor.setBlockFormat(shape)
            _insert(cursor, block, palette)
            previous = block.kind


def insert_note(cursor: QTextCursor, blocks: Iterable[NoteBlock], palette: QPalette) -> None:
    """Add a note as blocks of their own behind what is there."""
    previous = ""
    for block in blocks:
        cursor.insertBlock(_block_format(block, first=False, follows_item=previous == "item"))
        _insert(cursor, block, palette)
        previous = block.kind


def _block_format(block: NoteBlock, *, first: bool, follows_item: bool) -> QTextBlockFormat:
    shape = QTextBlockFormat()
    close = first or (block.kind == "item" and follows_item)
    shape.setTopMargin(0 if close else _GAP)
    indent = {"item": _INDENT * (block.level + 1), "quote": _INDENT}.get(block.kind, 0)
    if reads_right_to_left(block.text):
        shape.setRightMargin(indent)
    else:
        shape.setLeftMargin(indent)
    if block.kind == "item":
        shape.setTextIndent(-_INDENT)
    return shape


def _insert(cursor: QTextCursor, block: NoteBlock, palette: QPalette) -> None:
    if block.marker:
        cursor.insertText(f"{block.marker}\t", QTextCharFormat())
    for run in block.runs:
        words = _LINE_SEPARATOR.join(map(display_text, run.text.split("\n")))
        shown = f"{_ISOLATE}{words}{_END_ISOLATE}" if run.mention else words
        cursor.insertText(shown, _run_format(run, block, palette))


def _run_format(run: Run, block: NoteBlock, palette: QPalette) -> QTextCharFormat:
    shape = QTextCharFormat()
    if run.bold or block.kind == "heading":
        shape.setFontWeight(QFont.Weight.Bold)
    if block.kind == "heading" and block.level == 1:
        shape.setProperty(QTextFormat.Property.FontSizeAdjustment, 1)
    shape.setFontItalic(run.italic)
    shape.setFontStrikeOut(run.struck)
    if block.kind == "quote":
        shape.setForeground(softened(palette, MUTED_ALPHA))
    if run.code:
        shape.setFontFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
        shape.setFontFixedPitch(True)
        shape.setBackground(palette.midlight())
    if run.link or run.mention:
        shape.setForeground(palette.link())
        shape.setFontUnderline(run.link)
    if run.mention:
        shape.setFontWeight(QFont.Weight.DemiBold)
    return shape
