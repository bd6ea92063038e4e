"""Lines to blocks: where a paragraph begins and ends, what is a heading, a list item, a footnote, a table's row."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotator.formats.documents.pdf.columns import Flow, Table
from annotator.formats.documents.pdf.frame import Edges
from annotator.formats.documents.pdf.hyphens import HYPHENS, first_word
from annotator.formats.documents.pdf.letters import BOLD
from annotator.formats.documents.pdf.lines import Line
from annotator.formats.documents.pdf.markers import NOTE, SURE_BULLET, follows, marker_of

TERMINAL = ".!?:;…。！？؟۔।"
_CLOSING = "\"'”’»)]›“"
_SAME_SIZE = 0.08
_WIDER_PITCH = 1.3
_WIDER_PITCH_AFTER_SENTENCE = 1.18
_OVERPRINTED = 0.7
_TIGHT_PITCH = 1.4
_INDENT = 0.8
_LARGE = 1.25
_FEW_LINES = 3
_ROOM_WITHIN = 4.0
_UNKNOWN_WIDTH = 20.0
_SMALL = 0.95
_MOST_WRONG = 0.1
_FEW_WRONG = 2
_ENOUGH_PAIRS = 5
_LEADER = re.compile(r"(?:\.\s?){4}\s*[\divxlcIVXLC]+$|…\s*[\divxlcIVXLC]+$")
"""The dots that lead to a page number in a table of contents."""


@dataclass(slots=True, eq=False)
class Placed:
    """A line with the index of its page."""

    page: int
    line: Line


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, heading, list_item, footnote or row. `cells` of a row hold lines; of other blocks there is one.

    `start` and `right` are the edges of its column where lines begin and end, negative where text runs leftwards.
    """

    kind: str
    cells: list[list[Placed]]
    level: int = 0
    marker: str = ""
    begins_table: bool = False
    start: float = 0.0
    right: float = 0.0

    @property
    def placed(self) -> list[Placed]:
        """Return the lines of the first cell."""
        return self.cells[0]

    @property
    def first(self) -> Line:
        """Return the first line."""
        return self.cells[0][0].line

    @property
    def last(self) -> Line:
        """Return the last line of the first cell."""
        return self.cells[0][-1].line

    @property
    def text(self) -> str:
        """Return the lines joined with spaces, without the care that the final text takes."""
        return " ".join(placed.line.text for placed in self.cells[0])


@dataclass(slots=True, eq=False)
class Manner:
    """How a document is set: the size of its running text, and the distance of its lines by size, in points."""

    body: float = 10.0
    body_is_bold: bool = False
    pitches: dict[int, float] = field(default_factory=dict)

    def pitch(self, size: float) -> float:
        """Return the usual distance of baselines for a size."""
        return self.pitches.get(round(size), 1.2 * size)


def forget_wrong_marks(flows: Sequence[Flow]) -> None:
    """Take the paragraphs of the file's tags from all lines where they part full lines from what goes on with them."""
    pairs = wrong = 0
    columns = [(flow, [part for part in flow.parts if isinstance(part, Line)]) for flow in flows]
    for flow, lines in columns:
        for one, other in itertools.pairwise(lines):
            is_full = one.right > flow.right - _ROOM_WITHIN * one.size
            goes_on = (
                is_full and other.text[0].islower() and not ends_sentence(one.text, ",") and _same_size(one, other)
            )
            if goes_on and one.mark and other.mark:
                pairs += 1
                wrong += one.mark != other.mark
    if wrong > max(_FEW_WRONG, _MOST_WRONG * pairs):
        for _, lines in columns:
            for line in lines:
                line.mark = 0


def manner_of(flows: Iterable[Flow]) -> Manner:
    """Return how a document is set; lines within a sentence show their distance better than what begins anew."""
    sizes: Counter[float] = Counter()
    bold = 0
    pitches: dict[int, Counter[float]] = defaultdict(Counter)
    within: dict[int, Counter[float]] = defaultdict(Counter)
    for flow in flows:
        lines = [part for part in flow.parts if isinstance(part, Line)]
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
            bold += len(line.text) if line.style & BOLD else 0
        for one, other in itertools.pairwise(lines):
            pitch = other.baseline - one.baseline
            if 0.8 * one.size < pitch < 3 * one.size and _same_size(one, other):
                pitches[round(one.size)][round(pitch * 2) / 2] += 1
                if other.text[0].islower() and not ends_sentence(one.text):
                    within[round(one.size)][round(pitch * 2) / 2] += 1
    common = {
        size: _commonest(within[size] if within[size].total() >= _ENOUGH_PAIRS else counts)
        for size, counts in pitches.items()
    }
    body = max(sizes, key=lambda size: sizes[size], default=10.0)
    return Manner(body, bold > 0.5 * sum(sizes.values()), common)


def _commonest(counts: Counter[float]) -> float:
    return max(counts, key=lambda pitch: (counts[pitch], -pitch))


class BlockMaker:
    """Makes the blocks of one column. Where text runs leftwards, `leftwards` exchanges the two edges."""

    def __init__(self, manner: Manner, page: int, leftwards: bool) -> None:
        self._manner = manner
        self._page = page
        self._leftwards = leftwards
        self._edge = 0.0

    def blocks(self, flow: Flow) -> list[Block]:
        """Return the blocks of a column in order."""
        blocks: list[Block] = []
        lines = [part for part in flow.parts if isinstance(part, Line)]
        self._edge = -flow.left if self._leftwards else flow.right
        place = 0
        for part in flow.parts:
            if isinstance(part, Table):
                rows = [self._row(cells) for row in part.rows if (cells := list(row))]
                if rows:
                    rows[0].begins_table = True
                blocks.extend(rows)
                continue
            row = blocks[-1] if blocks and blocks[-1].kind == "row" else None
            if row and self._continues_row(row, part):
                continue
            if isinstance(part, list):
                block = self._row([[line] for line in part])
                block.begins_table = row is None
                blocks.append(block)
                continue
            block = blocks[-1] if blocks and blocks[-1].kind == "paragraph" else None
            if block and not self._begins(block, part, lines, place):
                block.placed.append(Placed(self._page, part))
            else:
                blocks.append(Block("paragraph", [[Placed(self._page, part)]]))
            place += 1
        for block in blocks:
            block.start, block.right = (-flow.right, -flow.left) if self._leftwards else (flow.left, flow.right)
            if len(flow.parts) < _FEW_LINES:
                # One or two lines do not show how wide their column is.
                block.right += _UNKNOWN_WIDTH * block.last.size if block.cells[0] else 0.0
        return blocks

    def _continues_row(self, row: Block, part: Line | list[Line]) -> bool:
        """Put lines that go on with cells of the row above them into these cells; say whether they do."""
        lines = [part] if isinstance(part, Line) else part
        found: list[list[Placed]] = []
        for line in lines:
            below = [
                cell
                for cell in row.cells[1:]
                if cell
                and abs(self._start(cell[0].line) - self._start(line)) < 0.3 * line.size
                and 0 < line.baseline - cell[-1].line.baseline < _TIGHT_PITCH * line.size
                and _same_size(cell[0].line, line)
            ]
            if not below:
                return False
            found.append(below[0])
        for cell, line in zip(found, lines, strict=True):
            cell.append(Placed(self._page, line))
        return True

    def _row(self, cells: Sequence[Sequence[Line]]) -> Block:
        return Block("row", [[Placed(self._page, line) for line in cell] for cell in cells])

    def _start(self, line: Line) -> float:
        return -line.right if self._leftwards else line.left

    def _end(self, line: Line) -> float:
        return -line.left if self._leftwards else line.right

    def _begins(self, block: Block, line: Line, lines: Sequence[Line], place: int) -> bool:
        """Say whether a line begins a new block after the one before."""
        last = block.last
        pitch = line.baseline - last.baseline
        if abs(pitch) < 0.5 * last.size:
            return False
        if _LEADER.search(last.text) or (last.mark and line.mark and last.mark != line.mark):
            return True
        if not _same_size(last, line):
            return True
        is_cut = last.text[-1] in HYPHENS and bool(last.text[-2:-1].strip())
        has_room = not is_cut and self._has_room(last, line, lines, place)
        goes_on = not has_room and line.text[0].islower() and not ends_sentence(last.text)
        usual = self._manner.pitch(line.size)
        if len(block.placed) > 1:
            usual = max(usual, block.last.baseline - block.placed[-2].line.baseline)
        if 0 < pitch < _OVERPRINTED * usual:
            return False
        wider = _WIDER_PITCH_AFTER_SENTENCE if ends_sentence(last.text) else _WIDER_PITCH
        if pitch < 0 or (pitch > wider * usual and not (goes_on and pitch < 2.6 * line.size)):
            return True
        if bool(last.style & BOLD) != bool(line.style & BOLD) and not goes_on:
            return True
        marker = marker_of(line.text)
        if SURE_BULLET.match(line.text) or follows(marker, marker_of(block.first.text)):
            return True
        if marker and (has_room or ends_sentence(last.text, ",")):
            return True
        if not (_has_letters(line.text) and _has_letters(last.text)):
            return True
        return has_room or self._is_set_in(block, line, lines, place, goes_on)

    def _has_room(self, last: Line, line: Line, lines: Sequence[Line], place: int) -> bool:
        """Say whether the line's first word would have gone on the line before, so that the break was meant."""
        near = [
            other
            for other in lines[max(0, place - 4) : place + 4]
            if _same_size(other, line) and abs(other.baseline - line.baseline) < 6 * line.size
        ]
        edge = max(self._end(other) for other in near)
        if len(near) < _FEW_LINES and max(last.size, line.size) < _LARGE * self._manner.body and not line.style & BOLD:
            # The lines of an address or a signature; those of a heading are broken where it looks best.
            edge = self._edge
        width = (line.right - line.left) * len(first_word(line.text)) / len(line.text)
        slack = 0.6 if ends_sentence(last.text) else _ROOM_WITHIN if line.text[0].islower() else 1.8
        return self._end(last) + 0.25 * line.size + width + slack * line.size < edge

    def _is_set_in(self, block: Block, line: Line, lines: Sequence[Line], place: int, goes_on: bool) -> bool:
        """Say whether the line's indent begins a paragraph."""
        step = _INDENT * line.size
        last = block.last
        shift = self._start(line) - self._start(last)
        if _is_centred(last, line) and abs(shift) > step:
            return False
        if last.inset is not None and abs(abs(last.inset) - abs(self._start(line))) < step:
            return False
        if shift > step:
            if len(block.placed) > 1:
                return True
            following = lines[place + 1] if place + 1 < len(lines) else None
            aligned = following is not None and abs(self._start(following) - self._start(line)) < 1
            return not (goes_on or aligned or not ends_sentence(last.text))
        if shift < -step:
            return len(block.placed) > 1 and not goes_on
        return len(block.placed) == 1 and ends_sentence(last.text) and self._stand_in(last, line, lines, place)

    def _stand_in(self, last: Line, line: Line, lines: Sequence[Line], place: int) -> bool:
        """Say whether both lines are set in against those around them, as the first lines of two paragraphs are."""
        if place + 1 >= len(lines) or place < 2:
            return False
        edge = min(self._start(line), self._start(last)) - _INDENT * line.size
        return self._start(lines[place + 1]) < edge and self._start(lines[place - 2]) < edge


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_centred(one: Line, other: Line) -> bool:
    return abs(one.left + one.right - other.left - other.right) < 0.8 * one.size


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def ends_sentence(text: str, besides: str = "") -> bool:
    """Say whether a text ends as a sentence does."""
    stripped = text.rstrip(_CLOSING)
    return stripped[-1:] in TERMINAL or (bool(besides) and stripped[-1:] in besides)


def split_notes(
    blocks: list[Block], manner: Manner, edges: Edges, rules: Sequence[Edges]
) -> tuple[list[Block], list[Block]]:
    """Return the blocks of a column without the footnotes below them, and the footnotes."""
    place = len(blocks)
    while place and _is_note_like(blocks[place - 1], manner, edges):
        place -= 1
    while place < len(blocks) and not _begins_notes(blocks[place], rules):
        place += 1
    notes = [note for block in blocks[place:] for note in _single_notes(block)]
    return blocks[:place], notes


def _is_note_like(block: Block, manner: Manner, edges: Edges) -> bool:
    return (
        block.kind == "paragraph"
        and block.first.size <= _SMALL * manner.body
        and block.first.middle > edges[1] + 0.35 * (edges[3] - edges[1])
    )


def _begins_notes(block: Block, rules: Sequence[Edges]) -> bool:
    first = block.first
    below_rule = any(
        0 < first.baseline - rule[1] < 3 * first.size and rule[2] - rule[0] < 250 and abs(rule[0] - first.left) < 30
        for rule in rules
    )
    return bool(NOTE.match(first.text)) or below_rule


def _single_notes(block: Block) -> list[Block]:
    notes: list[Block] = []
    number = 0
    for placed in block.placed:
        match = NOTE.match(placed.line.text)
        found = int(match.group(1)) if match and match.group(1).isdecimal() else 0
        if not notes or (found and found == number + 1):
            notes.append(Block("footnote", [[placed]], marker=match.group(1) if match else ""))
            number = found or number
        else:
            notes[-1].placed.append(placed)
    return notes
