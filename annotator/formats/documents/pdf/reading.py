"""All pages of a PDF to the sequence of its blocks: what runs on over a column or a page is put together again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from annotator.formats.documents.pdf.blocks import (
    Block,
    BlockMaker,
    Manner,
    Placed,
    ends_sentence,
    forget_wrong_marks,
    manner_of,
    split_notes,
)
from annotator.formats.documents.pdf.columns import Flow, Item, Table, flows_of
from annotator.formats.documents.pdf.headings import classify, heading_sizes
from annotator.formats.documents.pdf.hyphens import HYPHENS
from annotator.formats.documents.pdf.letters import BOLD
from annotator.formats.documents.pdf.lines import Line, reads_leftwards
from annotator.formats.documents.pdf.markers import marker_of
from annotator.formats.documents.pdf.page import PageLines
from annotator.formats.documents.pdf.tables import table_rows

_SAME_SIZE = 0.08
_FULL = 0.1
_FLUSH = 0.2
_LARGER = 1.15
_FEWEST_LETTERS = 3
_MOST_BETWEEN = 8
_INDENT = 0.8
_SPEAKER = re.compile(r"[^\W\d_][^.:]{0,60}:(?:\s|$)|[QA][.:\s]")
_CLOSING = "\"'”’»)]›“"


def blocks_of(pages: Sequence[PageLines]) -> tuple[list[Block], Manner]:
    """Return the blocks of a document in the order of reading, and how it is set."""
    leftwards = [reads_leftwards(page.lines) for page in pages]
    flows = [flows_of(_items(page, left), left) for page, left in zip(pages, leftwards, strict=True)]
    forget_wrong_marks([flow for page_flows in flows for flow in page_flows])
    manner = manner_of(flow for page_flows in flows for flow in page_flows)
    columns = [
        _page_blocks(page, page_flows, BlockMaker(manner, index, leftwards[index]), manner)
        for index, (page, page_flows) in enumerate(zip(pages, flows, strict=True))
    ]
    sizes = heading_sizes((block for body, _ in columns for column in body for block in column), manner)
    blocks: list[Block] = []
    for index, (page, (body, notes)) in enumerate(zip(pages, columns, strict=True)):
        for column in body:
            classify(column, manner, sizes, page.kinds)
            _append(blocks, column, leftwards[index])
        blocks.extend(notes)
        blocks.extend(Block("paragraph", [[Placed(index, line)]]) for line in page.aside)
    return blocks, manner


def largest_text(blocks: Sequence[Block], manner: Manner) -> str:
    """Return what stands in the largest letters on the first page, or an empty string where nothing stands out."""
    lettered = [block for block in blocks if block.placed and sum(map(str.isalpha, block.text)) >= _FEWEST_LETTERS]
    pages = [block.placed[0].page for block in lettered]
    first = [block for block, page in zip(lettered, pages, strict=True) if page == min(pages)]
    largest = max(first, key=lambda block: block.first.size, default=None)
    if largest is None or largest.first.size < _LARGER * manner.body:
        return ""
    words: list[str] = []
    for block in first[first.index(largest) :]:
        if abs(block.first.size - largest.first.size) > _SAME_SIZE * largest.first.size:
            break
        words.append(block.text)
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
    if following and (former := _same_paragraph(blocks, following[0], leftwards)):
        former.placed.extend(following[0].placed)
        former.right = following[0].right
        blocks.extend(following[1:])
        return
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
        if (place == 0 and block.first.text[0].islower()) or (open_block and _is_alike(open_block, block)):
            break
    blocks.extend(following)


def _is_alike(block: Block, other: Block) -> bool:
    """Say whether a block is running text as another one is, and no caption between its halves."""
    return abs(block.last.size - other.first.size) <= _SAME_SIZE * block.last.size and len(other.placed) > 1


def _same_paragraph(blocks: list[Block], following: Block, leftwards: bool) -> Block | None:
    """Return the block that the file's tags put in one paragraph with the first of a column, if it may go on there."""
    mark = 0 if following.kind == "row" else following.first.mark
    for block in islice(reversed(blocks), _MOST_BETWEEN) if mark else ():
        if block.kind != "row" and block.last.mark == mark:
            return block if not ends_sentence(block.last.text) or _is_full(block, leftwards) else None
    return None


def _open_block(blocks: list[Block], sure: bool) -> Block | None:
    """Return the last running text, footnotes, tables and captions behind it passed over."""
    candidates = (block for block in reversed(blocks) if block.kind != "footnote")
    for block in islice(candidates, _MOST_BETWEEN):
        if block.kind == "heading":
            return None
        if block.kind in ("paragraph", "list_item") and (not ends_sentence(block.last.text) or not sure):
            return block
    return None


def _goes_on(block: Block, following: Block, leftwards: bool, sure: bool) -> bool:
    """Say whether a paragraph goes on with another one; `sure` asks for more where something stands between."""
    last, first = block.last, following.first
    if abs(last.size - first.size) > _SAME_SIZE * last.size or (last.style ^ first.style) & BOLD:
        return False
    if (last.mark and first.mark and last.mark != first.mark) or _script(last.text) != _script(first.text):
        return False
    if last.text[-1] in HYPHENS and len(last.text) > 1 and last.text[-2].isalpha():
        return True
    is_indented = _inset(following, first, leftwards) > _inset(block, last, leftwards) + _INDENT * first.size
    if ends_sentence(last.text):
        # In justified text, a paragraph seldom ends where its last line happens to be full.
        is_new = is_indented or marker_of(first.text) or _SPEAKER.match(first.text)
        return not (sure or is_new) and _room(block, leftwards) < _FLUSH * last.size
    if first.text[0].islower():
        return True
    return not sure and _is_full(block, leftwards) and not is_indented


def _script(text: str) -> str:
    """Return the name of the script that most letters of a line have; two languages can stand side by side."""
    names = Counter(unicodedata.name(letter, "").split(" ", 1)[0] for letter in text if letter.isalpha())
    name = names.most_common(1)[0][0] if names else ""
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name


def _inset(block: Block, line: Line, leftwards: bool) -> float:
    """Return how far a line of a block begins behind the edge of its column, in points."""
    return (-line.right if leftwards else line.left) - block.start


def _is_full(block: Block, leftwards: bool) -> bool:
    last = block.last
    return _room(block, leftwards) <= _FULL * abs(last.right - last.left) + 2 * last.size


def _room(block: Block, leftwards: bool) -> float:
    """Return how far a block's last line ends before the edge of its column, in points."""
    return block.right - (-block.last.left if leftwards else block.last.right)
