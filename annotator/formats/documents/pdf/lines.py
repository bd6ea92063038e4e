"""Glyphs of a page to lines: which glyphs stand side by side, where words end, and each word's box."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.formats.documents.pdf.accents import with_accents
from annotator.formats.documents.pdf.glyphs import Glyph
from annotator.formats.documents.pdf.right_to_left import RIGHT_TO_LEFT, is_right_to_left, reading_order

SCALE = 100
"""Boxes of words are held as whole hundredths of a PDF point."""

FIELDS = 6
"""Numbers of a word: start, end, left, top, right, bottom."""

CELL_GAP = 0.9
"""Stretches of text with more ems between them are no running text."""

_SAME_BASELINE = 0.2
_SAME_ROW = 0.3
_RAISED = 0.6
_SMALLER = 0.9
_MUCH_SMALLER = 0.7
_NO_WIDTH = 0.02
_FEWEST_STARTS = 5
_COLUMN_GAP = 0.5
_INITIAL = 2.2
_MOST_CHAINS = 4000
_WORD_GAP = 0.17
_TRACKED = 0.1
_WORD_GAP_BESIDE_SPACES = 0.33
_LEAST_GAP_BESIDE_SPACES = 0.22
_NEARLY = 0.9
_SAME_PLACE = 0.3

Cell = tuple[int, int, int]
"""Number of the table on its page, row, column."""


@dataclass(slots=True, eq=False)
class Line:
    """A stretch of text on one baseline without a wide gap. Edges in reading coordinates and PDF points.

    `first` and `last` (exclusive) name its numbers among the page's words: six integers a word in the order of `text`,
    start and end in code points of `text`, then the box in hundredths of a point. `styles` are (start, end, flags) of
    the stretches that are bold or italic. `inset` is where the next line may begin without a new paragraph: the edge of
    the text behind a marker, or of the large initial beside the line. `parts` are the lines that stand
    side by side in it; only they have words then. `mark` is the number of the paragraph that the file's tags put it in, or 0.
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


@dataclass(slots=True, eq=False)
class _Chain:
    """Glyphs that stand side by side, in drawing order."""

    glyphs: list[Glyph]
    cell: Cell | None
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    size: float
    inset: float | None = None

    def take(self, other: _Chain) -> None:
        self.glyphs.extend(other.glyphs)
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)


def lines_of(
    glyphs: Sequence[Glyph], words: array[int], cell_of: Callable[[Glyph], Cell | None] | None = None
) -> list[Line]:
    """Return the lines that the glyphs of one direction form, from top to bottom and left to right.

    The numbers of their words are appended to `words`. Glyphs in different cells of a table are never on one line.
    """
    chains = _with_initials(_chains(glyphs, cell_of))
    starts = Counter(round(chain.left) for chain in chains)
    edges = frozenset(place for place, count in starts.items() if count >= _FEWEST_STARTS)
    lines = [_line(chain, words) for row in _rows(chains) for chain in _joined(row, edges)]
    return [line for line in lines if line.text]


def _chains(glyphs: Iterable[Glyph], cell_of: Callable[[Glyph], Cell | None] | None) -> list[_Chain]:
    chains: list[_Chain] = []
    chain: _Chain | None = None
    for glyph in glyphs:
        cell = cell_of(glyph) if cell_of else None
        if chain and cell == chain.cell and _continues(chain, glyph):
            if glyph.size > chain.size or _has_no_width(chain.glyphs[-1]) and chain.left == chain.right:
                chain.size, chain.baseline = glyph.size, glyph.baseline
            chain.glyphs.append(glyph)
            if glyph.left < chain.left:
                chain.left = glyph.left
            if glyph.right > chain.right:
                chain.right = glyph.right
        elif not glyph.text.isspace():
            chain = _Chain(
                [glyph],
                cell,
                glyph.left,
                glyph.right,
                glyph.top,
                glyph.bottom,
                glyph.baseline,
                glyph.size,
            )
            chains.append(chain)
    return [chain for chain in chains if _trimmed(chain)]


def _continues(chain: _Chain, glyph: Glyph) -> bool:
    last = chain.glyphs[-1]
    if not 1 / _INITIAL < glyph.size / chain.size < _INITIAL:
        return False
    distance = abs(chain.baseline - glyph.baseline)
    if distance > _SAME_BASELINE * min(chain.size, glyph.size) and not _is_raised(chain, glyph):
        # Marks of Arabic and Hebrew letters stand higher or lower than these.
        if distance > _RAISED * glyph.size or not (_has_no_width(glyph) or _has_no_width(last)):
            return False
    limit = _joining_gap(last.size, glyph.size)
    return glyph.left - chain.right <= limit and chain.left - glyph.right <= limit


def _has_no_width(glyph: Glyph) -> bool:
    return glyph.right - glyph.left < _NO_WIDTH * glyph.size


def _joining_gap(one: float, other: float) -> float:
    """Return the widest gap within a line, in points; a small number far from larger letters counts the line."""
    smaller, larger = sorted((one, other))
    return CELL_GAP * (larger if smaller > _MUCH_SMALLER * larger else smaller)


def _is_raised(chain: _Chain, glyph: Glyph) -> bool:
    """Say whether the glyph is a note mark or index beside the chain, or the chain such a one beside the glyph."""
    sizes = sorted((chain.size, glyph.size))
    if sizes[0] > _SMALLER * sizes[1] or abs(chain.baseline - glyph.baseline) > _RAISED * sizes[1]:
        return False
    overlap = min(chain.bottom, glyph.bottom) - max(chain.top, glyph.top)
    near = glyph.left - chain.right <= _RAISED * sizes[1] and chain.left - glyph.right <= _RAISED * sizes[1]
    return near and overlap >= 0.4 * sizes[0]


def _with_initials(chains: list[_Chain]) -> list[_Chain]:
    """Put each large initial, which reaches over several lines, before the first of them."""
    if len(chains) > _MOST_CHAINS:
        return chains
    least = _INITIAL * min((chain.size for chain in chains), default=0)
    initials = [x for x in chains if x.size >= least and len(x.glyphs) == 1 and x.glyphs[0].text.isalpha()]
    for initial in initials:
        beside = [
            chain
            for chain in chains
            if chain.size * _INITIAL <= initial.size
            and -0.5 * chain.size < chain.left - initial.right < 1.5 * chain.size
            and initial.top - chain.size < (chain.top + chain.bottom) / 2 < initial.bottom
        ]
        if beside:
            first = min(beside, key=lambda chain: chain.top)
            first.glyphs.insert(0, initial.glyphs[0])
            first.left = initial.left
            for chain in beside:
                chain.inset = initial.left
            chains.remove(initial)
    return chains


def _trimmed(chain: _Chain) -> bool:
    """Take the spaces off the chain's end and set its edges anew; say whether anything is left."""
    while chain.glyphs and chain.glyphs[-1].text.isspace():
        chain.glyphs.pop()
    inked = [glyph for glyph in chain.glyphs if not glyph.text.isspace()]
    if not inked:
        return False
    chain.left, chain.right = min(g.left for g in inked), max(g.right for g in inked)
    chain.top, chain.bottom = min(g.top for g in inked), max(g.bottom for g in inked)
    return True


def _rows(chains: list[_Chain]) -> list[list[_Chain]]:
    """Return the chains by baseline, each row from left to right."""
    rows: list[list[_Chain]] = []
    for chain in sorted(chains, key=lambda chain: chain.baseline):
        for row in reversed(rows[-4:]):
            first = row[0]
            is_like = 1 / _INITIAL < first.size / chain.size < _INITIAL
            if is_like and abs(first.baseline - chain.baseline) <= _SAME_ROW * min(first.size, chain.size):
                row.append(chain)
                break
        else:
            rows.append([chain])
    for row in rows:
        row.sort(key=lambda chain: chain.left)
    return rows


def _joined(row: list[_Chain], edges: frozenset[int]) -> list[_Chain]:
    """Join the chains of a row that are one stretch of text; `edges` are where many chains of the page begin."""
    joined: list[_Chain] = []
    for chain in row:
        last = joined[-1] if joined else None
        if last and last.cell == chain.cell and chain.left - last.right <= _gap_between(last, chain, edges):
            last.take(chain)
        else:
            joined.append(chain)
    return joined


def _gap_between(last: _Chain, chain: _Chain, edges: frozenset[int]) -> float:
    """Return the widest gap between two chains of one stretch, in points; columns can stand close to each other."""
    place = round(chain.left)
    marks = last.glyphs[-1].mark, chain.glyphs[0].mark
    if edges.intersection((place - 1, place, place + 1)) or (all(marks) and marks[0] != marks[1]):
        return _COLUMN_GAP * max(last.size, chain.size)
    return _joining_gap(last.size, chain.size)


def _line(chain: _Chain, words: array[int]) -> Line:
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
            if gap > limit * max(glyph.size, last.size):
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
