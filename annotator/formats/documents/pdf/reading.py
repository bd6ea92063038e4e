"""All pages of a PDF to the sequence of its blocks: what runs on over a column or a page is put together again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from annotator.formats.documents.pdf.blocks import (
    TERMINAL,
    Block,
    BlockMaker,
    Manner,
    Placed,
    classify,
    heading_sizes,
    manner_of,
    split_notes,
)
from annotator.formats.documents.pdf.columns import Flow, Item, Table, flows_of
from annotator.formats.documents.pdf.glyphs import BOLD
from annotator.formats.documents.pdf.hyphens import HYPHENS
from annotator.formats.documents.pdf.lines import Line, reads_leftwards
from annotator.formats.documents.pdf.page import PageLines
from annotator.formats.documents.pdf.tables import table_rows

_SAME_SIZE = 0.08
_FULL = 0.1
_LARGER = 1.15
_FEWEST_LETTERS = 3
_MOST_BETWEEN = 8
_CLOSING = "\"'”’»)]›“"


def blocks_of(pages: Sequence[PageLines]) -> tuple[list[Block], Manner]:
    """Return the blocks of a document in the order of reading, and how it is set."""
    leftwards = [reads_leftwards(page.lines) for page in pages]
    flows = [flows_of(_items(page, left), left) for page, left in zip(pages, leftwards, strict=True)]
    manner = manner_of(flow for page_flows in flows for flow in page_flows)
    columns = [
        _page_blocks(page, page_flows, BlockMaker(manner, index, leftwards[index]), manner)
        for index, (page, page_flows) in enumerate(zip(pages, flows, strict=True))
    ]
    sizes = heading_sizes((block for body, _ in columns for column in body for block in column), manner)
    blocks: list[Block] = []
    for index, (page, (body, notes)) in enumerate(zip(pages, columns, strict=True)):
        for column in body:
            classify(column, manner, sizes)
            _append(blocks, column, leftwards[index])
        blocks.extend(notes)
        blocks.extend(Block("paragraph", [[Placed(index, line)]]) for line in page.aside)
    return blocks, manner


def largest_text(pages: Sequence[PageLines], manner: Manner) -> str:
    """Return what stands in the largest letters on the first page, or an empty string where nothing stands out."""
    lines = [line for line in pages[0].lines if sum(map(str.isalpha, line.text)) >= _FEWEST_LETTERS]
    largest = max(lines, key=lambda line: line.size, default=None)
    if largest is None or largest.size < _LARGER * manner.body:
        return ""
    words: list[str] = []
    for line in lines[lines.index(largest) :]:
        if abs(line.size - largest.size) > _SAME_SIZE * largest.size:
            break
        words.append(line.text)
    return " ".join(words)


def _items(page: PageLines, leftwards: bool) -> list[Item]:
    """Return the lines of a page, those in ruled tables put together as tables."""
    items: list[Item] = []
    inside: dict[int, list[Line]] = {}
    for line in page.lines:
        if line.cell is None:
            items.append(line)
        else:
            inside.setdefault(line.cell[0], []).append(line)
    for number, lines in inside.items():
        rows = table_rows(page.grids[number], lines, leftwards)
        if rows is None:
            items.extend(lines)
        else:
            items.append(_table(rows, lines))
    return items


def _table(rows: list[list[list[Line]]], lines: list[Line]) -> Table:
    return Table(
        rows,
        min(line.left for line in lines),
        min(line.top for line in lines),
        max(line.right for line in lines),
        max(line.bottom for line in lines),
    )


def _page_blocks(
    page: PageLines, flows: Sequence[Flow], maker: BlockMaker, manner: Manner
) -> tuple[list[list[Block]], list[Block]]:
    body: list[list[Block]] = []
    notes: list[Block] = []
    for flow in flows:
        text, below = split_notes(maker.blocks(flow), manner, page.edges, page.rules)
        body.append(text)
        notes.extend(below)
    return body, notes


def _append(blocks: list[Block], following: list[Block], leftwards: bool) -> None:
    """Append a column's blocks, its first running text to the paragraph that it goes on with."""
    for place, block in enumerate(following[:_MOST_BETWEEN]):
        if block.kind in ("heading", "list_item"):
            break
        if block.kind != "paragraph":
            continue
        open_block = _open_block(blocks, sure=place > 0)
        if open_block and _goes_on(open_block, block, leftwards, sure=place > 0):
            open_block.placed.extend(block.placed)
            open_block.right = block.right
            following = following[:place] + following[place + 1 :]
            break
        if place == 0 and block.first.text[0].islower():
            break
    blocks.extend(following)


def _open_block(blocks: list[Block], sure: bool) -> Block | None:
    """Return the last running text, footnotes, tables and captions behind it passed over."""
    candidates = (block for block in reversed(blocks) if block.kind != "footnote")
    for block in islice(candidates, _MOST_BETWEEN):
        if block.kind == "heading":
            return None
        if block.kind in ("paragraph", "list_item") and (not _ends(block.last.text) or not sure):
            return block
    return None


def _goes_on(block: Block, following: Block, leftwards: bool, sure: bool) -> bool:
    """Say whether a paragraph goes on with another one; `sure` asks for more where something stands between."""
    last, first = block.last, following.first
    if abs(last.size - first.size) > _SAME_SIZE * last.size or (last.style ^ first.style) & BOLD:
        return False
    if _ends(last.text):
        return False
    if last.text[-1] in HYPHENS and len(last.text) > 1 and last.text[-2].isalpha():
        return True
    if first.text[0].islower():
        return True
    end = -last.left if leftwards else last.right
    full = block.right - end <= _FULL * abs(last.right - last.left) + 2 * last.size
    return not sure and full and not following.is_indented and not last.text.endswith(":")


def _ends(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in TERMINAL
