"""Which blocks are headings, and of which level, and which are items of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from annotator.formats.documents.pdf.blocks import Block, Manner, ends_sentence
from annotator.formats.documents.pdf.letters import BOLD, ITALIC
from annotator.formats.documents.pdf.markers import follows, is_first, is_letter, marker_of

_HEADING_SIZE = 1.1
_SMALL = 0.95
_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 150
_LONGEST_NUMBERED_HEADING = 90
_HEADING_LINES = 4
_NEAR_ITEMS = 6
_TAGGED_HEADING = re.compile("H([1-6])?|Title")
_NUMBERED_HEADING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])[.)]?\s+(\S.*)")


def heading_sizes(blocks: Iterable[Block], manner: Manner) -> list[int]:
    """Return the sizes that headings are set in, in whole points, the largest first."""
    return sorted({round(block.first.size) for block in blocks if _is_large_heading(block, manner)}, reverse=True)


def classify(blocks: list[Block], manner: Manner, sizes: Sequence[int], kinds: Mapping[int, str]) -> None:
    """Make headings and list items of the paragraphs of a column that are such.

    `sizes` are those of `heading_sizes`, `kinds` name the marks of lines.
    """
    for block in blocks:
        if block.kind != "paragraph":
            continue
        tag = _TAGGED_HEADING.fullmatch(kinds.get(block.first.mark, ""))
        if tag and _is_short(block, _LONGEST_HEADING):
            block.kind, block.level = "heading", int(tag.group(1) or 1)
        elif _is_large_heading(block, manner):
            block.kind, block.level = "heading", min(6, sizes.index(round(block.first.size)) + 1)
        elif _is_bold_heading(block, manner) or _is_numbered_heading(block):
            block.kind, block.level = "heading", min(6, len(sizes) + 1)
    _make_list_items(blocks)
    for block in blocks:
        if block.kind == "paragraph" and kinds.get(block.first.mark) == "LI" and block.first.mark == block.last.mark:
            block.kind = "list_item"
    _set_levels(blocks)


def _is_short(block: Block, longest: int) -> bool:
    text = block.text
    return (
        block.kind == "paragraph"
        and len(text) <= longest
        and len(block.placed) <= _HEADING_LINES
        and any(character.isalpha() for character in text)
    )


def _is_large_heading(block: Block, manner: Manner) -> bool:
    return _is_short(block, _LONGEST_HEADING) and block.first.size >= _HEADING_SIZE * manner.body


def _is_bold_heading(block: Block, manner: Manner) -> bool:
    return (
        _is_short(block, _LONGEST_BOLD_HEADING)
        and not manner.body_is_bold
        and block.first.size >= _SMALL * manner.body
        and all(placed.line.style & BOLD for placed in block.placed)
        and not block.text.rstrip().endswith((".", "!", "?", ",", ";", "”", '"'))
    )


def _is_numbered_heading(block: Block) -> bool:
    """Say whether a line is a number with a title in capitals or italics."""
    match = _NUMBERED_HEADING.fullmatch(block.text)
    if (
        not match
        or not _is_short(block, _LONGEST_NUMBERED_HEADING)
        or len(block.placed) > 1
        or ends_sentence(block.text)
    ):
        return False
    title = match.group(1)
    return (
        _is_short(block, _LONGEST_NUMBERED_HEADING)
        and len(title) > 3
        and (title.isupper() or bool(block.first.style & ITALIC))
    )


def _make_list_items(blocks: list[Block]) -> None:
    """Make list items of the paragraphs that begin with a marker; a lone letter is more often an initial."""
    markers = [marker_of(block.first.text) if block.kind == "paragraph" else "" for block in blocks]
    for place, (block, marker) in enumerate(zip(blocks, markers, strict=True)):
        if not marker or (marker == block.first.text and len(block.placed) == 1):
            continue
        near = markers[max(0, place - _NEAR_ITEMS) : place]
        following = markers[place + 1 : place + 1 + _NEAR_ITEMS]
        is_counted = any(follows(marker, other) for other in near) or (
            is_first(marker) and any(follows(other, marker) for other in following)
        )
        if is_counted or not is_letter(marker):
            block.kind, block.marker = "list_item", marker


def _set_levels(blocks: list[Block]) -> None:
    """Set the depth of list items by how far they are set in, anew after everything that is no item."""
    starts: list[float] = []
    for block in blocks:
        if block.kind != "list_item":
            starts = []
            continue
        start = block.first.left
        while starts and start < starts[-1] - 2:
            starts.pop()
        if not starts or start > starts[-1] + 2:
            starts.append(start)
        block.level = min(6, len(starts))
