"""The body of a Word file as blocks: a walk over paragraphs, runs, tables, text boxes and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from annotator.formats.documents.office.document import Omissions
from annotator.formats.documents.office.docx_fields import FieldStack
from annotator.formats.documents.office.docx_package import R, W, is_on, number_of, value_of
from annotator.formats.documents.office.docx_styles import Numbering, Styles, outline_heading
from annotator.formats.documents.office.numbers import UNKNOWN, format_number, symbol_text
from annotator.formats.documents.office.text import PLAIN, Block, Look, Note, Paragraph, Table
from annotator.formats.documents.office.xml import elements, local_name
from annotator.formats.documents.source import storable

_TRANSPARENT = frozenset(
    {"ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple", "dir", "bdo", "rubyBase"}
)
_REMOVED = frozenset({"del", "moveFrom"})
_CHANGES = frozenset({"ins", "moveTo", "del"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\xad"}
_DRAWINGS = frozenset({"drawing", "pict", "object"})
_NOTES = {"footnoteReference": ("footnote", "decimal"), "endnoteReference": ("endnote", "lowerRoman")}
_WIDEST_CELL = 63


@dataclass(slots=True, eq=False)
class Walk:
    """What a walk over a Word file needs and finds; `calls` of notes and `omissions` grow while blocks are made."""

    styles: Styles
    numbering: Numbering
    note_elements: Mapping[str, Mapping[str, etree._Element]]
    note_links: Mapping[str, Mapping[str, str]]
    omissions: Omissions = field(default_factory=Omissions)
    calls: list[tuple[Note, str, etree._Element]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def blocks(self, parent: etree._Element, links: Mapping[str, str]) -> Iterator[Block]:
        """Yield the blocks of an element of the main part or of a note; `links` are those of its part."""
        return _Body(self, links).blocks(parent)

    def finished_notes(self) -> list[Note]:
        """Return the notes that were called, in order, with their blocks; a note may call further ones."""
        place = 0
        while place < len(self.calls):
            note, kind, element = self.calls[place]
            note.blocks = list(self.blocks(element, self.note_links.get(kind, {})))
            place += 1
        called = [note for note, kind, _element in self.calls if kind == "footnote"]
        return called + [note for note, kind, _element in self.calls if kind == "endnote"]


class _Body:
    """One walk over one part; fields may reach over several paragraphs of it."""

    def __init__(self, walk: Walk, links: Mapping[str, str]) -> None:
        self._walk = walk
        self._links = links
        self._fields = FieldStack()
        self._boxes: list[etree._Element] = []
        self._kept: list[tuple[str, Look]] = []

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        for element in elements(parent):
            name = local_name(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield self._table(element)
            elif name == "AlternateContent":
                yield from self.blocks(_alternative(element))
            elif name in _REMOVED:
                self._count_change(name)
            elif name in _TRANSPARENT and not _asks_for_text(element):
                self._count_change(name)
                yield from self.blocks(element)

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        properties = element.find(W + "pPr")
        runs = list(self._runs(element, PLAIN))
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and mark.find(W + "del") is not None:
            self._walk.omissions.changes += 1
            self._kept += runs
        else:
            runs, self._kept = self._kept + runs, []
            yield self._described(properties, runs)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self.blocks(box)

    def _described(self, properties: etree._Element | None, runs: list[tuple[str, Look]]) -> Paragraph:
        style_id = value_of(properties, "pStyle")
        style = self._walk.styles.paragraph(style_id)
        own = outline_heading(properties)
        heading = style.heading if own is None or style.heading else own
        paragraph = Paragraph(runs, heading=heading, is_quote=style.is_quote)
        if style.is_hidden and runs:
            self._walk.omissions.hidden += 1
            paragraph.runs = []
        if not paragraph.text().strip():
            return paragraph
        level, marker = self._marker(properties, style_id)
        if heading and marker:
            paragraph.runs.insert(0, (f"{marker} ", PLAIN))
        elif marker:
            paragraph.list_level, paragraph.marker = max(level + 1, style.depth), marker
        return paragraph

    def _marker(self, properties: etree._Element | None, style_id: str) -> tuple[int, str]:
        """Return the level (from 0) and the marker that numbering puts before a paragraph, or an empty marker."""
        style = self._walk.styles.paragraph(style_id)
        own = None if properties is None else properties.find(W + "numPr")
        number = value_of(own, "numId") or style.number
        inherited = self._walk.numbering.level_for_style(number, style_id, style.number_level)
        level = number_of(value_of(own, "ilvl"), inherited)
        return level, (self._walk.numbering.mark(number, level) or "") if number else ""

    def _table(self, element: etree._Element) -> Table:
        return Table([self._row(row) for row in _within(element, "tr") if not self._is_deleted(row)])

    def _is_deleted(self, row: etree._Element) -> bool:
        deleted = row.find(f"{W}trPr/{W}del") is not None
        self._walk.omissions.changes += deleted
        return deleted

    def _row(self, row: etree._Element) -> list[list[Block]]:
        cells: list[list[Block]] = []
        for cell in _within(row, "tc"):
            properties = cell.find(W + "tcPr")
            merged = None if properties is None else properties.find(W + "vMerge")
            covered = merged is not None and merged.get(W + "val", "continue") == "continue"
            cells.append([] if covered else list(self.blocks(cell)))
            span = number_of(value_of(properties, "gridSpan"), 1)
            cells.extend([] for _column in range(1, min(span, _WIDEST_CELL)))
        return cells

    def _runs(self, parent: etree._Element, look: Look) -> Iterator[tuple[str, Look]]:
        for element in elements(parent):
            name = local_name(element)
            if name == "r":
                yield from self._run(element, look)
            elif name == "hyperlink":
                yield from self._runs(element, replace(look, url=self._address(element) or look.url))
            elif name == "AlternateContent":
                yield from self._runs(_alternative(element), look)
            elif name in _REMOVED:
                self._count_change(name)
            elif name in ("oMath", "oMathPara"):
                yield "".join(str(text) for text in element.itertext()), look
            elif name in _TRANSPARENT and not _asks_for_text(element):
                self._count_change(name)
                yield from self._runs(element, look)

    def _address(self, link: etree._Element) -> str:
        anchor = link.get(W + "anchor", "")
        address = self._links.get(link.get(R + "id", ""), "")
        return f"{address}#{anchor}" if address and anchor else address

    def _run(self, run: etree._Element, look: Look) -> Iterator[tuple[str, Look]]:
        properties = run.find(W + "rPr")
        if self._is_hidden(properties):
            self._walk.omissions.hidden += any(local_name(element) == "t" for element in elements(run))
            self._fields.skim(run)
            return
        look = self._styled(properties, look)
        for element in self._content(run):
            shown = self._fields.take(element)
            text = self._character(element) if shown else ""
            if text:
                yield text, replace(look, url=look.url or self._fields.url())

    def _content(self, run: etree._Element) -> Iterator[etree._Element]:
        for element in elements(run):
            if local_name(element) == "AlternateContent":
                yield from self._content(_alternative(element))
            elif local_name(element) == "ruby":
                for base in element.findall(f"{W}rubyBase/{W}r"):
                    yield from self._content(base)
            else:
                yield element

    def _is_hidden(self, properties: etree._Element | None) -> bool:
        own = is_on(properties, "vanish")
        return self._walk.styles.character(value_of(properties, "rStyle")).is_hidden if own is None else own

    def _styled(self, properties: etree._Element | None, look: Look) -> Look:
        if properties is None:
            return look
        style = self._walk.styles.character(value_of(properties, "rStyle"))
        is_complex = is_on(properties, "rtl") or is_on(properties, "cs")
        strong = is_on(properties, "bCs" if is_complex else "b")
        emphasis = is_on(properties, "iCs" if is_complex else "i")
        return replace(
            look,
            strong=style.strong if strong is None else strong,
            emphasis=style.emphasis if emphasis is None else emphasis,
        )

    def _character(self, element: etree._Element) -> str:
        """Return the text that an element of a run stands for; text boxes are put aside, notes called."""
        name = local_name(element)
        if name == "t":
            return element.text or ""
        if name in _CHARACTERS:
            return _CHARACTERS[name]
        if name == "sym":
            return self._symbol(element)
        if name in _NOTES:
            return self._call_note(element, *_NOTES[name])
        if name in _DRAWINGS:
            self._boxes.extend(_text_boxes(element))
        elif name == "commentReference":
            self._walk.omissions.comments += 1
        return ""

    def _symbol(self, element: etree._Element) -> str:
        code = element.get(W + "char", "")
        number = int(code, 16) if len(code) == 4 and all(c in "0123456789abcdefABCDEF" for c in code) else 0xFFFD
        text = symbol_text(number) if 0xF000 <= number <= 0xF0FF else chr(number)
        self._walk.omissions.symbols += text == UNKNOWN
        return storable(text)

    def _call_note(self, element: etree._Element, kind: str, number: str) -> str:
        body = self._walk.note_elements.get(kind, {}).get(element.get(W + "id", ""))
        if body is None:
            return ""
        if element.get(W + "customMarkFollows", "0") in ("1", "true", "on"):
            self._walk.calls.append((Note(_following_text(element)), kind, body))
            return ""
        self._walk.counts[kind] = self._walk.counts.get(kind, 0) + 1
        mark = format_number(self._walk.counts[kind], number)
        self._walk.calls.append((Note(mark), kind, body))
        return f"[{mark}]"

    def _count_change(self, name: str) -> None:
        self._walk.omissions.changes += name in _CHANGES


def _within(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls and tracked insertions."""
    for element in elements(parent):
        found = local_name(element)
        if found == name:
            yield element
        elif found in _TRANSPARENT:
            yield from _within(element, name)


def _asks_for_text(element: etree._Element) -> bool:
    """Say whether an element is a content control that nobody has filled in: it shows what to write there."""
    return is_on(element.find(W + "sdtPr"), "showingPlcHdr") is True


def _alternative(element: etree._Element) -> etree._Element:
    """Return the branch of alternative content that says most: the newest one, else what older programs get."""
    branches = {local_name(branch): branch for branch in reversed(list(elements(element)))}
    choice, fallback = branches.get("Choice"), branches.get("Fallback")
    return choice if choice is not None else fallback if fallback is not None else element


def _text_boxes(drawing: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost text boxes of a drawing."""
    for element in elements(drawing):
        name = local_name(element)
        if name == "txbxContent":
            yield element
        else:
            yield from _text_boxes(_alternative(element) if name == "AlternateContent" else element)


def _following_text(reference: etree._Element) -> str:
    """Return the mark that an author wrote after the call of a note."""
    return "".join(element.text or "" for element in reference.itersiblings(W + "t")).strip()
