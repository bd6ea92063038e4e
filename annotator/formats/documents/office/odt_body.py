"""The body of an OpenDocument text as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from annotator.formats.documents.office.document import Omissions
from annotator.formats.documents.office.numbers import LEVELS, NumberCounter
from annotator.formats.documents.office.odt_styles import TABLE, TEXT, XLINK, OdtStyle, OdtStyles, whole
from annotator.formats.documents.office.text import PLAIN, Block, Look, Note, Paragraph, Table
from annotator.formats.documents.office.xml import elements, local_name
from annotator.formats.documents.source import tidy_title

_WIDEST_REPEAT = 64
_WITHOUT_TEXT = frozenset(
    """forms sequence-decls variable-decls user-field-decls dde-connection-decls alphabetical-index-auto-mark-file
    annotation-end bookmark bookmark-start bookmark-end reference-mark reference-mark-start reference-mark-end change
    change-start change-end soft-page-break script hidden-text hidden-paragraph number index-title-template object
    object-ole image title desc event-listeners glue-point table-of-content-source alphabetical-index-source
    illustration-index-source table-index-source bibliography-source user-index-source object-index-source ruby-text
    note-citation toc-mark toc-mark-start toc-mark-end alphabetical-index-mark user-index-mark""".split()  # noqa: SIM905
)
_CHARACTERS = {"tab": "\t", "line-break": "\n", "s": " "}
_HOLDERS = frozenset({"frame", "text-box", "custom-shape", "g", "rect", "ellipse", "polygon", "path", "line", "a"})


@dataclass(slots=True, eq=False)
class _List:
    """The list that is being read: its style, its counter, and whether the next paragraph shows a marker."""

    style: str
    counter: NumberCounter
    level: int = -1
    awaits: bool = False


class OdtBody:
    """One walk over a document; `notes` and `omissions` grow while blocks are made."""

    def __init__(self, styles: OdtStyles) -> None:
        self.omissions = Omissions()
        self._styles = styles
        self._footnotes: list[tuple[Note, etree._Element]] = []
        self._endnotes: list[tuple[Note, etree._Element]] = []
        self._outline = NumberCounter()
        self._by_id: dict[str, NumberCounter] = {}
        self._by_style: dict[str, NumberCounter] = {}
        self._boxes: list[etree._Element] = []

    def notes(self) -> list[Note]:
        """Return the notes that were called: footnotes, then endnotes; a note may call further ones."""
        finished: list[Note] = []
        for called in (self._footnotes, self._endnotes):
            place = 0
            while place < len(called):
                note, body = called[place]
                note.blocks = list(self.blocks(body))
                finished.append(note)
                place += 1
        return finished

    def blocks(self, parent: etree._Element, current: _List | None = None) -> Iterator[Block]:
        """Yield the blocks in an element, which may stand in a list."""
        for element in elements(parent):
            name = local_name(element)
            if name in ("p", "h"):
                yield from self._paragraph(element, current)
            elif name == "list":
                yield from self._list(element, current)
            elif name == "table":
                yield Table(list(self._rows(element)))
            elif name == "tracked-changes":
                self.omissions.changes += len(element)
            elif name == "section" and self._styles.is_hidden_section(element):
                self.omissions.hidden += 1
            elif name not in _WITHOUT_TEXT:
                yield from self.blocks(element, current)

    def _list(self, element: etree._Element, outer: _List | None) -> Iterator[Block]:
        if outer is None:
            outer = self._begin_list(element)
        style = element.get(TEXT + "style-name", outer.style)
        inner = _List(style, outer.counter, min(outer.level + 1, LEVELS - 1))
        for item in elements(element):
            inner.awaits = local_name(item) == "list-item"
            start = whole(item.get(TEXT + "start-value"), -1)
            if start >= 0:
                inner.counter.begin(inner.level, start)
            yield from self.blocks(item, inner)

    def _begin_list(self, element: etree._Element) -> _List:
        """Return an outermost list; it counts on from another one where it says so."""
        style = element.get(TEXT + "style-name", "")
        counter = self._by_id.get(element.get(TEXT + "continue-list", ""))
        if counter is None and element.get(TEXT + "continue-numbering") == "true":
            counter = self._by_style.get(style)
        counter = counter or NumberCounter()
        self._by_style[style] = counter
        identity = element.get("{http://www.w3.org/XML/1998/namespace}id", "")
        if identity:
            self._by_id[identity] = counter
        return _List(style, counter)

    def _paragraph(self, element: etree._Element, current: _List | None) -> Iterator[Block]:
        style = self._styles.paragraph(element.get(TEXT + "style-name", ""))
        look = Look(strong=bool(style.strong), emphasis=bool(style.emphasis))
        paragraph = Paragraph(list(self._runs(element, look)), is_quote=style.is_quote)
        boxes, self._boxes = self._boxes, []
        if style.is_hidden and paragraph.runs:
            self.omissions.hidden += 1
        else:
            self._describe(paragraph, element, style, current)
            yield paragraph
        for box in boxes:
            yield from self.blocks(box)

    def _describe(self, paragraph: Paragraph, element: etree._Element, style: OdtStyle, current: _List | None) -> None:
        """Say what a paragraph is: a heading with its number, an item, or what goes on with an item."""
        if local_name(element) == "h":
            paragraph.heading = max(whole(element.get(TEXT + "outline-level"), 1, LEVELS), 1)
            self._number_heading(paragraph, element, current)
            return
        paragraph.heading = style.heading
        if current is None or paragraph.heading or not paragraph.text().strip():
            return
        marker = self._marker(style, current) if current.awaits else None
        current.awaits = False
        if marker != "":
            paragraph.list_level, paragraph.marker = current.level + 1, marker

    def _marker(self, style: OdtStyle, current: _List) -> str:
        return current.counter.mark(self._styles.list_levels(current.style or style.list_style), current.level)

    def _number_heading(self, heading: Paragraph, element: etree._Element, current: _List | None) -> None:
        if not heading.text().strip() or element.get(TEXT + "is-list-header") == "true":
            return
        levels = self._styles.list_levels(current.style) if current and current.style else self._styles.outline
        counter = current.counter if current and current.style else self._outline
        level = heading.heading - 1
        number = counter.mark(levels, level) if level in levels else ""
        if number:
            heading.runs.insert(0, (f"{number} ", PLAIN))

    def _rows(self, table: etree._Element) -> Iterator[list[list[Block]]]:
        for element in elements(table):
            name = local_name(element)
            if name == "table-row":
                yield [cell for found in elements(element) for cell in self._cells(found)]
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self._rows(element)

    def _cells(self, cell: etree._Element) -> Iterator[list[Block]]:
        blocks = [] if local_name(cell) == "covered-table-cell" else list(self.blocks(cell))
        yield blocks
        for _column in range(1, whole(cell.get(TABLE + "number-columns-repeated"), 1, _WIDEST_REPEAT)):
            yield []

    def _runs(self, parent: etree._Element, look: Look) -> Iterator[tuple[str, Look]]:
        """Yield the running text of a paragraph; frames are put aside, notes called."""
        if parent.text:
            yield _one_line(parent.text), look
        for element in elements(parent):
            yield from self._inline(element, look)
            if element.tail:
                yield _one_line(element.tail), look

    def _inline(self, element: etree._Element, look: Look) -> Iterator[tuple[str, Look]]:
        name = local_name(element)
        if name in _CHARACTERS:
            yield _CHARACTERS[name], look
        elif name == "span":
            yield from self._span(element, look)
        elif name == "note":
            yield self._call_note(element), look
        elif name == "annotation":
            self.omissions.comments += 1
        elif name == "a" and element.tag.startswith(TEXT):
            address = element.get(XLINK + "href", "")
            yield from self._runs(element, replace(look, url="" if address.startswith("#") else address))
        elif name in _HOLDERS:
            self._boxes.append(element)
        elif name == "ruby":
            for base in element.iterfind(TEXT + "ruby-base"):
                yield from self._runs(base, look)
        elif name not in _WITHOUT_TEXT:
            yield from self._runs(element, look)

    def _span(self, element: etree._Element, look: Look) -> Iterator[tuple[str, Look]]:
        style = self._styles.text(element.get(TEXT + "style-name", ""))
        if style.is_hidden:
            self.omissions.hidden += 1
            return
        strong = look.strong if style.strong is None else style.strong
        emphasis = look.emphasis if style.emphasis is None else style.emphasis
        yield from self._runs(element, replace(look, strong=strong, emphasis=emphasis))

    def _call_note(self, element: etree._Element) -> str:
        body = element.find(TEXT + "note-body")
        if body is None:
            return ""
        mark = tidy_title(element.findtext(TEXT + "note-citation", ""))
        called = self._endnotes if element.get(TEXT + "note-class") == "endnote" else self._footnotes
        called.append((Note(mark), body))
        return f"[{mark}]"


def _one_line(text: str) -> str:
    """Return text as the format means it: tabs and newlines in the XML are spaces."""
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
