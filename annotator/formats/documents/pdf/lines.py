"""Stretches of glyphs to lines: the order of their letters, where words end, and each word's box."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.formats.documents.pdf.accents import with_accents
from annotator.formats.documents.pdf.chains import Cell, Chain, chains_of
from annotator.formats.documents.pdf.glyphs import Glyph
from annotator.formats.documents.pdf.right_to_left import RIGHT_TO_LEFT, is_right_to_left, reading_order

SCALE = 100
"""Boxes of words are held as whole hundredths of a PDF point."""

FIELDS = 6
"""Numbers of a word: start, end, left, top, right, bottom."""

_WORD_GAP = 0.17
_TRACKED = 0.1
_WORD_GAP_BESIDE_SPACES = 0.33
_LEAST_GAP_BESIDE_SPACES = 0.22
_NEARLY = 0.9
_LONGEST_MARKER = 5
_SAME_PLACE = 0.3


@dataclass(slots=True, eq=False)
class Line:
    """A stretch of text on one baseline without a wide gap. Edges in reading coordinates and PDF points.

    `first` and `last` (exclusive) name its numbers among the page's words: six integers a word in the order of `text`,
    start and end in code points of `text`, then the box in hundredths of a point. `styles` are (start, end, flags) of
    the stretches that are bold or italic. `inset` is where the next line may begin without a new paragraph: the edge of
    the text behind a marker, or of the large initial beside the line. `parts` are the lines that stand
    side by side in it; only they have words then. `mark` is the number of the paragraph that the file's tags put it in,
    or 0.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    style: int
    first: int
    last: int
    styles: tuple[tuple[int, int, int], ...] = ()
    is_furniture: bool = False
    cell: Cell | None = None
    inset: float | None = None
    parts: tuple[Line, ...] = ()
    mark: int = 0

    @property
    def middle(self) -> float:
        """Return the height of the line's middle."""
        return (self.top + self.bottom) / 2

    def word_ranges(self) -> Iterator[tuple[int, int, int]]:
        """Yield (first, last, shift) of the line's words; `shift` is what is added to their starts and ends."""
        shift = 0
        for part in self.parts or (self,):
            yield part.first, part.last, shift
            shift += len(part.text) + 1


def lines_of(
    glyphs: Sequence[Glyph], words: array[int], cell_of: Callable[[Glyph], Cell | None] | None = None
) -> list[Line]:
    """Return the lines that the glyphs of one direction form, from top to bottom and left to right.

    The numbers of their words are appended to `words`. Glyphs in different cells of a table are never on one line.
    """
    lines = [_line(chain, words) for chain in chains_of(glyphs, cell_of)]
    return [line for line in lines if line.text]


def _line(chain: Chain, words: array[int]) -> Line:
    glyphs, is_spaced = _in_order(chain.glyphs)
    pieces = _with_spaces(glyphs, is_spaced)
    first = len(words)
    text = _add_words(pieces, words)
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    style = _common_style(inked)
    return Line(
        text,
        min(glyph.left for glyph in inked),
        min(glyph.top for glyph in inked),
        max(glyph.right for glyph in inked),
        max(glyph.bottom for glyph in inked),
        chain.baseline,
        _common_size(inked),
        style,
        first,
        len(words),
        _styles(pieces) if any(glyph.style for glyph in inked) else (),
        all(glyph.is_furniture for glyph in inked),
        chain.cell,
        chain.inset,
        mark=_common_mark(inked),
    )


def _in_order(glyphs: list[Glyph]) -> tuple[list[Glyph], bool]:
    """Return the glyphs in the order of reading, without those printed twice to look bold; say if gaps have spaces."""
    is_spaced = False
    if any(RIGHT_TO_LEFT.search(glyph.text) for glyph in glyphs):
        ordered, is_spaced = reading_order(glyphs), True
    elif all(one.left <= other.left + _SAME_PLACE * one.size for one, other in pairwise(glyphs)):
        ordered = glyphs
    else:
        ordered = sorted(glyphs, key=lambda glyph: glyph.left)
    single = [glyph for place, glyph in enumerate(ordered) if not place or not _is_double(ordered[place - 1], glyph)]
    return with_accents(single), is_spaced


def _is_double(one: Glyph, other: Glyph) -> bool:
    return (
        one.text == other.text
        and abs(one.left - other.left) < _SAME_PLACE * min(other.right - other.left, one.size)
        and abs(one.baseline - other.baseline) < _SAME_PLACE * one.size
    )


def _with_spaces(glyphs: list[Glyph], is_spaced: bool) -> list[Glyph | None]:
    """Return the glyphs with None between two words; leading and double spaces are left out."""
    limit = _tracking(glyphs) + _word_gap(glyphs)
    pieces: list[Glyph | None] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.text.isspace() and "\xa0" not in glyph.text:
            if pieces and pieces[-1] is not None:
                pieces.append(None)
            continue
        if last and pieces[-1] is not None and not is_spaced:
            gap = max(glyph.left - last.right, last.left - glyph.right)
            is_marked = len(pieces) <= _LONGEST_MARKER and last.text in (".", ")")
            if gap > (min(limit, _WORD_GAP) if is_marked else limit) * max(glyph.size, last.size):
                pieces.append(None)
        pieces.append(glyph)
        last = glyph
    if pieces and pieces[-1] is None:
        pieces.pop()
    return pieces


def _word_gap(glyphs: list[Glyph]) -> float:
    """Return how many ems part two words; beside drawn spaces a gap must be as wide as most of them are."""
    spaces = [place for place, glyph in enumerate(glyphs) if glyph.text.isspace()]
    if len(spaces) * 15 <= len(glyphs):
        return _WORD_GAP
    widths = sorted(
        (glyphs[place + 1].left - glyphs[place - 1].right) / glyphs[place].size
        for place in spaces
        if 0 < place < len(glyphs) - 1
    )
    usual = widths[len(widths) // 2] if widths else _WORD_GAP_BESIDE_SPACES
    return min(_WORD_GAP_BESIDE_SPACES, max(_LEAST_GAP_BESIDE_SPACES, _NEARLY * usual))


def _tracking(glyphs: list[Glyph]) -> float:
    """Return by how many ems the letters of a line are spaced out, 0 where they stand as usual."""
    gaps = sorted(
        (other.left - one.right) / one.size
        for one, other in pairwise(glyphs)
        if one.text.isalnum() and other.text.isalnum() and one.size
    )
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    return usual if usual > _TRACKED else 0.0


def _add_words(pieces: list[Glyph | None], words: array[int]) -> str:
    """Append the numbers of the words, and return the text."""
    text: list[str] = []
    position = 0
    kind = ""
    for piece in pieces:
        if piece is None:
            text.append(" ")
            position += 1
            kind = ""
            continue
        characters = piece.text
        box = (
            round(piece.left * SCALE),
            round(piece.top * SCALE),
            round(piece.right * SCALE),
            round(piece.bottom * SCALE),
        )
        text.append(characters)
        end = position + len(characters)
        this = kind_of(characters[0])
        if this == kind and this in "ws":
            words[-5] = end
            words[-4], words[-3] = min(words[-4], box[0]), min(words[-3], box[1])
            words[-2], words[-1] = max(words[-2], box[2]), max(words[-1], box[3])
        elif this != " ":
            words.extend((position, end, *box))
        kind, position = this, end
    return "".join(text)


def kind_of(character: str) -> str:
    """Return “w” for letters, digits and marks, “i” for an ideograph or kana, “ ” for white space, “s” for signs."""
    if character.isascii():
        return "w" if character.isalnum() else (" " if character.isspace() else "s")
    if "\u3041" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff":
        return "i"
    if character >= "\U00020000":
        return "i" if character < "\U000e0000" else "s"
    if character.isspace():
        return " "
    return "w" if character.isalnum() or unicodedata.category(character)[0] == "M" else "s"


def _styles(pieces: list[Glyph | None]) -> tuple[tuple[int, int, int], ...]:
    found: list[tuple[int, int, int]] = []
    position = 0
    for piece in pieces:
        length = 1 if piece is None else len(piece.text)
        if piece is not None:
            if found and found[-1][2] == piece.style:
                found[-1] = (found[-1][0], position + length, piece.style)
            else:
                found.append((position, position + length, piece.style))
        position += length
    return tuple(run for run in found if run[2])


def _common_size(glyphs: list[Glyph]) -> float:
    counts: dict[float, int] = {}
    for glyph in glyphs:
        size = round(glyph.size, 1)
        counts[size] = counts.get(size, 0) + 1
    return max(counts, key=lambda size: counts[size])


def _common_mark(glyphs: list[Glyph]) -> int:
    """Return the paragraph that most glyphs belong to."""
    counts: dict[int, int] = {}
    for glyph in glyphs:
        counts[glyph.mark] = counts.get(glyph.mark, 0) + 1
    return max(counts, key=lambda mark: counts[mark])


def _common_style(glyphs: list[Glyph]) -> int:
    """Return the flags that at least nine in ten glyphs have."""
    flags = 0
    for flag in (1, 2):
        if sum(bool(glyph.style & flag) for glyph in glyphs) >= 0.9 * len(glyphs):
            flags |= flag
    return flags


def joined_line(lines: Sequence[Line]) -> Line:
    """Return lines that stand side by side as one line, in the order given."""
    longest = max(lines, key=lambda line: len(line.text))
    style = longest.style
    styles: list[tuple[int, int, int]] = []
    shift = 0
    for line in lines:
        style &= line.style
        styles.extend((start + shift, end + shift, flags) for start, end, flags in line.styles)
        shift += len(line.text) + 1
    return Line(
        " ".join(line.text for line in lines),
        min(line.left for line in lines),
        min(line.top for line in lines),
        max(line.right for line in lines),
        max(line.bottom for line in lines),
        longest.baseline,
        longest.size,
        style,
        0,
        0,
        tuple(styles),
        all(line.is_furniture for line in lines),
        longest.cell,
        parts=tuple(lines),
        mark=longest.mark,
    )


def reads_leftwards(lines: Iterable[Line]) -> bool:
    """Say whether most of the lines are right-to-left text."""
    return is_right_to_left(" ".join(line.text for line in lines))
