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
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from annotator.core.pages import Page, add_word
from annotator.core.structure import FormatRange, Structure
from annotator.core.text_edits import Moves, Side, TextEdit, apply_edits
from annotator.formats.documents.source import ReadDocument

_BLOCKS = frozenset({"heading", "paragraph", "list_item", "table_row", "footnote"})
_INLINE = frozenset({"emphasis", "strong", "code", "link"})
_LINE = re.compile(r"[^\n]+")
_NEWLINE = re.compile("\n")
_SPACE = re.compile(r"\s")


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
    pages = read.pages and replace(read.pages, pages=tuple(_page(page, moves) for page in read.pages.pages))
    return replace(read, text=text, structure=structure, pages=pages)


def _ranges(read: ReadDocument, text: str, moves: Moves) -> Iterator[FormatRange]:
    """Yield the ranges in their order."""
    found: list[FormatRange] = []
    lines = _JoinedLines(read.text, text)
    for old in read.structure.ranges:
        extent = _inline_extent(old, moves) if old.kind in _INLINE else _extent(old.start, old.end, text, moves)
        if extent is None:
            continue
        moved = replace(old, start=extent[0], end=extent[1])
        if "\n" in read.text[old.start : old.end]:
            found.append(moved)
            continue
        for piece in _cut(moved, text):
            if old.kind not in _BLOCKS or not lines.take(old, piece, found):
                found.append(piece)
    yield from sorted(found, key=lambda r: (r.start, -r.end, r.kind in _INLINE))


class _JoinedLines:
    """Knows of every line of the new text which line of the old one it begins with, and what ranges that one has."""

    def __init__(self, old_text: str, new_text: str) -> None:
        self._old_newlines = [match.start() for match in _NEWLINE.finditer(old_text)]
        self._new_newlines = [match.start() for match in _NEWLINE.finditer(new_text)]
        self._owners: dict[int, tuple[int, list[int]]] = {}

    def take(self, old: FormatRange, piece: FormatRange, found: list[FormatRange]) -> bool:
        """Make a block part of those that its line begins with, where it stood on another line; say whether it is."""
        line, old_line = bisect_right(self._new_newlines, piece.start), bisect_right(self._old_newlines, old.start)
        first_line, owners = self._owners.setdefault(line, (old_line, []))
        if first_line == old_line:
            owners.append(len(found))
            return False
        for owner in owners:
            found[owner] = replace(found[owner], end=max(found[owner].end, piece.end))
        return True


def _cut(moved: FormatRange, text: str) -> Iterator[FormatRange]:
    """Yield a range's stretches on each line, without the white space that a cut leaves at their ends."""
    for place, (start, end) in enumerate(_pieces(moved.start, moved.end, text)):
        piece = replace(moved, start=start, end=end)
        if place and piece.kind == "heading":
            piece = replace(piece, kind="paragraph", level=0)
        elif place and "marker" in piece.data:
            piece = replace(piece, data={key: value for key, value in piece.data.items() if key != "marker"})
        yield piece


def _pieces(start: int, end: int, text: str) -> Iterable[tuple[int, int]]:
    if "\n" not in text[start:end]:
        return ((start, end),)
    return filter(None, (_stripped(*line.span(), text) for line in _LINE.finditer(text, start, end)))


def _stripped(start: int, end: int, text: str) -> tuple[int, int] | None:
    stretch = text[start:end]
    content = stretch.strip()
    begin = start + len(stretch) - len(stretch.lstrip())
    return (begin, begin + len(content)) if content else None


def _extent(start: int, end: int, text: str, moves: Moves) -> tuple[int, int] | None:
    """Return where a stretch comes to lie, with what was written at its ends as far as it stands on the same line."""
    kept = _kept(start, end, moves)
    if kept is None:
        return None
    lowest, low = moves.moved(start, Side.BEFORE), moves.moved(kept[0], Side.AFTER)
    high, highest = moves.moved(kept[1], Side.BEFORE), moves.moved(end, Side.AFTER)
    newline = text.find("\n", high, highest)
    return max(lowest, text.rfind("\n", lowest, low) + 1), highest if newline < 0 else newline


def _inline_extent(old: FormatRange, moves: Moves) -> tuple[int, int] | None:
    if _kept(old.start, old.end, moves) is None:
        return None
    return moves.moved(old.start, Side.AFTER), moves.moved(old.end, Side.BEFORE)


def _kept(start: int, end: int, moves: Moves) -> tuple[int, int] | None:
    """Return the hull of what is left of a stretch; one that was rewritten as a whole stays as a whole."""
    touching = moves.edits_in(start, end)
    if any(edit.start == start and edit.end == end and edit.text.strip() for edit in touching):
        return start, end
    low, high = start, end
    for edit in touching:
        if edit.start <= low < edit.end:
            low = edit.end
    for edit in reversed(touching):
        if edit.start < high <= edit.end:
            high = edit.start
    return (low, high) if low < high else None


def _sentences(sentences: Iterable[tuple[int, int]], text: str, moves: Moves) -> Iterator[tuple[int, int]]:
    previous = 0
    for start, end in sentences:
        extent = _extent(start, end, text, moves)
        if extent is None:
            continue
        for line in _pieces(max(extent[0], previous), extent[1], text):
            piece = _stripped(*line, text)
            if piece is not None:
                yield piece
                previous = piece[1]


def _page(page: Page, moves: Moves) -> Page:
    flat = array("i")
    for word in page.words():
        if _keeps_box(word.start, word.end, moves):
            add_word(flat, moves.moved(word.start, Side.AFTER), moves.moved(word.end, Side.BEFORE), word.box)
    return Page(page.shown, flat)


def _keeps_box(start: int, end: int, moves: Moves) -> bool:
    touching = [e for e in moves.edits_in(start, end) if e.start < end and start < e.end]
    return all(start <= e.start and e.end <= end and not _SPACE.search(e.text) for e in touching) and (
        sum(e.end - e.start for e in touching) < end - start
    )
