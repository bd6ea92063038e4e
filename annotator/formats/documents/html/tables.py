"""Which tables of a page hold data in rows, and which only lay the page out."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from annotator.formats.documents.html_tags import HIDDEN_ELEMENTS

LONGEST_CELL = 1000
"""Code points; a cell with more text is a part of the page, not of a table of data."""

_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"})


@dataclass(slots=True)
class _Table:
    """What has been seen of one table so far; what stands in a table inside it does not count."""

    layout: bool
    bordered: bool
    widest_row: int = 0
    cells: int = 0
    cell_characters: int = 0
    cell_blocks: int = 0
    placed: bool = False
    many_blocks: bool = False


def layout_tables(tree: etree._Element) -> set[etree._Element]:
    """Return the tables that lay the page out.

    These hold other tables, are one column wide, have a cell as long as a text, or place cells with several
    paragraphs without a border.
    """
    found: set[etree._Element] = set()
    open_tables: list[_Table] = []
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if name in HIDDEN_ELEMENTS:
                walk.skip_subtree()
            elif name == "table":
                if open_tables:
                    open_tables[-1].layout = True
                open_tables.append(_Table(_says_layout(element), element.get("border", "0").strip() not in ("", "0")))
            elif open_tables:
                _note_start(open_tables[-1], name, element)
        elif event == "end" and name == "table" and _is_layout(open_tables.pop()):
            found.add(element)
        if open_tables:
            _note_text(open_tables[-1], element, event)
    return found


def _says_layout(table: etree._Element) -> bool:
    return table.get("role", "").lower() in ("presentation", "none")


def _note_start(table: _Table, name: str, element: etree._Element) -> None:
    if name == "tr":
        table.cells = 0
    elif name in ("td", "th"):
        table.cells += 1
        table.widest_row = max(table.widest_row, table.cells)
        table.cell_characters = table.cell_blocks = 0
        table.bordered |= name == "th"
        table.placed |= "width" in element.attrib or "valign" in element.attrib
    elif name in _BLOCKS:
        table.cell_blocks += 1
        table.many_blocks |= table.cell_blocks > 1


def _note_text(table: _Table, element: etree._Element, event: str) -> None:
    text = element.text if event == "start" else element.tail
    if text and element.tag not in HIDDEN_ELEMENTS and table.cells:
        table.cell_characters += len(text.strip())
        table.layout |= table.cell_characters > LONGEST_CELL


def _is_layout(table: _Table) -> bool:
    return table.layout or table.widest_row < 2 or (table.many_blocks and table.placed and not table.bordered)


def _table_of(part: etree._Element) -> etree._Element | None:
    return next(part.iterancestors("table"), None)


def unfold_layout(tree: etree._Element) -> None:
    """Turn the tables that lay a page out, with their rows and cells, into plain blocks."""
    tables = layout_tables(tree)
    parts = [part for table in tables for part in table.iter("tbody", "thead", "tfoot", "tr", "td", "th", "caption")]
    for part in (*tables, *(part for part in parts if _table_of(part) in tables)):
        part.tag = "div"
