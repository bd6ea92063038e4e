"""A sheet of quotes by label as a Word document."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from annotator.core.note_text import note_blocks
from annotator.core.report import (
    PageBlock,
    Report,
    ReportDocument,
    ReportLabel,
    ReportSpan,
    colour_of,
    reads_right_to_left,
    shown_text,
)
from annotator.formats.reports.markdown import citation

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

Told = Callable[[int, int, str], None]
"""Called with how many labels are done, of how many, and the name at hand; may raise to stop."""

_SERIF = "Georgia"
_SOFT = "5B6472"
_STARTED = (1980, 1, 1, 0, 0, 0)
"""The time of every member of the file, so that equal reports give equal bytes."""


def write_docx(report: Report, told: Told = lambda done, total, title: None) -> bytes:
    """Return the quotes of a report by label, each with where it stands; equal reports give equal bytes."""
    import docx

    document = docx.Document()
    _set_up(document, report)
    _add(document, "Title", report.title)
    for name, value in report.facts:
        _fact(document, name, value)
    for done, label in enumerate(report.labels):
        told(done, len(report.labels), label.name)
        found = list(report.by_label(label.id))
        if found:
            _label(document, label, found)
    _page(document, (*report.summary, *report.annex))
    stream = BytesIO()
    document.save(stream)
    return _without_times(stream.getvalue())


def _set_up(document: Document, report: Report) -> None:
    from docx.shared import Mm, Pt

    for section in document.sections:
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin = section.bottom_margin = Mm(22)
    document.styles["Normal"].font.size = Pt(10.5)  # type: ignore[attr-defined]
    made = datetime.fromisoformat(report.created).replace(tzinfo=UTC)
    properties = document.core_properties
    properties.title, properties.author = shown_text(report.title)[:255], ""
    properties.created = properties.modified = made.replace(tzinfo=None)
    properties.comments = ""


def _add(document: Document, style: str, text: str) -> Paragraph:
    paragraph = document.add_paragraph(style=style)
    _write(paragraph, text)
    return paragraph


def _write(paragraph: Paragraph, text: str, *, turning: bool = True, **looks: Any) -> None:
    """Add text to a paragraph; one that runs from right to left turns the paragraph, unless it is not `turning`."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    run = paragraph.add_run(shown_text(text))
    for name, value in looks.items():
        setattr(run.font, name, value)
    if looks.get("name"):
        fonts = run._element.get_or_add_rPr().rFonts
        if fonts is not None:
            fonts.set(qn("w:cs"), looks["name"])
    if reads_right_to_left(text):
        run.font.rtl = True
        if not turning:
            return
        properties = paragraph._p.get_or_add_pPr()
        if properties.find(qn("w:bidi")) is None:
            properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)  # type: ignore[arg-type]


_AFTER_BIDI = (
    *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents"),
    *("w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl"),
    *("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
"""What stands after the mark of direction among a paragraph's properties, in the order of the standard's schema."""


def _fact(document: Document, name: str, value: str) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(f"{shown_text(name)}: ")
    run.font.color.rgb = RGBColor.from_string(_SOFT)
    _write(paragraph, value)


def _label(document: Document, label: ReportLabel, found: Iterable[tuple[ReportDocument, ReportSpan]]) -> None:
    from docx.shared import RGBColor

    spans = list(found)
    heading = document.add_heading(level=1)
    run = heading.add_run(f"{shown_text(label.name)} ({len(spans)})")
    run.font.color.rgb = RGBColor.from_string(colour_of(label.colour)[1:].upper())
    if label.definition:
        _add(document, "Normal", label.definition)
    for source, span in spans:
        _quote(document, source, span, label)


def _quote(document: Document, source: ReportDocument, span: ReportSpan, label: ReportLabel) -> None:
    from docx.shared import Mm, Pt, RGBColor

    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent, shape.space_before, shape.space_after, shape.keep_with_next = Mm(6), Pt(12), Pt(2), True
    _write(paragraph, span.quote, name=_SERIF, size=Pt(11.5))
    cite = document.add_paragraph()
    cite.paragraph_format.left_indent, cite.paragraph_format.space_after = Mm(6), Pt(2)
    run = cite.add_run(shown_text(f"— {citation(source, span)} [{label.initial}{span.number}]"))
    run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(_SOFT)
    for pairs in (span.attributes, *((pair,) for pair in _details(source, span))):
        if pairs:
            _pairs(document, pairs)


def _pairs(document: Document, pairs: Iterable[tuple[str, str]]) -> None:
    """Add a line of names, in a soft colour, each with its value."""
    from docx.shared import Mm, Pt, RGBColor

    line = document.add_paragraph()
    line.paragraph_format.left_indent, line.paragraph_format.space_after = Mm(6), Pt(1)
    for place, (name, value) in enumerate(pairs):
        run = line.add_run(f"{'  ·  ' if place else ''}{shown_text(name)}: ")
        run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(_SOFT)
        _write(line, value, turning=False, size=Pt(9))


def _details(source: ReportDocument, span: ReportSpan) -> list[tuple[str, str]]:
    found = []
    for link in span.links:
        other = " ".join(source.spans[link.other - 1].quote.split())
        found.append((f"{link.name} {'→' if link.outgoing else '←'}", other))
    found += [("Layer", span.layer)] if span.layer else []
    found += [("Decision", span.decision)] if span.decision else []
    if span.note:
        found.append(("Note", "\n".join(f"{b.marker} {b.text}".strip() for b in note_blocks(span.note))))
    return found


# -- pages of words and tables


def _page(document: Document, blocks: Iterable[PageBlock]) -> None:
    for block in blocks:
        if block.kind == "heading":
            document.add_heading(shown_text(block.text), level=min(block.level, 9))
        elif block.kind == "item":
            _add(document, "List Bullet", block.text)
        elif block.kind == "facts":
            for row in block.rows:
                _fact(document, *row)
        elif block.kind == "table":
            _table(document, block)
        elif block.kind == "note":
            for part in note_blocks(block.text):
                _add(document, "Normal", f"{part.marker} {part.text}".strip())
        else:
            _add(document, "Normal", block.text)


def _table(document: Document, block: PageBlock) -> None:
    table = document.add_table(rows=0, cols=len(block.header))
    table.style = "Light Grid Accent 1"
    for row in (block.header, *block.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], text)


def _without_times(data: bytes) -> bytes:
    """Return the file with the same time for each of its members."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, _STARTED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(member))
    return stream.getvalue()
