"""The document as a tall page of which only the part in sight is laid out.

The page is held by an anchor: a block and how many pixels of it are above the sight. Blocks elsewhere may turn out
taller or shorter than estimated without anything in sight moving. Positions are code points of the document, `y`
is in pixels from the top of what is in sight, `x` from the left of the text column.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextLayout

from annotator.core.spans import Entry, SpanMark, SpanSet, lanes
from annotator.core.structure import Structure
from annotator.ui.text_positions import display_text
from annotator.ui.views.reading_blocks import Blocks, BlockStyle, BlockStyles
from annotator.ui.views.reading_heights import HeightIndex
from annotator.ui.views.reading_layout import (
    Inks,
    LaidBlock,
    ReadingMetrics,
    lane_top,
    reads_right_to_left,
    text_option,
)

TOP_MARGIN = 28.0
BOTTOM_MARGIN = 56.0
_SUBTITLE_GAP = 8.0
_HEADER_GAP = 20.0
_KEPT_BLOCKS = 300
_MANY_RANGES = 100
_DIRECTION_REACH = 10_000
"""Code points of the text in which its direction is looked for; lines without letters follow it."""


@dataclass(slots=True)
class Piece:
    """A stretch of a fragment on one line, in whole pixels of the block. `length` is that of the whole fragment.

    The tint is `height` tall from `top`; `under` is the upper edge of the underline.
    """

    span: str
    label: str
    line: int
    left: int
    width: int
    top: int
    height: int
    under: int
    length: int
    order: int


@dataclass(slots=True)
class Stripe:
    """A span's mark in the margin, along the lines from `first` to `last`; `lane` counts outwards from 0."""

    span: str
    label: str
    first: int
    last: int
    lane: int


@dataclass(slots=True)
class Stretch:
    """A fragment in a block: `start` and `end` in code points, `low` and `high` in units, on which lines it is."""

    mark: SpanMark
    start: int
    end: int
    low: int
    high: int
    first: int
    last: int


class DressedBlock:
    """A laid out block with the spans on it: `pieces` from the longest fragment to the shortest, and their stripes."""

    def __init__(self, laid: LaidBlock) -> None:
        self.laid = laid
        self.entries: list[Entry] = []
        self.lanes: dict[str, int] = {}
        self.pieces: list[Piece] = []
        self.stripes: list[Stripe] = []
        self.starting: list[list[str]] = []
        self.dressed = False

    def dress(self, spans: SpanSet) -> None:
        """Give every fragment its lane, make room for the lanes and find where the fragments lie."""
        laid = self.laid
        self.entries = spans.overlapping(laid.start, max(laid.end, laid.start + 1))
        self.lanes = lanes_in(self.entries)
        stretches = [self._stretch(entry, mark) for entry in self.entries if (mark := spans.get(entry[3])) is not None]
        counts = [0] * len(laid.lines)
        self.starting = [[] for _ in counts]
        for stretch in stretches:
            lane = self.lanes[stretch.mark.id] + 1
            for number in range(stretch.first, stretch.last + 1):
                counts[number] = max(counts[number], lane)
            if stretch.mark.start == stretch.start and laid.start <= stretch.start:
                self.starting[stretch.first].append(stretch.mark.label)
        laid.arrange(counts)
        self.pieces = []
        for stretch in stretches:
            self._place(stretch)
        self.stripes = _striped(stretches)
        self.pieces.sort(key=lambda piece: (-piece.length, piece.order))
        self.dressed = True

    def _stretch(self, entry: Entry, mark: SpanMark) -> Stretch:
        laid = self.laid
        low, high = laid.positions.to_units(entry[0]), laid.positions.to_units(-entry[1])
        return Stretch(mark, entry[0], -entry[1], low, high, laid.line_of(low), laid.line_of(max(low, high - 1)))

    def _place(self, stretch: Stretch) -> None:
        laid, mark, length = self.laid, stretch.mark, stretch.end - stretch.start
        for number in range(stretch.first, stretch.last + 1):
            line = laid.lines[number]
            top, under = round(line.top), round(lane_top(line, self.lanes[mark.id]))
            height = round(line.bottom) - top
            for left, right in laid.stretches(number, stretch.low, stretch.high):
                x = round(left)
                width, order = round(right) - x, mark.created_order
                self.pieces.append(Piece(mark.id, mark.label, number, x, width, top, height, under, length, order))


def _striped(stretches: list[Stretch]) -> list[Stripe]:
    """Return a stripe for each span; its fragments share one, from the first of their lines to the last."""
    found: dict[str, tuple[SpanMark, int, int]] = {}
    for stretch in stretches:
        _, first, last = found.get(stretch.mark.id, (None, stretch.first, stretch.last))
        found[stretch.mark.id] = (stretch.mark, min(first, stretch.first), max(last, stretch.last))
    ordered = sorted((first, -last - 1, mark.created_order, mark.id) for mark, first, last in found.values())
    return [
        Stripe(span, found[span][0].label, first, -before - 1, lane)
        for (first, before, _, span), lane in zip(ordered, lanes(ordered), strict=True)
    ]


def lanes_in(entries: list[Entry]) -> dict[str, int]:
    """Return each span's lane in a block; the fragments of one span share a lane, which is kept between them."""
    hulls: dict[str, Entry] = {}
    for entry in entries:
        known = hulls.get(entry[3])
        hulls[entry[3]] = entry if known is None else (known[0], min(known[1], entry[1]), entry[2], entry[3])
    ordered = sorted(hulls.values())
    return {entry[3]: lane for entry, lane in zip(ordered, lanes(ordered), strict=True)}


class Header:
    """The title and the line under it, above the text. Either may be missing."""

    def __init__(self, title: str, subtitle: str, metrics: ReadingMetrics, width: float, small: QTextLayout) -> None:
        self.title: QTextLayout | None = None
        y = TOP_MARGIN
        if title:
            self.title = QTextLayout(display_text(title), metrics.heading_font(1))
            y = _lay_lines(self.title, width, y)
        self.subtitle: QTextLayout | None = None
        if subtitle:
            self.subtitle = small
            at_right = bool(reads_right_to_left(title))
            y = _lay_lines(small, width, y + (_SUBTITLE_GAP if title else 0.0), at_right=at_right)
        self.height = y + (_HEADER_GAP if title or subtitle else 0.0)


def _lay_lines(layout: QTextLayout, width: float, y: float, *, at_right: bool = False) -> float:
    option = text_option(right_to_left=bool(reads_right_to_left(layout.text())))
    if at_right:
        option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    layout.setTextOption(option)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return y


class Page:
    """The text, its spans and the anchor; lays out what is asked for. `dressing` puts the spans on a block."""

    def __init__(self, metrics: ReadingMetrics, dressing: Callable[[LaidBlock], DressedBlock] = DressedBlock) -> None:
        self.metrics = metrics
        self._dressing = dressing
        self.inks = Inks()
        self.width = 600.0
        self.sight = 400.0
        self.anchor_block = 0
        self.anchor_offset = 0.0
        self.spans = SpanSet()
        self.set_document("", Structure(), "", "")

    # -- the document

    def set_document(self, text: str, structure: Structure, title: str, subtitle: str) -> None:
        """Show a text from its top, without spans."""
        self.text = text
        self.structure = structure
        self.title, self.subtitle = title, subtitle
        self.blocks = Blocks(text)
        self._styles = BlockStyles(structure)
        self._from_right = bool(reads_right_to_left(text[:_DIRECTION_REACH]))
        self.spans = SpanSet()
        self._title_block = self._block_of_title()
        self.anchor_block = 0
        self.relayout()
        self.anchor_offset = -self.header.height

    def relayout(self) -> None:
        """Forget every layout, after a change of font, width or theme; the block at the top stays there."""
        self._dressed: OrderedDict[int, DressedBlock] = OrderedDict()
        self.header = self._make_header()
        self._heights = HeightIndex(self._estimates())

    def set_width(self, width: float) -> None:
        """Set the width of the text column in pixels."""
        if width == self.width:
            return
        self.width = width
        place = self.top_position()
        at_top = self.at_top()
        self.relayout()
        self.scroll_to(place)
        if at_top:
            self.scroll_to_top()

    def _block_of_title(self) -> int | None:
        """Return the block that repeats the title, if the text begins with it."""
        wanted = " ".join(self.title.split())
        for block in range(min(4, len(self.blocks))):
            line = self.text[self.blocks.starts[block] : min(self.blocks.ends[block], self.blocks.starts[block] + 600)]
            if line.strip():
                return block if wanted and " ".join(line.split()) == wanted else None
        return None

    def _make_header(self) -> Header:
        title = "" if self._title_block is not None else self.title
        subtitle = self._subtitle_layout()
        return Header(title, "" if self._title_block is not None else self.subtitle, self.metrics, self.width, subtitle)

    def _subtitle_layout(self) -> QTextLayout:
        font = self.metrics.scaled_font(0.75)
        font.setFamilies(["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"])
        return QTextLayout(display_text(self.subtitle), font)

    def _estimates(self) -> list[float]:
        pitch, blank = float(self.metrics.pitch), float(self.metrics.blank)
        fitting = max(8, int(self.width / self.metrics.character))
        pairs = zip(self.blocks.starts, self.blocks.ends, strict=True)
        return [((end - start) // fitting + 1) * pitch if end > start else blank for start, end in pairs]

    @property
    def from_right(self) -> bool:
        """Whether the text as a whole is written from right to left."""
        return self._from_right

    # -- blocks

    def block(self, index: int) -> DressedBlock:
        """Return a block laid out and dressed with its spans."""
        dressed = self._dressed.get(index)
        if dressed is None:
            dressed = self._dressing(self._lay(index))
            self._dressed[index] = dressed
            if len(self._dressed) > _KEPT_BLOCKS:
                self._dressed.popitem(last=False)
        else:
            self._dressed.move_to_end(index)
        if not dressed.dressed:
            dressed.dress(self.spans)
            self._heights.set_height(index, dressed.laid.height)
        return dressed

    def _lay(self, index: int) -> LaidBlock:
        start, end = self.blocks.starts[index], self.blocks.ends[index]
        style = self._styles.style(start, end)
        if index == self._title_block:
            style = BlockStyle("heading", 1, inline=style.inline)
        laid = LaidBlock(
            self.text[start:end],
            index,
            start,
            style,
            self.metrics,
            self.width,
            self.inks,
            from_right=self._from_right,
        )
        laid.space_after = self._space_after(index, style)
        return laid

    def _space_after(self, index: int, style: BlockStyle) -> float:
        if index == self._title_block:
            return self.subtitle_height()
        following = index + 1
        if following >= len(self.blocks) or not self.blocks.length(following) or not style.ends_range:
            return 0.0
        if self.blocks.continues(index):
            return 0.0
        shares = {"list_item": 0.12, "heading": 0.2}
        return round(self.metrics.pitch * shares.get(style.kind, 0.45))

    def subtitle_height(self) -> float:
        """Return the room under a title that is part of the text."""
        if not self.subtitle:
            return _SUBTITLE_GAP
        following = (self._title_block or 0) + 1
        blank_follows = following < len(self.blocks) and not self.blocks.length(following)
        bottom = _lay_lines(self._subtitle_layout(), self.width, _SUBTITLE_GAP)
        return bottom + (0.0 if blank_follows else _HEADER_GAP)

    def subtitle_under(self, index: int) -> QTextLayout | None:
        """Return the line to draw under a title that is part of the text, laid out from that block's text bottom."""
        if index != self._title_block or not self.subtitle:
            return None
        layout = self._subtitle_layout()
        _lay_lines(layout, self.width, _SUBTITLE_GAP, at_right=bool(reads_right_to_left(self.title)))
        return layout

    # -- spans

    def set_spans(self, marks: Iterable[SpanMark]) -> None:
        """Replace all spans."""
        held = self._held_line()
        self.spans = SpanSet(marks)
        for dressed in self._dressed.values():
            dressed.dressed = False
        self._hold(held)

    def change_spans(self, removed: Iterable[str], put: Iterable[SpanMark]) -> list[int]:
        """Take spans away, add or replace others; return the blocks laid out so far that this touches."""
        held = self._held_line()
        ranges: list[tuple[int, int]] = []
        for span in removed:
            gone = self.spans.discard(span)
            if gone:
                ranges.append((gone.start, gone.end))
        for mark in put:
            before = self.spans.get(mark.id)
            if before:
                ranges.append((before.start, before.end))
            self.spans.put(mark)
            ranges.append((mark.start, mark.end))
        if len(ranges) > _MANY_RANGES:
            ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))]
        touched = [index for index in self._dressed if self._undress(index, ranges)]
        self._hold(held)
        return touched

    def _held_line(self) -> tuple[int, float] | None:
        """Return the anchor block's line that is first in sight and where it is in the block."""
        dressed = self._dressed.get(self.anchor_block)
        if dressed is None or self.anchor_offset <= 0:
            return None
        number = dressed.laid.line_at(self.anchor_offset)
        return number, dressed.laid.lines[number].top

    def _hold(self, held: tuple[int, float] | None) -> None:
        """Keep a line where it was in sight, although lines above it in its block have grown or shrunk."""
        if held is not None:
            self.anchor_offset += self.block(self.anchor_block).laid.lines[held[0]].top - held[1]

    def _undress(self, index: int, ranges: list[tuple[int, int]]) -> bool:
        start, end = self.blocks.starts[index], max(self.blocks.ends[index], self.blocks.starts[index] + 1)
        if any(low < end and start < high for low, high in ranges):
            self._dressed[index].dressed = False
            return True
        return False

    # -- what is in sight

    def in_sight(self) -> Iterator[tuple[DressedBlock, float]]:
        """Yield the blocks in sight with the `y` of their tops, from the top."""
        index, y = self.anchor_block, -self.anchor_offset
        while y < self.sight and index < len(self.blocks):
            dressed = self.block(index)
            yield dressed, y
            y += dressed.laid.height
            index += 1

    def settle(self) -> None:
        """Bring the anchor to the block at the top, within the page, laying out what is in sight."""
        self._settle_up()
        self._settle_down()
        bottom = -self.anchor_offset
        for index in range(self.anchor_block, len(self.blocks)):
            if bottom >= self.sight:
                return
            bottom += self.block(index).laid.height
        gap = self.sight - (bottom + BOTTOM_MARGIN)
        if gap > 0:
            self.anchor_offset -= gap
            self._settle_up()

    def _settle_up(self) -> None:
        while self.anchor_offset < 0 and self.anchor_block > 0:
            self.anchor_block -= 1
            self.anchor_offset += self.block(self.anchor_block).laid.height
        if self.anchor_block == 0:
            self.anchor_offset = max(self.anchor_offset, -self.header.height)

    def _settle_down(self) -> None:
        while self.anchor_offset > 0 and self.anchor_block + 1 < len(self.blocks):
            height = self.block(self.anchor_block).laid.height
            if self.anchor_offset < height:
                return
            self.anchor_block += 1
            self.anchor_offset -= height
        if self.anchor_block + 1 == len(self.blocks):
            self.anchor_offset = min(self.anchor_offset, self.block(self.anchor_block).laid.height)

    @property
    def height(self) -> float:
        """The height of the whole page, partly estimated."""
        return self.header.height + self._heights.total + BOTTOM_MARGIN

    @property
    def scrolled(self) -> float:
        """How much of the page is above the sight, partly estimated."""
        return self.header.height + self._heights.above(self.anchor_block) + self.anchor_offset

    def scroll_by(self, pixels: float) -> None:
        """Move the sight exactly so far down the page, or up if negative."""
        self.anchor_offset += pixels
        self.settle()

    def jump(self, scrolled: float) -> None:
        """Move the sight to where `scrolled` pixels of the page, as far as is known, are above it."""
        beyond_header = scrolled - self.header.height
        if beyond_header < 0:
            self.anchor_block, self.anchor_offset = 0, beyond_header
        else:
            self.anchor_block, self.anchor_offset = self._heights.find(beyond_header)
        self.settle()

    def at_top(self) -> bool:
        """Say whether the very top is in sight."""
        return self.anchor_block == 0 and self.anchor_offset <= -self.header.height

    def scroll_to_top(self) -> None:
        """Bring the very top in sight."""
        self.anchor_block, self.anchor_offset = 0, -self.header.height
        self.settle()

    def scroll_to(self, position: int, share: float = 0.0) -> None:
        """Bring the line of a position to a share (0 to 1) of the height of the sight."""
        index = self.blocks.at(position)
        laid = self.block(index).laid
        line = laid.lines[laid.line_of(laid.positions.to_units(position))]
        self.anchor_block = index
        self.anchor_offset = line.top - share * self.sight
        self.settle()

    def top_position(self) -> int:
        """Return the first code point of the first line of which more than half is in sight."""
        for dressed, y in self.in_sight():
            for line in dressed.laid.lines:
                if y + (line.top + line.bottom) / 2 >= 0:
                    return dressed.laid.positions.to_position(line.start)
        return self.blocks.starts[self.anchor_block]

    # -- places

    def top_of(self, index: int) -> float | None:
        """Return the `y` of a block's top if it is in sight."""
        for dressed, y in self.in_sight():
            if dressed.laid.index == index:
                return y
        return None

    def block_at(self, y: float) -> tuple[DressedBlock, float]:
        """Return the block at a height in sight and the `y` of its top; beyond the ends the nearest one."""
        found = None
        for found in self.in_sight():
            if y < found[1] + found[0].laid.height:
                return found
        return found or (self.block(self.anchor_block), -self.anchor_offset)

    def position_between(self, x: float, y: float) -> int:
        """Return the position of a caret set at a point."""
        dressed, top = self.block_at(y)
        laid = dressed.laid
        return laid.positions.to_position(laid.unit_between(x, y - top))

    def position_under(self, x: float, y: float) -> int | None:
        """Return the position of the character under a point, or None beside the text."""
        dressed, top = self.block_at(y)
        unit = dressed.laid.unit_under(x, y - top)
        return None if unit is None else dressed.laid.positions.to_position(unit)

    def caret_rect(self, position: int) -> QRectF | None:
        """Return where the caret before a position stands, if its block is in sight."""
        index = self.blocks.at(position)
        top = self.top_of(index)
        if top is None:
            return None
        laid = self.block(index).laid
        return laid.caret_rect(laid.positions.to_units(position)).translated(0, top)

    def character_rect(self, position: int) -> QRectF | None:
        """Return where the character at a position is, if its block is in sight."""
        index = self.blocks.at(position)
        top = self.top_of(index)
        if top is None:
            return None
        laid = self.block(index).laid
        unit = laid.positions.to_units(position)
        line = laid.lines[laid.line_of(unit)]
        stretches = laid.stretches(laid.line_of(unit), unit, max(unit + 1, laid.positions.to_units(position + 1)))
        left, right = stretches[0] if stretches else (laid.caret_x(unit), laid.caret_x(unit))
        return QRectF(left, top + line.top, right - left, line.bottom - line.top)
