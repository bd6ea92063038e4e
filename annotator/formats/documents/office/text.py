"""What word processors' files have in common, as text and format ranges: paragraphs, lists, tables, notes.

The readers of DOCX, ODT and RTF make these blocks; one writer turns them into text, so the same document reads alike
from all three. Blocks are set apart by one empty line, list items and table rows by one newline, cells by a tab. Notes
stand at the end, each after its mark in brackets, which also stands where the note is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, SubElement

from annotator.core.structure import Structure
from annotator.formats.documents.markdown.text import BLOCK, BOLD_HEADING_LEVEL, LINE, is_bold_heading
from annotator.formats.documents.text_builder import OpenRange, TextBuilder

_WHITE_SPACE = " \t\n\r\f\v"
_STOPS = re.compile("([\t\n])")
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"([^"]*)"', re.IGNORECASE)
_TYPED_MARKER = re.compile(
    r"[ \xa0]*([•●▪■◦○‣⁃∙➢✓❖◆►·o–—-]|\(?\d{1,3}[.)]|\(?[a-zа-яіїєґ][.)]|\(?[ivx]{1,5}[.)]|[IVX]{1,5}[.)]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?)[ \xa0]*\t\s*(?=\S)"
)
_LONG_CELL = 200
_PROGRESS_STEP = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of a paragraph looks; `url` is the address that it links to."""

    strong: bool = False
    emphasis: bool = False
    url: str = ""


PLAIN = Look()


@dataclass(slots=True, eq=False)
class Paragraph:
    """A paragraph: stretches of text with their look; a tab in them is one, a newline is a soft line break.

    `heading` is its level (from 1) or 0, `list_level` the depth of the list that it stands in (from 1) or 0. `marker`
    is what its list shows before it, and None where it only goes on with the item before.
    """

    runs: list[tuple[str, Look]] = field(default_factory=list)
    heading: int = 0
    list_level: int = 0
    marker: str | None = None
    is_quote: bool = False

    def text(self) -> str:
        """Return the text without looks."""
        return "".join(text for text, _look in self.runs)

    def has_bold(self) -> bool:
        """Say whether any stretch is bold."""
        return any(look.strong for _text, look in self.runs)


@dataclass(slots=True, eq=False)
class Table:
    """A table: rows of cells of blocks. A cell that another one covers is empty."""

    rows: list[list[list[Block]]] = field(default_factory=list)


Block = Paragraph | Table


@dataclass(slots=True, eq=False)
class Note:
    """A footnote or an endnote; `mark` is what stands in the text for it, and may be empty."""

    mark: str
    blocks: list[Block] = field(default_factory=list)


def office_text(
    blocks: Iterable[Block], notes: Callable[[], Sequence[Note]], progress: Callable[[str], None]
) -> tuple[str, Structure]:
    """Return the text and its ranges; `progress` is told of every thousandth paragraph.

    `notes` is called when the blocks are written, since these may be made one by one and call the notes.
    """
    writer = _Writer(progress)
    for block in blocks:
        writer.write_block(block)
    for note in notes():
        writer.write_note(note)
    return writer.finish()


def field_address(instruction: str) -> str:
    """Return the address that a field's instruction links to, or an empty string for every other field."""
    match = _LINK_FIELD.match(instruction)
    return match.group(1) if match else ""


class _Writer:
    def __init__(self, progress: Callable[[str], None]) -> None:
        self.builder = TextBuilder()
        self._progress = progress
        self._count = 0
        self._items: list[tuple[int, OpenRange]] = []
        self._quote: OpenRange | None = None
        self._inline = _InlineWriter(self.builder)

    def write_block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._write_table(block)
        else:
            for part in _split_headings(block):
                self._write_paragraph(part)

    def write_note(self, note: Note) -> None:
        self._close_blocks()
        self.builder.separate(BLOCK)
        opened = self.builder.open("footnote", data={"marker": note.mark})
        if note.mark:
            _put_before(note.blocks, f"[{note.mark}] ")
        for block in note.blocks:
            self.write_block(block)
        self._close_blocks()
        self.builder.close(opened)

    def finish(self) -> tuple[str, Structure]:
        self._close_blocks()
        return self.builder.finish()

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        if not paragraph.text().strip():
            return
        self._count_one()
        paragraph = _typed_item(paragraph)
        in_list = paragraph.list_level > 0 and not paragraph.heading
        self._enter(paragraph, in_list)
        level = min(paragraph.heading, 6)
        opened = self.builder.open("heading" if level else "paragraph", level)
        self._inline.write(_in_cell(_without_bold(paragraph)) if level else paragraph.runs)
        self.builder.close(opened)

    def _enter(self, paragraph: Paragraph, in_list: bool) -> None:
        """End the lists and quotes that the paragraph is not in, and begin its own."""
        if not in_list:
            self._close_items(1)
            self.builder.separate(BLOCK)
        if self._quote and not paragraph.is_quote:
            self.builder.close(self._quote)
            self._quote = None
        if paragraph.is_quote and not self._quote:
            self.builder.separate(BLOCK)
            self._quote = self.builder.open("quote", 1)
        if in_list:
            self._enter_item(paragraph.list_level, paragraph.marker)

    def _enter_item(self, level: int, marker: str | None) -> None:
        self.builder.separate(LINE if self._items else BLOCK)
        if marker is None:
            self._close_items(level + 1)
            return
        self._close_items(level)
        depth = len(self._items) + 1
        self._items.append((level, self.builder.open("list_item", depth, {"marker": marker})))

    def _close_items(self, level: int) -> None:
        """End the open list items of this level and deeper ones."""
        while self._items and self._items[-1][0] >= level:
            self.builder.close(self._items.pop()[1])

    def _close_blocks(self) -> None:
        self._close_items(1)
        if self._quote:
            self.builder.close(self._quote)
            self._quote = None

    def _write_table(self, table: Table) -> None:
        self._close_blocks()
        self.builder.separate(BLOCK)
        for row in table.rows:
            self._count_one()
            if _is_layout(row):
                for block in (block for cell in row for block in cell):
                    self.write_block(block)
                self._close_blocks()
                self.builder.separate(BLOCK)
            else:
                self.builder.separate(LINE)
                self._write_row(row)
        self.builder.separate(BLOCK)

    def _write_row(self, row: list[list[Block]]) -> None:
        """Write a row's cells with tabs between them; trailing empty cells leave nothing."""
        filled = [place for place, cell in enumerate(row) if _cell_text(cell).strip()]
        opened = self.builder.open("table_row")
        for place, cell in enumerate(row[: filled[-1] + 1] if filled else []):
            if place:
                self.builder.write_cell_border()
            for number, paragraph in enumerate(cell):
                if number:
                    self.builder.write(" ")
                if isinstance(paragraph, Paragraph):
                    self._inline.write(_in_cell(paragraph.runs))
        self.builder.close(opened)

    def _count_one(self) -> None:
        self._count += 1
        if self._count % _PROGRESS_STEP == 0:
            self._progress(f"paragraph {self._count}")


class _InlineWriter:
    """Writes the stretches of one paragraph; blank ones neither begin nor end a range."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._open: dict[str, tuple[object, OpenRange]] = {}
        self._line_begun = False
        self._tab = False

    def write(self, runs: Iterable[tuple[str, Look]]) -> None:
        self._line_begun = self._tab = False
        for text, look in runs:
            for piece in _STOPS.split(text):
                self._write_piece(piece, look)
        self._show(PLAIN)

    def _write_piece(self, piece: str, look: Look) -> None:
        if piece == "\n":
            self._builder.separate(LINE)
            self._line_begun = self._tab = False
        elif piece == "\t":
            self._tab = self._line_begun
        elif not piece.strip(_WHITE_SPACE):
            self._builder.write(piece)
        else:
            self._end(look)
            if self._tab:
                self._builder.write_cell_border()
                piece = piece.lstrip(_WHITE_SPACE)
            self._show(look)
            self._builder.write(piece)
            self._line_begun, self._tab = True, False

    def _end(self, look: Look) -> None:
        """End the ranges that this look does not go on with."""
        for kind, value in _kinds(look):
            if kind in self._open and self._open[kind][0] != value:
                self._builder.close(self._open.pop(kind)[1])

    def _show(self, look: Look) -> None:
        self._end(look)
        for kind, value in _kinds(look):
            if value and kind not in self._open:
                opened = self._builder.open(kind, data={"url": value} if kind == "link" else {})
                self._open[kind] = (value, opened)


def _kinds(look: Look) -> tuple[tuple[str, object], ...]:
    return ("link", look.url), ("strong", look.strong), ("emphasis", look.emphasis)


def _in_cell(runs: Iterable[tuple[str, Look]]) -> Iterable[tuple[str, Look]]:
    """Yield the runs without tabs and line breaks, which would look like cells and rows, also in a heading."""
    return ((_STOPS.sub(" ", text), look) for text, look in runs)


def _is_layout(row: list[list[Block]]) -> bool:
    """Say whether a row only arranges blocks on the page: it has one cell, or a cell that is more than a value."""
    return len(row) == 1 or any(_is_composed(cell) for cell in row)


def _is_composed(cell: list[Block]) -> bool:
    paragraphs = [block for block in cell if isinstance(block, Table) or block.text().strip()]
    if any(isinstance(block, Table) or block.heading for block in paragraphs):
        return True
    return len(paragraphs) > 1 and (len(_cell_text(cell)) > _LONG_CELL or _has_list(paragraphs))


def _has_list(blocks: list[Block]) -> bool:
    return any(isinstance(block, Paragraph) and block.list_level for block in blocks)


def _cell_text(cell: list[Block]) -> str:
    return " ".join(block.text() for block in cell if isinstance(block, Paragraph))


def _typed_item(paragraph: Paragraph) -> Paragraph:
    """Return a paragraph whose bullet or number was typed with a tab behind it as the item of a list that it is."""
    match = None if paragraph.heading or paragraph.list_level else _TYPED_MARKER.match(paragraph.text())
    if not match:
        return paragraph
    skip = match.end()
    runs: list[tuple[str, Look]] = []
    for text, look in paragraph.runs:
        runs.append((text[skip:], look))
        skip = max(0, skip - len(text))
    return replace(paragraph, runs=runs, list_level=1, marker=match.group(1))


def _split_headings(paragraph: Paragraph) -> list[Paragraph]:
    """Return a paragraph in parts: each of its lines that is a heading in disguise, and what stands between them."""
    if paragraph.heading or paragraph.list_level or paragraph.is_quote or not paragraph.has_bold():
        return [paragraph]
    parts: list[Paragraph] = []
    for line in _lines(paragraph):
        if _is_disguised_heading(line):
            parts.append(Paragraph(line, heading=BOLD_HEADING_LEVEL))
        elif parts and not parts[-1].heading:
            parts[-1].runs += [("\n", PLAIN), *line]
        else:
            parts.append(Paragraph(line))
    return parts


def _lines(paragraph: Paragraph) -> list[list[tuple[str, Look]]]:
    """Return the stretches between the soft line breaks."""
    lines: list[list[tuple[str, Look]]] = [[]]
    for text, look in paragraph.runs:
        first, *others = text.split("\n")
        lines[-1].append((first, look))
        lines += [[(other, look)] for other in others]
    return lines


def _is_disguised_heading(line: list[tuple[str, Look]]) -> bool:
    """Say whether a line is a heading that is only short and bold."""
    if not all(look.strong for text, look in line if text.strip()):
        return False
    shown = Element("p")
    SubElement(shown, "strong").text = "".join(text for text, _look in line)
    return is_bold_heading(shown)


def _without_bold(heading: Paragraph) -> list[tuple[str, Look]]:
    return [(text, replace(look, strong=False)) for text, look in heading.runs]


def _put_before(blocks: list[Block], mark: str) -> None:
    """Write the mark at the beginning of the first paragraph, or as a paragraph of its own."""
    first = next((block for block in blocks if not isinstance(block, Table) and block.text().strip()), None)
    if blocks and first is blocks[0] and isinstance(first, Paragraph):
        first.runs.insert(0, (mark, PLAIN))
    else:
        blocks.insert(0, Paragraph([(mark, PLAIN)]))
