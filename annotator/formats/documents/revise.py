"""A document as it was read, revised before it is frozen: everything that points into its text moves along.

- A format range that held one line stays within one: it is cut at newlines that came into it, the rest of a heading
  being a paragraph and the rest of a list item one without a marker. Paragraphs that were joined are one range of the
  first one's kind. A range without any character left is dropped.
- A sentence is cut at newlines that came into it; those of joined paragraphs stay two.
- A word keeps its box while every edit of it lies inside it, leaves one of its letters, and brings no white space;
  any other word that is touched has no box any more.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from annotator.core.pages import Page, PageLayout
from annotator.core.structure import FormatRange, Structure
from annotator.core.text_edits import Moves, Side, TextEdit, apply_edits
from annotator.formats.documents.source import ReadDocument

_BLOCKS = frozenset({"heading", "paragraph", "list_item", "table_row", "footnote"})
_INLINE = frozenset({"emphasis", "strong", "code", "link"})
_LINE = re.compile(r"[^\n]+")
_FIELDS = 6


def revise(read: ReadDocument, edits: Sequence[TextEdit]) -> ReadDocument:
    """Return the document with its text edited; the title stays.

    Raises:
        BugError: The edits are out of order or outside the text (see `core.text_edits.check_edits`).
    """
    if not edits:
        return read
    text = apply_edits(read.text, edits)
    moves = Moves(edits)
    structure = Structure(
        ranges=tuple(_ranges(read, text, moves)),
        sentences=tuple(_sentences(read.structure.sentences, text, moves)),
    )
    pages = None if read.pages is None else PageLayout(tuple(_page(page, moves) for page in read.pages.pages))
    return replace(read, text=text, structure=structure, pages=pages)


def _ranges(read: ReadDocument, text: str, moves: Moves) -> list[FormatRange]:
    found: list[FormatRange] = []
    last_block: tuple[int, int] | None = None
    for old in read.structure.ranges:
        one_line = "\n" not in read.text[old.start : old.end]
        start, end = _extent(old, text, moves)
        if start >= end:
            continue
        moved = replace(old, start=start, end=end)
        if not one_line:
            found.append(moved)
            continue
        pieces = _lines_of(moved, text)
        if old.kind in _BLOCKS:
            if last_block is not None and pieces and _were_joined(read.text, old, found[last_block[0]], last_block, text, pieces[0]):
                first = found[last_block[0]]
                found[last_block[0]] = replace(first, end=pieces[0].end)
                pieces = pieces[1:]
            if pieces:
                last_block = (len(found) + len(pieces) - 1, old.end)
            elif last_block is not None:
                last_block = (last_block[0], old.end)
        found.extend(pieces)
    return sorted(found, key=lambda r: (r.start, -r.end, r.kind in _INLINE))
